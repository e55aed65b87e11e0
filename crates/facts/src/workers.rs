//! How many worker processes LiteLLM starts where nothing says how many.

use super::Version;

/// A number of worker processes: `--num_workers`, `DEFAULT_NUM_WORKERS_LITELLM_PROXY` in `constants.py`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// So many.
    Number(u64),
    /// `os.cpu_count()`
    OnePerCpu,
}

/// Of a release. It was one, then four, then one for each CPU, four again for one release, and is one since.
pub fn default_workers(litellm: Version) -> Workers {
    let from = |minor, patch| litellm >= Version::new(1, minor, patch);
    match (from(76, 2), from(76, 3), from(77, 1), from(77, 2)) {
        (_, _, _, true) | (false, ..) => Workers::Number(1),
        (_, true, false, _) => Workers::OnePerCpu,
        _ => Workers::Number(4),
    }
}

#[cfg(test)]
mod tests {
    use super::{Workers, default_workers};
    use crate::Version;

    #[test]
    fn each_release_has_its_own() {
        for (release, default) in [
            ("1.76.1", Workers::Number(1)),
            ("1.76.2", Workers::Number(4)),
            ("1.76.3", Workers::OnePerCpu),
            ("1.77.0", Workers::OnePerCpu),
            ("1.77.1", Workers::Number(4)),
            ("1.77.2.post1", Workers::Number(1)),
            ("1.110.2", Workers::Number(1)),
        ] {
            let release = Version::parse(release).expect("a release");
            assert_eq!(default_workers(release), default, "{release}");
        }
    }
}
