//! The files on the page: the config in the upper pane, those that set the environment in the lower.

use redproof_core::NamedText;
use redproof_core::environment::Format;
use redproof_core::source::SourceId;
use redproof_desk::{Desk, Texts};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;
use crate::pane::Pane;

/// The file that sets the environment, which is always there.
pub(crate) const ENVIRONMENT: SourceId = SourceId(1);

/// The parts of the page; a narrow one shows one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    File(SourceId),
    Result,
}

impl Part {
    /// Its name to the style sheet.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File(SourceId::CONFIG) => "config",
            Self::File(_) => "environment",
            Self::Result => "result",
        }
    }
}

/// What the page opens with, from a link, a draft or before a failure.
pub(crate) fn kept() -> Option<Texts> {
    let files = bridge::kept_names().into_iter().zip(bridge::kept_texts());
    let files: Vec<_> = files.map(|(name, text)| NamedText { name, text }).collect();
    let mut releases = bridge::kept_releases().into_iter();
    let (litellm, redis_py) = (releases.next()?, releases.next()?);
    (files.len() > usize::from(ENVIRONMENT.0)).then_some(Texts { files, litellm, redis_py })
}

/// Whether a file says which releases run: the workbench reads those.
pub(crate) fn is_of_releases(name: &str, text: &str) -> bool {
    Format::detect(name, text) == Format::Pins
}

/// Where a file belongs that was dropped: the number of the one that it is a new text of, or the next.
pub(crate) fn place_of(files: &[NamedText], name: &str, text: &str) -> SourceId {
    let number = |at: usize| SourceId(u16::try_from(at).unwrap_or(u16::MAX));
    if let Some(same) = files.iter().position(|file| file.name == name) {
        return number(same);
    }
    let sections = ["model_list:", "litellm_settings:", "router_settings:", "general_settings:"];
    let is_config =
        text.lines().any(|line| sections.iter().any(|one| line.trim_start().starts_with(one)));
    if is_config && Format::detect(name, text) != Format::Dotenv {
        return SourceId::CONFIG;
    }
    let empty = files.get(usize::from(ENVIRONMENT.0)).is_some_and(|one| one.text.trim().is_empty());
    if empty && Format::detect(name, text) == Format::Dotenv {
        return ENVIRONMENT;
    }
    number(files.len())
}

/// The panes with their editors.
pub(crate) fn view(files: &[NamedText], lower: SourceId, notice: &str, link: &Scope<App>) -> Html {
    let editors = (0..).map(SourceId).zip(files).map(|(source, file)| {
        let config = source == SourceId::CONFIG;
        let hint = if config {
            "Paste LiteLLM's config.yaml, or a manifest that holds it."
        } else {
            "NAME=value lines, a Deployment or a compose file"
        };
        // A file that takes another's number gets an editor of its own.
        let key = if source > ENVIRONMENT {
            format!("{} {}", source.0, file.name)
        } else {
            source.0.to_string()
        };
        html! {
            <Pane
                {key}
                source={source.0}
                shown={config || source == lower}
                title={file.name.clone()}
                language={if config { "yaml" } else { "environment" }}
                {hint}
                text={std::rc::Rc::from(file.text.as_str())}
                on_change={link.callback(move |text| Msg::Text(source, text))}
                on_fix={link.callback(Msg::Fix)}
                on_point={link.callback(move |line| Msg::Point(source, line))}
                on_ready={link.callback(move |editor| Msg::Ready(source, editor))}
            />
        }
    });
    let mut editors: Vec<Html> = editors.collect();
    let rest = editors.split_off(editors.len().min(1));
    html! {
        <div class="texts">
            <section class="pane config" aria-label="config.yaml">
                <div class="files">
                    <h2>{ "config.yaml" }</h2>
                    <button type="button" class="quiet" onclick={|_| bridge::open_files()}>
                        { "Open files…" }
                    </button>
                </div>
                { for editors }
                <p class="notice" role="status">{ notice }</p>
            </section>
            <section class="pane environment" aria-label="Environment">
                <div class="files">{ tabs(files, lower, link) }</div>
                { for rest }
            </section>
        </div>
    }
}

/// The files of the lower pane: a heading while there is one.
fn tabs(files: &[NamedText], lower: SourceId, link: &Scope<App>) -> Html {
    let all = (0..).map(SourceId).zip(files).skip(1);
    if files.len() <= 2 {
        return all.map(|(_, file)| html! { <h2>{ &file.name }</h2> }).collect();
    }
    all.map(|(source, file)| {
        let close = (source > ENVIRONMENT).then(|| {
            let label = format!("Close {}", file.name);
            let onclick = link.callback(move |_| Msg::Close(source));
            html! { <button type="button" class="close" aria-label={label} {onclick}>{ "×" }</button> }
        });
        let chosen = (source == lower).then_some("chosen");
        let tab = tab(source == lower, html! { &file.name }, link, Part::File(source));
        html! { <span class={classes!("file", chosen)}>{ tab }{ for close }</span> }
    })
    .collect()
}

/// What chooses the part to be shown, on a narrow page.
pub(crate) fn parts(desk: &Desk, part: Part, link: &Scope<App>) -> Html {
    let files = (0..).map(SourceId).zip(&desk.texts.files);
    let problems = desk.report.diagnostics.len();
    html! {
        <nav class="tabs" aria-label="Parts of the page">
            { for files.map(|(source, file)| {
                let of_it = Part::File(source);
                tab(part == of_it, html! { &file.name }, link, of_it)
            }) }
            { tab(part == Part::Result, html! {
                <>{ "Result" }<span class="count">{ problems }</span></>
            }, link, Part::Result) }
        </nav>
    }
}

fn tab(chosen: bool, label: Html, link: &Scope<App>, part: Part) -> Html {
    html! {
        <button
            type="button"
            class={classes!(chosen.then_some("chosen"))}
            aria-pressed={if chosen { "true" } else { "false" }}
            onclick={link.callback(move |_| Msg::Show(part))}
        >{ label }</button>
    }
}
