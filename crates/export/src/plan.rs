//! What every format is written from: the config without secrets, and the variables beside it.

use super::literals::{self, Literals, TELLING, parts};
use super::mask::masked;
use super::mounts::{self, Mount};
use super::swap::{Swap, grown};
use super::tokens::{self, Tokens};
use super::{ExportError, Secrets, residue};
use base::needles::Needles;
use deployment::environment::{Gathered, Lookup, ValueFrom, VariableValue};
use deployment::manifest::Embedded;
use facts::bearing::{Bearing, bearing};
use report::redaction::Redaction;
use report::{CheckInput, Prepared};
use serving::{Acl, Serving};
use simulate::outcome::Outcome;
use yaml::patch::apply;

/// A configuration, ready to be written.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// What LiteLLM does with what is exported; the real secrets are in it.
    pub(super) outcome: Outcome,
    /// What the users of each Redis need.
    pub(super) acls: Vec<Acl>,
    /// The config's text.
    pub(super) config: String,
    /// It differs from the one that was given.
    pub(super) changed: bool,
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
    /// Who sets it in the deployment as it is.
    pub(super) set: Set,
}

/// Who sets a variable in a deployment as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// One of its files, or something that it names.
    There,
    /// One of its files, in plain text: `value:` of a manifest.
    Plain,
    /// Nobody.
    Nowhere,
}

impl Plan {
    pub(super) fn of(input: &CheckInput<'_>, secrets: Secrets) -> Result<Self, ExportError> {
        // What other files hold is theirs.
        let mut alone = input.environment.clone();
        alone.included.clear();
        let input = &CheckInput { environment: &alone, ..*input };
        let prepared = Prepared::new(input);
        let document = match &prepared.read.document {
            Ok(document) => document.clone(),
            Err(error) => {
                let said = Redaction::of_error(error).clean_text(&error.to_string());
                return Err(ExportError::Unreadable(said));
            }
        };
        let is_manifest =
            |root: &python::Dict| root.get("apiVersion").is_some() && root.get("kind").is_some();
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
        let text = apply(input.text, &edits);
        let here = grown(environment.clone(), input.text, &text);
        let read = Prepared::new(&CheckInput { text: &text, environment: &here, ..*input });
        let range = read.read.embedded.as_ref().map(Embedded::range);
        // What is around the config is no matter here, and its places stay.
        let own = match &range {
            Some(range) => format!("{}{}", blank(&text[..range.start]), &text[range.clone()]),
            None => text.clone(),
        };
        let own = match revealed {
            true => own,
            false => residue::clean(&own, &read.read.document, &mut tokens),
        };
        let config = match &range {
            Some(range) => dedented(&own, range.start..own.len()),
            None => own,
        };
        if config.contains("{{") && range.is_some() {
            notes.push("the Helm templates in the config are left as they are".to_owned());
        }
        if document.root.as_dict().is_some_and(|root| root.get("include").is_some()) {
            notes.push("the files that `include` names are not exported".to_owned());
        }
        let text = apply(input.text, &swap.edits());
        let here = grown(environment, input.text, &text);
        let after = Prepared::new(&CheckInput { text: &text, environment: &here, ..*input });
        let release = chosen.pair.litellm.to_string();
        let mut images = after.gathered.images.iter();
        let named = images.find(|image| image.release.as_deref() == Some(release.as_str()));
        let image = named.map(|image| image.name.clone());
        let image = image.unwrap_or_else(|| facts::image_name(chosen.pair.litellm));
        let outcome = after.simulated(chosen.pair);
        let mounts = mounts::of(&outcome, &literals);
        let serving = Serving::new(&outcome, &after.gathered.environment, chosen.pair);
        let acls = serving.map(|serving| serving.acls(&outcome)).unwrap_or_default();
        let changed = !edits.is_empty();
        Ok(Self {
            outcome,
            acls,
            config,
            changed,
            variables,
            unset,
            mounts,
            image,
            tokens,
            revealed,
            notes,
        })
    }
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
    let places = swap.places();
    let of = |name: &str| {
        let literal = places.get(name).is_some_and(|(_, whole)| *whole);
        let kept = all.environment.get(name).and_then(|variable| variable.value_from.as_ref());
        let kept = matches!(kept, Some(ValueFrom::Secret { .. }));
        let named = literals.references.get(name).copied();
        match (bearing(name), named) {
            _ if literal || kept => Bearing::Secret,
            (Bearing::Unknown, Some(named)) => named,
            (own, Some(named)) if named >= Bearing::Secret => own.max(named),
            (own, _) => own,
        }
    };
    let is_secret = |name: &str| of(name) >= Bearing::Secret;
    let telling = all.environment.iter().flat_map(|(name, variable)| match &variable.value {
        VariableValue::Known(value) => {
            let value = value.reveal();
            parts(value, of(name)).into_iter().map(|part| value[part].to_owned()).collect()
        }
        VariableValue::Unknown(_) => vec![],
    });
    let telling = telling.filter(|secret| secret.len() >= TELLING && !tokens::is_token(secret));
    let telling = Needles::new(telling);
    let mut exported = vec![];
    for (name, variable) in all.environment.iter() {
        exported.push(match &variable.value {
            VariableValue::Known(value) => {
                let value = value.reveal();
                let mut bearing = of(name);
                if parts(value, bearing).is_empty() && telling.are_in(value) {
                    bearing = Bearing::Secret;
                }
                let secret = !parts(value, bearing).is_empty() && !tokens::is_token(value);
                let place = places.get(name).map(|(place, _)| place);
                let what = match place {
                    Some(place) => format!("the secret written at {place}"),
                    None => format!("the secret of {name}"),
                };
                let about = place.map(|place| format!("was written at {place}"));
                let value = if secret && !revealed {
                    masked(value, bearing, name, &what, tokens)
                } else {
                    value.to_owned()
                };
                let set = match variable.span {
                    None => Set::Nowhere,
                    Some(_) if matches!(variable.value_from, Some(ValueFrom::Secret { .. })) => {
                        Set::There
                    }
                    Some(_) => Set::Plain,
                };
                Exported { name: name.to_owned(), value, secret, value_from: None, about, set }
            }
            VariableValue::Unknown(why) => Exported {
                name: name.to_owned(),
                value: tokens.fresh(name, format!("{name}: {why}"), None),
                secret: is_secret(name),
                value_from: variable.value_from.clone(),
                about: Some(why.clone()),
                set: Set::There,
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
                set: if all.environment.open.is_empty() { Set::Nowhere } else { Set::There },
            }),
        }
    }
    exported.sort_by(|one, other| one.name.cmp(&other.name));
    (exported, unset)
}

/// White space in place of all but line breaks.
fn blank(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
}

/// A config that is inside another file, without that file's indentation.
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
