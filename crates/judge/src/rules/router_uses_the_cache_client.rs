use super::case::{raises, silent};
use super::context::{same_target, target};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use facts::Behaviour;
use simulate::outcome::{Api, Consumer, Role};

pub(super) static RULE: Rule = Rule {
    code: "RP406",
    name: "router-uses-the-cache-client",
    category: Category::Precedence,
    aspects: &[Aspect::Shared],
    severity: Severity::Error,
    summary: "The router's async traffic goes to the response cache's Redis, not to its own.",
    why: "LiteLLM 1.68.0 to 1.80.10 keeps one async client for all Redis caches of a process: the first \
        cache's. A router that is configured with another Redis uses that one only through its sync \
        client; what serves requests goes to the response cache's Redis.",
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
    port: 6379
router_settings:
  redis_host: localhost
  redis_port: 6380
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
router_settings:
  redis_host: localhost
  redis_port: 6380
",
    ),
    cases: &[
        // It may be the same server.
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/CACHE_HOST}}\nrouter_settings: {redis_host: redis, redis_port: 6379}\n",
        )
        .from_secret(&["CACHE_HOST"])
        .on("1.80.0", "5.2.1")
        .severity(Severity::Hint)
        .says(&["where the response cache's go, whether that is or is not redis:6379"]),
        // One variable names both, and REDIS_URL replaces both.
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/CACHE_HOST, port: 6379}}\nrouter_settings: {redis_host: os.environ/CACHE_HOST, redis_port: 6379}\n",
        )
        .from_secret(&["CACHE_HOST"])
        .on("1.80.0", "5.2.1"),
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, url: os.environ/REDIS_URL}}\nrouter_settings: {redis_host: redis, redis_port: 6379}\n",
        )
        .from_secret(&["REDIS_URL"])
        .on("1.80.0", "5.2.1"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if !context.pair.behaves(Behaviour::AsyncClientUnderOneKey)
        || !matches!(
            context.outcome.router_cache,
            Some(simulate::outcome::Knowable::Known(Role::Own(_)))
        )
    {
        return vec![];
    }
    let clients = &context.outcome.clients;
    let find = |api: Api| {
        let mut found = clients.iter().filter(|c| c.consumer == Consumer::Router && c.api == api);
        let client = found.next()?;
        Some((client, client.connection.as_ref()?))
    };
    let (Some(own), Some(used)) = (find(Api::Sync), find(Api::Async)) else {
        return vec![];
    };
    let (severity, to) = match same_target(own, used) {
        Some(true) => return vec![],
        Some(false) => (Severity::Error, format!("to {}, not to", target(used.0, used.1))),
        None => {
            (Severity::Hint, "where the response cache's go, whether that is or is not".to_owned())
        }
    };
    let message = format!(
        "The router's requests go {to} {}: LiteLLM {} shares the first cache's async client.",
        target(own.0, own.1),
        context.pair.litellm
    );
    let entry = context.entry("router_settings.redis_host");
    let entry = entry.or_else(|| context.entry("router_settings.redis_url"));
    let span = entry.and_then(|entry| entry.value.span());
    let found = RULE.at(span, message).severity(severity).label("not used to serve requests");
    vec![found.path("router_settings").help("Use LiteLLM 1.80.11 or newer, or one Redis for both.")]
}
