//! One field: its label, its input, and what is said of it.

use std::rc::Rc;

use redproof_core::guide::{Answer, Kind, Reading};
use redproof_core::source::Span;
use redproof_desk::{Desk, prose};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::servers::Servers;
use crate::host;
use crate::view::place;

/// Writes an answer to a field; whether the texts change, or what is wrong with it.
pub(super) type Write = Callback<(&'static str, Answer), Result<bool, String>>;

#[derive(Properties)]
pub(super) struct FieldProps {
    pub desk: Rc<Desk>,
    pub reading: Rc<Reading>,
    /// Whether the texts can be written.
    pub readable: bool,
    pub write: Write,
}

impl PartialEq for FieldProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.desk, &other.desk) && self.readable == other.readable
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
    let FieldProps { desk, reading, readable, write } = props;
    let field = reading.field;
    let held = use_state_eq(Held::default);
    // What the texts say now counts.
    use_effect_with(reading.answer.clone(), {
        let held = held.clone();
        move |_| held.set(Held::default())
    });
    let commit = {
        let (held, write) = (held.clone(), write.clone());
        Callback::from(move |answer: Answer| {
            let text = match &answer {
                Answer::Text(text) => Some(text.clone()),
                _ => None,
            };
            held.set(match write.emit((field.id, answer)) {
                // The text shows it soon.
                Ok(true) => Held { text, error: None },
                Ok(false) => Held::default(),
                Err(error) => Held { text, error: Some(error) },
            });
        })
    };
    let enabled = *readable && (reading.refused.is_none() || is_there(&reading.answer));
    let id = format!("guide-{}", field.id);
    let help = format!("{id}-help");
    let said = said(desk, reading, held.error.as_deref());
    let wrong = held.error.is_some() || said.iter().any(|one| one.severity == "error");
    let row = Row { id: &id, help: &help, wrong, enabled, reading, commit: &commit };
    // While the field has the keyboard, the lines that hold it are lit.
    let focused = use_mut_ref(|| false);
    use_effect_with(reading.spans.clone(), {
        let (desk, focused) = (Rc::clone(desk), Rc::clone(&focused));
        move |spans| {
            if *focused.borrow() {
                host::point(&desk, spans);
            }
        }
    });
    let point = |has: bool| {
        let (desk, focused) = (Rc::clone(desk), Rc::clone(&focused));
        let spans = if has { reading.spans.clone() } else { vec![] };
        move |_: FocusEvent| {
            *focused.borrow_mut() = has;
            host::point(&desk, &spans);
        }
    };
    let mut classes = classes!("field");
    classes.extend(wrong.then_some("wrong"));
    classes.extend((!enabled).then_some("off"));
    html! {
        <div class={classes} data-field={field.id} onfocusin={point(true)} onfocusout={point(false)}>
            { row.question(held.text.as_deref()) }
            <div id={help} class="about">
                <p class="help">{ prose(field.help) }</p>
                { for reading.refused.iter().map(|why| html! {
                    <p class="refused">{ "Not on this release. " }{ prose(why) }</p>
                }) }
            </div>
            <div class="said" aria-live="polite">
                { for said.iter().map(Said::view) }
            </div>
        </div>
    }
}

/// Whether the texts hold an answer.
fn is_there(answer: &Answer) -> bool {
    !matches!(answer, Answer::Nothing | Answer::Flag(false))
}

/// One remark about a field.
struct Said {
    severity: &'static str,
    text: String,
    place: Option<(Span, String)>,
}

impl Said {
    fn view(&self) -> Html {
        html! {
            <p class={classes!("remark", self.severity)}>
                <span class={classes!("severity", self.severity)}>{ self.severity }</span>
                { prose(&self.text) }
                { for self.place.iter().map(|(span, words)| html! {
                    <>{ " " }{ place(Some(*span), words) }</>
                }) }
            </p>
        }
    }
}

/// What is to be said of a field, the answer that was just given first.
fn said(desk: &Desk, reading: &Reading, error: Option<&str>) -> Vec<Said> {
    let plain = |severity, text: &str| Said { severity, text: text.to_owned(), place: None };
    let mut said: Vec<Said> = error.map(|error| plain("error", error)).into_iter().collect();
    let field = reading.field;
    match &reading.answer {
        Answer::Other(words) => {
            let text = format!("The text has {words}. The form can only replace it.");
            said.push(plain("hint", &text));
        }
        answer => {
            let wrong = field.accepts(answer).err().filter(|_| error.is_none());
            said.extend(wrong.map(|wrong| plain("error", &wrong)));
        }
    }
    said.extend(reading.disagreement.as_deref().map(|text| plain("warning", text)));
    if reading.placeholder {
        let text = "The environment holds a placeholder: put the secret there.";
        said.push(plain("hint", text));
    }
    let findings = reading.findings.iter().filter_map(|at| desk.report.diagnostics.get(*at));
    said.extend(findings.map(|found| Said {
        severity: found.severity.name(),
        text: found.message.clone(),
        place: found.primary.span.and_then(|span| Some((span, desk.place(span)?))),
    }));
    said
}

/// An input with what it needs to know.
struct Row<'r> {
    id: &'r str,
    help: &'r str,
    wrong: bool,
    enabled: bool,
    reading: &'r Rc<Reading>,
    commit: &'r Callback<Answer>,
}

impl Row<'_> {
    /// The label and the input.
    fn question(&self, typed: Option<&str>) -> Html {
        let field = self.reading.field;
        match field.kind {
            Kind::Flag(_) => html! {
                <label class="switch">
                    { self.checkbox() }
                    <span class="label">{ field.label }</span>
                </label>
            },
            Kind::Several(known) => html! {
                <fieldset disabled={!self.enabled} aria-describedby={self.help.to_owned()}>
                    <legend class="label">{ field.label }</legend>
                    { self.several(known) }
                </fieldset>
            },
            Kind::Nodes | Kind::Pairs => html! {
                <fieldset disabled={!self.enabled} aria-describedby={self.help.to_owned()}>
                    <legend class="label">{ field.label }{ needed(field.required) }</legend>
                    <Servers reading={Rc::clone(self.reading)} commit={self.commit.clone()} />
                </fieldset>
            },
            Kind::Choice(known) => html! {
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
        let field = self.reading.field;
        html! {
            <label class="label" for={self.id.to_owned()}>
                { field.label }{ needed(field.required) }
            </label>
        }
    }

    fn line(&self, typed: Option<&str>) -> Html {
        let field = self.reading.field;
        let written = match &self.reading.answer {
            Answer::Text(text) => text.as_str(),
            _ => "",
        };
        let value = typed.unwrap_or(written).to_owned();
        let mode = match field.kind {
            Kind::Port | Kind::Count => "numeric",
            Kind::Seconds | Kind::Fraction => "decimal",
            _ => "text",
        };
        let commit = self.commit.clone();
        let onchange = move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                commit.emit(Answer::Text(input.value()));
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
                placeholder={field.default}
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
                commit.emit(Answer::Flag(input.checked()));
            }
        };
        html! {
            <input
                id={self.id.to_owned()}
                type="checkbox"
                checked={self.reading.answer == Answer::Flag(true)}
                disabled={!self.enabled}
                aria-describedby={self.help.to_owned()}
                aria-invalid={self.wrong.then_some("true")}
                {onchange}
            />
        }
    }

    fn select(&self, known: &'static [&'static str]) -> Html {
        let chosen = match &self.reading.answer {
            Answer::Text(text) => text.as_str(),
            _ => "",
        };
        let commit = self.commit.clone();
        let onchange = move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                commit.emit(Answer::Text(select.value()));
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
                    <option value={*one} selected={chosen == *one}>{ *one }</option>
                }) }
            </select>
        }
    }

    fn several(&self, known: &'static [&'static str]) -> Html {
        let chosen = match &self.reading.answer {
            Answer::Several(chosen) => chosen.clone(),
            _ => vec![],
        };
        let boxes = known.iter().map(|one| {
            let (chosen, commit) = (chosen.clone(), self.commit.clone());
            let checked = chosen.iter().any(|other| other == one);
            let onchange = move |_: Event| {
                let mut chosen = chosen.clone();
                if checked {
                    chosen.retain(|other| other != one);
                } else {
                    chosen.push((*one).to_owned());
                }
                commit.emit(Answer::Several(chosen));
            };
            html! {
                <label class="switch">
                    <input type="checkbox" {checked} {onchange} />
                    <code>{ *one }</code>
                </label>
            }
        });
        html! { <div class="several">{ for boxes }</div> }
    }
}

fn needed(required: bool) -> Html {
    if required {
        html! { <span class="needed">{ "needed" }</span> }
    } else {
        html! {}
    }
}
