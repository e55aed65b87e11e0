//! Keys and variables that only other releases know: what is said of them, on the releases next to
//! where they came or went.

use redproof_core::catalogue::{Field, Section, fields};
use redproof_core::finding::Finding;
use redproof_core::releases::{Pair, Software, Version};
use support::Checking;

const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n";

fn findings(config: &str, variables: &[(&str, &str)], pair: Pair) -> Vec<Finding> {
    let checking = Checking::new(config).variables(variables.iter().copied()).on_pair(pair);
    checking.report().diagnostics
}

/// The last pair before a field came, or the first after it went; and what must be said there.
fn without(field: &Field) -> Option<(Pair, Pair, String)> {
    let range = field.releases();
    let (releases, name): (&[Version], _) = match range.software {
        Software::Litellm => (Pair::litellm_releases(), "LiteLLM"),
        Software::RedisPy => (Pair::redis_py_releases(), "redis-py"),
    };
    let place = |version: Version| releases.iter().position(|release| *release == version);
    let (lacks, knows, said) = match (range.since, range.until) {
        (Some(since), _) => {
            let at = place(since)?;
            (releases[at.checked_sub(1)?], since, format!("{name} {since} and newer do"))
        }
        (None, Some(until)) => {
            let at = place(until)?;
            (*releases.get(at + 1)?, until, format!("{name} {until} and older do"))
        }
        (None, None) => return None,
    };
    let pair = |version: Version| match range.software {
        Software::Litellm => Pair::parse(&version.to_string(), "5.3.1"),
        Software::RedisPy => Pair::parse("1.109.1", &version.to_string()),
    };
    let pair = |version| pair(version).expect("a supported pair");
    Some((pair(lacks), pair(knows), said))
}

fn fields_of(section: Section) -> impl Iterator<Item = &'static Field> {
    fields().filter(move |field| field.sections.contains(&section) && field.is_writable())
}

fn help(found: &[Finding], code: &str, name: &str) -> Option<String> {
    let of = |one: &&Finding| one.code == code && one.path.ends_with(name);
    found.iter().find(of).map(|one| one.help.clone().unwrap_or_default().into_owned())
}

#[test]
fn a_cache_key_of_other_releases_is_said_to_be_theirs() {
    let mut tried = 0;
    for field in fields_of(Section::CacheParams) {
        let Some((lacks, knows, said)) = without(field) else { continue };
        let config = format!("{CACHE}    {}: x\n", field.name);
        let help_on = |pair| help(&findings(&config, &[], pair), "RP103", field.name);
        let text = help_on(lacks).unwrap_or_else(|| panic!("{} on {lacks:?}", field.name));
        assert!(text.contains(&said), "{} on {lacks:?}: {text}", field.name);
        assert_eq!(help_on(knows), None, "{} on {knows:?}", field.name);
        tried += 1;
    }
    assert!(tried > 30, "{tried}");
}

#[test]
fn a_router_key_of_other_releases_is_said_to_be_theirs() {
    let mut tried = 0;
    for field in fields_of(Section::RouterSettings).filter(|field| field.name != "redis_db") {
        let Some((lacks, knows, said)) = without(field) else { continue };
        let config = format!("router_settings:\n  {}: x\n", field.name);
        let help_on = |pair| help(&findings(&config, &[], pair), "RP201", field.name);
        let text = help_on(lacks).unwrap_or_else(|| panic!("{} on {lacks:?}", field.name));
        assert!(text.contains(&said), "{} on {lacks:?}: {text}", field.name);
        assert_eq!(help_on(knows), None, "{} on {knows:?}", field.name);
        tried += 1;
    }
    assert!(tried > 10, "{tried}");
}

#[test]
fn a_variable_of_other_releases_is_said_to_be_theirs() {
    let own = fields_of(Section::Environment).map(|field| (field, field.name.to_owned()));
    let connection =
        fields_of(Section::CacheKwargs).filter_map(|field| Some((field, field.variable()?)));
    let mut tried = 0;
    for (field, name) in own.chain(connection).filter(|(_, name)| name.starts_with("REDIS_")) {
        let Some((lacks, knows, said)) = without(field) else { continue };
        let name = name.as_str();
        let message = |pair| {
            let found = findings(CACHE, &[(name, "x")], pair);
            found
                .into_iter()
                .find(|one| one.code == "RP208")
                .map(|one| one.help.unwrap_or_default())
        };
        let text = message(lacks).unwrap_or_else(|| panic!("{name} on {lacks:?}"));
        assert!(text.contains(&said), "{name} on {lacks:?}: {text}");
        assert_eq!(message(knows), None, "{name} on {knows:?}");
        tried += 1;
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn no_variable_of_the_catalogue_is_said_to_be_unknown() {
    let pair = Pair::newest();
    let names = redproof_core::catalogue::names(Section::Environment, pair);
    assert!(names.len() > 50, "{names:?}");
    for name in names.iter().filter(|name| name.starts_with("REDIS_")) {
        let found = findings(CACHE, &[(name, "1")], pair);
        assert!(found.iter().all(|one| one.code != "RP208"), "{name}");
    }
}

#[test]
fn a_key_that_no_release_knows_is_no_setting() {
    let found = findings(&format!("{CACHE}    foo: x\n"), &[], Pair::newest());
    let help = help(&found, "RP103", "foo").expect("RP103");
    assert_eq!(help, "Remove the key: LiteLLM has no setting of this name.");
}
