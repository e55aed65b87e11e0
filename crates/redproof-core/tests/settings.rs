//! docs/settings.md is the catalogue's.

#[test]
fn the_reference_of_settings_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/settings.md");
    let text = redproof_core::catalogue::page();
    if std::env::var_os("REDPROOF_UPDATE").is_some() {
        std::fs::write(&path, &text).expect("docs/ can be written");
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == text,
        "stale; run REDPROOF_UPDATE=1 cargo test -p redproof-core --test settings"
    );
}
