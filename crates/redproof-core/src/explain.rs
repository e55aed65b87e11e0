//! Each connection that LiteLLM would open, setting by setting, with where each value comes from.

use crate::environment::VariableValue;
use crate::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Knowable, Role, SecretSetting, Setting,
    Startup, Verify,
};
use crate::python::{Data, Origin, Value, convert};
use crate::redaction::is_secret_name;
use crate::report::Report;
use crate::secret::MASK;
use crate::source::{LineIndex, Span};

/// What LiteLLM does at start-up, and what it connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// `starts`, or the exception, or what it hangs on.
    pub startup: Verdict,
    /// The response cache, the router's Redis and the coordination Redis, in words.
    pub roles: Vec<(&'static str, String)>,
    /// The connections.
    pub connections: Vec<ExplainedConnection>,
}

/// Whether LiteLLM starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It starts.
    Starts,
    /// It stops with this exception: its class, its message, and the places that play a part.
    Stops {
        /// `ValueError`
        class: String,
        /// LiteLLM's own words.
        message: String,
        /// Where the values that matter come from.
        origins: Vec<String>,
    },
    /// It hangs on something that can't be known.
    Unknown(String),
}

/// One client's connection, to a server, a sentinel or a cluster's nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedConnection {
    /// Who uses it.
    pub consumer: Consumer,
    /// Sync or async.
    pub api: Api,
    /// The kind of client.
    pub kind: ClientKind,
    /// What it leads to: `one server`, `each node of the cluster`, `the master`, `sentinel 1 of 3`.
    pub target: String,
    /// Used only if the Redis answers when LiteLLM starts.
    pub only_if_reachable: bool,
    /// Why it can't be opened.
    pub error: Option<String>,
    /// The settings, in a fixed order.
    pub rows: Vec<Row>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// redis-py's name.
    pub setting: String,
    /// The value, as text.
    pub value: String,
    /// Where it comes from: a place, a variable, a default and whose.
    pub origin: String,
    /// The place that it was written in: a line of the config or of an environment file.
    pub at: Option<Span>,
    /// What lost to it.
    pub overrode: Vec<String>,
}

/// Explains a report. Passwords are `•••` unless `reveal`.
pub fn explain(report: &Report, reveal: bool) -> Explanation {
    let explainer = Explainer::new(report, reveal);
    let outcome = &report.outcome;
    let startup = match &outcome.startup {
        Startup::Ok => Verdict::Starts,
        Startup::Unknown(why) => Verdict::Unknown(why.clone()),
        Startup::Exception(exception) => Verdict::Stops {
            class: exception.class.clone(),
            message: explainer.shown(&exception.message),
            origins: exception.origins.iter().map(|origin| explainer.origin(origin)).collect(),
        },
    };
    let mut connections = vec![];
    for client in &outcome.clients {
        explainer.client(client, false, &mut connections);
    }
    for client in outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients) {
        explainer.client(client, true, &mut connections);
    }
    Explanation {
        roles: if startup == Verdict::Starts { roles(report) } else { vec![] },
        startup,
        connections,
    }
}

fn roles(report: &Report) -> Vec<(&'static str, String)> {
    let outcome = &report.outcome;
    let unknown = |why: &str| format!("unknown: {why}");
    let response = match &outcome.response_cache {
        None => "none".to_owned(),
        Some(Knowable::Known(class)) => class.clone(),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let role = |role: &Option<Knowable<Role>>| match role {
        None => "no Redis: state stays in this process".to_owned(),
        Some(Knowable::Known(Role::Shared)) => "the response cache's Redis".to_owned(),
        Some(Knowable::Known(Role::Usage)) => "the coordination Redis".to_owned(),
        Some(Knowable::Known(Role::Own(class))) => format!("its own {class}"),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let coordination = if outcome.usage_if_reachable.is_some() {
        "from REDIS_* variables alone, if that Redis answers at start-up".to_owned()
    } else {
        role(&outcome.usage_cache)
    };
    vec![
        ("response cache", response),
        ("router", role(&outcome.router_cache)),
        ("coordination", coordination),
    ]
}

/// The words for a consumer.
pub fn consumer_name(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response => "response cache",
        Consumer::Usage => "coordination",
        Consumer::Router => "router",
    }
}

struct Explainer<'r> {
    report: &'r Report,
    lines: Vec<LineIndex>,
    reveal: bool,
}

impl<'r> Explainer<'r> {
    fn new(report: &'r Report, reveal: bool) -> Self {
        let lines = report.sources.iter().map(|source| LineIndex::new(&source.text));
        Self { report, lines: lines.collect(), reveal }
    }

    fn client(
        &self,
        client: &Client,
        only_if_reachable: bool,
        found: &mut Vec<ExplainedConnection>,
    ) {
        let mut add = |target: String, connection: Option<&Connection>, first: Vec<Row>| {
            let mut rows = first;
            if let Some(connection) = connection {
                rows.extend(self.rows(connection));
            }
            found.push(ExplainedConnection {
                consumer: client.consumer,
                api: client.api,
                kind: client.kind,
                target,
                only_if_reachable,
                error: client.error.as_ref().map(|error| match error {
                    Knowable::Known(exception) => {
                        self.shown(&format!("{}: {}", exception.class, exception.message))
                    }
                    Knowable::Unknown(why) => format!("unknown: {why}"),
                }),
                rows,
            });
        };
        let target = match client.kind {
            ClientKind::Redis => "one server",
            ClientKind::RedisCluster => "each node of the cluster",
            ClientKind::Sentinel => "the master",
        };
        let mut first = vec![];
        for (at, node) in client.nodes.iter().enumerate() {
            first.push(self.row(&format!("node {} host", at + 1), &node.host));
            first.push(self.row(&format!("node {} port", at + 1), &node.port));
        }
        if let Some(name) = &client.service_name {
            first.push(Row {
                setting: "service_name".to_owned(),
                value: self.value(name),
                origin: self.origin(&name.origin),
                at: self.written_at(&name.origin),
                overrode: vec![],
            });
        }
        add(target.to_owned(), client.connection.as_ref(), first);
        for (at, sentinel) in client.sentinels.iter().enumerate() {
            let target = format!("sentinel {} of {}", at + 1, client.sentinels.len());
            add(target, Some(sentinel), vec![]);
        }
    }

    fn rows(&self, connection: &Connection) -> Vec<Row> {
        let mut rows = vec![];
        if let Some(path) = &connection.path {
            rows.push(self.row("path", path));
        } else {
            rows.push(self.row("host", &connection.host));
            rows.push(self.row("port", &connection.port));
        }
        rows.push(self.row("db", &connection.db));
        rows.push(self.row("username", &connection.username));
        rows.push(self.secret_row(&connection.password));
        if let Some(auth) = auth(&connection.auth) {
            rows.push(Row {
                setting: "auth".to_owned(),
                value: auth,
                origin: String::new(),
                at: None,
                overrode: vec![],
            });
        }
        self.tls_rows(connection, &mut rows);
        rows.push(self.row("socket_timeout", &connection.socket_timeout));
        rows.push(self.row("socket_connect_timeout", &connection.socket_connect_timeout));
        rows.push(self.row("health_check_interval", &connection.health_check_interval));
        rows.push(self.row("client_name", &connection.client_name));
        rows
    }

    fn tls_rows(&self, connection: &Connection, rows: &mut Vec<Row>) {
        let row = |setting: &str, value: &str, origin: &Origin| Row {
            setting: setting.to_owned(),
            value: value.to_owned(),
            origin: self.origin(origin),
            at: self.written_at(origin),
            overrode: vec![],
        };
        match &connection.tls {
            Knowable::Unknown(why) => {
                rows.push(row("tls", &format!("unknown: {why}"), &connection.tls_origin));
            }
            Knowable::Known(None) => rows.push(row("tls", "off", &connection.tls_origin)),
            Knowable::Known(Some(tls)) => {
                rows.push(row("tls", "on", &connection.tls_origin));
                let verify = match tls.verify {
                    Verify::Required => "required",
                    Verify::Optional => "optional",
                    Verify::None => "none",
                };
                rows.push(row("ssl_cert_reqs", verify, &tls.verify_origin));
                rows.push(self.row("ssl_check_hostname", &tls.check_hostname));
                rows.push(self.row("ssl_ca_certs", &tls.ca_certs));
                rows.push(self.row("ssl_ca_path", &tls.ca_path));
                rows.push(self.row("ssl_certfile", &tls.certfile));
                rows.push(self.row("ssl_keyfile", &tls.keyfile));
                for (name, setting) in &tls.others {
                    rows.push(self.row(&option_name(name), setting));
                }
            }
        }
    }

    fn row(&self, name: &str, setting: &Setting) -> Row {
        let secret = is_secret_name(name) && !self.reveal;
        let value = |value: &Value| match value.data {
            Data::None | Data::Unknown(_) => self.value(value),
            _ if secret => MASK.to_owned(),
            _ => self.value(value),
        };
        Row {
            setting: name.to_owned(),
            value: value(&setting.value),
            origin: self.origin(&setting.value.origin),
            at: self.written_at(&setting.value.origin),
            overrode: setting
                .overrode
                .iter()
                .filter(|lost| !same_source(&lost.origin, &setting.value.origin))
                .map(|lost| format!("{} from {}", value(lost), self.origin(&lost.origin)))
                .collect(),
        }
    }

    fn secret_row(&self, setting: &SecretSetting) -> Row {
        let value = match &setting.value {
            Knowable::Known(None) => "none".to_owned(),
            Knowable::Known(Some(secret)) if self.reveal => secret.reveal().to_owned(),
            Knowable::Known(Some(secret)) if secret.reveal().is_empty() => "empty".to_owned(),
            Knowable::Known(Some(_)) => MASK.to_owned(),
            Knowable::Unknown(why) => format!("unknown: {why}"),
        };
        Row {
            setting: "password".to_owned(),
            value,
            origin: self.origin(&setting.origin),
            at: self.written_at(&setting.origin),
            overrode: setting
                .overrode
                .iter()
                .filter(|lost| !same_source(lost, &setting.origin))
                .map(|origin| self.origin(origin))
                .collect(),
        }
    }

    /// A text, without its secrets unless they are asked for.
    fn shown(&self, text: &str) -> String {
        if self.reveal { text.to_owned() } else { self.report.redaction.clean_text(text) }
    }

    fn value(&self, value: &Value) -> String {
        let text = match &value.data {
            Data::None => return "none".to_owned(),
            Data::Bool(flag) => return flag.to_string(),
            Data::Unknown(why) => return format!("unknown: {why}"),
            Data::Str(text) if text.is_empty() => return "empty".to_owned(),
            Data::Str(text) => text.to_string(),
            Data::Object(object) => object.type_name().to_owned(),
            _ => convert::str_of(value).unwrap_or_else(|_| "…".to_owned()),
        };
        self.shown(&text)
    }

    /// The line to go to for a value: where the variable is set, else where the config has it.
    fn written_at(&self, origin: &Origin) -> Option<Span> {
        let variable = origin.variable().and_then(|name| self.report.environment.get(name));
        variable.and_then(|variable| variable.span).or_else(|| origin.span())
    }

    /// Where a value comes from, in words.
    fn origin(&self, origin: &Origin) -> String {
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

    fn variable(&self, name: &str) -> String {
        let variable = self.report.environment.get(name);
        let place = match variable {
            None => return name.to_owned(),
            Some(variable) => variable.span.map(|span| self.place(span)),
        };
        let place = place.unwrap_or_else(|| "the environment given".to_owned());
        match variable.map(|variable| &variable.value) {
            Some(VariableValue::Unknown(why)) => format!("{name} ({place}: {why})"),
            _ => format!("{name} ({place})"),
        }
    }

    /// `config.yaml:12:9`
    fn place(&self, span: Span) -> String {
        let at = self.report.sources.iter().position(|source| source.id == span.source);
        let Some((source, lines)) =
            at.and_then(|at| Some((self.report.sources.get(at)?, self.lines.get(at)?)))
        else {
            return "a file".to_owned();
        };
        let position = lines.position(&source.text, span.start);
        format!("{}:{}:{}", source.name, position.line, position.column)
    }
}

/// Whether two values come from one variable: a setting that names `REDIS_HOST` does not lose
/// anything by winning over `REDIS_HOST`.
fn same_source(one: &Origin, other: &Origin) -> bool {
    one.variable().is_some() && one.variable() == other.variable()
}

/// The name of redis-py's argument for an attribute of its TLS connection.
fn option_name(attribute: &str) -> String {
    match attribute {
        "certificate_password" => "ssl_password".to_owned(),
        name if name.starts_with("ssl_") => name.to_owned(),
        name => format!("ssl_{name}"),
    }
}

fn auth(auth: &Auth) -> Option<String> {
    match auth {
        Auth::Static => None,
        Auth::Gcp { service_account } => Some(format!("GCP IAM token of {service_account}")),
        Auth::Azure => Some("Microsoft Entra ID token".to_owned()),
        Auth::Aws { user_name, cache_name, region, serverless } => Some(format!(
            "AWS IAM token of {user_name} for {cache_name} in {region}{}",
            if *serverless { ", serverless" } else { "" }
        )),
    }
}
