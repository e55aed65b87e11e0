use super::case::raises;
use super::no_redis_target::semantic_target;
use super::sentinel_beside_host::repeated;
use super::url_password_is_misread;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::listed::{listed, listed_code};
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
        .says(&["`%23`"])
        .says_not(&["redispass"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, url: 'redis://:ab[c]d@r:6379'}}\n")
            .says(&["`%5B`"])
            .says_not(&["'c'"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, url: 'redis+sentinel://s1:26379/mymaster'}}\n")
            .says(&["`sentinel_nodes`"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: h, port: 6379, password: os.environ/P, similarity_threshold: 0.8}}\n")
            .on("1.80.0", "5.3.1")
            .env("P=pw-1234\n")
            .severity(Severity::Warning)
            .says(&["redisvl", "does not bring"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: h, port: 6379, password: os.environ/P, similarity_threshold: 0.8}}\n")
            .on("1.80.0", "5.3.1")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:main-v1.80.0\n    environment: {P: pw-1234}\n")
            .severity(Severity::Error)
            .says(&["extra_proxy"]),
        // LiteLLM's image brings the package.
        raises("litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: h, port: 6379, password: os.environ/P, similarity_threshold: 0.8}}\n")
            .on("1.85.0", "5.3.1")
            .env("P=pw-1234\n")
            .severity(Severity::Warning)
            .says(&["own image brings it"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: h, port: 6379, password: os.environ/P, similarity_threshold: 0.8}}\n")
            .on("1.85.0", "5.3.1")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:main-v1.85.0\n    environment: {P: pw-1234}\n")
            .severity(Severity::Hint)
            .says(&["depends on", "embedding model"]),
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
        raises("litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: redis, port: 6379, similarity_threshold: 0.8}}\n")
            .says(&["Set `password`, or REDIS_PASSWORD"]),
        raises("litellm_settings: {callbacks: [some_word]}\n")
            .says(&["one of LiteLLM's own", "`my_module.my_handler`"]),
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
    let said = url_password_is_misread::said(context, exception);
    let message = format!("LiteLLM does not start: {said}");
    let mut found = RULE.at(Some(spans.next().unwrap_or(start)), message);
    let lacks_target = exception.reason == Raise::NoSemanticTarget;
    if lacks_target && let Some(entry) = context.entry("litellm_settings.cache_params.type") {
        found.primary.span = entry.value.span();
        let lacking = semantic_target(context);
        let (keys, variables): (Vec<&str>, Vec<&str>) = lacking.into_iter().unzip();
        let (keys, variables) = (listed_code(&keys, "and"), listed(&variables, "and"));
        found = found.help(format!("Set {keys}, or {variables} where LiteLLM runs."));
    }
    if let Some(help) = super::client_fails::service_link(context, exception) {
        found = found.help(help);
    }
    if let Some(help) = url_password_is_misread::cure(context, exception) {
        found = found.help(help);
    }
    if let Raise::NoPackage(package) = exception.reason {
        found = without_package(context, found, package);
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
    vec![context.cured(&CHECK, found, exception)]
}

/// Whether a package is there is known of LiteLLM's own image, and where a file installs it.
fn without_package(context: &Context<'_>, found: Finding, package: &str) -> Finding {
    let mut found = found;
    if let Some(entry) = context.entry("litellm_settings.cache_params.type") {
        found.primary.span = entry.value.span();
        "litellm_settings.cache_params.type".clone_into(&mut found.path);
    }
    let litellm = context.pair.litellm;
    if facts::image_brings(litellm, package) {
        found.message = format!(
            "LiteLLM starts only where the package {package} is installed: LiteLLM {litellm}'s own image brings it, \
             `pip install litellm` does not."
        );
        return found.severity(Severity::Warning).help(format!(
            "Install {package} beside LiteLLM, or run LiteLLM's image. Or: use `type: redis`."
        ));
    }
    // The extra names the release of redisvl that LiteLLM was written for.
    let by = if package == "redisvl" { "\"litellm[extra_proxy]\"" } else { package };
    let help = format!(
        "Install {package} beside LiteLLM (`pip install {by}`), in an image of your own: LiteLLM {litellm}'s \
         does not have it. Or: use `type: redis`."
    );
    if context.container.is_some_and(|container| container.official) {
        return found.help(help);
    }
    found.message = format!(
        "LiteLLM starts only where the package {package} is installed, which LiteLLM {litellm}'s own image does not bring."
    );
    found.severity(Severity::Warning).help(help)
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
        | Raise::NoPackage(_)
        | Raise::RoutingStrategy
        | Raise::MisplacedRouterSetting => false,
    }
}
