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
        let text = (to == Belongs::Config).then(|| fenced(&file.text)).flatten();
        Some(Misplaced { file: at, says: says.to_owned(), to, name: name.to_owned(), text })
    })
}

type Found = (&'static str, Belongs, &'static str);

const PEM: Found = ("This holds certificates or keys.", Belongs::Certificates, "pasted.pem");
const ERRORS: Found = ("This is an error message, not a LiteLLM config.", Belongs::Errors, "log");
const LINK: Found = (
    "This is a link. Nothing is fetched from here: paste the file that it leads to.",
    Belongs::Nowhere,
    "",
);
const PLAIN: Found = (
    "This is plain text. A LiteLLM config has sections such as `litellm_settings`.",
    Belongs::Nowhere,
    "",
);
const FENCED: Found =
    ("This is a page with a LiteLLM config in it.", Belongs::Config, "config.yaml");

fn in_config(file: &File) -> Option<Found> {
    let text = &file.text;
    if text.trim_start().starts_with("-----BEGIN ") {
        return Some(PEM);
    }
    if fenced(text).is_some() {
        return Some(FENCED);
    }
    if sort::holds_a_section(text) {
        return None;
    }
    if sets_only(text) {
        let says = "These are environment variables, not a LiteLLM config.";
        return Some((says, Belongs::Environment, ".env"));
    }
    let begins = |key: &str| text.lines().any(|line| line.starts_with(key));
    let environment = |says, name| Some((says, Belongs::Environment, name));
    if begins("kind:") {
        let says = "This is a Kubernetes manifest without a LiteLLM config.";
        return environment(says, "deployment.yaml");
    }
    if begins("services:") {
        return environment("This is a compose file, not a LiteLLM config.", "compose.yaml");
    }
    if begins("FROM ") {
        return environment("This is a Dockerfile, not a LiteLLM config.", "Dockerfile");
    }
    if begins("docker run") || begins("#!") || text.contains("docker run ") {
        return environment("This is a script, not a LiteLLM config.", "run.sh");
    }
    if !environment::pins("requirements.txt", text).is_empty() {
        let says = "This is a requirements file, not a LiteLLM config.";
        return environment(says, "requirements.txt");
    }
    if is_error(text) {
        return Some(ERRORS);
    }
    let line = text.trim();
    let words = line.split_whitespace().count();
    if words == 1 && (line.starts_with("https://") || line.starts_with("http://")) {
        return Some(LINK);
    }
    let says_nothing = !line.is_empty() && !line.contains([':', '{', '[', '#']);
    (says_nothing && words > 1).then_some(PLAIN)
}

/// Whether a text is what a program says when something fails.
fn is_error(text: &str) -> bool {
    text.contains("Traceback (most recent call last)")
        || text.lines().any(|line| {
            let class = line.split(':').next().unwrap_or_default().trim();
            !class.contains(' ') && (class.ends_with("Error") || class.ends_with("Exception"))
        })
}

/// The config between the fences of a page in Markdown.
fn fenced(text: &str) -> Option<String> {
    let mut parts = text.split("\n```");
    let outside = parts.next()?;
    let (outside, first) = match outside.strip_prefix("```") {
        Some(fenced) => ("", Some(fenced)),
        None => (outside, None),
    };
    // What is outside is no config: only a block scalar holds fences.
    if sort::holds_a_section(outside) {
        return None;
    }
    let skipped = usize::from(first.is_some());
    let inner = first.into_iter().chain(parts.skip(skipped).step_by(2));
    let mut texts = inner.filter_map(|part| part.split_once('\n')).map(|(_, inner)| inner);
    texts.find(|inner| sort::begins_a_section(inner)).map(|inner| format!("{}\n", inner.trim_end()))
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
    is_config.then_some(("This is a LiteLLM config.", Belongs::Config, "config.yaml"))
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
            ("docker run -e REDIS_HOST=h litellm\n", "", Some((0, Belongs::Environment))),
            ("FROM python:3.13\nCMD litellm\n", "", Some((0, Belongs::Environment))),
            ("redis.exceptions.ConnectionError: Error 111\n", "", Some((0, Belongs::Errors))),
            ("https://example.com/config.yaml\n", "", Some((0, Belongs::Nowhere))),
            ("how do I cache?\n", "", Some((0, Belongs::Nowhere))),
        ] {
            assert_eq!(found(config, environment), expected, "{config:?} {environment:?}");
        }
    }
    #[test]
    fn a_config_is_taken_out_of_a_page() {
        let inner = |config: &str| {
            let files = vec![File { name: "config.yaml".into(), text: config.into() }];
            misplaced(&Texts { files, ..Texts::default() }).and_then(|one| one.text)
        };
        let page = format!("Mine:\n\n```yaml\n{CONFIG}```\nIt fails.\n");
        assert_eq!(inner(&page).as_deref(), Some(CONFIG));
        assert_eq!(inner(&format!("```\n{CONFIG}```")).as_deref(), Some(CONFIG));
        assert_eq!(inner(&format!("```sh\nls\n```\n{CONFIG}")), None);
        assert_eq!(inner(CONFIG), None);
    }
}
