use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use simulate::trace::DropReason;

pub(super) static RULE: Rule = Rule {
    code: "RP305",
    name: "tls-settings-beside-url",
    category: Category::Tls,
    severity: Severity::Error,
    summary: "TLS settings beside a `url` are dropped.",
    why: "With a `url` (or `REDIS_URL`), LiteLLM passes on neither `ssl` nor any `ssl_*` setting. TLS is \
        on only if the url says `rediss://`; it then verifies against the system's roots, not \
        against the CA in `ssl_ca_certs`. Options in the url's query do work.",
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
    url: rediss://redis.example.com:6380
    ssl_ca_certs: /etc/redis/ca.crt
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: rediss://redis.example.com:6380?ssl_ca_certs=/etc/redis/ca.crt
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (setting, origin, _) in context.dropped(&[DropReason::UrlTakesNoSettings]) {
        if !setting.starts_with("ssl") {
            continue;
        }
        let span = context.span_of(origin);
        let key = span.and_then(|span| context.key_at(span));
        let place = key.as_ref().map(|(_, key)| *key).or(span);
        if found.iter().any(|other| other.primary.span == place) {
            continue;
        }
        let message = format!("LiteLLM drops `{setting}` because a `url` is set.");
        let help = if setting == "ssl" {
            "Turn TLS on with `rediss://` in the url.".to_owned()
        } else {
            format!(
                "Write it into the url: `rediss://…?{setting}=…`, or give host and port instead of the url."
            )
        };
        let diagnostic = RULE.at(place, message).label("dropped").help(help);
        found.push(match key {
            Some((path, _)) => diagnostic.path(path),
            None => diagnostic,
        });
    }
    found
}
