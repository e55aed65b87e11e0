//! What tells a finding from others in baselines and reports.

use redproof_core::finding::Finding;

/// What tells a finding from others, wherever in its file it is: its rule, its path in the config, and
/// what it says.
pub(crate) fn fingerprint(found: &Finding, file: &str) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let parts = [found.code, file, &found.path, &found.message];
    for byte in parts.iter().flat_map(|part| part.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}
