//! What a configuration connects to, for people: tables.

use std::fmt::Write;

use documents::places::Places;
use documents::words::kind_name;
use redproof_core::depends::Dependence;
use redproof_core::explain::{ExplainedConnection, Pool, StartupWait, Verdict, consumer_name};
use redproof_core::outcome::Api;
use redproof_core::served::Served;
use redproof_core::{Report, defects, depends};

use super::Explained;
use crate::answer::{Formatter, Human};
use crate::style::{BAD, BOLD, DOUBTFUL, GOOD, NOTABLE, paint};
use crate::words::{CHOOSERS, releases_in_words};

impl Formatter<Explained> for Human {
    fn text(&self, explained: &Explained) -> String {
        let Explained { report, explanation } = explained;
        let coloured = self.coloured;
        let name = report.sources.first().map_or("", |source| &source.name);
        let mut text = format!("{name} on {}\n", releases_in_words(report, CHOOSERS));
        let verdict = match &explanation.startup {
            Verdict::Starts => paint("LiteLLM starts", GOOD, coloured),
            Verdict::Unknown(why) => paint(
                &format!("Whether LiteLLM starts is unknown: it depends on {why}"),
                DOUBTFUL,
                coloured,
            ),
            Verdict::Stops { class, message, .. } => paint(
                &format!("LiteLLM {}: {class}: {message}", report.outcome.stopped()),
                BAD,
                coloured,
            ),
        };
        // Writing to a String does not fail.
        let _ = writeln!(text, "{verdict}");
        if let Verdict::Stops { origins, .. } = &explanation.startup {
            for origin in origins {
                let _ = writeln!(text, "  because of {origin}");
            }
        }
        for note in &report.notes {
            let _ = writeln!(text, "{}{}", paint("note: ", NOTABLE, coloured), note.text);
        }
        if !explanation.roles.is_empty() {
            text.push('\n');
            for (role, what) in &explanation.roles {
                let _ = writeln!(text, "  {role:<15} {what}");
            }
        }
        for dependence in depends(report) {
            text.push_str(&dependence_text(&dependence, report, coloured));
        }
        for connection in &explanation.connections {
            text.push('\n');
            let _ = writeln!(text, "{}", paint(&title(connection), BOLD, coloured));
            if let Some(error) = &connection.error {
                let line = match (connection.api, connection.error_is_possible) {
                    (Api::Native, true) => paint(
                        &format!("in Redis, or in each process: it depends on {error}"),
                        DOUBTFUL,
                        coloured,
                    ),
                    (Api::Native, false) => paint(
                        &format!("not used, each process keeps its own state: {error}"),
                        BAD,
                        coloured,
                    ),
                    _ => paint(&format!("cannot connect: {error}"), BAD, coloured),
                };
                let _ = writeln!(text, "  {line}");
            }
            for (what, list) in [
                ("carries", connection.carries.join("; ")),
                ("ignores", connection.ignores.join(", ")),
            ] {
                if !list.is_empty() {
                    let _ = writeln!(text, "  {what} {list}");
                }
            }
            text.push_str(&table(connection));
        }
        text.push_str(&pools_text(&explanation.pools, coloured));
        text.push_str(&waits_text(&explanation.waits, coloured));
        text.push_str(&defects_text(report, coloured));
        if let Some(served) = &explanation.served {
            text.push_str(&served_text(served, coloured));
        }
        text
    }
}

/// How many connections requests open at most.
fn pools_text(pools: &[Pool], coloured: bool) -> String {
    if pools.is_empty() {
        return String::new();
    }
    let title = "Connections that requests open, at most";
    let mut text = format!("\n{}\n", paint(title, BOLD, coloured));
    for Pool { consumer, target, most, running } in pools {
        let most = match (most, running) {
            (None, _) => "no limit".to_owned(),
            (Some(most), None) => format!("{most} in each process"),
            (Some(most), Some(running)) => {
                let all = most.saturating_mul(running.processes);
                format!("{most} in each process, {all} in all ({})", running.words)
            }
        };
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {}, {target}: {most}", consumer_name(*consumer));
    }
    text
}

/// What holds start-up up while Redis is unreachable.
fn waits_text(waits: &[StartupWait], coloured: bool) -> String {
    if waits.is_empty() {
        return String::new();
    }
    let title = "While Redis is unreachable, start-up takes longer";
    let mut text = format!("\n{}\n", paint(title, BOLD, coloured));
    for wait in waits {
        let (who, target) = (consumer_name(wait.consumer), &wait.target);
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {who}, {target}: {}", wait.in_words());
    }
    text
}

/// The known defects of the release that the configuration meets.
fn defects_text(report: &Report, coloured: bool) -> String {
    let met = defects::met(report);
    if met.is_empty() {
        return String::new();
    }
    let title = format!("Known defects of LiteLLM {} that it meets", report.pair.litellm);
    let mut text = format!("\n{}\n", paint(&title, BOLD, coloured));
    for defect in met {
        let depends = defect.depends.map_or(String::new(), |what| format!(", if {what}"));
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {} {}{depends}", defect.id, defect.name);
        let _ = writeln!(text, "    {}", defect.cure);
    }
    text
}

/// What the running proxy caches and shares.
fn served_text(served: &Served, coloured: bool) -> String {
    let mut text = String::new();
    let mut section = |title: &str, rows: Vec<(String, String)>| {
        let widest = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        text.push_str(&format!("\n{}\n", paint(title, BOLD, coloured)));
        for (name, value) in rows {
            text.push_str(&format!("  {name:<widest$}  {value}\n"));
        }
    };
    if let Some(refused) = &served.refused {
        section("Start-up", vec![("stops after the config is loaded".to_owned(), refused.clone())]);
    }
    let shared = served.shared.iter().map(|part| {
        let why = part.why.as_ref().map_or(String::new(), |why| format!(": {why}"));
        (part.part.to_owned(), format!("{}{why}", part.holder))
    });
    section("What is shared, and where", shared.collect());
    let cached = served.cached.iter().map(|fact| {
        let origin = fact.origin.as_ref().map_or(String::new(), |origin| format!("  {origin}"));
        (fact.name.clone(), format!("{}{origin}", fact.value))
    });
    section("What is cached", cached.collect());
    if !served.acls.is_empty() {
        text.push_str(&format!(
            "\n{}\n",
            paint("The least that an ACL must allow", BOLD, coloured)
        ));
    }
    for allowed in &served.acls {
        let more = if allowed.complete { "" } else { ", beside what redis-py's own client needs" };
        text.push_str(&format!("  {}{more}\n    {}\n", allowed.of.join(" and "), allowed.command));
    }
    text
}

/// A variable, and what LiteLLM does for each of its values.
fn dependence_text(dependence: &Dependence, report: &Report, coloured: bool) -> String {
    let at = dependence.at.and_then(|span| {
        let places = Places::new(report);
        places.of(span).map(|at| format!(", {}:{}:{}", at.file, at.start.line, at.start.column))
    });
    let heading = format!("depends on {}", dependence.variable);
    let at = at.unwrap_or_default();
    let mut text = format!("\n{} ({}{at})\n", paint(&heading, DOUBTFUL, coloured), dependence.why);
    for case in &dependence.cases {
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {}", paint(&case.when_in_words(), BOLD, coloured));
        for effect in &case.effects {
            // `TLS, …` and `plaintext` say what they are about.
            let what = match effect.what.as_str() {
                "TLS" => String::new(),
                what => format!("{what}: "),
            };
            let whose = match effect.whose.as_str() {
                "" => String::new(),
                whose => format!(" ({whose})"),
            };
            let _ = writeln!(text, "    {what}{}{whose}", effect.value);
        }
    }
    text
}

fn title(connection: &ExplainedConnection) -> String {
    let api = match connection.api {
        Api::Sync => "sync client",
        Api::Async => "async client, serves requests",
        Api::Native => "Rust client, serves what they count and look up",
    };
    let only = if connection.only_if_reachable { ", only if it answers at start-up" } else { "" };
    let consumer = consumer_name(connection.consumer);
    let kind = kind_name(connection.kind);
    format!("{consumer}, {api}{only}: {kind}, {}", connection.target)
}

fn table(connection: &ExplainedConnection) -> String {
    let width = |text: &str| text.chars().count();
    let widest = |cell: fn(&redproof_core::explain::Row) -> &str| {
        connection.rows.iter().map(|row| width(cell(row))).max().unwrap_or(0)
    };
    let setting = widest(|row| &row.setting);
    // One long path must not push every origin off the screen.
    let value = widest(|row| &row.value).min(40);
    let mut table = String::new();
    for row in &connection.rows {
        let pad = |text: &str, to: usize| " ".repeat(to.saturating_sub(width(text)));
        let mut line = format!(
            "  {}{}  {}{}  {}",
            row.setting,
            pad(&row.setting, setting),
            row.value,
            pad(&row.value, value),
            row.origin
        );
        if !row.overrode.is_empty() {
            let _ = write!(line, "; overrode {}", row.overrode.join(", "));
        }
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}
