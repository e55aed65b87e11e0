//! The single-page editor: a face of [`redproof_core::check`], with no judgement of its own.

mod app;
mod bridge;
mod companion;
mod files;
mod header;
mod live;
mod map;
mod marks;
mod pane;
mod problems;
mod verdict;
mod views;

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
