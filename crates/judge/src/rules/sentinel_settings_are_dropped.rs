use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::Origin;
use simulate::trace::DropReason;

pub(super) static RULE: Rule = Rule {
    code: "RP501",
    name: "sentinel-settings-are-dropped",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "This release connects through Sentinel without TLS, password and timeouts.",
    why: "LiteLLM before 1.85.0 passes only `sentinel_nodes`, `service_name` and `sentinel_password` to \
        its Sentinel clients, and sends `sentinel_password` to the master. `ssl`, `password`, \
        `username`, `db` and the timeouts are dropped: the connection is plaintext, with a timeout \
        of 0.1 seconds.",
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
    sentinel_nodes: [[localhost, 26379]]
    service_name: mymaster
    ssl: true
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    sentinel_nodes: [[localhost, 26379]]
    service_name: mymaster
    ssl: true
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (setting, origin, _) in context.dropped(&[DropReason::NotForSentinel]) {
        if matches!(origin, Origin::LitellmDefault(_)) {
            continue;
        }
        let span = context.span_of(origin);
        let key = span.and_then(|span| context.key_at(span));
        let place = key.as_ref().map(|(_, key)| *key).or(span);
        if found.iter().any(|other| other.primary.span == place) {
            continue;
        }
        let message = match setting {
            "ssl" => format!(
                "LiteLLM {} drops `ssl` for Sentinel: the connections are plaintext.",
                context.pair.litellm
            ),
            _ => format!("LiteLLM {} drops `{setting}` for Sentinel.", context.pair.litellm),
        };
        let severe = setting.starts_with("ssl") || matches!(setting, "password" | "username");
        let severity = if severe { Severity::Error } else { Severity::Warning };
        let diagnostic = RULE.at(place, message).severity(severity).label("dropped");
        let diagnostic = match key {
            Some((path, _)) => diagnostic.path(path),
            None => diagnostic,
        };
        // Which release passes it on depends on redis-py too: its decorators hide the settings.
        let releases = match found.len() {
            ..MOST_ASKED => context.other_releases(&CHECK, &diagnostic),
            _ => vec![],
        };
        found.push(releases.into_iter().fold(diagnostic, Finding::cure));
    }
    found
}

/// For so many settings, all releases are asked.
const MOST_ASKED: usize = 8;
