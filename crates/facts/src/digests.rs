//! Which release an image is that is named by its digest.
//!
//! From public deployments that pin LiteLLM's images by tag and digest at once: `litellm`,
//! `litellm-database` and `litellm-non_root`, the index of all platforms.

use super::Version;

/// So many of a digest's digits are kept: enough to tell these apart from any other.
const DIGITS: usize = 16;

/// Oldest first.
#[rustfmt::skip]
const DIGESTS: &[(Version, &[&str])] = &[
    (Version::new(1, 60, 0), &["d2c08fb25abed9cb"]),
    (Version::new(1, 65, 0), &["d781cd3d736b1bd3"]),
    (Version::new(1, 72, 2), &["5bbd017fd640fd00"]),
    (Version::new(1, 73, 6), &["5637fc426fdf6415"]),
    (Version::new(1, 74, 0), &["5ebd68360d6a047a"]),
    (Version::new(1, 74, 3), &["229665e372493ab0"]),
    (Version::new(1, 74, 7), &["3b02ce9a4b9ed374"]),
    (Version::new(1, 74, 9), &["f78c763d6f228930"]),
    (Version::new(1, 74, 15), &["0bd8fa78278fb5fd"]),
    (Version::new(1, 75, 5), &["ee8ccad518f5c65c"]),
    (Version::new(1, 75, 8), &["dcaafbbe6e0b095a", "eaa381bfd39b56c8"]),
    (Version::new(1, 76, 1), &["222cbb6aa30f3315"]),
    (Version::new(1, 77, 2), &["87cda4b5d772eafa"]),
    (Version::new(1, 77, 3), &["13627afb7b0dd049"]),
    (Version::new(1, 77, 5), &["adcb95b05ce3fbfe"]),
    (Version::new(1, 77, 7), &["cc6255644a325113"]),
    (Version::new(1, 78, 5), &["4c60f6800e82f697"]),
    (Version::new(1, 79, 0), &["169a2446b37d5a02"]),
    (Version::new(1, 79, 1), &["6eb7f8bdc47baf3a"]),
    (Version::new(1, 80, 0), &["0924d5820ce51b3b"]),
    (Version::new(1, 80, 5), &["e9711f484c7c8462"]),
    (Version::new(1, 80, 8), &["9005bc060d495917"]),
    (Version::new(1, 81, 9), &["1ecd7561f7e0349f"]),
    (Version::new(1, 81, 12), &["bbe33922e37bb76a"]),
    (Version::new(1, 81, 14), &["a3ce130137752e6b"]),
    (Version::new(1, 82, 0), &["7acd2fdca2ab3b39"]),
    (Version::new(1, 82, 3), &["b959a1816fa454a1"]),
    (Version::new(1, 83, 3), &["1bc003a50e5c9177"]),
    (Version::new(1, 83, 7), &["44b7a2ac44889134", "af0152ca6dfb6703", "f3cf1864daeea79e"]),
    (Version::new(1, 83, 10), &["2dec2d0228b7ad35", "6c82d338a60e7b27", "e47fce8933ed2534"]),
    (Version::new(1, 83, 14), &["c81eb79cd4333c6c", "d6401c001f90f3ba", "da4ab06d9d57da20"]),
    (Version::new(1, 85, 0), &["62007a403e378246"]),
    (Version::new(1, 85, 1), &["97ce25938fc7f38f"]),
    (Version::new(1, 86, 0), &["d937edeb111140b0"]),
    (Version::new(1, 86, 1), &["0879af13db79ad63"]),
    (Version::new(1, 86, 2), &["511b513bc6895679"]),
    (Version::new(1, 87, 0), &["08e3bb79c5773cab"]),
    (Version::new(1, 87, 1), &["7c0bcf795d2e7563"]),
    (Version::new(1, 88, 0), &["979dd4e19ab559c1", "fe46fd3bc61fcbc3"]),
    (Version::new(1, 88, 1), &["c98c9395c56a35b7", "dbed1149e8b2927a"]),
    (Version::new(1, 89, 0), &["66a108711edea25e", "cdd3fb9a85814bd7"]),
    (Version::new(1, 89, 1), &["30fb2ef6e077f10a", "89ccaccfda9083f7"]),
    (Version::new(1, 89, 2), &["713e2a036aecc8f2", "7a8cd7e903a90878", "8240e9e0037fd01c"]),
    (Version::new(1, 89, 3), &["8f3517476b8293cc", "91d0091929b2a55b", "b398150d008dd36a"]),
    (Version::new(1, 89, 4), &["2cf7711f9e96f9b2", "2dc76c3e37a0c4ee", "afdc3cc37493d4f8"]),
    (Version::new(1, 90, 0), &["3894a70e756d5a74", "7315a3a1573d9ff0", "a50b02a6056095da", "b4b2eb22cfe218d2"]),
    (Version::new(1, 90, 1), &["09d98fd0c82d1a37", "f071690a648982a4", "fc15e199e743c64b"]),
    (Version::new(1, 90, 2), &["19a879f9c4ed466f", "1f92487b838dd0b4", "f3eaaefcd45a75f9"]),
    (Version::new(1, 90, 3), &["98a5a8a4a7925a8b", "9f091622b15c1db6", "e4b91a2de9367ab0"]),
    (Version::new(1, 91, 0), &["078f96272f0c84da", "382702fec7c61859", "6151ddc97c5dc459"]),
    (Version::new(1, 91, 1), &["47afa74b495c8023", "95cbf13e42c95418", "a0952ba673e930ff"]),
    (Version::new(1, 91, 2), &["64696cd89e425c2b", "783af0e7194ab4a8", "f46d672e9d12a84e"]),
    (Version::new(1, 91, 3), &["b6e44a97d551dfaa", "e78b06ded074dfcf"]),
    (Version::new(1, 92, 0), &["4e8b7e8e978907fc", "64d3547e0b131bf4", "9ef6f45bc0104940"]),
    (Version::new(1, 93, 0), &["4f2dcc36fe5d2510", "72360d8bd5602faa", "a1745e629abfb17d", "edf0c9b47c54433d"]),
    (Version::new(1, 94, 0), &["3aae54044ce50376", "467a55498422295f", "65d84a2282137b4d", "8075b09298dc2453"]),
    (Version::new(1, 94, 1), &["28b10a6352967300", "5ece8ef7105b2618", "9c42998e8f82b1f9"]),
    (Version::new(1, 95, 0), &["210eda4b9e56beca", "50e647bd5ee32010", "af7ff0444278be40", "af806882b7a6ced4", "d5233c80ef7e28fd"]),
    (Version::new(1, 96, 0), &["5c6fbd79d36e3c90", "8b64d0fa56273964", "90d8de0ea6fbb3ca"]),
    (Version::new(1, 96, 2), &["154e23bb5f31b1f1", "80e5e92bdcca246c", "f106967e9b4d8f43"]),
    (Version::new(1, 97, 0), &["468c25f35f3e5ec4", "4b3226f4ccd7793d", "e2de74cae0d1f708"]),
    (Version::new(1, 98, 0), &["20b5044b61905537"]),
    (Version::new(1, 100, 0), &["c8756e7b9a61fe45"]),
    (Version::new(1, 104, 2), &["3d88bd757134a00e"]),
];

/// The release of an image with this digest, `sha256:…`; `None` where it is not known.
pub fn release_of_digest(digest: &str) -> Option<Version> {
    let start = digest.trim().strip_prefix("sha256:")?.get(..DIGITS)?;
    DIGESTS.iter().find(|(_, known)| known.contains(&start)).map(|(release, _)| *release)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{DIGESTS, DIGITS, release_of_digest};
    use crate::Version;

    #[test]
    fn each_digest_is_one_release() {
        let all: Vec<&str> = DIGESTS.iter().flat_map(|(_, known)| known.iter().copied()).collect();
        assert!(all.iter().all(|one| one.len() == DIGITS));
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert!(DIGESTS.is_sorted_by_key(|(release, _)| *release));
        let digest = "sha256:468c25f35f3e5ec4e414974f00deab93337b1b4d9953cabcfd3722e59415f834";
        assert_eq!(release_of_digest(digest), Some(Version::new(1, 97, 0)));
        for other in [
            "sha256:468c",
            "468c25f35f3e5ec4e414974f00deab93",
            "",
            "sha256:é",
            "sha256:0123456789abcdef0",
        ] {
            assert_eq!(release_of_digest(other), None, "{other}");
        }
    }
}
