//! What a form shows for the texts as they are.

use super::System;
use super::field::{Answer, Field, Kind, Node, Off, Place};
use base::source::Span;
use deployment::environment::VariableValue;
use python::{Data, Value, convert};
use report::Report;
use yaml::{Document, Path};

/// A field, as the texts have it.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The field.
    pub field: &'static Field,
    /// What is in the texts.
    pub answer: Answer,
    /// Where: from key to value, the field's own place first.
    pub spans: Vec<Span>,
    /// Why the releases can't do it; one sentence.
    pub refused: Option<String>,
    /// What the router's settings say instead, where they say something else. One sentence.
    pub disagreement: Option<String>,
    /// Whether the secret in the environment is still the placeholder that a new configuration has.
    pub placeholder: bool,
    /// What the check says of it: places in the report's diagnostics.
    pub findings: Vec<usize>,
}

/// What a system's form shows; `None` while the config can't be read.
pub fn read(system: System, report: &Report) -> Option<Vec<Reading>> {
    let document = report.document.as_ref().ok()?;
    let shown = system.fields().filter(|field| field.is_shown(report.pair));
    Some(shown.map(|field| reading(field, document, report)).collect())
}

fn reading(field: &'static Field, document: &Document, report: &Report) -> Reading {
    let mut spans = Vec::new();
    let answer = match field.place {
        Place::Config(_) => {
            let path = field.path_in(document);
            spans.extend(path.and_then(|path| span_of(document, path)));
            answer_at(field, document, path)
        }
        Place::Router => Answer::Flag(router_has_redis(document)),
        Place::Variable(name) => match report.environment.get(name) {
            None => Answer::Nothing,
            Some(variable) => {
                spans.extend(variable.span);
                match &variable.value {
                    VariableValue::Known(value) if value.reveal().is_empty() => Answer::Nothing,
                    VariableValue::Known(value) => Answer::Text(value.reveal().to_owned()),
                    VariableValue::Unknown(why) => Answer::Other(why.clone()),
                }
            }
        },
    };
    let mut disagreement = None;
    if let Some(path) = field.router
        && router_has_redis(document)
    {
        let there = document.value(&parsed(path)).is_some().then_some(path);
        spans.extend(there.and_then(|path| span_of(document, path)));
        let other = answer_at(field, document, there);
        if other != answer {
            disagreement = Some(match other {
                Answer::Nothing | Answer::Flag(false) => {
                    format!("The router does not have it: {path}.")
                }
                other => format!("The router has {} at {path}.", words(&other)),
            });
        }
    }
    let mut placeholder = false;
    if let (Kind::Secret, Answer::Text(name)) = (field.kind, &answer)
        && let Some(variable) = report.environment.get(name)
    {
        spans.extend(variable.span);
        placeholder = match &variable.value {
            VariableValue::Known(value) => value.reveal() == field.placeholder,
            VariableValue::Unknown(_) => false,
        };
    }
    let findings = findings(field, &spans, report);
    let answer = match answer {
        Answer::Other(written) => Answer::Other(report.redaction.clean_text(&written)),
        answer => answer,
    };
    let refused = field.refused(report.pair);
    Reading { field, answer, spans, refused, disagreement, placeholder, findings }
}

/// The places of diagnostics about a field.
fn findings(field: &Field, spans: &[Span], report: &Report) -> Vec<usize> {
    let is_at = |path: &str, place: &str| {
        path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let within = |inner: Span, outer: &Span| {
        inner.source == outer.source && outer.start <= inner.start && inner.end <= outer.end
    };
    let about = |at: &usize| {
        let found = &report.diagnostics[*at];
        let mut paths = field.paths().chain(field.router);
        paths.any(|place| is_at(&found.path, place))
            || found.primary.span.is_some_and(|place| spans.iter().any(|span| within(place, span)))
    };
    (0..report.diagnostics.len()).filter(about).collect()
}

pub(super) fn parsed(path: &str) -> Path {
    Path::parse(path).unwrap_or_default()
}

fn span_of(document: &Document, path: &str) -> Option<Span> {
    let found = document.locate(&parsed(path))?;
    // Behind an alias, the value is elsewhere.
    match found.key {
        Some(key) if key.start <= found.value.start => Some(key.to(found.value)),
        Some(key) => Some(key),
        None => Some(found.value),
    }
}

impl Field {
    /// The path under which a config has the field.
    pub(super) fn path_in(&self, document: &Document) -> Option<&'static str> {
        self.paths().find(|path| document.value(&parsed(path)).is_some())
    }
}

/// Whether the router's settings name a server.
pub(super) fn router_has_redis(document: &Document) -> bool {
    let given = |key: &str| {
        let value = document.value(&parsed(&format!("router_settings.{key}")));
        value.is_some_and(|value| !value.is_none())
    };
    (given("redis_host") || given("redis_port")) && !given("redis_url")
}

/// What is at a path.
pub(super) fn answer_at(field: &Field, document: &Document, path: Option<&str>) -> Answer {
    let value = path.and_then(|path| document.value(&parsed(path)));
    match value {
        None if field.kind == Kind::Flag(Off::Absent) => Answer::Flag(false),
        None => Answer::Nothing,
        Some(value) => answer(field.kind, value),
    }
}

fn answer(kind: Kind, value: &Value) -> Answer {
    let other = || Answer::Other(convert::str_of(value).unwrap_or_else(|_| "…".to_owned()));
    match (kind, &value.data) {
        (Kind::Flag(_), Data::Bool(flag)) => Answer::Flag(*flag),
        (Kind::Flag(Off::Absent), Data::None) => Answer::Flag(false),
        (_, Data::None) => Answer::Nothing,
        (Kind::Secret, data) => match data {
            Data::Str(text) if text.is_empty() => Answer::Nothing,
            Data::Str(text) => match text.strip_prefix("os.environ/") {
                Some(name) => Answer::Text(name.to_owned()),
                None => Answer::Other("a secret in the text itself".to_owned()),
            },
            _ => Answer::Other("a secret in the text itself".to_owned()),
        },
        (Kind::Nodes | Kind::Pairs, Data::List(items)) => {
            let nodes: Option<Vec<Node>> = items.iter().map(|item| node(kind, item)).collect();
            match nodes {
                Some(nodes) if nodes.is_empty() => Answer::Nothing,
                nodes => nodes.map_or_else(other, Answer::Nodes),
            }
        }
        (Kind::Several(_), Data::List(items)) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            match texts {
                Some(texts) if texts.is_empty() => Answer::Nothing,
                texts => texts.map_or_else(other, Answer::Several),
            }
        }
        (Kind::Flag(_) | Kind::Nodes | Kind::Pairs | Kind::Several(_), _) => other(),
        (_, Data::Str(_) | Data::Int(_) | Data::Float(_)) => {
            text(value).map_or_else(other, Answer::Text)
        }
        _ => other(),
    }
}

/// A scalar on one line.
fn text(value: &Value) -> Option<String> {
    let scalar = matches!(value.data, Data::Str(_) | Data::Int(_) | Data::Float(_));
    let text = convert::str_of(value).ok().filter(|_| scalar)?;
    (!text.contains(char::is_control)).then_some(text)
}

fn node(kind: Kind, item: &Value) -> Option<Node> {
    match (kind, &item.data) {
        (Kind::Nodes, Data::Dict(dict)) => {
            let host = text(dict.get("host")?)?;
            let port = dict.get("port").map_or(Some(String::new()), text)?;
            Some(Node { host, port })
        }
        (Kind::Pairs, Data::List(pair)) => match pair.as_slice() {
            [host, port] => Some(Node { host: text(host)?, port: text(port)? }),
            _ => None,
        },
        _ => None,
    }
}

fn words(answer: &Answer) -> String {
    match answer {
        Answer::Nothing => "nothing".to_owned(),
        Answer::Text(text) => format!("`{text}`"),
        Answer::Flag(flag) => format!("`{flag}`"),
        Answer::Nodes(_) | Answer::Several(_) => "another list".to_owned(),
        Answer::Other(other) => other.clone(),
    }
}

/// Which system a configuration is, or is meant to be.
pub fn detect(report: &Report) -> Option<System> {
    let document = report.document.as_ref().ok()?;
    let params = document.value(&parsed("litellm_settings.cache_params"))?.as_dict()?;
    let named = |parts: &[&str]| {
        params.entries.iter().filter_map(|entry| entry.key.as_str()).any(|key| {
            parts.iter().any(|part| match part.strip_suffix('*') {
                Some(start) => key.starts_with(start),
                None => key == *part,
            })
        })
    };
    match params.get("type").and_then(Value::as_str) {
        Some("local") => return Some(System::Local),
        Some("redis-semantic") => return Some(System::Semantic),
        // Without a type, LiteLLM keeps responses in memory: the check says so.
        Some("redis") | None => {}
        Some(_) => return None,
    }
    let signs: [(&[&str], System); 7] = [
        (&["sentinel_*", "service_name"], System::Sentinel),
        (&["gcp_*"], System::Memorystore),
        (&["azure_redis_ad_token", "azure_client_*", "azure_tenant_id"], System::AzureRedis),
        (&["aws_iam_*"], System::ElastiCache),
        (&["redis_startup_nodes", "startup_nodes", "cluster_mode"], System::Cluster),
        (&["ssl_certfile", "ssl_keyfile"], System::MutualTls),
        (&["host", "port", "password", "ssl"], System::InClusterTls),
    ];
    if named(&["url", "redis_url"]) {
        return None;
    }
    signs.into_iter().find(|(keys, _)| named(keys)).map(|(_, system)| system)
}
