use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use facts::catalogue::{self, Kind, Section};
use python::{Data, Stop, convert};
use serde_json::{Value as Json, json};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP218",
    name: "text-for-a-number",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "LiteLLM takes a text where its router needs a number, and trips over it later.",
    why: "`Router.__init__` keeps what it is given. With `num_retries: \"2\"`, or `os.environ/NUM_RETRIES`, which is \
        text too, the first request that fails raises `TypeError: '>' not supported between instances of 'str' and \
        'int'` instead of being tried again. With `timeout: 60s`, each request fails: `could not convert string to \
        float`.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new("router_settings:\n  num_retries: \"2\"\n"),
    fixed: Example::new("router_settings:\n  num_retries: 2\n"),
    cases: &[
        raises("router_settings:\n  num_retries: \"3\"\n")
            .path("router_settings.num_retries")
            .says(&["TypeError"])
            .fixed("router_settings:\n  num_retries: 3\n"),
        raises("router_settings:\n  num_retries: os.environ/RETRIES\n").env("RETRIES=2\n"),
        raises("router_settings:\n  num_retries: three\n").not_fixed(),
        raises("router_settings:\n  timeout: 60s\n")
            .says(&["each request fails"])
            .severity(Severity::Error)
            .fixed("router_settings:\n  timeout: 60\n"),
        raises("router_settings:\n  stream_timeout: 1m\n")
            .fixed("router_settings:\n  stream_timeout: 60\n"),
        // `float()` reads it.
        silent("router_settings:\n  timeout: \"60\"\n"),
        silent("router_settings:\n  timeout: os.environ/TIMEOUT\n").from_secret(&["TIMEOUT"]),
        silent("router_settings:\n  num_retries: 2\n  timeout: 0.5\n"),
    ],
    check,
};

/// What is compared as it is: the text of a number is none.
const COMPARED: [&str; 1] = ["num_retries"];
/// What `float()` is asked of for each request.
const CONVERTED: [&str; 2] = ["timeout", "stream_timeout"];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let compared = COMPARED.iter().filter_map(|name| say(context, name, false));
    compared.chain(CONVERTED.iter().filter_map(|name| say(context, name, true))).collect()
}

fn say(context: &Context<'_>, name: &'static str, converted: bool) -> Option<Finding> {
    let field = catalogue::find(name, Section::RouterSettings)?;
    let path = format!("router_settings.{name}");
    let value = context.value(&path)?;
    let Data::Str(_) = &value.data else { return None };
    let text = value.as_str()?;
    let reference = text.starts_with("os.environ/");
    if converted && (reference || !matches!(convert::float(value), Err(Stop::Raised(_)))) {
        return None;
    }
    let (message, severity) = if converted {
        let message = format!(
            "`{name}` is not a number: each request fails, `could not convert string to float`."
        );
        (message, Severity::Error)
    } else {
        let what = if reference { "what `os.environ/` gives is text" } else { "a text" };
        let message = format!(
            "`{name}` is not a number but {what}: a request that fails raises a TypeError instead of being tried again."
        );
        (message, Severity::Warning)
    };
    let found = RULE.at(value.span(), message).label("text").path(&*path).severity(severity);
    let fix = number(text, field.kind).and_then(|value| {
        let replace = Operation::Replace { path: path.clone(), value };
        context.fix(format!("Write {name} as a number"), Safety::Unsafe, &[replace])
    });
    Some(found.help("Write the number here, without quotes or unit.").fix(fix))
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
