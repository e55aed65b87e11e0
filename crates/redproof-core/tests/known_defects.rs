//! Known defects: the page of all of them, and what `compare` says of those that come and go.

use redproof_core::releases::defects::Defect;
use redproof_core::{Comparison, Releases, compare, reference};
use support::Checking;

fn compared(text: &str, from: &str, to: &str) -> Comparison {
    let to = Releases::parse(Some(to), Some("5.3.1")).expect("supported");
    Checking::new(text).on(from, "5.3.1").with(|input| compare(input, to))
}

fn ids(defects: &[&'static Defect]) -> Vec<&'static str> {
    defects.iter().map(|defect| defect.id).collect()
}

const BUFFER: &str = "general_settings: {use_redis_transaction_buffer: true}\nlitellm_settings:\n  cache: true\n  cache_params: {type: redis, host: redis, port: 6379}\n";

/// The clients are the same on both sides; the lock is not.
#[test]
fn an_upgrade_to_a_known_defect_is_not_said_to_change_nothing() {
    let comparison = compared(BUFFER, "1.83.7", "1.84.1");
    assert!(comparison.changes.is_empty(), "{:?}", comparison.changes);
    assert!(ids(&comparison.enter).contains(&"LD30600"), "{:?}", ids(&comparison.enter));
    assert!(ids(&comparison.leave).contains(&"LD21225"), "{:?}", ids(&comparison.leave));
    assert!(comparison.conclusion().contains("brings known defects"));
    assert!(!comparison.fails(), "a known defect advises");
}

#[test]
fn an_upgrade_out_of_a_defect_says_so() {
    let comparison = compared(BUFFER, "1.89.7", "1.90.0");
    assert!(ids(&comparison.leave).contains(&"LD30600"), "{:?}", ids(&comparison.leave));
    assert!(!ids(&comparison.enter).contains(&"LD30600"));
    assert!(!comparison.conclusion().contains("changes nothing"));
}

/// A defect that was fixed in one branch and not in the next comes back with the upgrade.
#[test]
fn a_defect_comes_back_where_the_fix_is_missing() {
    let comparison = compared(BUFFER, "1.84.10", "1.85.0");
    assert!(ids(&comparison.enter).contains(&"LD28247"), "{:?}", ids(&comparison.enter));
    let comparison = compared(BUFFER, "1.86.3", "1.87.0");
    assert!(!ids(&comparison.enter).contains(&"LD28247"), "{:?}", ids(&comparison.enter));
}

/// Where one side does not start, that is what there is to say.
#[test]
fn what_does_not_start_meets_nothing() {
    let comparison = compared(
        "litellm_settings:\n  cache: true\n  cache_params: {type: disk}\n",
        "1.108.0",
        "1.109.0",
    );
    assert!(comparison.enter.is_empty() && comparison.leave.is_empty());
}

#[test]
fn the_pages_are_up_to_date() {
    let pages = [
        ("docs/defects.md", reference::defects::page()),
        ("docs/changes.md", reference::changes::page()),
    ];
    support::hold!(pages);
}
