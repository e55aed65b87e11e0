use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::Origin;
use simulate::trace::Event;

pub(super) static RULE: Rule = Rule {
    code: "RP401",
    name: "environment-url-replaces-target",
    category: Category::Precedence,
    severity: Severity::Error,
    summary: "REDIS_URL replaces the host, port, db and password of the config.",
    why: "LiteLLM before 1.93.0 takes `REDIS_URL` from the environment even where the config names a \
        host, and drops host, port, db and password for it. What the url does not say is then gone: \
        most often the password. From 1.93.0 on a configured host wins.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6380
",
    )
    .env("REDIS_URL=redis://localhost:6379?socket_timeout=5\n"),
    fixed: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6380
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut lost: Vec<(&str, &Origin, &Origin)> = Vec::new();
    for event in &context.outcome.trace {
        if let Event::Overridden { setting, loser, winner } = event
            && winner.variable() == Some("REDIS_URL")
            && matches!(winner, Origin::Environment(_))
            && matches!(loser.origin, Origin::Config(_) | Origin::Reference { .. })
            && !lost.iter().any(|(_, origin, _)| **origin == loser.origin)
        {
            lost.push((setting, &loser.origin, winner));
        }
    }
    let Some((_, first, winner)) = lost.first() else {
        return vec![];
    };
    let names: Vec<&str> = lost.iter().map(|(name, ..)| *name).collect();
    let mut listed = names.clone();
    listed.dedup();
    let message = format!(
        "REDIS_URL replaces this: LiteLLM {} drops `{}` of the config and connects to where the url points.",
        context.pair.litellm,
        listed.join("`, `")
    );
    let mut found = RULE
        .at(context.span_of(first), message)
        .label("replaced by REDIS_URL")
        .related(context.span_of(winner), "this wins");
    for (_, origin, _) in &lost[1..] {
        found = found.related(context.span_of(origin), "replaced too");
    }
    if let Some((path, _)) = context.span_of(first).and_then(|span| context.key_at(span)) {
        found = found.path(path);
    }
    let password = names.contains(&"password");
    let sent =
        context.connections().iter().all(|(_, connection)| connection.password.may_be_sent());
    if password && !sent {
        found.message.push_str(" No password is sent.");
    }
    vec![found.help("Unset REDIS_URL where LiteLLM runs.")]
}
