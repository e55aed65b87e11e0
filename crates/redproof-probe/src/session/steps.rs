//! The steps of a connection: the time that each has, and what is kept of it.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::Session;
use crate::network::timeout::Over;
use crate::outcome::Failure;
use crate::report::Step;

/// The timer's own.
const GRAIN: Duration = Duration::from_millis(2);

impl Session<'_> {
    /// The time that a step has: the option's, the configuration's, what is left of the whole.
    pub(crate) fn limit(&self, configured: Option<Duration>) -> Duration {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let step = self.options.step_timeout.min(left);
        configured.map_or(step, |configured| configured.min(step))
    }

    /// Waits for something, until its limit, the end of the probe's time, or an interruption.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        what: impl Future<Output = T>,
    ) -> Result<T, Over> {
        if self.options.interrupt.is_set() {
            return Err(Over::Interrupted);
        }
        let started = Instant::now();
        let left = self.deadline.saturating_duration_since(started);
        tokio::select! {
            biased;
            done = timeout(limit.min(left), what) => {
                // The timer is no finer than a millisecond.
                if limit < GRAIN && started.elapsed() > limit {
                    return Err(Over::Limit);
                }
                done.map_err(|_| if limit < left { Over::Limit } else { Over::Deadline })
            }
            () = self.options.interrupt.wait() => Err(Over::Interrupted),
        }
    }

    /// Takes note of a step that is not a failure, whatever it gave.
    pub(crate) fn note(&mut self, name: &str, started: Instant, result: &str) {
        // A server may quote what it was sent.
        let result = self.options.redaction.clean_text(result);
        let step = Step { step: name.to_owned(), ms: milliseconds(started.elapsed()), result };
        (self.on_step)(&step);
        self.seen.steps.push(step);
    }

    /// Takes note of a step.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        started: Instant,
        result: Result<T, Failure>,
        describe: impl FnOnce(&T) -> String,
    ) -> Result<T, Failure> {
        let given = match &result {
            Ok(value) => describe(value),
            Err(failure) => failure.outcome.name().to_owned(),
        };
        self.note(name, started, &given);
        result
    }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use redproof_core::outcome::Api;
    use redproof_core::releases::Pair;

    use super::{Over, Session};
    use crate::network::interrupt::Interrupt;
    use crate::options::Options;
    use crate::session::Seen;
    use crate::tls::Trust;

    /// Runs `test` with a session that has this long.
    fn with_session(left: Duration, interrupt: Interrupt, test: impl AsyncFnOnce(&Session<'_>)) {
        let options = Options { interrupt, ..Options::default() };
        let trust = Trust::new(&options.environment, &options.files, None);
        let session = Session {
            trust: &trust,
            pair: Pair::parse("1.109.1", "8.1.0").expect("a supported pair"),
            options: &options,
            deadline: Instant::now() + left,
            api: Api::Async,
            seen: Seen::default(),
            on_step: &mut |_| {},
            on_progress: &mut |_, _| {},
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime starts").block_on(test(&session));
    }

    /// As a resolver that never answers.
    #[test]
    fn whatever_hangs_ends_by_the_nearest_limit() {
        let (short, long) = (Duration::from_millis(20), Duration::from_hours(1));
        with_session(long, Interrupt::default(), async |session| {
            let over = session.within(short, std::future::pending::<()>()).await;
            assert_eq!(over, Err(Over::Limit));
        });
        with_session(short, Interrupt::default(), async |session| {
            let over = session.within(long, std::future::pending::<()>()).await;
            assert_eq!(over, Err(Over::Deadline));
        });
    }

    #[test]
    fn an_interruption_wakes_what_hangs() {
        let long = Duration::from_hours(1);
        let interrupt = Interrupt::default();
        let setter = interrupt.clone();
        with_session(long, interrupt, async |session| {
            let hangs = session.within(long, std::future::pending::<()>());
            let (over, ()) = tokio::join!(hangs, async { setter.set() });
            assert_eq!(over, Err(Over::Interrupted));
        });
    }
}
