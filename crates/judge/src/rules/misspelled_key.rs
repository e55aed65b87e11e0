use super::case::{raises, silent};
use super::written_keys::{Written, path, severity, written};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use facts::keys::{self, Place};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP214",
    name: "misspelled-key",
    category: Category::NoEffect,
    severity: Severity::Error,
    summary: "A section or setting is misspelled: LiteLLM does not read it.",
    why: "LiteLLM asks its config for the sections and settings that it knows, and does not complain about others: \
        a key of `litellm_settings` becomes an attribute that nothing reads, others are skipped. Everything \
        below a misspelled section is lost. With `cache: true` and a misspelled `cache_params`, the cache takes \
        its settings from `REDIS_*`, wherever those lead.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache-params:
    type: redis
    host: redis.internal
    port: 6379
    namespace: prod
",
    )
    .env("REDIS_HOST=localhost\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    namespace: prod
",
    ),
    cases: &[
        raises("litellm_settings:\n  cache: True\n  cache:params:\n    type: local\n")
            .says(&["`cache:params`", "`cache_params`"])
            .severity(Severity::Error)
            .path("litellm_settings.cache:params")
            .fixed("litellm_settings:\n  cache: True\n  cache_params:\n    type: local\n"),
        raises("litellm_settings:\n  cache: true\n  params:\n    type: local\n")
            .says(&["`cache_params`"]),
        raises("litellm_setting:\n  drop_params: true\n")
            .says(&["`litellm_settings`", "at the top level"])
            .severity(Severity::Error)
            .fixed("litellm_settings:\n  drop_params: true\n"),
        raises("Router-Settings:\n  num_retries: 2\n").says(&["`router_settings`"]),
        // Both are there: they are not made one.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: local
  cache_parms:
    ttl: 60
",
        )
        .says(&["Move what it holds"])
        .not_fixed(),
        raises("general_settings:\n  master_kye: sk-1\n").severity(Severity::Warning),
        raises("general_settings:\n  coordination-redis:\n    host: localhost\n")
            .severity(Severity::Error),
        // Of strangers nobody knows what they are for.
        silent("litellm_settings:\n  my_hook_options: {a: 1}\ngeneral_settings:\n  company: x\n"),
        silent(
            "x-cache: &cache\n  type: local\nlitellm_settings:\n  cache: true\n  cache_params: *cache\n",
        ),
        silent("model_lists: &list []\nmodel_list: *list\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let found = |key: Written<'_>| Some(say(context, &key, meant(&key, context)?));
    written(context).filter_map(found).collect()
}

/// The key that was meant by one.
fn meant(key: &Written<'_>, context: &Context<'_>) -> Option<&'static str> {
    let Written { place, name, .. } = *key;
    if let Some(meant) = place.respelled(name, context.pair) {
        return Some(meant);
    }
    let read =
        place.has(name) || Place::ALL.into_iter().any(|place| place.has(&keys::spelled(name)));
    if read { None } else { place.nearest(name, context.pair) }
}

fn say(context: &Context<'_>, key: &Written<'_>, meant: &'static str) -> Finding {
    let Written { place, name, .. } = *key;
    let target = path(place, meant);
    let there = context.entry(&target).is_some();
    let lost = if meant == "cache_params" && !there && context.outcome.response_cache.is_some() {
        " The cache takes its settings from `REDIS_*` instead."
    } else {
        ""
    };
    let message = format!("LiteLLM does not read `{name}` {}.{lost}", place.words());
    let found = RULE
        .at(key.entry.key.span(), message)
        .label(format!("`{meant}`?"))
        .path(key.path())
        .severity(severity(place, meant));
    if there {
        return found
            .help(format!("Move what it holds to `{target}`, which is there too, or remove it."));
    }
    let rename = Operation::Rename { path: key.path(), to: meant.to_owned() };
    let fix = context.fix(format!("Rename {name} to {meant}"), Safety::Unsafe, &[rename]);
    found.help(format!("Write `{meant}`, if that is meant.")).fix(fix)
}
