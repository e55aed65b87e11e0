//! The files on the page: the config that is checked in the upper pane, the others in the lower.

use redproof_messages::{Checked, FileRole, Runs};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::bridge;
use crate::header::chosen;
use crate::pane::Pane;
use crate::workspace::{CONFIG, ENVIRONMENT, Key, OpenFile, Workspace};

/// The parts of the page; a narrow one shows one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    File(Key),
    Result,
}

/// So many files that are not used are listed.
const MOST_LISTED: usize = 200;

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
    /// Whether long lines wrap.
    pub wraps: bool,
    /// Whether the environment's pane is folded away.
    pub folded: bool,
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
            <div class={classes!("texts", self.folded.then_some("folded"))}>
                <section
                    class="pane config"
                    aria-label={upper.clone().next().map(|file| file.name.clone())}
                >
                    <div class="files">
                        { for upper.clone().map(|file| html! {
                            <><h2>{ named(&file.name) }</h2>{ self.role(file) }</>
                        }) }
                        { self.runs() }
                        <button type="button" class="quiet" onclick={|_| bridge::open_files()}>
                            { "Add files…" }
                        </button>
                        <button type="button" class="quiet" onclick={new}>{ "New" }</button>
                        <button
                            type="button"
                            class="quiet wrap-it"
                            aria-pressed={if self.wraps { "true" } else { "false" }}
                            onclick={link.callback(|_: MouseEvent| Msg::Wrap)}
                        >{ "Wrap" }</button>
                    </div>
                    { for upper.map(|file| self.editor(file)) }
                    <p class="notice" role="status">{ self.notice }</p>
                </section>
                { splitter("rows", "Height of the config", "70") }
                <section class="pane environment" aria-label="Environment">
                    <div class="files">
                        { self.tabs() }
                        <button
                            type="button"
                            class="quiet fold-it"
                            aria-expanded={if self.folded { "false" } else { "true" }}
                            aria-label={if self.folded { "Expand the environment" } else { "Collapse the environment" }}
                            title={if self.folded { "Show" } else { "Fold away" }}
                            onclick={link.callback(|_: MouseEvent| Msg::Fold)}
                        >{ if self.folded { "▴" } else { "▾" } }</button>
                    </div>
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

    /// Of a folder's files, the ways in which its configs run.
    fn runs(&self) -> Html {
        let runs = self.checked.map_or(&[][..], |checked| &checked.runs);
        if runs.len() < 2 || !self.workspace.folder {
            return html! {};
        }
        let choose = self.link.batch_callback(|event: Event| {
            chosen(&event).and_then(|value| value.parse().ok().map(Msg::Run))
        });
        let words = |one: &Runs| {
            let key = self.workspace.key(one.config);
            let config = key.and_then(|key| self.workspace.get(key)).map_or("", |file| &file.name);
            if one.name.is_empty() {
                config.to_owned()
            } else {
                format!("{config} · {}", one.name)
            }
        };
        html! {
            <label class="choice deployment">
                <span>{ format!("1 of {} deployments", runs.len()) }</span>
                <select onchange={choose}>
                    { for runs.iter().enumerate().map(|(at, one)| html! {
                        <option value={at.to_string()} selected={one.chosen} title={one.link.clone()}>
                            { words(one) }
                        </option>
                    }) }
                </select>
            </label>
        }
    }

    /// Whether the check reads a file, as far as that is known.
    fn is_used(&self, file: &OpenFile) -> bool {
        !self.workspace.folder || self.of(file).is_none_or(|of| of.used)
    }

    /// Whether a file has a tab of its own even while another one shows.
    fn is_shown(&self, file: &OpenFile) -> bool {
        file.key == ENVIRONMENT && file.text.trim().is_empty() || self.is_used(file)
    }

    fn name<'a>(&'a self, file: &'a OpenFile) -> &'a str {
        self.of(file).map_or(&file.name, |of| &of.name)
    }

    /// The files of the lower pane: a heading while there is one.
    fn tabs(&self) -> Html {
        let Self { workspace, link, .. } = self;
        let all = workspace.files.iter().filter(|file| file.key != workspace.config);
        let all: Vec<&OpenFile> =
            all.filter(|file| file.key == self.lower || self.is_shown(file)).collect();
        let all = all.into_iter();
        if workspace.files.len() <= 2 {
            return all
                .map(|file| html! { <><h2>{ named(self.name(file)) }</h2>{ self.role(file) }</> })
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
            let check = (file.is_config && !workspace.folder).then(|| {
                let onclick = link.callback(move |_| Msg::CheckConfig(key));
                html! { <button type="button" class="check-it" {onclick}>{ "Check this one" }</button> }
            });
            let tab = tab(chosen, named(self.name(file)), link, Part::File(key));
            html! {
                <span class={classes!("file", chosen.then_some("chosen"))}>
                    { tab }{ self.role(file) }{ for check }{ for close }
                </span>
            }
        })
        .collect()
    }

    /// The files that say nothing of what is checked, and why.
    fn unused(&self) -> Html {
        let Self { workspace, link, .. } = self;
        let others = workspace.files.iter().filter(|file| {
            file.key != workspace.config && !self.is_used(file) && !file.text.trim().is_empty()
        });
        let others: Vec<&OpenFile> = others.collect();
        let count = others.len() + workspace.unused.len();
        if count == 0 {
            return html! {};
        }
        let one = |file: &&OpenFile| {
            let key = file.key;
            let why =
                self.of(file).map_or("", |of| if of.why.is_empty() { &of.role } else { &of.why });
            html! {
                <li>
                    <button
                        type="button"
                        class="place"
                        onclick={link.callback(move |_: MouseEvent| Msg::Show(Part::File(key)))}
                    >{ &file.name }</button>
                    { " " }{ why }
                </li>
            }
        };
        let more = others.len().saturating_sub(MOST_LISTED);
        html! {
            <details class="unused">
                <summary>{ format!("{} not used", counted(count, "file")) }</summary>
                <ul>
                    { for others.iter().take(MOST_LISTED).map(one) }
                    if more > 0 { <li>{ format!("and {more} more") }</li> }
                </ul>
                if !workspace.unused.is_empty() {
                    <p>{ "They name neither LiteLLM nor Redis: " }{ workspace.unused.join(", ") }</p>
                }
                if !others.is_empty() {
                    <button
                        type="button"
                        class="quiet"
                        onclick={link.callback(|_: MouseEvent| Msg::Folder(false))}
                    >{ "Use every file for the environment" }</button>
                }
            </details>
        }
    }
}

/// What is dragged between two panes; `web/editor/looks.ts` moves it.
pub(crate) fn splitter(class: &'static str, label: &'static str, usual: &'static str) -> Html {
    let orientation = if class == "rows" { "horizontal" } else { "vertical" };
    html! {
        <div
            class={classes!("splitter", class)}
            role="separator"
            tabindex="0"
            aria-label={label}
            aria-orientation={orientation}
            aria-valuemin="15"
            aria-valuemax="85"
            aria-valuenow={usual}
        />
    }
}

/// A file's name: where there is no room for all of it, its folders go first.
fn named(name: &str) -> Html {
    let (folders, own) = name.split_at(name.rfind('/').map_or(0, |at| at + 1));
    html! {
        <span class="name" title={name.to_owned()}>
            if !folders.is_empty() { <span class="folders">{ folders }</span> }
            <span>{ own }</span>
        </span>
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
    let is_used = |file: &&OpenFile| {
        let number = workspace.number(file.key).map(usize::from);
        let role = number.and_then(|at| checked?.files.get(at));
        // What else sets the environment, and what is not used, is found with the one of its own.
        !workspace.folder
            || file.key == ENVIRONMENT
            || part == Part::File(file.key)
            || role.is_none_or(|role| role.used)
    };
    let shown = workspace.files.iter().filter(is_used);
    let glance = checked.filter(|checked| part != Part::Result && !checked.blank);
    html! {
        <>
        <nav id="parts" class="tabs" aria-label="Parts of the page" tabindex="-1">
            { for shown.map(|file| {
                let of_it = Part::File(file.key);
                tab(part == of_it, named(&file.name), link, of_it)
            }) }
            { tab(part == Part::Result, html! {
                <>{ "Result" }<span class="count">{ problems }</span></>
            }, link, Part::Result) }
        </nav>
        { for glance.map(|checked| html! {
            <button
                type="button"
                class={classes!("glance", checked.verdict.tone.name())}
                onclick={link.callback(|_: MouseEvent| Msg::Show(Part::Result))}
            >{ &checked.verdict.headline }</button>
        }) }
        </>
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
