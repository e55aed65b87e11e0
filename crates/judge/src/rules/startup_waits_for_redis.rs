use super::case::{raises, silent};
use super::context::{arguments, client_name_within, is_local, target};
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use deployment::Patience;
use serde_json::json;
use serving::waiting::{Wait, waits};
use simulate::outcome::Consumer;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP810",
    name: "startup-waits-for-redis",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "While Redis is unreachable, start-up takes longer than the probe of the pod allows.",
    why: "LiteLLM makes each Redis cache with a sync client that asks for INFO and PING at once. It goes on without \
        them, but only after redis-py has given up: redis-py 6 tries a connection that times out four times, 7.2 one \
        that is refused too, with pauses of up to 8 seconds, and redis-py 8 tries eleven times. Until then no health \
        check is answered. Where the probe's patience ends before, Kubernetes restarts the pod again and again for as \
        long as Redis is down, although LiteLLM would serve without. A client that is made of a `url` has no retries.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(LIVENESS),
    fixed: Example::new(CONFIG).beside(STARTUP),
    cases: &[
        raises(CONFIG)
            .beside(LIVENESS)
            .path("litellm_settings.cache_params.host")
            .severity(Severity::Warning)
            .says(&[
                "While redis:6379 does not answer",
                "up to 120.5 s",
                "22 times",
                "after 30 s",
                "Use redis-py 5.3.1 or older",
            ])
            .says_not(&["refuses"]),
        // A probe that is hurried does not wait for a refusal either.
        raises(CONFIG)
            .beside(HURRIED)
            .says(&["refuses connections or does not answer", "up to 10.5 s", "after 10 s"]),
        raises(CONFIG).on("1.80.0", "7.2.2").beside(LIVENESS).says(&["8 times", "68 s"]),
        raises(CONFIG).on("1.109.1", "6.1.0").beside(LIVENESS).says(&["68 s"]),
        silent(CONFIG).on("1.109.1", "5.3.1").beside(LIVENESS),
        silent(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    url: redis://:pw@redis:6379\n",
        )
        .beside(LIVENESS),
        silent(CONFIG),
    ],
    check,
};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis\n    port: 6379\n";
const LIVENESS: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.109.1\n          livenessProbe: {httpGet: {path: /health/liveliness, port: 4000}}\n";
const HURRIED: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.109.1\n          livenessProbe: {httpGet: {path: /health/liveliness, port: 4000}, periodSeconds: 5, failureThreshold: 2}\n";
const STARTUP: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.109.1\n          startupProbe: {httpGet: {path: /health/liveliness, port: 4000}, failureThreshold: 30}\n          livenessProbe: {httpGet: {path: /health/liveliness, port: 4000}}\n";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(patience) = context.container.and_then(|container| container.patience) else {
        return vec![];
    };
    if !context.starts() {
        return vec![];
    }
    let mut found: Vec<Finding> = vec![];
    for wait in waits(context.outcome, context.pair) {
        let Some(connection) = wait.client.sentinels.first().or(wait.client.connection.as_ref())
        else {
            continue;
        };
        if is_local(wait.client, connection) {
            continue;
        }
        let Some(message) = words(&wait, &target(wait.client, connection), patience) else {
            continue;
        };
        let span = context.span_of(&connection.host.value.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let consumer = wait.client.consumer;
        let (host, timeout) =
            (host(consumer), format!("{}.socket_connect_timeout", arguments(consumer)));
        let path = if context.entry(host).is_some() { host } else { "" };
        let finding = RULE
            .at(span, message)
            .label("asked before the proxy serves")
            .path(path)
            .related(patience.span, "how long Kubernetes waits");
        let sooner = Cure::edit(
            format!("Set `{timeout}: 1`."),
            vec![Operation::Set { path: timeout, value: json!(1) }],
        );
        let finding = context.cured_by(&CHECK, finding, [sooner]);
        let releases = context.other_releases(&CHECK, &finding);
        let probe =
            Cure::Elsewhere { words: "Give the container a `startupProbe` that waits longer." };
        found.push(releases.into_iter().chain([probe]).fold(finding, Finding::cure));
    }
    found
}

/// Where a consumer's host is written.
fn host(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response | Consumer::Semantic => "litellm_settings.cache_params.host",
        Consumer::Usage => "general_settings.coordination_redis.host",
        Consumer::Router => "router_settings.redis_host",
    }
}

/// What takes longer than the probe waits; `None` where nothing does.
fn words(wait: &Wait<'_>, target: &str, patience: Patience) -> Option<String> {
    let Patience { probe, seconds: most, .. } = patience;
    #[expect(clippy::cast_precision_loss, reason = "seconds of a probe")]
    let too_long = |seconds: &f64| *seconds > most as f64;
    let refused = Some(wait.pauses).filter(|_| wait.refused).filter(too_long);
    let silent = wait.silent().filter(too_long);
    let (state, longest) = match (refused, silent) {
        (None, None) => return None,
        (Some(refused), _) => ("refuses connections or does not answer", refused),
        (None, Some(silent)) => ("does not answer", silent),
    };
    let client = client_name_within(wait.client);
    let attempts = wait.attempts;
    let tenths = (longest * 10.0).round() / 10.0;
    Some(format!(
        "While {target} {state}, start-up takes up to {tenths} s longer, since {client} tries {attempts} times: the pod's {probe} has it restarted after {most} s."
    ))
}
