//! The page: what it holds, what happens to it, how it is laid out.

mod checked;
mod drawn;
mod files;
mod fixes;
mod message;
mod shown;

use std::rc::Rc;

use redproof_messages::{Answer, Ask, Checked, Edit, File, FixedAll, Preview, Releases, Tone};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use yew::prelude::*;

pub(crate) use message::Msg;

use crate::bridge::{self, Editor};
use crate::engine::Engine;
use crate::files::{Files, Part};
use crate::host::Host;
use crate::intake::Given;
use crate::keys::Keys;
use crate::palette::Palette;
use crate::toast::Toast;
use crate::views::{Bench, Live, View};
use crate::workspace::{CONFIG, ENVIRONMENT, Key, Workspace};
use crate::{files as panes, header, hello, intake, listen, toast, views};

/// Whether there is a browser around; else the page is drawn as it is before its wasm is there.
const LIVE: bool = cfg!(target_arch = "wasm32");

/// What the page begins with.
#[derive(Clone, Debug, Default, Properties)]
pub struct Opening {
    /// What a check says of the first example, where that is known.
    pub checked: Option<Rc<Checked>>,
    /// What it does on all releases, too.
    pub strip: Option<Rc<redproof_messages::Strip>>,
}

/// It counts once.
impl PartialEq for Opening {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// How the page looks.
struct Looks {
    /// `light`, `dark`; empty for the system's.
    theme: String,
    /// Whether long lines wrap.
    wraps: bool,
    /// Whether the environment's pane is folded away.
    folded: bool,
}

/// As it was chosen before.
impl Default for Looks {
    fn default() -> Self {
        let theme = if LIVE { bridge::theme() } else { String::new() };
        Self { theme, wraps: LIVE && bridge::wraps(), folded: false }
    }
}

/// What is to be done once the page is drawn.
#[derive(Default)]
struct Then {
    /// The element that gets the keyboard.
    focus: Option<String>,
    /// Whether a fix was made whose button may be gone with the next answer.
    fixed: bool,
    /// Whether the result is to show from its top.
    to_top: bool,
    /// The edits of files whose editors are about to open.
    edits: Vec<(Key, Vec<Edit>)>,
    /// Whether what was clicked may be gone with the next answer.
    clicked: bool,
}

pub(crate) struct App {
    host: Host,
    workspace: Workspace,
    /// The number of the workspace's state: the engine's answers are to it.
    revision: u32,
    /// The number of the files' state, whatever the releases.
    files_revision: u32,
    /// The files of that state.
    checked_files: Vec<File>,
    /// What the engine says, of which revision.
    checked: Option<(u32, Rc<Checked>)>,
    releases: Rc<Releases>,
    /// What the first example does on all of them, where the page opens with it.
    strip: Option<Rc<redproof_messages::Strip>>,
    /// What a finding's fix would change, while that is shown.
    preview: Option<(usize, Preview)>,
    /// The edges of the map that are lit, by their places in it.
    lit: Vec<usize>,
    /// The chip of the verdict whose problems alone are shown.
    filter: Option<usize>,
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
    /// What other files took the place of.
    away: Option<files::Away>,
    /// Files that bring a config, until it is decided what becomes of them.
    asked: Option<Given>,
    live: Live,
    /// How often the dialog that shares, the palette and the sheet of keys were asked for.
    shares: u32,
    palettes: u32,
    sheets: u32,
    then: Then,
    /// Whether the text is kept in this browser.
    drafts: bool,
    looks: Looks,
    /// Whether the introduction shows.
    hello: bool,
    /// An error's text that was pasted elsewhere than into the field for those.
    error: Option<String>,
    /// Whether the engine waits for a part of itself that the text needs.
    loading: bool,
    _calls: Option<listen::Calls>,
    again: Option<Closure<dyn FnMut()>>,
}

impl Component for App {
    type Message = Msg;
    type Properties = Opening;

    fn create(context: &Context<Self>) -> Self {
        let link = context.link();
        let engine = Engine::new(link.callback(Msg::Heard));
        let kept = if LIVE { bridge::kept() } else { None };
        let Opening { checked: known, strip } = context.props().clone();
        let known = known.filter(|_| kept.is_none());
        let strip = strip.filter(|_| kept.is_none());
        let workspace = kept.map_or_else(|| Workspace::of_example(0), Workspace::of_kept);
        let to_releases = link.clone();
        let to_restart = link.clone();
        let host = Host { engine, link: link.clone() };
        let mut app = Self {
            revision: 0,
            files_revision: 0,
            checked_files: vec![],
            // Of this revision, until the engine says it itself.
            checked: known.map(|known| (0, known)),
            releases: Rc::default(),
            strip,
            preview: None,
            lit: vec![],
            filter: None,
            editors: vec![],
            opened: vec![CONFIG, ENVIRONMENT],
            part: Part::File(CONFIG),
            lower: ENVIRONMENT,
            view: if LIVE { View::named(&bridge::view_named()) } else { None },
            followed: None,
            notice: String::new(),
            toast: None,
            away: None,
            asked: None,
            live: Live::default(),
            shares: 0,
            palettes: 0,
            sheets: 0,
            then: Then::default(),
            drafts: LIVE && bridge::keeps_drafts(),
            looks: Looks::default(),
            hello: workspace.example.is_some(),
            error: None,
            loading: false,
            _calls: LIVE.then(|| listen::Calls::listen(&host)),
            again: LIVE.then(|| Closure::new(move || to_restart.send_message(Msg::Restart))),
            workspace,
            host,
        };
        if !LIVE {
            app.revision += 1;
            return app;
        }
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
            Msg::Ready(key, editor) => return self.ready(key, editor),
            Msg::Heard(heard) => return self.hear(heard),
            Msg::Restart => self.check(),
            Msg::Releases(releases) => self.releases = Rc::new(releases),
            Msg::Dropped(files, refused) => {
                intake::sort(&self.host.engine, files, refused, link.clone());
                return false;
            }
            Msg::Given(given) => self.take(given),
            Msg::Decide(choice) => self.decide(choice),
            Msg::Move(misplaced) => self.put_right(&misplaced),
            Msg::New => self.start_over("Your files were put away."),
            Msg::PasteOwn => {
                self.start_over("The example was put away. Paste your config.yaml.");
                self.follow(CONFIG, 0, 0);
            }
            Msg::CloseHello => {
                self.hello = false;
                self.then.clicked = true;
            }
            Msg::Restore(label, before) => self.restore(label, *before),
            Msg::Close(key) => self.close(key),
            Msg::CheckConfig(key) => self.choose_config(key),
            Msg::Run(at) => self.choose_run(at),
            Msg::Folder(folder) => self.set_folder(folder),
            Msg::Litellm(release) => {
                self.workspace.litellm = release;
                self.check();
            }
            Msg::RedisPy(release) => {
                self.workspace.redis_py = release;
                self.check();
            }
            Msg::Pair(litellm, redis_py) => {
                if (&self.workspace.litellm, &self.workspace.redis_py) == (&litellm, &redis_py) {
                    return false;
                }
                (self.workspace.litellm, self.workspace.redis_py) = (litellm, redis_py);
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
                self.ask_for_fixes();
                return false;
            }
            Msg::FixedAll(FixedAll { edits, told }) => self.fixed(&edits, &told),
            Msg::Edit(edits) => {
                self.edit(&edits);
                return !self.then.edits.is_empty();
            }
            Msg::TakeBack => {
                let Some(toast) = self.toast.take() else { return false };
                if let Some(undo) = toast.undo() {
                    undo.emit(());
                }
            }
            Msg::Undo(keys) => {
                for editor in keys.iter().filter_map(|key| self.editor(*key)) {
                    editor.undo();
                }
                return false;
            }
            Msg::Begin(config, env) => self.begin(config, env),
            Msg::Test => self.test(context),
            Msg::Drafts(keep) => self.drafts = bridge::set_drafts(keep),
            Msg::Live(run, news) => return self.live.take(run, news),
            message => return self.show(message),
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        shown::busy(!self.is_current());
        // An editor that was hidden takes the keyboard only now.
        if let Some((key, from, to)) = self.followed
            && let Some(editor) = self.editor(key)
        {
            editor.select(from, to);
            self.followed = None;
        }
        if std::mem::take(&mut self.then.to_top) {
            shown::to_top();
        }
        if self.then.fixed && self.is_current() {
            self.then.fixed = false;
            shown::keep_keyboard("problems");
        }
        if self.then.clicked && self.is_current() {
            self.then.clicked = false;
            shown::keep_keyboard("result");
        }
        if let Some(id) = self.then.focus.take() {
            shown::give_keyboard(&id);
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
                    theme: &self.looks.theme,
                    link,
                }) }
                if self.hello {
                    { hello::view(&self.workspace, link) }
                }
                { panes::parts(&self.workspace, checked, self.part, link) }
                <main class="work">
                    { Files {
                        workspace: &self.workspace,
                        checked,
                        lower: self.lower,
                        opened: &self.opened,
                        notice: &self.notice,
                        wraps: self.looks.wraps,
                        folded: self.looks.folded,
                        link,
                    }.view() }
                    { panes::splitter("columns", "Width of the texts", "50") }
                    <section
                        id="result"
                        class="pane result"
                        aria-label="What LiteLLM does"
                        // From here on `shown::busy` says it: a key draws nothing else.
                        aria-busy={(!LIVE).then_some("true")}
                        tabindex="-1"
                    >
                        { views::choice(self.view, link) }
                        { for checked.and_then(|one| one.misplaced.as_ref()).map(|one| intake::misplaced(one, link)) }
                        { for self.asked.iter().map(|given| intake::question(given, link)) }
                        <div class="checked" hidden={self.view.is_some()}>
                            { self.result(checked, link) }
                        </div>
                        <Bench
                            host={self.host.clone()}
                            revision={self.revision_checked()}
                            view={self.view}
                            untouched={self.workspace.is_untouched()}
                            errors={checked.map_or(0, errors)}
                        />
                    </section>
                </main>
                <views::Share
                    host={self.host.clone()}
                    asked={self.shares}
                    texts={Rc::new(self.workspace.texts())}
                    used={checked.map_or(vec![], |one| one.files.iter().map(|file| file.used).collect())}
                />
                <Palette
                    host={self.host.clone()}
                    asked={self.palettes}
                    releases={Rc::clone(&self.releases)}
                />
                <Keys asked={self.sheets} />
                { toast::view(self.toast.as_ref(), &link.callback(|()| Msg::CloseToast)) }
            </div>
        }
    }
}

fn errors(checked: &Checked) -> usize {
    checked.findings.iter().filter(|found| found.severity == Tone::Error).count()
}

impl App {
    /// The number that a file goes by in what the engine is asked.
    pub(crate) fn number(&self, key: Key) -> Option<u16> {
        self.workspace.number(key)
    }

    /// Takes an editor that opened.
    fn ready(&mut self, key: Key, editor: Rc<Editor>) -> bool {
        self.editors.retain(|(other, _)| *other != key);
        self.editors.push((key, editor));
        self.edit_opened(key);
        self.mark();
        self.followed.is_some()
    }

    /// Takes what was typed into a file; gives whether more is to be drawn than that an answer is awaited.
    fn edited(&mut self, key: Key, text: String, whole: bool) -> bool {
        let Some(file) = self.workspace.get_mut(key) else { return false };
        if file.text == text {
            // What was known still holds, but the editor lost its marks.
            self.mark();
            return false;
        }
        let was_empty = file.text.trim().is_empty();
        file.text = text;
        let over = self.toast.as_ref().is_some_and(|toast| match toast.since.as_slice() {
            // It is about the files as they were before.
            [] => whole || was_empty,
            _ => toast.is_over(key, self.workspace.get(key).map_or("", |file| &file.text)),
        });
        if over {
            self.toast = None;
        }
        if whole && !self.bring_back(key) {
            self.begin_own(key);
        }
        let example = self.workspace.example;
        self.forget_example();
        let draws = whole
            || over
            || was_empty
            || example != self.workspace.example
            || self.preview.is_some()
            || self.live.is_shown();
        self.check();
        shown::busy(true);
        draws
    }

    pub(super) fn editor(&self, key: Key) -> Option<&Rc<Editor>> {
        self.editors.iter().find(|(other, _)| *other == key).map(|(_, editor)| editor)
    }

    /// A text that was changed is not an example any more.
    fn forget_example(&mut self) {
        let files = self.workspace.texts().files;
        self.workspace.example = self
            .workspace
            .example
            .filter(|place| Workspace::of_example(*place).texts().files == files);
    }

    /// Notes what is on the page.
    pub(super) fn keep(&self) {
        let Workspace { litellm, redis_py, folder, deployment, .. } = &self.workspace;
        let all: Vec<_> = self.workspace.in_order().collect();
        let configs = all.iter().enumerate().filter(|(_, file)| file.is_config).map(|(at, _)| at);
        let own = self.workspace.example != Some(0) || !litellm.is_empty() || !redis_py.is_empty();
        let kept = bridge::Kept {
            names: all.iter().map(|file| file.name.clone()).collect(),
            texts: all.iter().map(|file| file.text.clone()).collect(),
            litellm: litellm.clone(),
            redis_py: redis_py.clone(),
            folder: *folder,
            deployment: deployment.clone(),
            configs: configs.collect(),
        };
        bridge::keep(all.iter().map(|file| file.key).collect(), &kept, own);
    }

    /// Tests the connections.
    fn test(&mut self, context: &Context<Self>) {
        self.turn(None);
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
