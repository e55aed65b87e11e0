//! The keys that LiteLLM reads at the top level of its config, in `litellm_settings`, `general_settings` and
//! `router_settings`, Redis or not, with the releases that know them; and what was meant by others.
//!
//! `ProxyConfig.load_config` sets each key of `litellm_settings` as an attribute of the `litellm` module, asks
//! `general_settings` for those that it knows, and hands the router those that `Router.__init__` names. Nothing
//! complains about the rest.

#[rustfmt::skip]
mod data;

use std::borrow::Cow;

use base::spelling::{distance, nearest};

use crate::catalogue::{self, Section};
use crate::version::{Version, v};
use crate::{Pair, ReleaseRange, Software};

/// Where a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The top level: sections.
    Top,
    /// `litellm_settings`
    Litellm,
    /// `general_settings`
    General,
    /// `router_settings`
    Router,
}

/// One key of a place, in releases that follow each other.
#[derive(Clone, Copy, Debug)]
struct Key {
    name: &'static str,
    since: Version,
    until: Version,
}

const OLDEST: Version = v(0, 0, 0, 0);
const NEWEST: Version = v(u16::MAX, 0, 0, 0);

const fn k(name: &'static str, since: Version, until: Version) -> Key {
    Key { name, since, until }
}

/// Names that people write, and that no release reads there, with the one that was meant.
const MISSPELLINGS: &[(Place, &str, &str)] = &[
    (Place::Top, "models", "model_list"),
    (Place::Top, "model", "model_list"),
    (Place::Top, "environment", "environment_variables"),
    (Place::Top, "env", "environment_variables"),
    (Place::Top, "env_vars", "environment_variables"),
    (Place::Top, "settings", "litellm_settings"),
    (Place::Top, "proxy_settings", "general_settings"),
    (Place::Litellm, "params", "cache_params"),
    (Place::Litellm, "cache_parameters", "cache_params"),
    (Place::Litellm, "cache_options", "cache_params"),
    (Place::Litellm, "cache_settings", "cache_params"),
    (Place::Litellm, "cache_config", "cache_params"),
    (Place::Litellm, "cache_args", "cache_params"),
    (Place::Litellm, "redis_params", "cache_params"),
    (Place::Litellm, "redis_settings", "cache_params"),
    (Place::Litellm, "redis", "cache_params"),
    (Place::Litellm, "enable_cache", "cache"),
    (Place::Litellm, "enable_caching", "cache"),
    (Place::Litellm, "use_cache", "cache"),
    (Place::Litellm, "caching", "cache"),
    (Place::General, "redis_transaction_buffer", "use_redis_transaction_buffer"),
    (Place::General, "use_redis_buffer", "use_redis_transaction_buffer"),
    (Place::General, "enable_redis_transaction_buffer", "use_redis_transaction_buffer"),
    (Place::General, "coordination_cache", "coordination_redis"),
    (Place::General, "redis_coordination", "coordination_redis"),
    (Place::General, "db_url", "database_url"),
    (Place::General, "shared_health_check", "use_shared_health_check"),
];

impl Place {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Litellm, Self::General, Self::Router, Self::Top];

    /// Its path in the config; `""` for the top level.
    pub fn path(self) -> &'static str {
        match self {
            Self::Top => "",
            Self::Litellm => "litellm_settings",
            Self::General => "general_settings",
            Self::Router => "router_settings",
        }
    }

    /// As in `… does not read it under router_settings`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Top => "at the top level",
            Self::Litellm => "under `litellm_settings`",
            Self::General => "under `general_settings`",
            Self::Router => "under `router_settings`",
        }
    }

    fn table(self) -> &'static [Key] {
        match self {
            Self::Top => data::TOP_LEVEL,
            Self::Litellm => data::LITELLM_SETTINGS,
            Self::General => data::GENERAL_SETTINGS,
            Self::Router => &[],
        }
    }

    /// The catalogue's section of it.
    pub fn section(self) -> Option<Section> {
        match self {
            Self::Top => None,
            Self::Litellm => Some(Section::LitellmSettings),
            Self::General => Some(Section::GeneralSettings),
            Self::Router => Some(Section::RouterSettings),
        }
    }

    /// Whether any release reads a key of this name here.
    pub fn has(self, name: &str) -> bool {
        self.rows(name).next().is_some()
            || (self == Self::Router && ReleaseRange::of_router_parameter(name).is_some())
    }

    fn rows(self, name: &str) -> impl Iterator<Item = &'static Key> {
        let table = self.table();
        let first = table.partition_point(|key| key.name < name);
        table[first..].iter().take_while(move |key| key.name == name)
    }

    /// Whether a release reads a key of this name here.
    pub fn knows(self, name: &str, pair: Pair) -> bool {
        // What the catalogue describes, it knows better.
        let field = self.section().and_then(|section| catalogue::find(name, section));
        if let Some(field) = field.filter(|field| field.is_writable()) {
            return field.known_to(pair);
        }
        let litellm = litellm_of(pair);
        self.rows(name).any(|key| key.since <= litellm && litellm <= key.until)
    }

    /// The nearest releases that read a key here which this one does not: those after it, else those
    /// before it; `None` where it reads the key, or none does.
    pub fn other_releases(self, name: &str, pair: Pair) -> Option<ReleaseRange> {
        if self.knows(name, pair) {
            return None;
        }
        let litellm = litellm_of(pair);
        let later = self.rows(name).find(|key| key.since > litellm);
        let row = later.or_else(|| self.rows(name).filter(|key| key.until < litellm).last())?;
        let bound = |version: Version, none: Version| (version != none).then_some(version);
        Some(ReleaseRange {
            software: Software::Litellm,
            since: bound(row.since, OLDEST),
            until: bound(row.until, NEWEST),
        })
    }

    /// The key that a name stands for which is known to be written for it, or is it in another spelling.
    pub fn respelled(self, name: &str, pair: Pair) -> Option<&'static str> {
        let row = MISSPELLINGS.iter().find(|(at, written, _)| *at == self && *written == name);
        let listed = row.map(|(_, _, real)| *real);
        let same = || {
            let spelled = spelled(name);
            (spelled != name).then(|| self.names().find(|known| **known == *spelled)).flatten()
        };
        listed.or_else(same).filter(|real| self.knows(real, pair))
    }

    /// The key that few letters tell from a name that is read nowhere.
    pub fn nearest(self, name: &str, pair: Pair) -> Option<&'static str> {
        let spelled = spelled(name);
        let near = |names: &mut dyn Iterator<Item = &'static str>| {
            // What is too far away need not be looked up.
            let near = names.filter(|name| nearest(&spelled, &[*name]).is_some());
            let names: Vec<&str> = near.filter(|name| self.knows(name, pair)).collect();
            let near = nearest(&spelled, &names)?;
            // Among hundreds of names, two letters tell short words apart.
            (near.len() > 8 || distance(&spelled, near) == 1).then_some(near)
        };
        let redis = self.section().into_iter().flat_map(catalogue::all_of).map(|field| field.name);
        near(&mut redis.into_iter()).or_else(|| near(&mut self.names()))
    }

    /// The names of all its keys, of any release.
    fn names(self) -> impl Iterator<Item = &'static str> {
        let router = self.section().filter(|_| self == Self::Router);
        let router =
            router.into_iter().flat_map(catalogue::all_of).filter(|field| field.is_writable());
        self.table().iter().map(|key| key.name).chain(router.map(|field| field.name))
    }
}

/// The release whose rows count.
fn litellm_of(pair: Pair) -> Version {
    pair.litellm_stand_in().unwrap_or(pair.litellm)
}

/// A name as LiteLLM spells keys: `cacheParams`, `cache-params` and `cache:params` are `cache_params`.
pub fn spelled(name: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.bytes().all(plain) {
        return Cow::Borrowed(name);
    }
    let mut spelled = String::with_capacity(name.len() + 2);
    let mut before = '_';
    for letter in name.trim().chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            spelled.push('_');
        }
        spelled.push(match letter {
            '-' | ':' | '.' | ' ' | '/' => '_',
            other => other.to_ascii_lowercase(),
        });
        before = letter;
    }
    Cow::Owned(spelled)
}

/// The other places where LiteLLM reads a key of this name.
pub fn elsewhere(name: &str, not: Place, pair: Pair) -> Vec<Place> {
    let others = Place::ALL.into_iter().filter(|place| *place != not);
    others.filter(|place| place.knows(name, pair)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{MISSPELLINGS, Place, elsewhere, spelled};
    use crate::Pair;

    #[test]
    fn tables_are_in_order() {
        for place in Place::ALL {
            assert!(place.table().is_sorted_by_key(|key| (key.name, key.since)), "{place:?}");
        }
    }

    #[test]
    fn what_is_read_and_where() {
        let newest = Pair::newest();
        for (place, name) in [
            (Place::Top, "model_list"),
            (Place::Top, "litellm_settings"),
            (Place::Top, "include"),
            (Place::Litellm, "cache_params"),
            (Place::Litellm, "drop_params"),
            (Place::Litellm, "success_callback"),
            (Place::Litellm, "default_team_settings"),
            (Place::General, "master_key"),
            (Place::General, "coordination_redis"),
            (Place::General, "pass_through_endpoints"),
            (Place::Router, "redis_host"),
        ] {
            assert!(place.knows(name, newest), "{name} {}", place.words());
        }
        assert!(!Place::General.has("drop_params"));
        assert!(!Place::Litellm.has("litellm_settings"));
        assert_eq!(elsewhere("master_key", Place::Litellm, newest), [Place::General]);
        assert_eq!(elsewhere("routing_strategy", Place::General, newest), [Place::Router]);
    }

    #[test]
    fn releases_bring_keys() {
        let oldest = Pair::parse("1.61.1", "5.3.1").expect("supported");
        let since = |name| {
            let range = Place::General.other_releases(name, oldest)?;
            range.since.map(|since| since.to_string())
        };
        assert_eq!(since("fail_closed_rate_limit_enforcement").as_deref(), Some("1.105.0"));
        assert_eq!(since("master_key"), None);
        assert!(Place::General.knows("fail_closed_rate_limit_enforcement", Pair::newest()));
    }

    #[test]
    fn names_are_made_right() {
        let newest = Pair::newest();
        for (place, written, meant) in [
            (Place::Litellm, "cache-params", "cache_params"),
            (Place::Litellm, "cache:params", "cache_params"),
            (Place::Litellm, "cacheParams", "cache_params"),
            (Place::Litellm, "params", "cache_params"),
            (Place::Litellm, "Cache", "cache"),
            (Place::Top, "litellm-settings", "litellm_settings"),
            (Place::Top, "LITELLM_SETTINGS", "litellm_settings"),
        ] {
            assert_eq!(place.respelled(written, newest), Some(meant), "{written}");
        }
        for (place, written, meant) in [
            (Place::Litellm, "cache_param", "cache_params"),
            (Place::Litellm, "drop_parms", "drop_params"),
            (Place::Top, "litelm_settings", "litellm_settings"),
            (Place::Top, "router_setting", "router_settings"),
            (Place::General, "master_kye", "master_key"),
            (Place::General, "coordination_rediss", "coordination_redis"),
        ] {
            assert_eq!(place.nearest(written, newest), Some(meant), "{written}");
        }
        for (place, written) in [
            (Place::Litellm, "my_callback_settings"),
            (Place::Litellm, "cost_centre"),
            (Place::General, "company"),
            (Place::Top, "x-common"),
            (Place::Top, "redis"),
        ] {
            let found = place.respelled(written, newest).or(place.nearest(written, newest));
            assert_eq!(found, None, "{written}");
        }
    }

    #[test]
    fn each_row_leads_to_a_real_name() {
        let mut seen = HashSet::new();
        for (place, written, real) in MISSPELLINGS {
            assert!(place.knows(real, Pair::newest()), "{real}");
            assert!(seen.insert((place.path(), written)), "{written} twice");
        }
    }

    #[test]
    fn spellings() {
        for (written, name) in [("CacheParams", "cache_params"), ("a b-c", "a_b_c"), ("X", "x")] {
            assert_eq!(spelled(written), name);
        }
    }
}
