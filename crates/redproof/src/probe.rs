//! `redproof probe`.

use std::collections::BTreeMap;
use std::fmt::Write;

use redproof_core::environment::VariableValue;
use redproof_core::secret::Secret;
use redproof_core::{CheckInput, Gathered, check};
use redproof_probe::{
    CertificateReport, ConnectionReport, Identity, Options, Part, ProbeOutcome, Report, Side,
    probe_blocking,
};
use serde_json::json;

use crate::Ending;
use crate::args::{ProbeArgs, ProbeFormat};
use crate::format::{CHOOSERS, releases_in_words};
use crate::frame::bold;
use crate::input::{self, Surroundings};
use crate::output::{self, Failure};

/// Opens the connections and prints what came of them.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &ProbeArgs) -> Result<Ending, Failure> {
    let surroundings = Surroundings::read(&args.surroundings)?;
    let text = input::read(&args.config)?;
    let name = input::name(&args.config);
    let environment = surroundings.of(&args.config);
    let checked = check(&CheckInput {
        name: &name,
        text: &text,
        environment: &environment,
        releases: surroundings.releases,
        now: input::now(),
    });
    let options = Options {
        step_timeout: args.timeout,
        overall_timeout: args.timeout.saturating_mul(6),
        hosts: args.resolve.clone(),
        read_only: args.read_only,
        identity: Some(identity(&environment)),
        ..Options::default()
    };
    let report = probe_blocking(&checked.outcome, checked.pair, &options, &mut |_| {})
        .map_err(|error| Failure::Said(format!("cannot open connections: {error}")))?;
    let text = match args.format {
        ProbeFormat::Human => {
            let heading = format!("{name} on {}", releases_in_words(&checked, CHOOSERS));
            human(&heading, &report, output::coloured())
        }
        ProbeFormat::Json => {
            // Maps, numbers and texts: this serialises.
            serde_json::to_string_pretty(&json!(report)).unwrap_or_default() + "\n"
        }
    };
    output::write_all(text.as_bytes())?;
    Ok(if report.all_ok() { Ending::Clean } else { Ending::Findings })
}

/// The variables that LiteLLM would see here: those given, then the process's own.
fn identity(gathered: &Gathered) -> Identity {
    let mut variables: BTreeMap<String, Secret> = std::env::vars_os()
        .filter_map(|(name, value)| {
            Some((name.into_string().ok()?, Secret::new(value.into_string().ok()?)))
        })
        .collect();
    for (name, variable) in gathered.environment.iter() {
        match &variable.value {
            VariableValue::Known(value) => drop(variables.insert(name.to_owned(), value.clone())),
            VariableValue::Unknown(_) => drop(variables.remove(name)),
        }
    }
    Identity::new(variables, std::env::home_dir())
}

// Writing to a String does not fail.
fn human(heading: &str, report: &Report, coloured: bool) -> String {
    let mut text = format!("{heading}\n");
    for connection in &report.connections {
        text.push('\n');
        timeline(&mut text, connection, coloured);
    }
    text.push('\n');
    let working =
        report.connections.iter().filter(|connection| connection.outcome == ProbeOutcome::Ok);
    let counts = format!(
        "{} of {} connections work as configured",
        working.count(),
        report.connections.len()
    );
    if report.all_ok() {
        let summary = if report.connections.is_empty() {
            "LiteLLM opens no Redis connection".to_owned()
        } else {
            counts
        };
        let _ = writeln!(text, "{} {summary}, {:.0} ms", bold("ok", "1;32", coloured), report.ms);
    } else if report.connections.is_empty() {
        let outcome = bold(report.outcome.name(), "1;31", coloured);
        let _ = writeln!(text, "{outcome} {}", report.detail.as_deref().unwrap_or(""));
    } else {
        let outcome = match report.outcome {
            ProbeOutcome::Ok => bold("ok for requests, but", "1;33", coloured),
            outcome => bold(outcome.name(), "1;31", coloured),
        };
        let _ = writeln!(text, "{outcome} {counts}, {:.0} ms", report.ms);
    }
    text
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
        _ => "sync client",
    };
    let title = bold(&format!("{part}{}", connection.target), "1", coloured);
    let server =
        connection.server.as_ref().map_or_else(String::new, |server| format!(", {server}"));
    let _ = writeln!(
        text,
        "{title} ({}: {api} {}{server})",
        connection.consumers.join(", "),
        connection.client,
    );
    for step in &connection.steps {
        let failed =
            step.result == connection.outcome.name() && connection.outcome != ProbeOutcome::Ok;
        let result =
            if failed { bold(&step.result, "1;31", coloured) } else { step.result.clone() };
        let _ = writeln!(text, "  {:>9.3} ms  {:<16}  {result}", step.ms, step.step);
    }
    if let Some(tls) = &connection.tls {
        for (depth, certificate) in tls.chain.iter().enumerate() {
            certificate_line(text, depth, certificate, coloured);
        }
    }
    verdict(text, connection, coloured);
}

fn certificate_line(
    text: &mut String,
    depth: usize,
    certificate: &CertificateReport,
    coloured: bool,
) {
    let days = match certificate.days_left {
        days @ ..0 => bold(&format!("expired {} days ago", -days), "1;31", coloured),
        days @ 0..30 => bold(&format!("{days} days left"), "1;33", coloured),
        days => format!("{days} days left"),
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
}

fn verdict(text: &mut String, connection: &ConnectionReport, coloured: bool) {
    if connection.outcome == ProbeOutcome::Ok {
        let _ = writeln!(text, "  {}", bold("ok", "1;32", coloured));
    } else {
        let _ = writeln!(
            text,
            "  {}: {}",
            bold(connection.outcome.name(), "1;31", coloured),
            connection.detail.as_deref().unwrap_or("no further detail"),
        );
        let lines = [("presented", &connection.presented), ("expected", &connection.expected)];
        for (label, line) in lines {
            if let Some(line) = line {
                let _ = writeln!(text, "    {label}: {line}");
            }
        }
        if let Some(help) = &connection.help {
            let side = match connection.side {
                Some(Side::Client) => " (in LiteLLM's configuration)",
                Some(Side::Server) => " (at the server)",
                Some(Side::Network) => " (between them)",
                Some(Side::Either) | None => "",
            };
            let _ = writeln!(text, "    {}{side}: {help}", bold("help", "1;36", coloured));
        }
    }
    if let Some(strict) = &connection.strict
        && strict.outcome != connection.outcome
    {
        let _ = writeln!(
            text,
            "  {}: {}: {}",
            bold("strict", "1;33", coloured),
            strict.outcome.name(),
            strict.detail.as_deref().unwrap_or("works when everything is checked"),
        );
    }
}
