//! The edges of a rule: configurations with what the rule says of them, and what its fix makes of them.

use super::Example;
use base::finding::Severity;

/// A configuration, and what a rule says of it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The configuration.
    pub example: Example,
    /// How often the rule finds something in it.
    pub times: usize,
    /// What the first finding's message or help says.
    pub says: &'static [&'static str],
    /// What neither says.
    pub says_not: &'static [&'static str],
    /// How bad the first finding is, where the case says so.
    pub severity: Option<Severity>,
    /// The path in the config of the first finding, where the case says so.
    pub path: Option<&'static str>,
    /// What the first finding's fix does, where the case says so.
    pub fix: Option<Fixed>,
}

/// What a finding's fix does.
#[derive(Clone, Copy, Debug)]
pub enum Fixed {
    /// There is none.
    No,
    /// It makes this text of the config.
    To(&'static str),
}

/// A configuration that the rule finds one thing in, on the newest pair.
pub const fn raises(config: &'static str) -> Case {
    Case {
        example: Example::new(config),
        times: 1,
        says: &[],
        says_not: &[],
        severity: None,
        path: None,
        fix: None,
    }
}

/// A configuration that the rule finds nothing in, on the newest pair.
pub const fn silent(config: &'static str) -> Case {
    Case { times: 0, ..raises(config) }
}

impl Case {
    /// With these variables, and no others.
    #[must_use]
    pub const fn env(self, env: &'static str) -> Self {
        Self { example: self.example.env(env), ..self }
    }

    /// With these variables from a Secret.
    #[must_use]
    pub const fn from_secret(self, names: &'static [&'static str]) -> Self {
        Self { example: self.example.from_secret(names), ..self }
    }

    /// With the manifest or compose file that runs it.
    #[must_use]
    pub const fn beside(self, beside: &'static str) -> Self {
        Self { example: self.example.beside(beside), ..self }
    }

    /// On these releases.
    #[must_use]
    pub const fn on(self, litellm: &'static str, redis_py: &'static str) -> Self {
        Self { example: self.example.on(litellm, redis_py), ..self }
    }

    /// On a redis-py release that is only assumed.
    #[must_use]
    pub const fn assumed(self) -> Self {
        Self { example: self.example.assumed(), ..self }
    }

    /// So many findings.
    #[must_use]
    pub const fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// The message or the help says this.
    #[must_use]
    pub const fn says(self, says: &'static [&'static str]) -> Self {
        Self { says, ..self }
    }

    /// Neither the message nor the help says this.
    #[must_use]
    pub const fn says_not(self, says_not: &'static [&'static str]) -> Self {
        Self { says_not, ..self }
    }

    /// As bad as this.
    #[must_use]
    pub const fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }

    /// About this path in the config.
    #[must_use]
    pub const fn path(self, path: &'static str) -> Self {
        Self { path: Some(path), ..self }
    }

    /// Its fix makes this text of the config.
    #[must_use]
    pub const fn fixed(self, config: &'static str) -> Self {
        let fixed = Example::new(config).config;
        Self { fix: Some(Fixed::To(fixed)), ..self }
    }

    /// It has no fix.
    #[must_use]
    pub const fn not_fixed(self) -> Self {
        Self { fix: Some(Fixed::No), ..self }
    }
}

/// Holds a rule to its file's name, its examples and its cases.
#[cfg(test)]
pub(super) fn prove(check: &super::Check, module: &str) {
    let rule = check.rule;
    assert_eq!(rule.name, module.replace('_', "-"), "{}: a file is called as its rule", rule.code);
    let (mut found, _) = ran(&check.failing);
    found.dedup_by_key(|finding| finding.code);
    let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [rule.code], "the failing example raises this rule and no other");
    let (found, starts) = ran(&check.fixed);
    assert!(found.is_empty() && starts, "starts: {starts}, the fixed example raises {found:#?}");
    for case in check.cases {
        prove_case(check, case);
    }
}

/// What all rules find in an example, and whether the proxy starts.
#[cfg(test)]
fn ran(example: &Example) -> (Vec<base::finding::Finding>, bool) {
    let pair = facts::Pair::parse(example.litellm, example.redis_py);
    let (outcome, found) = example.check(pair.expect("an example names a known pair"));
    (found, outcome.startup == simulate::outcome::Startup::Ok)
}

#[cfg(test)]
fn prove_case(check: &super::Check, case: &Case) {
    let Case { example, times, says, says_not, severity, path, fix } = case;
    let config = example.config;
    let (mut found, _) = ran(example);
    found.retain(|finding| check.rule.is_of(finding));
    assert_eq!(found.len(), *times, "how often this is found:\n{config}\n{found:#?}");
    let Some(first) = found.first() else { return };
    let said = format!("{} {}", first.message, first.help.as_deref().unwrap_or_default());
    for text in *says {
        assert!(said.contains(text), "`{text}` is said:\n{config}\n{said}");
    }
    for text in *says_not {
        assert!(!said.contains(text), "`{text}` is not said:\n{config}\n{said}");
    }
    if let Some(severity) = severity {
        assert_eq!(first.severity, *severity, "how bad it is:\n{config}");
    }
    if let Some(path) = path {
        assert_eq!(first.path, *path, "where it is:\n{config}");
    }
    let Some(fix) = fix else { return };
    let offered = fixed(check, example);
    match fix {
        Fixed::No => assert_eq!(offered, None, "there is no fix:\n{config}"),
        Fixed::To(expected) => {
            assert_eq!(offered.as_deref(), Some(*expected), "what the fix makes of:\n{config}");
        }
    }
}

/// The config after the fix that is offered for the rule's first finding.
#[cfg(test)]
fn fixed(check: &super::Check, example: &Example) -> Option<String> {
    let mut gathered = deployment::environment::gather(&[], &[], true);
    gathered.environment = example.environment();
    let report = crate::check(&report::CheckInput {
        name: "config.yaml",
        text: example.config,
        environment: &gathered,
        releases: deployment::release_choice::Releases::parse(
            Some(example.litellm),
            Some(example.redis_py),
        )
        .expect("an example names a known pair"),
        now: None,
    });
    let first = report.diagnostics.iter().find(|finding| check.rule.is_of(finding))?;
    let fix = crate::offered(&report, first)?;
    Some(yaml::patch::apply(example.config, &fix.edits))
}
