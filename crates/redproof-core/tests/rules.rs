//! Each rule's examples: the failing one raises that rule and no other, the mended one does not.

use redproof_core::outcome::Startup;
use redproof_core::reference::rule_pages;
use redproof_core::releases::Pair;
use redproof_core::rules::{Example, RULES};

/// The codes that an example raises, and whether the proxy starts.
fn codes(example: &Example) -> (Vec<&'static str>, bool) {
    let pair =
        Pair::parse(example.litellm, example.redis_py).expect("an example names a known pair");
    let (outcome, found) = example.check(pair);
    let found = found.iter().map(|diagnostic| diagnostic.code).collect();
    (found, outcome.startup == Startup::Ok)
}

#[test]
fn the_failing_example_raises_its_rule_and_no_other() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let (mut found, _) = codes(&rule.failing);
        found.dedup();
        if found != [rule.code] {
            wrong.push(format!("{} {}: {found:?}", rule.code, rule.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_mended_example_starts_and_raises_nothing() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let (found, starts) = codes(&rule.mended);
        if !found.is_empty() || !starts {
            wrong.push(format!("{} {}: {found:?}, starts: {starts}", rule.code, rule.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn codes_and_names_are_unique_and_sorted() {
    let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
}

/// The pages under docs/rules are written from the rules; `REDPROOF_UPDATE=1` writes them again.
#[test]
fn the_pages_are_up_to_date() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let mut pages = vec![("README.md".to_owned(), rule_pages::index())];
    pages.extend(RULES.iter().map(|rule| (format!("{}.md", rule.code), rule_pages::page(rule))));
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let path = folder.join(name);
        if std::env::var_os("REDPROOF_UPDATE").is_some() {
            std::fs::write(&path, text).expect("docs/rules can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            stale.push(name.clone());
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run REDPROOF_UPDATE=1 cargo test -p redproof-core --test rules"
    );
    for rule in RULES {
        let listed = format!("[{0}]({0}.md)", rule.code);
        assert_eq!(pages[0].1.matches(&listed).count(), 1, "{} in the list of rules", rule.code);
    }
    let known = std::fs::read_dir(&folder).expect("docs/rules is there").count();
    assert_eq!(known, pages.len(), "docs/rules holds a page of no rule");
}

/// Without `cache_params`, LiteLLM reads host, port and password by name, on every redis-py.
#[test]
fn variables_that_are_read_by_name_are_not_said_to_be_ignored() {
    let variables = ["REDIS_HOST=redis.svc", "REDIS_PORT=7000", "REDIS_PASSWORD=p", "REDIS_SSL=1"];
    let variables: Vec<(String, String)> = variables
        .iter()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let report = redproof_core::check(&redproof_core::CheckInput {
        name: "config.yaml",
        text: "litellm_settings:\n  cache: true\n",
        environment: &redproof_core::gather(&[], &variables, true),
        releases: redproof_core::Releases::parse(Some("1.80.0"), Some("8.1.0")).expect("supported"),
        now: None,
    });
    let ignored = report.diagnostics.iter().filter(|found| found.code == "RP209");
    let messages: Vec<&str> = ignored.map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["LiteLLM 1.80.0 on redis-py 8.1.0 does not read REDIS_SSL."]);
}
