//! Values and their origins in words, for all that people read. Secrets stay `•••` unless asked for.

use std::borrow::Cow;

use crate::Report;
use crate::redaction::{Redaction, hidden_in};
use base::secret::MASK;
use base::secret::is_secret_name;
use base::source::{LineIndex, Source, Span};
use base::visible::visible;
use deployment::environment::{Environment, VariableValue};
use facts::bearing::Bearing;
use python::{Data, Origin, Value, convert};
use simulate::outcome::{Auth, Client, Connection, Consumer, Knowable, PyException, SecretSetting};

/// Turns what a report holds into words.
pub struct Words<'r> {
    sources: &'r [Source],
    environment: &'r Environment,
    redaction: &'r Redaction,
    lines: Vec<LineIndex>,
    reveal: bool,
}

impl<'r> Words<'r> {
    /// The words for what a report holds; `reveal` shows its secrets.
    pub fn new(report: &'r Report, reveal: bool) -> Self {
        Self { reveal, ..Self::of(&report.sources, &report.environment, &report.redaction) }
    }

    /// The words for what is in these sources, secrets hidden.
    pub fn of(
        sources: &'r [Source],
        environment: &'r Environment,
        redaction: &'r Redaction,
    ) -> Self {
        let lines = sources.iter().map(|source| LineIndex::new(&source.text)).collect();
        Self { sources, environment, redaction, lines, reveal: false }
    }

    /// A text, without its secrets unless they are asked for.
    pub fn shown(&self, text: &str) -> String {
        if self.reveal { text.to_owned() } else { self.redaction.clean_text(text) }
    }

    /// What is under a name of this bearing, without what must not be shown of it.
    pub fn held(&self, text: &str, bearing: Bearing) -> String {
        if self.reveal {
            return text.to_owned();
        }
        let mut shown = text.to_owned();
        for part in hidden_in(text, bearing).into_iter().rev() {
            shown.replace_range(part, MASK);
        }
        self.shown(&shown)
    }

    /// The value of the setting of this name.
    pub fn named_value(&self, name: &str, value: &Value) -> String {
        let hidden = is_secret_name(name) && !self.reveal;
        match value.data {
            Data::None | Data::Unknown(_) => self.value(value),
            _ if hidden => MASK.to_owned(),
            _ => self.value(value),
        }
    }

    /// A value, and why it is not known where it is not.
    pub fn value(&self, value: &Value) -> String {
        let text = match &value.data {
            Data::None => return "none".to_owned(),
            Data::Bool(flag) => return flag.to_string(),
            Data::Unknown(why) => return format!("unknown: {}", self.shown(why)),
            _ if value.origin.is_secret() && !self.reveal => return MASK.to_owned(),
            Data::Str(text) if text.is_empty() => return "empty".to_owned(),
            Data::Str(text) => text.to_string(),
            Data::Object(object) => object.type_name().to_owned(),
            _ => convert::str_of(value).unwrap_or_else(|_| "…".to_owned()),
        };
        visible(&self.held(&text, Bearing::Harmless)).into_owned()
    }

    /// Where a connection goes: `redis:6379`, the path of a socket, `the master mymaster`.
    pub(crate) fn address(&self, client: &Client, connection: &Connection) -> String {
        let (host, port) = (&connection.host.value, &connection.port.value);
        match (&connection.path, &client.service_name) {
            (Some(path), _) => self.value(&path.value),
            (None, Some(name)) if host.is_none() => format!("the master {}", self.value(name)),
            _ if matches!(host.data, Data::Unknown(_)) => {
                "a host that is not known here".to_owned()
            }
            _ if matches!(port.data, Data::Unknown(_)) => self.value(host),
            _ => format!("{}:{}", self.value(host), self.value(port)),
        }
    }

    /// A password or key: masked, unless secrets are asked for.
    pub fn secret(&self, setting: &SecretSetting) -> String {
        match &setting.value {
            Knowable::Known(None) => "none".to_owned(),
            Knowable::Known(Some(secret)) if self.reveal => secret.reveal().to_owned(),
            Knowable::Known(Some(secret)) if secret.reveal().is_empty() => "empty".to_owned(),
            Knowable::Known(Some(_)) => MASK.to_owned(),
            Knowable::Unknown(why) => format!("unknown: {}", self.shown(why)),
        }
    }

    /// The line to go to for a value: where the variable is set, else where the config has it.
    pub fn written_at(&self, origin: &Origin) -> Option<Span> {
        let variable = origin.variable().and_then(|name| self.environment.get(name));
        variable.and_then(|variable| variable.span).or_else(|| origin.span())
    }

    /// Why a client can't be used.
    pub(crate) fn error(&self, error: &Knowable<PyException>) -> String {
        match error {
            Knowable::Known(exception) => self.shown(&exception.to_string()),
            Knowable::Unknown(why) => format!("unknown: {}", self.shown(why)),
        }
    }

    /// Where a value comes from.
    pub fn origin(&self, origin: &Origin) -> String {
        match origin {
            Origin::Config(span) => self.place(*span),
            Origin::Reference { at, variable } => {
                format!("{}, named at {}", self.variable(variable), self.place(*at))
            }
            Origin::Environment(name) => self.variable(name),
            Origin::LitellmDefault(place) => format!("LiteLLM's default ({place})"),
            Origin::RedisPyDefault(place) => format!("redis-py's default ({place})"),
            Origin::Computed(computed) => {
                let from: Vec<_> = computed.from.iter().map(|origin| self.origin(origin)).collect();
                if from.is_empty() {
                    computed.how.to_string()
                } else {
                    format!("{}: {}", computed.how, from.join(", "))
                }
            }
        }
    }

    /// A variable, with where it is set.
    pub fn variable(&self, name: &str) -> String {
        let variable = self.environment.get(name);
        let place = match variable {
            None => return self.shown(name),
            Some(variable) => variable.span.map(|span| self.place(span)),
        };
        let place = place.unwrap_or_else(|| "the environment given".to_owned());
        match variable.map(|variable| &variable.value) {
            Some(VariableValue::Unknown(why)) => format!("{name} ({place}: {why})"),
            _ => format!("{name} ({place})"),
        }
    }

    /// `config.yaml:12:9`
    pub fn place(&self, span: Span) -> String {
        let at = self.sources.iter().position(|source| source.id == span.source);
        let Some((source, lines)) =
            at.and_then(|at| Some((self.sources.get(at)?, self.lines.get(at)?)))
        else {
            return "a file".to_owned();
        };
        let position = lines.position(&source.text, span.start);
        format!("{}:{}:{}", source.name, position.line, position.column)
    }
}

/// The name of redis-py's argument for an attribute of its TLS connection.
pub(crate) fn option_name(attribute: &str) -> Cow<'_, str> {
    match attribute {
        "certificate_password" => "ssl_password".into(),
        name if name.starts_with("ssl_") => name.into(),
        name => format!("ssl_{name}").into(),
    }
}

/// Authentication beyond a static password.
pub fn auth(auth: &Auth) -> Option<String> {
    match auth {
        Auth::Static => None,
        // A key's JSON in the place of an account's name is a common mistake.
        Auth::Gcp { service_account }
            if !hidden_in(service_account, Bearing::Harmless).is_empty() =>
        {
            Some(format!("GCP IAM token of {MASK}"))
        }
        Auth::Gcp { service_account } => Some(format!("GCP IAM token of {service_account}")),
        Auth::Azure(_) => Some("Microsoft Entra ID token".to_owned()),
        Auth::Aws { user_name, cache_name, region, serverless } => Some(format!(
            "AWS IAM token of {user_name} for {cache_name} in {region}{}",
            if *serverless { ", serverless" } else { "" }
        )),
    }
}

/// The words for a consumer.
pub fn consumer_name(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response => "response cache",
        Consumer::Usage => "coordination",
        Consumer::Router => "router",
        Consumer::Semantic => "semantic cache",
    }
}
