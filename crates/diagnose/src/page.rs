//! The pages of the texts, in Markdown.

use std::collections::BTreeMap;

use crate::{Entry, Kind, Speaker, Text, When, entries};

/// The folder of the pages below `docs/`.
pub const FOLDER: &str = "errors";

/// The list of all texts, by who says them.
pub fn index() -> String {
    let texts = entries().map(|entry| entry.texts.len()).sum::<usize>();
    let mut text = format!(
        "# Error texts\n\nWhat LiteLLM, redis-py, OpenSSL and Redis servers say when something is wrong: {texts} texts, \
         {} causes and states. `redproof diagnose config.yaml < log` finds them in a log and says which cause applies \
         in your configuration; without a configuration it lists the causes by likelihood.\n",
        entries().count()
    );
    for (kind, heading) in [
        (Kind::Cause, "Causes"),
        (Kind::Envelope, "Envelopes: another text beside them names the cause"),
        (Kind::News, "News: nothing is wrong"),
    ] {
        text += &format!("\n## {heading}\n\n| what | a text |\n| --- | --- |\n");
        for entry in entries().filter(|entry| entry.kind == kind) {
            let first = entry.texts.first().map_or("", |text| text.says);
            text += &format!("| [{}]({}.md) | {} |\n", entry.title, entry.id, cell(first));
        }
    }
    text
}

/// The page of one entry.
pub fn page(entry: &Entry) -> String {
    let Entry { title, means, look, .. } = entry;
    let mut text = format!("# {title}\n\n{means}\n\n## What is said\n");
    let mut by_speaker: BTreeMap<Speaker, Vec<&Text>> = BTreeMap::new();
    for text in entry.texts {
        by_speaker.entry(text.by).or_default().push(text);
    }
    for (speaker, texts) in by_speaker {
        text += &format!("\nBy {}:\n\n", speaker.name());
        for Text { says, source, seen, .. } in texts {
            text += &format!("- {}: {source}", code(&says.replace("{}", "…")));
            if let Some((first, last)) = seen {
                text += &if first == last {
                    format!("; in {first}")
                } else {
                    format!("; in {first} to {last}")
                };
            }
            text.push('\n');
        }
    }
    text += if entry.causes.len() == 1 {
        "\n## The cause\n"
    } else {
        "\n## Causes, the likeliest first\n"
    };
    for (at, cause) in entry.causes.iter().enumerate() {
        let condition = match cause.when {
            When::Always => String::new(),
            when => format!(" (if {})", when.words()),
        };
        text += &format!("\n{}. {}{condition}\n   {}", at + 1, cause.says, cause.cure);
        if !cause.codes.is_empty() {
            let links: Vec<_> = cause.codes.iter().map(|code| link(code)).collect();
            text += &format!(" See {}.", links.join(", "));
        }
        text.push('\n');
    }
    text += &format!("\n## What to look at\n\n{look}\n");
    if let Some(outcome) = entry.outcome {
        text += &format!("\n`redproof probe` calls it [`{outcome}`](../outcomes.md#{outcome}).\n");
    }
    text
}

/// The page of a rule: `RP7xx` are on certificates but for `RP72x`, `RPx5x` on live servers.
fn link(code: &str) -> String {
    let folder = match code.as_bytes() {
        [_, _, b'7', b'2', ..] => "rules",
        [_, _, b'7', ..] => "certificates",
        [_, _, _, b'5', _] => "findings",
        _ => "rules",
    };
    format!("[{code}](../{folder}/{code}.md)")
}

/// Text as code within a line, whatever it holds.
fn code(text: &str) -> String {
    if text.contains("``") {
        format!("``` {text} ```")
    } else if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

fn cell(text: &str) -> String {
    code(&text.replace("{}", "…").replace('|', "\\|"))
}
