//! Each connection that LiteLLM would open: every setting, where it comes from, what it overrode.

use redproof_messages::{Answer, Ask, Connection, Row, Wait};
use yew::prelude::*;

use super::ViewProps;
use crate::engine::use_answer;
use crate::host::Host;

#[component]
pub(crate) fn Settings(props: &ViewProps) -> Html {
    let host = &props.host;
    let settings = use_answer(
        &host.engine,
        props.revision,
        |_| Ask::Settings,
        |answer| if let Answer::Settings(settings) = answer { Some(settings) } else { None },
    );
    let Some(settings) = settings else { return super::waiting() };
    html! {
        <section class="connections" aria-labelledby="connections-title">
            <h2 id="connections-title">
                { "Connections" }<span class="count">{ settings.connections.len() }</span>
            </h2>
            if settings.connections.is_empty() {
                <p class="empty">{ settings.none.clone() }</p>
            }
            { for settings.connections.iter().enumerate().map(|(at, one)| card(one, at == 0, host)) }
            { waits(&settings.waits) }
        </section>
    }
}

/// What an unreachable Redis costs when LiteLLM starts.
fn waits(all: &[Wait]) -> Html {
    if all.is_empty() {
        return html! {};
    }
    html! {
        <div class="waits">
            <h3>{ "While Redis is unreachable, start-up takes longer" }</h3>
            <dl>
                { for all.iter().map(|one| html! {
                    <div>
                        <dt>{ format!("{}, {}", one.consumer, one.target) }</dt>
                        <dd>{ &one.time }</dd>
                    </div>
                }) }
            </dl>
            <p class="note">
                { "LiteLLM then starts without that Redis. A Kubernetes probe that gives up sooner restarts the container again and again." }
            </p>
        </div>
    }
}

fn card(connection: &Connection, open: bool, host: &Host) -> Html {
    html! {
        <details class="connection" {open}>
            <summary>
                <span class="consumer">{ &connection.consumer }</span>
                <span class="api">{ &connection.api }</span>
                { for connection.kind.iter().map(|kind| html! { <span class="api">{ kind }</span> }) }
                <span class="address">{ &connection.address }</span>
                { for connection.target.iter().map(|target| html! { <span class="target">{ target }</span> }) }
                { for connection.badge.iter().map(|(tone, words)| html! {
                    <span class={classes!("badge", tone.name())}>{ words }</span>
                }) }
            </summary>
            if connection.only_if_reachable {
                <p class="note">{ "Used only if this Redis answers when LiteLLM starts." }</p>
            }
            { for connection.error.iter().map(|error| html! {
                <pre class="exception"><code>{ error }</code></pre>
            }) }
            { table(&connection.rows, host) }
        </details>
    }
}

/// Settings with their values and origins.
pub(super) fn table(rows: &[Row], host: &Host) -> Html {
    if rows.is_empty() {
        return html! {};
    }
    html! {
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
                    { for rows.iter().map(|row| setting(row, host)) }
                </tbody>
            </table>
        </div>
    }
}

fn setting(row: &Row, host: &Host) -> Html {
    html! {
        <tr class={classes!(row.at.is_none().then_some("default"))}>
            <th scope="row">{ &row.setting }</th>
            <td class="value">{ &row.value }</td>
            <td class="origin">
                { for (!row.overrode.is_empty()).then(|| html! { <b class="rung">{ "wins" }</b> }) }
                { host.place(row.at.as_ref(), &row.origin) }
                { for (!row.overrode.is_empty()).then(|| html! {
                    <ol class="ladder" aria-label="What it wins over">
                        { for row.overrode.iter().map(|lost| html! {
                            <li>
                                <b class="rung">{ "loses" }</b>{ &lost.text }{ " " }
                                { for lost.at.iter().map(|at| host.place(Some(at), &at.name)) }
                            </li>
                        }) }
                    </ol>
                }) }
            </td>
        </tr>
    }
}
