use super::context::{arguments, reference, url};
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use serde_json::json;
use simulate::outcome::{ClientKind, Consumer};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP801",
    name: "no-socket-timeout",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "A client waits for Redis without a limit.",
    why: "Without `socket_timeout` a Redis that accepts connections and does not answer holds up every \
        request that uses it. LiteLLM's default of 5 seconds does not reach clients that are built \
        from a url (before 1.96.0) or for a cluster (before 1.87.0).",
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
    url: redis://localhost:6379
",
    ),
    fixed: Example::old(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://localhost:6379?socket_timeout=5
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut seen: Vec<Consumer> = Vec::new();
    for (client, connection) in context.connections() {
        if !connection.socket_timeout.value.is_none() {
            continue;
        }
        let consumer_said = seen.contains(&client.consumer);
        if consumer_said {
            continue;
        }
        seen.push(client.consumer);
        let origin = match client.kind {
            ClientKind::RedisCluster => client.nodes.first().map(|node| &node.host.value.origin),
            _ => Some(&connection.host.value.origin),
        };
        let span = origin.and_then(|origin| context.span_of(origin));
        let message = format!(
            "{} has no socket timeout: it waits for Redis without a limit.",
            context.name_where(client, |_, other| other.socket_timeout.value.is_none())
        );
        if span.is_some() && found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let diagnostic = RULE.at(span, message).label("no socket_timeout");
        let cures = in_the_config(context, client.consumer);
        let diagnostic = context.cured_by(&CHECK, diagnostic, cures);
        let releases = context.other_releases(&CHECK, &diagnostic);
        found.push(releases.into_iter().fold(diagnostic, Finding::cure));
    }
    found
}

/// What the config could say of it.
fn in_the_config(context: &Context<'_>, consumer: Consumer) -> Vec<Cure> {
    let (url, timeout) = (url(consumer), format!("{}.socket_timeout", arguments(consumer)));
    let written = context.value(url).and_then(python::Value::as_str);
    // The whole url may be in a variable.
    let written = written.filter(|text| text.contains("://"));
    let in_url = written.map(|text| {
        let sign = if text.contains('?') { '&' } else { '?' };
        let value = json!(format!("{text}{sign}socket_timeout=5"));
        Cure::edit(
            format!("Add `{sign}socket_timeout=5` to the url."),
            vec![Operation::Set { path: url.to_owned(), value }],
        )
    });
    let beside = Cure::edit(
        format!("Set `{timeout}: 5`."),
        vec![Operation::Set { path: timeout, value: json!(5) }],
    );
    let in_variable = context.value(url).and_then(reference).is_some();
    let elsewhere = Cure::Elsewhere { words: "Add `socket_timeout=5` to the url's query." };
    let elsewhere = in_variable.then_some(elsewhere);
    in_url.into_iter().chain([beside]).chain(elsewhere).collect()
}
