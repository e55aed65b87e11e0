//! The sheet of keys: `?`.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Keys as this machine names them: what is Ctrl elsewhere is Command on a Mac.
pub(crate) fn named(keys: &str) -> String {
    let mac = cfg!(target_arch = "wasm32")
        && web_sys::window()
            .and_then(|window| window.navigator().platform().ok())
            .is_some_and(|platform| platform.starts_with("Mac"));
    // There, Command and Space are the system's.
    if mac && keys != "Ctrl Space" { keys.replace("Ctrl", "⌘") } else { keys.to_owned() }
}

const KEYS: [(&str, &str); 14] = [
    ("Ctrl K", "search commands, rules, settings and releases"),
    ("?", "this sheet"),
    ("F8, Shift F8", "next and previous problem"),
    ("Ctrl .", "fix the problem at the cursor"),
    ("Ctrl Shift .", "make every fix that needs no decision"),
    ("Ctrl Space", "complete"),
    ("Ctrl I", "documentation of the key or variable"),
    ("Ctrl F", "search the file"),
    ("Ctrl /", "comment or uncomment the line"),
    ("Alt ↑ ↓", "move a line"),
    ("Ctrl Z", "undo"),
    ("Esc, then Tab", "leave the editor"),
    ("← →", "release strip: previous and next release"),
    ("Page Down, Page Up", "release strip: previous and next change"),
];

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// How often it was asked for.
    pub asked: u32,
}

#[component]
pub(crate) fn Keys(props: &Props) -> Html {
    let dialog = use_node_ref();
    use_effect_with(props.asked, {
        let dialog = dialog.clone();
        move |asked| {
            if *asked > 0
                && let Some(dialog) = dialog.cast::<HtmlDialogElement>()
            {
                // It fails where it is open already.
                let _ = dialog.show_modal();
            }
        }
    });
    html! {
        <dialog class="share keys-sheet" ref={dialog} aria-labelledby="keys-title">
            <form method="dialog">
                <h2 id="keys-title">{ "Keys" }</h2>
                <dl>
                    { for KEYS.iter().map(|(keys, what)| html! {
                        <div><dt><kbd>{ named(keys) }</kbd></dt><dd>{ *what }</dd></div>
                    }) }
                </dl>
                <button class="quiet">{ "Close" }</button>
            </form>
        </dialog>
    }
}
