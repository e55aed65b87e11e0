use super::case::raises;
use super::sentinel_beside_host::repeated;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::source::{SourceId, Span};
use python::Value;
use simulate::outcome::{PyException, Raise, Startup};

pub(super) static RULE: Rule = Rule {
    code: "RP101",
    name: "does-not-start",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "LiteLLM stops at start-up with an exception.",
    why: "LiteLLM builds its Redis clients while it loads the config. What redis-py or LiteLLM \
        refuses there stops the proxy, before it serves a request. The message is LiteLLM's own.",
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
    max_connections: -5
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
    max_connections: 50
",
    ),
    cases: &[
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: redis://:redispass#1@redis.internal:6379
",
        )
        .says(&["`%23`"]),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
",
        )
        .says(&["under this key"]),
        raises(
            r"
model_list: []
litellm_settings:
  cache: true
  cache_params:
    type: redis-semantic
    similarity_threshold: 0.8
",
        )
        .path("litellm_settings.cache_params.type")
        .says(&["`host`"]),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if let Startup::Unknown(why) = &context.outcome.startup {
        let message = format!("Whether LiteLLM starts depends on {why}.");
        let start = Span::new(SourceId::CONFIG, 0, 0);
        return vec![RULE.at(Some(start), message).severity(Severity::Hint)];
    }
    let Some(exception) = context.startup_exception() else {
        return vec![];
    };
    if context.document.is_err() || is_said_elsewhere(exception) {
        return vec![];
    }
    let mut spans = exception.origins.iter().filter_map(|origin| context.span_of(origin));
    let start = Span::new(SourceId::CONFIG, 0, 0);
    let message = format!("LiteLLM does not start: {exception}");
    let mut found = RULE.at(Some(spans.next().unwrap_or(start)), message);
    let lacks_target = exception.reason == Raise::NoSemanticTarget;
    if lacks_target && let Some(entry) = context.entry("litellm_settings.cache_params.type") {
        found.primary.span = entry.value.span();
        found =
            found.help("Set `host`, `port` and `password`, or these variables where LiteLLM runs.");
    }
    if let Some(help) = super::client_fails::service_link(context, exception) {
        found = found.help(help);
    }
    if exception.reason == Raise::UrlPort {
        found = found.help(
            "A `#`, `/`, `?` or `[` in the password ends the host's part of the URL there: write \
             `%23`, `%2F`, `%3F` or `%5B`. Else correct the port.",
        );
    }
    if let Some((path, _)) = found.primary.span.and_then(|span| context.key_at(span)) {
        if context.value(&path).is_some_and(Value::is_none) {
            found = found.help("Write what belongs under this key, or remove the key.");
        }
        found = found.path(path);
    }
    for origin in &exception.origins {
        found = found.related(context.span_of(origin), "this plays a part");
    }
    vec![found]
}

/// Whether another rule speaks of it.
fn is_said_elsewhere(exception: &PyException) -> bool {
    match exception.reason {
        Raise::NotYaml
        | Raise::UnexpectedArgument(_)
        | Raise::NoTarget
        | Raise::UnknownCacheType
        | Raise::NotACache => true,
        Raise::RepeatedArgument(_) => repeated(exception).is_some(),
        Raise::Other
        | Raise::EmptyConfig
        | Raise::NoSemanticTarget
        | Raise::ClusterRefuses
        | Raise::ClusterNodesVariable
        | Raise::UrlPort
        | Raise::RoutingStrategy
        | Raise::MisplacedRouterSetting => false,
    }
}
