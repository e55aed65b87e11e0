//! A configuration as conditions look at it: settings by path, and Redis by the part that uses it.

use std::borrow::Cow;

use deployment::environment::{Environment, VariableValue};
use facts::Pair;
use python::{Data, Value};
use simulate::outcome::{Client, Connection, Consumer, Knowable, Outcome, Role};

/// A configuration, and what LiteLLM makes of it.
#[derive(Clone, Copy)]
pub(super) struct Configured<'a> {
    /// The config, as PyYAML reads it.
    pub(super) root: &'a Value,
    /// The environment.
    pub(super) environment: &'a Environment,
    /// What LiteLLM does.
    pub(super) outcome: &'a Outcome,
    /// The releases.
    pub(super) pair: Pair,
}

impl<'a> Configured<'a> {
    /// The value at a path such as `litellm_settings.cache_params.host`, unless it is null.
    pub(super) fn value(self, path: &str) -> Option<&'a Value> {
        below(self.root, path)
    }

    /// A setting as text: numbers and booleans as they are written, references by their variables.
    /// None where that is not known, or it is a collection.
    pub(super) fn text(self, value: &'a Value) -> Option<Cow<'a, str>> {
        match &value.data {
            Data::Bool(true) => Some("true".into()),
            Data::Bool(false) => Some("false".into()),
            Data::Int(number) => Some(number.to_string().into()),
            Data::Float(number) => Some(number.to_string().into()),
            Data::Str(text) => match text.strip_prefix("os.environ/") {
                Some(name) => self.variable(name).map(Cow::Borrowed),
                None => Some(Cow::Borrowed(text)),
            },
            _ => None,
        }
    }

    /// A variable's value, where it is known.
    pub(super) fn variable(self, name: &str) -> Option<&'a str> {
        match &self.environment.get(name)?.value {
            VariableValue::Known(secret) => Some(secret.reveal()),
            VariableValue::Unknown(_) => None,
        }
    }

    /// Whether the setting at a path is true.
    pub(super) fn is_on(self, path: &str) -> bool {
        let text = self.value(path).and_then(|value| self.text(value));
        text.is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// Whether the list at a path, or the one text in its place, names something.
    pub(super) fn names(self, path: &str, name: &str) -> bool {
        self.value(path).is_some_and(|value| match value.as_list() {
            Some(list) => list.iter().any(|one| one.as_str() == Some(name)),
            None => value.as_str() == Some(name),
        })
    }

    /// The settings of `model_list`'s deployments: the model's name, and its `litellm_params`.
    pub(super) fn deployments(self) -> impl Iterator<Item = (Option<&'a str>, &'a Value)> {
        let list = self.value("model_list").and_then(Value::as_list).unwrap_or_default();
        list.iter().filter_map(|deployment| {
            let name = below(deployment, "model_name").and_then(Value::as_str);
            Some((name, below(deployment, "litellm_params")?))
        })
    }

    /// The clients of the coordination Redis, those that depend on its answer at start-up included.
    pub(super) fn coordination(self) -> impl Iterator<Item = &'a Client> {
        let listed = match &self.outcome.usage_cache {
            Some(Knowable::Known(Role::Shared)) => Some(Consumer::Response),
            Some(Knowable::Known(_)) => Some(Consumer::Usage),
            _ => None,
        };
        let clients = self.outcome.clients.iter();
        let fallback = self.outcome.usage_if_reachable.iter().flat_map(|one| &one.clients);
        clients.filter(move |client| Some(client.consumer) == listed).chain(fallback)
    }

    /// Every client, those that depend on an answer at start-up included.
    pub(super) fn clients(self) -> impl Iterator<Item = &'a Client> {
        let fallback = self.outcome.usage_if_reachable.iter().flat_map(|one| &one.clients);
        self.outcome.clients.iter().chain(fallback)
    }

    /// Every connection, those to sentinels included.
    pub(super) fn connections(self) -> impl Iterator<Item = &'a Connection> {
        self.clients().flat_map(|client| client.connection.iter().chain(&client.sentinels))
    }

    /// The namespace of the keys in Redis.
    pub(super) fn namespace(self) -> Option<&'a str> {
        let paths = [
            "general_settings.coordination_redis.namespace",
            "litellm_settings.cache_params.namespace",
        ];
        let mut given = paths.iter().filter_map(|path| self.value(path)?.as_str());
        given.find(|text| !text.is_empty()).filter(|_| self.clients().next().is_some())
    }
}

/// The value below a mapping, unless it is null.
pub(super) fn below<'a>(mut value: &'a Value, path: &str) -> Option<&'a Value> {
    for name in path.split('.') {
        value = &value.as_dict()?.entry(name)?.value;
    }
    (!value.is_none()).then_some(value)
}
