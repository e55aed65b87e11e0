//! Files as people keep them, and what they come to.

use redproof_core::deployment::{Deployment, Deployments, deployments};
use redproof_core::environment::{Lookup, VariableValue};
use redproof_core::source::{LineIndex, SourceId};
use redproof_core::{CheckInput, NamedText, Releases, Report, check};

/// The config beside files that hold none.
pub(crate) const CONFIG: &str = "\
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
";

/// Files by name.
pub(crate) fn files(files: &[(&str, &str)]) -> Vec<NamedText> {
    let file = |(name, text): &(&str, &str)| NamedText {
        name: (*name).to_owned(),
        text: (*text).to_owned(),
    };
    files.iter().map(file).collect()
}

/// What files come to.
pub(crate) fn all(texts: &[(&str, &str)]) -> Deployments {
    deployments(&files(texts))
}

/// The only deployment of files.
pub(crate) fn only(texts: &[(&str, &str)]) -> Deployment {
    let mut found = all(texts);
    let names: Vec<_> = found.found.iter().map(|one| one.name.clone()).collect();
    assert_eq!(found.found.len(), 1, "{names:?} {:?}", found.unclaimed);
    found.found.remove(0)
}

/// What a check says of a deployment.
pub(crate) fn report(deployment: &Deployment, texts: &[(&str, &str)]) -> Report {
    let (name, text) = texts[deployment.config];
    check(&CheckInput {
        name,
        text,
        environment: &deployment.gathered(),
        releases: Releases::default(),
        now: None,
    })
}

/// A variable: its value, `-` where it is not set, `?` where it may be, `?why` where its value is not
/// known; and the line where it is said.
pub(crate) fn variable(deployment: &Deployment, texts: &[(&str, &str)], name: &str) -> String {
    let environment = &deployment.around.environment;
    let set = match environment.lookup(name) {
        Lookup::Absent => return "-".to_owned(),
        Lookup::NotGiven => return "?".to_owned(),
        Lookup::Set(set) => set,
    };
    let value = match &set.value {
        VariableValue::Known(value) => value.reveal().to_owned(),
        VariableValue::Unknown(why) => format!("?{why}"),
    };
    let place = set.span.map_or("nowhere".to_owned(), |span| {
        let (file, text) = match span.source {
            SourceId::CONFIG => texts[deployment.config],
            id => {
                let source = deployment.around.sources.iter().find(|source| source.id == id);
                let source = source.expect("a source of the deployment");
                (source.name.as_str(), source.text.as_str())
            }
        };
        let position = LineIndex::new(text).position(text, span.start);
        format!("{file}:{}", position.line)
    });
    format!("{value} @ {place}")
}

/// The release that is checked.
pub(crate) fn release(report: &Report) -> String {
    report.pair.litellm.to_string()
}
