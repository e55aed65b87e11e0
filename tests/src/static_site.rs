//! A static host: the built page, as the public site serves it.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the published page looks for a companion.
const PUBLISHED: &str = "http://127.0.0.1:8700";

/// A static host on a port of its own, until the test ends.
#[derive(Debug)]
pub struct StaticSite {
    /// `http://127.0.0.1:1234`
    pub origin: String,
    companion: Arc<Mutex<String>>,
}

impl StaticSite {
    /// Serves a folder. Its page looks for a companion at `companion`, an origin.
    ///
    /// # Panics
    /// When no port is free.
    pub fn start(folder: PathBuf, companion: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let companion = Arc::new(Mutex::new(companion.to_owned()));
        let shared = Arc::clone(&companion);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let companion = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let folder = folder.clone();
                // A browser opens connections that it does not use: one must not hold up others.
                std::thread::spawn(move || answer(&stream, &folder, &companion));
            }
        });
        Self { origin: format!("http://127.0.0.1:{port}"), companion }
    }

    /// Has the page look elsewhere from its next load on.
    pub fn look_at(&self, companion: &str) {
        companion.clone_into(&mut self.companion.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Answers one request for a file.
fn answer(stream: &TcpStream, folder: &std::path::Path, companion: &str) -> io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let (status, mut body) = match std::fs::read(folder.join(name)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", b"not here".to_vec()),
    };
    let media_type = match name.rsplit('.').next() {
        Some("html") => {
            let page = String::from_utf8_lossy(&body).replace(PUBLISHED, companion);
            body = page.into_bytes();
            "text/html"
        }
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "text/plain",
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}
