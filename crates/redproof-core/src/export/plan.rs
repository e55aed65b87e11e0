//! What every format is written from: the config without secrets, and the variables beside it.

use std::collections::BTreeMap;

use super::literals::{self, Literal, Literals, TELLING, parts};
use super::mounts::{self, Mount};
use super::same::same;
use super::tokens::{self, Tokens};
use super::{ExportError, Secrets};
use crate::diagnostic::Edit;
use crate::document::patch::{Operation, apply, edits};
use crate::document::{self, Document};
use crate::environment::{Gathered, Lookup, ValueFrom, Variable, VariableValue};
use crate::outcome::Outcome;
use crate::redaction::{SHORTEST, is_secret_name};
use crate::releases;
use crate::report::{CheckInput, Prepared};
use crate::source::{SourceId, Span};

/// A configuration, ready to be written.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// What LiteLLM does with what is exported; the real secrets are in it.
    pub(super) outcome: Outcome,
    /// The config's text.
    pub(super) config: String,
    /// The variables, by name.
    pub(super) variables: Vec<Exported>,
    /// Variables that the config names and that are known not to be set.
    pub(super) unset: Vec<String>,
    /// The files that the config names.
    pub(super) mounts: Vec<Mount>,
    /// LiteLLM's image.
    pub(super) image: String,
    /// The placeholders.
    pub(super) tokens: Tokens,
    /// Whether secrets are written as they are.
    pub(super) revealed: bool,
    /// What to know before using config and variables.
    pub(super) notes: Vec<String>,
}

/// A variable to be written.
#[derive(Clone, Debug)]
pub(super) struct Exported {
    pub(super) name: String,
    /// Its value, with placeholders.
    pub(super) value: String,
    /// It holds a secret, or would.
    pub(super) secret: bool,
    /// What Kubernetes takes it from, where its value is not known here.
    pub(super) value_from: Option<ValueFrom>,
    /// Where its value belongs to, or why it is not known. One line.
    pub(super) about: Option<String>,
}

/// How one literal is taken out.
struct Taken {
    /// The variable that takes its place; none where LiteLLM takes no reference.
    variable: Option<String>,
    edits: Vec<Edit>,
}

impl Plan {
    pub(super) fn of(input: &CheckInput<'_>, secrets: Secrets) -> Result<Self, ExportError> {
        let prepared = Prepared::new(input);
        let document = match &prepared.read.document {
            Ok(document) => document.clone(),
            Err(error) => return Err(ExportError::Unreadable(error.to_string())),
        };
        let is_manifest = |root: &crate::python::Dict| {
            root.get("apiVersion").is_some() && root.get("kind").is_some()
        };
        if prepared.read.embedded.is_none() && document.root.as_dict().is_some_and(is_manifest) {
            let why = "this is a Kubernetes manifest, and no LiteLLM config stands in it";
            return Err(ExportError::Unreadable(why.to_owned()));
        }
        let literals = literals::find(&document.root);
        let chosen = input.releases.choose(&prepared.gathered);
        let before = prepared.simulated(chosen.pair);
        let mut swap = Swap::new(input, &prepared, &document, &literals, before, chosen.pair)?;
        swap.take_all()?;

        let revealed = secrets == Secrets::Revealed;
        let mut tokens = Tokens::default();
        let mut notes = vec![];
        let environment = swap.environment();
        let (variables, unset) = variables(&swap, &environment, &literals, revealed, &mut tokens);
        let mut edits = swap.edits();
        for (literal, taken) in literals.secrets.iter().zip(&swap.taken) {
            if taken.variable.is_none() && !revealed {
                edits.extend(swap.placeholder(literal, &mut tokens)?);
                notes.push(format!(
                    "a reference at {} would change what LiteLLM does: write the secret itself there",
                    literal.path
                ));
            }
        }
        let mut text = apply(input.text, &edits);
        if !revealed {
            text = without_secrets_in_comments(&text, &tokens);
        }
        let read = Prepared::new(&CheckInput { text: &text, environment: &environment, ..*input });
        let config = match &read.read.embedded {
            Some(embedded) => dedented(&text, embedded.range()),
            None => text.clone(),
        };
        if config.contains("{{") && read.read.embedded.is_some() {
            notes.push("the Helm templates in the config are left as they are".to_owned());
        }
        if document.root.as_dict().is_some_and(|root| root.get("include").is_some()) {
            notes.push("the files that `include` names are not exported".to_owned());
        }
        let text = apply(input.text, &swap.edits());
        let after = Prepared::new(&CheckInput { text: &text, environment: &environment, ..*input });
        let named = after.gathered.images.iter().find(|image| image.release.is_some());
        let image = named.map(|image| image.name.clone());
        let image = image.unwrap_or_else(|| releases::image_name(chosen.pair.litellm));
        let outcome = after.simulated(chosen.pair);
        let mounts = mounts::of(&outcome, &literals);
        Ok(Self { outcome, config, variables, unset, mounts, image, tokens, revealed, notes })
    }
}

/// Takes literals out of a config, one variable for each.
struct Swap<'a> {
    input: CheckInput<'a>,
    literals: &'a Literals,
    root: &'a Document,
    /// The config as it is in the text: where templates stand, the words in their place.
    written: Document,
    text: String,
    gathered: Gathered,
    before: Outcome,
    pair: releases::Pair,
    /// What was chosen for the literals so far.
    taken: Vec<Taken>,
    added: BTreeMap<String, String>,
}

impl<'a> Swap<'a> {
    fn new(
        input: &CheckInput<'a>,
        prepared: &Prepared<'_>,
        root: &'a Document,
        literals: &'a Literals,
        before: Outcome,
        pair: releases::Pair,
    ) -> Result<Self, ExportError> {
        let text = match &prepared.read.embedded {
            Some(embedded) => embedded.text.clone(),
            None => input.text.to_owned(),
        };
        let written = document::read(SourceId::CONFIG, &text)
            .map_err(|error| ExportError::Unreadable(error.to_string()))?;
        Ok(Self {
            input: *input,
            literals,
            root,
            written,
            text,
            gathered: prepared.gathered.clone(),
            before,
            pair,
            taken: vec![],
            added: BTreeMap::new(),
        })
    }

    /// The edits for all literals that were taken out.
    fn edits(&self) -> Vec<Edit> {
        self.taken.iter().flat_map(|taken| taken.edits.iter().cloned()).collect()
    }

    /// The environment that was given, with the variables that hold the literals now.
    fn environment(&self) -> Gathered {
        let mut environment = self.input.environment.clone();
        for (name, value) in &self.added {
            if self.gathered.environment.get(name).is_none() {
                environment.environment.set(name, Variable::known(value, None));
            }
        }
        environment
    }

    fn is_the_same(&self) -> bool {
        let text = apply(self.input.text, &self.edits());
        let environment = self.environment();
        let input = CheckInput { text: &text, environment: &environment, ..self.input };
        same(&Prepared::new(&input).simulated(self.pair), &self.before)
    }

    /// Whether a variable may hold a literal: it does already, or nothing reads it yet.
    fn is_free(&self, name: &str, value: &str) -> bool {
        if let Some(variable) = self.gathered.environment.get(name) {
            return matches!(&variable.value, VariableValue::Known(known) if known.reveal() == value);
        }
        match self.added.get(name) {
            Some(added) => added == value,
            None => !self.literals.references.contains_key(name),
        }
    }

    fn replace(&self, literal: &Literal, by: &str) -> Result<Vec<Edit>, ExportError> {
        let path = literal.path.to_string();
        let operation = Operation::Replace { path: path.clone(), value: by.into() };
        // What an anchor names changes wherever an alias stands for it: the patch refuses that.
        edits(&self.written, &self.text, &operation)
            .ok()
            .or_else(|| self.replace_anchored(literal, by))
            .ok_or(ExportError::Secret(path))
    }

    /// Replaces a scalar behind its anchor.
    fn replace_anchored(&self, literal: &Literal, by: &str) -> Option<Vec<Edit>> {
        let span = literal.at?;
        let written = self.text.get(span.range())?;
        let mut rest = written;
        while rest.starts_with(['&', '!']) {
            let end = rest.find(char::is_whitespace)?;
            rest = rest[end..].trim_start();
        }
        let start = span.range().end - rest.len();
        let text = super::quote::yaml(by);
        Some(vec![Edit { span: Span::new(span.source, start, span.range().end), text }])
    }

    fn candidates(&self, literal: &Literal) -> Vec<String> {
        let mut names = literals::names(literal, &self.root.root);
        let last = names.last().cloned().unwrap_or_default();
        names.extend((2..10).map(|number| format!("{last}_{number}")));
        names.retain(|name| self.is_free(name, &literal.text));
        names
    }

    fn take(&mut self, literal: &Literal, name: &str) -> Result<(), ExportError> {
        let edits = self.replace(literal, &format!("os.environ/{name}"))?;
        self.added.insert(name.to_owned(), literal.text.clone());
        self.taken.push(Taken { variable: Some(name.to_owned()), edits });
        Ok(())
    }

    /// Gives each literal its best name at once; where that changes what LiteLLM does, goes one by
    /// one.
    fn take_all(&mut self) -> Result<(), ExportError> {
        let literals = self.literals;
        for literal in &literals.secrets {
            let Some(name) = self.candidates(literal).into_iter().next() else { break };
            self.take(literal, &name)?;
        }
        if self.taken.len() == literals.secrets.len() && self.is_the_same() {
            return Ok(());
        }
        self.taken.clear();
        self.added.clear();
        literals.secrets.iter().try_for_each(|literal| self.take_one(literal))
    }

    fn take_one(&mut self, literal: &Literal) -> Result<(), ExportError> {
        for name in self.candidates(literal) {
            let added = self.added.clone();
            self.take(literal, &name)?;
            if self.is_the_same() {
                return Ok(());
            }
            self.taken.pop();
            self.added = added;
        }
        self.taken.push(Taken { variable: None, edits: vec![] });
        Ok(())
    }

    /// A placeholder in the place of a literal that no reference can stand for.
    fn placeholder(
        &self,
        literal: &Literal,
        tokens: &mut Tokens,
    ) -> Result<Vec<Edit>, ExportError> {
        let name = literals::names(literal, &self.root.root).into_iter().next().unwrap_or_default();
        let what = format!("the secret written at {}", literal.path);
        let by = masked(&literal.text, literal.whole, &name, &what, tokens);
        self.replace(literal, &by)
    }

    /// Where a variable's literal stood.
    fn place_of(&self, name: &str) -> Option<String> {
        let taken = self.literals.secrets.iter().zip(&self.taken);
        let mut paths = taken
            .filter(|(_, taken)| taken.variable.as_deref() == Some(name))
            .map(|(literal, _)| literal.path.to_string());
        let first = paths.next()?;
        Some(paths.fold(first, |all, path| format!("{all} and {path}")))
    }
}

/// A value with placeholders for its secrets.
fn masked(value: &str, whole: bool, name: &str, what: &str, tokens: &mut Tokens) -> String {
    let mut text = String::with_capacity(value.len());
    let mut at = 0;
    for part in parts(value, whole) {
        let secret = &value[part.clone()];
        let name = if whole { name.to_owned() } else { format!("{name}_PASSWORD") };
        let token = match tokens.of_secret(secret, &name) {
            // A password that stands in several variables is filled in once for each: they may
            // part ways.
            Some(token) if text.contains(token) => token.to_owned(),
            _ => tokens.fresh(&name, what.to_owned(), Some(secret)),
        };
        text.push_str(&value[at..part.start]);
        text.push_str(&token);
        at = part.end;
    }
    text.push_str(&value[at..]);
    text
}

fn variables(
    swap: &Swap<'_>,
    environment: &Gathered,
    literals: &Literals,
    revealed: bool,
    tokens: &mut Tokens,
) -> (Vec<Exported>, Vec<String>) {
    let mut all = swap.gathered.clone();
    all.extend(environment);
    let is_secret = |name: &str| {
        let literal = literals
            .secrets
            .iter()
            .zip(&swap.taken)
            .any(|(literal, taken)| literal.whole && taken.variable.as_deref() == Some(name));
        literal || is_secret_name(name) || literals.references.get(name).copied().unwrap_or(false)
    };
    let telling: Vec<String> = all
        .environment
        .iter()
        .filter_map(|(name, variable)| match &variable.value {
            VariableValue::Known(value) => Some((name, value.reveal())),
            VariableValue::Unknown(_) => None,
        })
        .flat_map(|(name, value)| {
            let parts = parts(value, is_secret(name));
            parts.into_iter().map(|part| value[part].to_owned()).collect::<Vec<_>>()
        })
        .filter(|secret| secret.len() >= TELLING && !tokens::is_token(secret))
        .collect();
    let mut exported = vec![];
    for (name, variable) in all.environment.iter() {
        exported.push(match &variable.value {
            VariableValue::Known(value) => {
                let value = value.reveal();
                let told = telling.iter().any(|secret| value.contains(secret.as_str()));
                let whole = is_secret(name) || (told && parts(value, false).is_empty());
                let secret = !parts(value, whole).is_empty() && !tokens::is_token(value);
                let place = swap.place_of(name);
                let what = match &place {
                    Some(place) => format!("the secret written at {place}"),
                    None => format!("the secret of {name}"),
                };
                let about = place.map(|place| format!("was written at {place}"));
                let value = if secret && !revealed {
                    masked(value, whole, name, &what, tokens)
                } else {
                    value.to_owned()
                };
                Exported { name: name.to_owned(), value, secret, value_from: None, about }
            }
            VariableValue::Unknown(why) => Exported {
                name: name.to_owned(),
                value: tokens.fresh(name, format!("{name}: {why}"), None),
                secret: is_secret(name),
                value_from: variable.value_from.clone(),
                about: Some(why.clone()),
            },
        });
    }
    let mut unset = vec![];
    for name in literals.references.keys().filter(|name| !name.contains('/')) {
        match all.environment.lookup(name) {
            Lookup::Set(_) => {}
            Lookup::Absent => unset.push(name.clone()),
            Lookup::NotGiven => exported.push(Exported {
                name: name.clone(),
                value: tokens.fresh(
                    name,
                    format!("the variable {name}, which was not given"),
                    None,
                ),
                secret: is_secret(name),
                value_from: None,
                about: Some("the config names it, and it was not given".to_owned()),
            }),
        }
    }
    exported.sort_by(|one, other| one.name.cmp(&other.name));
    (exported, unset)
}

/// Secrets that a comment repeats.
fn without_secrets_in_comments(text: &str, tokens: &Tokens) -> String {
    let secrets = tokens.secrets();
    let mut clean = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let comment = line.match_indices('#').map(|(at, _)| at).find(|at| {
            line[..*at].chars().next_back().is_none_or(|before| before == ' ' || before == '\t')
        });
        let (kept, comment) = line.split_at(comment.unwrap_or(line.len()));
        clean.push_str(kept);
        let mut comment = comment.to_owned();
        for (secret, token) in secrets.iter().filter(|(secret, _)| secret.len() >= SHORTEST) {
            comment = comment.replace(secret, token);
        }
        clean.push_str(&comment);
    }
    clean
}

/// A config that stands inside another file, without that file's indentation.
fn dedented(text: &str, range: std::ops::Range<usize>) -> String {
    let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let lead = &text[line..range.start];
    let lead = if lead.trim().is_empty() { lead } else { "" };
    let inside = format!("{lead}{}", &text[range]);
    let depth = inside.lines().filter(|line| !line.trim().is_empty());
    let depth =
        depth.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let mut out = String::with_capacity(inside.len());
    for line in inside.split_inclusive('\n') {
        let blank = line.len() - line.trim_start_matches(' ').len();
        out.push_str(&line[depth.min(blank)..]);
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}
