use super::case::{raises, silent};
use super::context::is_local;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::listed::listed;
use base::rule::{Aspect, Category, Rule};
use deployment::environment::{Lookup, VariableValue};
use facts::Behaviour;
use serving::Buffer;
use serving::Sharing;
use serving::sharing::{Holder, Part, Why};
use simulate::outcome::{Consumer, Raise};

pub(super) static RULE: Rule = Rule {
    code: "RP804",
    name: "role-not-fed",
    category: Category::Reliability,
    aspects: &[Aspect::Shared],
    severity: Severity::Warning,
    summary: "Redis is given, and what most people want of it stays in each process.",
    why: "LiteLLM has three uses of Redis, each with settings of its own: the response cache \
        (`litellm_settings.cache_params`), the coordination of replicas (rate limits of keys, users and teams, \
        budgets, locks: `general_settings.coordination_redis`, or the response cache's Redis) and the router \
        (cooldowns and usage: `router_settings.redis_*`, or one of the others). The router's Redis feeds the \
        router alone, and a semantic cache feeds nothing else: limits are then counted by each process, so \
        that three replicas allow three times as much. `redproof explain` shows who keeps what.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
router_settings:
  redis_host: redis
  redis_port: 6379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6379
router_settings:
  redis_host: redis
  redis_port: 6379
",
    ),
    cases: &[
        raises("router_settings:\n  redis_url: redis://redis\n")
            .says(&["Only the router", "coordination_redis"]),
        raises("router_settings:\n  redis_url: redis://redis\n")
            .on("1.80.0", "5.3.1")
            .says(&["cache_params"])
            .says_not(&["coordination_redis"]),
        // Another cache than Redis by key feeds nothing else.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: local
router_settings:
  redis_host: redis
  redis_port: 6379
",
        ),
        silent(
            r"
general_settings:
  coordination_redis:
    host: redis
router_settings:
  redis_host: redis
  redis_port: 6379
",
        ),
        // The environment alone names the coordination Redis on newer releases.
        silent("router_settings:\n  redis_host: redis\n  redis_port: 6379\n")
            .env("REDIS_HOST=redis\nREDIS_PORT=6379\n"),
        raises("router_settings:\n  routing_strategy: usage-based-routing-v2\n")
            .beside(REPLICAS)
            .says(&["3 replicas", "`usage-based-routing-v2`"])
            .severity(Severity::Warning),
        raises("router_settings:\n  num_retries: 2\n")
            .beside(REPLICAS)
            .severity(Severity::Hint)
            .says(&["rate limits, budgets, cooldowns after failures and the router's usage"]),
        // An autoscaler, and workers.
        raises("router_settings:\n  num_retries: 2\n")
            .beside(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  template:\n    spec:\n      containers:\n        - image: ghcr.io/berriai/litellm:v1.109.1\n          args: [--num_workers, \"4\"]\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: llm}\nspec: {scaleTargetRef: {kind: Deployment, name: llm}, maxReplicas: 5}\n",
            )
            .says(&["Up to 5 replicas of 4 workers"]),
        raises("router_settings:\n  num_retries: 2\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: --num_workers 8\n")
            .says(&["8 workers run"]),
        raises("router_settings:\n  num_retries: 2\n")
            .beside(
                "image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}\nmasterkeySecretName: litellm\nnumWorkers: 2\nkeda: {enabled: true, minReplicas: 2, maxReplicas: 6}\n",
            )
            .says(&["2 to 6 replicas of 2 workers"]),
        // Releases whose default is several workers.
        raises("router_settings: {routing_strategy: usage-based-routing-v2}\n")
            .on("1.77.0", "5.2.1")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.77.0\n    deploy: {replicas: 1}\n")
            .says(&["As many workers as CPUs run"]),
        silent("litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: redis, port: 6379}\n")
            .beside(REPLICAS),
        silent("router_settings:\n  routing_strategy: usage-based-routing-v2\n"),
        silent("router_settings:\n  num_retries: 2\n"),
        raises("litellm_settings:\n  enable_redis_auth_cache: true\n")
            .path("litellm_settings.enable_redis_auth_cache")
            .says(&["no Redis is there for it"]),
        silent("litellm_settings:\n  enable_redis_auth_cache: false\n"),
        silent(
            "litellm_settings:\n  enable_redis_auth_cache: true\n  cache: true\n  cache_params: {type: redis, host: redis, port: 6379}\n",
        ),
        silent("router_settings:\n  redis_host: localhost\n  redis_port: 6379\n"),
        raises(SEMANTIC).says(&["semantic cache alone", "coordination_redis"]).severity(Severity::Hint),
        raises(SEMANTIC).on("1.92.0", "5.3.1").says(&["`type: redis`"]),
        // Whether the cache's package is there is not known.
        raises(SEMANTIC).on("1.85.0", "5.3.1").says(&["semantic cache alone"]).severity(Severity::Hint),
        silent(SEMANTIC).beside(ONE),
        silent(SEMANTIC).env("REDIS_HOST=redis\nREDIS_PORT=6379\n"),
        // The environment alone names a Redis, and nothing is turned on that uses it.
        raises(ALONE)
            .env("REDIS_HOST=redis\nREDIS_PORT=6379\n")
            .on("1.90.0", "5.3.1")
            .says(&["REDIS_HOST is set, and nothing of this LiteLLM release uses it", "cache: true", "1.101.0"]),
        raises(ALONE)
            .env("REDIS_URL=redis://redis\n")
            .on("1.80.0", "5.3.1")
            .says(&["REDIS_URL is set"]),
        silent(ALONE).env("REDIS_HOST=redis\nREDIS_PORT=6379\n").on("1.109.1", "5.3.1"),
        silent("litellm_settings:\n  cache: true\n").env("REDIS_HOST=redis\n").on("1.90.0", "5.3.1"),
        silent("general_settings:\n  use_redis_transaction_buffer: true\n")
            .env("REDIS_HOST=redis\n")
            .on("1.90.0", "5.3.1"),
    ],
    check,
};

const ALONE: &str = "general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n";

const SEMANTIC: &str = "litellm_settings: {cache: true, cache_params: {type: redis-semantic, host: redis, port: 6379, password: pw-1234, similarity_threshold: 0.8}}\n";

const REPLICAS: &str = r"
apiVersion: apps/v1
kind: Deployment
metadata:
  name: litellm
spec:
  replicas: 3
  selector:
    matchLabels: {app: litellm}
  template:
    metadata:
      labels: {app: litellm}
    spec:
      containers:
        - name: litellm
          image: ghcr.io/berriai/litellm:v1.109.1
          args: [--config, /app/config.yaml]
";

const ONE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.109.1\n";

/// The strategies that pick by what all replicas have served.
const BY_USAGE: [&str; 3] = ["usage-based-routing", "usage-based-routing-v2", "least-busy"];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(serving) = context.serving() else {
        return semantic_without_package(context).into_iter().collect();
    };
    let sharing = &serving.sharing;
    let mut routers = context.connections().into_iter();
    let router = routers.find(|(client, _)| client.consumer == Consumer::Router);
    let found = match router {
        // A Redis on this machine is not there for others to share.
        Some((client, connection)) if is_local(client, connection) => None,
        Some(_) => alone(context, sharing),
        None => environment_alone(context, &serving.buffer)
            .or_else(|| replicas(context, sharing))
            .or_else(|| semantic_alone(context, sharing)),
    };
    found.into_iter().chain(keys_alone(context, sharing)).collect()
}

/// The cache of keys is turned on, and has no Redis.
fn keys_alone(context: &Context<'_>, sharing: &Sharing) -> Option<Finding> {
    let path = "litellm_settings.enable_redis_auth_cache";
    let entry = context.entry(path).filter(|_| in_each_process(sharing, Part::Keys))?;
    let message = "`enable_redis_auth_cache` is on, and no Redis is there for it: what is known of keys stays in each \
        process.";
    let found = RULE.at(entry.key.span(), message).path(path).label("has no Redis");
    Some(found.help(
        "Give LiteLLM a Redis: `litellm_settings.cache: true` with `cache_params: {type: redis}`.",
    ))
}

fn in_each_process(sharing: &Sharing, part: Part) -> bool {
    let share = sharing.of(part);
    share.holder == Holder::EachProcess && matches!(share.why, Why::NoRedis | Why::OtherCache(_))
}

/// The router has a Redis, and nothing else has.
fn alone(context: &Context<'_>, sharing: &Sharing) -> Option<Finding> {
    if !in_each_process(sharing, Part::Limits) {
        return None;
    }
    let entry = ["router_settings.redis_url", "router_settings.redis_host", "router_settings"]
        .into_iter()
        .find_map(|path| Some((path, context.entry(path)?)));
    let message = "Only the router uses this Redis. Rate limits of keys, users and teams, budgets and locks stay \
        in each process.";
    let found = RULE.at(entry.and_then(|(_, entry)| entry.key.span()), message);
    let also = if context.pair.behaves(Behaviour::CoordinationRedis) {
        ", or `general_settings.coordination_redis`"
    } else {
        ""
    };
    let help = format!(
        "Give the Redis to the proxy too: `litellm_settings.cache: true` with `cache_params`{also}."
    );
    Some(found.path(entry.map_or("", |(path, _)| path)).label("the router's alone").help(help))
}

/// A semantic cache has a Redis, and nothing else has.
fn semantic_alone(context: &Context<'_>, sharing: &Sharing) -> Option<Finding> {
    let alone = context.outcome.semantic.is_some() && in_each_process(sharing, Part::Limits);
    alone.then(|| feeds_nothing_else(context)).flatten()
}

/// The same where it is not known whether the semantic cache's package is there: limits depend on no package.
fn semantic_without_package(context: &Context<'_>) -> Option<Finding> {
    let lacks = Raise::NoPackage("redisvl");
    if context.startup_exception().is_none_or(|exception| exception.reason != lacks) {
        return None;
    }
    let paths = [
        "general_settings.coordination_redis",
        "router_settings.redis_host",
        "router_settings.redis_url",
    ];
    let by_config = paths.iter().any(|path| context.entry(path).is_some());
    let by_variable =
        TARGETS.iter().any(|name| matches!(context.environment.lookup(name), Lookup::Set(_)));
    (!by_config && !by_variable).then(|| feeds_nothing_else(context)).flatten()
}

fn feeds_nothing_else(context: &Context<'_>) -> Option<Finding> {
    // With one process there is nobody to share with.
    if context.container.is_some_and(|one| one.runs_alone(context.pair.litellm)) {
        return None;
    }
    let path = "litellm_settings.cache_params.type";
    let entry = context.entry(path)?;
    let message = "The semantic cache alone uses its Redis. Rate limits of keys, users and teams, budgets, cooldowns \
        and locks stay in each process, which matters where several run.";
    let found = RULE.at(entry.value.span(), message).path(path).label("feeds nothing else");
    let found = found.severity(Severity::Hint);
    if context.pair.behaves(Behaviour::CoordinationRedis) {
        return Some(found.help(
            "Where more than one process runs, give it to the proxy too: `general_settings.coordination_redis`.",
        ));
    }
    Some(found.help(
        "Where more than one process runs, take a release that knows `general_settings.coordination_redis`, or \
         `type: redis`.",
    ))
}

/// The variables of which one names a Redis.
const TARGETS: [&str; 4] =
    ["REDIS_URL", "REDIS_HOST", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];

/// A variable names a Redis, and the config turns nothing on that would use it.
fn environment_alone(context: &Context<'_>, buffer: &Buffer) -> Option<Finding> {
    let outcome = context.outcome;
    let used = !outcome.clients.is_empty()
        || outcome.usage_if_reachable.is_some()
        || outcome.semantic.is_some()
        || *buffer != Buffer::Fed
        // What is wrong with these, other rules say.
        || ["cache", "cache_params"]
            .iter()
            .any(|name| context.entry(&format!("litellm_settings.{name}")).is_some());
    if used {
        return None;
    }
    let config = context.sources.first().map_or("", |source| source.text.as_str());
    let (name, variable) = TARGETS
        .iter()
        .filter_map(|name| Some((*name, context.environment.get(name)?)))
        .find(|(name, _)| !config.contains(&format!("os.environ/{name}")))?;
    let empty = matches!(&variable.value, VariableValue::Known(value) if value.reveal().is_empty());
    if empty {
        return None;
    }
    let message = format!(
        "{name} is set, and nothing of this LiteLLM release uses it: limits, budgets and locks stay in each process."
    );
    let found = RULE.at(variable.span, message).label("no part uses it").help(
        "Turn on what uses it: `litellm_settings.cache: true` with `cache_params: {type: redis}`.",
    );
    let releases = context.other_releases(&CHECK, &found);
    Some(releases.into_iter().fold(found, Finding::cure))
}

/// Several processes run, and something is not shared among them.
fn replicas(context: &Context<'_>, sharing: &Sharing) -> Option<Finding> {
    let container = context.container?;
    let running = container.running(context.pair.litellm)?;
    let running = capital(&running);
    let apart = |part: &(Part, &str)| {
        let share = sharing.of(part.0);
        let not_fed =
            matches!(share.why, Why::NoRedis | Why::OtherCache(_) | Why::RouterIsNotGivenIt);
        share.holder == Holder::EachProcess && not_fed
    };
    let parts: Vec<(Part, &str)> = STATE.into_iter().filter(apart).collect();
    let names: Vec<&str> = parts.iter().map(|(_, name)| *name).collect();
    if names.is_empty() {
        return None;
    }
    let names = listed(&names, "and");
    let picks = |strategy: &&str| {
        BY_USAGE.contains(strategy) && parts.iter().any(|(part, _)| *part == Part::Usage)
    };
    let strategy = sharing.strategy.as_deref().filter(picks);
    let picks = strategy.map_or(String::new(), |strategy| {
        format!(" `{strategy}` picks by what each process has served itself.")
    });
    let message = format!(
        "{running} run, and each keeps {names} for itself: no Redis is given for them.{picks}"
    );
    let path = "router_settings.routing_strategy";
    let entry = strategy.and_then(|_| context.entry(path));
    let span = entry.map_or(container.span, |entry| entry.value.span());
    let severity = if strategy.is_some() { Severity::Warning } else { Severity::Hint };
    let found = RULE.at(span, message).label("each for itself").severity(severity);
    let found = if entry.is_some() { found.path(path) } else { found };
    let found = found.related(container.span, "what runs several times");
    let limits = parts.iter().any(|(part, _)| *part == Part::Limits);
    Some(found.help(if limits {
        "Give LiteLLM a Redis: `litellm_settings.cache: true` with `cache_params`."
    } else {
        "Give the router the Redis too: `router_settings.redis_host` and `redis_port`, or `redis_url`."
    }))
}

/// What processes share through Redis.
const STATE: [(Part, &str); 4] = [
    (Part::Limits, "rate limits"),
    (Part::Spend, "budgets"),
    (Part::Cooldowns, "cooldowns after failures"),
    (Part::Usage, "the router's usage"),
];

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
