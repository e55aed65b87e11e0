//! The pairs that are recorded: `truth/litellm/pairs.txt`.

use std::fmt::Write as _;

use redproof_oracle::{Case, Release};

/// The lists, below the project's folder, that a new release joins where the one before it is in them.
pub(super) const LISTS: [&str; 3] =
    ["truth/litellm/pairs.txt", "truth/litellm/answering.txt", "truth/litellm/servers.txt"];

const LIST: &str = include_str!("../../../truth/litellm/pairs.txt");

/// The pairs that are asked while a Redis answers: `truth/litellm/answering.txt`.
const ANSWERING: &str = include_str!("../../../truth/litellm/answering.txt");

/// The pairs that are asked while real servers answer: `truth/litellm/servers.txt`.
const SERVERS: &str = include_str!("../../../truth/litellm/servers.txt");

/// The pairs that are asked about configurations that nobody chose: `truth/litellm/fresh.txt`.
const FRESH: &str = include_str!("../../../truth/litellm/fresh.txt");

/// A pair, and of how many cases one is asked beside those that all answer; 0 for none.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// The pair.
    pub(super) release: Release,
    one_in: u32,
}

/// Of the cases that every pair answers, one in so many.
const COMMON: u32 = 24;

impl Planned {
    /// A pair that is asked what all pairs are.
    pub(super) fn sample(release: Release) -> Self {
        Self { release, one_in: 0 }
    }

    /// A pair that answers every case.
    pub(super) fn whole(litellm: &str, redis_py: &str) -> Self {
        let release = Release { litellm: litellm.to_owned(), redis_py: redis_py.to_owned() };
        Self { release, one_in: 1 }
    }

    /// Whether the case is asked of the pair. Chosen by the case's own content, so that other
    /// cases come and go without it.
    pub(super) fn asks(&self, case: &Case) -> bool {
        let targeted = case.topic().starts_with("epoch-");
        // The generator's own samples go by the low bits.
        let number = case.number() >> 8;
        let own = self.one_in > 0 && self.own(number).is_multiple_of(self.one_in);
        targeted || own || number.is_multiple_of(COMMON)
    }

    /// Whether the case is asked of the pair while a Redis answers: a smaller sample.
    pub(super) fn asks_answering(&self, case: &Case) -> bool {
        let targeted =
            case.topic().starts_with("epoch-coordination") || case.topic() == "discovery";
        let number = case.number() >> 8;
        targeted
            || self.own(number).is_multiple_of(self.one_in)
            || number.is_multiple_of(2 * COMMON)
    }

    /// Whether the pair answers every case.
    pub(super) fn is_whole(&self) -> bool {
        self.one_in == 1
    }

    /// Each pair asks other cases too.
    fn own(&self, number: u32) -> u32 {
        let Release { litellm, redis_py } = &self.release;
        let bytes = litellm.bytes().chain(redis_py.bytes());
        bytes.fold(number, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into())) >> 3
    }
}

/// All of them, in order.
pub(super) fn planned() -> Result<Vec<Planned>, String> {
    listed(LIST)
}

/// Those that are asked while a Redis answers, in order.
pub(super) fn answering() -> Result<Vec<Planned>, String> {
    listed(ANSWERING)
}

/// Those that are asked while real servers answer, in order.
pub(super) fn servers() -> Result<Vec<Planned>, String> {
    listed(SERVERS)
}

/// Those that are asked about configurations that nobody chose, in order.
pub(super) fn fresh() -> Result<Vec<Planned>, String> {
    listed(FRESH)
}

/// A list with a release added on each redis-py that the release before it is on. It is asked as often as that one is;
/// where that one answers every case of a list that has samples, the sample is enough.
pub(super) fn with_release(list: &str, version: &str, before: &str) -> Result<String, String> {
    let (known, mut text) = (listed(list)?, list.to_owned());
    let has_samples = known.iter().any(|pair| pair.one_in == 0);
    for pair in known.iter().filter(|pair| pair.release.litellm == before) {
        let redis_py = &pair.release.redis_py;
        let release = Release { litellm: version.to_owned(), redis_py: redis_py.clone() };
        if known.iter().all(|pair| pair.release != release) {
            let one_in = if has_samples { 0 } else { pair.one_in };
            // Writing to a String does not fail.
            let _ = writeln!(text, "{version:<12} {redis_py:<6} {one_in}");
        }
    }
    Ok(text)
}

fn listed(list: &str) -> Result<Vec<Planned>, String> {
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let mut pairs = lines
        .map(|line| {
            let wrong = || format!("pairs.txt: {line}");
            let (release, one_in) = line.trim().rsplit_once(' ').ok_or_else(wrong)?;
            let one_in: u32 = one_in.parse().map_err(|_| wrong())?;
            Ok(Planned { release: release.parse().map_err(|_| wrong())?, one_in })
        })
        .collect::<Result<Vec<_>, String>>()?;
    pairs.sort_by(|a, b| a.release.cmp(&b.release));
    if let Some(twice) = pairs.windows(2).find(|two| two[0].release == two[1].release) {
        return Err(format!("pairs.txt names {} twice", twice[0].release));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::{answering, listed, planned, with_release};

    #[test]
    fn a_new_release_is_asked_as_the_one_before_it() {
        let names = |list: &str| -> Vec<(String, u32)> {
            let pairs = listed(list).expect("a list").into_iter();
            pairs.map(|pair| (pair.release.to_string(), pair.one_in)).collect()
        };
        let list = "1.2.3 5.0.0 192\n1.2.3 8.0.0 96\n1.1.0 5.0.0 7\n";
        let longer = with_release(list, "1.2.4", "1.2.3").expect("a list");
        assert_eq!(names(&longer)[3..].iter().map(|(_, n)| *n).collect::<Vec<_>>(), [192, 96]);
        assert_eq!(with_release(&longer, "1.2.4", "1.2.3").expect("a list"), longer);
        let sampled = with_release("1.2.3 5.0.0 1\n1.1.0 5.0.0 0\n", "1.2.4", "1.2.3");
        assert_eq!(names(&sampled.expect("a list")).last().map(|(_, n)| *n), Some(0));
        assert_eq!(with_release(list, "2.0.0", "1.9.9").expect("a list"), list);
    }

    #[test]
    fn the_list_is_readable() {
        let pairs = planned().expect("a list of pairs");
        assert!(pairs.len() >= 30, "{}", pairs.len());
        let pairs = answering().expect("a list of pairs");
        assert!(pairs.len() >= 25, "{}", pairs.len());
    }
}
