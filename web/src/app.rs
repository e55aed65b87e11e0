//! The page: what it holds, what happens to it, how it is laid out.

use std::rc::Rc;

use redproof_core::source::{SourceId, Span};
use yew::prelude::*;

use crate::bridge::{self, Editor};
use crate::checked::{Checked, ENVIRONMENT, Inputs, environment_name};
use crate::companion::{self, Companion};
use crate::examples::EXAMPLES;
use crate::live::Live;
use crate::pane::Pane;
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
    /// The companion answered, or there is none.
    Companion(Option<Companion>),
    /// The connections are to be tested.
    Test,
    /// A live test has news.
    Live(u32, companion::News),
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
    companion: Option<Companion>,
    live: Live,
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
        context.link().send_future(async { Msg::Companion(companion::find().await) });
        Self {
            checked: Checked::new(&inputs, now()),
            inputs,
            config: None,
            environment: None,
            shown: Part::Config,
            example,
            companion: None,
            live: Live::Idle,
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
            Msg::Companion(companion) => {
                self.companion = companion;
                // Nothing typed yet: open with what can be tested here.
                if self.example == Some(0) && self.own_example().is_some() {
                    self.load(EXAMPLES.len());
                }
            }
            Msg::Test => {
                self.shown = Part::Result;
                if self.companion.is_none() {
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
        }
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
                    own_example: self.own_example().is_some(),
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

    /// An example's config and environment, by its place in the list; the last is the
    /// companion's own.
    fn example(&self, place: usize) -> Option<(&str, &str)> {
        match EXAMPLES.get(place) {
            Some(example) => Some((example.config, example.environment)),
            None => self.own_example(),
        }
    }

    /// The companion's example: a configuration for the servers at hand.
    fn own_example(&self) -> Option<(&str, &str)> {
        let (config, environment) = self.companion.as_ref()?.example.as_ref()?;
        Some((config, environment))
    }

    /// Puts an example into the editors.
    fn load(&mut self, place: usize) {
        let Some((config, environment)) = self.example(place) else { return };
        let (config, environment) = (config.to_owned(), environment.to_owned());
        if let Some(editor) = &self.config {
            editor.set_text(&config);
        }
        if let Some(editor) = &self.environment {
            editor.set_text(&environment);
        }
        self.inputs.config = config;
        self.inputs.environment = environment;
        self.example = Some(place);
        self.live = Live::Idle;
        self.check();
    }

    /// A text that was changed is no example any more.
    fn forget_example(&mut self) {
        let held = (self.inputs.config.as_str(), self.inputs.environment.as_str());
        let still = self.example.and_then(|place| self.example(place)) == Some(held);
        if !still {
            self.example = None;
        }
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
