//! How many worker processes LiteLLM starts where nothing says how many.

use super::Version;

/// The default of `--num_workers`, `DEFAULT_NUM_WORKERS_LITELLM_PROXY` in `constants.py`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultWorkers {
    /// So many.
    Number(u64),
    /// `os.cpu_count()`
    OnePerCpu,
}

/// Of a release. It was one, then four, then one for each CPU, four again for one release, and is one since.
pub fn default_workers(litellm: Version) -> DefaultWorkers {
    let from = |minor, patch| litellm >= Version::new(1, minor, patch);
    match (from(76, 2), from(76, 3), from(77, 1), from(77, 2)) {
        (_, _, _, true) | (false, ..) => DefaultWorkers::Number(1),
        (_, true, false, _) => DefaultWorkers::OnePerCpu,
        _ => DefaultWorkers::Number(4),
    }
}

#[cfg(test)]
mod tests {
    use super::{DefaultWorkers, default_workers};
    use crate::Version;

    #[test]
    fn each_release_has_its_own() {
        for (release, default) in [
            ("1.76.1", DefaultWorkers::Number(1)),
            ("1.76.2", DefaultWorkers::Number(4)),
            ("1.76.3", DefaultWorkers::OnePerCpu),
            ("1.77.0", DefaultWorkers::OnePerCpu),
            ("1.77.1", DefaultWorkers::Number(4)),
            ("1.77.2.post1", DefaultWorkers::Number(1)),
            ("1.110.2", DefaultWorkers::Number(1)),
        ] {
            let release = Version::parse(release).expect("a release");
            assert_eq!(default_workers(release), default, "{release}");
        }
    }
}
