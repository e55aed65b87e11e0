//! The sheet of keys: `?`.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

const KEYS: [(&str, &str); 14] = [
    ("Ctrl K", "find and do anything by its name"),
    ("?", "this sheet"),
    ("F8, Shift F8", "next and previous problem"),
    ("Ctrl .", "fix the problem at the cursor"),
    ("Ctrl Shift .", "fix all that needs no decision"),
    ("Ctrl Space", "what could be written here"),
    ("Ctrl I", "what a key or a variable does"),
    ("Ctrl F", "search the file"),
    ("Ctrl /", "make a line a comment"),
    ("Alt ↑ ↓", "move a line"),
    ("Ctrl Z", "undo"),
    ("Esc, then Tab", "leave the editor"),
    ("← →", "on the strip: the release before and after"),
    ("Page Down, Page Up", "on the strip: the change before and after"),
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
                        <div><dt><kbd>{ *keys }</kbd></dt><dd>{ *what }</dd></div>
                    }) }
                </dl>
                <button class="quiet">{ "Close" }</button>
            </form>
        </dialog>
    }
}
