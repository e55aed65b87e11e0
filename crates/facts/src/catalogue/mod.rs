//! Every field that has to do with Redis, and every variable: what it takes, what it does, which
//! releases know it.

mod connection;
mod field;
mod misspellings;
mod schema;
mod settings;
pub mod words;

pub use field::{Field, Kind, Reach, Section};
pub use misspellings::{cache_kwarg, listed, meant, misspellings};
pub use schema::{REFERENCE, helm_values, schema};
pub use settings::CALL_TYPES;

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::Pair;

/// All fields, of all releases. Variables that only repeat a connection setting are left out: see
/// [`Field::variable`].
pub fn fields() -> impl Iterator<Item = &'static Field> {
    [
        connection::FIELDS,
        settings::CACHE,
        settings::ROUTER,
        settings::PROXY_SETTINGS,
        connection::VARIABLES,
    ]
    .into_iter()
    .flatten()
}

/// The fields of a section that a pair of releases knows.
pub fn fields_of(section: Section, pair: Pair) -> impl Iterator<Item = &'static Field> {
    fields().filter(move |field| field.sections.contains(&section) && field.known_to(pair))
}

/// The fields of a section, of all releases.
pub fn all_of(section: Section) -> impl Iterator<Item = &'static Field> {
    fields().filter(move |field| field.sections.contains(&section))
}

/// A field of a section, of any release.
pub fn find(name: &str, section: Section) -> Option<&'static Field> {
    let names = names_of(section);
    let from = names.partition_point(|known| *known.text < *name);
    let same = names[from..].iter().take_while(|known| known.text == name);
    same.filter(|known| !known.repeats).map(|known| known.field).next()
}

/// The field that a variable sets, or the variable's own entry.
pub fn find_variable(name: &str) -> Option<&'static Field> {
    find(name, Section::Environment).or_else(|| {
        let connection = fields().filter(|field| field.sections.contains(&Section::CacheKwargs));
        connection.into_iter().find(|field| field.variable().as_deref() == Some(name))
    })
}

/// A name that a section has in some release.
struct Name {
    text: Cow<'static, str>,
    field: &'static Field,
    /// Whether it is a variable that repeats a connection setting, and has no entry of its own.
    repeats: bool,
}

impl Name {
    fn known_to(&self, pair: Pair) -> bool {
        if self.repeats { self.field.variable_known_to(pair) } else { self.field.known_to(pair) }
    }

    fn is_writable(&self) -> bool {
        self.repeats || self.field.is_writable()
    }
}

/// The names of a section, of all releases; for the environment, the variables that repeat a connection
/// setting too.
fn names_of(section: Section) -> &'static [Name] {
    // Made once: a config of a megabyte may ask for each of its keys.
    static NAMES: LazyLock<[Vec<Name>; Section::ALL.len()]> = LazyLock::new(|| {
        Section::ALL.map(|section| {
            let own = all_of(section).map(|field| Name {
                text: Cow::Borrowed(field.name),
                field,
                repeats: false,
            });
            let mut names: Vec<Name> = own.collect();
            if section == Section::Environment {
                let variables = all_of(Section::CacheKwargs).filter_map(|field| {
                    let text = Cow::Owned(field.variable()?);
                    Some(Name { text, field, repeats: true })
                });
                let variables: Vec<Name> = variables
                    .filter(|variable| names.iter().all(|own| own.text != variable.text))
                    .collect();
                names.extend(variables);
            }
            names.sort_by(|one, other| one.text.cmp(&other.text));
            names
        })
    });
    let at = Section::ALL.iter().position(|one| *one == section);
    at.map_or(&[], |at| &NAMES[at])
}

/// The names of a section that a pair of releases knows, each once; for the environment, the variables
/// that repeat a connection setting too.
pub fn names(section: Section, pair: Pair) -> Vec<&'static str> {
    let known = names_of(section).iter().filter(|name| name.known_to(pair));
    let mut names: Vec<&str> = known.map(|name| &*name.text).collect();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Section, fields, find, find_variable};
    use crate::{DefaultValue, Pair, Version};

    /// Each release, beside the newest of the other.
    fn pairs() -> Vec<Pair> {
        let newest = Pair::newest();
        let litellm = Pair::litellm_releases().iter().map(|litellm| (*litellm, newest.redis_py));
        let redis_py = Pair::redis_py_releases().iter().map(|redis_py| (newest.litellm, *redis_py));
        let parse = |(litellm, redis_py): (Version, Version)| {
            Pair::parse(&litellm.to_string(), &redis_py.to_string()).expect("supported")
        };
        litellm.chain(redis_py).map(parse).collect()
    }

    #[test]
    fn every_parameter_of_every_release_is_listed() {
        for pair in pairs() {
            let cache = pair.litellm_data().cache().expect("Cache");
            for parameter in cache.parameters().filter(|one| one.name != "_backend") {
                assert!(find(parameter.name, Section::CacheParams).is_some(), "{}", parameter.name);
            }
            let router = pair.litellm_data().router().expect("Router");
            for parameter in router.parameters().filter(|one| one.name != "_host") {
                assert!(
                    find(parameter.name, Section::RouterSettings).is_some(),
                    "{}",
                    parameter.name
                );
            }
            for parameter in pair.redis_py_data().redis().parameters() {
                assert!(find(parameter.name, Section::CacheKwargs).is_some(), "{}", parameter.name);
            }
        }
    }

    #[test]
    fn defaults_are_those_of_the_signatures() {
        let written = |default| match default {
            DefaultValue::Bool(value) => Some(value.to_string()),
            DefaultValue::Int(value) => Some(value.to_string()),
            DefaultValue::Float(value) => Some(value.to_string()),
            DefaultValue::Str(value) => Some(value.to_owned()),
            DefaultValue::None | DefaultValue::Object | DefaultValue::Required => None,
        };
        let newest = Pair::newest().litellm_data();
        for (signature, section) in [
            (newest.cache().expect("Cache"), Section::CacheParams),
            (newest.router().expect("Router"), Section::RouterSettings),
        ] {
            for parameter in signature.parameters() {
                if let (Some(default), Some(field)) =
                    (written(parameter.default), find(parameter.name, section))
                {
                    assert_eq!(field.default, default, "{} of {section:?}", parameter.name);
                }
            }
        }
    }

    #[test]
    fn every_field_is_known_to_a_release() {
        for field in fields() {
            assert!(pairs().into_iter().any(|pair| field.known_to(pair)), "{}", field.name);
        }
    }

    #[test]
    fn no_field_is_listed_twice() {
        let mut seen = HashSet::new();
        for field in fields() {
            for section in field.sections {
                assert!(seen.insert((field.name, *section)), "{} in {section:?}", field.name);
            }
        }
    }

    #[test]
    fn meanings_are_sentences() {
        for field in fields() {
            assert!(field.meaning.ends_with('.'), "{}", field.name);
            assert!(field.meaning.len() < 240, "{}", field.name);
        }
    }

    #[test]
    fn variables_that_redis_py_hides_are_not_named() {
        let knows = |litellm, redis_py, name: &str| {
            let pair = Pair::parse(litellm, redis_py).expect("supported");
            super::names(Section::Environment, pair).contains(&name)
        };
        assert!(knows("1.80.0", "5.3.1", "REDIS_SSL"));
        assert!(!knows("1.80.0", "8.1.0", "REDIS_SSL"));
        assert!(knows("1.80.0", "8.1.0", "REDIS_URL"));
        assert!(knows("1.109.1", "8.1.0", "REDIS_SSL"));
    }

    #[test]
    fn variables_lead_to_their_fields() {
        assert_eq!(
            find_variable("REDIS_SSL_CA_CERTS").map(|field| field.name),
            Some("ssl_ca_certs")
        );
        assert_eq!(
            find_variable("REDIS_CLUSTER_NODES").map(|field| field.name),
            Some("REDIS_CLUSTER_NODES")
        );
        assert_eq!(find_variable("REDIS_RETRY"), None);
        assert_eq!(find_variable("REDIS_NAMESPACE"), None, "LiteLLM reads none");
    }
}
