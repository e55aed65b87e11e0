//! One field: its label, its input, and what is said of it.

use std::rc::Rc;

use redproof_messages::{Field, FieldKind, Given, Said, Tone};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::form::Written;
use super::servers::Servers;
use crate::host::Host;
use crate::prose::prose;

/// Writes an answer to a field, and tells what it comes to.
pub(super) type Write = Callback<(String, Given, Callback<Written>)>;

#[derive(Properties)]
pub(super) struct FieldProps {
    pub host: Host,
    pub field: Rc<Field>,
    /// Whether the texts can be written.
    pub readable: bool,
    pub write: Write,
}

impl PartialEq for FieldProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.field, &other.field) && self.readable == other.readable
    }
}

/// What was answered, but is not in the texts.
#[derive(Clone, Debug, Default, PartialEq)]
struct Held {
    text: Option<String>,
    error: Option<String>,
}

#[component]
pub(super) fn FieldRow(props: &FieldProps) -> Html {
    let FieldProps { host, field, readable, write } = props;
    let held = use_state_eq(Held::default);
    // What the texts say now counts.
    use_effect_with(field.answer.clone(), {
        let held = held.clone();
        move |_| held.set(Held::default())
    });
    let commit = {
        let (held, write, id) = (held.setter(), write.clone(), field.id.clone());
        Callback::from(move |answer: Given| {
            let text = match &answer {
                Given::Text(text) => Some(text.clone()),
                _ => None,
            };
            let held = held.clone();
            let written = Callback::from(move |written: Written| {
                held.set(match written {
                    // The text shows it soon.
                    Ok(edits) if !edits.is_empty() => Held { text: text.clone(), error: None },
                    Ok(_) => Held::default(),
                    Err(error) => Held { text: text.clone(), error: Some(error) },
                });
            });
            write.emit((id.clone(), answer, written));
        })
    };
    let enabled = *readable && (field.refused.is_none() || is_there(&field.answer));
    let id = format!("guide-{}", field.id);
    let help = format!("{id}-help");
    let said = said(field, held.error.as_deref());
    let wrong = held.error.is_some() || said.iter().any(|one| one.severity == Tone::Error);
    let row = Row { id: &id, help: &help, wrong, enabled, field, commit: &commit };
    // While the field has the keyboard, the lines that hold it are lit.
    let focused = use_mut_ref(|| false);
    use_effect_with(field.lines.clone(), {
        let (host, focused) = (host.clone(), Rc::clone(&focused));
        move |lines| {
            if *focused.borrow() {
                host.point(lines.clone());
            }
        }
    });
    let point = |has: bool| {
        let (host, focused) = (host.clone(), Rc::clone(&focused));
        let lines = if has { field.lines.clone() } else { vec![] };
        move |_: FocusEvent| {
            *focused.borrow_mut() = has;
            host.point(lines.clone());
        }
    };
    let mut classes = classes!("field");
    classes.extend(wrong.then_some("wrong"));
    classes.extend((!enabled).then_some("off"));
    html! {
        <div class={classes} data-field={field.id.clone()} onfocusin={point(true)} onfocusout={point(false)}>
            { row.question(held.text.as_deref()) }
            <div id={help} class="about">
                <p class="help">{ prose(&field.help) }</p>
                { for field.refused.iter().map(|why| html! {
                    <p class="refused">{ "Not on this release. " }{ prose(why) }</p>
                }) }
            </div>
            <div class="said" aria-live="polite">
                { for said.iter().map(|one| remark(one, host)) }
            </div>
        </div>
    }
}

/// Whether the texts hold an answer.
fn is_there(answer: &Given) -> bool {
    !matches!(answer, Given::Nothing | Given::Flag(false))
}

fn remark(said: &Said, host: &Host) -> Html {
    let severity = said.severity.name();
    html! {
        <p class={classes!("remark", severity)}>
            <span class={classes!("severity", severity)}>{ severity }</span>
            { prose(&said.text) }
            { for said.at.iter().map(|at| html! {
                <>{ " " }{ host.place(Some(at), &at.name) }</>
            }) }
        </p>
    }
}

/// What is to be said of a field, the answer that was just given first.
fn said(field: &Field, error: Option<&str>) -> Vec<Said> {
    let error = error.map(|error| Said { severity: Tone::Error, text: error.to_owned(), at: None });
    // What is wrong with the answer is said of the one that was just given.
    let answered = error.is_some();
    let rest = field
        .said
        .iter()
        .filter(|one| !answered || one.severity != Tone::Error || one.at.is_some());
    error.into_iter().chain(rest.cloned()).collect()
}

/// An input with what it needs to know.
struct Row<'r> {
    id: &'r str,
    help: &'r str,
    wrong: bool,
    enabled: bool,
    field: &'r Rc<Field>,
    commit: &'r Callback<Given>,
}

impl Row<'_> {
    /// The label and the input.
    fn question(&self, typed: Option<&str>) -> Html {
        let field = self.field;
        match &field.kind {
            FieldKind::Flag => html! {
                <label class="switch">
                    { self.checkbox() }
                    <span class="label">{ &field.label }</span>
                </label>
            },
            FieldKind::Several(known) => html! {
                <fieldset disabled={!self.enabled} aria-describedby={self.help.to_owned()}>
                    <legend class="label">{ &field.label }</legend>
                    { self.several(known) }
                </fieldset>
            },
            FieldKind::Servers => html! {
                <fieldset disabled={!self.enabled} aria-describedby={self.help.to_owned()}>
                    <legend class="label">{ &field.label }{ needed(field.required) }</legend>
                    <Servers field={Rc::clone(self.field)} commit={self.commit.clone()} />
                </fieldset>
            },
            FieldKind::Choice(known) => html! {
                <>
                    { self.label() }
                    { self.select(known) }
                </>
            },
            _ => html! {
                <>
                    { self.label() }
                    { self.line(typed) }
                </>
            },
        }
    }

    fn label(&self) -> Html {
        let field = self.field;
        html! {
            <label class="label" for={self.id.to_owned()}>
                { &field.label }{ needed(field.required) }
            </label>
        }
    }

    fn line(&self, typed: Option<&str>) -> Html {
        let field = self.field;
        let written = match &self.field.answer {
            Given::Text(text) => text.as_str(),
            _ => "",
        };
        let value = typed.unwrap_or(written).to_owned();
        let mode = match field.kind {
            FieldKind::Whole => "numeric",
            FieldKind::Number => "decimal",
            _ => "text",
        };
        let commit = self.commit.clone();
        let onchange = move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                commit.emit(Given::Text(input.value()));
            }
        };
        html! {
            <input
                id={self.id.to_owned()}
                type="text"
                inputmode={mode}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                {value}
                placeholder={field.default.clone()}
                disabled={!self.enabled}
                required={field.required}
                aria-describedby={self.help.to_owned()}
                aria-invalid={self.wrong.then_some("true")}
                {onchange}
            />
        }
    }

    fn checkbox(&self) -> Html {
        let commit = self.commit.clone();
        let onchange = move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                commit.emit(Given::Flag(input.checked()));
            }
        };
        html! {
            <input
                id={self.id.to_owned()}
                type="checkbox"
                checked={self.field.answer == Given::Flag(true)}
                disabled={!self.enabled}
                aria-describedby={self.help.to_owned()}
                aria-invalid={self.wrong.then_some("true")}
                {onchange}
            />
        }
    }

    fn select(&self, known: &[String]) -> Html {
        let chosen = match &self.field.answer {
            Given::Text(text) => text.as_str(),
            _ => "",
        };
        let commit = self.commit.clone();
        let onchange = move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                commit.emit(Given::Text(select.value()));
            }
        };
        html! {
            <select
                id={self.id.to_owned()}
                disabled={!self.enabled}
                aria-describedby={self.help.to_owned()}
                {onchange}
            >
                <option value="" selected={chosen.is_empty()}>{ "not written" }</option>
                { for known.iter().map(|one| html! {
                    <option value={one.clone()} selected={chosen == one}>{ one }</option>
                }) }
            </select>
        }
    }

    fn several(&self, known: &[String]) -> Html {
        let chosen = match &self.field.answer {
            Given::Several(chosen) => chosen.clone(),
            _ => vec![],
        };
        let boxes = known.iter().map(|one| {
            let (chosen, commit) = (chosen.clone(), self.commit.clone());
            let checked = chosen.contains(one);
            let name = one.clone();
            let onchange = move |_: Event| {
                let mut chosen = chosen.clone();
                if checked {
                    chosen.retain(|other| *other != name);
                } else {
                    chosen.push(name.clone());
                }
                commit.emit(Given::Several(chosen));
            };
            html! {
                <label class="switch">
                    <input type="checkbox" {checked} {onchange} />
                    <code>{ one }</code>
                </label>
            }
        });
        html! { <div class="several">{ for boxes }</div> }
    }
}

fn needed(required: bool) -> Html {
    if required {
        html! { <span class="needed">{ "required" }</span> }
    } else {
        html! {}
    }
}
