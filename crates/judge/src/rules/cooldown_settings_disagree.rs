use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use base::spelling::nearest;
use facts::policies::Policy;
use facts::{Behaviour, ReleaseRange};
use python::{Data, Entry, Truth, Value};
use serde_json::json;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP220",
    name: "cooldown-settings-disagree",
    category: Category::NoEffect,
    severity: Severity::Warning,
    summary: "Settings of cooldowns and retries cancel each other, or name what LiteLLM does not count.",
    why: "`disable_cooldowns` ends the matter before `allowed_fails`, `allowed_fails_policy` or `cooldown_time` are \
        asked. `cooldown_time: 0` counts as not set: a deployment rests for the default, 5 seconds. Before 1.109.0, \
        an `allowed_fails` that is the default's number, 3, counts as not set, too, and the share of failures \
        decides. `allowed_fails_policy` and `retry_policy` take any name, and drop those that they do not know.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new("router_settings:\n  disable_cooldowns: true\n  allowed_fails: 2\n  cooldown_time: 60\n"),
    fixed: Example::new("router_settings:\n  allowed_fails: 2\n  cooldown_time: 60\n"),
    cases: &[
        raises("router_settings:\n  disable_cooldowns: true\n  allowed_fails_policy: {TimeoutErrorAllowedFails: 1}\n")
            .says(&["`allowed_fails_policy`", "`disable_cooldowns`"])
            .path("router_settings.disable_cooldowns"),
        silent("router_settings:\n  disable_cooldowns: true\n"),
        silent("router_settings:\n  disable_cooldowns: false\n  allowed_fails: 2\n"),
        raises("router_settings:\n  cooldown_time: 0\n")
            .says(&["5 seconds"])
            .path("router_settings.cooldown_time")
            .fixed("router_settings:\n  disable_cooldowns: true\n"),
        silent("router_settings:\n  cooldown_time: 1\n"),
        raises("router_settings:\n  allowed_fails: 3\n").on("1.108.0", "5.3.1").says(&["share of failures"]),
        silent("router_settings:\n  allowed_fails: 3\n"),
        silent("router_settings:\n  allowed_fails: 2\n").on("1.108.0", "5.3.1"),
        raises("router_settings:\n  allowed_fails: 5\nlitellm_settings:\n  allowed_fails: 5\n").on("1.108.0", "5.3.1"),
        raises("router_settings:\n  allowed_fails_policy: {TimeoutErrorAllowedFail: 1}\n")
            .says(&["`TimeoutErrorAllowedFails`"]),
        raises("router_settings:\n  allowed_fails_policy: {NotFoundErrorAllowedFails: 1}\n")
            .on("1.80.0", "5.3.1")
            .says(&["LiteLLM 1.98.0 and newer"]),
        silent("router_settings:\n  allowed_fails_policy: {NotFoundErrorAllowedFails: 1}\n"),
        raises("router_settings:\n  allowed_fails_policy: {RateLimitErrorAllowedFails: 0}\n")
            .on("1.80.0", "5.3.1")
            .says(&["counts as not set"]),
        silent("router_settings:\n  allowed_fails_policy: {RateLimitErrorAllowedFails: 0}\n"),
        raises("router_settings:\n  retry_policy: {InternalServerErrorRetries: 4}\n").on("1.80.0", "5.3.1"),
        silent("router_settings:\n  retry_policy: {InternalServerErrorRetries: 4, TimeoutErrorRetries: 0}\n"),
        silent("router_settings:\n  model_group_retry_policy: {m: {TimeoutErrorRetries: 1}}\n"),
    ],
    check,
};

const OFF: &str = "router_settings.disable_cooldowns";
/// What `disable_cooldowns` keeps from being asked.
const CANCELLED: [&str; 3] = ["allowed_fails", "allowed_fails_policy", "cooldown_time"];
/// `litellm.allowed_fails`
const DEFAULT_FAILS: i64 = 3;

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.entries("router_settings").is_empty() {
        return vec![];
    }
    let mut found: Vec<Finding> = vec![];
    if let Some(off) = disabled(context) {
        found.extend(cancelled(context, off));
    } else {
        found.extend(no_time(context));
        found.extend(default_number(context));
        found.extend(policy(context, "router_settings.allowed_fails_policy", Policy::AllowedFails));
    }
    found.extend(policy(context, "router_settings.retry_policy", Policy::Retries));
    for entry in context.entries("router_settings.model_group_retry_policy") {
        let Some(group) = entry.key.as_str().filter(|group| !group.contains('.')) else { continue };
        let path = format!("router_settings.model_group_retry_policy.{group}");
        found.extend(policy(context, &path, Policy::Retries));
    }
    found
}

/// The entry that turns cooldowns off.
fn disabled<'a>(context: &Context<'a>) -> Option<&'a Entry> {
    context.entry(OFF).filter(|entry| is_on(&entry.value))
}

/// What is said of what is next to it.
fn cancelled(context: &Context<'_>, off: &Entry) -> Option<Finding> {
    let is_set = |name: &&str| {
        let value = context.value(&format!("router_settings.{name}"));
        value.is_some_and(|value| !value.is_none())
    };
    let beside: Vec<&str> = CANCELLED.into_iter().filter(is_set).collect();
    if beside.is_empty() {
        return None;
    }
    let names: Vec<String> = beside.iter().map(|name| format!("`{name}`")).collect();
    let (verb, them) = if beside.len() == 1 { ("has", "it") } else { ("have", "them") };
    let message = format!(
        "{} {verb} no effect: `disable_cooldowns` is on, and no deployment rests.",
        names.join(" and ")
    );
    let found = RULE.at(off.key.span(), message).label("ends the matter").path(OFF);
    Some(found.help(format!("Remove `disable_cooldowns`, or {them}.")))
}

fn is_on(value: &Value) -> bool {
    let reference = value.as_str().is_some_and(|text| text.starts_with("os.environ/"));
    !reference && value.truth() == Truth::True
}

/// `cooldown_time or DEFAULT_COOLDOWN_TIME_SECONDS`
fn no_time(context: &Context<'_>) -> Option<Finding> {
    let path = "router_settings.cooldown_time";
    let entry = context.entry(path)?;
    if whole(&entry.value) != Some(0) {
        return None;
    }
    let message = "A `cooldown_time` of 0 counts as not set: a failing deployment rests for the default, 5 seconds.";
    let operations = [
        Operation::Set { path: OFF.to_owned(), value: json!(true) },
        Operation::Remove { path: path.to_owned() },
    ];
    let fix = context.fix("Turn cooldowns off", Safety::Unsafe, &operations);
    let found = RULE.at(entry.value.span(), message).label("counts as not set").path(path);
    Some(
        found
            .help("Write `disable_cooldowns: true` instead, if no deployment is to rest.")
            .fix(fix),
    )
}

/// `_is_allowed_fails_set_on_router`
fn default_number(context: &Context<'_>) -> Option<Finding> {
    let path = "router_settings.allowed_fails";
    let entry = context.entry(path)?;
    let default =
        context.value("litellm_settings.allowed_fails").and_then(whole).unwrap_or(DEFAULT_FAILS);
    let policy = context
        .value("router_settings.allowed_fails_policy")
        .is_some_and(|policy| !policy.is_none());
    let counts = context.pair.behaves(Behaviour::AllowedFailsCountsAsWritten);
    if counts || policy || whole(&entry.value)? != default {
        return None;
    }
    let message = format!(
        "An `allowed_fails` of {default} is the default's number, and counts as not set on LiteLLM {}: the share of failures decides which deployment rests.",
        context.pair.litellm
    );
    let found = RULE
        .at(entry.value.span(), message)
        .label("counts as not set")
        .path(path)
        .severity(Severity::Hint);
    Some(found.help(format!(
        "Write another number than {default}, or use LiteLLM {} or newer.",
        since(Behaviour::AllowedFailsCountsAsWritten)
    )))
}

fn since(behaviour: Behaviour) -> String {
    let ReleaseRange { since, .. } = behaviour.brought_in();
    since.map_or_else(String::new, |since| since.to_string())
}

/// The names in a policy by kind of error that count for nothing, and zeros that do.
fn policy(context: &Context<'_>, path: &str, policy: Policy) -> Vec<Finding> {
    let entries = context.entries(path);
    if entries.is_empty() {
        return vec![];
    }
    let heeded = policy.heeded(context.pair);
    let newest = policy.heeded(facts::Pair::newest());
    let zeros = policy == Policy::AllowedFails
        && !context.pair.behaves(Behaviour::AllowedFailsByMoreErrors);
    let mut found = vec![];
    for entry in entries {
        let Some(name) = entry.key.as_str() else { continue };
        let (message, help) = if heeded.iter().any(|one| one == name) {
            if !zeros || whole(&entry.value) != Some(0) {
                continue;
            }
            let message = format!(
                "A `{name}` of 0 counts as not set on LiteLLM {}: `allowed_fails` counts instead.",
                context.pair.litellm
            );
            (
                message,
                format!("Use LiteLLM {} or newer.", since(Behaviour::AllowedFailsByMoreErrors)),
            )
        } else {
            let message = format!("LiteLLM {} counts nothing for `{name}`.", context.pair.litellm);
            let help = if newest.iter().any(|one| one == name) {
                let brought = policy.brought(name).map(since).unwrap_or_default();
                format!("LiteLLM {brought} and newer do.")
            } else {
                let names: Vec<&str> = heeded.iter().map(String::as_str).collect();
                match nearest(name, &names) {
                    Some(meant) => format!("Write `{meant}`, if that is meant."),
                    None => format!(
                        "It knows {}.",
                        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                    ),
                }
            };
            (message, help)
        };
        let found_here = RULE
            .at(entry.key.span(), message)
            .label("has no effect")
            .path(format!("{path}.{name}"));
        found.push(found_here.help(help));
    }
    found
}

/// A number that is whole; `false` and `0.0` are 0 to Python, too.
fn whole(value: &Value) -> Option<i64> {
    match &value.data {
        Data::Int(number) => number.to_string().parse().ok(),
        Data::Float(number) if *number == 0.0 => Some(0),
        Data::Bool(false) => Some(0),
        _ => None,
    }
}
