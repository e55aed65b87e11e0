//! `redproof monitor`: proves the connections over and over, for Prometheus and for health checks.
//!
//! Every round reads the config, the environment files and the certificates again, so that
//! whatever is rotated or changed is what the next round proves.

mod health;
mod http;
mod log;
mod metrics;
mod page;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redproof_core::{check, image_python};
use redproof_probe::{Interrupt, Options, Report};

use crate::Ending;
use crate::args::MonitorArgs;
use crate::documents::MonitorEvent;
use crate::input::Surroundings;
use crate::journal::{self, Level, now};
use crate::output::Failure;
use crate::probe::identity;
use crate::signals;
use metrics::Metrics;

/// What the rounds leave and the requests read.
pub(crate) struct Shared {
    metrics: Mutex<Metrics>,
    /// After so long without a round, health is no longer known.
    stale_after: Duration,
    /// Names by which it may be asked, besides those that no public DNS has.
    allowed_hosts: Vec<String>,
}

impl Shared {
    fn metrics(&self) -> MutexGuard<'_, Metrics> {
        self.metrics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Monitors until it is stopped, or proves once.
///
/// # Errors
/// When the address is taken, the first reading of the config fails, or the metrics file can't be
/// written.
pub(crate) fn run(args: &MonitorArgs) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Said(format!("cannot start monitoring: {error}")))?;
    let ending =
        runtime.block_on(async { if args.once { once(args).await } else { forever(args).await } });
    runtime.shutdown_background();
    ending
}

async fn once(args: &MonitorArgs) -> Result<Ending, Failure> {
    let interrupt = Interrupt::default();
    let mut metrics = Metrics::new(args.expiry_warn, args.expiry_fail);
    let report = round(args, &interrupt).await?;
    metrics.take(&report, now());
    log::round(&metrics, &report)?;
    if let Some(path) = &args.textfile {
        replace(path, &metrics.text())?;
    }
    Ok(if metrics.healthy() { Ending::Clean } else { Ending::Findings })
}

async fn forever(args: &MonitorArgs) -> Result<Ending, Failure> {
    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|error| {
        Failure::Said(format!("cannot listen on {}: {error}; choose another port", args.listen))
    })?;
    let address = listener.local_addr().map_err(|error| Failure::Said(error.to_string()))?;
    journal::line(Level::Info, MonitorEvent::Listening { address: address.to_string() })?;
    let shared = Arc::new(Shared {
        metrics: Mutex::new(Metrics::new(args.expiry_warn, args.expiry_fail)),
        stale_after: args.interval * 3 + args.timeout * 6,
        allowed_hosts: args.allow_host.clone(),
    });
    let interrupt = Interrupt::default();
    let serving = http::serve(listener, Arc::clone(&shared));
    let rounds = rounds(args, &shared, &interrupt);
    tokio::pin!(rounds);
    let mut terminate = signals::terminate()?;
    tokio::select! {
        () = serving => Ok(Ending::Clean),
        ended = &mut rounds => ended.map(|()| Ending::Clean),
        _ = tokio::signal::ctrl_c() => stop(&interrupt, rounds).await,
        _ = terminate.recv() => stop(&interrupt, rounds).await,
    }
}

/// Lets a round that is under way clean up after itself.
async fn stop(
    interrupt: &Interrupt,
    rounds: impl Future<Output = Result<(), Failure>>,
) -> Result<Ending, Failure> {
    interrupt.set();
    let ended = tokio::time::timeout(Duration::from_secs(2), rounds).await;
    journal::line(Level::Info, MonitorEvent::Stopped { round_cut_off: ended.is_err() })?;
    Ok(Ending::Clean)
}

async fn rounds(args: &MonitorArgs, shared: &Shared, interrupt: &Interrupt) -> Result<(), Failure> {
    let mut hang_up = signals::hang_up()?;
    let mut first = true;
    loop {
        let began = Instant::now();
        let report = round(args, interrupt).await;
        if interrupt.is_set() {
            return Ok(());
        }
        match report {
            // What can't be read at first was named wrongly.
            Err(failure) if first => return Err(failure),
            Ok(report) => {
                let mut metrics = shared.metrics();
                metrics.take(&report, now());
                log::round(&metrics, &report)?;
                if let Some(path) = &args.textfile {
                    replace(path, &metrics.text())?;
                }
            }
            // What was read before stays on show, until it is stale.
            Err(failure) => {
                shared.metrics().unreadable(&failure.to_string());
                let message = failure.to_string();
                journal::line(Level::Error, MonitorEvent::Unreadable { message })?;
            }
        }
        first = false;
        let rest = args.interval.saturating_sub(began.elapsed());
        tokio::select! {
            () = interrupt.wait() => return Ok(()),
            () = tokio::time::sleep(rest) => {}
            // The next round at once, as after a rotation.
            _ = hang_up.recv() => {}
        }
    }
}

/// Reads everything again, and proves it.
async fn round(args: &MonitorArgs, interrupt: &Interrupt) -> Result<Report, Failure> {
    let (mut surroundings, _) = Surroundings::read(&args.surroundings, &args.config)?;
    let (config, text) = surroundings.config(&args.config)?;
    let (checked, identity, python) = surroundings.with_input(&config, &text, |input| {
        (
            check(input),
            identity(input.environment),
            args.python.or_else(|| image_python(input.environment)),
        )
    });
    let options = Options {
        step_timeout: args.timeout,
        overall_timeout: args.timeout.saturating_mul(6),
        hosts: args.resolve.clone(),
        read_only: args.read_only,
        samples: args.samples,
        identity: Some(identity),
        python,
        running: checked.running.clone(),
        environment: checked.environment.clone(),
        redaction: checked.redaction.clone(),
        interrupt: interrupt.clone(),
        ..Options::default()
    };
    Ok(redproof_probe::probe(&checked.outcome, checked.pair, &options, &mut |_| {}).await)
}

/// Puts a file in the place of another, whole or not at all.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Said(format!("cannot write {}: {error}", path.display()))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .prefix(".redproof-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .map_err(|error| failed(&error))?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(|error| failed(&error))?;
    // The collector runs as another user.
    #[cfg(unix)]
    {
        let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        file.as_file().set_permissions(readable).map_err(|error| failed(&error))?;
    }
    file.persist(path).map_err(|error| failed(&error))?;
    Ok(())
}
