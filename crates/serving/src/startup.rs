//! What stops the proxy after its config is loaded: `ProxyStartupEvent`.

use deployment::environment::{Environment, Lookup, VariableValue};
use facts::{Behaviour, Pair};
use python::{Data, Origin, PyException, Raise, Value, convert};
use simulate::outcome::{Outcome, Running};

use crate::{setting, switched_on};

/// The variable of the master key.
pub const MASTER_KEY: &str = "LITELLM_MASTER_KEY";
/// The variable that lets the proxy start with any master key, and with none.
pub const PERMITS_ANY_KEY: &str = "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY";
/// The same in `general_settings`.
pub const PERMITS_ANY_KEY_SETTING: &str = "dangerously_permit_weak_or_unset_master_key";
/// What LiteLLM's own guides write, and many copy.
const PUBLICLY_KNOWN: [&str; 1] = ["sk-1234"];

/// The variables of which one makes the transaction buffer's own Redis.
const TARGETS: [&str; 4] =
    ["REDIS_HOST", "REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];

/// Whether the transaction buffer stops the proxy, gets the coordination Redis, or one that the
/// environment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// It is off, or needs nothing more.
    Fed,
    /// `REDIS_*` name the Redis that it uses, and limits and locks with it.
    Environment,
    /// There is none: the proxy does not start.
    Refused(PyException),
    /// It depends on this.
    Unknown(String),
}

/// `validate_redis_transaction_buffer_config`
pub(crate) fn buffer(
    outcome: &Outcome,
    running: &Running,
    environment: &Environment,
    pair: Pair,
) -> Buffer {
    let switch = setting(running, "general_settings", "use_redis_transaction_buffer");
    match switched_on(switch) {
        Some(false) => return Buffer::Fed,
        Some(true) => {}
        None => return Buffer::Unknown("`use_redis_transaction_buffer`".to_owned()),
    }
    let fed = outcome.usage_cache.is_some() || outcome.usage_if_reachable.is_some();
    if fed || !pair.behaves(Behaviour::SpendBufferNeedsRedis) {
        return Buffer::Fed;
    }
    if pair.behaves(Behaviour::SpendBufferTakesEnvironment) {
        let targets = if pair.behaves(Behaviour::CoordinationRedis) { 4 } else { 2 };
        for name in &TARGETS[..targets] {
            match environment.lookup(name) {
                Lookup::Absent => {}
                Lookup::Set(_) => return Buffer::Environment,
                Lookup::NotGiven => return Buffer::Unknown(format!("`{name}`")),
            }
        }
    }
    let words =
        if pair.behaves(Behaviour::SpendBufferTakesEnvironment) { "Redis" } else { "Redis cache" };
    Buffer::Refused(PyException {
        class: "ValueError".to_owned(),
        message: format!(
            "`use_redis_transaction_buffer` is enabled in general_settings but no {words} is configured. This will cause spend updates to not be tracked. Add a Redis cache in litellm_settings:"
        ),
        origins: switch.map(|value| value.origin.clone()).into_iter().collect(),
        reason: Raise::Other,
    })
}

/// What the proxy says of its master key: `master_key_boot_verdict`.
#[derive(Clone, Debug)]
pub enum MasterKey {
    /// The proxy starts, whatever it is.
    Accepted,
    /// The proxy does not start.
    Refused {
        /// Why.
        weakness: Weakness,
        /// Where the key was written; for none, where it should be.
        origin: Option<Origin>,
        /// It starts all the same where this variable is `true`, and that is not known.
        unless: Option<&'static str>,
    },
    /// It depends on a value that is not known.
    Unknown,
}

/// What is wrong with a master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// There is none.
    NotSet,
    /// It is empty, or white space.
    Empty,
    /// Everybody knows it.
    PubliclyKnown,
    /// It is a boolean or a number, upon which Python raises an `AttributeError`.
    NotText,
}

impl MasterKey {
    pub(crate) fn new(running: &Running, environment: &Environment, pair: Pair) -> Self {
        if !pair.behaves(Behaviour::MasterKeyIsChecked) {
            return Self::Accepted;
        }
        let (weakness, origin) = match master_key(running, environment) {
            Given::Key(text, origin) => match weakness(&text) {
                Some(weakness) => (weakness, Some(origin)),
                None => return Self::Accepted,
            },
            Given::Nothing(origin) => (Weakness::NotSet, origin),
            Given::NotText(origin) => {
                return Self::Refused {
                    weakness: Weakness::NotText,
                    origin: Some(origin),
                    unless: None,
                };
            }
            Given::Unknown => return Self::Unknown,
        };
        match setting(running, "general_settings", PERMITS_ANY_KEY_SETTING).map(|value| &value.data)
        {
            Some(Data::Bool(true)) => return Self::Accepted,
            Some(Data::Unknown(_)) => return Self::Unknown,
            _ => {}
        }
        let unless = match variable(PERMITS_ANY_KEY, running, environment) {
            Given::Key(text, _) if text.trim().eq_ignore_ascii_case("true") => {
                return Self::Accepted;
            }
            Given::Unknown => Some(PERMITS_ANY_KEY),
            Given::Key(..) | Given::Nothing(_) | Given::NotText(_) => None,
        };
        Self::Refused { weakness, origin, unless }
    }
}

impl MasterKey {
    /// What stops the proxy, in LiteLLM's words; `None` where it starts, where that depends on a value, and where
    /// nothing says that there is no key.
    pub fn refusal(&self) -> Option<&'static str> {
        let Self::Refused { weakness, origin: Some(_), unless: None } = self else {
            return None;
        };
        Some(match weakness {
            Weakness::NotSet => {
                "UnsafeMasterKeyError: LiteLLM proxy refused to start: no master key is set, so every request would be accepted without authentication."
            }
            Weakness::Empty => {
                "UnsafeMasterKeyError: LiteLLM proxy refused to start: the master key is empty."
            }
            Weakness::PubliclyKnown => {
                "UnsafeMasterKeyError: LiteLLM proxy refused to start: the master key is a publicly known default."
            }
            Weakness::NotText => "AttributeError: the master key is not text",
        })
    }
}

/// `_unsafe_reason`
fn weakness(key: &str) -> Option<Weakness> {
    let key = key.trim();
    match key {
        "" => Some(Weakness::Empty),
        _ if PUBLICLY_KNOWN.contains(&key) => Some(Weakness::PubliclyKnown),
        _ => None,
    }
}

/// A text that the config or the environment gives.
enum Given {
    Key(String, Origin),
    Nothing(Option<Origin>),
    NotText(Origin),
    Unknown,
}

/// The proxy's `master_key` once the config is loaded.
fn master_key(running: &Running, environment: &Environment) -> Given {
    let section = running.config.as_dict().and_then(|config| config.get("general_settings"));
    let filled =
        section.and_then(Value::as_dict).is_some_and(|section| !section.entries.is_empty());
    // `get_secret` makes a boolean of these.
    let is_truth =
        |text: &str| ["true", "false"].iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    if !filled {
        // It was read before the config was, and nothing reads it again.
        return match environment_variable(MASTER_KEY, environment) {
            Given::Key(text, origin) if is_truth(&text) => Given::Nothing(Some(origin)),
            given => given,
        };
    }
    let general = |name| setting(running, "general_settings", name);
    if let Some(value) = general("master_key") {
        return match &value.data {
            Data::None => Given::Nothing(Some(value.origin.clone())),
            Data::Str(text) => Given::Key(text.to_string(), value.origin.clone()),
            Data::Unknown(_) => Given::Unknown,
            _ => Given::NotText(value.origin.clone()),
        };
    }
    // A vault may hold it.
    let vault = ["key_management_system", "use_google_kms", "use_azure_key_vault"];
    if vault.into_iter().any(|name| general(name).is_some_and(|value| !value.is_none())) {
        return Given::Unknown;
    }
    match variable(MASTER_KEY, running, environment) {
        Given::Key(text, origin) if is_truth(&text) => Given::NotText(origin),
        given => given,
    }
}

/// `os.environ.get(name)` once the config is loaded: its `environment_variables` first.
fn variable(name: &str, running: &Running, environment: &Environment) -> Given {
    match setting(running, "environment_variables", name)
        .map(|value| (convert::str_of(value), value))
    {
        Some((Ok(text), value)) => Given::Key(text, value.origin.clone()),
        Some((Err(_), _)) => Given::Unknown,
        None => environment_variable(name, environment),
    }
}

fn environment_variable(name: &str, environment: &Environment) -> Given {
    match environment.lookup(name) {
        Lookup::Absent => Given::Nothing(None),
        Lookup::NotGiven => Given::Unknown,
        Lookup::Set(variable) => match &variable.value {
            VariableValue::Known(secret) => {
                Given::Key(secret.reveal().to_owned(), Origin::Environment(name.into()))
            }
            VariableValue::Unknown(_) => Given::Unknown,
        },
    }
}
