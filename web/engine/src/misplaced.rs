//! A text that was put into the wrong place: what it is, and where it belongs.

use redproof_core::environment;
use redproof_messages::{Belongs, File, Misplaced, Texts};

use crate::sort;

/// The first text that is in the wrong place. A folder's files are where they are.
pub(crate) fn misplaced(texts: &Texts) -> Option<Misplaced> {
    if texts.folder {
        return None;
    }
    let mut files = (0..).zip(&texts.files);
    files.find_map(|(at, file)| {
        let (says, to, name) = if at == 0 { in_config(file)? } else { in_environment(file)? };
        Some(Misplaced { file: at, says: says.to_owned(), to, name: name.to_owned() })
    })
}

type Found = (&'static str, Belongs, &'static str);

const PEM: Found = ("This holds certificates or keys.", Belongs::Certificates, "pasted.pem");

fn in_config(file: &File) -> Option<Found> {
    let text = &file.text;
    if text.trim_start().starts_with("-----BEGIN ") {
        return Some(PEM);
    }
    if sort::holds_a_section(text) {
        return None;
    }
    if sets_only(text) {
        let says = "These are environment variables, not a config of LiteLLM.";
        return Some((says, Belongs::Environment, ".env"));
    }
    let begins = |key: &str| text.lines().any(|line| line.starts_with(key));
    if begins("kind:") {
        let says = "This is a Kubernetes manifest without a config of LiteLLM in it.";
        return Some((says, Belongs::Environment, "deployment.yaml"));
    }
    if begins("services:") {
        let says = "This is a compose file, not a config of LiteLLM.";
        return Some((says, Belongs::Environment, "compose.yaml"));
    }
    let pins = !environment::pins("requirements.txt", text).is_empty();
    let says = "This is a requirements file, not a config of LiteLLM.";
    pins.then_some((says, Belongs::Environment, "requirements.txt"))
}

fn in_environment(file: &File) -> Option<Found> {
    let text = &file.text;
    if text.trim_start().starts_with("-----BEGIN ") {
        return Some(PEM);
    }
    let is_config =
        !text.lines().any(|line| line.starts_with("kind:") || line.starts_with("services:"))
            && sort::begins_a_section(text)
            && !sets_only(text);
    is_config.then_some(("This is a config of LiteLLM.", Belongs::Config, "config.yaml"))
}

/// Whether every line that says something is `NAME=value`.
fn sets_only(text: &str) -> bool {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sets = |line: &str| {
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.split_once('=').is_some_and(|(name, _)| {
            let mut letters = name.chars();
            letters.next().is_some_and(|one| one.is_ascii_alphabetic() || one == '_')
                && letters.all(|one| one.is_ascii_alphanumeric() || one == '_')
        })
    };
    lines.next().is_some_and(sets) && lines.all(sets)
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Belongs, File, Texts};

    use super::misplaced;

    const CONFIG: &str = "litellm_settings:\n  cache: true\n";
    const PEM: &str = "-----BEGIN CERTIFICATE-----\n";

    fn found(config: &str, environment: &str) -> Option<(u16, Belongs)> {
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", environment)];
        misplaced(&Texts { files, ..Texts::default() }).map(|one| (one.file, one.to))
    }

    #[test]
    fn each_text_is_known_where_it_does_not_belong() {
        let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\n";
        let compose = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0\n";
        for (config, environment, expected) in [
            ("# mine\nREDIS_HOST=h\nexport REDIS_PORT=1\n", "", Some((0, Belongs::Environment))),
            (deployment, "", Some((0, Belongs::Environment))),
            (compose, "", Some((0, Belongs::Environment))),
            (PEM, "", Some((0, Belongs::Certificates))),
            ("", PEM, Some((1, Belongs::Certificates))),
            ("", CONFIG, Some((1, Belongs::Config))),
            (CONFIG, "REDIS_HOST=h\n", None),
            (CONFIG, deployment, None),
            (CONFIG, compose, None),
            ("", "", None),
            ("cache: true\n", "", None),
        ] {
            assert_eq!(found(config, environment), expected, "{config:?} {environment:?}");
        }
    }
}
