//! Why a step is not waited for any longer.

use std::time::Duration;

use crate::outcome::{Failure, ProbeOutcome};

/// Why nothing is waited for any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// The step's own time.
    Limit,
    /// The whole probe's time.
    Deadline,
    Interrupted,
}

impl Over {
    /// `what` is a sentence without its end: `No connection to host:6379`.
    pub(crate) fn failure(self, limit: Duration, what: &str) -> Failure {
        match self {
            Self::Limit => {
                Failure::new(ProbeOutcome::Timeout, format!("{what} within {}.", in_words(limit)))
            }
            Self::Deadline => Failure::new(
                ProbeOutcome::Timeout,
                format!("{what} before the whole probe's time was up."),
            ),
            Self::Interrupted => interrupted(),
        }
    }
}

/// `5.0 s`, `0.1 ms`
fn in_words(limit: Duration) -> String {
    let seconds = limit.as_secs_f64();
    let hundredths = (seconds * 1e5).round();
    if seconds < 0.05 { format!("{} ms", hundredths / 1e2) } else { format!("{seconds:.1} s") }
}

pub(crate) fn interrupted() -> Failure {
    Failure::new(ProbeOutcome::Other, "The probe was interrupted.")
        .presented("an interruption")
        .expected("time to finish")
        .help("Run it again.")
}

pub(crate) fn no_connection(target: &str) -> String {
    format!("No connection to {target}")
}

/// A server that does not answer; `but` is the command where it answered others.
pub(crate) fn silent(over: Over, limit: Duration, but: Option<&str>) -> Failure {
    let Some(command) = but else {
        let failure = over.failure(limit, "The server takes the connection, but does not answer");
        if over == Over::Interrupted {
            return failure;
        }
        return failure.help(
            "Check that Redis listens on that port, and that it is not blocked (`SLOWLOG`, `INFO`). It also waits so \
             behind a balancer that sends it the PROXY protocol, version 2 (`send-proxy-v2` of haproxy, \
             `proxy_protocol_v2` of an AWS target group).",
        );
    };
    let failure = over.failure(limit, &format!("The server answers, but not {command}"));
    if over == Over::Interrupted {
        return failure;
    }
    failure.help(
        "See what holds the server up: writes may be paused (`CLIENT PAUSE`, or a service's failover or upgrade under \
         way), or a slow command blocks it (`SLOWLOG`).",
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::in_words;

    #[test]
    fn short_limits_are_read_at_a_glance() {
        assert_eq!(in_words(Duration::from_nanos(99_680)), "0.1 ms");
        assert_eq!(in_words(Duration::from_millis(20)), "20 ms");
        assert_eq!(in_words(Duration::from_secs(5)), "5.0 s");
    }
}
