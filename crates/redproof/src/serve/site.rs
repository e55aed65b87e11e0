//! The built site's files.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::Stream;
use tokio::io::AsyncReadExt;

use super::Shared;

/// So much of a file is held at once, in bytes.
const PART: usize = 64 << 10;

/// A file of the site; `/` is `index.html`.
pub(crate) async fn file(State(shared): State<Arc<Shared>>, method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let Some(site) = &shared.site else {
        let why = concat!(
            "This is Redproof's companion. Its page is at ",
            env!("CARGO_PKG_HOMEPAGE"),
            ": press Test live there, and type the pairing code of the terminal. \
             `--site DIR` serves a page of your own here.\n"
        );
        return (StatusCode::NOT_FOUND, why).into_response();
    };
    let Some(path) = inside(site, uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A link must not lead out of the site.
    let Ok(real) = tokio::fs::canonicalize(&path).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if !real.starts_with(site) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Ok(file) = tokio::fs::File::open(&real).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let length = match file.metadata().await {
        Ok(data) if data.is_file() => data.len(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let head = [
        (CONTENT_TYPE, media_type(&real).to_owned()),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
    ];
    (head, Body::from_stream(parts(file, length))).into_response()
}

/// A file part by part: it may be large, and those who ask for it many.
fn parts(file: tokio::fs::File, length: u64) -> impl Stream<Item = io::Result<Vec<u8>>> {
    // What is written to it in the meantime is left out: its length was said.
    futures_util::stream::try_unfold(file.take(length), async |mut file| {
        let mut part = Vec::with_capacity(PART);
        let read = file.read_buf(&mut part).await?;
        Ok((read > 0).then_some((part, file)))
    })
}

/// The path below the site that a URL names; `None` for anything but plain names.
fn inside(site: &Path, url_path: &str) -> Option<PathBuf> {
    let relative = url_path.trim_start_matches('/');
    // The build makes plain names: an escape is not a file of it.
    if relative.contains(['%', '\\', '\0']) {
        return None;
    }
    let relative = Path::new(relative);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let path = site.join(relative);
    Some(if url_path.ends_with('/') { path.join("index.html") } else { path })
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt" | "md" | "yaml" | "yml" | "env") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::inside;

    #[test]
    fn paths_stay_inside() {
        let site = Path::new("/site");
        assert_eq!(inside(site, "/"), Some(PathBuf::from("/site/index.html")));
        assert_eq!(inside(site, "/a/b.js"), Some(PathBuf::from("/site/a/b.js")));
        for bad in ["/../etc/passwd", "/a/../../x", "/%2e%2e/x", "/a\\..\\b", "//../x"] {
            assert_eq!(inside(site, bad), None, "{bad}");
        }
    }
}
