use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::source::Span;

pub(super) static RULE: Rule = Rule {
    code: "RP211",
    name: "duplicate-key",
    former_names: &["key-stands-twice"],
    category: Category::NoEffect,
    severity: Severity::Error,
    summary: "A duplicate key in a mapping: the first value is lost.",
    why: "Where a mapping has a key twice, PyYAML takes the last one and says nothing. With a section \
        such as `litellm_settings`, all that stood in the first one is gone.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
litellm_settings:
  drop_params: true
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
  drop_params: true
",
    ),
    cases: &[],
    check,
};

/// The mappings that LiteLLM's Redis depends on; `""` is the whole config.
const MAPPINGS: [&str; 8] = [
    "",
    "litellm_settings",
    "litellm_settings.cache_params",
    "router_settings",
    "router_settings.cache_kwargs",
    "general_settings",
    "general_settings.coordination_redis",
    "environment_variables",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for mapping in MAPPINGS {
        for entry in context.entries(mapping) {
            let name = entry.key.as_str().unwrap_or("?");
            let section = entry.value.as_dict().is_some();
            // One finding, however often it is there.
            if let Some(&span) = entry.overwritten.first()
                && !branches(context, span, context.span_of(&entry.key.origin))
            {
                let times = match entry.overwritten.len() {
                    1 => "twice".to_owned(),
                    more => format!("{} times", more + 1),
                };
                let last = context.span_of(&entry.key.origin);
                let other = last.filter(|last| last.source != span.source);
                let message = match other.and_then(|last| context.source_name(last.source)) {
                    Some(file) => format!(
                        "{file}, which `include` names, has `{name}` too: LiteLLM takes only that one."
                    ),
                    None => format!("`{name}` appears {times}: LiteLLM takes only the last one."),
                };
                let help = match section {
                    true => format!("Write all of it under one `{name}`."),
                    false => "Remove one of them.".to_owned(),
                };
                let severity = if section { Severity::Error } else { Severity::Warning };
                let diagnostic = RULE.at(Some(span), message).label("lost").severity(severity);
                found.push(
                    diagnostic
                        .related(context.span_of(&entry.key.origin), "this one counts")
                        .help(help),
                );
            }
        }
    }
    found
}

/// Whether a template chooses between the two: `{% else %}` of Jinja, `{{ else }}` of Helm.
fn branches(context: &Context<'_>, first: Span, last: Option<Span>) -> bool {
    let between = last.filter(|last| last.source == first.source).and_then(|last| {
        let text = &context.sources.first()?.text;
        text.get(first.range().start..last.range().start)
    });
    let chooses = |tag: &str| {
        let tag = tag.trim_start_matches(['-', ' ']);
        ["else", "elif", "if ", "end"].iter().any(|word| tag.starts_with(word))
    };
    between.is_some_and(|between| {
        ["{%", "{{"].iter().any(|open| between.split(open).skip(1).any(chooses))
    })
}
