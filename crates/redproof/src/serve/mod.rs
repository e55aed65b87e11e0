//! `redproof serve`: the editor's companion on this machine, which runs live probes for it.
//!
//! It listens on loopback alone, but every page in the browser can send requests there, and so can
//! every program. What each threat meets; `tests/serve` tries them from outside:
//!
//! | threat | answer |
//! | --- | --- |
//! | another machine connects | only loopback addresses are listened on; others are a usage error |
//! | a foreign name that resolves here (DNS rebinding) | 421 unless `Host` is this server's own, and the request line names no other |
//! | a page of a foreign origin, also `null` | 403 without any CORS header; those name the published site and `--allow-origin`'s alone |
//! | a form or image of a foreign page, which browsers send without asking first | 403 by `Origin` or `Sec-Fetch-Site`; 415 unless JSON; 401 without the token's own header |
//! | a public page asks for a private network (Private Network Access) | the preflight is granted to allowed origins alone |
//! | no token, a wrong one, another origin's | 401; 128 random bits, compared in constant time, good for the origin that they were given to |
//! | guessing the pairing code | 5 wrong ones lock pairing until the next start; a code is good once; constant time |
//! | headers that are there twice, or hold line breaks | 400 for those that decide; nothing of a request is put into a header |
//! | a large, slow or endless head or body | 431 and 413; 5 seconds for each, then closed or 408 |
//! | a reader that does not read | closed after 30 seconds; files are streamed, never held whole |
//! | many connections, requests, probes | 64 connections, the rest waits; 429 with `Retry-After`; one probe at a time |
//! | a page that goes away | its probe is interrupted, and cleans up |
//! | reaching what the config does not name | no request takes a host: only a whole config, simulated as `check` does |
//! | reading files through the config | only below `--allow-files`, links and `..` followed first, Unix sockets too; whether others exist is not told |
//! | borrowing this machine's identity | no cloud tokens are fetched, and its environment is not read |
//! | secrets in answers | texts pass the check's redaction; what can't be parsed is not quoted |
//! | files beside the site | plain names alone, links followed first |

mod api;
mod guard;
mod limits;
mod pairing;
mod refusal;
mod site;

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use redproof_probe::FileAccess;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::Ending;
use crate::args::ServeArgs;
use crate::output::Failure;
use guard::{Caller, Guard};
use limits::Bucket;
use pairing::Pairing;

/// The largest request that is read: a config with its environment.
const MOST_BODY_BYTES: usize = 4 << 20;

/// The site that is published, from which pages may ask without further words.
const PUBLIC_SITE: &str = env!("CARGO_PKG_HOMEPAGE");

/// The port where the published page looks for a companion; `web/index.html` names it, too.
pub(crate) const PORT: u16 = 8700;

/// What all requests share.
pub(crate) struct Shared {
    guard: Guard,
    pairing: Pairing,
    site: Option<PathBuf>,
    files: FileAccess,
    /// Requests to the API.
    requests: Bucket,
    /// Probes begun.
    probes: Bucket,
    /// One probe at a time: each holds connections and memory.
    probing: Arc<Semaphore>,
}

/// Serves until it is stopped.
///
/// # Errors
/// When the address is taken, or the site is not there.
pub(crate) fn run(args: &ServeArgs) -> Result<Ending, Failure> {
    let site = args.site.as_ref().map(|site| canonical("the site", site)).transpose()?;
    let site = site.or_else(installed_site);
    let allowed = args
        .allow_files
        .iter()
        .map(|directory| canonical("the directory to allow", directory))
        .collect::<Result<Vec<_>, Failure>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| Failure::Said(format!("cannot start serving: {error}")))?;
    let files = FileAccess::Under(allowed);
    runtime.block_on(serve(args.listen, site, files, origins(&args.allow_origin)))
}

/// The published site's and those that were allowed, each once.
fn origins(allowed: &[String]) -> Vec<String> {
    let mut all = vec![PUBLIC_SITE.to_owned()];
    for origin in allowed {
        if !all.contains(origin) {
            all.push(origin.clone());
        }
    }
    all
}

async fn serve(
    listen: Option<SocketAddr>,
    site: Option<PathBuf>,
    files: FileAccess,
    allowed_origins: Vec<String>,
) -> Result<Ending, Failure> {
    let listener = bind(listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::Said(format!("the system names no address: {error}")))?;
    let (pairing, token, code) = Pairing::new()
        .map_err(|error| Failure::Said(format!("the system gives no random bytes: {error}")))?;
    announce(address, &token, &code, &allowed_origins)?;
    let shared = Shared {
        guard: Guard::new(address, allowed_origins),
        pairing,
        site,
        files,
        requests: Bucket::new(100, Duration::from_millis(100)),
        probes: Bucket::new(30, Duration::from_secs(1)),
        probing: Arc::new(Semaphore::new(1)),
    };
    crate::connections::serve(listener, router(shared)).await;
    Ok(Ending::Clean)
}

/// Listens where asked; else where the published page looks, or where there is room.
async fn bind(asked: Option<SocketAddr>) -> Result<TcpListener, Failure> {
    let address = asked.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, PORT)));
    let bound = TcpListener::bind(address).await;
    if asked.is_none() && bound.is_err() {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        if free.is_ok() {
            eprintln!(
                "Port {PORT} is taken, so {PUBLIC_SITE} will not find this companion: open the address below."
            );
            return free.map_err(|error| Failure::Said(error.to_string()));
        }
    }
    bound.map_err(|error| {
        Failure::Said(format!("cannot listen on {address}: {error}; choose another port"))
    })
}

fn router(shared: Shared) -> Router {
    let shared = Arc::new(shared);
    Router::new()
        .route("/api/v1/hello", get(api::hello))
        .route("/api/v1/pair", post(api::pair))
        .route("/api/v1/probe", post(api::probe))
        .fallback(site::file)
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::check))
        .with_state(shared)
}

/// Prints the address with its token, for the served page, and the code, for pages elsewhere.
fn announce(
    address: SocketAddr,
    token: &str,
    code: &str,
    allowed_origins: &[String],
) -> Result<(), Failure> {
    let pages = allowed_origins.join(", ");
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "http://{address}/#token={token}")
        .and_then(|()| writeln!(stdout, "Pairing code for {pages}: {code}"))
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::writing(&error))
}

/// Says who was paired, and gives the code for the next page.
fn announce_pairing(caller: &Caller, next_code: &str) {
    let who = match caller {
        Caller::Own => "this companion's page",
        Caller::Page(origin) => origin,
    };
    let mut stdout = std::io::stdout().lock();
    // Whoever closed the terminal needs no further code.
    let _ = writeln!(stdout, "Paired with {who}. Code for another page: {next_code}")
        .and_then(|()| stdout.flush());
}

/// The site that was installed with this program: `share/redproof/site` beside its `bin`, as the wheel
/// brings it.
fn installed_site() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?.canonicalize().ok()?;
    let site = program.parent()?.parent()?.join("share/redproof/site").canonicalize().ok()?;
    site.join("index.html").is_file().then_some(site)
}

fn canonical(what: &str, path: &std::path::Path) -> Result<PathBuf, Failure> {
    path.canonicalize()
        .ok()
        .filter(|path| path.is_dir())
        .ok_or_else(|| Failure::Said(format!("{what} {} is not a directory", path.display())))
}

#[cfg(test)]
mod tests {
    use super::{PUBLIC_SITE, origins};

    #[test]
    fn an_origin_is_named_once() {
        let allowed = [PUBLIC_SITE, "https://page.test", "https://page.test"].map(str::to_owned);
        assert_eq!(origins(&allowed), [PUBLIC_SITE, "https://page.test"]);
    }
}
