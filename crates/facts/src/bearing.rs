//! What a name says of the value under it: a secret, known to be harmless, or not known.
//!
//! What is not known to be harmless is hidden. So this lists what is harmless: the catalogue's own
//! fields, and the settings of LiteLLM, Kubernetes, Helm and compose that hold text and no secret.
//! Numbers and booleans need no entry.

use base::secret::is_secret_name;

use std::sync::OnceLock;

use crate::catalogue::{self, Field, Kind, Section};
use crate::fingerprint;

/// What a name says of the value under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bearing {
    /// A text that is not a secret: a host, a model, a path.
    Harmless,
    /// As `Harmless`, and so is everything below, whatever its keys are.
    HarmlessTree,
    /// An address: harmless where it is written as one, but for its user and its query.
    Address,
    /// JSON text, or a mapping: its own keys say what its values are.
    Nested,
    /// A command line: flags and files are harmless, other words are not.
    Command,
    /// Nothing is known of it.
    Unknown,
    /// A secret, or the name is near a secret's.
    Secret,
    /// Everything below is secret: the `data` of a Kubernetes Secret.
    SecretTree,
}

/// What the name of a key or variable says, wherever it is.
pub fn bearing(name: &str) -> Bearing {
    if let Some(known) = known(name) {
        return known;
    }
    if PLAIN.contains(&name) {
        return Bearing::Unknown;
    }
    worked_out(name)
}

/// What the words of a name say.
fn worked_out(name: &str) -> Bearing {
    if is_secret_name(name) {
        return Bearing::Secret;
    }
    let last = name.rsplit(['_', '-']).next().unwrap_or(name);
    if ADDRESS_ENDS.iter().any(|end| last.eq_ignore_ascii_case(end)) {
        return Bearing::Address;
    }
    Bearing::Unknown
}

/// Whether this is the very name of something that configurations hold: as a secret it is none, and it
/// is in many texts. What only looks like a name (`redispass`) may well be a password.
pub fn is_name(name: &str) -> bool {
    known(name).is_some()
}

fn known(name: &str) -> Option<Bearing> {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(Names::new).get(name).or_else(|| {
        // Each setting of a connection is a variable too.
        let setting = name.strip_prefix("REDIS_")?;
        let field = catalogue::fields().find(|field| {
            field.sections.contains(&Section::CacheKwargs)
                && field.name.eq_ignore_ascii_case(setting)
        });
        field.map(of_field)
    })
}

/// A name of which something is known.
struct Known {
    name: &'static str,
    field: Option<&'static Field>,
    /// Worked out once it is asked for.
    bearing: OnceLock<Bearing>,
}

/// The names of which something is known.
struct Names {
    names: Vec<Known>,
    /// One more than a name's place in `names`, at its fingerprint or the next that was free.
    slots: Vec<u16>,
}

/// More than twice as many as there are names: a power of two.
const SLOTS: usize = 2048;

impl Names {
    fn new() -> Self {
        let mut all = Self { names: vec![], slots: vec![0; SLOTS] };
        let lists = [
            (SECRET_TREES, Bearing::SecretTree),
            (TREES, Bearing::HarmlessTree),
            (TEXTS, Bearing::Harmless),
            (ADDRESSES, Bearing::Address),
            (COMMANDS, Bearing::Command),
        ];
        for (names, bearing) in lists {
            for name in names {
                all.add(name, None, bearing.into());
            }
        }
        for field in catalogue::fields() {
            all.add(field.name, Some(field), OnceLock::new());
        }
        all
    }

    /// Notes a name. What was noted of it before stays.
    fn add(
        &mut self,
        name: &'static str,
        field: Option<&'static Field>,
        bearing: OnceLock<Bearing>,
    ) {
        let slot = self.slot(name);
        if self.slots[slot] == 0 {
            self.names.push(Known { name, field, bearing });
            self.slots[slot] = u16::try_from(self.names.len()).unwrap_or(0);
        }
    }

    /// The slot of a name, or where it would be.
    fn slot(&self, name: &str) -> usize {
        let mut slot = fingerprint(name) as usize % SLOTS;
        while self.at(slot).is_some_and(|known| known.name != name) {
            slot = (slot + 1) % SLOTS;
        }
        slot
    }

    fn at(&self, slot: usize) -> Option<&Known> {
        self.names.get(usize::from(self.slots[slot]).checked_sub(1)?)
    }

    fn get(&self, name: &str) -> Option<Bearing> {
        let Known { field, bearing, .. } = self.at(self.slot(name))?;
        Some(*bearing.get_or_init(|| field.map_or(Bearing::Unknown, of_field)))
    }
}

fn of_field(field: &Field) -> Bearing {
    match field.kind {
        _ if field.name == "ssl_ca_data" => Bearing::Unknown,
        _ if field.is_secret() => Bearing::Secret,
        Kind::Url | Kind::Nodes => Bearing::Address,
        Kind::Bool | Kind::Int | Kind::Float | Kind::Str | Kind::Path | Kind::Choice(_) => {
            Bearing::Harmless
        }
        Kind::ListOf(_) | Kind::Pairs => Bearing::HarmlessTree,
        Kind::List | Kind::Map | Kind::Json | Kind::Any | Kind::Object => Bearing::Nested,
    }
}

/// Names that nearly every config has, and that say nothing: they need not be looked at.
const PLAIN: &[&str] = &[
    "drop_params",
    "general_settings",
    "litellm_params",
    "litellm_settings",
    "model_info",
    "router_settings",
    "rpm",
    "tpm",
];

/// Settings that hold a command line.
const COMMANDS: &[&str] = &["args", "command", "entrypoint"];

/// What names of addresses end with.
const ADDRESS_ENDS: &[&str] = &["url", "uri", "endpoint", "base", "host", "port"];

/// Addresses by other names.
const ADDRESSES: &[&str] = &[
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "registry",
    "server",
];

/// Below these, all is secret.
const SECRET_TREES: &[&str] = &["encryptedData", "stringData"];

/// Below these, all is harmless: models by the names of models, labels, ports.
const TREES: &[&str] = &[
    "REDIS_SENTINEL_NODES",
    "access_groups",
    "alert_types",
    "alerting",
    "allowed_routes",
    "caching_groups",
    "callbacks",
    "capabilities",
    "content_policy_fallbacks",
    "context_window_fallbacks",
    "default_fallbacks",
    "depends_on",
    "env_file",
    "failure_callback",
    "fallbacks",
    "include",
    "labels",
    "matchLabels",
    "model_group_alias",
    "networks",
    "nodeSelector",
    "ports",
    "profiles",
    "public_routes",
    "resources",
    "routing_groups",
    "selector",
    "sentinel_nodes",
    "service_callbacks",
    "success_callback",
    "supported_call_types",
    "supported_environments",
    "tags",
    "tolerations",
    "volumes",
];

/// Settings that hold text and no secret, in the order of their letters.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_REGION_NAME", "CONFIG_FILE_PATH", "LANG", "LC_ALL",
    "LITELLM_CONFIG_BUCKET_NAME", "LITELLM_CONFIG_BUCKET_OBJECT_KEY", "LITELLM_LOCAL_MODEL_COST_MAP",
    "LITELLM_LOG", "LITELLM_MODE", "LOG_LEVEL", "PGDATA", "POSTGRES_DB", "POSTGRES_USER",
    "SERVER_ROOT_PATH", "TZ", "VERTEXAI_LOCATION",
    "accessMode", "accessModes", "alias", "apiGroup", "apiVersion", "api_version", "audience",
    "auth_type", "aws_region_name", "base_model", "budget_duration", "build", "chart",
    "clusterIP", "configMapName", "container_name", "context", "cpu", "custom_auth",
    "custom_llm_provider", "database_type", "default_team_id", "description", "dockerfile",
    "driver", "duration", "effect", "existingSecret", "fieldPath", "generateName",
    "guardrail", "guardrail_name", "health_check_model", "image", "imagePullPolicy", "interval",
    "key_management_system", "kind", "litellm_credential_name", "litellm_key_header_name",
    "loadBalancerIP", "logging", "masterkeySecretKey", "masterkeySecretName", "memory", "mode",
    "model", "model_name", "mountPath", "name", "namespace", "operator", "order", "path",
    "pathType", "profile", "protocol", "provider", "pullPolicy", "quantization", "region",
    "region_name", "release", "repository", "restart", "restartPolicy", "role", "routing_strategy",
    "runtimeClassName", "schedule", "secretName", "secretStoreRef", "serviceAccount",
    "serviceAccountName", "source", "sourceRef", "storage", "storageClassName", "strategy",
    "subPath", "tag", "tag_name", "target", "targetPort", "targetRevision", "team_alias", "team_id",
    "tier", "time_period", "transport", "ttl", "type", "ui_access_mode", "updateMode", "usage",
    "user_header_name", "version", "vertex_location", "weight", "working_dir",
];

#[cfg(test)]
mod tests {
    use super::{Bearing, Names, PLAIN, SLOTS, TEXTS, bearing, worked_out};
    use crate::catalogue;

    #[test]
    fn the_list_is_in_order_and_names_no_secret() {
        let mut sorted = TEXTS.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted, TEXTS);
    }

    #[test]
    fn plain_names_say_nothing() {
        for name in PLAIN {
            assert_eq!(worked_out(name), Bearing::Unknown, "{name}");
        }
    }

    #[test]
    fn the_names_leave_room() {
        assert!(Names::new().names.len() * 2 < SLOTS);
    }

    #[test]
    fn names_say_what_is_under_them() {
        for (name, expected) in [
            ("host", Bearing::Harmless),
            ("REDIS_HOST", Bearing::Harmless),
            ("service_name", Bearing::Harmless),
            ("url", Bearing::Address),
            ("REDIS_URL", Bearing::Address),
            ("api_base", Bearing::Address),
            ("authorization_url", Bearing::Address),
            ("GENERIC_AUTHORIZATION_ENDPOINT", Bearing::Address),
            ("cache_params", Bearing::Nested),
            ("REDIS_CLUSTER_NODES", Bearing::Nested),
            ("fallbacks", Bearing::HarmlessTree),
            ("password", Bearing::Secret),
            ("REDIS_PASWORD", Bearing::Secret),
            ("redis_pass", Bearing::Secret),
            ("api_key", Bearing::Secret),
            ("stringData", Bearing::SecretTree),
            ("redis_hots", Bearing::Unknown),
            ("FOO", Bearing::Unknown),
            ("ssl_ca_data", Bearing::Unknown),
            ("redis_startup", Bearing::Unknown),
            ("export", Bearing::Unknown),
            ("database", Bearing::Unknown),
        ] {
            assert_eq!(bearing(name), expected, "{name}");
        }
    }

    #[test]
    fn every_secret_of_the_catalogue_is_one() {
        for field in catalogue::fields().filter(|field| field.is_secret()) {
            assert_eq!(bearing(field.name), Bearing::Secret, "{}", field.name);
        }
    }
}
