//! Checks of configurations that a test writes down.

use redproof_core::releases::Pair;
use redproof_core::{CheckInput, Gathered, NamedText, Releases, Report, check, gather};

/// A configuration with what runs it: by default in an environment that is known whole, on the newest
/// releases.
#[derive(Clone)]
pub struct Checking {
    name: String,
    text: String,
    files: Vec<NamedText>,
    variables: Vec<(String, String)>,
    complete: bool,
    releases: Releases,
    now: Option<i64>,
}

impl Checking {
    /// A config of this text, `config.yaml`.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            name: "config.yaml".to_owned(),
            text: text.into(),
            files: vec![],
            variables: vec![],
            complete: true,
            releases: Releases::default(),
            now: None,
        }
    }

    /// Under another name.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// With files that say its environment.
    #[must_use]
    pub fn files<'a>(mut self, files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let named = |(name, text): (&str, &str)| NamedText { name: name.into(), text: text.into() };
        self.files.extend(files.into_iter().map(named));
        self
    }

    /// With variables.
    #[must_use]
    pub fn variables<'a>(
        mut self,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        self.variables.extend(variables.into_iter().map(owned));
        self
    }

    /// In an environment of which more may be set.
    #[must_use]
    pub fn incomplete(self) -> Self {
        Self { complete: false, ..self }
    }

    /// On a LiteLLM release, with the redis-py release that its image ships.
    ///
    /// # Panics
    /// When it is not supported.
    #[must_use]
    pub fn on_litellm(self, litellm: &str) -> Self {
        let releases = Releases::parse(Some(litellm), None).expect("supported");
        Self { releases, ..self }
    }

    /// On two releases.
    ///
    /// # Panics
    /// When one is not supported.
    #[must_use]
    pub fn on(self, litellm: &str, redis_py: &str) -> Self {
        let releases = Releases::parse(Some(litellm), Some(redis_py)).expect("supported");
        Self { releases, ..self }
    }

    /// On a pair that is known.
    #[must_use]
    pub fn on_pair(self, pair: Pair) -> Self {
        self.on(&pair.litellm.to_string(), &pair.redis_py.to_string())
    }

    /// On these, or those that the environment's images name.
    #[must_use]
    pub fn releases(self, releases: Releases) -> Self {
        Self { releases, ..self }
    }

    /// At a time, in seconds since 1970.
    #[must_use]
    pub fn at(self, now: i64) -> Self {
        Self { now: Some(now), ..self }
    }

    /// The environment.
    pub fn gathered(&self) -> Gathered {
        gather(&self.files, &self.variables, self.complete)
    }

    /// What a check looks at, handed to `look`.
    pub fn with<T>(&self, look: impl FnOnce(&CheckInput<'_>) -> T) -> T {
        look(&CheckInput {
            name: &self.name,
            text: &self.text,
            environment: &self.gathered(),
            releases: self.releases,
            now: self.now,
        })
    }

    /// What a check finds.
    pub fn report(&self) -> Report {
        self.with(check)
    }

    /// The codes of what it finds, in order.
    pub fn codes(&self) -> Vec<&'static str> {
        self.report().diagnostics.iter().map(|found| found.code).collect()
    }
}
