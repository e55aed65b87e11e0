use super::case::raises;
use super::shell_variable_is_not_expanded::bare;
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::url::urlsplit;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP307",
    name: "password-in-config",
    category: Category::Passwords,
    severity: Severity::Hint,
    summary: "A password is written in the config.",
    why: "A config is copied, committed and shown. Keep the password in a Secret and name its \
        environment variable: `os.environ/REDIS_PASSWORD`.",
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
    password: correct-horse-battery
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[
        // Named in many places, it is written in one.
        raises(
            r"
redis: &redis
  password: pa55word
  host: localhost
  port: 1
router_settings:
  redis_host: localhost
  redis_port: 1
  cache_kwargs: *redis
litellm_settings:
  cache: true
  cache_params:
    <<: *redis
    type: redis
",
        ),
    ],
    check,
};

const PATHS: [&str; 9] = [
    "litellm_settings.cache_params.password",
    "litellm_settings.cache_params.sentinel_password",
    "litellm_settings.cache_params.azure_client_secret",
    "router_settings.redis_password",
    "router_settings.cache_kwargs.password",
    "general_settings.coordination_redis.password",
    "litellm_settings.cache_params.url",
    "router_settings.redis_url",
    "general_settings.coordination_redis.url",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for path in PATHS {
        let Some(entry) = context.entry(path) else { continue };
        let Some(text) = entry.value.as_str() else { continue };
        let written = if path.ends_with("url") {
            urlsplit(text).is_ok_and(|url| url.userinfo().1.is_some_and(|p| !p.is_empty()))
        } else {
            let refers = text.starts_with("os.environ/") || text.contains("${");
            !text.is_empty() && !refers && bare(path, text).is_none()
        };
        // By an alias, one text is in several places.
        let known = found.iter().any(|other| other.primary.span == entry.value.span());
        if written && !known {
            found.push(
                RULE.at(entry.value.span(), "The password is readable in this file.")
                    .label("a secret")
                    .path(path)
                    .cure(cure(path)),
            );
        }
    }
    found
}

/// A reference to a variable in its place.
fn cure(path: &str) -> Cure {
    let name = match path.rsplit_once('.').map_or(path, |(_, key)| key) {
        "sentinel_password" => "REDIS_SENTINEL_PASSWORD",
        "azure_client_secret" => "REDIS_AZURE_CLIENT_SECRET",
        // A variable that LiteLLM reads by itself would reach the other clients, too.
        "url" | "redis_url" => "LITELLM_REDIS_URL",
        _ => "REDIS_PASSWORD",
    };
    let value = serde_json::json!(format!("os.environ/{name}"));
    Cure::edit(
        format!("Put it into a Secret and write `os.environ/{name}`."),
        vec![Operation::Set { path: path.to_owned(), value }],
    )
}
