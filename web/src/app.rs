//! The page: what it holds, what happens to it, how it is laid out.

use std::rc::Rc;

use redproof_core::source::{SourceId, Span};
use redproof_core::{ConnectionMap, NamedText, connection_map};
use redproof_desk::examples::EXAMPLES;
use redproof_desk::{Desk, Json, Texts, View, environment_name};
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::bridge::{self, Editor};
use crate::companion;
use crate::files::{self, Part};
use crate::live::Live;
use crate::marks;
use crate::views;
use crate::{header, map, problems, verdict};

/// What happens.
pub(crate) enum Msg {
    /// A file's text is now this.
    Text(SourceId, String),
    /// A file's editor stands ready.
    Ready(SourceId, Rc<Editor>),
    /// A file was dropped or opened: its name and text.
    File(String, String),
    /// A file names releases: its name, and which.
    Pinned(String, Json),
    /// A file is to be taken off the page.
    Close(SourceId),
    /// A file could not be taken: its name, and why.
    Refused(String, String),
    /// Another LiteLLM release was chosen; empty for automatic.
    Litellm(String),
    /// Another redis-py release was chosen; empty for the one that LiteLLM ships.
    RedisPy(String),
    /// An example was chosen, by its place in the list.
    Example(usize),
    /// A finding's fix was asked for.
    Fix(usize),
    /// A place is to be shown.
    Follow(Span),
    /// An edge of the map is pointed at, or none.
    Light(Option<usize>),
    /// A line of a text is pointed at, from here to there in UTF-16 code units; or none.
    Point(SourceId, Option<(u32, u32)>),
    /// Another part of the page is to be shown.
    Show(Part),
    /// Another view of the result is to be shown; `None` is the check.
    View(Option<View>),
    /// The connections are to be tested.
    Test,
    /// The text is to be kept in this browser, or not.
    Drafts(bool),
    /// A live test has news.
    Live(u32, Json),
}

pub(crate) struct App {
    desk: Desk,
    map: ConnectionMap,
    /// The edges of the map that are lit, by their places in it.
    lit: Vec<usize>,
    /// By the numbers of their files.
    editors: Vec<Option<Rc<Editor>>>,
    part: Part,
    /// The file that the lower pane shows.
    lower: SourceId,
    /// The workbench's view that shows; `None` for the check.
    view: Option<View>,
    /// A place to be shown once its editor is.
    followed: Option<Span>,
    example: Option<usize>,
    /// What became of a file that was dropped.
    notice: String,
    live: Live,
    /// Whether the text is kept in this browser.
    drafts: bool,
    _calls: Calls,
}

/// What the JavaScript side calls.
struct Calls {
    _follow: Closure<dyn FnMut(u16, u32, u32)>,
    _file: Closure<dyn FnMut(String, String)>,
    _view: Closure<dyn FnMut(String)>,
    _refused: Closure<dyn FnMut(String, String)>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let kept = files::kept();
        let example = kept.is_none().then_some(0);
        let texts =
            kept.unwrap_or_else(|| Texts { files: EXAMPLES[0].files(), ..Texts::default() });
        put_on_desk(&texts);
        let desk = Desk::new(texts, now());
        Self {
            map: connection_map(&desk.report),
            lit: vec![],
            desk,
            editors: vec![],
            part: Part::File(SourceId::CONFIG),
            lower: files::ENVIRONMENT,
            view: None,
            followed: None,
            example,
            notice: String::new(),
            live: Live::default(),
            drafts: bridge::keeps_drafts(),
            _calls: Calls::listen(context),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Text(source, text) => {
                let mut texts = self.desk.texts.clone();
                let Some(file) = texts.files.get_mut(usize::from(source.0)) else { return false };
                if file.text == text {
                    // What was known still holds, but the editor lost its marks.
                    self.mark();
                    return false;
                }
                file.text = text;
                if source == files::ENVIRONMENT {
                    environment_name(&file.text).clone_into(&mut file.name);
                }
                self.check(texts);
                self.forget_example();
            }
            Msg::Ready(source, editor) => {
                marks::show(&self.desk, source, &editor);
                let at = usize::from(source.0);
                if self.editors.len() <= at {
                    self.editors.resize(at + 1, None);
                }
                self.editors[at] = Some(editor);
                return false;
            }
            Msg::File(name, text) if files::is_of_releases(&name, &text) => {
                let link = context.link().clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let pinned = bridge::pinned(&name, &text).await;
                    link.send_message(Msg::Pinned(name, pinned.into()));
                });
                return false;
            }
            Msg::File(name, text) => self.take_file(name, &text),
            Msg::Pinned(name, pinned) => self.take_releases(&name, &pinned),
            Msg::Close(source) => self.close(source),
            Msg::Refused(name, why) => self.notice = format!("{name} was not taken: {why}."),
            Msg::Litellm(litellm) => self.check(Texts { litellm, ..self.desk.texts.clone() }),
            Msg::RedisPy(redis_py) => self.check(Texts { redis_py, ..self.desk.texts.clone() }),
            Msg::Example(place) => self.load(place),
            Msg::Fix(id) => {
                for (source, editor) in self.editors() {
                    marks::fix(&self.desk, id, source, editor);
                }
                return false;
            }
            Msg::Follow(span) => {
                self.reveal(Part::File(span.source));
                self.followed = Some(span);
            }
            Msg::Light(edge) => {
                self.lit = edge.into_iter().collect();
                let places = edge.and_then(|edge| self.map.edges.get(edge));
                let places = places.map_or(&[][..], |edge| &edge.places);
                for (source, editor) in self.editors() {
                    marks::light(&self.desk, places, source, editor);
                }
            }
            Msg::Point(source, line) => {
                let lit = line.map_or_else(Vec::new, |line| self.edges_of(source, line));
                return std::mem::replace(&mut self.lit, lit) != self.lit;
            }
            Msg::Show(part) => self.reveal(part),
            Msg::View(view) => {
                self.view = view;
                self.part = Part::Result;
            }
            Msg::Test => self.test(context),
            Msg::Drafts(keep) => self.drafts = bridge::set_drafts(keep),
            Msg::Live(run, news) => return self.live.take(run, news),
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        // An editor that was hidden takes the keyboard only now.
        if let Some(span) = self.followed.take()
            && let (Some(editor), Some((from, to))) =
                (self.editor(span.source), self.desk.utf16(span))
        {
            editor.select(from, to);
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        html! {
            <div class={classes!("page", format!("shows-{}", self.part.name()))}>
                <a class="skip" href="#result" onclick={link.callback(|_| Msg::Show(Part::Result))}>
                    { "Skip to the result" }
                </a>
                { header::view(&header::Header {
                    pair: self.desk.report.pair,
                    litellm: &self.desk.texts.litellm,
                    redis_py: &self.desk.texts.redis_py,
                    example: self.example,
                    testing: self.live.is_running(),
                    link,
                }) }
                { files::parts(&self.desk, self.part, link) }
                <main class="work">
                    { files::view(&self.desk.texts.files, self.lower, &self.notice, link) }
                    <section id="result" class="pane result" aria-label="What LiteLLM does" tabindex="-1">
                        { views::choice(self.view, link) }
                        if let Some(view) = self.view {
                            <views::Bench {view} />
                        } else {
                            { self.checked(link) }
                        }
                    </section>
                </main>
            </div>
        }
    }
}

impl App {
    /// What a check says.
    fn checked(&self, link: &yew::html::Scope<Self>) -> Html {
        html! {
            <div class="checked">
                if self.desk.texts.is_blank() {
                    { verdict::blank(link) }
                } else {
                    { verdict::view(&self.desk) }
                }
                { self.live.view() }
                { map::view(&self.map, &self.desk, &self.lit, &self.live, link) }
                { problems::view(&self.desk, &link.callback(Msg::Follow), &link.callback(Msg::Fix)) }
                <footer>
                    <p>{ "Your text stays in this page: nothing is sent anywhere." }</p>
                    { self.drafts(link) }
                    <p class="keys">
                        <kbd>{ "F8" }</kbd>{ " next problem " }
                        <kbd>{ "Ctrl ." }</kbd>{ " fix " }
                        <kbd>{ "Ctrl Space" }</kbd>{ " complete " }
                        <kbd>{ "Ctrl I" }</kbd>{ " explain " }
                        <kbd>{ "Esc Tab" }</kbd>{ " leave the editor" }
                    </p>
                </footer>
            </div>
        }
    }

    /// The switch that keeps the text between visits.
    fn drafts(&self, link: &yew::html::Scope<Self>) -> Html {
        let keep = link.batch_callback(|event: Event| {
            Some(Msg::Drafts(event.target_dyn_into::<HtmlInputElement>()?.checked()))
        });
        html! {
            <p class="drafts">
                <label class="tick">
                    <input type="checkbox" checked={self.drafts} onchange={keep} />
                    { "Keep my text in this browser" }
                </label>
                if self.drafts {
                    { " It lies here unencrypted, passwords included. Switch this off to delete it." }
                }
            </p>
        }
    }

    /// Checks other texts, and shows in the editors what was found.
    fn check(&mut self, texts: Texts) {
        put_on_desk(&texts);
        self.desk = Desk::new(texts, now());
        self.map = connection_map(&self.desk.report);
        self.lit.clear();
        self.live.outdate();
        self.mark();
    }

    /// Shows in the editors what was found.
    fn mark(&self) {
        for (source, editor) in self.editors() {
            marks::show(&self.desk, source, editor);
        }
    }

    /// The edges of the map that a line made, by their places in it.
    fn edges_of(&self, source: SourceId, (from, to): (u32, u32)) -> Vec<usize> {
        let byte = |at| self.desk.byte(source, at);
        let (Some(from), Some(to)) = (byte(from), byte(to)) else { return vec![] };
        let of_line = |place: &Span| place.source == source && place.start < to && from < place.end;
        let edges = self.map.edges.iter().enumerate();
        edges.filter(|(_, edge)| edge.places.iter().any(of_line)).map(|(at, _)| at).collect()
    }

    fn editors(&self) -> impl Iterator<Item = (SourceId, &Rc<Editor>)> {
        (0..).map(SourceId).zip(&self.editors).filter_map(|(id, one)| Some((id, one.as_ref()?)))
    }

    fn editor(&self, source: SourceId) -> Option<&Rc<Editor>> {
        self.editors.get(usize::from(source.0))?.as_ref()
    }

    /// Shows a part, and of files that share a pane this one.
    fn reveal(&mut self, part: Part) {
        self.part = part;
        if let Part::File(source) = part
            && source != SourceId::CONFIG
        {
            self.lower = source;
        }
    }

    /// Puts an example into the editors.
    fn load(&mut self, place: usize) {
        let Some(example) = EXAMPLES.get(place) else { return };
        self.replace(example.files());
        self.example = Some(place);
        self.live = Live::default();
    }

    /// Puts other files in place of those on the page.
    fn replace(&mut self, files: Vec<NamedText>) {
        for (file, editor) in files.iter().zip(&self.editors) {
            if let Some(editor) = editor {
                editor.set_text(&file.text);
            }
        }
        self.editors.truncate(files.len());
        self.lower = files::ENVIRONMENT;
        self.check(Texts { files, ..self.desk.texts.clone() });
    }

    /// Takes a file that was dropped: in place of one that it is a new text of, or beside them.
    fn take_file(&mut self, name: String, text: &str) {
        let source = files::place_of(&self.desk.texts.files, &name, text);
        let mut texts = self.desk.texts.clone();
        let at = usize::from(source.0);
        self.notice = match texts.files.get_mut(at) {
            Some(file) => {
                text.clone_into(&mut file.text);
                format!("{} holds {name} now. Undo brings the old text back.", file.name)
            }
            None => {
                let taken = format!("{name} was added.");
                texts.files.push(NamedText { name, text: text.to_owned() });
                taken
            }
        };
        if let Some(editor) = self.editor(source) {
            editor.set_text(text);
        }
        self.reveal(Part::File(source));
        self.check(texts);
        self.forget_example();
    }

    /// Chooses the releases that a file names.
    fn take_releases(&mut self, name: &str, pinned: &Json) {
        let (litellm, redis_py) = (pinned.text("litellm"), pinned.text("redisPy"));
        let mut texts = self.desk.texts.clone();
        let mut named = vec![];
        for (what, release, chosen) in
            [("LiteLLM", litellm, &mut texts.litellm), ("redis-py", redis_py, &mut texts.redis_py)]
        {
            if !release.is_empty() {
                named.push(format!("{what} {release}"));
                *chosen = release;
            }
        }
        if named.is_empty() {
            self.notice = format!("{name} was not taken: it names no release that is known here.");
        } else {
            self.notice = format!("{name} names {}: chosen above.", named.join(" and "));
            self.check(texts);
        }
    }

    /// Takes a file off the page.
    fn close(&mut self, source: SourceId) {
        let at = usize::from(source.0);
        let mut texts = self.desk.texts.clone();
        if at >= texts.files.len() || source <= files::ENVIRONMENT {
            return;
        }
        texts.files.remove(at);
        // Those after it have other numbers now: their editors are made anew.
        self.editors.truncate(at);
        self.reveal(Part::File(files::ENVIRONMENT));
        self.check(texts);
    }

    /// A text that was changed is no example any more.
    fn forget_example(&mut self) {
        self.example =
            self.example.filter(|place| EXAMPLES[*place].files() == self.desk.texts.files);
    }

    /// Tests the connections.
    fn test(&mut self, context: &Context<Self>) {
        self.part = Part::Result;
        self.view = None;
        let run = self.live.begin();
        let link = context.link().clone();
        let tell = move |news| link.send_message(Msg::Live(run, news));
        companion::test(self.desk.report.pair, tell);
    }
}

impl Calls {
    fn listen(context: &Context<App>) -> Self {
        let link = || context.link().clone();
        let (to_follow, to_file, to_view, to_refused) = (link(), link(), link(), link());
        let follow = Closure::<dyn FnMut(u16, u32, u32)>::new(move |source, start, end| {
            to_follow.send_message(Msg::Follow(Span { source: SourceId(source), start, end }));
        });
        let file = Closure::<dyn FnMut(String, String)>::new(move |name, text| {
            to_file.send_message(Msg::File(name, text));
        });
        let view = Closure::<dyn FnMut(String)>::new(move |name: String| {
            if let Some(view) = View::named(&name) {
                to_view.send_message(Msg::View(Some(view)));
            }
        });
        let refused = Closure::<dyn FnMut(String, String)>::new(move |name, why| {
            to_refused.send_message(Msg::Refused(name, why));
        });
        bridge::listen(&follow, &file, &view, &refused);
        Self { _follow: follow, _file: file, _view: view, _refused: refused }
    }
}

/// Gives the workbench what the page holds.
fn put_on_desk(texts: &Texts) {
    let (names, files) =
        texts.files.iter().map(|file| (file.name.clone(), file.text.clone())).unzip();
    bridge::set_desk(names, files, &texts.litellm, &texts.redis_py);
}

/// Seconds since 1970.
fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds
}
