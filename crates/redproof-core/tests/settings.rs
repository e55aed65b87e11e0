//! docs/settings and docs/variables.md are the catalogue's and the simulation's.

#[test]
fn the_reference_of_settings_is_up_to_date() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let pages = redproof_core::reference::settings::pages();
    let mut stale = vec![];
    for (name, text) in &pages {
        let path = docs.join(name);
        if std::env::var_os("REDPROOF_UPDATE").is_some() {
            std::fs::write(&path, text).expect("docs/ can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run REDPROOF_UPDATE=1 cargo test -p redproof-core --test settings"
    );
    let known = std::fs::read_dir(docs.join("settings")).expect("docs/settings is there").count();
    assert_eq!(known, pages.len() - 1, "docs/settings holds a page of no section");
}
