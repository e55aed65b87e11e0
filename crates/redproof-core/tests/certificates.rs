//! The pages of what is found in certificates.

use redproof_core::certificate::{CERTIFICATE_RULES, index, page};

/// The pages under docs/certificates are written from the rules; `REDPROOF_UPDATE=1` writes them again.
#[test]
fn the_pages_are_up_to_date() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/certificates");
    let mut pages = vec![("README.md".to_owned(), index())];
    pages.extend(CERTIFICATE_RULES.iter().map(|rule| (format!("{}.md", rule.code), page(rule))));
    let mut stale = Vec::new();
    for (name, text) in &pages {
        let path = folder.join(name);
        if std::env::var_os("REDPROOF_UPDATE").is_some() {
            std::fs::create_dir_all(&folder).expect("docs can be written");
            std::fs::write(&path, text).expect("docs/certificates can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            stale.push(name.clone());
        }
    }
    let update = "REDPROOF_UPDATE=1 cargo test -p redproof-core --test certificates";
    assert!(stale.is_empty(), "stale: {stale:?}; run {update}");
    let known = std::fs::read_dir(&folder).expect("docs/certificates is there").count();
    assert_eq!(known, pages.len(), "docs/certificates holds a page of no rule");
}

#[test]
fn names_are_unique() {
    let mut names: Vec<&str> = CERTIFICATE_RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CERTIFICATE_RULES.len());
}
