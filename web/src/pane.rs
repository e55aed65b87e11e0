//! An editor, as a part of the page.

use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use web_sys::Element;
use yew::prelude::*;

use crate::bridge::{Editor, Opening};
use crate::workspace::Key;

#[derive(Clone, Properties)]
pub(crate) struct Props {
    /// The file's key.
    pub file: Key,
    /// Whether it is the one shown of its group.
    pub shown: bool,
    /// The heading, and what a screen reader calls the editor.
    pub title: AttrValue,
    /// `yaml` or `environment`.
    pub language: AttrValue,
    /// What is in it while it is empty.
    pub hint: AttrValue,
    /// The text that it opens with.
    pub text: Rc<str>,
    /// Gets the whole text, and whether all of it was replaced.
    pub on_change: Callback<(String, bool)>,
    pub on_fix: Callback<usize>,
    /// Gets the line that is pointed at, from here to there in UTF-16 code units.
    pub on_point: Callback<Option<(u32, u32)>>,
    /// Called once, with the editor.
    pub on_ready: Callback<Rc<Editor>>,
}

/// The editor keeps its own text: nothing but the title and whether it shows is ever drawn again.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        (&self.title, self.shown) == (&other.title, other.shown)
    }
}

/// An editor with what it calls back.
struct Mounted {
    editor: Rc<Editor>,
    _on_change: Closure<dyn FnMut(String, bool)>,
    _on_fix: Closure<dyn FnMut(usize)>,
    _on_point: Closure<dyn FnMut(Option<u32>, Option<u32>)>,
}

/// It calls nothing back once its closures are gone.
impl Drop for Mounted {
    fn drop(&mut self) {
        self.editor.destroy();
    }
}

#[component]
pub(crate) fn Pane(props: &Props) -> Html {
    let parent = use_node_ref();
    let first = props.clone();
    let open = use_mut_ref(|| None::<Rc<Editor>>);
    use_effect_with((), {
        let (parent, open) = (parent.clone(), Rc::clone(&open));
        move |()| {
            let mounted = parent.cast::<Element>().map(|parent| mount(&parent, &first));
            *open.borrow_mut() = mounted.as_ref().map(|mounted| Rc::clone(&mounted.editor));
            move || drop(mounted)
        }
    });
    // Another file may come in its place.
    use_effect_with(props.title.clone(), move |title| {
        if let Some(editor) = &*open.borrow() {
            editor.set_label(title);
        }
    });
    html! {
        <div class="editor" hidden={!props.shown} ref={parent}>
            // Until the editor is there, which is before the page's wasm is.
            if cfg!(not(target_arch = "wasm32")) {
                <pre
                    class="first-text"
                    data-key={props.file.to_string()}
                    data-language={props.language.clone()}
                    data-label={props.title.clone()}
                    data-hint={props.hint.clone()}
                >{ props.text.to_string() }</pre>
            }
        </div>
    }
}

fn mount(parent: &Element, props: &Props) -> Mounted {
    let Props { on_change, on_fix, on_point, .. } = props.clone();
    let on_change =
        Closure::<dyn FnMut(String, bool)>::new(move |text, whole| on_change.emit((text, whole)));
    let on_fix = Closure::<dyn FnMut(usize)>::new(move |id| on_fix.emit(id));
    let on_point = Closure::<dyn FnMut(Option<u32>, Option<u32>)>::new(move |from, to| {
        on_point.emit(Option::zip(from, to));
    });
    let opening = Opening {
        key: props.file,
        language: &props.language,
        label: &props.title,
        hint: &props.hint,
        text: &props.text,
    };
    let editor = Rc::new(Editor::open(parent, &opening, &on_change, &on_fix, &on_point));
    props.on_ready.emit(Rc::clone(&editor));
    Mounted { editor, _on_change: on_change, _on_fix: on_fix, _on_point: on_point }
}
