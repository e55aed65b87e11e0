use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use facts::Behaviour;
use python::convert;
use simulate::outcome::{Api, ClientKind};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP510",
    name: "sentinels-speak-resp3",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "`protocol: 3` beside sentinels: redis-py can't read what they answer.",
    why: "From LiteLLM 1.85.0 on, the sentinels' connections get the settings of the master's. Redis-py before 8.0.0 reads a \
        sentinel's list of masters as RESP 2 alone: over RESP 3, each use of the cache fails with `KeyError: 'flags'` \
        (from 7 on `'name'`), although LiteLLM starts.",
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
    sentinel_nodes: [[localhost, 26379]]
    service_name: mymaster
    protocol: 3
",
    )
    .on("1.109.1", "5.3.1"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    sentinel_nodes: [[localhost, 26379]]
    service_name: mymaster
",
    )
    .on("1.109.1", "5.3.1"),
    cases: &[
        silent(RESP3).on("1.109.1", "8.1.0"),
        silent(RESP2).on("1.109.1", "5.3.1"),
        silent(RESP3).on("1.80.0", "5.3.1"),
        raises(RESP3).on("1.109.1", "6.1.0").says(&["KeyError"]),
        raises(COORDINATION).on("1.109.1", "7.4.1").says(&["oordination"]),
        raises(VARIABLE).env("REDIS_PROTOCOL=3\n").on("1.109.1", "5.3.1").says(&["REDIS_PROTOCOL"]),
    ],
    check,
};

const RESP3: &str = r#"
litellm_settings:
  cache: true
  cache_params: {type: redis, sentinel_nodes: [[localhost, 26379]], service_name: mymaster, protocol: "3"}
"#;
const RESP2: &str = r"
litellm_settings:
  cache: true
  cache_params: {type: redis, sentinel_nodes: [[localhost, 26379]], service_name: mymaster, protocol: 2}
";
const COORDINATION: &str = r"
general_settings:
  coordination_redis: {sentinel_nodes: [[localhost, 26379]], service_name: mymaster, protocol: 3}
";
const VARIABLE: &str = r"
litellm_settings:
  cache: true
  cache_params: {type: redis, sentinel_nodes: [[localhost, 26379]], service_name: mymaster}
";

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.pair.behaves(Behaviour::Resp3ByDefault) {
        return vec![];
    }
    let mut found: Vec<Finding> = vec![];
    let clients = context.outcome.clients.iter();
    for client in
        clients.filter(|client| client.kind == ClientKind::Sentinel && client.api != Api::Native)
    {
        let protocols = client.sentinels.iter().map(|sentinel| &sentinel.protocol.value);
        let mut resp3 =
            protocols.filter(|it| convert::int(it).is_ok_and(|number| number == 3.into()));
        let Some(protocol) = resp3.next() else { continue };
        let span = context.span_of(&protocol.origin);
        if found.iter().any(|one| one.primary.span == span) {
            continue;
        }
        let from = protocol.origin.variable().map(|name| format!(" ({name})")).unwrap_or_default();
        let message = format!(
            "{} asks the sentinels over RESP 3{from}, and can't read their answer: each use fails with a KeyError.",
            super::context::client_name(client)
        );
        let finding = RULE.at(span, message).label("for the sentinels too");
        found.push(
            match (protocol.origin.variable(), span.and_then(|span| context.key_at(span))) {
                (None, Some((path, _))) => {
                    let remove = Operation::Remove { path: path.clone() };
                    let fix = context.fix("Remove protocol".to_owned(), Safety::Safe, &[remove]);
                    finding.path(path).help("Remove it, or run redis-py 8.").fix(fix)
                }
                (Some(name), _) => finding.help(format!("Unset {name}, or run redis-py 8.")),
                (None, None) => finding.help("Speak RESP 2, or run redis-py 8."),
            },
        );
    }
    found
}
