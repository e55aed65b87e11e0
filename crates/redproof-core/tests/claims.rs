//! The page on what LiteLLM's own pages say.

use std::path::Path;

use redproof_core::reference::claims;

/// `REDPROOF_UPDATE=1` writes docs/litellm-pages.md again.
#[test]
fn the_page_of_statements_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/litellm-pages.md");
    let page = claims::page();
    if std::env::var_os("REDPROOF_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("docs can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let command = "REDPROOF_UPDATE=1 cargo test -p redproof-core --test claims";
    assert!(written == page, "docs/litellm-pages.md is stale: run {command}");
}

#[test]
fn many_statements_are_held_and_each_is_shown() {
    let all: Vec<_> = claims::claims().collect();
    assert!(all.len() >= 60, "{}", all.len());
    for claim in all {
        assert!(!claim.shown.is_empty(), "{}", claim.says);
        assert!(claim.says.ends_with('.'), "{}", claim.says);
        assert!(yaml_is_read(claim.config), "{}", claim.config);
    }
}

fn yaml_is_read(config: &str) -> bool {
    support::Checking::new(config).report().document.is_ok()
}
