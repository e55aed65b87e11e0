//! What the rounds found, in Prometheus' text format.

use std::collections::BTreeMap;
use std::time::Duration;

use redproof_probe::{CertificateReport, Health, ProbeOutcome, Report};

use super::page::{Page, count, flag, signed};
use crate::journal::now;

/// Seconds; LiteLLM's own timeout is 5.
const BUCKETS: [f64; 12] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 5.0];

/// What a certificate's end is to the monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expiry {
    Fine,
    Warn,
    Fail,
}

/// What the rounds found, and how many there were.
pub(super) struct Metrics {
    warn: Duration,
    fail: Duration,
    last: Option<(Report, u64)>,
    rounds: u64,
    unreadable: u64,
    /// Why the last round could not be, if it could not.
    why_unreadable: Option<String>,
    latency: BTreeMap<(String, &'static str), Histogram>,
}

type Number = (&'static str, &'static str, &'static str, fn(&Health) -> Option<u64>);

/// What a server tells in numbers: name, kind, help and where it is.
const NUMBERS: &[Number] = &[
    ("redproof_memory_used_bytes", "gauge", "Memory that the server uses.", |of| of.used_memory),
    ("redproof_memory_max_bytes", "gauge", "Memory that it may use; 0 means no limit.", |of| {
        of.maxmemory
    }),
    ("redproof_evicted_keys_total", "counter", "Keys thrown out for lack of memory.", |of| {
        of.evicted_keys
    }),
    ("redproof_clients", "gauge", "Clients of the server.", |of| of.connected_clients),
    ("redproof_clients_max", "gauge", "Clients that it takes at most.", |of| of.max_clients),
    ("redproof_clients_blocked", "gauge", "Clients that wait in a blocking command.", |of| {
        of.blocked_clients
    }),
    (
        "redproof_rejected_connections_total",
        "counter",
        "Connections refused because of maxclients.",
        |of| of.rejected_connections,
    ),
    ("redproof_replicas", "gauge", "Replicas that are connected to it.", |of| of.replicas),
    (
        "redproof_replica_lag_seconds",
        "gauge",
        "Seconds since the replica that is furthest behind was heard of.",
        |of| of.replica_lag,
    ),
];

#[derive(Default)]
struct Histogram {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    sum: f64,
}

impl Histogram {
    fn observe(&mut self, seconds: f64) {
        for (bucket, most) in self.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= most);
        }
        self.count += 1;
        self.sum += seconds;
    }
}

impl Metrics {
    pub(super) fn new(warn: Duration, fail: Duration) -> Self {
        Self {
            warn,
            fail,
            last: None,
            rounds: 0,
            unreadable: 0,
            why_unreadable: None,
            latency: BTreeMap::new(),
        }
    }

    /// Takes a round's report.
    pub(super) fn take(&mut self, report: &Report, now: u64) {
        for connection in &report.connections {
            let latency = connection.health.as_ref().and_then(|health| health.latency.as_ref());
            let Some(latency) = latency else {
                continue;
            };
            for (command, times) in [
                ("PING", &latency.times.ping),
                ("SET", &latency.times.set),
                ("GET", &latency.times.get),
            ] {
                for time in times {
                    let key = (connection.target.clone(), command);
                    self.latency.entry(key).or_default().observe(time.as_secs_f64());
                }
            }
        }
        self.rounds += 1;
        self.why_unreadable = None;
        self.last = Some((report.clone(), now));
    }

    /// Takes note that the config or the environment could not be read.
    pub(super) fn unreadable(&mut self, why: &str) {
        self.unreadable += 1;
        self.why_unreadable = Some(why.to_owned());
    }

    /// Why config or environment could not be read in the last round, if they could not.
    pub(super) fn why_unreadable(&self) -> Option<&str> {
        self.why_unreadable.as_deref()
    }

    /// When the last round ended, seconds since 1970.
    pub(super) fn last_round(&self) -> Option<u64> {
        self.last.as_ref().map(|(_, at)| *at)
    }

    /// The last round's outcome.
    pub(super) fn outcome(&self) -> Option<ProbeOutcome> {
        self.last.as_ref().map(|(report, _)| report.outcome)
    }

    /// Whether all that is needed works, and no certificate is about to end.
    pub(super) fn healthy(&self) -> bool {
        self.last.as_ref().is_some_and(|(report, _)| self.reasons(report).is_empty())
    }

    /// The last round's report.
    pub(super) fn report(&self) -> Option<&Report> {
        self.last.as_ref().map(|(report, _)| report)
    }

    /// Each certificate of each server once: target, place in the chain, certificate, verdict.
    pub(super) fn certificates<'a>(
        &self,
        report: &'a Report,
    ) -> Vec<(&'a str, usize, &'a CertificateReport, Expiry)> {
        let mut list = Vec::new();
        for connection in &report.connections {
            let chain = connection.tls.as_ref().map(|tls| tls.chain.as_slice());
            for (position, certificate) in chain.unwrap_or_default().iter().enumerate() {
                let known = list.iter().any(|(target, at, ..): &(&str, usize, _, _)| {
                    *target == connection.target && *at == position
                });
                if !known {
                    let expiry = self.expiry(certificate);
                    list.push((connection.target.as_str(), position, certificate, expiry));
                }
            }
        }
        list
    }

    /// Each certificate of the files that LiteLLM reads: setting, path, certificate, verdict.
    pub(super) fn files<'a>(
        &self,
        report: &'a Report,
    ) -> Vec<(&'static str, &'a str, &'a CertificateReport, Expiry)> {
        let all = report.files.iter().flat_map(|file| {
            file.certificates.iter().map(|one| (file.setting, file.path.as_str(), one))
        });
        all.map(|(setting, path, one)| (setting, path, one, self.expiry(one))).collect()
    }

    fn expiry(&self, certificate: &CertificateReport) -> Expiry {
        let now = i64::try_from(now()).unwrap_or(i64::MAX);
        self.verdict(certificate.not_after_seconds.saturating_sub(now))
    }

    /// The verdict on so many seconds that are left.
    fn verdict(&self, left: i64) -> Expiry {
        let within = |span: Duration| left < i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        if within(self.fail) {
            Expiry::Fail
        } else if within(self.warn) {
            Expiry::Warn
        } else {
            Expiry::Fine
        }
    }

    /// Everything, for Prometheus.
    pub(super) fn text(&self) -> String {
        let mut page = Page::default();
        page.add("redproof_build_info", "gauge", "The version of Redproof.", |row| {
            row(&[("version", env!("CARGO_PKG_VERSION"))], 1.0);
        });
        page.add("redproof_rounds_total", "counter", "Rounds of probes.", |row| {
            row(&[], count(self.rounds));
        });
        page.add(
            "redproof_unreadable_total",
            "counter",
            "Rounds whose config or environment could not be read.",
            |row| row(&[], count(self.unreadable)),
        );
        let Some((report, at)) = &self.last else {
            return page.text;
        };
        page.add("redproof_healthy", "gauge", "Whether all that LiteLLM needs works.", |row| {
            row(&[], flag(self.healthy()));
        });
        page.add(
            "redproof_round_timestamp_seconds",
            "gauge",
            "When the last round ended.",
            |row| {
                row(&[], count(*at));
            },
        );
        page.add("redproof_round_seconds", "gauge", "How long the last round took.", |row| {
            row(&[], report.ms / 1000.0);
        });
        page.add(
            "redproof_consumer_up",
            "gauge",
            "Whether a part of LiteLLM can work: response cache, coordination (usage), router.",
            |row| {
                for consumer in &report.consumers {
                    let labels =
                        [("consumer", consumer.consumer), ("outcome", consumer.outcome.name())];
                    row(&labels, flag(consumer.outcome == ProbeOutcome::Ok));
                }
            },
        );
        page.add(
            "redproof_role_works",
            "gauge",
            "Whether a role's state is in Redis: response_cache, semantic_index, router, coordination, limits.",
            |row| {
                for role in &report.roles {
                    row(&[("role", role.role)], flag(role.works));
                }
            },
        );
        page.add(
            "redproof_litellm_starts",
            "gauge",
            "Whether LiteLLM starts with the configuration, where that is known.",
            |row| {
                if let Some(starts) = report.startup.starts {
                    row(&[], flag(starts));
                }
            },
        );
        self.connections(&mut page, report);
        self.servers(&mut page, report);
        page.text
    }

    fn connections(&self, page: &mut Page, report: &Report) {
        page.add("redproof_up", "gauge", "Whether a connection works as configured.", |row| {
            for connection in &report.connections {
                for consumer in &connection.consumers {
                    let labels = [
                        ("consumer", *consumer),
                        ("api", connection.api),
                        ("part", connection.part.name()),
                        ("node", &connection.target),
                        ("needed", if connection.needed { "true" } else { "false" }),
                        ("outcome", connection.outcome.name()),
                    ];
                    row(&labels, flag(connection.outcome == ProbeOutcome::Ok));
                }
            }
        });
        for (step, name, help) in [
            ("connect", "redproof_connect_seconds", "How long the TCP connection took."),
            ("tls", "redproof_handshake_seconds", "How long the TLS handshake took."),
        ] {
            page.add(name, "gauge", help, |row| {
                for connection in &report.connections {
                    if let Some(step) = connection.steps.iter().find(|taken| taken.step == step) {
                        let labels =
                            [("node", connection.target.as_str()), ("api", connection.api)];
                        row(&labels, step.ms / 1000.0);
                    }
                }
            });
        }
        let certificates = self.certificates(report);
        page.add(
            "redproof_certificate_not_after_seconds",
            "gauge",
            "When a certificate of the server's chain ends; position 0 is the server's own.",
            |row| {
                for (node, position, certificate, _) in &certificates {
                    let position = position.to_string();
                    let labels = [
                        ("node", *node),
                        ("position", &position),
                        ("subject", &certificate.subject),
                    ];
                    row(&labels, signed(certificate.not_after_seconds));
                }
            },
        );
        page.add("redproof_certificate_days_left", "gauge", "Whole days until then.", |row| {
            for (node, position, certificate, _) in &certificates {
                let position = position.to_string();
                row(&[("node", *node), ("position", &position)], signed(certificate.days_left));
            }
        });
        let files = self.files(report);
        for (name, help) in [
            (
                "redproof_certificate_file_not_after_seconds",
                "When a certificate of a file that LiteLLM reads ends: its own, and its authorities'.",
            ),
            ("redproof_certificate_file_days_left", "Whole days until then."),
        ] {
            page.add(name, "gauge", help, |row| {
                for (setting, path, certificate, _) in &files {
                    let labels = [
                        ("setting", *setting),
                        ("file", *path),
                        ("subject", certificate.subject.as_str()),
                        (
                            "fingerprint",
                            &certificate.fingerprint_sha256
                                [..16.min(certificate.fingerprint_sha256.len())],
                        ),
                    ];
                    let days = name.ends_with("days_left");
                    let value =
                        if days { certificate.days_left } else { certificate.not_after_seconds };
                    row(&labels, signed(value));
                }
            });
        }
        page.add("redproof_finding", "gauge", "What is wrong though it works.", |row| {
            for connection in &report.connections {
                for finding in &connection.findings {
                    let labels = [
                        ("node", connection.target.as_str()),
                        ("code", finding.code),
                        ("rule", finding.rule),
                        ("severity", finding.severity.name()),
                        ("api", connection.api),
                    ];
                    row(&labels, 1.0);
                }
            }
        });
    }

    fn servers(&self, page: &mut Page, report: &Report) {
        let servers = || {
            report.connections.iter().filter_map(|connection| {
                connection.health.as_ref().map(|health| (connection.target.as_str(), health))
            })
        };
        page.add("redproof_server_info", "gauge", "The server's kind and version.", |row| {
            for (node, health) in servers() {
                let labels = [
                    ("node", node),
                    ("server", &health.server),
                    ("version", &health.version),
                    ("role", &health.role),
                ];
                row(&labels, 1.0);
            }
        });
        for (name, kind, help, value) in NUMBERS {
            page.add(name, kind, help, |row| {
                for (node, health) in servers() {
                    if let Some(value) = value(health) {
                        row(&[("node", node)], count(value));
                    }
                }
            });
        }
        page.add(
            "redproof_persistence_ok",
            "gauge",
            "Whether the last snapshot, and the last write to the append-only file, went well.",
            |row| {
                for (node, health) in servers() {
                    let kinds = [("rdb", health.snapshot_ok), ("aof", health.append_only_ok)];
                    for (kind, ok) in kinds {
                        if let Some(ok) = ok {
                            row(&[("node", node), ("kind", kind)], flag(ok));
                        }
                    }
                }
            },
        );
        page.add(
            "redproof_master_link_up",
            "gauge",
            "Of a replica: whether it has its master.",
            |row| {
                for (node, health) in servers() {
                    if let Some(up) = health.master_link_up {
                        row(&[("node", node)], flag(up));
                    }
                }
            },
        );
        page.add("redproof_hit_ratio", "gauge", "Share of lookups that find a key.", |row| {
            for (node, health) in servers() {
                if let Some(ratio) = health.hit_ratio {
                    row(&[("node", node)], ratio);
                }
            }
        });
        self.latencies(page);
    }

    fn latencies(&self, page: &mut Page) {
        let name = "redproof_latency_seconds";
        page.head(name, "histogram", "How long commands take.");
        for ((node, command), histogram) in &self.latency {
            let labels = [("node", node.as_str()), ("command", *command)];
            for (bucket, most) in histogram.buckets.iter().zip(BUCKETS) {
                let most = most.to_string();
                let labels = [labels[0], labels[1], ("le", &most)];
                page.row(&format!("{name}_bucket"), &labels, count(*bucket));
            }
            let all = [labels[0], labels[1], ("le", "+Inf")];
            page.row(&format!("{name}_bucket"), &all, count(histogram.count));
            page.row(&format!("{name}_sum"), &labels, histogram.sum);
            page.row(&format!("{name}_count"), &labels, count(histogram.count));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BUCKETS, Expiry, Histogram, Metrics};

    #[test]
    fn spans_of_hours_are_not_rounded_down_to_none() {
        let metrics = Metrics::new(Duration::from_hours(36), Duration::from_hours(1));
        for (left, verdict) in [
            (-1, Expiry::Fail),
            (3599, Expiry::Fail),
            (3600, Expiry::Warn),
            (36 * 3600 - 1, Expiry::Warn),
            (36 * 3600, Expiry::Fine),
        ] {
            assert_eq!(metrics.verdict(left), verdict, "{left} s");
        }
    }

    #[test]
    fn buckets_are_cumulative() {
        let mut histogram = Histogram::default();
        histogram.observe(0.002);
        histogram.observe(60.0);
        assert_eq!(histogram.count, 2);
        for (bucket, most) in histogram.buckets.iter().zip(BUCKETS) {
            assert_eq!(*bucket, u64::from(most >= 0.002), "{most}");
        }
    }
}
