//! What `explain` says of a proxy that stops after its config is loaded.

use redproof_core::explain;
use support::Checking;

fn refused(config: &str, litellm: &str) -> Option<String> {
    explain(&Checking::new(config).on(litellm, "5.3.1").report(), false).served?.refused
}

#[test]
fn a_master_key_that_stops_the_proxy_is_told() {
    let config = "general_settings:\n  master_key: sk-1234\n";
    let said = refused(config, "1.104.0").expect("it does not start");
    assert!(said.starts_with("UnsafeMasterKeyError") && !said.contains("sk-1234"), "{said}");
    assert_eq!(refused(config, "1.103.0"), None);
    let null = refused("general_settings:\n  master_key:\n", "1.109.1").expect("it does not start");
    assert!(null.contains("no master key is set"), "{null}");
    // Nothing says that there is none.
    assert_eq!(refused("litellm_settings:\n  drop_params: true\n", "1.109.1"), None);
}
