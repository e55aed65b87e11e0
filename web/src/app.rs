//! The page: what it holds, what happens to it, how it is laid out.

use std::rc::Rc;

use redproof_messages::{Answer, Ask, At, Checked, Edit, File, FixedAll, Releases, Texts};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::bridge::{self, Editor};
use crate::engine::{Engine, Heard, Stopped};
use crate::files::{Files, Part};
use crate::host::Host;
use crate::intake::{Choice, Given};
use crate::json::Json;
use crate::toast::Toast;
use crate::views::{Bench, Live, View};
use crate::workspace::{CONFIG, ENVIRONMENT, Key, Workspace, is_dotenv};
use crate::{files, header, intake, listen, map, problems, toast, verdict, views};

/// What happens.
pub(crate) enum Msg {
    /// A file's text is now this; whether all of the old one was replaced.
    Text(Key, String, bool),
    /// A file's editor is there.
    Ready(Key, Rc<Editor>),
    /// The engine says something.
    Heard(Heard),
    /// The releases that can be chosen.
    Releases(Releases),
    /// The engine is to start again.
    Restart,
    /// Files were dropped or opened: names and bytes.
    Dropped(Vec<(String, Vec<u8>)>),
    /// They are of these kinds.
    Given(Given),
    /// What is to be done with a config among them.
    Decide(Choice),
    /// A file could not be taken: its name, and why.
    Refused(String, String),
    /// The files are to make room for new ones.
    New,
    /// What was there before is to come back.
    Restore(Box<Workspace>),
    /// A file is to be taken off the page.
    Close(Key),
    /// Another config is to be checked.
    CheckConfig(Key),
    /// Another LiteLLM release was chosen; empty for automatic.
    Litellm(String),
    /// Another redis-py release was chosen; empty for the one that LiteLLM ships.
    RedisPy(String),
    /// An example was chosen, by its place in the list.
    Example(usize),
    /// A finding's fix was asked for.
    Fix(usize),
    /// All safe fixes were asked for.
    FixAll,
    /// They are these.
    FixedAll(FixedAll),
    /// Edits are to be made.
    Edit(Vec<Edit>),
    /// The last step of these files is to be taken back.
    Undo(Vec<Key>),
    /// The config and the environment are to be these texts.
    Begin(String, String),
    /// A place is to be shown.
    Follow(At),
    /// The same: the file's number, from and to.
    FollowFile(u32, u32, u32),
    /// Edges of the map are pointed at, or none.
    Light(Vec<usize>),
    /// Lines are to be lit, and the first shown.
    Lines(Vec<At>),
    /// A line of a text is pointed at, from here to there in UTF-16 code units; or none.
    Point(Key, Option<(u32, u32)>),
    /// Another part of the page is to be shown.
    Show(Part),
    /// Another view of the result is to be shown; `None` is the check.
    View(Option<View>),
    /// The connections are to be tested.
    Test,
    /// The dialog that shares is to be opened.
    Share,
    /// The text is to be kept in this browser, or not.
    Drafts(bool),
    /// A live test has news.
    Live(u32, Json),
    /// What was said at the bottom is to go.
    CloseToast,
}

pub(crate) struct App {
    host: Host,
    workspace: Workspace,
    /// The number of the workspace's state: the engine's answers are to it.
    revision: u32,
    /// What the engine says, of which revision.
    checked: Option<(u32, Rc<Checked>)>,
    releases: Rc<Releases>,
    /// The edges of the map that are lit, by their places in it.
    lit: Vec<usize>,
    editors: Vec<(Key, Rc<Editor>)>,
    opened: Vec<Key>,
    part: Part,
    /// The file that the lower pane shows.
    lower: Key,
    /// The view that shows; `None` for the check.
    view: Option<View>,
    /// A place to be shown once its editor is.
    followed: Option<(Key, u32, u32)>,
    /// What became of files that were given.
    notice: String,
    toast: Option<Toast>,
    /// Files that bring a config, until it is decided what becomes of them.
    asked: Option<Given>,
    live: Live,
    /// How often the dialog that shares was asked for.
    shares: u32,
    /// Whether the text is kept in this browser.
    drafts: bool,
    _calls: listen::Calls,
    again: Closure<dyn FnMut()>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let link = context.link();
        let engine = Engine::new(link.callback(Msg::Heard));
        let workspace = kept().map_or_else(|| Workspace::of_example(0), Workspace::of);
        let to_releases = link.clone();
        let to_restart = link.clone();
        let host = Host { engine, link: link.clone() };
        let mut app = Self {
            revision: 0,
            checked: None,
            releases: Rc::default(),
            lit: vec![],
            editors: vec![],
            opened: vec![CONFIG, ENVIRONMENT],
            part: Part::File(CONFIG),
            lower: ENVIRONMENT,
            view: None,
            followed: None,
            notice: String::new(),
            toast: None,
            asked: None,
            live: Live::default(),
            shares: 0,
            drafts: bridge::keeps_drafts(),
            _calls: listen::Calls::listen(&host),
            again: Closure::new(move || to_restart.send_message(Msg::Restart)),
            workspace,
            host,
        };
        app.check();
        app.host.ask(&Ask::Releases, move |answer| {
            if let Answer::Releases(releases) = answer {
                to_releases.send_message(Msg::Releases(releases));
            }
        });
        app
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        let link = context.link();
        match message {
            Msg::Text(key, text, whole) => return self.edited(key, text, whole),
            Msg::Ready(key, editor) => {
                self.editors.retain(|(other, _)| *other != key);
                self.editors.push((key, editor));
                self.mark();
                return self.followed.is_some();
            }
            Msg::Heard(Heard::Checked(revision, checked)) => {
                if revision != self.revision {
                    // The text has gone on: the next answer is on its way.
                    return false;
                }
                bridge::recovered();
                self.checked = Some((revision, Rc::from(checked)));
                self.lit.clear();
                self.mark();
            }
            Msg::Heard(Heard::Stopped(Stopped { reason, place, version })) => {
                bridge::failed(&reason, &place, &version, &self.again);
                return false;
            }
            Msg::Restart => self.check(),
            Msg::Releases(releases) => self.releases = Rc::new(releases),
            Msg::Dropped(files) => {
                intake::sort(&self.host.engine, files, link.clone());
                return false;
            }
            Msg::Given(given) => self.take(given),
            Msg::Decide(choice) => self.decide(choice),
            Msg::Refused(name, why) => self.notice = format!("{name} was not taken: {why}."),
            Msg::New => {
                self.put_away("Your files were put away.");
                self.replace(Workspace::empty());
            }
            Msg::Restore(workspace) => self.replace(*workspace),
            Msg::Close(key) => self.close(key),
            Msg::CheckConfig(key) => {
                self.workspace.config = key;
                if self.lower == key {
                    self.lower = ENVIRONMENT;
                }
                self.reveal(Part::File(key));
                self.check();
            }
            Msg::Litellm(litellm) => {
                self.workspace.litellm = litellm;
                self.check();
            }
            Msg::RedisPy(redis_py) => {
                self.workspace.redis_py = redis_py;
                self.check();
            }
            Msg::Example(place) => {
                if !self.workspace.is_untouched() {
                    self.put_away("Your files were put away for the example.");
                }
                self.replace(Workspace::of_example(place).on_releases_of(&self.workspace));
            }
            Msg::Fix(at) => self.fix(at),
            Msg::FixAll => {
                let link = link.clone();
                self.host.ask(&Ask::FixAll, move |answer| {
                    if let Answer::FixAll(fixed) = answer {
                        link.send_message(Msg::FixedAll(fixed));
                    }
                });
                return false;
            }
            Msg::FixedAll(FixedAll { edits, told }) => self.fixed(&edits, told),
            Msg::Edit(edits) => {
                self.edit(&edits);
                return false;
            }
            Msg::Undo(keys) => {
                for editor in keys.iter().filter_map(|key| self.editor(*key)) {
                    editor.undo();
                }
                return false;
            }
            Msg::Begin(config, env) => {
                self.set_text(self.workspace.config, &config);
                self.set_text(ENVIRONMENT, &env);
                self.workspace.example = None;
                self.check();
            }
            Msg::Follow(at) => {
                let Some(key) = self.workspace.key(at.file) else { return false };
                self.follow(key, at.from, at.to);
            }
            Msg::FollowFile(file, from, to) => {
                let key = u16::try_from(file).ok().and_then(|file| self.workspace.key(file));
                let Some(key) = key else { return false };
                self.follow(key, from, to);
            }
            Msg::Light(edges) => self.light(edges),
            Msg::Lines(places) => {
                self.light_lines(&places, true);
                return false;
            }
            Msg::Point(key, line) => {
                let lit = line.map_or_else(Vec::new, |line| self.edges_of(key, line));
                return std::mem::replace(&mut self.lit, lit) != self.lit;
            }
            Msg::Show(part) => self.reveal(part),
            Msg::View(view) => {
                self.view = view;
                self.part = Part::Result;
            }
            Msg::Test => self.test(context),
            Msg::Share => self.shares += 1,
            Msg::Drafts(keep) => self.drafts = bridge::set_drafts(keep),
            Msg::Live(run, news) => return self.live.take(run, news),
            Msg::CloseToast => self.toast = None,
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        // An editor that was hidden takes the keyboard only now.
        if let Some((key, from, to)) = self.followed
            && let Some(editor) = self.editor(key)
        {
            editor.select(from, to);
            self.followed = None;
        }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let checked = self.shown();
        let part = match self.part {
            Part::Result => "result",
            Part::File(key) if key == self.workspace.config => "config",
            Part::File(_) => "environment",
        };
        html! {
            <div class={classes!("page", format!("shows-{part}"))}>
                { header::view(&header::Header {
                    workspace: &self.workspace,
                    checked,
                    releases: &self.releases,
                    testing: self.live.is_running(),
                    link,
                }) }
                { files::parts(&self.workspace, checked, self.part, link) }
                <main class="work">
                    { Files {
                        workspace: &self.workspace,
                        checked,
                        lower: self.lower,
                        opened: &self.opened,
                        notice: &self.notice,
                        link,
                    }.view() }
                    <section
                        id="result"
                        class="pane result"
                        aria-label="What LiteLLM does"
                        aria-busy={if self.is_current() { "false" } else { "true" }}
                        tabindex="-1"
                    >
                        { views::choice(self.view, link) }
                        { for self.asked.iter().map(|given| intake::question(given, link)) }
                        <div class="checked" hidden={self.view.is_some()}>
                            { self.result(checked, link) }
                        </div>
                        <Bench
                            host={self.host.clone()}
                            revision={self.checked.as_ref().map_or(0, |(revision, _)| *revision)}
                            view={self.view}
                            untouched={self.workspace.is_untouched()}
                        />
                    </section>
                </main>
                <views::Share
                    host={self.host.clone()}
                    asked={self.shares}
                    texts={Rc::new(self.workspace.texts())}
                />
                { toast::view(self.toast.as_ref(), &link.callback(|()| Msg::CloseToast)) }
            </div>
        }
    }
}

impl App {
    /// What a check says.
    fn result(&self, checked: Option<&Checked>, link: &yew::html::Scope<Self>) -> Html {
        let Some(checked) = checked else {
            return html! { <p class="note" role="status">{ "Checking…" }</p> };
        };
        let edges = map::Shown { map: &checked.map, lit: &self.lit, live: &self.live, link };
        html! {
            <>
                if checked.blank {
                    { verdict::blank(link) }
                } else {
                    { verdict::view(checked, &self.host, link) }
                }
                { self.live.view(link) }
                { edges.view() }
                { problems::view(checked, &self.host, link) }
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
            </>
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
                    { "Keep my text in this browser, passwords too" }
                </label>
                if self.drafts {
                    { " It is stored here unencrypted, passwords included. Switch this off to delete it." }
                }
            </p>
        }
    }

    /// The number that a file goes by in what the engine is asked.
    pub(crate) fn number(&self, key: Key) -> Option<u16> {
        self.workspace.number(key)
    }

    /// What the engine said last, be it of an older text.
    fn shown(&self) -> Option<&Checked> {
        self.checked.as_ref().map(|(_, checked)| &**checked)
    }

    /// Whether that is of the text as it is.
    fn is_current(&self) -> bool {
        self.checked.as_ref().is_some_and(|(revision, _)| *revision == self.revision)
    }

    /// What the engine says of the text as it is.
    fn current(&self) -> Option<&Rc<Checked>> {
        let (revision, checked) = self.checked.as_ref()?;
        (*revision == self.revision).then_some(checked)
    }

    /// Has the workspace checked.
    fn check(&mut self) {
        self.revision += 1;
        self.live.outdate();
        let texts = self.workspace.texts();
        self.keep();
        self.host.engine.check(self.revision, texts);
    }

    /// Notes what is on the page.
    fn keep(&self) {
        let Workspace { files, config, litellm, redis_py, .. } = &self.workspace;
        let first = files.iter().filter(|file| file.key == *config);
        let all: Vec<_> = first.chain(files.iter().filter(|file| file.key != *config)).collect();
        bridge::keep(
            all.iter().map(|file| file.key).collect(),
            all.iter().map(|file| file.name.clone()).collect(),
            all.iter().map(|file| file.text.clone()).collect(),
            litellm,
            redis_py,
        );
    }

    /// Shows in the editors what was found.
    fn mark(&self) {
        let Some(checked) = self.current() else { return };
        for (key, editor) in &self.editors {
            let number = self.workspace.number(*key);
            let found = checked.findings.iter().enumerate().filter(|(_, found)| {
                found.at.as_ref().map(|at| at.file) == number && number.is_some()
            });
            editor.show(&found.collect::<Vec<_>>());
        }
    }

    /// Takes what was typed into a file.
    fn edited(&mut self, key: Key, text: String, whole: bool) -> bool {
        let Some(file) = self.workspace.get_mut(key) else { return false };
        if file.text == text {
            // What was known still holds, but the editor lost its marks.
            self.mark();
            return false;
        }
        file.text = text;
        if whole {
            self.begin_own(key);
        }
        self.forget_example();
        self.check();
        true
    }

    /// Where the text of an example was replaced by the user's, the rest of the example goes too: it says
    /// nothing of the user's deployment.
    fn begin_own(&mut self, key: Key) {
        let Some(example) = self.workspace.example else { return };
        let emptied = self.workspace.get(key).is_none_or(|file| file.text.trim().is_empty());
        if key != CONFIG && emptied {
            return;
        }
        let others = self.workspace.files.iter().filter(|file| file.key != key);
        let others: Vec<Key> =
            others.filter(|file| !file.text.is_empty()).map(|file| file.key).collect();
        for other in &others {
            self.set_text(*other, "");
        }
        self.workspace.example = None;
        if !others.is_empty() {
            self.toast_with_restore(
                "You started your own files. The example was put away.",
                Workspace::of_example(example).on_releases_of(&self.workspace),
            );
        }
    }

    /// Says something, with what brings a workspace back.
    fn toast_with_restore(&mut self, text: &str, before: Workspace) {
        let before = Box::new(before);
        let restore = self.host.link.callback(move |()| Msg::Restore(before.clone()));
        self.toast = Some(Toast { text: text.to_owned(), choices: vec![("Undo", restore)] });
    }

    /// Offers what is on the page to be brought back.
    fn put_away(&mut self, text: &str) {
        if self.workspace.files.iter().any(|file| !file.text.trim().is_empty()) {
            self.toast_with_restore(text, self.workspace.clone());
        }
    }

    /// Puts a text in place of a file's; its editor's undo brings the old one back.
    fn set_text(&mut self, key: Key, text: &str) {
        if let Some(file) = self.workspace.get_mut(key) {
            text.clone_into(&mut file.text);
        }
        if let Some(editor) = self.editor(key) {
            editor.set_text(text);
        }
    }

    /// The edges of the map that a line made, by their places in it.
    fn edges_of(&self, key: Key, (from, to): (u32, u32)) -> Vec<usize> {
        let (Some(checked), Some(number)) = (self.current(), self.workspace.number(key)) else {
            return vec![];
        };
        let of_line = |at: &At| at.file == number && at.from < to && from < at.to;
        let edges = checked.map.edges.iter().enumerate();
        edges.filter(|(_, edge)| edge.places.iter().any(of_line)).map(|(at, _)| at).collect()
    }

    fn editor(&self, key: Key) -> Option<&Rc<Editor>> {
        self.editors.iter().find(|(other, _)| *other == key).map(|(_, editor)| editor)
    }

    /// Lights edges, and the lines that made them.
    fn light(&mut self, edges: Vec<usize>) {
        let places: Vec<At> = edges
            .iter()
            .filter_map(|edge| self.shown()?.map.edges.get(*edge))
            .flat_map(|edge| edge.places.clone())
            .collect();
        self.light_lines(&places, false);
        self.lit = edges;
    }

    fn light_lines(&self, places: &[At], show: bool) {
        for (key, editor) in &self.editors {
            let number = self.workspace.number(*key);
            let own = places.iter().filter(|at| Some(at.file) == number);
            editor.light(own.map(|at| at.from).collect(), show);
        }
    }

    /// Shows a part, and of files that share a pane this one.
    fn reveal(&mut self, part: Part) {
        self.part = part;
        if let Part::File(key) = part {
            if key != self.workspace.config {
                self.lower = key;
            }
            if !self.opened.contains(&key) {
                self.opened.push(key);
            }
        }
    }

    fn follow(&mut self, key: Key, from: u32, to: u32) {
        self.reveal(Part::File(key));
        self.followed = Some((key, from, to));
    }

    /// Applies the fix of a finding.
    fn fix(&mut self, at: usize) {
        let Some(checked) = self.current().cloned() else { return };
        if let Some(fix) = checked.findings.get(at).and_then(|found| found.fix.as_ref()) {
            self.fixed(&fix.edits, format!("Done: {}.", fix.title.trim_end_matches('.')));
        }
    }

    /// Makes edits, and says so, with what takes them back.
    fn fixed(&mut self, edits: &[Edit], told: String) {
        let keys = self.edit(edits);
        let undo = self.host.link.callback(move |()| Msg::Undo(keys.clone()));
        let choices = if edits.is_empty() { vec![] } else { vec![("Undo", undo)] };
        self.toast = Some(Toast { text: told.replace('`', ""), choices });
    }

    /// Applies edits of the texts that were checked last; the files that they change.
    fn edit(&mut self, edits: &[Edit]) -> Vec<Key> {
        if !self.is_current() {
            // Their places are those of another text.
            return vec![];
        }
        let mut keys: Vec<Key> =
            edits.iter().filter_map(|edit| self.workspace.key(edit.file)).collect();
        keys.dedup();
        for key in &keys {
            let number = self.workspace.number(*key);
            let own: Vec<&Edit> = edits.iter().filter(|edit| Some(edit.file) == number).collect();
            match self.editor(*key) {
                Some(editor) => editor.change(&own),
                // An editor that was never shown: once it is, the edit can be made.
                None => self.opened.push(*key),
            }
        }
        keys
    }

    /// Puts other files in place of those on the page.
    fn replace(&mut self, workspace: Workspace) {
        self.workspace = workspace;
        let keys: Vec<Key> = self.workspace.files.iter().map(|file| file.key).collect();
        self.editors.retain(|(key, _)| keys.contains(key));
        self.opened = vec![CONFIG, ENVIRONMENT];
        for file in self.workspace.files.clone() {
            if let Some(editor) = self.editor(file.key) {
                editor.set_text(&file.text);
            }
        }
        self.lower = ENVIRONMENT;
        self.notice = String::new();
        self.asked = None;
        self.live = Live::default();
        self.check();
    }

    /// Takes files that were given.
    fn take(&mut self, given: Given) {
        if !given.configs.is_empty() && !self.workspace.is_untouched() {
            let update =
                given.count() == 1
                    && self.workspace.files.iter().any(|file| {
                        file.name == given.configs[0].name && file.name != "config.yaml"
                    });
            if !update {
                self.part = Part::Result;
                self.asked = Some(given);
                return;
            }
        }
        let fresh = !given.configs.is_empty() && self.workspace.is_untouched();
        self.take_in(given, fresh);
    }

    fn decide(&mut self, choice: Choice) {
        let Some(given) = self.asked.take() else { return };
        match choice {
            Choice::Cancel => {}
            Choice::Add => self.take_in(given, false),
            Choice::Replace => {
                self.put_away("Your files were put away.");
                self.take_in(given, true);
            }
        }
    }

    /// Takes files in; `fresh` in place of all that are there.
    fn take_in(&mut self, given: Given, fresh: bool) {
        let told = given.told();
        let Given { configs, environment, certificates, releases, unused, .. } = given;
        let put_away = self.workspace.example;
        if fresh || (put_away.is_some() && !environment.is_empty()) {
            // The releases of another deployment say nothing of this one.
            self.replace(Workspace::of_files(configs, environment));
            if let Some(example) = put_away {
                let text = "You started your own files. The example was put away.";
                self.toast_with_restore(text, Workspace::of_example(example));
            }
        } else {
            let kinds = configs.into_iter().map(|file| (file, true));
            let kinds = kinds.chain(environment.into_iter().map(|file| (file, false)));
            let mut shown = None;
            for (file, is_config) in kinds {
                shown = Some(self.take_file(file, is_config));
            }
            if let Some(key) = shown {
                self.reveal(Part::File(key));
            }
        }
        self.workspace.unused.extend(unused);
        if let Some((_, litellm, redis_py)) = releases {
            for (chosen, named) in
                [(&mut self.workspace.litellm, litellm), (&mut self.workspace.redis_py, redis_py)]
            {
                if !named.is_empty() {
                    *chosen = named;
                }
            }
        }
        if !certificates.is_empty() {
            for (name, bytes) in certificates {
                self.host.ask(&Ask::Hold { name, bytes }, |_| {});
            }
            self.view = Some(View::Certificates);
            self.part = Part::Result;
        }
        self.notice = told;
        self.forget_example();
        self.check();
    }

    /// Takes one file in: in place of one of its name, else of an empty one of its kind, else beside
    /// the others.
    fn take_file(&mut self, file: File, is_config: bool) -> Key {
        let same = self.workspace.files.iter().find(|one| one.name == file.name);
        let place = if is_config { CONFIG } else { ENVIRONMENT };
        let empty = self
            .workspace
            .get(place)
            .filter(|one| one.text.trim().is_empty() && (is_config || is_dotenv(&file.name)));
        let Some(key) = same.or(empty).map(|one| one.key) else {
            return self.workspace.add(file, is_config);
        };
        self.set_text(key, &file.text);
        if let Some(one) = self.workspace.get_mut(key).filter(|_| is_config) {
            one.name = file.name;
        }
        key
    }

    /// Takes a file off the page.
    fn close(&mut self, key: Key) {
        if key <= ENVIRONMENT {
            return;
        }
        let Some(file) = self.workspace.get(key).cloned() else { return };
        let before = self.workspace.clone();
        self.workspace.files.retain(|one| one.key != key);
        self.editors.retain(|(other, _)| *other != key);
        self.opened.retain(|other| *other != key);
        if self.workspace.config == key {
            self.workspace.config = CONFIG;
        }
        self.toast_with_restore(&format!("{} was taken off the page.", file.name), before);
        self.notice = String::new();
        self.reveal(Part::File(ENVIRONMENT));
        self.check();
    }

    /// A text that was changed is no example any more.
    fn forget_example(&mut self) {
        let files = self.workspace.texts().files;
        self.workspace.example = self
            .workspace
            .example
            .filter(|place| Workspace::of_example(*place).texts().files == files);
    }

    /// Tests the connections.
    fn test(&mut self, context: &Context<Self>) {
        self.part = Part::Result;
        self.view = None;
        let Some(checked) = self.checked.as_ref().map(|(_, checked)| Rc::clone(checked)) else {
            return;
        };
        let run = self.live.begin();
        let link = context.link().clone();
        wasm_bindgen_futures::spawn_local(async move {
            let tell = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
                link.send_message(Msg::Live(run, event.into()));
            });
            bridge::test_live(&checked.litellm, &checked.redis_py, &tell).await;
        });
    }
}

/// What the page opens with, from a link, a draft or before a failure.
fn kept() -> Option<Texts> {
    let files = bridge::kept_names().into_iter().zip(bridge::kept_texts());
    let files: Vec<_> = files.map(|(name, text)| File { name, text }).collect();
    let mut releases = bridge::kept_releases().into_iter();
    let (litellm, redis_py) = (releases.next()?, releases.next()?);
    (!files.is_empty()).then_some(Texts { files, litellm, redis_py })
}
