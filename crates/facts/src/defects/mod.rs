//! Known defects of LiteLLM releases around Redis: which releases, which configurations, what
//! happens, the cure. Each row was read in the wheels on both sides of its bounds.
//!
//! `CONTRIBUTING.md` says how to add one.

mod condition;
mod rows;

use std::fmt;

pub use condition::When;

use crate::Version;
use crate::version::v;

/// What a defect between replicas depends on, where on nothing else.
pub const SEVERAL: &str = "more than one replica runs";

/// A known defect of some LiteLLM releases.
#[derive(Debug)]
pub struct Defect {
    /// `LD30600`: the number of LiteLLM's issue or pull request that tells of it best.
    pub id: &'static str,
    /// `pod-lock-is-never-released`
    pub name: &'static str,
    /// The releases that have it, oldest first.
    pub affected: &'static [Affected],
    /// Which configurations meet it.
    pub when: When,
    /// What it takes beside the configuration, after "if": [`SEVERAL`].
    pub depends: Option<&'static str>,
    /// Whom it concerns.
    pub reach: Reach,
    /// What the operator sees. Markdown.
    pub happens: &'static str,
    /// What to do about it: an imperative.
    pub cure: &'static str,
    /// LiteLLM's issues and pull requests.
    pub references: &'static [Reference],
    /// The function and file that were read, and what differs on the other side. Markdown.
    pub source: &'static str,
}

/// Whom a defect concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The configuration asks for what is broken: worth a finding of its own.
    Asked,
    /// The configuration asks for it, and nothing of it works: an error.
    Breaks,
    /// Every proxy with such a Redis: said where releases are compared, not at each check.
    Any,
}

impl Reach {
    /// Whether the configuration asks for what is broken.
    pub fn is_asked(self) -> bool {
        self != Self::Any
    }
}

/// Releases that have a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affected {
    /// The first one, or the oldest that was read.
    pub since: Version,
    /// The first one without it; `None` while none is known.
    pub until: Option<Version>,
}

impl Affected {
    /// From this release to the one before `until`.
    const fn between(since: Version, until: Version) -> Self {
        Self { since, until: Some(until) }
    }

    /// From this release on.
    const fn since(since: Version) -> Self {
        Self { since, until: None }
    }

    /// Whether a release is among them.
    pub fn holds(&self, release: Version) -> bool {
        self.since <= release && self.until.is_none_or(|until| release < until)
    }
}

/// A thread of LiteLLM's repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// An issue.
    Issue(u32),
    /// A pull request.
    Pull(u32),
}

impl Reference {
    /// Its number.
    pub fn number(self) -> u32 {
        match self {
            Self::Issue(number) | Self::Pull(number) => number,
        }
    }

    /// Its address.
    pub fn url(self) -> String {
        let kind = match self {
            Self::Issue(_) => "issues",
            Self::Pull(_) => "pull",
        };
        format!("https://github.com/BerriAI/litellm/{kind}/{}", self.number())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BerriAI/litellm#{}", self.number())
    }
}

/// From this release on, `parallel_request_limiter_v3` holds rate limits unless
/// `LEGACY_MULTI_INSTANCE_RATE_LIMITING` is true; before, where
/// `EXPERIMENTAL_MULTI_INSTANCE_RATE_LIMITING` is (`proxy/hooks/__init__.py`).
pub const LIMITER_V3_IS_DEFAULT: Version = v(1, 77, 1, 0);

impl Defect {
    /// All that are known, in the order of what they concern.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        rows::ALL.iter().copied().flatten()
    }

    /// The one of this name, for other tables: a name that is not there does not compile.
    ///
    /// # Panics
    ///
    /// Where no row has the name; as all calls are in tables, the compiler's.
    pub const fn known(id: &str) -> &'static Self {
        let mut table = 0;
        while table < rows::ALL.len() {
            let rows = rows::ALL[table];
            let mut row = 0;
            while row < rows.len() {
                if same(rows[row].id, id) {
                    return &rows[row];
                }
                row += 1;
            }
            table += 1;
        }
        panic!("no known defect has this name")
    }

    /// The one of this name: `LD30600`.
    pub fn named(id: &str) -> Option<&'static Self> {
        Self::all().find(|defect| defect.id == id)
    }

    /// Whether a LiteLLM release has it.
    pub fn affects(&self, release: Version) -> bool {
        self.affected.iter().any(|affected| affected.holds(release))
    }
}

/// Whether two texts are equal, for the compiler.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Pair;

    #[test]
    fn rows_are_sound() {
        let oldest = Pair::litellm_releases()[0];
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for defect in Defect::all() {
            let id = defect.id;
            assert!(ids.insert(id) && names.insert(defect.name), "{id}: named twice");
            let number = id.strip_prefix("LD").and_then(|number| number.parse().ok());
            let known = defect.references.iter().any(|one| Some(one.number()) == number);
            assert!(known, "{id}: its number is that of a reference");
            let mut last = None;
            for affected in defect.affected {
                assert!(last.is_none_or(|last| last < Some(affected.since)), "{id}: in order");
                assert!(affected.until.is_none_or(|until| affected.since < until), "{id}: a range");
                assert!(affected.since >= oldest, "{id}: a release that is supported");
                last = Some(affected.until);
            }
            assert!(last.is_some(), "{id}: affects a release");
            for text in [defect.happens, defect.cure, defect.source] {
                assert!(text.ends_with(['.', '"']), "{id}: {text}");
            }
            assert!(!defect.cure.is_empty() && !defect.happens.is_empty(), "{id}");
        }
        assert!(ids.len() >= 60, "{}", ids.len());
    }

    /// `Use LiteLLM 1.90.0 or newer`: that release, and the newest, do not have it.
    #[test]
    fn cures_cure() {
        let newest = Pair::newest().litellm;
        for defect in Defect::all() {
            let named = defect.cure.split("Use LiteLLM ").nth(1);
            let named = named.and_then(|rest| Version::parse(rest.split([' ', ',']).next()?));
            let ends = defect.affected.iter().all(|affected| affected.until.is_some());
            assert!(!ends || named.is_none_or(|named| !defect.affects(named)), "{}", defect.id);
            assert_eq!(defect.affects(newest), !ends, "{}", defect.id);
        }
    }

    #[test]
    fn bounds_are_releases() {
        let known = Pair::litellm_releases();
        for defect in Defect::all() {
            for affected in defect.affected {
                let newest = known.last().copied();
                let is_known = |release| known.contains(&release) || Some(release) > newest;
                assert!(is_known(affected.since), "{} {}", defect.id, affected.since);
                assert!(affected.until.is_none_or(is_known), "{}", defect.id);
            }
        }
    }
}
