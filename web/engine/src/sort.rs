//! What a file is.

use redproof_core::deployment::Link;
use redproof_core::environment::{self, Format, Package};
use redproof_messages::{File, FileRole, Sorted};

use crate::joined;
use crate::workspace::releases;

/// The sections that a config of LiteLLM begins with.
const SECTIONS: [&str; 4] =
    ["model_list:", "litellm_settings:", "router_settings:", "general_settings:"];

/// What files are that are to be taken in. Of several, what belongs to their configs is worked out.
pub(crate) fn all(files: &[File]) -> Vec<Sorted> {
    let mut kinds: Vec<Sorted> = files.iter().map(sorted).collect();
    if files.len() < 2 {
        return kinds;
    }
    let (found, places) = joined::found(files.iter().enumerate());
    let place = |file: &usize| places.get(*file).copied();
    let is_config = |kind: &Sorted| matches!(kind, Sorted::Config { .. });
    if found.found.is_empty() && !kinds.iter().any(is_config) {
        return kinds;
    }
    for kind in &mut kinds {
        if !matches!(kind, Sorted::Certificate | Sorted::Config { .. }) {
            *kind = Sorted::Nothing;
        }
    }
    for at in &places {
        if kinds[*at] == Sorted::Nothing {
            kinds[*at] = Sorted::Beside;
        }
    }
    let unclaimed = found.unclaimed.iter().map(|(file, _)| file);
    for at in found.found.iter().flat_map(|one| &one.files).chain(unclaimed).filter_map(place) {
        kinds[at] = Sorted::Environment;
    }
    // A file may hold a config, and what another one runs with.
    for one in &found.found {
        let Some(at) = place(&one.config) else { continue };
        let before = matches!(kinds[at], Sorted::Config { runs: true });
        kinds[at] = Sorted::Config { runs: before || one.link != Link::Alone };
    }
    kinds
}

/// What a file is that is to be taken in.
pub(crate) fn sorted(file: &File) -> Sorted {
    let File { name, text } = file;
    if is_certificate(name, text) {
        return Sorted::Certificate;
    }
    match Format::detect(name, text) {
        Format::Pins => {
            let pins = environment::pins(name, text);
            let release = |package| pins.iter().find(|pin| pin.package == package)?.release.clone();
            let litellm = release(Package::Litellm).filter(|one| releases(one, "").is_ok());
            let redis_py = release(Package::RedisPy).filter(|one| releases("", one).is_ok());
            Sorted::Releases {
                litellm: litellm.unwrap_or_default(),
                redis_py: redis_py.unwrap_or_default(),
            }
        }
        Format::Dotenv if sets_something(text) => Sorted::Environment,
        Format::Dotenv => Sorted::Nothing,
        _ if holds_a_section(text) => Sorted::Config { runs: false },
        _ if concerns(text) => Sorted::Environment,
        _ => Sorted::Nothing,
    }
}

/// Whether a section of a config begins in a line, be it within a manifest.
pub(crate) fn holds_a_section(text: &str) -> bool {
    text.lines().any(|line| SECTIONS.iter().any(|one| line.trim_start().starts_with(one)))
}

/// Whether a text has a section of a config at its margin.
pub(crate) fn begins_a_section(text: &str) -> bool {
    text.lines().any(|line| SECTIONS.iter().any(|one| line.starts_with(one)))
}

/// What a file beside the config is to LiteLLM.
pub(crate) fn role(file: &File) -> FileRole {
    let plain = |role: &str, why: &str| FileRole {
        name: file.name.clone(),
        role: role.to_owned(),
        why: why.to_owned(),
        used: why.is_empty(),
    };
    if file.text.trim().is_empty() {
        return plain("empty", "");
    }
    match Format::detect(&file.name, &file.text) {
        Format::Dotenv | Format::Shell => plain("environment", ""),
        Format::Pins => plain("releases", ""),
        _ if concerns(&file.text) => plain("environment", ""),
        _ => plain("not used", NEITHER),
    }
}

const NEITHER: &str = "It names neither LiteLLM nor Redis.";

/// Why a folder's file is not used; `runs` where something runs the config.
pub(crate) fn unused(file: &File, runs: bool) -> &'static str {
    let says = match Format::detect(&file.name, &file.text) {
        Format::Dotenv | Format::Shell => sets_something(&file.text),
        Format::Pins => true,
        _ => concerns(&file.text),
    };
    match (says, runs) {
        (false, _) => NEITHER,
        (true, true) => "What runs the config does not reference it.",
        (true, false) => "Nothing here runs the config or references this file.",
    }
}

/// Whether a line is `NAME=value`.
fn sets_something(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=').is_some_and(|(name, _)| {
            let name = name.trim();
            let letters = |one: char| one.is_ascii_alphanumeric() || one == '_';
            name.starts_with(|one: char| one.is_ascii_alphabetic() || one == '_')
                && name.chars().all(letters)
        })
    })
}

/// Whether a manifest says something of LiteLLM or of Redis.
fn concerns(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["litellm", "redis", "valkey", "kind: secret", "kind: configmap"]
        .iter()
        .any(|word| lower.contains(word))
}

/// Whether a file holds certificates or keys and nothing else that counts: PEM, a binary form of it, or
/// a Kubernetes Secret of the type for TLS.
fn is_certificate(name: &str, text: &str) -> bool {
    const NAMES: [&str; 8] = [".pem", ".crt", ".cer", ".der", ".key", ".p12", ".pfx", ".jks"];
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|end| name.ends_with(end))
        || text.trim_start().starts_with("-----BEGIN ")
        || is_tls_secret(text)
}

/// A Secret whose `type:` is `kubernetes.io/tls`, in a file without another document.
fn is_tls_secret(text: &str) -> bool {
    let value = |line: &str| {
        let value = line.trim().strip_prefix("type:")?.trim();
        Some(value.trim_matches(['"', '\'']) == "kubernetes.io/tls")
    };
    // PEM begins so, in base64 too.
    let holds_pem = text.contains("-----BEGIN ") || text.contains("LS0tLS1CRUdJTi");
    holds_pem
        && text.lines().any(|line| value(line) == Some(true))
        && !text.lines().any(|line| line.trim_start().starts_with("kind: Deployment"))
}

#[cfg(test)]
mod tests {
    use redproof_messages::{File, Sorted};

    use super::sorted;

    fn sort(name: &str, text: &str) -> Sorted {
        sorted(&File { name: name.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn values_of_a_chart_are_no_certificate_for_a_comment() {
        let values = "image:\n  repository: ghcr.io/berriai/litellm\ningress:\n  annotations: {}\n  \
            # kubernetes.io/tls-acme: \"true\"\nproxy_config:\n  litellm_settings:\n    cache: true\n";
        assert_eq!(sort("values.yaml", values), Sorted::Config { runs: false });
    }

    #[test]
    fn pem_is_a_certificate_and_a_variable_that_holds_it_is_not() {
        assert_eq!(sort("ca.txt", "-----BEGIN CERTIFICATE-----\n"), Sorted::Certificate);
        let env = "CA=\"-----BEGIN CERTIFICATE-----\"\nREDIS_HOST=h\n";
        assert_eq!(sort(".env", env), Sorted::Environment);
    }

    #[test]
    fn pins_name_releases() {
        let expected = Sorted::Releases { litellm: "1.80.0".to_owned(), redis_py: String::new() };
        assert_eq!(sort("requirements.txt", "litellm==1.80.0\nredis==1.0.0\n"), expected);
    }
}
