//! The rules' pages and lists are those that are committed.

use redproof_core::reference::rule_pages::{index, page};
use redproof_core::rule::{Rule, Subject};
use redproof_core::{certificate, rules};

/// The pages of some rules, held to a folder of docs; `REDPROOF_UPDATE=1` writes them again.
fn hold(folder: &str, subject: Subject, rules: &[&Rule]) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(folder);
    let list = index(subject, rules);
    for rule in rules {
        assert_eq!(rule.subject, subject, "{}", rule.code);
        let listed = format!("[{0}]({0}.md)", rule.code);
        assert_eq!(list.matches(&listed).count(), 1, "{} in the list of rules", rule.code);
    }
    let mut pages = vec![("README.md".to_owned(), list)];
    pages.extend(rules.iter().map(|rule| (format!("{}.md", rule.code), page(rule))));
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let path = path.join(name);
        if std::env::var_os("REDPROOF_UPDATE").is_some() {
            std::fs::write(&path, text).expect("docs can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            stale.push(name.clone());
        }
    }
    let update = "REDPROOF_UPDATE=1 cargo test -p redproof-core --test rules";
    assert!(stale.is_empty(), "stale: {stale:?}; run {update}");
    let known = std::fs::read_dir(&path).expect("the folder is there").count();
    assert_eq!(known, pages.len(), "docs/{folder} holds a page of no rule");
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
