//! JSON Schemas of the config's sections, for editors and other validators.

use serde_json::{Map, Value as Json, json};

use crate::releases::Pair;

use super::{Field, Kind, Section, fields_of};

/// What a value that stands in the environment looks like.
pub const REFERENCE: &str = "^os\\.environ/.+";

/// The JSON Schema (draft 2020-12) of a config for a pair of releases.
///
/// Sections of connection settings and `router_settings` are closed: LiteLLM drops or refuses what
/// they do not name. The others are open.
pub fn schema(pair: Pair) -> Json {
    let cache_params = object(Section::CacheParams, pair, true);
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
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("LiteLLM proxy config, Redis settings ({pair:?})"),
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

fn described(mut schema: Json, section: Section, name: &str, pair: Pair) -> Json {
    if let Some(field) = fields_of(section, pair).find(|field| field.name == name) {
        schema["description"] = json!(field.meaning);
    }
    schema
}

fn object(section: Section, pair: Pair, closed: bool) -> Json {
    let properties: Map<String, Json> = fields_of(section, pair)
        .filter(|field| field.kind != Kind::Object)
        .map(|field| (field.name.to_owned(), property(field, pair)))
        .collect();
    let mut schema = json!({ "type": ["object", "null"], "properties": properties });
    if closed {
        schema["additionalProperties"] = json!(false);
    }
    schema
}

fn property(field: &Field, pair: Pair) -> Json {
    let reference = json!({ "type": "string", "pattern": REFERENCE });
    let or_reference = |schema: Json| json!({ "anyOf": [schema, reference, { "type": "null" }] });
    let numeric = |kind: &str, pattern: &str| {
        or_reference(
            json!({ "anyOf": [{ "type": kind }, { "type": "string", "pattern": pattern }] }),
        )
    };
    let mut schema = match field.kind {
        Kind::Bool => or_reference(json!({ "anyOf": [
            { "type": "boolean" },
            { "type": "string", "pattern": "^(?:[Tt]rue|[Ff]alse|TRUE|FALSE)$" },
        ]})),
        Kind::Int => numeric("integer", "^[0-9]+$"),
        Kind::Float => numeric("number", "^[0-9]+(?:\\.[0-9]+)?$"),
        Kind::Str | Kind::Path | Kind::Url | Kind::Json => {
            json!({ "type": ["string", "number", "null"] })
        }
        Kind::Choice(values) => {
            let known = pair.litellm_data().cache_types;
            let values =
                values.iter().filter(|value| field.name != "type" || known.contains(value));
            or_reference(json!({ "enum": values.collect::<Vec<_>>() }))
        }
        Kind::List => or_reference(json!({ "type": "array" })),
        Kind::ListOf(values) => {
            or_reference(json!({ "type": "array", "items": { "enum": values } }))
        }
        Kind::Map => json!({ "type": ["object", "null"] }),
        Kind::Nodes => or_reference(json!({ "type": "array", "items": {
            "type": "object",
            "properties": {
                "host": { "type": "string" },
                "port": { "type": ["integer", "string"] },
            },
            "required": ["host", "port"],
        }})),
        Kind::Pairs => or_reference(json!({ "type": "array", "items": {
            "type": "array",
            "prefixItems": [{ "type": "string" }, { "type": ["integer", "string"] }],
            "minItems": 2,
            "maxItems": 2,
        }})),
        Kind::Object | Kind::Any => json!({}),
    };
    schema["description"] = json!(field.meaning);
    if !field.default.is_empty() {
        schema["default"] =
            serde_json::from_str(field.default).unwrap_or_else(|_| json!(field.default));
    }
    schema
}
