use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use serving::caching::Prefix;
use serving::sharing::{Carrier, Holder, Part, Share};
use simulate::outcome::Knowable;

pub(super) static RULE: Rule = Rule {
    code: "RP807",
    name: "namespace-does-not-cover",
    category: Category::Reliability,
    aspects: &[Aspect::Shared],
    severity: Severity::Warning,
    summary: "`namespace` does not go before all keys: what it should keep apart is shared.",
    why: "From LiteLLM 1.110.0 on, a client in Rust keeps rate limits, budgets, cooldowns and usage in Redis. It \
        has the `namespace` only of a cache that is constructed with it. Without, its keys have no prefix in the \
        database: two proxies with namespaces of their own count for each other, and an ACL that allows \
        `namespace:*` alone refuses them, upon which each process counts for itself.",
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
    namespace: prod
",
    )
    .on("1.110.2", "5.3.1"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    db: 1
",
    )
    .on("1.110.2", "5.3.1"),
    cases: &[
        raises("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    namespace: prod\n")
            .on("1.110.2", "5.3.1")
            .path("litellm_settings.cache_params.namespace")
            .says(&["limits"]),
        silent("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    namespace: prod\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(serving) = context.serving() else {
        return vec![];
    };
    let path = "litellm_settings.cache_params.namespace";
    let (Knowable::Known(Some(Prefix::Text(..))), Some(entry)) =
        (&serving.caching.prefix, context.entry(path))
    else {
        return vec![];
    };
    let bare: Vec<&str> =
        serving.sharing.shares.iter().filter(|share| is_bare(share)).map(name).collect();
    if bare.is_empty() {
        return vec![];
    }
    let message = format!(
        "LiteLLM's client in Rust does not put `namespace` before its keys: {}.",
        bare.join(", ")
    );
    let found = RULE.at(entry.key.span(), message).label("not before these").path(path);
    vec![found.help("Give each proxy a database of its own: `db`. Where an ACL allows `namespace:*` alone, allow the bare keys too.")]
}

/// Whether the client in Rust carries it without a prefix.
fn is_bare(share: &Share) -> bool {
    let native = matches!(share.holder, Holder::Redis { written: Carrier::Native, .. });
    native && matches!(share.prefix, Knowable::Known(None))
}

fn name(share: &Share) -> &'static str {
    match share.part {
        Part::Answers => "answers",
        Part::Limits => "rate limits",
        Part::Spend => "budgets",
        Part::Keys => "key lookups",
        Part::Cooldowns => "cooldowns",
        Part::Usage => "the router's usage",
        Part::Lock => "the lock",
        Part::SpendQueue => "spend on its way to the database",
    }
}
