//! The packages beside LiteLLM that a cache's class imports: without them, start-up fails.

use facts::Version;

use super::Gathered;
use crate::worked::is_official;

/// The packages, and the extra of LiteLLM's that brings each.
const PACKAGES: [(&str, &str); 2] = [("redisvl", "extra_proxy"), ("diskcache", "caching")];

/// What is known of them.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    /// LiteLLM's own image runs.
    official: bool,
    /// What a file installs.
    named: Vec<&'static str>,
}

impl Installed {
    /// What images and files say.
    pub fn of(gathered: &Gathered) -> Self {
        let names = |(package, extra): &(&'static str, &str)| {
            let extra = format!("litellm[{extra}");
            let mut texts = gathered.sources.iter().map(|source| &source.text);
            texts.any(|text| text.contains(package) || text.contains(&extra)).then_some(*package)
        };
        Self {
            official: gathered.images.iter().any(|image| is_official(&image.name)),
            named: PACKAGES.iter().filter_map(names).collect(),
        }
    }

    /// Whether a package is known to be there, beside a release of LiteLLM.
    pub fn has(&self, package: &str, litellm: Version) -> bool {
        self.named.contains(&package) || (self.official && facts::image_brings(litellm, package))
    }
}
