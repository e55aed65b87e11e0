//! docs/settings and docs/variables.md are the catalogue's and the simulation's; so are the releases that README.md names.

use redproof_core::releases::Pair;

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

#[test]
fn the_readme_names_the_releases() {
    let start = "Every LiteLLM release from ";
    let text = std::fs::read_to_string(support::root().join("README.md")).expect("a file");
    let (before, rest) = text.split_once(start).expect("a sentence on the releases");
    let (_, after) = rest.split_once("; a newer one").expect("the sentence goes on");
    let (litellm, redis_py) = (Pair::litellm_releases(), Pair::redis_py_releases());
    let [oldest, newest] = [litellm[0], litellm[litellm.len() - 1]];
    let [first, last] = [redis_py[0], redis_py[redis_py.len() - 1]];
    let named = format!(
        "{oldest} to {newest} is simulated, on every redis-py release from {first} to {last}"
    );
    support::hold!([("README.md", format!("{before}{start}{named}; a newer one{after}"))]);
}
