use std::sync::LazyLock;

use super::case::raises;
use super::context::reference;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::listed::listed;
use base::rule::{Category, Rule};
use difference::{Aspect, Change, Side, Verdict};
use facts::{Apart, Behaviour, Pair, Version};
use report::display::Words;
use report::redaction::Redaction;
use simulate::outcome::{ClientKind, Outcome};
use simulate::simulate;

pub(super) static RULE: Rule = Rule {
    code: "RP902",
    name: "redis-py-release-matters",
    category: Category::Hints,
    severity: Severity::Hint,
    summary: "Which redis-py release runs is not known, and another one would do something else.",
    why: "LiteLLM does not pin redis-py. Its images ship one release, `pip install` brings another, and \
        redis-py decides with LiteLLM which `REDIS_*` variables are read, and how TLS is checked. Where \
        nothing names the release, the one of LiteLLM's image is taken. This finding says what \
        would be different on the newest release of another major version.",
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
",
    )
    .env("REDIS_SSL=true\nREDIS_SSL_CHECK_HOSTNAME=true\n")
    .on("1.80.0", "5.2.1")
    .assumed(),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
    ssl_check_hostname: true
",
    )
    .on("1.80.0", "5.2.1")
    .assumed(),
    cases: &[
        // What comes to depend on one variable is one clause.
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .on("1.79.1", "5.2.1")
            .assumed()
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.79.1\n    env_file: [missing.env]\n    environment: {REDIS_HOST: redis.example.com, REDIS_PORT: \"6379\"}\n",
            )
            .says(&["the server, ", " would depend on REDIS_URL, which "])
            .says_not(&["unknown:"]),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    // Without clients and with an exception of its own, redis-py has no say.
    if !context.redis_py_assumed || context.starts() && context.outcome.clients.is_empty() {
        return vec![];
    }
    let Some((release, outcome)) = other_release(context) else {
        return vec![];
    };
    // What the report quotes of the sources is cleaned of secrets afterwards.
    let redaction = Redaction::default();
    let words = Words::of(context.sources, context.environment, &redaction);
    let mut changes = difference::between(context.outcome, &outcome, &words);
    changes.retain(|change| {
        // Another exception is none the better.
        let fails = matches!(change.aspect, Aspect::Startup | Aspect::Error);
        let same = fails && change.verdict == Verdict::Changes;
        MATTER.contains(&change.aspect) && change.before.text != change.after.text && !same
    });
    let worst = changes.iter().map(|change| change.verdict).min();
    let Some(first) = changes.first() else {
        return vec![];
    };
    let message = format!(
        "redis-py {} is assumed. On redis-py {release}, {}.",
        context.pair.redis_py,
        clauses(&changes).join("; ")
    );
    let severity = match worst {
        Some(Verdict::Breaks | Verdict::Weakens) => Severity::Warning,
        _ => Severity::Hint,
    };
    let found = RULE
        .at(first.before.at.or(first.after.at), message)
        .label("depends on the redis-py release")
        .help("Name the redis-py release that runs, by `--redis-py` or a lock file beside the config.");
    vec![found.severity(severity)]
}

/// The newest release of each major version, and its place among all.
static MAJORS: LazyLock<Vec<(usize, Version)>> = LazyLock::new(|| {
    let mut majors: Vec<(usize, Version)> = vec![];
    for (place, release) in Pair::redis_py_releases().iter().enumerate() {
        match majors.last_mut() {
            Some((at, last)) if last.major() == release.major() => (*at, *last) = (place, *release),
            _ => majors.push((place, *release)),
        }
    }
    majors
});

/// The nearest other release on which the outcome differs, out of the newest of each major version.
///
/// What a major version brings stays in the later ones: where the newest release does the same,
/// those between do.
fn other_release(context: &Context<'_>) -> Option<(Version, Outcome)> {
    let majors = &*MAJORS;
    let assumed = context.pair.redis_py;
    let given = Given::of(context);
    let simulated = |pair: Pair| simulate(context.document, context.environment, pair);
    let differing = |(place, release): &(usize, Version)| {
        let pair = context.pair.on_redis_py(*place);
        if context.outcome.asked.same_but(context.pair, pair, |apart| given.spares(apart)) {
            debug_assert!(!difference::differ_in(MATTER, context.outcome, &simulated(pair)));
            return None;
        }
        let outcome = simulated(pair);
        difference::differ_in(MATTER, context.outcome, &outcome).then_some((*release, outcome))
    };
    let is_newer = |one: &&(usize, Version)| one.1.major() > assumed.major();
    let newer: Vec<&(usize, Version)> = majors.iter().filter(is_newer).collect();
    let (newest, between) = newer.split_last()?;
    // Within major version 5, only clusters changed.
    let cluster = context.outcome.clients.iter().any(|one| one.kind == ClientKind::RedisCluster);
    let same_major = majors.iter().filter(|one| cluster && one.1.major() == assumed.major());
    let Some(found) = differing(newest) else {
        return same_major.filter(|one| one.1 != assumed).find_map(differing);
    };
    between.iter().find_map(|release| differing(release)).or(Some(found))
}

/// What is given to redis-py's clients: it says which differences between releases are none here.
struct Given<'a> {
    /// The settings of the config, and the variables `REDIS_*`, without that.
    names: Vec<&'a str>,
    /// There may be more, in a URL's query or set by the config.
    more: bool,
}

impl<'a> Given<'a> {
    fn of(context: &Context<'a>) -> Self {
        let mut names: Vec<&str> = vec![];
        for (_, key, entry) in context.redis_settings() {
            names.push(key);
            // A variable that the config names is there for all clients.
            names.extend(reference(&entry.value).and_then(|name| name.strip_prefix("REDIS_")));
        }
        let variables = context.environment.iter();
        names.extend(variables.filter_map(|(name, _)| name.strip_prefix("REDIS_")));
        let url = |name: &&str| name.eq_ignore_ascii_case("url") || *name == "redis_url";
        let more = names.iter().any(url)
            || context.entry("environment_variables").is_some()
            || !context.outcome.leans_on.is_empty();
        Self { names, more }
    }

    fn has(&self, wanted: &[&str]) -> bool {
        let is = |name: &&str| wanted.iter().any(|one| one.eq_ignore_ascii_case(name));
        self.more || self.names.iter().any(is)
    }

    /// Whether a difference between releases comes to nothing that matters.
    fn spares(&self, apart: Apart) -> bool {
        match apart {
            Apart::Behaviour(
                Behaviour::RetryOnTimeoutIsDeprecated | Behaviour::RetryOnErrorIsCopied,
            ) => !self.has(&["retry", "retry_on_error", "retry_on_timeout"]),
            // Another default of a time, or of the host name check, of which another rule speaks.
            Apart::Behaviour(Behaviour::CertNoneDropsHostnameCheck)
            | Apart::Parameter(
                "socket_connect_timeout"
                | "socket_keepalive"
                | "socket_timeout"
                | "ssl_check_hostname",
                Some(_),
                Some(_),
            ) => true,
            Apart::Parameter("protocol", Some(_), Some(_)) => !self.has(&[
                "cache",
                "cache_config",
                "maint_notifications_config",
                "oss_cluster_maint_notifications_handler",
                "protocol",
            ]),
            // Nothing where nobody gives it.
            Apart::Parameter(
                name @ ("socket_read_size"
                | "ssl_ca_path"
                | "ssl_exclude_verify_flags"
                | "ssl_include_verify_flags"
                | "ssl_password"),
                ..,
            ) => !self.has(&[name]),
            Apart::Behaviour(_) | Apart::Parameter(..) => false,
        }
    }
}

/// What is worth a word. Other defaults are not; of the host name check another rule speaks.
const MATTER: &[Aspect] = &[
    Aspect::Startup,
    Aspect::Error,
    Aspect::Topology,
    Aspect::Server,
    Aspect::Database,
    Aspect::Tls,
    Aspect::Verification,
    Aspect::Authorities,
    Aspect::ClientCertificate,
    Aspect::Username,
    Aspect::Password,
    Aspect::Iam,
];

/// What changes, in clauses: all that comes to depend on one thing is one.
fn clauses(changes: &[Change]) -> Vec<String> {
    let mut clauses = vec![];
    let mut depends: Vec<(&str, String, Vec<String>)> = vec![];
    for change in changes {
        let Some(why) = change.after.text.strip_prefix("unknown: ") else {
            clauses.push(said(change));
            continue;
        };
        let whose = whose(change);
        match depends.iter_mut().find(|(on, of, _)| *on == why && *of == whose) {
            Some((_, _, all)) => all.push(what(change)),
            None => depends.push((why, whose, vec![what(change)])),
        }
    }
    clauses.extend(depends.into_iter().map(|(why, whose, all)| {
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        format!("{} would depend on {why}{whose}", listed(&all, "and"))
    }));
    clauses
}

/// ` (router, sync client)`
fn whose(change: &Change) -> String {
    let whose = change.whose();
    if whose.is_empty() { whose } else { format!(" ({whose})") }
}

/// `the connection`
fn what(change: &Change) -> String {
    match change.aspect {
        Aspect::Tls => "the connection".to_owned(),
        Aspect::Startup => "start-up".to_owned(),
        aspect => format!("the {}", aspect.name()),
    }
}

/// `the connection would be plaintext instead of TLS (router, sync client)`
fn said(change: &Change) -> String {
    let (what, whose) = (what(change), whose(change));
    // `TLS, certificate verified, …`: how it is verified is not the point here.
    let short = |side: &Side| match change.aspect {
        Aspect::Tls => side.text.split(", ").next().unwrap_or_default().to_owned(),
        _ => side.text.clone(),
    };
    let (before, after) = (short(&change.before), short(&change.after));
    format!("{what} would be {after} instead of {before}{whose}")
}
