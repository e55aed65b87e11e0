//! The rules' pages and lists are those that are committed.

use redproof_core::reference::rule_pages::{index, page};
use redproof_core::rule::{Rule, Subject};
use redproof_core::{certificate, rules};

/// The pages of some rules, held to a folder of docs.
fn hold(folder: &str, subject: Subject, rules: &[&Rule]) {
    let list = index(subject, rules);
    for rule in rules {
        assert_eq!(rule.subject, subject, "{}", rule.code);
        let listed = format!("[{0}]({0}.md)", rule.code);
        assert_eq!(list.matches(&listed).count(), 1, "{} in the list of rules", rule.code);
    }
    let mut pages = vec![("README.md".to_owned(), list)];
    pages.extend(rules.iter().map(|rule| (format!("{}.md", rule.code), page(rule))));
    support::hold_folder!(&format!("docs/{folder}"), &pages);
}

#[test]
fn the_pages_of_rules_are_up_to_date() {
    hold("rules", Subject::Config, &rules::rules().collect::<Vec<_>>());
}

#[test]
fn the_pages_on_certificates_are_up_to_date() {
    hold("certificates", Subject::Certificates, certificate::RULES);
}

#[test]
fn rules_are_sorted_by_code() {
    assert!(rules::rules().is_sorted_by_key(|rule| rule.code));
    assert!(certificate::RULES.is_sorted_by_key(|rule| rule.code));
}
