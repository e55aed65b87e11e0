use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use python::{Data, Value};
use simulate::outcome::ClientKind;

pub(super) static RULE: Rule = Rule {
    code: "RP509",
    name: "database-is-refused",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "`db` is not a number that Redis takes: no connection comes about.",
    why: "redis-py sends `db` as it is: SELECT with a name, a fraction or a blank in it is refused with \
        \"value is not an integer or out of range\", a negative number with \"DB index is out of range\". \
        Each connection is closed again, and LiteLLM goes on without Redis. A Redis has databases from 0, \
        16 unless its `databases` says otherwise.",
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
    db: -1
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
    db: 2
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}\n")
            .on("1.80.0", "5.3.1")
            .env("REDIS_DB=default\n")
            .says(&["`default`", "value is not an integer"]),
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: -1}}\n",
        )
        .says(&["`-1`", "out of range"]),
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: true}}\n",
        )
        .on("1.80.0", "5.3.1")
        .says(&["DataError"]),
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: \"02\"}}\n",
        )
        .on("1.80.0", "5.3.1")
        .says(&["value is not an integer"]),
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: \"0\"}}\n",
        ),
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: \"15\"}}\n",
        ),
        // Nothing is selected.
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: \"\"}}\n",
        ),
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, db: false}}\n",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = vec![];
    for (client, connection) in context.connections() {
        // A cluster's client refuses it itself.
        if client.kind == ClientKind::RedisCluster || client.error.is_some() {
            continue;
        }
        let db = &connection.db.value;
        let Some((written, refusal)) = refused(db) else { continue };
        let span = context.span_of(&db.origin);
        let message = format!("Redis refuses each connection: database `{written}`: {refusal}.");
        if found.iter().any(|other| other.primary.span == span && other.message == message) {
            continue;
        }
        let path = span.and_then(|span| context.key_at(span)).map(|(path, _)| path);
        found.push(
            RULE.at(span, message)
                .path(path.unwrap_or_default())
                .label("not a database")
                .help("Write a whole number from 0, or leave `db` (REDIS_DB) out."),
        );
    }
    found
}

/// What is selected, and what Redis or redis-py says to that.
fn refused(db: &Value) -> Option<(String, &'static str)> {
    const NO_NUMBER: &str = "ResponseError, value is not an integer or out of range";
    match &db.data {
        Data::Bool(true) => Some(("true".to_owned(), "DataError, Invalid input of type: 'bool'")),
        Data::Int(number) => {
            let text = number.to_string();
            text.starts_with('-').then_some((text, "ResponseError, DB index is out of range"))
        }
        Data::Float(number) if *number != 0.0 => Some((number.to_string(), NO_NUMBER)),
        Data::Str(text) if !text.is_empty() && !is_number(text) => {
            // Anything may stand in a variable.
            let short = text.len() <= 20 && text.chars().all(|c| c.is_ascii_alphanumeric());
            Some((if short { text.to_string() } else { "•••".to_owned() }, NO_NUMBER))
        }
        _ => None,
    }
}

/// As Redis' `string2ll` reads numbers: no sign, no blank, no zero before another digit.
fn is_number(text: &str) -> bool {
    text == "0"
        || (text.len() <= 10 && !text.starts_with('0') && text.chars().all(|c| c.is_ascii_digit()))
}
