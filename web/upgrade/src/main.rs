//! What an upgrade changes, as the page shows it. It is a module of its own, so that the page's
//! first load does without.

mod markup;
mod view;

use redproof_core::{CheckInput, NamedText, Releases, compare, gather};
use wasm_bindgen::prelude::wasm_bindgen;

/// Compares what two pairs of releases do with a configuration, and gives the result as HTML. A
/// release that is empty is chosen as `redproof compare` does; `now` is in seconds since 1970.
///
/// # Errors
/// What is wrong with a release number.
#[wasm_bindgen]
#[expect(clippy::too_many_arguments, reason = "JavaScript passes texts")]
pub fn upgrade(
    config: &str,
    environment: String,
    environment_name: String,
    from_litellm: &str,
    from_redis_py: &str,
    to_litellm: &str,
    to_redis_py: &str,
    now: f64,
) -> Result<String, String> {
    let releases = |litellm: &str, redis_py: &str| {
        let given = |release: &str| (!release.is_empty()).then(|| release.to_owned());
        Releases::parse(given(litellm).as_deref(), given(redis_py).as_deref())
            .map_err(|error| error.to_string())
    };
    let files = [NamedText { name: environment_name, text: environment }];
    let given = if files[0].text.trim().is_empty() { &files[..0] } else { &files[..] };
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds")]
    let now = Some(now as i64);
    let input = CheckInput {
        name: "config.yaml",
        text: config,
        environment: &gather(given, &[], false),
        releases: releases(from_litellm, from_redis_py)?,
        now,
    };
    Ok(view::comparison(&compare(&input, releases(to_litellm, to_redis_py)?)))
}

fn main() {}
