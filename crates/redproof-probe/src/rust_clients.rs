//! LiteLLM's Rust clients: which there are, and whose.

use redproof_core::outcome::{Consumer, Native, Outcome};
use serving::sharing::Part;

/// A Rust client.
pub(crate) struct RustClient<'o> {
    pub(crate) consumer: Consumer,
    pub(crate) native: &'o Native,
    /// It is there where its Redis answers at start-up.
    pub(crate) if_reachable: bool,
}

/// All of an Outcome.
pub(crate) fn all(outcome: &Outcome) -> Vec<RustClient<'_>> {
    let fallback = outcome.usage_if_reachable.as_ref().and_then(|one| one.native.as_deref());
    let fallback =
        fallback.map(|native| RustClient { consumer: Consumer::Usage, native, if_reachable: true });
    let one = |native, consumer| RustClient { consumer, native, if_reachable: false };
    let own = outcome.native.as_deref().map(|native| one(native, first(outcome)));
    let router = outcome.router_native.as_deref().map(|native| one(native, Consumer::Router));
    own.into_iter().chain(fallback).chain(router).collect()
}

/// Whose Rust client carries a part of LiteLLM.
pub(crate) fn carrier(outcome: &Outcome, part: Part) -> Consumer {
    let of_router = matches!(part, Part::Cooldowns | Part::Usage);
    match (of_router && outcome.router_native.is_some(), &outcome.usage_if_reachable) {
        (true, _) => Consumer::Router,
        (false, Some(fallback)) if fallback.native.is_some() => Consumer::Usage,
        (false, _) => first(outcome),
    }
}

/// Whose [`Outcome::native`] is: the coordination Redis', or else the router's.
fn first(outcome: &Outcome) -> Consumer {
    let client = outcome.native.as_ref().and_then(|native| native.client.as_ref());
    match (client, &outcome.usage_cache) {
        (Some(client), _) => client.consumer,
        (None, Some(_)) => Consumer::Usage,
        (None, None) => Consumer::Router,
    }
}
