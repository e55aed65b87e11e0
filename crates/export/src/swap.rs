//! Takes the secrets out of a config: a variable holds each, and a reference is in its place.

use std::collections::{BTreeMap, HashMap};

use super::ExportError;
use super::literals::{self, Literal, Literals};
use super::mask::masked;
use super::same::same;
use super::tokens::Tokens;
use base::finding::Edit;
use base::source::{SourceId, Span};
use deployment::environment::{Gathered, Variable, VariableValue};
use deployment::manifest::Embedded;
use report::redaction::Redaction;
use report::{CheckInput, Prepared};
use simulate::outcome::Outcome;
use yaml::patch::{self, Operation, apply, edits};
use yaml::{Document, Step};

/// More names than this are not tried for one secret.
const MOST_TRIED: usize = 6;

/// How one literal is taken out.
pub(super) struct Taken {
    /// The variable that takes its place; none where LiteLLM takes no reference.
    pub(super) variable: Option<String>,
    edits: Vec<Edit>,
}

/// An environment whose config is in a text that was changed within that config.
pub(super) fn grown(environment: Gathered, before: &str, after: &str) -> Gathered {
    environment.config_grown(before.len(), after.len()).unwrap_or(environment)
}

/// Takes literals out of a config, one variable for each.
pub(super) struct Swap<'a> {
    input: CheckInput<'a>,
    literals: &'a Literals,
    root: &'a Document,
    /// The config as it is in the text: where templates are, the words in their place.
    written: Document,
    text: String,
    pub(super) gathered: Gathered,
    before: Outcome,
    pair: facts::Pair,
    /// What was chosen for the literals so far.
    pub(super) taken: Vec<Taken>,
    added: BTreeMap<String, String>,
    /// The number that the next literal of a name gets: there may be thousands of one name.
    numbers: HashMap<String, u32>,
    /// The numbered names that literals have.
    numbered: HashMap<String, Vec<String>>,
}

impl<'a> Swap<'a> {
    pub(super) fn new(
        input: &CheckInput<'a>,
        prepared: &Prepared<'_>,
        root: &'a Document,
        literals: &'a Literals,
        before: Outcome,
        pair: facts::Pair,
    ) -> Result<Self, ExportError> {
        if prepared.read.embedded.as_ref().is_some_and(Embedded::is_quoted) {
            let why = "the config stands in quotes: write it as a block (`config.yaml: |`)";
            return Err(ExportError::Unreadable(why.to_owned()));
        }
        let text = match &prepared.read.embedded {
            Some(embedded) => embedded.text.clone(),
            None => input.text.to_owned(),
        };
        let written = yaml::read(SourceId::CONFIG, &text).map_err(|error| {
            let said = Redaction::of_error(&error).clean_text(&error.to_string());
            ExportError::Unreadable(said)
        })?;
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
            numbers: HashMap::new(),
            numbered: HashMap::new(),
        })
    }

    /// The edits for all literals that were taken out.
    pub(super) fn edits(&self) -> Vec<Edit> {
        self.taken.iter().flat_map(|taken| taken.edits.iter().cloned()).collect()
    }

    /// The environment that was given, with the variables that hold the literals now.
    pub(super) fn environment(&self) -> Gathered {
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
        let environment = grown(self.environment(), self.input.text, &text);
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
        if let Some(edit) = self.replace_scalar(literal, by, false) {
            return Ok(vec![edit]);
        }
        let path = literal.path.to_string();
        let operation = Operation::Replace { path: path.clone(), value: by.into() };
        // What an anchor names changes wherever an alias stands for it: the patch refuses that.
        edits(&self.written, &self.text, &operation)
            .ok()
            .or_else(|| Some(vec![self.replace_scalar(literal, by, true)?]))
            .ok_or(ExportError::Secret(path))
    }

    /// Replaces a scalar where it is written, on one line: a config may hold thousands, and each
    /// patch reads all of it again. One behind an anchor or a tag only if that is asked for.
    fn replace_scalar(&self, literal: &Literal, by: &str, anchored: bool) -> Option<Edit> {
        let span = literal.at?;
        let written = self.text.get(span.range())?;
        let mut rest = written;
        while anchored && rest.starts_with(['&', '!']) {
            let end = rest.find(char::is_whitespace)?;
            rest = rest[end..].trim_start();
        }
        let plain = !rest.is_empty()
            && !rest.starts_with(['|', '>', '&', '!', '*'])
            && !rest.contains(['\n', '\r']);
        let start = span.range().end - rest.len();
        let span = Span::new(span.source, start, span.range().end);
        plain.then(|| Edit { span, text: patch::text(by) })
    }

    /// Variables that may take a literal's place, the best first, without end.
    fn candidates(&self, literal: &Literal) -> impl Iterator<Item = String> {
        let names = literals::names(literal, &self.root.root);
        let first = names.first().cloned().unwrap_or_else(|| "SECRET".to_owned());
        let own = first.clone();
        let from = self.numbers.get(&first).copied().unwrap_or(2);
        let numbered = (from..).map(move |number: u32| format!("{first}_{number}"));
        let again = self.numbered.get(&literal.text).cloned().unwrap_or_default();
        let again = again
            .into_iter()
            .filter(move |name| name.rsplit_once('_').is_some_and(|(base, _)| base == own));
        names
            .into_iter()
            .chain(again)
            .chain(numbered)
            .filter(|name| self.is_free(name, &literal.text))
    }

    fn take(&mut self, literal: &Literal, name: &str) -> Result<(), ExportError> {
        let edits = self.replace(literal, &format!("os.environ/{name}"))?;
        if let Some((base, number)) = name.rsplit_once('_')
            && let Ok(number) = number.parse::<u32>()
        {
            self.numbers.insert(base.to_owned(), number + 1);
            self.numbered.entry(literal.text.clone()).or_default().push(name.to_owned());
        }
        self.added.insert(name.to_owned(), literal.text.clone());
        self.taken.push(Taken { variable: Some(name.to_owned()), edits });
        Ok(())
    }

    /// Gives each literal its best name at once; where that changes what LiteLLM does, goes one by
    /// one.
    pub(super) fn take_all(&mut self) -> Result<(), ExportError> {
        let literals = self.literals;
        for literal in &literals.secrets {
            let name = self.candidates(literal).next();
            self.take(literal, &name.unwrap_or_default())?;
        }
        if self.is_the_same() {
            return Ok(());
        }
        self.taken.clear();
        self.added.clear();
        literals.secrets.iter().try_for_each(|literal| self.take_one(literal))
    }

    fn take_one(&mut self, literal: &Literal) -> Result<(), ExportError> {
        // The models' own secrets have no part in Redis.
        let of_a_model = literal.path.0.first() == Some(&Step::Key("model_list".to_owned()));
        let names: Vec<String> = self.candidates(literal).take(MOST_TRIED).collect();
        for name in names {
            let added = self.added.clone();
            self.take(literal, &name)?;
            if of_a_model || self.is_the_same() {
                return Ok(());
            }
            self.taken.pop();
            self.added = added;
        }
        self.taken.push(Taken { variable: None, edits: vec![] });
        Ok(())
    }

    /// A placeholder in the place of a literal that no reference can stand for.
    pub(super) fn placeholder(
        &self,
        literal: &Literal,
        tokens: &mut Tokens,
    ) -> Result<Vec<Edit>, ExportError> {
        let name = literals::names(literal, &self.root.root).into_iter().next().unwrap_or_default();
        let what = format!("the secret written at {}", literal.path);
        let by = masked(&literal.text, literal.bearing, &name, &what, tokens);
        self.replace(literal, &by)
    }

    /// The variables that hold literals now: where each stood, and whether all of it is a secret.
    pub(super) fn places(&self) -> BTreeMap<&str, (String, bool)> {
        let mut places: BTreeMap<&str, (String, bool)> = BTreeMap::new();
        for (literal, taken) in self.literals.secrets.iter().zip(&self.taken) {
            let Some(name) = &taken.variable else { continue };
            let (place, whole) = places.entry(name).or_default();
            if !place.is_empty() {
                place.push_str(" and ");
            }
            place.push_str(&literal.path.to_string());
            *whole |= literal.is_whole();
        }
        places
    }
}
