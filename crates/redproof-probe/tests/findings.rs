//! The pages under docs/findings are written from the kinds of findings, docs/outcomes.md from the
//! outcomes.

use std::collections::HashSet;

use redproof_core::reference::rule_pages::{index, page};
use redproof_core::rule::Subject;
use redproof_probe::{ProbeOutcome, RULES, outcomes_page};

#[test]
fn the_pages_are_up_to_date() {
    let mut pages = vec![("README.md".to_owned(), index(Subject::Servers, RULES))];
    pages.extend(RULES.iter().map(|rule| (format!("{}.md", rule.code), page(rule))));
    support::hold_folder!("docs/findings", &pages);
    support::hold!([("docs/outcomes.md", outcomes_page())]);
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
