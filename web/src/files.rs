//! The files on the page: the config that is checked in the upper pane, the others in the lower.

use redproof_messages::{Checked, FileRole};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;
use crate::pane::Pane;
use crate::workspace::{CONFIG, ENVIRONMENT, Key, OpenFile, Workspace};

/// The parts of the page; a narrow one shows one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    File(Key),
    Result,
}

/// What the panes show.
pub(crate) struct Files<'a> {
    pub workspace: &'a Workspace,
    pub checked: Option<&'a Checked>,
    /// The file that the lower pane shows.
    pub lower: Key,
    /// Files whose editors were shown: they keep their history.
    pub opened: &'a [Key],
    /// What became of files that were given.
    pub notice: &'a str,
    pub link: &'a Scope<App>,
}

impl Files<'_> {
    /// The panes with their editors.
    pub(crate) fn view(&self) -> Html {
        let Self { workspace, link, .. } = self;
        let upper = workspace.files.iter().filter(|file| file.key == workspace.config);
        let lower = workspace.files.iter().filter(|file| file.key != workspace.config);
        let new = link.callback(|_: MouseEvent| Msg::New);
        html! {
            <div class="texts">
                <section class="pane config" aria-label="config.yaml">
                    <div class="files">
                        { for upper.clone().map(|file| html! {
                            <><h2>{ &file.name }</h2>{ self.role(file) }</>
                        }) }
                        <button type="button" class="quiet" onclick={|_| bridge::open_files()}>
                            { "Add files…" }
                        </button>
                        <button type="button" class="quiet" onclick={new}>{ "New" }</button>
                    </div>
                    { for upper.map(|file| self.editor(file)) }
                    <p class="notice" role="status">{ self.notice }</p>
                </section>
                <section class="pane environment" aria-label="Environment">
                    <div class="files">{ self.tabs() }</div>
                    { for lower.map(|file| self.editor(file)) }
                    { self.unused() }
                </section>
            </div>
        }
    }

    fn editor(&self, file: &OpenFile) -> Html {
        let Self { workspace, lower, opened, link, .. } = self;
        let key = file.key;
        let shown = key == workspace.config || key == *lower;
        if !shown && !opened.contains(&key) {
            return html! {};
        }
        let hint = if file.is_config {
            "Paste LiteLLM's config.yaml, or a manifest that holds it."
        } else {
            "NAME=value lines, a Deployment or a compose file"
        };
        html! {
            <Pane
                key={key}
                file={key}
                {shown}
                title={file.name.clone()}
                language={if file.is_config { "yaml" } else { "environment" }}
                {hint}
                text={std::rc::Rc::from(file.text.as_str())}
                on_change={link.callback(move |(text, whole)| Msg::Text(key, text, whole))}
                on_fix={link.callback(Msg::Fix)}
                on_point={link.callback(move |line| Msg::Point(key, line))}
                on_ready={link.callback(move |editor| Msg::Ready(key, editor))}
            />
        }
    }

    /// What the engine says of a file.
    fn of(&self, file: &OpenFile) -> Option<&FileRole> {
        let number = self.workspace.number(file.key)?;
        self.checked?.files.get(usize::from(number))
    }

    fn role(&self, file: &OpenFile) -> Html {
        let other = file.is_config && file.key != self.workspace.config;
        let role = match self.of(file) {
            _ if other => "another config",
            Some(of) if !of.role.is_empty() => &of.role,
            _ => return html! {},
        };
        let why = self.of(file).map(|of| of.why.clone()).filter(|why| !why.is_empty());
        html! { <span class={classes!("role", role.replace(' ', "-"))} title={why}>{ role }</span> }
    }

    fn name<'a>(&'a self, file: &'a OpenFile) -> &'a str {
        self.of(file).map_or(&file.name, |of| &of.name)
    }

    /// The files of the lower pane: a heading while there is one.
    fn tabs(&self) -> Html {
        let Self { workspace, link, .. } = self;
        let all = workspace.files.iter().filter(|file| file.key != workspace.config);
        if workspace.files.len() <= 2 {
            return all
                .map(|file| html! { <><h2>{ self.name(file) }</h2>{ self.role(file) }</> })
                .collect();
        }
        all.map(|file| {
            let key = file.key;
            let chosen = key == self.lower;
            let close = (key != ENVIRONMENT && key != CONFIG).then(|| {
                let label = format!("Close {}", file.name);
                let onclick = link.callback(move |_| Msg::Close(key));
                html! { <button type="button" class="close" aria-label={label} {onclick}>{ "×" }</button> }
            });
            let check = file.is_config.then(|| {
                let onclick = link.callback(move |_| Msg::CheckConfig(key));
                html! { <button type="button" class="check-it" {onclick}>{ "Check this one" }</button> }
            });
            let tab = tab(chosen, html! { self.name(file) }, link, Part::File(key));
            html! {
                <span class={classes!("file", chosen.then_some("chosen"))}>
                    { tab }{ self.role(file) }{ for check }{ for close }
                </span>
            }
        })
        .collect()
    }

    /// The files that were given and that nothing of LiteLLM is in.
    fn unused(&self) -> Html {
        let unused = &self.workspace.unused;
        if unused.is_empty() {
            return html! {};
        }
        html! {
            <details class="unused">
                <summary>{ format!("{} not used", counted(unused.len(), "file")) }</summary>
                <p>{ "They name neither LiteLLM nor Redis: " }{ unused.join(", ") }</p>
            </details>
        }
    }
}

/// `1 file`, `2 files`
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What chooses the part to be shown, on a narrow page.
pub(crate) fn parts(
    workspace: &Workspace,
    checked: Option<&Checked>,
    part: Part,
    link: &Scope<App>,
) -> Html {
    let problems = checked.map_or(0, |checked| checked.findings.len());
    html! {
        <nav class="tabs" aria-label="Parts of the page">
            { for workspace.files.iter().map(|file| {
                let of_it = Part::File(file.key);
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
