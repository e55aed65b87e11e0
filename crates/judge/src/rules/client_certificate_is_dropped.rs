use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use simulate::trace::DropReason;

pub(super) static RULE: Rule = Rule {
    code: "RP306",
    name: "client-certificate-is-dropped",
    former_names: &["client-certificate-is-lost"],
    category: Category::Tls,
    severity: Severity::Error,
    summary: "LiteLLM does not pass the client certificate to its cluster client.",
    why: "For Redis Cluster, LiteLLM passes on only the settings on a list. The client certificate and \
        its key are not on the list of the sync client, which discovers the cluster at start-up: a \
        server that asks for a certificate refuses it.",
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
    redis_startup_nodes:
      - host: localhost
        port: 7000
    ssl: true
    ssl_certfile: /etc/redis/client.crt
    ssl_keyfile: /etc/redis/client.key
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    redis_startup_nodes:
      - host: localhost
        port: 7000
    ssl: true
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (setting, origin, why) in
        context.dropped(&[DropReason::NotForSyncCluster, DropReason::NotForAsyncCluster])
    {
        if !matches!(setting, "ssl_certfile" | "ssl_keyfile") {
            continue;
        }
        let which = if why == DropReason::NotForSyncCluster { "sync" } else { "async" };
        let span = context.span_of(origin);
        let key = span.and_then(|span| context.key_at(span));
        let place = key.as_ref().map(|(_, key)| *key).or(span);
        if let Some(other) = found.iter_mut().find(|other| other.primary.span == place) {
            other.message = format!(
                "LiteLLM passes `{setting}` to neither of its cluster clients. A server that asks for it refuses them, and LiteLLM does not start."
            );
            continue;
        }
        let then = match which {
            "sync" => {
                " A server that asks for it refuses this client, which connects while LiteLLM starts: it does not start."
            }
            _ => "",
        };
        let message =
            format!("LiteLLM does not pass `{setting}` to its {which} cluster client.{then}");
        let diagnostic = RULE.at(place, message).label("lost").help(
            "Let the server ask for no client certificate (`tls-auth-clients no`) and authenticate by user and password, or end TLS in a sidecar.",
        );
        found.push(match key {
            Some((path, _)) => diagnostic.path(path),
            None => diagnostic,
        });
    }
    found
}
