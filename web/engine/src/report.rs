//! What a check says, as Markdown: for a ticket or a chat. No secret is in it.

use redproof_messages::{Checked, Edge, Finding, Map};

/// The report of a check.
pub(crate) fn markdown(checked: &Checked) -> String {
    let verdict = &checked.verdict;
    let mut text = format!("## {}\n\n", escaped(&verdict.headline));
    text.push_str(&format!("LiteLLM {} on redis-py {}", checked.litellm, checked.redis_py));
    text.push_str(
        match &checked.pair_note {
            Some(note) => format!(" ({})", escaped(note.trim_end_matches('.'))),
            None => String::new(),
        }
        .as_str(),
    );
    text.push_str(". Checked by Redproof.\n");
    if let Some((class, message)) = &verdict.exception {
        text.push_str(&format!("\n```\n{class}: {}\n```\n", message.replace("```", "'''")));
    }
    if let Some(why) = &verdict.unknown {
        text.push_str(&format!("\n{}\n", escaped(why)));
    }
    if !checked.map.edges.is_empty() {
        text.push_str(
            "\n| client | connects to | protection | login |\n| --- | --- | --- | --- |\n",
        );
        for edge in &checked.map.edges {
            text.push_str(&row(&checked.map, edge));
        }
    }
    if checked.findings.is_empty() {
        text.push_str("\nNo problems.\n");
    }
    for (number, finding) in checked.findings.iter().enumerate() {
        text.push_str(&problem(number + 1, finding));
    }
    text
}

fn row(map: &Map, edge: &Edge) -> String {
    // LiteLLM's client in Rust.
    let api = if edge.api == "native" { "Rust" } else { &edge.api };
    let client = format!("{}, {api}", map.users[edge.user].names.join(", "));
    let target = edge.target.map(|at| &map.targets[at]);
    let target =
        target.map_or_else(String::new, |one| format!("{} {}", one.kind, one.names.join(", ")));
    let protection = match &edge.error {
        Some(error) => format!("cannot open: {error}"),
        None => edge.tls.clone(),
    };
    let cells = [client, target, protection, edge.login.clone()].map(|one| cell(&one));
    format!("| {} |\n", cells.join(" | "))
}

fn problem(number: usize, found: &Finding) -> String {
    let place = found.at.as_ref().map(|at| format!(" `{}`", at.name)).unwrap_or_default();
    let mut text = format!(
        "\n{number}. **{} {}** ({}){place}: {}\n",
        found.severity.name(),
        found.code,
        found.rule,
        escaped(&found.message)
    );
    if let Some(help) = &found.help {
        text.push_str(&format!("   - {}\n", escaped(help)));
    }
    if let Some(fix) = &found.fix {
        let guess = if fix.guess { " (needs a decision)" } else { "" };
        text.push_str(&format!("   - Fix: {}{guess}\n", escaped(&fix.title)));
    }
    text
}

/// A text in which nothing is markup but code between backticks.
fn escaped(text: &str) -> String {
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 {
            return format!("`{part}`");
        }
        let mut plain = String::new();
        for one in part.chars() {
            if matches!(one, '*' | '_' | '<' | '>' | '[' | ']' | '\\' | '#' | '|') {
                plain.push('\\');
            }
            plain.push(if one.is_control() { ' ' } else { one });
        }
        plain
    };
    text.split('`').enumerate().map(part).collect()
}

/// The same for a cell of a table.
fn cell(text: &str) -> String {
    escaped(text)
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, File, Texts};

    use crate::Engine;

    #[test]
    fn a_report_holds_verdict_connections_and_problems_and_no_secret() {
        let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                      host: redis.test\n    port: 6380\n    password: a-secret|word\n";
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", "")];
        let mut engine = Engine::default();
        engine.answer(Ask::Check { texts: Texts { files, ..Texts::default() }, now: 0 });
        let Answer::Report(report) = engine.answer(Ask::Report) else {
            panic!("another question was answered");
        };
        assert!(report.starts_with("## LiteLLM "), "{report}");
        let row = "| response cache, router, coordination, sync | Redis redis.test:6380 | plaintext | password |";
        assert!(report.contains(row), "{report}");
        assert!(report.contains("**hint RP307**") || report.contains(" RP307** "), "{report}");
        assert!(!report.contains("a-secret"), "{report}");
    }
}
