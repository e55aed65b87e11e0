//! What depends on variables that are not known here: a Secret's keys, references to variables that
//! were not given. Each is tried with the values that make a difference.

use std::sync::Arc;

use crate::{Aspect, Change, between, differ_in};
use base::listed::listed;
use base::source::Span;
use deployment::environment::{Environment, Lookup, Variable, VariableValue};
use facts::Pair;
use python::{Data, Met, Value};
use report::Report;
use report::display::Words;
use simulate::outcome::{Knowable, Outcome};
use simulate::simulate_leaning;
use yaml::{Document, ReadError};

impl Case {
    /// The values in words: `false, 0 or empty`.
    pub fn when_in_words(&self) -> String {
        alternatives(&self.when)
    }
}

/// `true or 1`
pub fn alternatives(values: &[&str]) -> String {
    listed(values, "or")
}

/// More variables than this are not tried: each means several simulations.
const MOST: usize = 8;

/// The parts of a config whose references matter here.
const SECTIONS: [&[&str]; 4] = [
    &["litellm_settings", "cache_params"],
    &["router_settings"],
    &["router_settings", "cache_kwargs"],
    &["general_settings", "coordination_redis"],
];

/// What depends on one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependence {
    /// The variable: `REDIS_SSL`.
    pub variable: String,
    /// Why its value is not known: `key ssl of the Secret redis`.
    pub why: String,
    /// Where it is set or named.
    pub at: Option<Span>,
    /// What happens for which values. Values that do the same are together.
    pub cases: Vec<Case>,
}

/// What happens for some values of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The values, in words: `true`, `empty`, `not set`.
    pub when: Vec<&'static str>,
    /// What LiteLLM does then, as far as it differs from the other cases.
    pub effects: Vec<Effect>,
}

/// One thing that LiteLLM does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Whose clients, in words; empty for LiteLLM as a whole.
    pub whose: String,
    /// What it is about: `TLS`.
    pub what: String,
    /// What it is then: `plaintext`.
    pub value: String,
}

/// A configuration that may depend on variables.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The config, as PyYAML reads it.
    pub document: &'a Result<Document, ReadError>,
    /// The environment.
    pub environment: &'a Environment,
    /// The releases.
    pub pair: Pair,
    /// What its outcome leans on.
    pub leans_on: &'static [&'static str],
}

/// A variable whose value is not known.
pub struct Unknown {
    /// Its name.
    pub variable: Arc<str>,
    /// Why its value is not known.
    pub why: String,
    /// Where it is set or named.
    pub at: Option<Span>,
    /// It is set, if to something unknown.
    pub is_set: bool,
    role: Role,
}

/// What a variable's value is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Yes or no.
    Flag,
    /// `ssl_cert_reqs`
    CertReqs,
    /// A URL, whose scheme decides on TLS.
    Url,
    /// Anything else: it is there or not.
    Text,
}

/// The values that do the same, and what that is.
pub struct Branch {
    /// The values, in words.
    pub when: Vec<&'static str>,
    /// What LiteLLM does then.
    pub outcome: Outcome,
}

/// What depends on variables that are not known, one by one.
pub fn depends(report: &Report) -> Vec<Dependence> {
    let subject = Subject {
        document: &report.document,
        environment: &report.environment,
        pair: report.pair,
        leans_on: report.outcome.leans_on,
    };
    let words = Words::new(report, false);
    let mut unknowns = subject.unknowns();
    unknowns.extend(subject.switch_for_tls(&report.outcome, &unknowns));
    let found = unknowns.into_iter().filter_map(|unknown| {
        let branches = subject.branches(&unknown);
        (branches.len() > 1).then(|| Dependence {
            cases: cases(&branches, unknown.role.aspects(), &words),
            variable: words.shown(&unknown.variable),
            why: words.shown(&unknown.why),
            at: unknown.at,
        })
    });
    found.collect()
}

impl<'a> Subject<'a> {
    /// The unknown variables that settings are taken from.
    pub fn unknowns(&self) -> Vec<Unknown> {
        let mut found: Vec<Unknown> = vec![];
        let mut add = |setting: &str, variable: &str, at: Option<Span>| {
            if found.len() >= MOST || found.iter().any(|known| &*known.variable == variable) {
                return;
            }
            let (why, is_set, span) = match self.environment.lookup(variable) {
                Lookup::Absent => return,
                Lookup::NotGiven => ("not given here".to_owned(), false, at),
                Lookup::Set(set) => match &set.value {
                    VariableValue::Known(_) => return,
                    VariableValue::Unknown(why) => (why.clone(), true, set.span.or(at)),
                },
            };
            let role = Role::of(setting);
            found.push(Unknown { variable: variable.into(), why, at: span, is_set, role });
        };
        for (setting, value) in self.references() {
            if let Some(variable) = value.as_str().and_then(|text| text.strip_prefix("os.environ/"))
            {
                add(setting, variable, value.span());
            }
        }
        for (name, _) in self.environment.iter() {
            if let Some(setting) = name.strip_prefix("REDIS_") {
                add(&setting.to_ascii_lowercase(), name, None);
            }
        }
        found
    }

    /// `REDIS_SSL`, where nothing tells whether it is set and a connection is plaintext without it.
    fn switch_for_tls(&self, outcome: &Outcome, others: &[Unknown]) -> Option<Unknown> {
        let plaintext = outcome.clients.iter().filter_map(|client| client.connection.as_ref()).any(
            |connection| {
                connection.path.is_none() && matches!(connection.tls, Knowable::Known(None))
            },
        );
        let variable = "REDIS_SSL";
        let known = others.iter().any(|other| &*other.variable == variable);
        if known || !plaintext || !matches!(self.environment.lookup(variable), Lookup::NotGiven) {
            return None;
        }
        let why = self.environment.whence(variable);
        let why = why.strip_prefix("which is ").unwrap_or(&why).to_owned();
        Some(Unknown { variable: variable.into(), why, at: None, is_set: false, role: Role::Flag })
    }

    /// The texts in the Redis sections, each with the setting that it is in.
    fn references(&self) -> Vec<(&'a str, &'a Value)> {
        let mut walk = Walk::default();
        let root = self.document.as_ref().ok().map(|document| &document.root);
        for section in SECTIONS {
            let inside = section.iter().try_fold(root, |value, name| {
                Some(value.and_then(Value::as_dict).and_then(|dict| dict.get(name)))
            });
            if let Some(Some(value)) = inside {
                walk.note("", value, 3);
            }
        }
        walk.found
    }

    /// The outcomes for the values that a variable may have, equal ones together.
    pub fn branches(&self, unknown: &Unknown) -> Vec<Branch> {
        let mut branches: Vec<Branch> = vec![];
        for (when, value) in unknown.role.values(unknown.is_set) {
            let mut environment = self.environment.clone();
            let span = environment.get(&unknown.variable).and_then(|variable| variable.span);
            match value {
                Given::Is(text) => environment.set(&*unknown.variable, Variable::known(text, span)),
                Given::Something => {}
                Given::Nothing => environment.set_absent(&unknown.variable),
            }
            let outcome = simulate_leaning(self.document, &environment, self.pair, self.leans_on);
            let alike = branches
                .iter_mut()
                .find(|branch| !differ_in(unknown.role.aspects(), &branch.outcome, &outcome));
            match alike {
                Some(branch) => branch.when.push(when),
                None => branches.push(Branch { when: vec![when], outcome }),
            }
        }
        branches
    }
}

impl Unknown {
    /// Whether its value is taken for a yes or no, or for a url that is there: one that decides on
    /// TLS. That a url is missing is said elsewhere.
    pub fn may_decide_on_tls(&self) -> bool {
        self.role == Role::Flag || self.is_url() && self.is_set
    }

    /// Whether its value is taken for a url: what it is in a trial tells nothing of the server.
    pub fn is_url(&self) -> bool {
        self.role == Role::Url
    }
}

/// What a variable is given for a trial.
#[derive(Clone, Copy)]
enum Given {
    Is(&'static str),
    /// It stays unknown.
    Something,
    Nothing,
}

impl Role {
    fn of(setting: &str) -> Self {
        match setting.strip_prefix("redis_").unwrap_or(setting) {
            "ssl"
            | "ssl_check_hostname"
            | "aws_iam_auth"
            | "aws_iam_serverless"
            | "azure_redis_ad_token" => Self::Flag,
            "ssl_cert_reqs" => Self::CertReqs,
            "url" => Self::Url,
            _ => Self::Text,
        }
    }

    /// The values to try, in words and as they are.
    fn values(self, is_set: bool) -> Vec<(&'static str, Given)> {
        let mut values = match self {
            Self::Flag => vec![
                ("true", Given::Is("true")),
                ("1", Given::Is("1")),
                ("false", Given::Is("false")),
                ("0", Given::Is("0")),
            ],
            Self::CertReqs => vec![
                ("required", Given::Is("required")),
                ("optional", Given::Is("optional")),
                ("none", Given::Is("none")),
            ],
            Self::Url => vec![
                ("rediss://…", Given::Is("rediss://redis:6379")),
                ("redis://…", Given::Is("redis://redis:6379")),
            ],
            // What is in a Secret is there.
            Self::Text if is_set => return vec![],
            Self::Text => vec![("set", Given::Something)],
        };
        values.push(match is_set {
            true => ("empty", Given::Is("")),
            false => ("not set", Given::Nothing),
        });
        values
    }

    /// What its value may decide. A trial's URL says nothing about the real one's host.
    fn aspects(self) -> &'static [Aspect] {
        const ALL: &[Aspect] = &[
            Aspect::Startup,
            Aspect::Presence,
            Aspect::Error,
            Aspect::Topology,
            Aspect::Tls,
            Aspect::Verification,
            Aspect::HostName,
            Aspect::Iam,
            Aspect::Server,
            Aspect::Database,
            Aspect::Authorities,
            Aspect::ClientCertificate,
            Aspect::Username,
            Aspect::Password,
        ];
        match self {
            Self::Url => ALL.split_at(8).0,
            _ => ALL,
        }
    }
}

/// What each branch does, where they differ.
fn cases(branches: &[Branch], aspects: &[Aspect], words: &Words<'_>) -> Vec<Case> {
    let Some((first, others)) = branches.split_first() else {
        return vec![];
    };
    let changes: Vec<Vec<Change>> = others
        .iter()
        .map(|branch| {
            let mut changes = between(&first.outcome, &branch.outcome, words);
            changes.retain(|change| aspects.contains(&change.aspect) && !change.is_moved());
            changes
        })
        .collect();
    let key = |change: &Change| (change.whose(), change.title());
    let mut keys: Vec<(String, String)> = vec![];
    let startup = |change: &&Change| change.aspect == Aspect::Startup;
    let all = || changes.iter().flatten();
    for change in all().filter(startup).chain(all().filter(|change| !startup(change))) {
        if !keys.contains(&key(change)) {
            keys.push(key(change));
        }
    }
    let effect = |(whose, what): &(String, String), value: String| Effect {
        whose: whose.clone(),
        what: what.clone(),
        value,
    };
    // What differs from the first branch in one other branch, the rest share with the first.
    let of_first = |wanted: &(String, String)| {
        all().find(|change| key(change) == *wanted).map(|change| change.before.text.clone())
    };
    let mut cases = vec![Case {
        when: first.when.clone(),
        effects: keys.iter().filter_map(|key| Some(effect(key, of_first(key)?))).collect(),
    }];
    for (branch, changes) in others.iter().zip(&changes) {
        let starts = !changes.iter().any(|change| change.aspect == Aspect::Startup);
        let value = |wanted: &(String, String)| {
            let own = changes.iter().find(|change| key(change) == *wanted);
            match own {
                Some(change) => Some(change.after.text.clone()),
                None if starts => of_first(wanted),
                None => None,
            }
        };
        cases.push(Case {
            when: branch.when.clone(),
            effects: keys.iter().filter_map(|key| Some(effect(key, value(key)?))).collect(),
        });
    }
    cases
}

/// Goes through nested settings, each collection once.
#[derive(Default)]
struct Walk<'a> {
    found: Vec<(&'a str, &'a Value)>,
    met: Met,
}

impl<'a> Walk<'a> {
    fn note(&mut self, setting: &'a str, value: &'a Value, depth: usize) {
        match &value.data {
            Data::Str(_) => self.found.push((setting, value)),
            Data::Dict(dict) if depth > 0 && self.met.is_first(value) => {
                for entry in &dict.entries {
                    self.note(entry.key.as_str().unwrap_or(setting), &entry.value, depth - 1);
                }
            }
            Data::List(items) if depth > 0 && self.met.is_first(value) => {
                for item in items.iter() {
                    self.note(setting, item, depth - 1);
                }
            }
            _ => {}
        }
    }
}
