//! `pydantic.ValidationError`, as its `str()` shows it.

use std::collections::HashMap;
use std::fmt::Write as _;

use python::{Data, Dict, Origin, PyResult, Stop, Value, convert};

/// One line of a `ValidationError`.
pub(super) struct Problem {
    at: String,
    message: String,
    kind: &'static str,
    input: String,
    input_type: &'static str,
}

/// The pydantic version that the links in its messages name.
const LINKED_VERSION: &str = "2.14";

impl Problem {
    pub(super) fn new(at: &str, message: &str, kind: &'static str, value: &Value) -> Self {
        Self {
            at: at.to_owned(),
            message: message.to_owned(),
            kind,
            input: shown(value),
            input_type: value.type_name().unwrap_or("str").trim_start_matches("datetime."),
        }
    }

    pub(super) fn missing(at: &str, value: &Value) -> Self {
        Self::new(at, "Field required", "missing", value)
    }

    pub(super) fn key_is_no_text(key: &Value) -> Self {
        let at = format!("{}.[key]", location(key).unwrap_or_default());
        Self::new(&at, "Input should be a valid string", "string_type", key)
    }

    pub(super) fn keys_must_be_strings(key: &Value) -> Self {
        let at = convert::str_of(key).unwrap_or_default();
        Self::new(&at, "Keys should be strings", "invalid_key", key)
    }
}

/// `repr(value)`, its middle cut out past fifty bytes; a character is not cut.
fn shown(value: &Value) -> String {
    let text = convert::repr(value).unwrap_or_default();
    if text.len() <= 50 {
        return text;
    }
    let head = text.floor_char_boundary(25);
    let tail = text.ceil_char_boundary(text.len() - 24);
    format!("{}...{}", &text[..head], &text[tail..])
}

/// The exception with all its lines.
pub(super) fn validation_error(model: &str, problems: &[Problem], origin: &Origin) -> Stop {
    let count = problems.len();
    let plural = if count == 1 { "" } else { "s" };
    let mut message = format!("{count} validation error{plural} for {model}");
    for problem in problems {
        let Problem { at, message: text, kind, input, input_type } = problem;
        if !at.is_empty() {
            write!(message, "\n{at}").unwrap_or_default();
        }
        write!(message, "\n  {text} [type={kind}, input_value={input}, input_type={input_type}]")
            .unwrap_or_default();
        // pydantic links only its own kinds.
        if *kind != "invalid-json-value" {
            write!(
                message,
                "\n    For further information visit https://errors.pydantic.dev/{LINKED_VERSION}/v/{kind}"
            )
            .unwrap_or_default();
        }
    }
    Stop::raise("ValidationError", message).because_of(origin)
}

/// A key as pydantic shows it in a path: a boolean as its number, what is neither text nor number as Python shows
/// it, and between backticks where it holds a dot.
fn location(key: &Value) -> PyResult<String> {
    let name = match &key.data {
        Data::Bool(flag) => u8::from(*flag).to_string(),
        Data::Str(text) => text.to_string(),
        _ => convert::repr(key)?,
    };
    Ok(if name.contains('.') { format!("`{name}`") } else { name })
}

/// Aliases let a few lines stand for any number of values: more problems than these are not written.
const MOST: usize = 1000;

/// How pydantic names a JSON value inside a list or a dict.
const JSON: &str =
    "json-or-python[json=any,python=tagged-union[list[...],dict[str,...],str,bool,int,float,none]]";

/// `TypeAdapter(dict[str, JsonValue]).validate_python(section)`
///
/// # Errors
/// `ValidationError` where a key is not text, or a value is nothing that JSON has.
pub(super) fn json_settings(section: &Dict) -> PyResult<()> {
    let mut problems = Vec::new();
    let mut judged = Judged::default();
    for entry in &section.entries {
        let inner = inner_problems(&entry.value, &mut judged);
        let is_text = entry.key.as_str().is_some();
        if is_text && inner.is_none() {
            continue;
        }
        let at = location(&entry.key)?;
        if !is_text {
            let at = format!("{at}.[key]");
            problems.push(Problem::new(
                &at,
                "Input should be a valid string",
                "string_type",
                &entry.key,
            ));
        }
        if let Some(inner) = inner {
            problems.extend(union_problems(&at, &entry.value, inner));
        }
        if problems.len() > MOST {
            let why = "what pydantic says of thousands of values that JSON does not have";
            return Err(Stop::Unknown(why.to_owned()));
        }
    }
    match section.entries.first() {
        Some(entry) if !problems.is_empty() => {
            let model = format!(
                "dict[str,nullable[union[bool,int,float,str,list[{JSON}],dict[str,{JSON}]]]]"
            );
            Err(validation_error(&model, &problems, &entry.key.origin))
        }
        _ => Ok(()),
    }
}

/// One line for each type that the value could have been.
fn union_problems(at: &str, value: &Value, inner: Vec<Problem>) -> Vec<Problem> {
    let list = format!("`list[{JSON}]`");
    let dict = format!("`dict[str,{JSON}]`");
    let scalars = match value.data {
        Data::Bytes(_) => [
            ("bool", "Input should be a valid boolean, unable to interpret input", "bool_parsing"),
            (
                "int",
                "Input should be a valid integer, unable to parse string as an integer",
                "int_parsing",
            ),
            (
                "float",
                "Input should be a valid number, unable to parse string as a number",
                "float_parsing",
            ),
            (
                "str",
                "Input should be a valid string, unable to parse raw data as a unicode string",
                "string_unicode",
            ),
        ],
        _ => [
            ("bool", "Input should be a valid boolean", "bool_type"),
            ("int", "Input should be a valid integer", "int_type"),
            ("float", "Input should be a valid number", "float_type"),
            ("str", "Input should be a valid string", "string_type"),
        ],
    };
    let mut problems: Vec<Problem> = scalars
        .into_iter()
        .map(|(name, message, kind)| Problem::new(&format!("{at}.{name}"), message, kind, value))
        .collect();
    let under = |name: &str, mut problem: Problem| {
        problem.at = format!("{at}.{name}.{}", problem.at);
        problem
    };
    let not_list =
        Problem::new(&format!("{at}.{list}"), "Input should be a valid list", "list_type", value);
    let not_dict = Problem::new(
        &format!("{at}.{dict}"),
        "Input should be a valid dictionary",
        "dict_type",
        value,
    );
    match value.data {
        Data::List(_) | Data::Set(_) => {
            problems.extend(inner.into_iter().map(|problem| under(&list, problem)));
            problems.push(not_dict);
        }
        Data::Dict(_) => {
            problems.push(not_list);
            problems.extend(inner.into_iter().map(|problem| under(&dict, problem)));
        }
        _ => problems.extend([not_list, not_dict]),
    }
    problems
}

/// Which collections JSON has. Aliases let a few lines of text stand for a value of any size: each
/// collection is judged once.
#[derive(Default)]
struct Judged(HashMap<*const (), bool>);

impl Judged {
    /// Whether JSON has such a value.
    fn is_json(&mut self, value: &Value) -> bool {
        if let Data::Bytes(_) | Data::Date(_) | Data::DateTime(_) | Data::Tuple(_) | Data::Set(_) =
            value.data
        {
            return false;
        }
        let Some(collection) = value.identity() else {
            return true;
        };
        if let Some(known) = self.0.get(&collection) {
            return *known;
        }
        let sound = match &value.data {
            Data::List(items) => items.iter().all(|item| self.is_json(item)),
            Data::Dict(dict) => dict
                .entries
                .iter()
                .all(|entry| entry.key.as_str().is_some() && self.is_json(&entry.value)),
            _ => true,
        };
        self.0.insert(collection, sound);
        sound
    }
}

/// What JSON does not have in a setting; `None` where all is well. Its own value may be a set, which goes for a list, and
/// bytes, which go for their text.
fn inner_problems(value: &Value, judged: &mut Judged) -> Option<Vec<Problem>> {
    let sound = match &value.data {
        Data::Bytes(bytes) => std::str::from_utf8(bytes).is_ok(),
        Data::Set(items) => items.iter().all(|item| judged.is_json(item)),
        _ => judged.is_json(value),
    };
    if sound {
        return None;
    }
    let mut problems = Vec::new();
    match &value.data {
        Data::List(items) | Data::Set(items) => {
            each_item(items, "", &mut problems, judged);
        }
        Data::Dict(dict) => each_entry(dict, "", &mut problems, judged),
        _ => {}
    }
    Some(problems)
}

/// The values inside that JSON does not have, at any depth.
fn json_problems(at: &str, value: &Value, problems: &mut Vec<Problem>, judged: &mut Judged) {
    if problems.len() > MOST || judged.is_json(value) {
        return;
    }
    match &value.data {
        Data::List(items) => each_item(items, &format!("{at}.list."), problems, judged),
        Data::Dict(dict) => each_entry(dict, &format!("{at}.dict."), problems, judged),
        _ => {
            let message = "input was not a valid JSON value";
            problems.push(Problem::new(at, message, "invalid-json-value", value));
        }
    }
}

fn each_item(items: &[Value], under: &str, problems: &mut Vec<Problem>, judged: &mut Judged) {
    for (index, item) in items.iter().enumerate() {
        json_problems(&format!("{under}{index}"), item, problems, judged);
    }
}

fn each_entry(dict: &Dict, under: &str, problems: &mut Vec<Problem>, judged: &mut Judged) {
    for entry in &dict.entries {
        let at = format!("{under}{}", location(&entry.key).unwrap_or_default());
        if entry.key.as_str().is_none() {
            let message = "Input should be a valid string";
            let at = format!("{at}.[key]");
            problems.push(Problem::new(&at, message, "string_type", &entry.key));
        }
        json_problems(&at, &entry.value, problems, judged);
    }
}
