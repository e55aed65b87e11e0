//! The JSON Lines form of a simulation: a case in, an outcome out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::answer::{Answer, Fields, Refused};
use crate::outcome::Outcome;
pub use crate::value::value_json;
use base::source::SourceId;
use deployment::environment::Environment;
use facts::Pair;

/// One case: `{"id", "config", "env", "litellm", "redis_py"}`.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: Json,
    #[serde(default)]
    config: String,
    #[serde(default)]
    env: std::collections::BTreeMap<String, String>,
    litellm: String,
    redis_py: Option<String>,
}

/// A case that was simulated.
pub struct Simulated {
    /// The config, as PyYAML reads it.
    pub document: Result<yaml::Document, yaml::ReadError>,
    /// The environment.
    pub environment: Environment,
    /// What LiteLLM does.
    pub outcome: Outcome,
    id: Json,
    litellm: String,
    redis_py: String,
}

impl Simulated {
    /// The answer: what was asked, and the fields of the outcome.
    pub fn answer(&self, reveal: bool) -> Map<String, Json> {
        fields(&Answer {
            id: &self.id,
            litellm: &self.litellm,
            redis_py: &self.redis_py,
            outcome: Fields::of(&self.outcome, reveal),
        })
    }
}

/// Simulates the case on one line.
///
/// # Errors
/// The answer to a line that is not a case, or names a release that is not known.
pub fn simulated(line: &str) -> Result<Simulated, Refused> {
    let case: Case = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => {
            let id = serde_json::from_str::<Json>(line)
                .ok()
                .and_then(|json| json.get("id").cloned())
                .unwrap_or(Json::Null);
            return Err(Refused { id, error: format!("not a case: {error}") });
        }
    };
    let redis_py = case.redis_py.clone().unwrap_or_else(|| {
        let litellm = facts::Version::parse(&case.litellm);
        litellm.map_or_else(String::new, |version| Pair::image_redis_py(version).0.to_string())
    });
    let pair = match Pair::parse(&case.litellm, &redis_py) {
        Ok(pair) => pair,
        Err(error) => return Err(Refused { id: case.id, error: error.to_string() }),
    };
    let environment = Environment::exactly(case.env);
    let document = yaml::read(SourceId::CONFIG, &case.config);
    let outcome = super::simulate(&document, &environment, pair);
    let Case { id, litellm, .. } = case;
    Ok(Simulated { document, environment, outcome, id, litellm, redis_py })
}

/// The fields of an outcome: `startup`, and where it starts the rest.
pub fn outcome_json(outcome: &Outcome, reveal: bool) -> Map<String, Json> {
    fields(&Fields::of(outcome, reveal))
}

fn fields(of: &impl Serialize) -> Map<String, Json> {
    match serde_json::to_value(of) {
        Ok(Json::Object(fields)) => fields,
        // They are structures.
        _ => Map::new(),
    }
}
