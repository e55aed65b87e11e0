//! The pages under docs/findings are written from the kinds of findings, docs/outcomes.md from the
//! outcomes.

use std::collections::HashSet;
use std::path::Path;

use redproof_core::reference::rule_pages::{index, page};
use redproof_core::rule::Subject;
use redproof_probe::{ProbeOutcome, RULES, outcomes_page};

/// `REDPROOF_UPDATE=1` writes them again.
#[test]
fn the_pages_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/findings");
    let mut pages = vec![("README.md".to_owned(), index(Subject::Servers, RULES))];
    pages.extend(RULES.iter().map(|rule| (format!("{}.md", rule.code), page(rule))));
    let mut stale = Vec::new();
    pages.push(("../outcomes.md".to_owned(), outcomes_page()));
    for (name, text) in &pages {
        let path = folder.join(name);
        if std::env::var_os("REDPROOF_UPDATE").is_some() {
            std::fs::write(&path, text).expect("docs/findings can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            stale.push(name.clone());
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run REDPROOF_UPDATE=1 cargo test -p redproof-probe --test findings"
    );
    let known = std::fs::read_dir(&folder).expect("docs/findings is there").count();
    assert_eq!(known, pages.len() - 1, "docs/findings holds a page of no finding");
}

#[test]
fn all_are_on_servers() {
    assert!(RULES.iter().all(|rule| rule.subject == Subject::Servers));
}

#[test]
fn each_outcome_is_listed_once() {
    let names: HashSet<&str> = ProbeOutcome::ALL.into_iter().map(ProbeOutcome::name).collect();
    assert_eq!(names.len(), ProbeOutcome::ALL.len());
    let last = ProbeOutcome::Other as usize;
    assert_eq!(ProbeOutcome::ALL.len(), last + 1, "an outcome is missing");
}
