//! `redproof serve`: the editor's companion on this machine, which runs live probes for it.
//!
//! It listens on loopback alone, and any page in the browser could still talk to it there. So
//! every call of the API must name this server in `Host` (a foreign name that resolves here does
//! not pass), come from its own pages if it names an `Origin`, and carry the token that only the
//! printed address holds.

mod api;
mod guard;
mod site;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use redproof_probe::FileAccess;
use tokio::sync::Semaphore;

use crate::Ending;
use crate::args::ServeArgs;
use crate::output::Failure;
use guard::Guard;

/// The largest request that is read: a config with its environment.
const MOST_BODY_BYTES: usize = 4 << 20;

/// What all requests share.
pub(crate) struct Shared {
    guard: Guard,
    site: Option<PathBuf>,
    files: FileAccess,
    /// One probe at a time: each holds connections and memory.
    probing: Arc<Semaphore>,
}

/// Serves until it is stopped.
///
/// # Errors
/// When the address is taken, or the site is not there.
pub(crate) fn run(args: &ServeArgs) -> Result<Ending, Failure> {
    let site = args.site.as_ref().map(|site| canonical("the site", site)).transpose()?;
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
    runtime.block_on(serve(args.listen, site, FileAccess::Under(allowed)))
}

async fn serve(
    listen: SocketAddr,
    site: Option<PathBuf>,
    files: FileAccess,
) -> Result<Ending, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::Said(format!("cannot listen on {listen}: {error}; choose another port"))
    };
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(|error| failed(&error))?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    let token = guard::token()
        .map_err(|error| Failure::Said(format!("the system gives no random bytes: {error}")))?;
    announce(address, &token)?;
    let shared = Shared {
        guard: Guard::new(address, token),
        site,
        files,
        probing: Arc::new(Semaphore::new(1)),
    };
    let served = axum::serve(listener, router(shared)).await;
    served.map_err(|error| Failure::Said(format!("serving ended: {error}")))?;
    Ok(Ending::Clean)
}

fn router(shared: Shared) -> Router {
    let shared = Arc::new(shared);
    Router::new()
        .route("/api/v1/hello", get(api::hello))
        .route("/api/v1/probe", post(api::probe))
        .fallback(site::file)
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::check))
        .with_state(shared)
}

fn announce(address: SocketAddr, token: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "http://{address}/#token={token}")
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::writing(&error))
}

fn canonical(what: &str, path: &std::path::Path) -> Result<PathBuf, Failure> {
    path.canonicalize()
        .ok()
        .filter(|path| path.is_dir())
        .ok_or_else(|| Failure::Said(format!("{what} {} is no directory", path.display())))
}
