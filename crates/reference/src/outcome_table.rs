//! What LiteLLM does with a rule's example, as a part of its page: asked of the simulation.

use std::fmt::Write as _;

use base::rule::Rule;
use facts::Pair;
use judge::rules::Example;
use judge::rules::context::{is_tls, target};
use python::Data;
use report::display::auth;
use report::explain::consumer_name;
use simulate::outcome::{
    Api, Client, Connection, Knowable, Outcome, SecretSetting, Setting, Startup, Verify,
};

/// Start-up, connections, and what `redproof check` says.
pub(super) fn happens(rule: &Rule, example: &Example) -> String {
    let Ok(pair) = Pair::parse(example.litellm, example.redis_py) else {
        return String::new();
    };
    let (outcome, found) = example.check(pair);
    let mut text = startup(&outcome);
    connections(&mut text, &outcome);
    for diagnostic in found.iter().filter(|found| found.code == rule.code) {
        let severity = diagnostic.severity.name();
        write!(text, "\n> {severity}: {}", prose(&diagnostic.message)).unwrap_or_default();
        if let Some(help) = &diagnostic.help {
            write!(text, "\n>\n> {}", prose(help)).unwrap_or_default();
        }
        text.push('\n');
    }
    text
}

/// A message whose `<` is not HTML, outside of code.
fn prose(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts: Vec<String> = parts
        .map(|(place, part)| match place % 2 {
            0 => part.replace('<', "\\<"),
            _ => part.to_owned(),
        })
        .collect();
    parts.join("`")
}

fn startup(outcome: &Outcome) -> String {
    match &outcome.startup {
        Startup::Ok if outcome.clients.is_empty() => {
            "LiteLLM starts, and opens no connection to Redis.\n".to_owned()
        }
        Startup::Ok => "LiteLLM starts, and opens these connections:\n\n".to_owned(),
        Startup::Unknown(why) => format!("Whether LiteLLM starts is not known: {why}.\n"),
        Startup::Exception(exception) => {
            format!("LiteLLM stops at start-up:\n\n```text\n{exception}\n```\n")
        }
    }
}

/// A table of the connections.
fn connections(text: &mut String, outcome: &Outcome) {
    if outcome.startup != Startup::Ok || outcome.clients.is_empty() {
        return;
    }
    text.push_str("| client | connects to | TLS | login |\n| --- | --- | --- | --- |\n");
    for (name, [target, tls, login]) in rows(outcome) {
        let target = target.replace('|', "\\|");
        writeln!(text, "| {name} | {target} | {tls} | {login} |").unwrap_or_default();
    }
}

/// Each client's name, and where it connects to, its TLS, its login; a consumer's two clients stand
/// together where they connect alike.
pub(crate) fn rows(outcome: &Outcome) -> Vec<(String, [String; 3])> {
    let mut rows: Vec<(&Client, Option<Api>, [String; 3])> = vec![];
    for client in &outcome.clients {
        let cells = cells(client);
        let alike = rows
            .iter_mut()
            .find(|(other, _, known)| other.consumer == client.consumer && *known == cells);
        match alike {
            Some((_, api, _)) => *api = None,
            None => rows.push((client, Some(client.api), cells)),
        }
    }
    let named = |(client, api, cells): (&Client, Option<Api>, [String; 3])| {
        let api = match api {
            None => "",
            Some(Api::Sync) => ", sync",
            Some(Api::Async) => ", async",
            Some(Api::Native) => ", Rust",
        };
        (format!("{}{api}", consumer_name(client.consumer)), cells)
    };
    rows.into_iter().map(named).collect()
}

/// Where a client connects to, its TLS, its login.
fn cells(client: &Client) -> [String; 3] {
    let Some(connection) = &client.connection else {
        let error = match &client.error {
            Some(Knowable::Known(exception)) => {
                format!("fails: `{exception}`")
            }
            _ => "fails".to_owned(),
        };
        return [error, String::new(), String::new()];
    };
    let mut to = target(client, connection);
    if let Some(Knowable::Known(exception)) = &client.error {
        write!(to, ": fails with `{exception}`").unwrap_or_default();
    }
    [to, tls(connection), login(connection)]
}

fn tls(connection: &Connection) -> String {
    let Knowable::Known(Some(tls)) = &connection.tls else {
        return match is_tls(connection) {
            None => "not known",
            Some(_) => "plaintext",
        }
        .to_owned();
    };
    let name = match tls.check_hostname.value.data {
        Data::Bool(true) => "name checked",
        Data::Unknown(_) => "name check not known",
        _ => "name not checked",
    };
    let own = if is_set(&tls.certfile) { ", client certificate" } else { "" };
    match tls.verify {
        Verify::None => format!("TLS, certificate not verified{own}"),
        Verify::Required | Verify::Optional => format!("TLS, certificate verified, {name}{own}"),
    }
}

fn login(connection: &Connection) -> String {
    if let Some(auth) = auth(&connection.auth) {
        return auth;
    }
    let SecretSetting { value, .. } = &connection.password;
    let user = match &connection.username.value.data {
        Data::Str(user) => format!("user `{user}`, "),
        _ => String::new(),
    };
    let password = match value {
        Knowable::Known(None) => "no password",
        Knowable::Known(Some(_)) => "password",
        Knowable::Unknown(_) => "password not known",
    };
    format!("{user}{password}")
}

fn is_set(setting: &Setting) -> bool {
    !matches!(setting.value.data, Data::None)
}
