use std::collections::HashSet;

use super::case::silent;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use python::Origin;
use simulate::trace::DropReason;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP206",
    name: "setting-without-effect",
    category: Category::NoEffect,
    severity: Severity::Warning,
    summary: "A setting is read and goes nowhere.",
    why: "LiteLLM builds its clients along several paths (host, url, cluster, sentinel), and each \
        passes on other settings. What a path does not pass on is dropped without a word.",
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
    cluster_mode: true
",
    )
    .refused_by_schema(),
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
    cases: &[
        // The rule on shell variables says it.
        silent(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: ${REDIS_PORT}
",
        ),
    ],
    check,
};

const REASONS: &[DropReason] = &[
    DropReason::UrlTakesNoSettings,
    DropReason::NotForSyncCluster,
    DropReason::NotForAsyncCluster,
    DropReason::ClusterClientDropsIt,
    DropReason::ClusterReplacesTarget,
    DropReason::NotForThisCacheType,
    DropReason::NotConvertible,
    DropReason::BlockedVariable,
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut places = HashSet::new();
    for (setting, origin, why) in context.dropped(REASONS) {
        let written = matches!(origin, Origin::Config(_) | Origin::Reference { .. });
        let tls = setting.starts_with("ssl");
        let certificate = matches!(setting, "ssl_certfile" | "ssl_keyfile");
        // Other rules speak of TLS beside a url and of lost client certificates.
        let other = (tls && why == DropReason::UrlTakesNoSettings)
            || (certificate
                && matches!(why, DropReason::NotForSyncCluster | DropReason::NotForAsyncCluster))
            || setting.starts_with("gcp_");
        if !written || other {
            continue;
        }
        let span = context.span_of(origin);
        let key = span.and_then(|span| context.key_at(span));
        let written = span.filter(|_| key.is_some());
        let written = written.and_then(|span| context.config_text.get(span.range()));
        if written.is_some_and(|text| text.contains("${")) {
            // The rule on shell variables says what is wrong with this one.
            continue;
        }
        let name = setting.rsplit('.').next().unwrap_or(setting);
        let reason = reason(why, name);
        let diagnostic =
            RULE.at(key.as_ref().map(|(_, key)| *key).or(span), reason).label("has no effect");
        let diagnostic = match key {
            Some((path, _)) => {
                let remove = Operation::Remove { path: path.clone() };
                let title = format!("Remove {name}");
                // What one of the two clients takes is not a key to remove.
                let one_sided = matches!(
                    why,
                    DropReason::NotForSyncCluster
                        | DropReason::NotForAsyncCluster
                        | DropReason::ClusterClientDropsIt
                );
                // Without a type the cache is in memory, and these keys say that Redis was meant.
                let redis_meant = why == DropReason::NotForThisCacheType && !type_is_named(context);
                let gone = (!one_sided || name == "cluster_mode") && !redis_meant;
                let nowhere = name == "cluster_mode" || why == DropReason::NotForThisCacheType;
                let safety = if nowhere { Safety::Safe } else { Safety::Unsafe };
                let fix = gone.then(|| context.fix(title, safety, &[remove])).flatten();
                diagnostic.path(path).fix(fix)
            }
            None => diagnostic,
        };
        if places.insert(diagnostic.primary.span) {
            found.push(diagnostic);
        }
    }
    found
}

fn type_is_named(context: &Context<'_>) -> bool {
    context.value("litellm_settings.cache_params.type").is_some_and(|value| !value.is_none())
}

fn reason(why: DropReason, name: &str) -> String {
    match why {
        DropReason::UrlTakesNoSettings => format!(
            "LiteLLM drops `{name}` because a `url` is set. Put it into the url's query where redis-py takes it there."
        ),
        DropReason::NotForSyncCluster => {
            format!("LiteLLM does not pass `{name}` to its sync cluster client.")
        }
        DropReason::NotForAsyncCluster => {
            format!("LiteLLM does not pass `{name}` to its async cluster client.")
        }
        DropReason::ClusterClientDropsIt => {
            format!("redis-py's sync cluster client drops `{name}`.")
        }
        DropReason::ClusterReplacesTarget => {
            format!("LiteLLM ignores `{name}`: the cluster's startup nodes count.")
        }
        DropReason::NotForThisCacheType => format!("This cache type does not use `{name}`."),
        DropReason::NotConvertible => format!(
            "LiteLLM drops `{name}`: the text is not what redis-py takes there, so redis-py's default applies."
        ),
        DropReason::BlockedVariable => format!("`environment_variables` may not set {name}."),
        _ => format!("`{name}` has no effect."),
    }
}
