//! JSON Schemas of the config's sections, for editors and other validators.

use serde_json::{Map, Value as Json, json};

use crate::values::{Class, trip};
use crate::{DefaultValue, Pair};

use super::{Field, Kind, Reach, Section, fields_of, find};

/// What a value that is in the environment looks like.
pub const REFERENCE: &str = "^os\\.environ/.+";

/// The JSON Schema (draft 7, which every editor understands) of a config for a pair of releases.
///
/// Sections of connection settings and `router_settings` are closed: LiteLLM drops or refuses what
/// they do not name. The others are open.
pub fn schema(pair: Pair) -> Json {
    let mut schema = config(pair);
    schema["$schema"] = json!(DRAFT);
    schema["$id"] = json!(address(pair, ""));
    schema["title"] = json!(format!("LiteLLM proxy config, Redis settings ({pair:?})"));
    schema["definitions"] = definitions();
    schema
}

/// The schema of the values of LiteLLM's Helm chart, which holds the config as `proxy_config`.
pub fn helm_values(pair: Pair) -> Json {
    json!({
        "$schema": DRAFT,
        "$id": address(pair, "-helm-values"),
        "title": format!("LiteLLM Helm values, Redis settings ({pair:?})"),
        "definitions": definitions(),
        "type": "object",
        "properties": { "proxy_config": config(pair) },
    })
}

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Where a schema is published: one for each release line.
fn address(pair: Pair, form: &str) -> String {
    let (major, minor) = pair.litellm.line();
    format!("https://redproof.dev/schemas/litellm-{major}.{minor}{form}.json")
}

fn config(pair: Pair) -> Json {
    let mut cache_params = object(Section::CacheParams, pair, true);
    cache_params["allOf"] = narrowed(pair);
    let mut router = object(Section::RouterSettings, pair, true);
    router["properties"]["cache_kwargs"] = described(
        object(Section::CacheKwargs, pair, true),
        Section::RouterSettings,
        "cache_kwargs",
        pair,
    );
    let mut litellm = object(Section::LitellmSettings, pair, false);
    litellm["properties"]["cache_params"] =
        described(cache_params, Section::LitellmSettings, "cache_params", pair);
    let mut general = object(Section::GeneralSettings, pair, false);
    if general["properties"].get("coordination_redis").is_some() {
        general["properties"]["coordination_redis"] = described(
            object(Section::CoordinationRedis, pair, true),
            Section::GeneralSettings,
            "coordination_redis",
            pair,
        );
    }
    let scalar = json!({ "type": ["string", "number", "boolean", "null"] });
    json!({
        "type": "object",
        "properties": {
            "litellm_settings": litellm,
            "router_settings": router,
            "general_settings": general,
            "environment_variables": {
                "description": "Variables that LiteLLM sets before it reads anything else.",
                "type": ["object", "null"],
                "additionalProperties": scalar,
            },
        },
    })
}

/// By the cache's `type`, which settings are not for it: editors neither suggest them nor are silent about
/// them. They are no error: LiteLLM takes them.
fn narrowed(pair: Pair) -> Json {
    let known = pair.litellm_data().cache_types();
    let of_redis = |name: &&str| name.contains("redis") || name.contains("valkey");
    let mut by_types: Vec<(Vec<&str>, Map<String, Json>)> = vec![];
    for field in fields_of(Section::CacheParams, pair).filter(|field| field.kind != Kind::Object) {
        let types: Vec<&str> = match field.reach {
            Reach::CacheTypes(types) => types.to_vec(),
            _ if field.sections.contains(&Section::CacheKwargs) => {
                known.iter().copied().filter(of_redis).collect()
            }
            _ => continue,
        };
        let words = format!("Caches of type {} alone use it.", types.join(", "));
        let hint = json!({ "doNotSuggest": true, "deprecationMessage": words });
        match by_types.iter_mut().find(|(known, _)| *known == types) {
            Some((_, fields)) => {
                fields.insert(field.name.to_owned(), hint);
            }
            None => by_types.push((types, Map::from_iter([(field.name.to_owned(), hint)]))),
        }
    }
    let rule = |(types, fields): (Vec<&str>, Map<String, Json>)| {
        let others: Vec<&&str> = known.iter().filter(|one| !types.contains(one)).collect();
        json!({
            "if": { "properties": { "type": { "enum": others } }, "required": ["type"] },
            "then": { "properties": fields },
        })
    };
    by_types.into_iter().map(rule).collect()
}

fn described(mut schema: Json, section: Section, name: &str, pair: Pair) -> Json {
    if let Some(field) = fields_of(section, pair).find(|field| field.name == name) {
        schema["description"] = json!(field.meaning);
    }
    schema
}

/// A parameter of redis-py's cluster clients, by its default: LiteLLM hands on what they take beside a connection's
/// settings. None where only Python code can write it.
fn of_cluster(default: DefaultValue) -> Option<Json> {
    let mut schema = match default {
        DefaultValue::Bool(_) => json!({ "$ref": "#/definitions/bool" }),
        DefaultValue::Int(_) => json!({ "$ref": "#/definitions/int" }),
        DefaultValue::Float(_) => json!({ "$ref": "#/definitions/float" }),
        DefaultValue::Str(_) => json!({ "$ref": "#/definitions/text" }),
        DefaultValue::None => json!({}),
        DefaultValue::Object | DefaultValue::Required => return None,
    };
    schema["description"] =
        json!("A parameter of redis-py's `RedisCluster`, for `redis_startup_nodes`.");
    Some(schema)
}

fn object(section: Section, pair: Pair, closed: bool) -> Json {
    let mut properties: Map<String, Json> = fields_of(section, pair)
        .filter(|field| field.kind != Kind::Object)
        .map(|field| (field.name.to_owned(), property(field, pair)))
        .collect();
    if matches!(section, Section::CacheParams | Section::CacheKwargs | Section::CoordinationRedis) {
        let data = pair.redis_py_data();
        for signature in [data.redis_cluster(), data.async_redis_cluster()] {
            let own = signature.parameters().filter(|one| find(one.name, section).is_none());
            for parameter in own {
                if let Some(schema) = of_cluster(parameter.default) {
                    properties.entry(parameter.name).or_insert(schema);
                }
            }
        }
    }
    let mut schema = json!({ "type": ["object", "null"], "properties": properties });
    if closed {
        schema["additionalProperties"] = json!(false);
    }
    schema
}

/// The shapes that many fields share.
fn definitions() -> Json {
    let reference = json!({ "type": "string", "pattern": REFERENCE });
    let number = |kind: &str, pattern: &str| {
        json!({ "anyOf": [
            { "type": [kind, "null"] },
            { "type": "string", "pattern": pattern },
            { "$ref": "#/definitions/reference" },
        ]})
    };
    json!({
        "reference": reference,
        "bool": { "anyOf": [
            { "type": ["boolean", "null"] },
            { "type": "string", "pattern": "^(?:[Tt]rue|[Ff]alse|TRUE|FALSE)$" },
            { "$ref": "#/definitions/reference" },
        ]},
        "int": number("integer", "^[0-9]+$"),
        "float": number("number", "^[0-9]+(?:\\.[0-9]+)?$"),
        "text": { "type": ["string", "number", "null"] },
        "nodes": or_reference(&json!({ "type": "array", "items": {
            "type": "object",
            "properties": {
                "host": { "type": "string" },
                "port": { "type": ["integer", "string"] },
            },
            "required": ["host", "port"],
        }})),
        "pairs": or_reference(&json!({ "type": "array", "items": {
            "type": "array",
            "items": [{ "type": "string" }, { "type": ["integer", "string"] }],
            "minItems": 2,
            "maxItems": 2,
        }})),
    })
}

fn or_reference(schema: &Json) -> Json {
    json!({ "anyOf": [schema, { "$ref": "#/definitions/reference" }, { "type": "null" }] })
}

fn property(field: &Field, pair: Pair) -> Json {
    let shared = |name: &str| json!({ "$ref": format!("#/definitions/{name}") });
    let router = field.sections.contains(&Section::RouterSettings);
    let trips = |class| router && trip(field.name, class, pair).is_some();
    let mut schema = match field.kind {
        Kind::Bool => shared("bool"),
        // Text, also of a variable, is what the router trips over.
        Kind::Int if trips(Class::NumberText) => match trips(Class::Negative) {
            true => json!({ "type": ["integer", "null"], "minimum": 0 }),
            false => json!({ "type": ["integer", "null"] }),
        },
        Kind::Int => shared("int"),
        Kind::Float => shared("float"),
        Kind::Str | Kind::Path | Kind::Url | Kind::Json => shared("text"),
        Kind::Choice(values) => {
            let known = pair.litellm_data().cache_types();
            let values =
                values.iter().filter(|value| field.name != "type" || known.contains(value));
            or_reference(&json!({ "enum": values.collect::<Vec<_>>() }))
        }
        // What YAML can write in it is not what it needs.
        Kind::List if trips(Class::List) => json!({ "type": ["array", "null"], "maxItems": 0 }),
        Kind::List => or_reference(&json!({ "type": "array" })),
        Kind::ListOf(values) => {
            or_reference(&json!({ "type": "array", "items": { "enum": values } }))
        }
        Kind::Map => json!({ "type": ["object", "null"] }),
        Kind::Nodes => shared("nodes"),
        Kind::Pairs => shared("pairs"),
        Kind::Object | Kind::Any => json!({}),
    };
    schema["description"] = json!(match since_until(field) {
        None => field.meaning.to_owned(),
        Some(releases) => format!("{} {releases}", field.meaning),
    });
    if !field.default.is_empty() {
        schema["default"] =
            serde_json::from_str(field.default).unwrap_or_else(|_| json!(field.default));
    }
    schema
}

/// `LiteLLM 1.84.0 and newer.`; nothing where all releases know the field.
fn since_until(field: &Field) -> Option<String> {
    let range = field.releases();
    let name = range.software.name();
    match (range.since, range.until) {
        (None, None) => None,
        (Some(since), None) => Some(format!("{name} {since} and newer.")),
        (None, Some(until)) => Some(format!("{name} up to {until}.")),
        (Some(since), Some(until)) => Some(format!("{name} {since} to {until}.")),
    }
}
