//! What a file is.

use redproof_core::certificate;
use redproof_core::environment::{self, Format, Package};
use redproof_messages::{File, FileRole, Sorted};

use crate::workspace::releases;

/// The sections that a config of LiteLLM begins with.
const SECTIONS: [&str; 4] =
    ["model_list:", "litellm_settings:", "router_settings:", "general_settings:"];

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
        _ if text
            .lines()
            .any(|line| SECTIONS.iter().any(|one| line.trim_start().starts_with(one))) =>
        {
            Sorted::Config
        }
        _ if concerns(text) => Sorted::Environment,
        _ => Sorted::Nothing,
    }
}

/// What a file beside the config is to LiteLLM.
pub(crate) fn role(file: &File) -> FileRole {
    let plain = |role: &str, why: &str| FileRole {
        name: file.name.clone(),
        role: role.to_owned(),
        why: why.to_owned(),
    };
    if file.text.trim().is_empty() {
        return plain("empty", "");
    }
    match Format::detect(&file.name, &file.text) {
        Format::Dotenv | Format::Shell => plain("environment", ""),
        Format::Pins => plain("releases", ""),
        _ if concerns(&file.text) => plain("environment", ""),
        _ => plain("not used", "it names neither LiteLLM nor Redis"),
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
    text.lines().any(|line| value(line) == Some(true))
        && !text.lines().any(|line| line.trim_start().starts_with("kind: Deployment"))
        && certificate::read(&[certificate::NamedBytes::new("secret", text)])
            .iter()
            .any(|held| held.loads_certificates() || held.loads_key())
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
        assert_eq!(sort("values.yaml", values), Sorted::Config);
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
