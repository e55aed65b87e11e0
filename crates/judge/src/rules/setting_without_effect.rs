use std::collections::HashSet;

use super::case::{raises, silent};
use super::context::{arguments, client_name, client_name_within, is_tls};
use super::plaintext_password::depends_on_redis_ssl;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use facts::catalogue::{self, Field, Reach, Section};
use facts::litellm_names::{AWS, AZURE};
use python::{Origin, Truth};
use simulate::outcome::ClientKind;
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
        raises("litellm_settings: {cache: true, cache_params: {type: redis, ssl_ca_certs: /ca.pem, redis_startup_nodes: [{host: redis, port: 7000}]}}\n")
            .path("litellm_settings.cache_params.ssl_ca_certs")
            .says(&["speaks plaintext", "`ssl: true`"])
            .severity(Severity::Error),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, ssl: true, ssl_ca_certs: /ca.pem, redis_startup_nodes: [{host: redis, port: 7000}]}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, ssl_ca_certs: /ca.pem, redis_startup_nodes: [{host: redis, port: 7000}]}}\n")
            .env("REDIS_SSL=True\n"),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, ssl: true, max_connections: 50, redis_startup_nodes: [{host: redis, port: 7000}]}}\n")
            .on("1.77.7", "5.2.1")
            .says(&["`max_connections` to neither of its cluster clients"]),
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
        // The login is not on.
        raises("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    aws_iam_region: eu-west-1\n")
            .says(&["`aws_iam_auth`"])
            .path("litellm_settings.cache_params.aws_iam_region"),
        silent("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    azure_client_id: x\n")
            .env("REDIS_AZURE_AD_TOKEN=true\n"),
        // What is left of another cache.
        raises("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    s3_bucket_name: b\n")
            .says(&["`s3_bucket_name`", "`s3`"])
            .severity(Severity::Hint),
        // Without its login, neither client gets in.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    gcp_iam_service_account: projects/-/serviceAccounts/x@y.iam.gserviceaccount.com
    redis_startup_nodes:
      - host: localhost
        port: 7000
",
        )
        .says(&["`gcp_service_account`", "no client"])
        .severity(Severity::Error),
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    passwrod: x
    redis_startup_nodes:
      - host: localhost
        port: 7000
",
        )
        .says(&["`password`"])
        .severity(Severity::Error),
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
    let swallowed = context.dropped(&[DropReason::CacheSwallowsIt]);
    let swallowed: HashSet<&str> = swallowed.map(|(setting, ..)| setting).collect();
    for (setting, origin, why) in context.dropped(REASONS) {
        let written = matches!(origin, Origin::Config(_) | Origin::Reference { .. });
        let tls = setting.starts_with("ssl");
        let certificate = matches!(setting, "ssl_certfile" | "ssl_keyfile");
        // Other rules speak of TLS beside a url and of lost client certificates.
        let other = (tls && why == DropReason::UrlTakesNoSettings)
            || (certificate
                && matches!(why, DropReason::NotForSyncCluster | DropReason::NotForAsyncCluster))
            // The rule on Google's IAM speaks of its settings, under their names.
            || swallowed.contains(setting);
        if !written || other {
            continue;
        }
        let span = context.span_of(origin);
        let key = span.and_then(|span| context.key_at(span));
        let written = span.filter(|_| key.is_some());
        let written = written.and_then(|span| context.written(span));
        if written.is_some_and(|text| text.contains("${")) {
            // The rule on shell variables says what is wrong with this one.
            continue;
        }
        let name = setting.rsplit('.').next().unwrap_or(setting);
        let of_async = |(other, ..): (&str, &Origin, DropReason)| other == setting;
        let by_both = why == DropReason::NotForSyncCluster
            && context.dropped(&[DropReason::NotForAsyncCluster]).any(of_async);
        let reason = match by_both {
            true => format!("LiteLLM passes `{name}` to neither of its cluster clients."),
            false => reason(why, name),
        };
        let diagnostic =
            RULE.at(key.as_ref().map(|(_, key)| *key).or(span), reason).label("has no effect");
        let meant = key
            .as_ref()
            .and_then(|(path, _)| catalogue::meant(name, unknown(path, name)?, context.pair));
        let diagnostic = match (key, meant) {
            (Some((path, _)), Some(meant)) => misspelled(context, diagnostic, &path, name, meant),
            (Some((path, _)), None) => {
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
            (None, _) => diagnostic,
        };
        if places.insert(diagnostic.primary.span) {
            found.push(diagnostic);
        }
    }
    found.extend(of_other_types(context));
    found.extend(switched_off(context));
    found.extend(without_tls(context));
    found
}

/// Settings of TLS for a cluster that is reached in plaintext; a client of one server refuses them.
fn without_tls(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = vec![];
    for client in context.outcome.redis_py_clients() {
        let plaintext = client.connection.as_ref().and_then(is_tls) == Some(false);
        if client.kind != ClientKind::RedisCluster || !plaintext {
            continue;
        }
        let section = arguments(client.consumer);
        let is_of_tls = |entry: &&python::Entry| {
            entry.key.as_str().is_some_and(|name| name.starts_with("ssl_"))
                && !entry.value.is_none()
        };
        let Some(entry) = context.entries(section).iter().find(is_of_tls) else { continue };
        let name = entry.key.as_str().unwrap_or("ssl_ca_certs");
        let path = format!("{section}.{name}");
        if found.iter().any(|other| other.path == path) {
            continue;
        }
        let (severity, message) = match depends_on_redis_ssl(context) {
            true => (
                Severity::Hint,
                format!(
                    "Whether `{name}` counts depends on REDIS_SSL, {}: without it {} speaks plaintext.",
                    context.environment.whence("REDIS_SSL"),
                    client_name_within(client)
                ),
            ),
            false => (
                Severity::Error,
                format!(
                    "{} speaks plaintext: `{name}` has no effect, since `ssl` is not on.",
                    client_name(client)
                ),
            ),
        };
        found.push(
            RULE.at(entry.key.span(), message)
                .severity(severity)
                .label("has no effect")
                .path(path)
                .help("Set `ssl: true`, or remove what belongs to TLS."),
        );
    }
    found
}

/// Whether a name is that of a setting which few cache types use: most are not, and need not be looked up.
fn is_of_one_type(name: &str) -> bool {
    const BEGINNINGS: [&str; 11] = [
        "s3_",
        "gcs_",
        "qdrant_",
        "azure_",
        "disk_",
        "redis_s",
        "valkey_",
        "semantic_",
        "similarity_",
        "default_in_redis",
        "gcp_",
    ];
    BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

/// Settings of a cloud's login, and the one that turns it on.
const SWITCHES: [(&str, &[&str]); 3] = [
    ("aws_iam_auth", &AWS),
    ("azure_redis_ad_token", &AZURE),
    ("gcp_service_account", &["gcp_ssl_ca_certs"]),
];

/// Settings of a login that is not on.
fn switched_off(context: &Context<'_>) -> Vec<Finding> {
    let sections = [Section::CacheParams, Section::CacheKwargs, Section::CoordinationRedis];
    let mut found = vec![];
    for section in sections.map(Section::path) {
        let entries = context.entries(section);
        let written = |name: &str| entries.iter().find(|entry| entry.key.as_str() == Some(name));
        for (switch, names) in SWITCHES {
            let Some(entry) =
                names.iter().filter(|name| **name != switch).find_map(|name| written(name))
            else {
                continue;
            };
            let on = written(switch).is_some_and(|switch| switch.value.truth() != Truth::False);
            let variable = catalogue::find(switch, Section::CacheKwargs).and_then(Field::variable);
            let set = variable.is_some_and(|name| context.environment.get(&name).is_some());
            let known = facts::litellm_names::brought_by(switch)
                .is_some_and(|brought| context.pair.behaves(brought));
            if on || set || !known || !context.starts() {
                continue;
            }
            let name = entry.key.as_str().unwrap_or(switch);
            let message = format!("`{name}` counts only beside `{switch}`, which is not set.");
            let path = format!("{section}.{name}");
            found.push(
                RULE.at(entry.key.span(), message)
                    .label("has no effect")
                    .path(path)
                    .help(format!("Set `{switch}`, or remove what belongs to it.")),
            );
        }
    }
    found
}

/// Settings of other cache types than the one that is made.
fn of_other_types(context: &Context<'_>) -> Vec<Finding> {
    let section = "litellm_settings.cache_params";
    let entries = context.entries(section);
    let kind = context.value(&format!("{section}.type")).and_then(|kind| kind.as_str());
    let Some(kind) = kind.filter(|_| context.starts() && context.outcome.response_cache.is_some())
    else {
        return vec![];
    };
    let Some(cache) = context.pair.litellm_data().cache() else {
        return vec![];
    };
    let other = |entry: &python::Entry| {
        let name = entry.key.as_str().filter(|name| is_of_one_type(name) && cache.names(name))?;
        if entry.value.is_none() {
            return None;
        }
        let types = match catalogue::find(name, Section::CacheParams)?.reach {
            // Every cache counts messages.
            Reach::CacheTypes(types) if name != "max_messages" => types,
            _ if matches!(
                name,
                "default_in_redis_ttl" | "gcp_service_account" | "gcp_ssl_ca_certs"
            ) && kind == "local" =>
            {
                &["redis"]
            }
            _ => return None,
        };
        if types.contains(&kind) {
            return None;
        }
        let path = format!("{section}.{name}");
        let of: Vec<String> = types.iter().map(|kind| format!("`{kind}`")).collect();
        let message =
            format!("A cache of type `{kind}` does not use `{name}`: {} do.", of.join(", "));
        let remove = Operation::Remove { path: path.clone() };
        let fix = context.fix(format!("Remove {name}"), Safety::Safe, &[remove]);
        let found = RULE.at(entry.key.span(), message).label("has no effect").path(path);
        Some(found.severity(Severity::Hint).fix(fix))
    };
    entries.iter().filter_map(other).collect()
}

/// The section of connection settings that a key is written in and that does not know it.
fn unknown(path: &str, name: &str) -> Option<Section> {
    let section = Section::at(path.rsplit_once('.')?.0)?;
    let connections =
        matches!(section, Section::CacheParams | Section::CacheKwargs | Section::CoordinationRedis);
    // It is true or false: there is nothing in it that would be lost.
    let known = name == "cluster_mode" || catalogue::find(name, section).is_some();
    (connections && !known).then_some(section)
}

/// What is said of a key that stands for another one: both clients go without what it is to say.
fn misspelled(
    context: &Context<'_>,
    found: Finding,
    path: &str,
    name: &str,
    meant: &str,
) -> Finding {
    let message = format!("LiteLLM does not know `{name}`: no client has what it says.");
    let found = Finding { message, ..found }.path(path).severity(Severity::Error);
    let target =
        path.rsplit_once('.').map_or(String::new(), |(section, _)| format!("{section}.{meant}"));
    if context.entry(&target).is_some() {
        return found.help(format!("Remove it: `{meant}` is set too."));
    }
    let rename = Operation::Rename { path: path.to_owned(), to: meant.to_owned() };
    let fix = context.fix(format!("Rename {name} to {meant}"), Safety::Unsafe, &[rename]);
    found.help(format!("Write `{meant}`, if that is meant.")).fix(fix)
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
