//! One HTTP/1.1 request: small, without redirects, on a connection of its own.

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::{Method, Request, Uri};
use hyper_util::rt::TokioIo;
use openssl::ssl::{SslConnector, SslMethod};
use openssl::x509::X509;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_openssl::SslStream;

use crate::tls::DefaultRoots;

/// No token is larger.
const MOST_BYTES: usize = 256 << 10;

/// The most that a cluster's answer may hold: a namespace's workloads.
const MOST_CLUSTER_BYTES: usize = 16 << 20;

/// A request to a token's service.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: String,
    /// The authorities to trust [default: the system's].
    authorities: Option<&'a Path>,
    most: usize,
}

impl<'a> Ask<'a> {
    pub(super) fn get(url: &'a str, headers: &'a [(&'a str, &'a str)]) -> Self {
        Self::new(Method::GET, url, headers, String::new())
    }

    /// A form.
    pub(super) fn form(url: &'a str, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> =
            fields.iter().map(|(key, value)| format!("{key}={}", escape(value))).collect();
        let headers = &[("content-type", "application/x-www-form-urlencoded")];
        Self::new(Method::POST, url, headers, pairs.join("&"))
    }

    pub(super) fn new(
        method: Method,
        url: &'a str,
        headers: &'a [(&'a str, &'a str)],
        body: String,
    ) -> Self {
        Self { method, url, headers, body, authorities: None, most: MOST_BYTES }
    }

    /// The text of an answer that succeeded.
    pub(super) async fn text(self) -> Result<String, String> {
        let place = without_query(self.url).to_owned();
        let (status, text) = self.answer().await?;
        if (200..300).contains(&status) {
            Ok(text)
        } else {
            Err(format!("{place}: {}", refusal(status, &text)))
        }
    }

    /// The status and the text of any answer.
    async fn answer(self) -> Result<(u16, String), String> {
        let url = self.url;
        let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", without_query(url));
        let uri: Uri = url.parse().map_err(|error: hyper::http::uri::InvalidUri| failed(&error))?;
        let host = uri.host().ok_or_else(|| failed(&"there is no host"))?.to_owned();
        let tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let bare = host.trim_matches(['[', ']']).to_owned();
        let stream =
            TcpStream::connect((bare.as_str(), port)).await.map_err(|error| failed(&error))?;
        let authority = uri.authority().map_or(host, ToString::to_string);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request =
            Request::builder().method(self.method).uri(path).header("host", authority);
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        let request =
            request.body(Full::new(Bytes::from(self.body))).map_err(|error| failed(&error))?;
        if tls {
            let stream =
                secure(&bare, stream, self.authorities).await.map_err(|why| failed(&why))?;
            exchange(stream, request, self.most).await.map_err(|why| failed(&why))
        } else {
            exchange(stream, request, self.most).await.map_err(|why| failed(&why))
        }
    }

    /// The answer's JSON.
    pub(super) async fn json<T: DeserializeOwned>(self) -> Result<T, String> {
        let place = without_query(self.url).to_owned();
        let text = self.text().await?;
        // The answer may hold a token: it is not shown.
        serde_json::from_str(&text).map_err(|_| format!("{place}: the answer is not as expected"))
    }
}

/// Asks a LiteLLM proxy for what lies at a URL, with a key; gives the status and the text.
///
/// # Errors
/// When there is no answer within the time, or none that can be read.
pub fn ask_proxy(url: &str, key: &str, within: Duration) -> Result<(u16, String), String> {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())?;
    let answer = runtime
        .block_on(async { tokio::time::timeout(within, Ask::get(url, &headers).answer()).await });
    // A resolver that hangs must not hold up the answer.
    runtime.shutdown_background();
    answer.map_err(|_| format!("{}: no answer in time", without_query(url)))?
}

/// Asks the API server of a Kubernetes cluster, as a service account.
///
/// # Errors
/// When there is no answer within the time, none that succeeded, or none that can be read.
pub async fn ask_cluster(
    url: &str,
    token: &str,
    authorities: &Path,
    within: Duration,
) -> Result<String, String> {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let ask =
        Ask { authorities: Some(authorities), most: MOST_CLUSTER_BYTES, ..Ask::get(url, &headers) };
    let answer = tokio::time::timeout(within, ask.text()).await;
    answer.map_err(|_| format!("{}: no answer in time", without_query(url)))?
}

async fn secure(
    host: &str,
    stream: TcpStream,
    authorities: Option<&Path>,
) -> Result<SslStream<TcpStream>, String> {
    let mut builder =
        SslConnector::builder(SslMethod::tls_client()).map_err(|error| error.to_string())?;
    match authorities {
        Some(file) => {
            let failed = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
            let pem = crate::small_file::read(file).map_err(|error| failed(&error))?;
            for authority in X509::stack_from_pem(&pem).map_err(|error| failed(&error))? {
                let store = builder.cert_store_mut();
                store.add_cert(authority).map_err(|error| failed(&error))?;
            }
        }
        None => {
            // Without roots the handshake fails, and says so.
            let _ = DefaultRoots::own().trust(&mut builder);
        }
    }
    let connector = builder.build();
    let ssl = connector
        .configure()
        .and_then(|configuration| configuration.into_ssl(host))
        .map_err(|error| error.to_string())?;
    let mut stream = SslStream::new(ssl, stream).map_err(|error| error.to_string())?;
    Pin::new(&mut stream).connect().await.map_err(|error| error.to_string())?;
    Ok(stream)
}

async fn exchange<S>(
    stream: S,
    request: Request<Full<Bytes>>,
    most: usize,
) -> Result<(u16, String), String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let status = response.status();
        let body = Limited::new(response.into_body(), most)
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        Ok((status.as_u16(), text))
    };
    tokio::pin!(connection);
    tokio::pin!(answer);
    tokio::select! {
        biased;
        answer = &mut answer => answer,
        ended = &mut connection => {
            ended.map_err(|error| error.to_string())?;
            answer.await
        }
    }
}

/// The service's own words on what is wrong, without what may be secret.
fn refusal(status: u16, text: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let said = ["error_description", "message"]
        .iter()
        .find_map(|key| json[*key].as_str().or_else(|| json["error"][*key].as_str()))
        .or_else(|| json["error"].as_str())
        .unwrap_or_default();
    let said = crate::redis::reply::presentable(said);
    if said.is_empty() { format!("HTTP {status}") } else { format!("HTTP {status}: {said}") }
}

fn without_query(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

/// Percent-encodes all but the unreserved characters, as `urllib.parse.quote(safe="-_.~")`.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
