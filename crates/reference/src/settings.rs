//! The reference of all settings and variables, in Markdown.

use std::fmt::Write as _;

use crate::precedence;
use facts::catalogue::words::code;
use facts::catalogue::{Field, Section, fields};
use facts::{Pair, ReleaseRange};

/// The pages of the settings, each with its path below `docs/`.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = vec![
        ("settings/README.md".to_owned(), index()),
        ("variables.md".to_owned(), precedence::page()),
    ];
    pages.extend(
        Section::ALL.map(|section| (format!("settings/{}.md", file(section)), page(section))),
    );
    pages
}

/// What a section is for.
fn purpose(section: Section) -> &'static str {
    match section {
        Section::CacheParams => {
            "the response cache, whose Redis the router and coordination share where they have none of \
             their own"
        }
        Section::RouterSettings => "the router; all that it takes, Redis or not",
        Section::CacheKwargs => "what the router's own Redis takes beside host, port and password",
        Section::CoordinationRedis => "a Redis for rate limits, spend and locks across replicas",
        Section::LitellmSettings => "what turns the cache on, and what goes with it",
        Section::GeneralSettings => "the proxy's own uses of Redis",
        Section::Environment => "variables that repeat no key of the config",
    }
}

/// The name of a section's page.
fn file(section: Section) -> &'static str {
    match section {
        Section::Environment => "environment",
        section => section.path().rsplit('.').next().unwrap_or_default(),
    }
}

fn title(section: Section) -> String {
    match section {
        Section::Environment => "Variables of their own".to_owned(),
        section => code(section.path()),
    }
}

fn index() -> String {
    let newest = Pair::newest();
    let mut text = format!(
        "# Settings\n\n\
         Every setting that has to do with Redis, and every setting of the router, for LiteLLM {} to {} \
         and redis-py {} to {}. Where a setting is not written, LiteLLM reads its variable: \
         [who wins](../variables.md).\n\n| section | settings | for |\n| --- | --- | --- |\n",
        Pair::litellm_releases().first().copied().unwrap_or(newest.litellm),
        newest.litellm,
        Pair::redis_py_releases().first().copied().unwrap_or(newest.redis_py),
        newest.redis_py,
    );
    for section in Section::ALL {
        let count = fields_in(section).count();
        let (title, file, purpose) = (title(section), file(section), purpose(section));
        writeln!(text, "| [{title}]({file}.md) | {count} | {purpose} |").unwrap_or_default();
    }
    text
}

fn fields_in(section: Section) -> impl Iterator<Item = &'static Field> {
    fields().filter(move |field| field.sections.contains(&section))
}

fn page(section: Section) -> String {
    let mut text = format!("# {}\n\nFor {}.\n\n", title(section), purpose(section));
    let names: Vec<String> = fields_in(section)
        .map(|field| format!("[{0}](#{1})", code(field.name), anchor(field)))
        .collect();
    writeln!(text, "{}", names.join(", ")).unwrap_or_default();
    for field in fields_in(section) {
        entry(&mut text, field, section);
    }
    text
}

/// The heading's anchor, as mdBook and GitHub make it.
fn anchor(field: &Field) -> String {
    field.name.to_ascii_lowercase()
}

fn entry(text: &mut String, field: &Field, section: Section) {
    let Field { name, meaning, default, .. } = field;
    let secret = if field.is_secret() { " A secret." } else { "" };
    let mut facts = vec![format!("Takes {}.", field.kind.words())];
    if !default.is_empty() {
        facts.push(format!("Default: {}.", code(default)));
    }
    if let Some(variable) = field.variable().filter(|_| section != Section::Environment) {
        facts.push(format!("Variable: [{}](../variables.md).", code(&variable)));
    }
    facts.push(format!("Releases: {}.", releases(field.releases())));
    facts.push(format!("Has an effect on {}.", field.reach.words()));
    let facts = facts.join(" ");
    write!(text, "\n## `{name}`\n\n{meaning}{secret}\n\n{facts}\n").unwrap_or_default();
}

fn releases(range: ReleaseRange) -> String {
    let ReleaseRange { software, since, until } = range;
    let software = software.name();
    match (since, until) {
        (None, None) => "all".to_owned(),
        (Some(since), None) => format!("{software} from {since} on"),
        (None, Some(until)) => format!("{software} up to {until}"),
        (Some(since), Some(until)) => format!("{software} {since} to {until}"),
    }
}
