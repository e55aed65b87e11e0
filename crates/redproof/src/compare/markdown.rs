//! `--format markdown`: what a pull request's comment says.

use std::fmt::Write;

use documents::Revisions;
use documents::words::rule_url;
use redproof_core::Comparison;
use redproof_core::compare::{Change, Side, Verdict};
use redproof_core::finding::Finding;

use super::human::says_nothing;
use crate::answer::{Formatter, Markdown};

impl Formatter<Comparison> for Markdown {
    fn text(&self, comparison: &Comparison) -> String {
        let name = comparison.from.sources.first().map_or("", |source| &source.name);
        section(name, comparison)
    }
}

impl Formatter<Revisions> for Markdown {
    // Writing to a String does not fail.
    fn text(&self, compared: &Revisions) -> String {
        let mut text = String::new();
        let changed: Vec<_> =
            compared.both.iter().filter(|(_, comparison)| !says_nothing(comparison)).collect();
        let bad = changed.iter().filter(|(_, comparison)| comparison.fails()).count();
        let headline = match (bad, changed.len()) {
            (0, 0) => "Nothing changes for LiteLLM's Redis".to_owned(),
            (0, _) => "LiteLLM's Redis: nothing breaks or weakens".to_owned(),
            (bad, _) => {
                format!("LiteLLM's Redis: {bad} of {} changes for the worse", compared.both.len())
            }
        };
        let _ = writeln!(text, "### {headline}\n");
        for (name, comparison) in changed {
            text.push_str(&section(name, comparison));
        }
        for (what, names) in [("Removed", &compared.gone), ("Added", &compared.new)] {
            if !names.is_empty() {
                let names: Vec<String> = names.iter().map(|name| code(name)).collect();
                let _ = writeln!(text, "{what}: {}\n", names.join(", "));
            }
        }
        let _ = writeln!(text, "Compared with {} by redproof.", code(&compared.base));
        text
    }
}

/// What a comparison says, below others.
// Writing to a String does not fail.
fn section(name: &str, comparison: &Comparison) -> String {
    let mut text = String::new();
    let sign = if comparison.fails() { "❌" } else { "✅" };
    let _ = writeln!(text, "#### {sign} {}\n", code(name));
    let _ = writeln!(text, "{}.\n", words(comparison.conclusion()));
    let (from, to) = (comparison.from.pair, comparison.to.pair);
    if from != to {
        let _ = writeln!(
            text,
            "LiteLLM {} → **{}**, redis-py {} → **{}**\n",
            from.litellm, to.litellm, from.redis_py, to.redis_py
        );
    }
    if !comparison.changes.is_empty() {
        text.push_str("| | what | before | after | why |\n| --- | --- | --- | --- | --- |\n");
        for change in &comparison.changes {
            row(change, comparison, &mut text);
        }
        text.push('\n');
    }
    findings("New findings", &comparison.appear, &mut text);
    findings("Findings that are gone", &comparison.vanish, &mut text);
    for (what, defects) in [
        ("Known defects that it meets now", &comparison.enter),
        ("Known defects that it no longer meets", &comparison.leave),
    ] {
        if !defects.is_empty() {
            let _ = writeln!(text, "{what}:\n");
            for defect in defects {
                let _ = writeln!(text, "- {} {}", defect.id, words(defect.name));
            }
            text.push('\n');
        }
    }
    text
}

fn row(change: &Change, comparison: &Comparison, text: &mut String) {
    let side = |side: &Side| match side.origin.as_str() {
        "" => code(&side.text),
        origin => format!("{}<br>{}", code(&side.text), words(origin)),
    };
    let mut why = words(&change.consequence);
    let _ = write!(why, "<br>{}", words(&comparison.why(&change.cause)));
    if let Some(advice) = &change.advice {
        let _ = write!(why, "<br>**Do:** {}", words(advice));
    }
    let sign = match change.verdict {
        Verdict::Breaks => "❌ breaks",
        Verdict::Weakens => "⚠️ weakens",
        Verdict::Changes => "changes",
        Verdict::Improves => "✅ improves",
    };
    let _ = writeln!(
        text,
        "| {sign} | {}<br>{} | {} | {} | {why} |",
        words(&change.title()),
        words(&change.heading()),
        side(&change.before),
        side(&change.after),
    );
}

fn findings(title: &str, found: &[Finding], text: &mut String) {
    if found.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}:\n");
    for one in found {
        let _ = writeln!(
            text,
            "- {} [{}]({}): {}",
            one.severity.name(),
            one.code,
            rule_url(one.code),
            words(&one.message)
        );
    }
    text.push('\n');
}

/// A text in which nothing is Markdown, HTML, a mention or a reference.
fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '`' => {
                quoted = !quoted;
                out.push('`');
            }
            '\n' | '\r' => out.push(' '),
            '|' => out.push_str("\\|"),
            '<' if !quoted => out.push_str("&lt;"),
            '&' if !quoted => out.push_str("&amp;"),
            '@' | '#' if !quoted => {
                out.push(c);
                // Keeps a name from being told, and a number from being linked.
                out.push('\u{200b}');
            }
            '*' | '_' | '[' | ']' | '\\' | '~' if !quoted => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    if quoted {
        out.push('`');
    }
    out
}

/// A text as code.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ").replace('`', "'").replace('|', "\\|");
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::{code, words};

    #[test]
    fn nothing_of_a_file_acts_in_a_comment() {
        assert_eq!(
            words("a | <b> @me #1 *x* `c<d`"),
            "a \\| &lt;b> @\u{200b}me #\u{200b}1 \\*x\\* `c<d`"
        );
        assert_eq!(code("a`b|c\nd"), "`a'b\\|c d`");
    }
}
