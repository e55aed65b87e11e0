use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::{Origin, convert};
use simulate::outcome::{Connection, Setting};

pub(super) static RULE: Rule = Rule {
    code: "RP404",
    name: "configured-value-beats-variable",
    category: Category::Precedence,
    severity: Severity::Hint,
    summary: "A variable says something else than the config, and the config wins.",
    why: "For each setting the config beats `REDIS_*`. A variable that disagrees has no effect, until \
        somebody removes the line from the config.",
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
",
    )
    .env("REDIS_PORT=6378\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    )
    .env("REDIS_PORT=6379\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (_, connection) in context.connections() {
        for (name, setting) in settings(connection) {
            for lost in &setting.overrode {
                let Origin::Environment(variable) = &lost.origin else { continue };
                let same = match (convert::str_of(lost), convert::str_of(&setting.value)) {
                    (Ok(lost), Ok(kept)) => lost == kept,
                    _ => true,
                };
                let span = context.span_of(&lost.origin);
                let said = found.iter().any(|other| other.message.contains(&**variable));
                if same || said || setting.value.span().is_none() {
                    continue;
                }
                let message = format!("{variable} has no effect: the config sets another {name}.");
                found.push(
                    RULE.at(span, message)
                        .label("not used")
                        .related(context.span_of(&setting.value.origin), "this wins"),
                );
            }
        }
    }
    found
}

fn settings(connection: &Connection) -> [(&'static str, &Setting); 6] {
    [
        ("host", &connection.host),
        ("port", &connection.port),
        ("db", &connection.db),
        ("username", &connection.username),
        ("socket timeout", &connection.socket_timeout),
        ("client name", &connection.client_name),
    ]
}
