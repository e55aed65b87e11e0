//! What to do about an exception at start-up, from what raised it: a value of the right kind, or none; each is
//! simulated before it is named.

use base::cure::Cure;
use base::finding::Finding;
use base::operation::Operation;
use base::source::{SourceId, Span};
use facts::catalogue::{Kind, Section, find, find_variable};
use python::Origin;
use serde_json::{Value as Json, json};
use simulate::outcome::PyException;

use super::{Check, Context, advice};

/// A text that an exception holds, and the settings without which it is raised: their section's key, and a value.
type Missing = (&'static str, &'static [(&'static str, Sample)]);

/// A value that stands for one of its owner's.
#[derive(Clone, Copy)]
enum Sample {
    True,
    Number,
    Text,
}

impl Sample {
    fn json(self) -> Json {
        match self {
            Self::True => json!(true),
            Self::Number => json!(1),
            Self::Text => json!("value"),
        }
    }
}

static MISSING: &[Missing] = &[
    ("authentication requires TLS", &[("ssl", Sample::True)]),
    ("similarity_threshold must be provided", &[("similarity_threshold", Sample::Number)]),
    ("collection_name must be provided", &[("qdrant_collection_name", Sample::Text)]),
    ("Qdrant url must be provided", &[("qdrant_api_base", Sample::Text)]),
    ("Missing required Valkey", &[("host", Sample::Text), ("port", Sample::Number)]),
    ("needs a connection target", &[("host", Sample::Text)]),
    ("Account URL must be a string", &[("azure_account_url", Sample::Text)]),
    ("only supported with RESP version 3", &[("protocol", Sample::Number)]),
];

/// What only words say: a text that an exception holds, and what to do.
static IN_WORDS: &[(&str, &str)] = &[
    (
        "Config cannot be None or Empty",
        "Write at least one section, such as `model_list` or `litellm_settings`.",
    ),
    ("Keys should be strings", "Put the key in quotes."),
    (
        "is not a valid SemanticCacheScope",
        "Write `key` or `end_user` as `semantic_cache_scope`, or leave it out.",
    ),
    (".[key]\n  Input should be a valid string", "Put the key in quotes."),
    (
        "`db`` querystring option",
        "Write the URL without a database behind the port: a cluster has none but 0.",
    ),
    (
        "does not currently support Unix Domain Socket",
        "Write a `redis://` or `rediss://` URL: a cluster's nodes are reached over the network.",
    ),
    (
        "RedisCluster requires at least one node",
        "Name a node with `host` and `port` in `redis_startup_nodes`, or in REDIS_CLUSTER_NODES where LiteLLM runs.",
    ),
    ("join() argument must be str", "Write the path of a file as text."),
];

/// What is said before what is to be removed.
static BEFORE_REMOVAL: &[(&str, &str)] = &[
    ("Empty module name", NAME_A_CALLBACK),
    ("Could not find module file .py", NAME_A_CALLBACK),
    ("No such file or directory: '.py'", NAME_A_CALLBACK),
];
const NAME_A_CALLBACK: &str = "Correct the name, if it is one of LiteLLM's own; a custom one is written with its module: `my_module.my_handler`.";

/// So many places that play a part are looked at.
const PLACES: usize = 3;

impl Context<'_> {
    /// A finding about an exception, with what cures it; as it is where nothing does that can be tried.
    pub(super) fn cured(&self, check: &Check, found: Finding, exception: &PyException) -> Finding {
        if !self.advises() || found.help.is_some() {
            return found;
        }
        let holds = |cure: &Cure| advice::holds(self, check, &found, cure);
        let mut cures: Vec<Cure> = self.missing(exception).filter(holds).take(1).collect();
        if cures.is_empty() {
            let places = origins(&exception.origins);
            let said = BEFORE_REMOVAL.iter().filter(|(text, _)| exception.message.contains(text));
            cures.extend(said.map(|(_, words)| Cure::Elsewhere { words }));
            cures.extend(places.iter().take(PLACES).flat_map(|origin| self.at(origin, holds)));
        }
        if cures.is_empty() {
            let said = IN_WORDS.iter().find(|(text, _)| exception.message.contains(text));
            cures.extend(said.map(|(_, words)| Cure::Elsewhere { words }));
        }
        if cures.is_empty() {
            cures = self.other_releases(check, &found);
        }
        cures.dedup();
        cures.truncate(2);
        cures.into_iter().fold(found, Finding::cure)
    }

    /// Settings that are to be added, where the exception says that they are missing.
    fn missing(&self, exception: &PyException) -> impl Iterator<Item = Cure> {
        let mut wanted: Vec<(&str, Sample)> = vec![];
        for (text, settings) in MISSING {
            if exception.message.contains(text) {
                wanted.extend(*settings);
            }
        }
        if let Some((_, names)) = exception.message.split_once("authentication requires: ") {
            wanted.extend(names.split(", ").map(|name| (name, Sample::Text)));
        }
        let sections = [Section::CacheParams, Section::CacheKwargs, Section::CoordinationRedis];
        let here = sections.into_iter().filter(|section| self.entry(section.path()).is_some());
        let edits = here.map(|section| {
            let path = |name: &str| format!("{}.{name}", section.path());
            let set = |(name, value): &(&str, Sample)| Operation::Set {
                path: path(name),
                value: value.json(),
            };
            let named: Vec<String> = wanted
                .iter()
                .map(|(name, value)| match value {
                    Sample::True => format!("`{}: true`", path(name)),
                    Sample::Number | Sample::Text => format!("`{}`", path(name)),
                })
                .collect();
            Cure::edit(format!("Set {}.", named.join(" and ")), wanted.iter().map(set).collect())
        });
        let edits: Vec<Cure> = if wanted.is_empty() { vec![] } else { edits.collect() };
        let variables = match wanted.as_slice() {
            [(name, _)] => Some(Cure::Set {
                variable: format!("REDIS_{}", name.to_ascii_uppercase()),
                value: None,
            }),
            _ => None,
        };
        edits.into_iter().chain(variables)
    }

    /// What cures at a place: of the keys around it the innermost that does.
    fn at(&self, origin: &Origin, holds: impl Fn(&Cure) -> bool) -> Vec<Cure> {
        if let Some(variable) = origin.variable()
            && self.environment.get(variable).is_some()
        {
            let unset = Cure::Unset { variable: variable.to_owned() };
            if holds(&unset) {
                return vec![unset];
            }
            // A key that refuses to be unset, too: another value in the variable, or no such key.
            let path = origin.span().and_then(|span| self.keys_around(span).pop());
            let set = path.iter().flat_map(|path| kinds(path)).filter_map(|kind| {
                Some(Cure::Set { variable: variable.to_owned(), value: Some(text(kind)?) })
            });
            return set.chain(path.as_deref().map(removed)).filter(|cure| holds(cure)).collect();
        }
        let Some(span) = origin.span().filter(|span| span.source == SourceId::CONFIG) else {
            return vec![];
        };
        for path in self.keys_around(span).iter().rev() {
            let candidates = kinds(path).into_iter().filter_map(|kind| written(path, kind));
            let cures: Vec<Cure> =
                candidates.chain([removed(path)]).filter(|cure| holds(cure)).collect();
            if !cures.is_empty() {
                return cures;
            }
        }
        vec![]
    }

    /// The paths of the keys that hold a place, from the outermost on, through mappings alone.
    fn keys_around(&self, span: Span) -> Vec<String> {
        let mut paths: Vec<String> = vec![];
        let mut entries = self.entries("");
        loop {
            let holds = entries.iter().find(|entry| {
                let (Some(key), value) = (entry.key.span(), entry.value.span()) else {
                    return false;
                };
                let end = value.map_or(key.end, |value| value.end.max(key.end));
                key.start <= span.start && span.end <= end
            });
            let Some((entry, name)) = holds.and_then(|one| Some((one, one.key.as_str()?))) else {
                return paths;
            };
            let path = match paths.last() {
                Some(outer) => format!("{outer}.{name}"),
                None => name.to_owned(),
            };
            paths.push(path);
            entries = entry.value.as_dict().map_or(&[][..], |dict| &dict.entries);
        }
    }
}

/// What values were made of, those that are written somewhere.
fn origins(all: &[Origin]) -> Vec<&Origin> {
    let mut found = vec![];
    for origin in all {
        match origin {
            Origin::Computed(computed) => found.extend(origins(&computed.from)),
            origin => found.push(origin),
        }
    }
    found
}

/// What a key may take.
fn kinds(path: &str) -> Vec<Kind> {
    let Some((section, name)) = path.rsplit_once('.') else {
        return vec![Kind::Map, Kind::List];
    };
    if Section::at(path).is_some() {
        return vec![Kind::Map];
    }
    let field = match Section::at(section) {
        Some(Section::Environment) => find_variable(name),
        Some(section) => find(name, section),
        None => None,
    };
    field.map(|field| field.kind).into_iter().collect()
}

/// A value of a kind for a key.
fn written(path: &str, kind: Kind) -> Option<Cure> {
    let value = match kind {
        Kind::Bool => json!(true),
        Kind::Int | Kind::Float => json!(1),
        Kind::Str | Kind::Path => json!("value"),
        Kind::Url => json!("redis://localhost:6379"),
        Kind::Choice(names) => json!(names.first()?),
        Kind::List => json!([]),
        Kind::ListOf(names) => json!([names.first()?]),
        Kind::Map => json!({}),
        Kind::Nodes => json!([{ "host": "localhost", "port": 6379 }]),
        Kind::Pairs => json!([["localhost", 26379]]),
        Kind::Json | Kind::Object | Kind::Any => return None,
    };
    let words = format!("Write {} for `{path}`.", kind.words());
    Some(Cure::edit(words, vec![Operation::Set { path: path.to_owned(), value }]))
}

/// What a variable may hold for a kind.
fn text(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Bool => "true",
        Kind::Int | Kind::Float => "1",
        Kind::Url => "redis://localhost:6379",
        Kind::Choice(names) => names.first()?,
        _ => return None,
    })
}

fn removed(path: &str) -> Cure {
    let remove = Operation::Remove { path: path.to_owned() };
    Cure::edit(format!("Remove `{path}`."), vec![remove])
}
