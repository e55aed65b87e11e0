//! What can be looked up: rules and settings, each with its page of the book.

use redproof_core::catalogue::{Section, fields};
use redproof_core::rules::rules;
use redproof_messages::LookUp;

/// Everything that has a page.
pub(crate) fn pages() -> Vec<LookUp> {
    let rules = rules().map(|rule| LookUp {
        name: format!("{} {}", rule.code, rule.name),
        about: rule.summary.to_owned(),
        page: format!("docs/rules/{}.html", rule.code),
    });
    let settings = fields().filter_map(|field| {
        let section = field.sections.first()?;
        Some(LookUp {
            name: field.name.to_owned(),
            about: section.path().to_owned(),
            page: format!("docs/settings/{}.html", page_of(*section)),
        })
    });
    let variables = fields().filter_map(|field| {
        Some(LookUp {
            name: field.variable()?,
            about: format!("variable for `{}`", field.name),
            page: "docs/variables.html".to_owned(),
        })
    });
    rules.chain(settings).chain(variables).collect()
}

/// The last part of a section's path is its page's name.
fn page_of(section: Section) -> &'static str {
    match section {
        Section::Environment => "environment",
        other => other.path().rsplit('.').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::pages;

    #[test]
    fn each_page_is_in_the_book() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let all = pages();
        assert!(all.iter().any(|one| one.name == "REDIS_HOST"));
        assert!(all.iter().any(|one| one.name.starts_with("RP301 ")));
        for one in all {
            let page = docs.join(one.page.replace(".html", ".md"));
            assert!(page.is_file(), "{} of {}", one.page, one.name);
        }
    }
}
