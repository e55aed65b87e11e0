//! The reference of all settings and variables, in Markdown.

use std::fmt::Write as _;

use super::words::code;
use super::{Field, Section, fields};
use crate::releases::{Pair, ReleaseRange};

/// Every setting that has to do with Redis, by section.
pub fn page() -> String {
    let newest = Pair::newest();
    let mut text = format!(
        "# Settings\n\n\
         Every setting that has to do with Redis, and every setting of the router, for LiteLLM {} to {} \
         and redis-py {} to {}. Where a setting is not written, LiteLLM reads its variable. \
         *Since* and *until* name the first and the last release that know a setting; empty means all.\n",
        Pair::litellm_releases().first().copied().unwrap_or(newest.litellm),
        newest.litellm,
        Pair::redis_py_releases().first().copied().unwrap_or(newest.redis_py),
        newest.redis_py,
    );
    for section in Section::ALL {
        let title = match section {
            Section::Environment => "Variables of their own",
            section => section.path(),
        };
        write!(
            text,
            "\n## {title}\n\n\
             | name | takes | default | variable | since | until | has an effect on | |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        )
        .unwrap_or_default();
        for field in fields().filter(|field| field.sections.contains(&section)) {
            row(&mut text, field, section);
        }
    }
    text
}

fn row(text: &mut String, field: &Field, section: Section) {
    let ReleaseRange { software, since, until } = field.releases();
    let release = |bound: Option<_>| {
        bound.map_or_else(String::new, |release| format!("{} {release}", software.name()))
    };
    let variable = field.variable().filter(|_| section != Section::Environment);
    let secret = if field.is_secret() { " A secret." } else { "" };
    writeln!(
        text,
        "| `{}` | {} | {} | {} | {} | {} | {} | {}{secret} |",
        field.name,
        field.kind.words(),
        code(field.default),
        code(variable.as_deref().unwrap_or("")),
        release(since),
        release(until),
        field.reach.words(),
        field.meaning.replace('|', "\\|"),
    )
    .unwrap_or_default();
}
