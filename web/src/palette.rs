//! What is done and found by its name: Ctrl+K.

use redproof_messages::{Answer, Ask, LookUp, Releases};
use web_sys::{
    Element, HtmlDialogElement, HtmlElement, HtmlInputElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::Msg as Page;
use crate::bridge;
use crate::examples::EXAMPLES;
use crate::files::Part;
use crate::host::Host;
use crate::views;

/// So many are offered of what fits the words that are typed.
const MOST: usize = 12;

#[derive(Properties)]
pub(crate) struct Props {
    pub host: Host,
    /// How often it was asked for.
    pub asked: u32,
    /// The releases that can be chosen.
    pub releases: std::rc::Rc<Releases>,
}

/// Nothing is drawn before it is asked for.
impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.asked == other.asked
    }
}

/// What is done once it is chosen.
#[derive(Clone)]
enum Act {
    View(Option<views::View>),
    Do(&'static str),
    Example(usize),
    Litellm(String),
    Page(String),
    Search(String),
}

#[derive(Clone)]
struct Entry {
    kind: &'static str,
    name: String,
    about: String,
    act: Act,
}

/// What is done by a word of its own.
const DEEDS: [(&str, &str, &str); 15] = [
    ("fix all", "Fix all", "every fix that needs no decision"),
    ("test", "Test live", "open the connections for real"),
    ("report", "Copy report", "as Markdown"),
    ("share", "Share", "a link that holds these files"),
    ("files", "Add files", "from this computer"),
    ("folder", "Open a folder", "all of its files, joined into deployments"),
    ("new", "New", "start over with no files"),
    ("error", "Paste an error message", "what it means here"),
    ("automatic", "Automatic release", "the one that your files name, or the newest"),
    ("keys", "Keyboard shortcuts", "all of them"),
    ("wrap", "Wrap long lines", "on or off"),
    ("fold", "Fold the environment", "show or hide its pane"),
    ("light", "Light theme", "regardless of the system"),
    ("dark", "Dark theme", "regardless of the system"),
    ("system", "System theme", "follow the system"),
];

pub(crate) enum Msg {
    Pages(Vec<LookUp>),
    Typed(String),
    Key(String),
    Choose(usize),
}

#[derive(Default)]
pub(crate) struct Palette {
    dialog: NodeRef,
    field: NodeRef,
    opens: bool,
    pages: Option<Vec<LookUp>>,
    typed: String,
    /// The place of the one that Enter takes.
    at: usize,
}

impl Component for Palette {
    type Message = Msg;
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self::default()
    }

    fn changed(&mut self, context: &Context<Self>, _: &Props) -> bool {
        self.opens = true;
        self.typed.clear();
        self.at = 0;
        if self.pages.is_none() {
            let link = context.link().clone();
            context.props().host.ask(&Ask::Pages, move |answer| {
                if let Answer::Pages(pages) = answer {
                    link.send_message(Msg::Pages(pages));
                }
            });
        }
        true
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let found = self.found(context.props());
        match message {
            Msg::Pages(pages) => self.pages = Some(pages),
            Msg::Typed(typed) => {
                self.typed = typed;
                self.at = 0;
            }
            Msg::Key(key) => match key.as_str() {
                "ArrowDown" => self.at = (self.at + 1).min(found.len().saturating_sub(1)),
                "ArrowUp" => self.at = self.at.saturating_sub(1),
                _ => {
                    if let Some(entry) = found.get(self.at) {
                        self.act(&entry.act, &context.props().host);
                    }
                }
            },
            Msg::Choose(at) => {
                if let Some(entry) = found.get(at) {
                    self.act(&entry.act, &context.props().host);
                }
            }
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        // Keys go on where the list ends for the eye.
        let dialog = self.dialog.cast::<Element>();
        if let Some(Ok(Some(chosen))) = dialog.map(|dialog| dialog.query_selector(".chosen")) {
            let nearest = ScrollIntoViewOptions::new();
            nearest.set_block(ScrollLogicalPosition::Nearest);
            chosen.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
        if std::mem::take(&mut self.opens)
            && let Some(dialog) = self.dialog.cast::<HtmlDialogElement>()
        {
            // It fails where it is open already.
            let _ = dialog.show_modal();
            if let Some(field) = self.field.cast::<HtmlElement>() {
                let _ = field.focus();
            }
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let found = self.found(context.props());
        let typed = link.batch_callback(|event: InputEvent| {
            Some(Msg::Typed(event.target_dyn_into::<HtmlInputElement>()?.value()))
        });
        let key = link.batch_callback(|event: KeyboardEvent| {
            let key = event.key();
            matches!(key.as_str(), "ArrowDown" | "ArrowUp" | "Enter").then(|| {
                event.prevent_default();
                Msg::Key(key)
            })
        });
        // A finger has no Escape: what is around the palette closes it.
        let dialog = self.dialog.clone();
        let beside = move |event: MouseEvent| {
            let dialog = dialog.cast::<HtmlDialogElement>();
            if let Some(dialog) = dialog.filter(|one| event.target().as_ref() == Some(one.as_ref()))
            {
                dialog.close();
            }
        };
        let active = found.get(self.at).map(|_| format!("palette-{}", self.at));
        html! {
            <dialog class="palette" ref={self.dialog.clone()} aria-label="Commands" onclick={beside}>
                <input
                    ref={self.field.clone()}
                    role="combobox"
                    aria-label="Find a view, a rule, a setting or a release"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-activedescendant={active}
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="Find a view, a rule, a setting, a release …"
                    value={self.typed.clone()}
                    oninput={typed}
                    onkeydown={key}
                />
                <ul id="palette-list" role="listbox" aria-label="Found">
                    { for found.iter().enumerate().map(|(at, entry)| one(at, entry, at == self.at, link)) }
                </ul>
            </dialog>
        }
    }
}

fn one(at: usize, entry: &Entry, chosen: bool, link: &Scope<Palette>) -> Html {
    html! {
        <li
            id={format!("palette-{at}")}
            role="option"
            aria-selected={if chosen { "true" } else { "false" }}
            class={classes!(chosen.then_some("chosen"))}
            onclick={link.callback(move |_: MouseEvent| Msg::Choose(at))}
        >
            <span class="kind">{ entry.kind }</span>
            { " " }<b>{ &entry.name }</b>{ " " }
            <span class="about">{ entry.about.replace('`', "") }</span>
        </li>
    }
}

impl Palette {
    /// What fits the words that are typed: those whose name begins so come first.
    fn found(&self, props: &Props) -> Vec<Entry> {
        let typed = self.typed.to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let rank = |entry: &Entry| {
            let name = entry.name.to_lowercase();
            let all = format!("{} {name} {}", entry.kind, entry.about).to_lowercase();
            if !words.iter().all(|word| all.contains(word)) {
                return None;
            }
            let first = words.first().copied().unwrap_or_default();
            Some(match () {
                () if entry.name == self.typed.trim() => 0,
                () if name == typed.trim() => 1,
                () if name.starts_with(first) => 2,
                () if words.iter().all(|word| name.contains(word)) => 3,
                () => 4,
            })
        };
        let mut found: Vec<(u8, Entry)> =
            self.entries(props).into_iter().filter_map(|one| Some((rank(&one)?, one))).collect();
        found.sort_by_key(|(rank, _)| *rank);
        if !words.is_empty() {
            found.truncate(MOST);
        }
        let mut found: Vec<Entry> = found.into_iter().map(|(_, entry)| entry).collect();
        if !words.is_empty() {
            // What has no name here may stand in a guide, or be an error's text.
            let typed = self.typed.trim();
            let about = "in guides, error texts and all of the book".to_owned();
            let (name, act) = (format!("Search for {typed}"), Act::Search(typed.to_owned()));
            found.push(Entry { kind: "book", name, about, act });
        }
        found
    }

    fn entries(&self, props: &Props) -> Vec<Entry> {
        let entry = |kind, name: &str, about: &str, act| Entry {
            kind,
            name: name.to_owned(),
            about: about.to_owned(),
            act,
        };
        let views = std::iter::once(None).chain(views::View::ALL.map(Some));
        let mut all: Vec<Entry> = views
            .map(|view| entry("view", views::title(view), views::about(view), Act::View(view)))
            .collect();
        all.extend(DEEDS.map(|(deed, name, about)| entry("do", name, about, Act::Do(deed))));
        let examples = EXAMPLES.iter().enumerate();
        all.extend(examples.map(|(at, one)| entry("example", one.title, "", Act::Example(at))));
        if self.typed.is_empty() {
            return all;
        }
        let releases = props.releases.litellm.iter().rev();
        all.extend(
            releases.map(|one| {
                entry("release", &format!("LiteLLM {one}"), "", Act::Litellm(one.clone()))
            }),
        );
        all.extend(
            self.pages
                .iter()
                .flatten()
                .map(|page| entry("book", &page.name, &page.about, Act::Page(page.page.clone()))),
        );
        all
    }

    fn act(&self, act: &Act, host: &Host) {
        if let Some(dialog) = self.dialog.cast::<HtmlDialogElement>() {
            dialog.close();
        }
        let message = match act {
            Act::View(view) => Page::View(*view),
            Act::Example(at) => Page::Example(*at),
            Act::Litellm(release) => Page::Litellm(release.clone()),
            Act::Page(page) => {
                bridge::open_page(page);
                return;
            }
            Act::Search(words) => {
                let words = String::from(js_sys::encode_uri_component(words));
                bridge::open_page(&format!("docs/index.html?search={words}"));
                return;
            }
            Act::Do("fix all") => Page::FixAll,
            Act::Do("test") => Page::Test,
            Act::Do("report") => Page::CopyReport,
            Act::Do("share") => Page::Share,
            Act::Do("new") => Page::New,
            Act::Do("automatic") => Page::Pair(String::new(), String::new()),
            Act::Do("keys") => Page::Keys,
            Act::Do("error") => Page::AskError,
            Act::Do("wrap") => Page::Wrap,
            Act::Do("fold") => Page::Fold,
            Act::Do("light") => Page::Theme("light"),
            Act::Do("dark") => Page::Theme("dark"),
            Act::Do("system") => Page::Theme(""),
            Act::Do("files") => {
                bridge::open_files();
                return;
            }
            Act::Do("folder") => {
                bridge::open_folder();
                return;
            }
            Act::Do(_) => Page::Show(Part::Result),
        };
        host.link.send_message(message);
    }
}
