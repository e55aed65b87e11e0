use super::case::raises;
use super::context::reference;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use base::spelling::nearest;
use deployment::environment::Lookup;
use facts::catalogue::{self, Section};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP105",
    name: "reference-is-unset",
    category: Category::Environment,
    aspects: &[Aspect::Connects],
    severity: Severity::Error,
    summary: "A Redis setting names an environment variable that is not set.",
    why: "`os.environ/NAME` becomes `None` when the variable is not set. LiteLLM goes on as if the \
        key were not there: without a host it does not start, without a password it does not \
        authenticate, without `ssl` it speaks plaintext.",
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
    host: os.environ/REDIS_MASTER
    port: 6379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_MASTER
    port: 6379
",
    )
    .env("REDIS_MASTER=localhost\n"),
    cases: &[
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, password: os.environ/REDIS_PASWORD}}\n",
        )
        .env("REDIS_PASSWORD=p\n")
        .says(&["`os.environ/REDIS_PASSWORD`"])
        .fixed(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, password: os.environ/REDIS_PASSWORD}}\n",
        ),
        // A port is no host, however near its name.
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, url: 'redis://h', host: os.environ/REDIS_HOST}}\n",
        )
        .env("REDIS_PORT=6379\n")
        .says(&["Set REDIS_HOST"])
        .not_fixed(),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, key, entry) in context.redis_settings() {
        let Some(name) = reference(&entry.value) else { continue };
        if !matches!(context.environment.lookup(name), Lookup::Absent) {
            continue;
        }
        let message =
            format!("{name} is not set, so LiteLLM reads `{key}` as if it were not there.");
        let path = format!("{section}.{key}");
        let diagnostic = RULE.at(entry.value.span(), message).label("not set").path(&*path);
        found.push(match meant(context, name, key) {
            Some(meant) => {
                let value = serde_json::json!(format!("os.environ/{meant}"));
                let fix = context.fix(
                    format!("Write os.environ/{meant}"),
                    Safety::Unsafe,
                    &[Operation::Set { path, value }],
                );
                let help = format!("Write `os.environ/{meant}`, if that is meant: {meant} is set.");
                diagnostic.help(help).fix(fix)
            }
            None => {
                diagnostic.help(format!("Set {name} where LiteLLM runs, or write the value here."))
            }
        });
    }
    found
}

/// The variable that was meant by one that is not set: one that is, of a near name, for this setting.
fn meant<'a>(context: &Context<'a>, name: &str, key: &str) -> Option<&'a str> {
    let about = key.trim_start_matches("redis_").to_ascii_uppercase();
    let names = context.environment.iter().map(|(name, _)| name);
    let of_setting: Vec<&str> =
        names.filter(|name| name.to_ascii_uppercase().contains(&about)).collect();
    let known = catalogue::meant(name, Section::Environment, context.pair);
    let known = known.and_then(|known| of_setting.iter().find(|one| **one == known).copied());
    known.or_else(|| nearest(name, &of_setting))
}
