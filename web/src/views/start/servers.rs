//! A list of servers: host and port of each.

use std::rc::Rc;

use redproof_messages::{Field, Given};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Host and port.
type Server = (String, String);

#[derive(Properties)]
pub(super) struct ServersProps {
    pub field: Rc<Field>,
    pub commit: Callback<Given>,
}

impl PartialEq for ServersProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.field, &other.field)
    }
}

#[component]
pub(super) fn Servers(props: &ServersProps) -> Html {
    let written = match &props.field.answer {
        Given::Servers(nodes) => nodes.clone(),
        _ => vec![],
    };
    // What is typed, until the text takes it: a new server is not whole at first.
    let typed = use_state_eq(|| None::<Vec<Server>>);
    use_effect_with(written.clone(), {
        let typed = typed.clone();
        move |_| typed.set(None)
    });
    let nodes = (*typed).clone().unwrap_or_else(|| written.clone());
    let change = {
        let (typed, commit) = (typed.clone(), props.commit.clone());
        Callback::from(move |nodes: Vec<Server>| {
            let started = |(host, port): &Server| !host.is_empty() || !port.is_empty();
            typed.set(Some(nodes.clone()));
            // A server that nothing was typed for yet is not a mistake.
            if nodes.iter().all(started) {
                commit.emit(Given::Servers(nodes));
            }
        })
    };
    let add = {
        let (typed, nodes) = (typed.clone(), nodes.clone());
        move |_: MouseEvent| {
            let mut nodes = nodes.clone();
            nodes.push(Server::default());
            typed.set(Some(nodes));
        }
    };
    html! {
        <>
            <ol class="servers">
                { for nodes.iter().enumerate().map(|(at, node)| server(at, node, &nodes, &change)) }
            </ol>
            <button type="button" class="add" onclick={add}>{ "Add a server" }</button>
        </>
    }
}

fn server(at: usize, node: &Server, nodes: &[Server], change: &Callback<Vec<Server>>) -> Html {
    let number = at + 1;
    let edit = |set: fn(&mut Server, String)| {
        let (nodes, change) = (nodes.to_vec(), change.clone());
        move |event: Event| {
            let mut nodes = nodes.clone();
            if let (Some(node), Some(input)) =
                (nodes.get_mut(at), event.target_dyn_into::<HtmlInputElement>())
            {
                set(node, input.value().trim().to_owned());
                change.emit(nodes);
            }
        }
    };
    let remove = {
        let (nodes, change) = (nodes.to_vec(), change.clone());
        move |_: MouseEvent| {
            let mut nodes = nodes.clone();
            nodes.remove(at);
            change.emit(nodes);
        }
    };
    html! {
        <li key={at}>
            <input
                type="text"
                class="host"
                aria-label={format!("Host of server {number}")}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder="host"
                value={node.0.clone()}
                onchange={edit(|node, text| node.0 = text)}
            />
            <input
                type="text"
                class="port"
                inputmode="numeric"
                aria-label={format!("Port of server {number}")}
                autocomplete="off"
                placeholder="port"
                value={node.1.clone()}
                onchange={edit(|node, text| node.1 = text)}
            />
            <button type="button" class="remove" aria-label={format!("Remove server {number}")} onclick={remove}>
                { "×" }
            </button>
        </li>
    }
}
