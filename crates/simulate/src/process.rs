//! The LiteLLM process: its environment and the module globals that matter.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use crate::outcome::Opened;
use crate::trace::{DropReason, Event};
use deployment::environment::{Environment, Lookup, VariableValue};
use facts::Pair;
use python::{Data, Kwargs, Origin, PyException, PyResult, Stop, Value, case};

use super::module_settings::ModuleSettings;
use super::objects::{BuiltClient, GlobalCache, RedisCache, RedisCacheId, State};

/// One LiteLLM process that loads a config.
pub(super) struct Process<'a> {
    pub(super) pair: Pair,
    environment: &'a Environment,
    /// Variables that are taken as set, though they are not given.
    pub(super) leans_on: &'static [&'static str],
    /// Variables that the config names by `os.environ/…` and that are not given: one that is set for
    /// a setting is set for all that read it.
    named: RefCell<Names>,
    /// What `environment_variables` has set.
    overlay: BTreeMap<String, Value>,
    /// How often `environment_variables` has set one.
    overlaid: usize,
    /// `_redis_kwargs_from_environment()`, once it was asked for.
    pub(super) from_environment: OnceCell<Kwargs>,
    /// Every `RedisCache` object made.
    pub(super) redis_caches: Vec<Rc<RedisCache>>,
    /// The async client of the first Redis cache: older releases hand it to all others.
    pub(super) shared_async_client: Option<(RedisCacheId, BuiltClient)>,
    /// `litellm.cache`
    pub(super) cache: Option<GlobalCache>,
    /// What a semantic cache on Redis connects with.
    pub(super) semantic_url: Option<Value>,
    /// What the `Cache` was made with.
    pub(super) cache_arguments: Option<Kwargs>,
    /// `proxy_server.redis_usage_cache`
    pub(super) usage_cache: Option<RedisCacheId>,
    /// What the first cluster raises while it looks for its nodes: before it asks them anything.
    pub(super) cluster_refuses: Option<PyException>,
    /// What start-up depends on that no file says.
    pub(super) starts_if: Option<&'static str>,
    /// `litellm.default_redis_ttl`
    pub(super) default_redis_ttl: Option<Value>,
    /// `litellm.default_in_memory_ttl`
    pub(super) default_in_memory_ttl: Option<Value>,
    /// `litellm.default_redis_batch_cache_expiry`
    pub(super) default_redis_batch_cache_expiry: Option<Value>,
    /// What else `litellm_settings` set of the `litellm` module.
    pub(super) module: ModuleSettings,
    /// `litellm.ssl_verify`
    pub(super) ssl_verify: Option<Value>,
    /// `litellm.ssl_certificate`
    pub(super) ssl_certificate: Option<Value>,
    /// A secret manager may hold what the environment lacks.
    pub(super) secret_manager: bool,
    pub(super) trace: Vec<Event>,
    /// The files that start-up has opened, each once.
    pub(super) opened: RefCell<Vec<Opened>>,
    /// The settings in `trace` that were dropped: no need to look through it for a new one.
    dropped: HashSet<(String, DropReason)>,
}

/// Names of variables, of which most that are looked for are none.
#[derive(Default)]
struct Names {
    all: BTreeSet<String>,
    /// A bit for the length of each.
    lengths: u64,
}

impl Names {
    fn insert(&mut self, name: &str) {
        self.lengths |= Self::bit(name);
        self.all.insert(name.to_owned());
    }

    fn contains(&self, name: &str) -> bool {
        self.lengths & Self::bit(name) != 0 && self.all.contains(name)
    }

    fn bit(name: &str) -> u64 {
        1 << (name.len() % 64)
    }
}

impl<'a> Process<'a> {
    pub(super) fn new(pair: Pair, environment: &'a Environment) -> Self {
        Self {
            pair,
            environment,
            leans_on: &[],
            named: RefCell::default(),
            overlay: BTreeMap::new(),
            overlaid: 0,
            from_environment: OnceCell::new(),
            redis_caches: Vec::new(),
            shared_async_client: None,
            cache: None,
            semantic_url: None,
            cache_arguments: None,
            usage_cache: None,
            cluster_refuses: None,
            starts_if: None,
            default_redis_ttl: None,
            default_in_memory_ttl: None,
            default_redis_batch_cache_expiry: None,
            module: ModuleSettings::default(),
            ssl_verify: None,
            ssl_certificate: None,
            secret_manager: false,
            trace: Vec::new(),
            opened: RefCell::default(),
            dropped: HashSet::new(),
        }
    }

    /// `os.environ.get(name)`: text, unknown, or `None`.
    pub(super) fn environ(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.overlay.get(name) {
            return Some(value.clone());
        }
        self.import_environ(name)
    }

    /// The variable as it was when LiteLLM was imported, before any config was read.
    pub(super) fn import_environ(&self, name: &str) -> Option<Value> {
        let data = match self.environment.get(name).map(|variable| &variable.value) {
            Some(VariableValue::Known(secret)) => Data::Str(secret.reveal().into()),
            Some(VariableValue::Unknown(why)) => Data::Unknown(why.as_str().into()),
            None if self.leans_on.contains(&name) => {
                Data::Unknown(format!("{name}, {}", self.environment.whence(name)).into())
            }
            None if self.named.borrow().contains(name) => Data::Unknown(the_variable(name).into()),
            None => return None,
        };
        Some(Value::new(data, Origin::Environment(name.into())))
    }

    /// `os.environ[name] = value`
    pub(super) fn set_environ(&mut self, name: &str, value: Value) {
        if let Some(before) = self.environ(name) {
            self.trace.push(Event::Overridden {
                setting: name.to_owned(),
                loser: before,
                winner: value.origin.clone(),
            });
        }
        self.overlay.insert(name.to_owned(), value);
        self.overlaid += 1;
        self.from_environment.take();
    }

    /// Whether a package that LiteLLM does not depend on is known to be installed beside it.
    pub(super) fn has(&self, package: &str) -> bool {
        self.environment.installed.has(package, self.pair.litellm)
    }

    /// Whether no file is there that a configuration names.
    pub(super) fn has_no_files(&self) -> bool {
        self.environment.has_no_files
    }

    /// Notes a file that start-up reads, and does without its lack being known.
    pub(super) fn opens(&self, file: Opened) {
        let mut opened = self.opened.borrow_mut();
        if !opened.iter().any(|one| one.path == file.path) {
            opened.push(file);
        }
    }

    /// What the meaning of settings depends on, beside the settings.
    pub(super) fn state(&self) -> State {
        State { overlaid: self.overlaid, secret_manager: self.secret_manager }
    }

    /// `get_secret(name)`: `"true"` and `"false"` become booleans.
    ///
    /// # Errors
    /// For `oidc/…` names.
    pub(super) fn get_secret(&self, name: &str) -> PyResult<Option<Value>> {
        // Most are bare names.
        if !name.contains('/') {
            return Ok(self.secret(name));
        }
        let name = name.replace("os.environ/", "");
        if let Some(rest) = name.strip_prefix("oidc/") {
            return self.oidc(rest).map(Some);
        }
        Ok(self.environ(&name).map(str_to_bool))
    }

    /// `get_secret(name)` of a bare name.
    pub(super) fn secret(&self, name: &str) -> Option<Value> {
        self.environ(name).map(str_to_bool)
    }

    /// Whether no variable is set.
    pub(super) fn sets_nothing(&self) -> bool {
        self.overlay.is_empty()
            && self.leans_on.is_empty()
            && self.named.borrow().all.is_empty()
            && self.environment.iter().next().is_none()
    }

    /// `get_secret_str(name)`: a boolean counts as unset.
    pub(super) fn get_secret_str(&self, name: &str) -> PyResult<Option<Value>> {
        let value = self.get_secret(name)?;
        Ok(value.filter(|value| matches!(value.data, Data::Str(_) | Data::Unknown(_))))
    }

    fn oidc(&self, reference: &str) -> PyResult<Value> {
        let Some((provider, audience)) = reference.split_once('/') else {
            let message = "not enough values to unpack (expected 2, got 1)";
            return Err(Stop::raise("ValueError", message));
        };
        let variable = |name: &str, missing: String| {
            self.environ(name).ok_or_else(|| Stop::raise("ValueError", missing))
        };
        match provider {
            "env" => variable(audience, format!("Environment variable {audience} not found")),
            "circleci" => variable(
                "CIRCLE_OIDC_TOKEN",
                "CIRCLE_OIDC_TOKEN not found in environment".to_owned(),
            ),
            "circleci_v2" => variable(
                "CIRCLE_OIDC_TOKEN_V2",
                "CIRCLE_OIDC_TOKEN_V2 not found in environment".to_owned(),
            ),
            "google" | "github" | "azure" | "file" | "env_path" => {
                Err(Stop::Unknown(format!("an OIDC token of {provider}")))
            }
            _ => Err(Stop::raise("ValueError", "Unsupported OIDC provider")),
        }
    }

    /// What `os.environ/NAME` written in the config becomes: a value, `None` where unset.
    pub(super) fn resolve_reference(&self, text: &str, written: &Value) -> PyResult<Value> {
        let name = match text.strip_prefix("os.environ/") {
            Some(name) if !name.contains('/') => Cow::Borrowed(name),
            _ => Cow::Owned(text.replace("os.environ/", "")),
        };
        let at = written.span();
        let origin = |variable: &str| match at {
            Some(at) => Origin::Reference { at, variable: variable.into() },
            None => Origin::Environment(variable.into()),
        };
        if name.starts_with("oidc/") {
            let found = self.get_secret(&name)?;
            return Ok(found.unwrap_or_else(|| Value::none(origin(&name))));
        }
        if let Some(value) = self.get_secret(&name)? {
            return Ok(Value::new(value.data, origin(&name)));
        }
        let unknown = if self.secret_manager {
            Some(format!("{name} in the secret manager"))
        } else {
            match self.environment.lookup(&name) {
                Lookup::NotGiven => {
                    self.named.borrow_mut().insert(&name);
                    Some(the_variable(&name))
                }
                Lookup::Absent | Lookup::Set(_) => None,
            }
        };
        let data = unknown.map_or(Data::None, |why| Data::Unknown(why.into()));
        Ok(Value::new(data, origin(&name)))
    }

    /// Notes a setting that does not reach a client.
    pub(super) fn dropped(&mut self, setting: &str, value: &Value, why: DropReason) {
        let event =
            Event::Dropped { setting: setting.to_owned(), origin: value.origin.clone(), why };
        if self.dropped.insert((setting.to_owned(), why)) || !self.trace.contains(&event) {
            self.trace.push(event);
        }
    }

    /// Notes a value that lost to another.
    pub(super) fn overridden(&mut self, setting: &str, loser: &Value, winner: &Origin) {
        self.trace.push(Event::Overridden {
            setting: setting.to_owned(),
            loser: loser.clone(),
            winner: winner.clone(),
        });
    }
}

/// A variable of which nothing is given, in words.
fn the_variable(name: &str) -> String {
    format!("the environment variable {name}")
}

/// `str_to_bool`, kept as the text where it is neither.
fn str_to_bool(value: Value) -> Value {
    let Data::Str(text) = &value.data else {
        return value;
    };
    let data = match case::lower(text.trim()).as_str() {
        "true" => Data::Bool(true),
        "false" => Data::Bool(false),
        _ => return value,
    };
    Value::new(data, value.origin)
}
