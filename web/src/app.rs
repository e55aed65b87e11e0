//! The page: what it holds, what happens to it, how it is laid out.

use std::rc::Rc;

use redproof_core::source::{SourceId, Span};
use yew::prelude::*;

use crate::bridge::{self, Editor};
use crate::checked::{Checked, ENVIRONMENT, Inputs, environment_name};
use crate::companion;
use crate::examples::EXAMPLES;
use crate::live::Live;
use crate::pane::Pane;
use crate::upgrade::{self, Upgrade};
use crate::{connections, header, problems, verdict};

/// What happens.
pub(crate) enum Msg {
    /// An editor's text is now this.
    Text(SourceId, String),
    /// An editor stands ready.
    Ready(SourceId, Rc<Editor>),
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
    /// Another part of the page is to be shown, where there is room for one only.
    Show(Part),
    /// Whether there is a companion.
    Companion(bool),
    /// The connections are to be tested.
    Test,
    /// A live test has news.
    Live(u32, companion::News),
    /// Something happened to the upgrade view.
    Upgrade(upgrade::Change),
}

/// The parts of the page; a narrow one shows one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Config,
    Environment,
    Result,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Environment => "environment",
            Self::Result => "result",
        }
    }
}

pub(crate) struct App {
    inputs: Inputs,
    checked: Checked,
    config: Option<Rc<Editor>>,
    environment: Option<Rc<Editor>>,
    shown: Part,
    example: Option<usize>,
    companion: bool,
    live: Live,
    upgrade: Upgrade,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let (config, environment) = (bridge::kept_text("config"), bridge::kept_text("environment"));
        let example = (config.is_none() && environment.is_none()).then_some(0);
        let inputs = Inputs {
            config: config.unwrap_or_else(|| EXAMPLES[0].config.to_owned()),
            environment: environment.unwrap_or_else(|| EXAMPLES[0].environment.to_owned()),
            ..Inputs::default()
        };
        context.link().send_future(async { Msg::Companion(companion::is_there().await) });
        Self {
            checked: Checked::new(&inputs, now()),
            inputs,
            config: None,
            environment: None,
            shown: Part::Config,
            example,
            companion: false,
            live: Live::Idle,
            upgrade: Upgrade::default(),
        }
    }

    fn update(&mut self, context: &Context<Self>, message: Msg) -> bool {
        match message {
            Msg::Text(source, text) => {
                let held = if source == SourceId::CONFIG {
                    &mut self.inputs.config
                } else {
                    &mut self.inputs.environment
                };
                if *held == text {
                    // What was known still holds, but the editor lost its marks.
                    self.show();
                    return false;
                }
                *held = text;
                self.forget_example();
                self.check();
            }
            Msg::Ready(source, editor) => {
                self.checked.show(source, &editor);
                if source == SourceId::CONFIG {
                    self.config = Some(editor);
                } else {
                    self.environment = Some(editor);
                }
                return false;
            }
            Msg::Litellm(release) => {
                self.inputs.litellm = release;
                self.check();
            }
            Msg::RedisPy(release) => {
                self.inputs.redis_py = release;
                self.check();
            }
            Msg::Example(place) => {
                self.load(place);
            }
            Msg::Fix(id) => {
                let editors = [(SourceId::CONFIG, &self.config), (ENVIRONMENT, &self.environment)];
                for (source, editor) in editors {
                    if let Some(editor) = editor {
                        self.checked.fix(id, source, editor);
                    }
                }
                return false;
            }
            Msg::Follow(span) => {
                let config = span.source == SourceId::CONFIG;
                self.shown = if config { Part::Config } else { Part::Environment };
                let editor = if config { &self.config } else { &self.environment };
                if let (Some(editor), Some((from, to))) = (editor, self.checked.utf16(span)) {
                    editor.select(from, to);
                }
            }
            Msg::Show(part) => self.shown = part,
            Msg::Companion(there) => self.companion = there,
            Msg::Test => {
                self.shown = Part::Result;
                if !self.companion {
                    self.live = Live::NoCompanion;
                    return true;
                }
                let run = self.live.begin();
                let link = context.link().clone();
                let request = companion::Request {
                    config: self.inputs.config.clone(),
                    environment: self.inputs.environment.clone(),
                    litellm: self.checked.report.pair.litellm.to_string(),
                    redis_py: self.checked.report.pair.redis_py.to_string(),
                };
                wasm_bindgen_futures::spawn_local(async move {
                    let tell = move |news| link.send_message(Msg::Live(run, news));
                    companion::probe(&request, tell).await;
                });
            }
            Msg::Live(run, news) => return self.live.take(run, news),
            Msg::Upgrade(change) => self.upgrade.take(change),
        }
        self.upgrade.refresh(&self.inputs, context.link());
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let link = context.link();
        let on_fix = link.callback(Msg::Fix);
        let on_follow = link.callback(Msg::Follow);
        html! {
            <div class={classes!("page", format!("shows-{}", self.shown.name()))}>
                { header::view(&header::Header {
                    pair: self.checked.report.pair,
                    litellm: &self.inputs.litellm,
                    redis_py: &self.inputs.redis_py,
                    example: self.example,
                    testing: self.live.is_running(),
                    link,
                }) }
                { self.tabs(context) }
                <main class="work">
                    <div class="texts">
                        <Pane
                            name="config"
                            title="config.yaml"
                            language="yaml"
                            hint="Paste LiteLLM's config.yaml, or a manifest that holds it."
                            text={Rc::from(self.inputs.config.as_str())}
                            on_change={link.callback(|text| Msg::Text(SourceId::CONFIG, text))}
                            on_fix={on_fix.clone()}
                            on_ready={link.callback(|editor| Msg::Ready(SourceId::CONFIG, editor))}
                        />
                        <Pane
                            name="environment"
                            title={environment_name(&self.inputs.environment)}
                            language="environment"
                            hint="NAME=value lines, a Deployment or a compose file: what LiteLLM's environment holds."
                            text={Rc::from(self.inputs.environment.as_str())}
                            on_change={link.callback(|text| Msg::Text(ENVIRONMENT, text))}
                            on_fix={on_fix.clone()}
                            on_ready={link.callback(|editor| Msg::Ready(ENVIRONMENT, editor))}
                        />
                    </div>
                    <section class="pane result" aria-label="What LiteLLM does">
                        { verdict::view(&self.checked) }
                        { self.live.view() }
                        { problems::view(&self.checked, &on_follow, &on_fix) }
                        { connections::view(&self.checked, &on_follow) }
                        { self.upgrade.view(link) }
                        <footer>
                            <p>{ "Your text stays in this page: nothing is sent anywhere." }</p>
                            <p class="keys">
                                <kbd>{ "F8" }</kbd>{ " next problem " }
                                <kbd>{ "Ctrl ." }</kbd>{ " fix " }
                                <kbd>{ "Esc Tab" }</kbd>{ " leave the editor" }
                            </p>
                        </footer>
                    </section>
                </main>
            </div>
        }
    }
}

impl App {
    /// Checks the texts, and shows in the editors what was found.
    fn check(&mut self) {
        self.checked = Checked::new(&self.inputs, now());
        self.show();
    }

    /// Shows in the editors what was found.
    fn show(&self) {
        for (source, editor) in [(SourceId::CONFIG, &self.config), (ENVIRONMENT, &self.environment)]
        {
            if let Some(editor) = editor {
                self.checked.show(source, editor);
            }
        }
    }

    /// Puts an example into the editors.
    fn load(&mut self, place: usize) {
        let Some(example) = EXAMPLES.get(place) else { return };
        if let Some(editor) = &self.config {
            editor.set_text(example.config);
        }
        if let Some(editor) = &self.environment {
            editor.set_text(example.environment);
        }
        example.config.clone_into(&mut self.inputs.config);
        example.environment.clone_into(&mut self.inputs.environment);
        self.example = Some(place);
        self.live = Live::Idle;
        self.check();
    }

    /// A text that was changed is no example any more.
    fn forget_example(&mut self) {
        self.example = self.example.filter(|place| {
            let example = &EXAMPLES[*place];
            example.config == self.inputs.config && example.environment == self.inputs.environment
        });
    }

    /// What chooses the part to be shown, on a narrow page.
    fn tabs(&self, context: &Context<Self>) -> Html {
        let problems = self.checked.report.diagnostics.len();
        let tab = |part: Part, label: Html| {
            let chosen = self.shown == part;
            html! {
                <button
                    type="button"
                    class={classes!(chosen.then_some("chosen"))}
                    aria-pressed={if chosen { "true" } else { "false" }}
                    onclick={context.link().callback(move |_| Msg::Show(part))}
                >{ label }</button>
            }
        };
        html! {
            <nav class="tabs" aria-label="Parts of the page">
                { tab(Part::Config, html! { "config.yaml" }) }
                { tab(Part::Environment, html! { environment_name(&self.inputs.environment) }) }
                { tab(Part::Result, html! {
                    <>{ "Result" }<span class="count">{ problems }</span></>
                }) }
            </nav>
        }
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds
}
