use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use difference::{Aspect, Change, Side, Verdict};
use facts::{Pair, Version};
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
    cases: &[],
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
        // Another exception at start-up is none the better.
        let same = change.aspect == Aspect::Startup && change.verdict == Verdict::Changes;
        MATTER.contains(&change.aspect) && change.before.text != change.after.text && !same
    });
    let worst = changes.iter().map(|change| change.verdict).min();
    let Some(first) = changes.first() else {
        return vec![];
    };
    let said: Vec<String> = changes.iter().map(said).collect();
    let message = format!(
        "redis-py {} is assumed. On redis-py {release}, {}.",
        context.pair.redis_py,
        said.join("; ")
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

/// The nearest other release on which the outcome differs, out of the newest of each major version.
///
/// What a major version brings stays in the later ones: where the newest release does the same,
/// those between do.
fn other_release(context: &Context<'_>) -> Option<(Version, Outcome)> {
    let mut majors: Vec<Version> = vec![];
    for release in Pair::redis_py_releases() {
        match majors.last_mut() {
            Some(last) if last.major() == release.major() => *last = *release,
            _ => majors.push(*release),
        }
    }
    let assumed = context.pair.redis_py;
    let differing = |release: &Version| {
        let pair = Pair::parse(&context.pair.litellm.to_string(), &release.to_string()).ok()?;
        if context.outcome.asked.same(context.pair, pair) {
            return None;
        }
        let outcome = simulate(context.document, context.environment, pair);
        difference::differ_in(MATTER, context.outcome, &outcome).then_some((*release, outcome))
    };
    let newer: Vec<&Version> = majors.iter().filter(|one| one.major() > assumed.major()).collect();
    let (newest, between) = newer.split_last()?;
    // Within major version 5, only clusters changed.
    let cluster = context.outcome.clients.iter().any(|one| one.kind == ClientKind::RedisCluster);
    let same_major = majors.iter().filter(|one| cluster && one.major() == assumed.major());
    let Some(found) = differing(newest) else {
        return same_major.filter(|one| **one != assumed).find_map(differing);
    };
    between.iter().find_map(|release| differing(release)).or(Some(found))
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

/// `the connection would be plaintext instead of TLS (router, sync client)`
fn said(change: &Change) -> String {
    let whose = change.whose();
    let whose = if whose.is_empty() { whose } else { format!(" ({whose})") };
    let what = match change.aspect {
        Aspect::Tls => "the connection",
        Aspect::Startup => "start-up",
        aspect => &format!("the {}", aspect.name()),
    };
    // `TLS, certificate verified, …`: how it is verified is not the point here.
    let short = |side: &Side| match change.aspect {
        Aspect::Tls => side.text.split(", ").next().unwrap_or_default().to_owned(),
        _ => side.text.clone(),
    };
    let (before, after) = (short(&change.before), short(&change.after));
    format!("{what} would be {after} instead of {before}{whose}")
}
