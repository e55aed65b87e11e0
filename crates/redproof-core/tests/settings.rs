//! docs/settings and docs/variables.md are the catalogue's and the simulation's.

#[test]
fn the_reference_of_settings_is_up_to_date() {
    let pages = redproof_core::reference::settings::pages();
    let (settings, others): (Vec<_>, Vec<_>) =
        pages.into_iter().partition(|(name, _)| name.starts_with("settings/"));
    let inside = |(name, text): (String, String)| (name.replace("settings/", ""), text);
    support::hold_folder!("docs/settings", &settings.into_iter().map(inside).collect::<Vec<_>>());
    assert_eq!(others.len(), 1);
    support::hold!(others.iter().map(|(name, text)| (format!("docs/{name}"), text)));
}
