//! The timeline of each connection, for people.

use std::collections::HashSet;
use std::fmt::Write;

use redproof_core::finding::{Finding, Severity};
use redproof_probe::{
    CertificateReport, ConnectionReport, Health, IGNORED, Part, ProbeOutcome, Report, Side, Step,
};

use super::Probed;
use crate::answer::{Formatter, Human};
use crate::style::{BAD, BOLD, DOUBTFUL, GOOD, NOTABLE, of_severity, paint};

impl Formatter<Probed> for Human {
    // Writing to a String does not fail.
    fn text(&self, probed: &Probed) -> String {
        // Why a config can't be used is said on standard error.
        let Ok(report) = &probed.result else { return String::new() };
        let coloured = self.coloured;
        let mut text = format!("{}\n", probed.heading);
        let mut explained = HashSet::new();
        for connection in &report.connections {
            text.push('\n');
            timeline(&mut text, connection, coloured);
            findings(&mut text, connection, &mut explained, coloured);
        }
        text.push('\n');
        roles(&mut text, report, coloured);
        let working =
            report.connections.iter().filter(|connection| connection.outcome == ProbeOutcome::Ok);
        let working = working.count();
        let counts =
            format!("{working} of {} connections work as configured", report.connections.len());
        let errors = report.connections.iter().flat_map(|connection| &connection.findings);
        let errors = errors.filter(|found| found.severity == Severity::Error).count();
        if report.all_ok() {
            let summary = if report.connections.is_empty() {
                "LiteLLM opens no Redis connection".to_owned()
            } else {
                counts
            };
            let _ =
                writeln!(text, "{} {summary}, {:.0} ms", paint("ok", GOOD, coloured), report.ms);
        } else if report.connections.is_empty() {
            let outcome = paint(report.outcome.name(), BAD, coloured);
            let _ = writeln!(text, "{outcome} {}", report.detail.as_deref().unwrap_or(""));
        } else {
            let broken = report.roles.iter().any(|role| !role.works);
            let verdict = match report.outcome {
                ProbeOutcome::Ok if broken => paint("not all works", BAD, coloured),
                ProbeOutcome::Ok => paint("ok for requests", DOUBTFUL, coloured),
                outcome => paint(outcome.name(), BAD, coloured),
            };
            let found = match errors {
                0 => String::new(),
                1 => ", 1 error found".to_owned(),
                more => format!(", {more} errors found"),
            };
            let _ = writeln!(text, "{verdict}: {counts}{found}, {:.0} ms", report.ms);
        }
        text
    }
}

/// How many of several configs work, each of which was printed as soon as it was known.
impl Formatter<[Probed]> for Human {
    fn text(&self, all: &[Probed]) -> String {
        if let [_] = all {
            return String::new();
        }
        let works = all.iter().filter(|one| one.result.as_ref().is_ok_and(Report::all_ok)).count();
        format!("\n{works} of {} configs work\n", all.len())
    }
}

/// Whether LiteLLM starts, and which of its parts work with what was found.
fn roles(text: &mut String, report: &Report, coloured: bool) {
    let why = |why: &Option<String>| why.as_ref().map_or(String::new(), |why| format!(": {why}"));
    let starts = match report.startup.starts {
        Some(true) => "yes".to_owned(),
        Some(false) => format!("{}{}", paint("no", BAD, coloured), why(&report.startup.why)),
        None => format!("{}{}", paint("not known", DOUBTFUL, coloured), why(&report.startup.why)),
    };
    let _ = writeln!(text, "{:<18} {starts}", "LiteLLM starts");
    for role in &report.roles {
        let target = role.target.as_deref().unwrap_or("?");
        let verdict = if role.works {
            format!("{} at {target}", paint("works", GOOD, coloured))
        } else {
            let outcome = paint(role.outcome.name(), BAD, coloured);
            // What a connection's own lines say is not said again.
            let told = report.connections.iter().any(|connection| {
                connection.needed
                    && connection.target == target
                    && connection.outcome == role.outcome
            });
            let why = if told { String::new() } else { why(&role.why) };
            format!("does not work: {outcome} at {target}{why}")
        };
        let _ = writeln!(text, "{:<18} {verdict}", role.words);
    }
}

fn timeline(text: &mut String, connection: &ConnectionReport, coloured: bool) {
    let part = match connection.part {
        Part::Server => "",
        Part::StartupNode => "startup node ",
        Part::ClusterNode => "cluster node ",
        Part::ClusterReplica => "cluster replica ",
        Part::Sentinel => "sentinel ",
        Part::Master => "master ",
    };
    let api = match connection.api {
        "both" => "async and sync client",
        "async" => "async client",
        "native" => "Rust client",
        _ => "sync client",
    };
    let title = paint(&format!("{part}{}", connection.target), BOLD, coloured);
    let server =
        connection.server.as_ref().map_or_else(String::new, |server| format!(", {server}"));
    let _ = writeln!(
        text,
        "{title} ({}: {api} {}{server})",
        connection.consumers.join(", "),
        connection.client,
    );
    let ignored = |step: &&Step| step.result == IGNORED;
    for step in connection.steps.iter().filter(|step| !ignored(step)) {
        let failed =
            step.result == connection.outcome.name() && connection.outcome != ProbeOutcome::Ok;
        let result = if failed { paint(&step.result, BAD, coloured) } else { step.result.clone() };
        let _ = writeln!(text, "  {:>9.3} ms  {:<16}  {result}", step.ms, step.step);
    }
    if let Some(health) = &connection.health {
        health_lines(text, health);
    }
    if let Some(tls) = &connection.tls {
        for (depth, certificate) in tls.chain.iter().enumerate() {
            certificate_line(text, depth, certificate, coloured);
        }
        if tls.client_certificate_requested {
            let of = match tls.client_authorities.as_slice() {
                [] => String::new(),
                names => format!(", of {}", names.join("; ")),
            };
            let _ = writeln!(text, "  the server asks for a client certificate{of}");
        }
    }
    if let Some(scan) = &connection.tls_scan {
        let offered = scan.versions.iter().filter(|one| one.offered == Some(true));
        let offered: Vec<&str> = offered.map(|one| one.version).collect();
        let weak = scan.weak();
        let weak = if weak.is_empty() {
            "nothing weak".to_owned()
        } else {
            format!("weak: {}", weak.join(", "))
        };
        let _ = writeln!(text, "  offers {}; {weak}", offered.join(", "));
    }
    verdict(text, connection, coloured);
}

fn health_lines(text: &mut String, health: &Health) {
    let mut parts = vec![format!("{} {}", health.server, health.version)];
    let mib = |bytes: u64| format!("{} MiB", bytes.div_ceil(1 << 20));
    if let Some(used) = health.used_memory {
        let most = match (health.maxmemory, &health.maxmemory_policy) {
            (Some(0), _) => " without limit".to_owned(),
            (Some(most), Some(policy)) => format!(" of {} ({policy})", mib(most)),
            _ => String::new(),
        };
        parts.push(format!("memory {}{most}", mib(used)));
    }
    if let (Some(now), Some(most)) = (health.connected_clients, health.max_clients) {
        parts.push(format!("{now} of {most} clients"));
    }
    for (count, what) in [
        (health.evicted_keys, "keys evicted"),
        (health.rejected_connections, "connections rejected"),
    ] {
        if let Some(count) = count.filter(|count| *count > 0) {
            parts.push(format!("{count} {what}"));
        }
    }
    if let Some(ratio) = health.hit_ratio {
        parts.push(format!("{:.0} % hits", ratio * 100.0));
    }
    if let Some(replicas) = health.replicas.filter(|_| health.role == "master") {
        parts.push(format!("replicas: {replicas}"));
    }
    let _ = writeln!(text, "  server: {}", parts.join(", "));
    if let Some(latency) = &health.latency {
        let rows = [("PING", Some(latency.ping)), ("SET", latency.set), ("GET", Some(latency.get))];
        for (name, times) in rows {
            if let Some(times) = times {
                let _ = writeln!(
                    text,
                    "  {name:<5} p50 {:.3} ms, p95 {:.3} ms, p99 {:.3} ms, max {:.3} ms",
                    times.p50, times.p95, times.p99, times.max
                );
            }
        }
    }
}

fn in_days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

fn certificate_line(
    text: &mut String,
    depth: usize,
    certificate: &CertificateReport,
    coloured: bool,
) {
    let days = match certificate.days_left {
        // Rounded down: a minute after its end, -1 days are left.
        days @ ..0 => paint(&format!("expired {} ago", in_days(-days - 1)), BAD, coloured),
        days @ 0..30 => paint(&format!("{} left", in_days(days)), DOUBTFUL, coloured),
        days => format!("{} left", in_days(days)),
    };
    let names = if certificate.sans.is_empty() {
        String::new()
    } else {
        format!(" for {}", certificate.sans.join(", "))
    };
    let _ = writeln!(
        text,
        "  certificate {depth}: {}{names}; {}, until {} ({days})",
        certificate.subject, certificate.key, certificate.not_after,
    );
    let listed = |all: &[&str]| if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    let mut parts: Vec<String> = Vec::new();
    if certificate.is_ca == Some(true) {
        parts.push("CA".to_owned());
    }
    if let Some(usages) = &certificate.key_usage {
        parts.push(format!("usage {}", listed(usages)));
    }
    if let Some(usages) = &certificate.extended_key_usage {
        let usages: Vec<&str> = usages.iter().map(String::as_str).collect();
        parts.push(format!("for {}", listed(&usages)));
    }
    // Eight digits tell which certificate another one names.
    let short = |id: &String| id.get(..8).unwrap_or(id).to_owned();
    if let Some(id) = &certificate.subject_key_identifier {
        parts.push(format!("key {}…", short(id)));
    }
    if let Some(id) = &certificate.authority_key_identifier {
        parts.push(format!("signed by key {}…", short(id)));
    }
    if !parts.is_empty() {
        let _ = writeln!(text, "    {}", parts.join("; "));
    }
}

fn verdict(text: &mut String, connection: &ConnectionReport, coloured: bool) {
    if connection.outcome == ProbeOutcome::Ok {
        let _ = writeln!(text, "  {}", paint("ok", GOOD, coloured));
    } else {
        let _ = writeln!(
            text,
            "  {}: {}",
            paint(connection.outcome.name(), BAD, coloured),
            connection.detail.as_deref().unwrap_or("no further detail"),
        );
        let lines = [("presented", &connection.presented), ("expected", &connection.expected)];
        for (label, line) in lines {
            if let Some(line) = line {
                let _ = writeln!(text, "    {label}: {line}");
            }
        }
        patience_lines(text, connection);
        if let Some(help) = &connection.help {
            let side = match connection.side {
                Some(Side::Client) => " (in LiteLLM's configuration)",
                Some(Side::Server) => " (at the server)",
                Some(Side::Network) => " (between them)",
                Some(Side::Either) | None => "",
            };
            let _ = writeln!(text, "    {}{side}: {help}", paint("help", NOTABLE, coloured));
        }
    }
    if let Some(strict) = &connection.strict
        && strict.outcome != connection.outcome
        // What works and should not, the findings say.
        && connection.outcome != ProbeOutcome::Ok
    {
        let _ = writeln!(
            text,
            "  {}: {}: {}",
            paint("strict", DOUBTFUL, coloured),
            strict.outcome.name(),
            strict.detail.as_deref().unwrap_or("works when everything is checked"),
        );
    }
}

/// How long LiteLLM's clients try, where each attempt ends as the probe's did.
fn patience_lines(text: &mut String, connection: &ConnectionReport) {
    // redis-py's TLS handshake is a part of connecting.
    let last = connection.steps.last().map(|step| step.step.as_str());
    let connected = !matches!(last, None | Some("resolve" | "connect" | "tls"));
    for patience in &connection.gives_up_after {
        let (seconds, attempts) = match connection.outcome {
            ProbeOutcome::Refused => (Some(patience.refused), patience.attempts),
            ProbeOutcome::Timeout if connected => (patience.silent, patience.attempts_of_silent),
            ProbeOutcome::Timeout => (patience.unreachable, patience.attempts),
            // What is told at once is worth a line where it is asked for again and again.
            outcome if ends_connecting(outcome) && patience.refused >= 0.1 => {
                (Some(patience.refused), patience.attempts)
            }
            _ => continue,
        };
        let after = match seconds {
            Some(seconds) if seconds < 0.1 => "at once".to_owned(),
            Some(seconds) => format!("after about {seconds:.0} s"),
            None => "never".to_owned(),
        };
        let attempts = match attempts {
            1 => "1 attempt".to_owned(),
            more => format!("{more} attempts"),
        };
        let _ =
            writeln!(text, "    LiteLLM's {} client gives up {after} ({attempts})", patience.api);
    }
}

/// Whether redis-py takes it for a connection that did not come about, a refused login among these, and tries
/// again where it retries at all.
fn ends_connecting(outcome: ProbeOutcome) -> bool {
    use ProbeOutcome as O;
    matches!(
        outcome,
        O::Dns
            | O::TlsRequired
            | O::CertExpired
            | O::CertNotYetValid
            | O::HostnameMismatch
            | O::UnknownCa
            | O::ChainIncomplete
            | O::WeakCert
            | O::BadKeyUsage
            | O::ClientCertRequired
            | O::ClientCertRejected
            | O::ProtocolVersion
            | O::CaFileMissing
            | O::CaFileInvalid
            | O::CertFileMissing
            | O::ClientKeyMismatch
            | O::AuthRequired
            | O::AuthFailed
    )
}

/// What is wrong though it works; each help once, and a rule may have several.
fn findings<'a>(
    text: &mut String,
    connection: &'a ConnectionReport,
    explained: &mut HashSet<&'a str>,
    coloured: bool,
) {
    for finding in &connection.findings {
        let with_help = explained.insert(finding.help.as_deref().unwrap_or_default());
        finding_lines(text, finding, with_help, coloured);
    }
}

fn finding_lines(text: &mut String, finding: &Finding, with_help: bool, coloured: bool) {
    let style = of_severity(finding.severity);
    let head = format!("{}[{} {}]", finding.severity.name(), finding.code, finding.rule);
    let _ = writeln!(text, "  {}: {}", paint(&head, style, coloured), finding.message);
    if with_help {
        let help = finding.help.as_deref().unwrap_or_default();
        let _ = writeln!(text, "    {}: {help}", paint("help", NOTABLE, coloured));
    }
}
