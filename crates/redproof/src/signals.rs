//! What the system tells a server that runs on: to end, or to read its files again.

use crate::output::Failure;

#[cfg(unix)]
pub(crate) use tokio::signal::unix::Signal;

/// To end: SIGTERM.
///
/// # Errors
/// When the system takes no handler.
#[cfg(unix)]
pub(crate) fn terminate() -> Result<Signal, Failure> {
    on(tokio::signal::unix::SignalKind::terminate())
}

/// To read the files again: SIGHUP.
///
/// # Errors
/// When the system takes no handler.
#[cfg(unix)]
pub(crate) fn hang_up() -> Result<Signal, Failure> {
    on(tokio::signal::unix::SignalKind::hangup())
}

#[cfg(unix)]
fn on(kind: tokio::signal::unix::SignalKind) -> Result<Signal, Failure> {
    tokio::signal::unix::signal(kind).map_err(|error| Failure::Said(format!("no signals: {error}")))
}

/// Windows sends neither: Ctrl+C is all there is.
#[cfg(not(unix))]
pub(crate) struct Signal;

#[cfg(not(unix))]
impl Signal {
    pub(crate) async fn recv(&mut self) -> Option<()> {
        std::future::pending().await
    }
}

#[cfg(not(unix))]
pub(crate) fn terminate() -> Result<Signal, Failure> {
    Ok(Signal)
}

#[cfg(not(unix))]
pub(crate) fn hang_up() -> Result<Signal, Failure> {
    Ok(Signal)
}
