//! What the running proxy caches, what its replicas share, and what becomes of one request's answer.

use redproof_messages::{Answer, Ask, Row, Served, Shared};
use yew::prelude::*;

use super::ViewProps;
use super::request::Request;
use super::settings::table;
use crate::engine::use_answer;
use crate::host::Host;
use crate::prose::prose;

#[component]
pub(crate) fn Cache(props: &ViewProps) -> Html {
    let host = &props.host;
    let settings = use_answer(
        &host.engine,
        props.revision,
        |_| Ask::Settings,
        |answer| if let Answer::Settings(settings) = answer { Some(settings) } else { None },
    );
    let Some(settings) = settings else { return super::waiting() };
    let Some(served) = &settings.served else {
        return html! {
            <section aria-labelledby="served-title">
                <h2 id="served-title">{ "Cached and shared" }</h2>
                <p class="empty">{ "LiteLLM has to start first: Check says what stops it." }</p>
            </section>
        };
    };
    html! {
        <>
            { cached(served, host) }
            { shared(&served.shared) }
            <Request
                host={host.clone()}
                revision={props.revision}
                endpoints={served.endpoints.clone()}
            />
        </>
    }
}

fn cached(served: &Served, host: &Host) -> Html {
    html! {
        <section class="connections" aria-labelledby="cached-title">
            <h2 id="cached-title">{ "What is cached" }</h2>
            <div class="connection">{ table(&grouped(&served.cached), host) }</div>
        </section>
    }
}

/// The rows, those of endpoints that are treated alike as one.
fn grouped(rows: &[Row]) -> Vec<Row> {
    let mut all: Vec<Row> = vec![];
    for row in rows {
        let is_endpoint = row.setting.starts_with('/');
        let alike = all.iter_mut().find(|one| is_endpoint && one.setting == row.value);
        match alike {
            Some(one) => one.value.push_str(&format!(", {}", row.setting)),
            None if is_endpoint => {
                let (setting, value) = (row.value.clone(), row.setting.clone());
                all.push(Row { setting, value, ..row.clone() });
            }
            None => all.push(row.clone()),
        }
    }
    all
}

fn shared(parts: &[Shared]) -> Html {
    let count = parts.iter().filter(|part| part.shared == Some(true)).count();
    html! {
        <section class="shared" aria-labelledby="shared-title">
            <h2 id="shared-title">
                { "What replicas share" }
                <span class="count">{ format!("{count} of {}", parts.len()) }</span>
            </h2>
            <dl>{ for parts.iter().map(part) }</dl>
        </section>
    }
}

fn part(part: &Shared) -> Html {
    let (tone, words) = match part.shared {
        Some(true) => ("good", "shared"),
        Some(false) => ("none", "not shared"),
        None => ("plain", "depends"),
    };
    html! {
        <div class="part">
            <dt>{ &part.part }</dt>
            <dd>
                { prose(&part.holder) }
                { for part.why.iter().map(|why| html! { <p class="note">{ prose(why) }</p> }) }
            </dd>
            <dd class="state"><span class={classes!("badge", tone)}>{ words }</span></dd>
        </div>
    }
}
