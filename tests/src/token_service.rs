//! A stand-in for the clouds' token services.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};

use crate::servers::Stranger;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET /path?query`
    pub line: String,
    /// `name: value`, the name in lower case.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

/// Answers HTTP requests, and remembers them.
#[derive(Debug)]
pub struct TokenService {
    stranger: Stranger,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl TokenService {
    /// `answer` gives the status and the body.
    pub fn start(answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&asked);
        let stranger = Stranger::start(move |stream| {
            let Some(request) = read(&stream) else {
                return;
            };
            let (status, body) = answer(&request);
            remembered.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            let mut stream = stream;
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        });
        Self { stranger, asked }
    }

    /// `http://127.0.0.1:port`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.stranger.port)
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim_end();
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        let header = format!("{}: {}", name.to_lowercase(), value.trim());
        if let Some(text) = header.strip_prefix("content-length: ") {
            length = text.parse().ok()?;
        }
        headers.push(header);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Some(Asked { line, headers, body: String::from_utf8_lossy(&body).into_owned() })
}
