use super::beside::met;
use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use deployment::RedisServer;
use facts::eviction;
use serving::sharing::{Holder, Part, Share};
use simulate::outcome::{Api, Consumer};

pub(super) static RULE: Rule = Rule {
    code: "RP809",
    name: "memory-policy-does-not-fit",
    category: Category::Reliability,
    aspects: &[Aspect::Cached],
    severity: Severity::Warning,
    summary: "When the Redis in the same files is full, it refuses or drops what LiteLLM needs.",
    why: "With `maxmemory` and `maxmemory-policy noeviction`, Redis' default, a server that cached answers have filled \
        refuses each write: nothing is cached any more, and limits and budgets are not counted. LiteLLM gives each \
        key a time to live but the lists of `use_redis_transaction_buffer`: a policy for all keys (`allkeys-lru`) may \
        evict these, and the spend in them never reaches the database; `volatile-lru` keeps them. `volatile-ttl` \
        evicts first what expires first, which are the counters of rate limits; a random policy evicts them as it \
        does answers.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6379
";

const QUEUE: &str = "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n";

/// A compose file with Redis started with these words.
macro_rules! compose {
    ($command:literal) => {
        concat!(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7.4\n    command: redis-server ",
            $command,
            "\n"
        )
    };
}

pub(super) static CHECK: Check =
    Check {
        rule: &RULE,
        failing: Example::new(CONFIG).beside(
            r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  redis:
    image: redis:7.4
    command: redis-server --maxmemory 256mb
",
        ),
        fixed: Example::new(CONFIG).beside(
            r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  redis:
    image: redis:7.4
    command: redis-server --maxmemory 256mb --maxmemory-policy allkeys-lru
",
        ),
        cases: &[
            raises(CONFIG)
                .beside(compose!("--maxmemory 1gb --maxmemory-policy noeviction"))
                .says(&["1gb", "noeviction", "allkeys-lru"]),
            raises(QUEUE)
                .beside(compose!("--maxmemory 1gb --maxmemory-policy allkeys-lru"))
                .says(&["spend", "volatile-lru"])
                .severity(Severity::Warning),
            raises(QUEUE).beside(compose!("--maxmemory 1gb")).says(&["refuses", "volatile-lru"]),
            raises(CONFIG)
                .beside(compose!("--maxmemory 1gb --maxmemory-policy volatile-ttl"))
                .says(&["rate limits", "allkeys-lru"])
                .severity(Severity::Hint),
            raises(CONFIG)
                .beside(compose!("--maxmemory 1gb --maxmemory-policy allkeys-random"))
                .severity(Severity::Hint),
            silent(QUEUE).beside(compose!("--maxmemory 1gb --maxmemory-policy volatile-lru")),
            // Without `maxmemory` the policy has no effect.
            silent(CONFIG).beside(compose!("--maxmemory-policy noeviction")),
            silent(CONFIG).beside(compose!("--maxmemory 0")),
            silent(CONFIG).beside(compose!("--maxmemory ${MEMORY}")),
            // No answers fill it.
            silent("general_settings: {coordination_redis: {host: redis, port: 6379}}\n")
                .beside(compose!("--maxmemory 64mb --maxmemory-policy noeviction")),
            silent(CONFIG).beside(compose!("/etc/redis.conf --maxmemory 64mb")),
        ],
        check,
    };

fn check(context: &Context<'_>) -> Vec<Finding> {
    let (Some(container), Some(serving)) = (context.container, context.serving()) else {
        return vec![];
    };
    let mut found: Vec<Finding> = vec![];
    for consumer in [Consumer::Response, Consumer::Usage, Consumer::Router] {
        let mut clients = context.outcome.clients.iter();
        let client = clients.find(|one| one.consumer == consumer && one.api == Api::Async);
        let Some(own) = client.and_then(|client| met(container, client)) else { continue };
        let server = own.server;
        let Some(memory) = limit(server) else { continue };
        if found.iter().any(|one| one.primary.span == server.span) {
            continue;
        }
        let here = |share: &Share| {
            let Holder::Redis { of, .. } = share.holder else { return false };
            let mut clients = context.outcome.clients.iter();
            let client = clients.find(|one| one.consumer == of && one.api == Api::Async);
            let met = client.and_then(|client| met(container, client));
            met.is_some_and(|other| std::ptr::eq(other.server, server))
        };
        let holds = |part: Part| here(serving.sharing.of(part));
        if let Some((severity, said, help)) = unfit(server, memory, holds) {
            let message = format!("Redis ({}), {said}.", own.name);
            found.push(
                RULE.at(server.span, message)
                    .severity(severity)
                    .label("started with this")
                    .related(context.span_of(own.origin), "LiteLLM's Redis")
                    .help(help),
            );
        }
    }
    found
}

/// `maxmemory`, where there is one and it is known.
fn limit(server: &RedisServer) -> Option<&str> {
    let memory = server.option("--maxmemory").filter(|_| server.plain)?;
    let is_some = memory.chars().any(|c| ('1'..='9').contains(&c)) && !memory.contains('$');
    is_some.then_some(memory)
}

/// What a full server does that LiteLLM is not made for.
fn unfit(
    server: &RedisServer,
    memory: &str,
    holds: impl Fn(Part) -> bool,
) -> Option<(Severity, String, String)> {
    let policy = server.option("--maxmemory-policy").unwrap_or("noeviction").to_ascii_lowercase();
    let queue = holds(Part::SpendQueue);
    let why =
        if queue { ": it evicts answers and counters, and keeps the queue of spend" } else { "" };
    let help = format!("Set `--maxmemory-policy {}`{why}.", eviction::policy(queue));
    match policy.as_str() {
        "noeviction" if holds(Part::Answers) => Some((
            Severity::Warning,
            format!("once cached answers fill its {memory}, refuses each write (`noeviction`)"),
            help,
        )),
        policy if policy.starts_with("allkeys-") && queue => Some((
            Severity::Warning,
            format!(
                "once its {memory} are full, may evict the queue of spend on its way to the database (`{policy}`)"
            ),
            help,
        )),
        "volatile-ttl" | "volatile-random" | "allkeys-random"
            if holds(Part::Answers) && holds(Part::Limits) =>
        {
            let which = if policy == "volatile-ttl" { " first" } else { " as soon as answers" };
            Some((
                Severity::Hint,
                format!(
                    "once its {memory} are full, evicts counters of rate limits{which} (`{policy}`): they begin again at 0"
                ),
                help,
            ))
        }
        _ => None,
    }
}
