use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::Origin;
use simulate::trace::Event;

pub(super) static RULE: Rule = Rule {
    code: "RP403",
    name: "url-replaces-target",
    category: Category::Precedence,
    severity: Severity::Warning,
    summary: "A `url` beside host, port, db or password: they are dropped.",
    why: "A `url` (or the router's `redis_url`) says all of it: LiteLLM drops host, port, db and \
        password next to it, the password too when the url holds none.",
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
    url: redis://localhost:6379
    port: 6380
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for event in &context.outcome.trace {
        let Event::Overridden { setting, loser, winner } = event else { continue };
        let target = matches!(setting.as_str(), "host" | "port" | "db" | "password");
        let written = |origin: &Origin| !matches!(origin, Origin::Environment(_));
        if !target || !written(winner) || winner.span().is_none() || !written(&loser.origin) {
            continue;
        }
        let span = context.span_of(&loser.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let severity = if setting == "password" { Severity::Error } else { Severity::Warning };
        let diagnostic = RULE
            .at(span, format!("LiteLLM drops the `{setting}`: the url beside it counts."))
            .severity(severity)
            .label("dropped")
            .related(context.span_of(winner), "this wins")
            .help("Write it into the url, or give host and port instead of the url.");
        found.push(match span.and_then(|span| context.key_at(span)) {
            Some((path, _)) => diagnostic.path(path),
            None => diagnostic,
        });
    }
    found
}
