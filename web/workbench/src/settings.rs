//! Each connection that LiteLLM would open: every setting, where it comes from, what it overrode.

use redproof_core::explain::{ExplainedConnection, Row, Verdict, consumer_name, explain};
use redproof_core::outcome::{Api, ClientKind};
use yew::prelude::*;

use crate::view::{ViewProps, place};

#[component]
pub(crate) fn Settings(props: &ViewProps) -> Html {
    let explanation = explain(&props.desk.report, false);
    let groups = grouped(&explanation.connections);
    html! {
        <section class="connections" aria-labelledby="connections-title">
            <h2 id="connections-title">
                { "Connections" }<span class="count">{ groups.len() }</span>
            </h2>
            if groups.is_empty() {
                <p class="empty">{ none(&explanation.startup) }</p>
            }
            { for groups.iter().enumerate().map(|(at, (connection, both))| {
                card(connection, *both, at == 0)
            }) }
        </section>
    }
}

/// Why there is no connection.
fn none(startup: &Verdict) -> &'static str {
    match startup {
        Verdict::Starts => "LiteLLM opens no connection to Redis.",
        Verdict::Stops { .. } => "None: LiteLLM stops before it opens any.",
        Verdict::Unknown(_) => "None that can be known.",
    }
}

/// The connections, a sync and an async one that hold the same as one: `true` marks those.
fn grouped(all: &[ExplainedConnection]) -> Vec<(&ExplainedConnection, bool)> {
    let mut groups: Vec<(&ExplainedConnection, bool)> = vec![];
    for connection in all {
        let same = groups.iter_mut().find(|(other, both)| {
            !both
                && other.api != connection.api
                && (other.consumer, other.kind, &other.target, &other.error, &other.rows)
                    == (
                        connection.consumer,
                        connection.kind,
                        &connection.target,
                        &connection.error,
                        &connection.rows,
                    )
        });
        match same {
            Some((_, both)) => *both = true,
            None => groups.push((connection, false)),
        }
    }
    groups
}

fn card(connection: &ExplainedConnection, both: bool, open: bool) -> Html {
    let api = match connection.api {
        _ if both => "sync and async",
        Api::Sync => "sync",
        Api::Async => "async",
        Api::Native => "Rust",
    };
    let kind = match connection.kind {
        ClientKind::Redis => None,
        ClientKind::RedisCluster => Some("cluster"),
        ClientKind::Sentinel => Some("sentinel"),
    };
    let target = (connection.kind != ClientKind::Redis).then_some(connection.target.as_str());
    html! {
        <details class="connection" {open}>
            <summary>
                <span class="consumer">{ consumer_name(connection.consumer) }</span>
                <span class="api">{ api }</span>
                { for kind.map(|kind| html! { <span class="api">{ kind }</span> }) }
                <span class="address">{ address(&connection.rows) }</span>
                { for target.map(|target| html! { <span class="target">{ target }</span> }) }
                { tls_badge(connection) }
            </summary>
            if connection.only_if_reachable {
                <p class="note">{ "Used only if this Redis answers when LiteLLM starts." }</p>
            }
            { for connection.error.iter().map(|error| html! {
                <pre class="exception"><code>{ error }</code></pre>
            }) }
            if !connection.rows.is_empty() {
                <div class="table-wrap">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{ "Setting" }</th>
                                <th scope="col">{ "Value" }</th>
                                <th scope="col">{ "From" }</th>
                            </tr>
                        </thead>
                        <tbody>
                            { for connection.rows.iter().map(setting) }
                        </tbody>
                    </table>
                </div>
            }
        </details>
    }
}

fn setting(row: &Row) -> Html {
    html! {
        <tr class={classes!(row.at.is_none().then_some("default"))}>
            <th scope="row">{ row.setting.clone() }</th>
            <td class="value">{ row.value.clone() }</td>
            <td class="origin">
                { place(row.at, &row.origin) }
                { for row.overrode.iter().map(|lost| html! {
                    <p class="overrode">{ format!("wins over {lost}") }</p>
                }) }
            </td>
        </tr>
    }
}

/// `host:port`, or the path of a socket.
fn address(rows: &[Row]) -> String {
    let value =
        |name: &str| rows.iter().find(|row| row.setting == name).map(|row| row.value.as_str());
    match (value("path"), value("host"), value("port")) {
        (Some(path), _, _) => path.to_owned(),
        (None, Some(host), Some(port)) if host != "none" => format!("{host}:{port}"),
        _ => String::new(),
    }
}

fn tls_badge(connection: &ExplainedConnection) -> Html {
    if connection.error.is_some() {
        return html! { <span class="badge error">{ "cannot open" }</span> };
    }
    let tls = connection.rows.iter().find(|row| row.setting == "tls");
    match tls.map(|row| row.value.as_str()) {
        Some("on") => html! { <span class="badge good">{ "TLS" }</span> },
        Some("off") => html! { <span class="badge plain">{ "plaintext" }</span> },
        Some(_) => html! { <span class="badge plain">{ "TLS unknown" }</span> },
        None => html! {},
    }
}
