//! What proxies do otherwise than their files say, for people.

use std::fmt::Write as _;

use redproof_core::drift::Drift;
use redproof_core::visible::visible;

use crate::answer::{Formatter, Human};

impl Formatter<[(&str, Drift)]> for Human {
    fn text(&self, all: &[(&str, Drift)]) -> String {
        all.iter().map(|(proxy, drift)| of_proxy(proxy, drift)).collect()
    }
}

fn of_proxy(proxy: &str, drift: &Drift) -> String {
    let mut said = String::new();
    let mut line = |text: &str| {
        // Writing to a String does not fail; what a server says must not act on the terminal.
        let _ = writeln!(said, "{}", visible(text));
    };
    let release = drift.litellm.as_deref().map_or(String::new(), |one| format!(", LiteLLM {one}"));
    line(&format!("{proxy}{release}"));
    for one in &drift.differences {
        let from = if one.what.contains(", as at ") { "that one says" } else { "the files say" };
        line(&format!("  differs: {}: {from} {}, this proxy {}", one.what, one.files, one.proxy));
    }
    for cause in &drift.causes {
        line(&format!("    perhaps: {cause}"));
    }
    if !drift.same.is_empty() {
        line(&format!("  agrees: {}", drift.same.join(", ")));
    }
    if let Some(run_id) = &drift.run_id {
        line(&format!("  its Redis: run_id {run_id} (`redis-cli info server` shows yours)"));
    }
    if let Some(redis_py) = &drift.redis_py {
        line(&format!("  its redis-py: {redis_py}"));
    }
    for untold in &drift.untold {
        line(&format!("  not reported: {untold}"));
    }
    said
}
