//! What an answer changes in the texts.

use std::fmt;

use serde_json::{Value as Json, json as object};

use super::System;
use super::dotenv::{self, Dotenv};
use super::draft::Draft;
use super::field::{Answer, Field, Kind, Node, Off, Place, decimal, is_reference};
use super::read::{answer_at, parsed, router_has_redis};
use base::finding::Edit;
use base::source::{Source, SourceId};
use deployment::environment::Format;
use deployment::manifest;
use report::Report;
use yaml::patch::PatchError;

/// Why an answer can't be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteError {
    /// The system's form has no such field.
    NoSuchField,
    /// The answer is not valid, or the releases can't do it. One sentence.
    Refused(String),
    /// The config's text can't take it.
    Patch(PatchError),
    /// The variable is set in a file of another kind: its name.
    SetElsewhere(String),
    /// No `.env` file is there to write to.
    NoEnvFile,
    /// The place is made by a template.
    Template,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchField => f.write_str("The form has no such field."),
            Self::Refused(why) => f.write_str(why),
            Self::Patch(PatchError::NotYaml) => {
                f.write_str("The config can't be read. Fix it in its text first.")
            }
            Self::Patch(error) => write!(f, "Change it in the text: {error}."),
            Self::SetElsewhere(name) => {
                write!(f, "Change it in the text: {name} is not set in a .env file.")
            }
            Self::NoEnvFile => f.write_str("There is no .env file to write it to."),
            Self::Template => f.write_str("Change it in the text: a template makes it."),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<PatchError> for WriteError {
    fn from(error: PatchError) -> Self {
        Self::Patch(error)
    }
}

/// The edits that give a field an answer, in the config and in the `.env` file; none where the
/// texts say it already.
///
/// # Errors
/// Where the answer is not valid for the field, or the texts can't take it.
pub fn write(
    system: System,
    id: &str,
    answer: &Answer,
    report: &Report,
) -> Result<Vec<Edit>, WriteError> {
    let field = system.field(id).ok_or(WriteError::NoSuchField)?;
    let answer = answer.trimmed();
    let asks = !matches!(answer, Answer::Nothing | Answer::Flag(false));
    if asks && !field.is_met(report.pair) {
        let why = field.refused(report.pair).unwrap_or_else(|| "Not on this release.".to_owned());
        return Err(WriteError::Refused(why));
    }
    field.accepts(&answer).map_err(WriteError::Refused)?;
    let config = report.sources.first().ok_or(WriteError::Patch(PatchError::NotYaml))?;
    let embedded = manifest::read_config(config, None).embedded;
    let text = embedded.as_ref().map_or(&config.text, |embedded| &embedded.text);
    let mut writer = Writer {
        system,
        report,
        config: Draft::new(SourceId::CONFIG, text),
        env: report.sources.iter().find(|source| is_dotenv(source)).map(Env::new),
    };
    writer.answer(field, &answer)?;
    let edits = writer.config.edits();
    if let Some(embedded) = &embedded
        && !edits.iter().all(|edit| embedded.may_edit(edit.span))
    {
        return Err(WriteError::Template);
    }
    let env = writer.env.map(|env| env.draft.edits()).unwrap_or_default();
    Ok(edits.into_iter().chain(env).collect())
}

fn is_dotenv(source: &Source) -> bool {
    source.id != SourceId::CONFIG && Format::detect(&source.name, &source.text) == Format::Dotenv
}

/// An answer as a value of the config; `None` for nothing to write.
pub(super) fn json(field: &Field, answer: &Answer) -> Option<Json> {
    match (field.kind, answer) {
        (_, Answer::Nothing | Answer::Other(_))
        | (Kind::Flag(Off::Absent), Answer::Flag(false)) => None,
        (_, Answer::Flag(flag)) => Some((*flag).into()),
        (Kind::Pairs, Answer::Nodes(nodes)) => {
            Some(nodes.iter().map(|node| object!([node.host, number(&node.port)])).collect())
        }
        (_, Answer::Nodes(nodes)) => Some(nodes.iter().map(mapping).collect()),
        (_, Answer::Several(chosen)) => Some(chosen.clone().into()),
        (Kind::Secret, Answer::Text(name)) => Some(format!("os.environ/{name}").into()),
        (Kind::Port | Kind::Seconds | Kind::Fraction | Kind::Count, Answer::Text(text)) => {
            Some(number(text))
        }
        (_, Answer::Text(text)) => Some(text.as_str().into()),
    }
}

fn mapping(node: &Node) -> Json {
    object!({ "host": node.host, "port": number(&node.port) })
}

/// A number where it is one, else the text (`os.environ/REDIS_PORT`).
fn number(text: &str) -> Json {
    if is_reference(text) {
        return text.into();
    }
    match (text.parse::<u64>(), decimal(text)) {
        (Ok(whole), _) => whole.into(),
        (_, Some(decimal)) => decimal.into(),
        _ => text.into(),
    }
}

struct Writer<'r> {
    system: System,
    report: &'r Report,
    config: Draft<'r>,
    env: Option<Env<'r>>,
}

struct Env<'r> {
    source: SourceId,
    draft: Draft<'r>,
}

impl<'r> Env<'r> {
    fn new(source: &'r Source) -> Self {
        Self { source: source.id, draft: Draft::new(source.id, &source.text) }
    }

    fn change(&mut self, edits: impl FnOnce(&Dotenv<'_>) -> Vec<Edit>) {
        let text = self.draft.text().to_owned();
        let edits = edits(&Dotenv::read(self.source, &text));
        self.draft.apply(&edits);
    }

    fn ask<T>(&self, question: impl FnOnce(&Dotenv<'_>) -> T) -> T {
        question(&Dotenv::read(self.source, self.draft.text()))
    }
}

type Written = Result<(), WriteError>;

impl Writer<'_> {
    fn answer(&mut self, field: &'static Field, answer: &Answer) -> Written {
        self.put(field, answer)?;
        let out = match answer {
            Answer::Nothing | Answer::Flag(false) => field.carries,
            _ => field.replaces,
        };
        for id in out {
            if let Some(other) = self.system.field(id) {
                self.put(other, &Answer::Nothing)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, field: &'static Field, answer: &Answer) -> Written {
        match field.place {
            Place::Config(main) => {
                let document = self.config.document()?;
                let path = field.path_in(&document).unwrap_or(main);
                let before = answer_at(field, &document, Some(path));
                let held = document.value(&parsed(path)).and_then(|value| value.as_str());
                let held = held.map(str::to_owned);
                self.value(field, path, answer, field.comment)?;
                if answer == &Answer::Nothing {
                    for path in field.paths() {
                        self.config.remove(path)?;
                    }
                }
                if let Some(path) = field.router
                    && router_has_redis(&document)
                {
                    self.value(field, path, answer, "")?;
                    self.tidy()?;
                }
                if field.kind == Kind::Secret {
                    self.secret(field, &before, held.as_deref(), answer);
                }
                Ok(())
            }
            Place::Router => self.router(answer == &Answer::Flag(true)),
            Place::Variable(name) => self.variable(field, name, answer),
        }
    }

    /// Writes an answer at a path, unless it is there.
    fn value(&mut self, field: &Field, path: &str, answer: &Answer, comment: &str) -> Written {
        let document = self.config.document()?;
        let stands = document.value(&parsed(path)).is_some();
        let before = answer_at(field, &document, stands.then_some(path));
        if before == *answer && (stands || json(field, answer).is_none()) {
            return Ok(());
        }
        match (json(field, answer), &before, answer) {
            (None, ..) => self.config.remove(path)?,
            (Some(_), Answer::Nodes(old), Answer::Nodes(new)) => {
                self.nodes(field.kind, path, old, new)?;
            }
            (Some(value), ..) => self.config.set(path, value, comment)?,
        }
        Ok(())
    }

    /// Changes a list of servers where it differs: what is said of the others stays.
    fn nodes(&mut self, kind: Kind, path: &str, old: &[Node], new: &[Node]) -> Written {
        let same = |(a, b): &(&Node, &Node)| a == b;
        let front = old.iter().zip(new).take_while(same).count();
        let rest = (&old[front..], &new[front..]);
        let mut back = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(same).count();
        if new.len() > old.len() {
            // Only the end takes new ones.
            back = 0;
        }
        let (old, new) = (&rest.0[..rest.0.len() - back], &rest.1[..rest.1.len() - back]);
        for (at, (old, new)) in old.iter().zip(new).enumerate() {
            let at = front + at;
            let (host, port) = match kind {
                Kind::Pairs => (format!("{path}[{at}][0]"), format!("{path}[{at}][1]")),
                _ => (format!("{path}[{at}].host"), format!("{path}[{at}].port")),
            };
            if old.host != new.host {
                self.config.set(&host, new.host.as_str().into(), "")?;
            }
            if old.port != new.port {
                self.config.set(&port, number(&new.port), "")?;
            }
        }
        for at in (new.len()..old.len()).rev() {
            self.config.remove(&format!("{path}[{}]", front + at))?;
        }
        for node in new.iter().skip(old.len()) {
            let item = match kind {
                Kind::Pairs => object!([node.host, number(&node.port)]),
                _ => mapping(node),
            };
            self.config.append(path, item)?;
        }
        Ok(())
    }

    /// Gives the router a Redis of its own, the same one, or takes it away.
    fn router(&mut self, wanted: bool) -> Written {
        let pair = self.report.pair;
        for field in self.system.fields().filter(|field| field.is_met(pair)) {
            let Some(path) = field.router else { continue };
            if wanted {
                let document = self.config.document()?;
                let answer = answer_at(field, &document, field.path_in(&document));
                self.value(field, path, &answer, "")?;
            } else {
                self.config.remove(path)?;
            }
        }
        self.tidy()
    }

    /// Takes out what became empty of the router's settings.
    fn tidy(&mut self) -> Written {
        for path in ["router_settings.cache_kwargs", "router_settings"] {
            let document = self.config.document()?;
            let empty = document.value(&parsed(path)).and_then(|value| value.as_dict());
            if empty.is_some_and(|dict| dict.entries.is_empty()) {
                self.config.remove(path)?;
            }
        }
        Ok(())
    }

    /// Keeps the `.env` file beside a secret's reference: a new variable gets its line, a renamed
    /// one keeps its value, one that nothing needs goes.
    fn secret(&mut self, field: &Field, before: &Answer, held: Option<&str>, after: &Answer) {
        let report = self.report;
        let used = |text: &str, name: &str| {
            let reference = format!("os.environ/{name}");
            text.match_indices(&reference).any(|(at, _)| {
                let rest = &text[at + reference.len()..];
                !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            })
        };
        let Some(env) = &mut self.env else { return };
        let comment = dotenv::comment(field);
        let old = match before {
            Answer::Text(name) => {
                let free = !used(self.config.text(), name)
                    && env.ask(|env| env.has(name) && !env.refers_to(name));
                free.then_some(name)
            }
            _ => None,
        };
        match (old, after) {
            (Some(old), Answer::Text(new)) if !env.ask(|env| env.has(new)) => {
                env.change(|env| env.rename(old, new));
            }
            (_, Answer::Text(new)) if report.environment.get(new).is_none() => {
                // A secret that stood in the config moves to where it belongs.
                let literal = held.filter(|_| matches!(before, Answer::Other(_)));
                let value = literal.unwrap_or(field.placeholder);
                env.change(|env| {
                    let line = env.set(new, value, &comment);
                    line.or_else(|| env.set(new, field.placeholder, &comment)).unwrap_or_default()
                });
            }
            (Some(old), Answer::Nothing) => env.change(|env| env.remove(old, &comment)),
            _ => {}
        }
    }

    fn variable(&mut self, field: &Field, name: &str, answer: &Answer) -> Written {
        let set = self.report.environment.get(name).is_some();
        let Some(env) = &mut self.env else {
            return if answer == &Answer::Nothing && !set {
                Ok(())
            } else {
                Err(WriteError::NoEnvFile)
            };
        };
        if set && !env.ask(|env| env.has(name)) {
            return Err(WriteError::SetElsewhere(name.to_owned()));
        }
        let comment = dotenv::comment(field);
        match answer {
            Answer::Text(value) => {
                let edits = env.ask(|env| env.set(name, value, &comment));
                let refused = || WriteError::Refused("A .env file can't hold this.".to_owned());
                env.draft.apply(&edits.ok_or_else(refused)?);
            }
            _ => env.change(|env| env.remove(name, &comment)),
        }
        Ok(())
    }
}
