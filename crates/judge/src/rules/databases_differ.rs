use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::convert;
use simulate::outcome::{Connection, Consumer};

pub(super) static RULE: Rule = Rule {
    code: "RP405",
    name: "databases-differ",
    category: Category::Precedence,
    severity: Severity::Hint,
    summary: "The response cache and the router use different databases of one Redis.",
    why: "Both work, and nothing is shared between them: clearing one leaves the other, and memory limits \
        count both together. Most configurations mean one database.",
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
    db: 1
router_settings:
  redis_host: localhost
  redis_port: 6379
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
    db: 1
router_settings:
  redis_host: localhost
  redis_port: 6379
  cache_kwargs:
    db: 1
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let connections = context.connections();
    let of = |consumer: Consumer| {
        connections.iter().find(|(client, _)| client.consumer == consumer).map(|(_, c)| *c)
    };
    let (Some(cache), Some(router)) = (of(Consumer::Response), of(Consumer::Router)) else {
        return vec![];
    };
    let text = |connection: &Connection| {
        let host = convert::str_of(&connection.host.value).ok()?;
        let port = convert::str_of(&connection.port.value).ok()?;
        let db = convert::str_of(&connection.db.value).ok()?;
        Some((host, port, db))
    };
    let (Some(one), Some(other)) = (text(cache), text(router)) else {
        return vec![];
    };
    if (&one.0, &one.1) != (&other.0, &other.1) || one.2 == other.2 || one.0 == "None" {
        return vec![];
    }
    let span = context
        .span_of(&router.db.value.origin)
        .or_else(|| context.span_of(&cache.db.value.origin));
    let message = format!(
        "The response cache uses database {} and the router database {} of the same Redis.",
        one.2, other.2
    );
    let found = RULE.at(span, message).label("another database");
    vec![found.related(context.span_of(&cache.db.value.origin), "the response cache's database")]
}
