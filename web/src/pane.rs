//! An editor, as a part of the page.

use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use web_sys::Element;
use yew::prelude::*;

use crate::bridge::Editor;

#[derive(Properties)]
pub(crate) struct Props {
    /// The number of its file.
    pub source: u16,
    /// Whether it is the one shown of its group.
    pub shown: bool,
    /// The heading, and what a screen reader calls the editor.
    pub title: AttrValue,
    /// `yaml` or `environment`.
    pub language: AttrValue,
    /// What stands in it while it is empty.
    pub hint: AttrValue,
    /// The text that it opens with.
    pub text: Rc<str>,
    pub on_change: Callback<String>,
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
    _on_change: Closure<dyn FnMut(String)>,
    _on_fix: Closure<dyn FnMut(usize)>,
    _on_point: Closure<dyn FnMut(Option<u32>, Option<u32>)>,
}

#[component]
pub(crate) fn Pane(props: &Props) -> Html {
    let parent = use_node_ref();
    let first = props.clone_for_mount();
    use_effect_with((), {
        let parent = parent.clone();
        move |()| {
            let mounted = parent.cast::<Element>().map(|parent| mount(&parent, first));
            move || {
                if let Some(mounted) = mounted {
                    mounted.editor.destroy();
                }
            }
        }
    });
    html! {
        <div class="editor" hidden={!props.shown} ref={parent}></div>
    }
}

impl Props {
    fn clone_for_mount(&self) -> Self {
        Self {
            source: self.source,
            shown: self.shown,
            title: self.title.clone(),
            language: self.language.clone(),
            hint: self.hint.clone(),
            text: Rc::clone(&self.text),
            on_change: self.on_change.clone(),
            on_fix: self.on_fix.clone(),
            on_point: self.on_point.clone(),
            on_ready: self.on_ready.clone(),
        }
    }
}

fn mount(parent: &Element, props: Props) -> Mounted {
    let Props {
        source, title, language, hint, text, on_change, on_fix, on_point, on_ready, ..
    } = props;
    let on_change = Closure::<dyn FnMut(String)>::new(move |text| on_change.emit(text));
    let on_fix = Closure::<dyn FnMut(usize)>::new(move |id| on_fix.emit(id));
    let on_point = Closure::<dyn FnMut(Option<u32>, Option<u32>)>::new(move |from, to| {
        on_point.emit(Option::zip(from, to));
    });
    let editor = Editor::new(
        source, parent, &language, &title, &hint, &text, &on_change, &on_fix, &on_point,
    );
    let editor = Rc::new(editor);
    on_ready.emit(Rc::clone(&editor));
    Mounted { editor, _on_change: on_change, _on_fix: on_fix, _on_point: on_point }
}
