//! The page of all known defects, in Markdown.

use std::fmt::Write as _;

use facts::defects::{Affected, Defect, Reach};

/// All known defects: releases, condition, what happens, cure, and what was read.
pub fn page() -> String {
    let mut text = String::from(
        "# Known defects\n\nDefects of LiteLLM releases around Redis, each with LiteLLM's issue or \
         pull request, and read in the published wheels on both sides of its bounds. \
         [RP910](rules/RP910.md) names those that a configuration asks for; `redproof compare` says \
         which an upgrade brings and which it takes away. Those marked *any* are met by every proxy \
         with such a Redis, and only `compare` says them.\n\n\
         | defect | LiteLLM | met where |\n| --- | --- | --- |\n",
    );
    for defect in Defect::all() {
        let any = if defect.reach == Reach::Any { " *any*" } else { "" };
        let Defect { id, name, when, .. } = defect;
        let releases = releases(defect.affected);
        writeln!(
            text,
            "| [{id}](#{anchor}) {name}{any} | {releases} | {when} |",
            anchor = id.to_lowercase()
        )
        .unwrap_or_default();
    }
    for defect in Defect::all() {
        one(&mut text, defect);
    }
    text
}

fn one(text: &mut String, defect: &Defect) {
    let Defect { id, name, happens, cure, source, when, .. } = defect;
    write!(text, "\n## {id}\n\n**{name}**, LiteLLM {}.\n\n", releases(defect.affected))
        .unwrap_or_default();
    write!(text, "{happens}\n\n- Met where {when}").unwrap_or_default();
    if let Some(depends) = defect.depends {
        write!(text, "; if {depends}").unwrap_or_default();
    }
    let seen: Vec<String> =
        defect.references.iter().map(|one| format!("[#{}]({})", one.number(), one.url())).collect();
    write!(text, ".\n- {cure}\n- LiteLLM's {}. Read in: {source}\n", seen.join(", "))
        .unwrap_or_default();
}

/// `1.85.0 to before 1.85.1, from 1.86.0`
fn releases(affected: &[Affected]) -> String {
    let parts: Vec<String> = affected
        .iter()
        .map(|one| match one.until {
            Some(until) => format!("{} to before {until}", one.since),
            None => format!("from {}", one.since),
        })
        .collect();
    parts.join(", ")
}
