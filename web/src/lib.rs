//! The single-page editor: it draws what the engine says, and judges nothing.

mod app;
mod bridge;
mod engine;
mod examples;
mod files;
mod header;
mod host;
mod intake;
mod json;
mod listen;
mod map;
mod pane;
mod problems;
mod prose;
mod time;
mod toast;
mod verdict;
mod views;
mod workspace;

fn main() {
    // Its message may quote the user's text: the place alone is told.
    yew::set_custom_panic_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        bridge::panicked(&place, env!("CARGO_PKG_VERSION"));
    }));
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => drop(yew::Renderer::<app::App>::with_root(root).render()),
        None => drop(yew::Renderer::<app::App>::new().render()),
    }
}
