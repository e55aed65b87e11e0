//! A plain host of files: the built site, as it is published.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::servers::Stranger;

/// Where the published page looks for a companion.
const PUBLISHED: &str = "http://127.0.0.1:8700";

/// A plain host of files on a port of its own; it ends with this value.
#[derive(Debug)]
pub struct StaticSite {
    /// The port.
    pub port: u16,
    /// `http://127.0.0.1:1234`
    pub origin: String,
    companion: Arc<Mutex<String>>,
    _server: Stranger,
}

impl StaticSite {
    /// Serves a folder below a path: `/`, `/some/path/`.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(folder: PathBuf, below: &'static str) -> Self {
        let companion = Arc::new(Mutex::new(PUBLISHED.to_owned()));
        let shared = Arc::clone(&companion);
        let server = Stranger::start(move |stream| {
            let companion = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
            drop(answer(stream, &folder, below, &companion));
        });
        let origin = format!("http://127.0.0.1:{}", server.port);
        Self { port: server.port, origin, companion, _server: server }
    }

    /// Has the page look for a companion at this origin, from its next load on: the published place
    /// may be taken on this machine.
    pub fn look_at(&self, companion: &str) {
        companion.clone_into(&mut self.companion.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn answer(mut stream: TcpStream, folder: &Path, below: &str, companion: &str) -> io::Result<()> {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    reader.read_line(&mut request)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let address = request.split_whitespace().nth(1).unwrap_or_default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let found = path.strip_prefix(below).and_then(|path| {
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let file = folder.join(path);
        let file = if file.is_dir() { file.join("index.html") } else { file };
        // As hosts do that have the file packed, too.
        let packed = fs::read(file.with_added_extension("br")).ok();
        let encoding = if packed.is_some() { "Content-Encoding: br\r\n" } else { "" };
        let body = packed.or_else(|| fs::read(&file).ok()).filter(|_| inside)?;
        Some((body, media_type(&file), encoding))
    });
    let (status, (mut body, kind, encoding)) = match found {
        Some(found) => ("200 OK", found),
        None => ("404 Not Found", (b"nothing here".to_vec(), "text/plain", "")),
    };
    if kind.starts_with("text/html") && encoding.is_empty() && companion != PUBLISHED {
        body = String::from_utf8_lossy(&body).replace(PUBLISHED, companion).into_bytes();
    }
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{encoding}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
