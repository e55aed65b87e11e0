use super::case::{raises, silent};
use super::context::reference;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use deployment::environment::Lookup;
use facts::catalogue::{self, Kind, Section};
use facts::values::{Class, Trip, When, general_trip, setting_trip, trip};
use python::{Data, Entry, Integer, Stop, Value, convert};
use serde_json::{Value as Json, json};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP218",
    name: "value-trips-later",
    former_names: &["text-for-a-number"],
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "LiteLLM takes a value at start-up, and requests fail on it later.",
    why: "`Router.__init__` keeps what it is given. With `num_retries: \"2\"`, or `os.environ/NUM_RETRIES`, which is \
        text too, the first request that fails raises `TypeError: '>' not supported between instances of 'str' and \
        'int'` instead of being tried again. With `timeout: 60s`, each request fails: `could not convert string to \
        float`. What else fails so was asked of the real router, parameter by parameter.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new("router_settings:\n  num_retries: \"2\"\n").refused_by_schema(),
    fixed: Example::new("router_settings:\n  num_retries: 2\n"),
    cases: &[
        raises("router_settings:\n  num_retries: \"3\"\n")
            .path("router_settings.num_retries")
            .says(&["TypeError"])
            .severity(Severity::Warning)
            .fixed("router_settings:\n  num_retries: 3\n"),
        raises("router_settings:\n  num_retries: os.environ/RETRIES\n").env("RETRIES=2\n"),
        raises("router_settings:\n  num_retries: os.environ/RETRIES\n").from_secret(&["RETRIES"]),
        raises("router_settings:\n  num_retries: three\n").not_fixed(),
        raises("router_settings:\n  num_retries: 1.5\n").says(&["interpreted as an integer"]),
        raises("router_settings:\n  timeout: 60s\n")
            .says(&["each request fails"])
            .severity(Severity::Error)
            .fixed("router_settings:\n  timeout: 60\n"),
        raises("router_settings:\n  stream_timeout: 1m\n")
            .fixed("router_settings:\n  stream_timeout: 60\n"),
        raises("router_settings:\n  default_max_parallel_requests: \"100\"\n")
            .says(&["each request fails", "not supported between instances"])
            .severity(Severity::Error)
            .fixed("router_settings:\n  default_max_parallel_requests: 100\n"),
        raises("router_settings:\n  default_max_parallel_requests: -1\n")
            .says(&["each request fails"]),
        raises("router_settings:\n  model_group_retry_policy: 3\n")
            .says(&["'int' is not iterable"]),
        raises("litellm_settings:\n  num_retries: \"3\"\n")
            .path("litellm_settings.num_retries")
            .says(&["'>' not supported"])
            .fixed("litellm_settings:\n  num_retries: 3\n"),
        raises("litellm_settings:\n  request_timeout: 60s\n")
            .says(&["each request fails", "convert string to float"])
            .fixed("litellm_settings:\n  request_timeout: 60\n"),
        raises("litellm_settings:\n  model_alias_map: true\n").says(&["is not iterable"]),
        raises("general_settings:\n  max_request_size_mb: 10MB\n")
            .path("general_settings.max_request_size_mb")
            .says(&["each request fails"])
            .severity(Severity::Error),
        raises("general_settings:\n  user_header_name: [X-User]\n")
            .says(&["Expected user_header_name to be a str but got <class 'list'>", "Write text"]),
        raises("general_settings:\n  litellm_key_header_name: true\n")
            .says(&["each request fails"]),
        silent("general_settings:\n  max_request_size_mb: \"10\"\n"),
        silent("general_settings:\n  max_request_size_mb: 10MB\n").on("1.80.0", "5.3.1"),
        silent("litellm_settings:\n  request_timeout: \"60\"\n"),
        silent("litellm_settings:\n  num_retries: 3\n  request_timeout: 0.5\n"),
        // The router in Rust makes a number of it.
        silent("router_settings:\n  num_retries: \"3\"\n").on("1.110.2", "8.1.0"),
        // `float()` reads it.
        silent("router_settings:\n  timeout: \"60\"\n"),
        silent("router_settings:\n  timeout: os.environ/TIMEOUT\n").from_secret(&["TIMEOUT"]),
        silent("router_settings:\n  num_retries: os.environ/RETRIES\n"),
        silent(
            "router_settings:\n  num_retries: 2\n  timeout: 0.5\n  default_max_parallel_requests: 10\n",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let of = |section: &'static str| {
        let entries = context.entries(section).iter();
        entries.filter_map(move |entry| say(context, section, entry))
    };
    let sections = ["router_settings", "litellm_settings", "general_settings"];
    sections.into_iter().flat_map(of).collect()
}

fn say(context: &Context<'_>, section: &str, entry: &Entry) -> Option<Finding> {
    let name = entry.key.as_str()?;
    let Entry { value, .. } = entry;
    // Both are read by the same function.
    let asked = if name == "stream_timeout" { "timeout" } else { name };
    let variable = reference(value);
    let class = match variable {
        // What a variable holds is text, and nothing where it is not set.
        Some(variable) => match context.environment.lookup(variable) {
            Lookup::Absent => return None,
            Lookup::Set(_) | Lookup::NotGiven => Class::NumberText,
        },
        None => class(value)?,
    };
    let (trip, kind) = if section == "router_settings" {
        let field = catalogue::find(name, Section::RouterSettings)?;
        (trip(asked, class, context.pair)?, field.kind)
    } else if section == "general_settings" {
        let kind = if name == "max_request_size_mb" { Kind::Float } else { Kind::Str };
        (general_trip(name, class, context.pair)?, kind)
    } else {
        let kind = match name {
            "num_retries" => Kind::Int,
            "request_timeout" => Kind::Float,
            _ => Kind::Map,
        };
        (setting_trip(name, class, context.pair)?, kind)
    };
    let path = format!("{section}.{name}");
    let (message, severity) = words(trip, name, value, variable.is_some());
    let found = RULE.at(value.span(), message).label("not what LiteLLM needs").path(&*path);
    let number = value.as_str().and_then(|text| number(text, kind));
    let fix = number.and_then(|value| {
        let replace = Operation::Replace { path: path.clone(), value };
        context.fix(format!("Write {name} as a number"), Safety::Unsafe, &[replace])
    });
    let help = match kind {
        Kind::Int | Kind::Float => "Write the number here, without quotes or unit.".to_owned(),
        kind => format!("Write {} here.", kind.words()),
    };
    Some(found.severity(severity).help(help).fix(fix))
}

fn words(trip: &Trip, name: &str, value: &Value, reference: bool) -> (String, Severity) {
    let what = match (reference, value.type_name()) {
        (true, _) => "text, as all that `os.environ/` gives",
        (false, Some("str")) => "text",
        (false, Some("list")) => "a list",
        (false, Some("dict")) => "a mapping",
        (false, Some("bool")) => "true or false",
        _ => "another number than LiteLLM expects",
    };
    let raises = trip.raises.replace("TYPE", value.type_name().unwrap_or("str"));
    match trip.when {
        When::EachRequest if raises.is_empty() => {
            (format!("`{name}` is {what}: each request fails."), Severity::Error)
        }
        When::EachRequest => {
            (format!("`{name}` is {what}: each request fails, `{raises}`."), Severity::Error)
        }
        When::FailedRequest => (
            format!(
                "`{name}` is {what}: a request that fails raises this instead of being tried again: `{raises}`."
            ),
            Severity::Warning,
        ),
    }
}

/// What kind of value it is; `None` for what can't be known, or is not set.
fn class(value: &Value) -> Option<Class> {
    Some(match &value.data {
        Data::Str(text) if text.is_empty() => Class::EmptyText,
        Data::Str(_) if matches!(convert::float(value), Err(Stop::Raised(_))) => Class::Text,
        Data::Str(_) => Class::NumberText,
        Data::Bool(true) => Class::True,
        Data::Bool(false) => Class::False,
        Data::Int(number) if *number < Integer::ZERO => Class::Negative,
        Data::Int(number) if *number == Integer::ZERO => Class::Zero,
        Data::Int(_) => Class::Whole,
        Data::Float(number) if *number < 0.0 => Class::Negative,
        Data::Float(number) if *number == 0.0 => Class::Zero,
        Data::Float(_) => Class::Fraction,
        Data::List(items) => {
            if items.is_empty() {
                Class::EmptyList
            } else {
                Class::List
            }
        }
        Data::Dict(dict) => {
            if dict.entries.is_empty() {
                Class::EmptyMap
            } else {
                Class::Map
            }
        }
        _ => return None,
    })
}

/// The number that a text stands for: `60s` is 60.
fn number(text: &str, kind: Kind) -> Option<Json> {
    let (digits, factor) =
        match text.trim().char_indices().find(|(_, letter)| letter.is_ascii_alphabetic()) {
            None => (text.trim(), 1),
            Some((at, _)) => {
                let (digits, unit) = text.trim().split_at(at);
                (
                    digits,
                    match unit {
                        "s" | "sec" | "seconds" => 1,
                        "m" | "min" => 60,
                        "h" => 3600,
                        _ => return None,
                    },
                )
            }
        };
    if factor != 1 && kind != Kind::Float {
        return None;
    }
    let digits: i64 = digits.trim().parse().ok()?;
    Some(json!(digits * factor))
}
