//! "Open in the editor": a link after each example that opens it there.
//!
//! An example is a fenced block whose info string says `file=config.yaml`, with the `file=.env`
//! block that follows it; or, on the pages that core writes, a block after `On LiteLLM … with
//! redis-py …:`.

use std::fmt::Write as _;
use std::path::Path;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::{markdown, to_book};

/// What an editor link opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Example {
    pub(crate) config: String,
    pub(crate) env: String,
    pub(crate) litellm: Option<String>,
    pub(crate) redis_py: Option<String>,
    /// Where the link is put: after the last block of the example.
    end: usize,
}

/// Rules whose finding the editor does not show where a link opens their example: it takes no
/// environment for complete, and a link carries no manifest that runs the config.
const OF_THE_COMMAND: [&str; 12] = [
    "RP105", "RP312", "RP720", "RP721", "RP722", "RP723", "RP724", "RP726", "RP727", "RP809",
    "RP810", "RP811",
];

/// A page's text with a link after each example, and a file's name above its block.
pub(crate) fn with_links(path: &Path, text: &str) -> String {
    let link = |example: Example| {
        let fragment = example.fragment();
        let link = format!("<a href=\"{}../{fragment}\">Open in the editor</a>", to_book(path));
        let page = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let but = if OF_THE_COMMAND.contains(&page) {
            " The finding is the command's: <code>redproof check</code>."
        } else {
            ""
        };
        (example.end, format!("\n\n<p class=\"open\">{link}{but}</p>\n"))
    };
    let mut additions: Vec<(usize, String)> = of(text).into_iter().map(link).collect();
    for (event, range) in markdown::events(text) {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event
            && let Some(name) = info.split_whitespace().find_map(|word| word.strip_prefix("file="))
        {
            additions.push((range.start, format!("<p class=\"file\">{name}</p>\n\n")));
        }
    }
    additions.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    let mut linked = text.to_owned();
    for (place, addition) in additions {
        linked.insert_str(place, &addition);
    }
    linked
}

/// The examples of a page.
pub(crate) fn of(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = vec![];
    // Whether more of an example may follow: nothing but a heading or the next example ends it.
    let mut open = false;
    let mut before = String::new();
    let mut block: Option<(String, String)> = None;
    for (event, range) in markdown::events(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => open = false,
            Event::Start(Tag::Paragraph) => before.clear(),
            Event::End(TagEnd::Paragraph) => {
                let secrets = before.strip_prefix("From a Secret: ");
                if let (Some(names), true, Some(example)) = (secrets, open, examples.last_mut()) {
                    example.env = deployment(&example.env, names.trim_end_matches('.'));
                    example.end = range.end;
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                block = Some((info.into_string(), String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                let Some((info, code)) = block.take() else {
                    continue;
                };
                let releases = releases(&before);
                let is = |name: &str| info.split_whitespace().any(|word| word == name);
                if is("file=config.yaml") || releases.is_some() {
                    let (litellm, redis_py) = releases.unwrap_or_default();
                    let config = code;
                    let env = String::new();
                    examples.push(Example { config, env, litellm, redis_py, end: range.end });
                    open = true;
                } else if open
                    && (is("file=.env") || before == "In the environment:")
                    && let Some(example) = examples.last_mut()
                {
                    example.env = code;
                    example.end = range.end;
                }
                before.clear();
            }
            event => {
                if let Some(words) = markdown::plain(event) {
                    match &mut block {
                        Some((_, code)) => code.push_str(&words),
                        None => before.push_str(&words),
                    }
                }
            }
        }
    }
    examples
}

/// The releases that a page's sentence names: `On LiteLLM 1.80.0 with redis-py 5.3.1:`.
fn releases(sentence: &str) -> Option<(Option<String>, Option<String>)> {
    let (litellm, rest) = sentence.strip_prefix("On LiteLLM ")?.split_once(' ')?;
    let redis_py = rest.strip_prefix("with redis-py ").and_then(|rest| rest.strip_suffix(':'));
    Some((Some(litellm.to_owned()), redis_py.map(str::to_owned)))
}

/// The environment as a Deployment has it: these variables from a Secret.
fn deployment(env: &str, names: &str) -> String {
    let mut text = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        \
                    - name: litellm\n          env:\n"
        .to_owned();
    for (name, value) in env.lines().filter_map(|line| line.split_once('=')) {
        text += &format!("            - name: {name}\n              value: \"{value}\"\n");
    }
    for name in names.split(", ") {
        text += &format!(
            "            - name: {name}\n              valueFrom:\n                secretKeyRef:\n\
             \x20                 name: redis\n                  key: {name}\n"
        );
    }
    text
}

impl Example {
    /// What follows the editor's address.
    fn fragment(&self) -> String {
        let mut fragment = format!("#config={}", encoded(&self.config));
        let parts = [
            ("env", Some(&self.env).filter(|env| !env.is_empty())),
            ("litellm", self.litellm.as_ref()),
            ("redis-py", self.redis_py.as_ref()),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                fragment += &format!("&{name}={}", encoded(value));
            }
        }
        fragment
    }
}

/// Percent-encoded: all but letters, digits and `-._~`.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap_or_default();
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use redproof_core::rules::rules;
    use redproof_core::{CheckInput, NamedText, Releases, check, gather};

    use super::{OF_THE_COMMAND, of, with_links};

    #[test]
    fn an_example_has_its_releases_and_its_environment() {
        let text = "# RP1 x\n\n## Fails\n\nOn LiteLLM 1.80.0 with redis-py 5.3.1:\n\n```yaml\na: 1\n```\n\n\
            In the environment:\n\n```sh\nB=2\n```\n\n## Fixed\n\n```sh\nC=3\n```\n";
        let [example] = &of(text)[..] else { panic!("one example") };
        assert_eq!((&*example.config, &*example.env), ("a: 1\n", "B=2\n"));
        assert_eq!(example.litellm.as_deref(), Some("1.80.0"));
        assert_eq!(
            example.fragment(),
            "#config=a%3A%201%0A&env=B%3D2%0A&litellm=1.80.0&redis-py=5.3.1"
        );
    }

    #[test]
    fn a_guide_names_its_files() {
        let text = "```yaml file=config.yaml\na: 1\n```\n\nProse.\n\n```sh file=.env\nB=2\n```\n\n```console\n$ x\n```\n";
        let [example] = &of(text)[..] else { panic!("one example") };
        assert_eq!((&*example.config, &*example.env), ("a: 1\n", "B=2\n"));
        assert_eq!(example.litellm, None);
    }

    #[test]
    fn what_the_editor_does_not_find_is_said() {
        let mut silent = vec![];
        for rule in rules() {
            let file = format!("docs/rules/{}.md", rule.code);
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
            let text = std::fs::read_to_string(root.join(file)).expect("a page for each rule");
            let failing = &of(&text)[0];
            let env = NamedText { name: "environment".to_owned(), text: failing.env.clone() };
            let report = check(&CheckInput {
                name: "config.yaml",
                text: &failing.config,
                environment: &gather(&[env], &[], false),
                releases: Releases::parse(failing.litellm.as_deref(), failing.redis_py.as_deref())
                    .expect("the page names releases"),
                now: None,
            });
            if !report.diagnostics.iter().any(|found| found.code == rule.code) {
                silent.push(rule.code);
            }
        }
        assert_eq!(silent, OF_THE_COMMAND);
        let text = "On LiteLLM 1.80.0 with redis-py 5.3.1:\n\n```yaml\na: 1\n```\n";
        assert!(with_links(Path::new("rules/RP105.md"), text).contains("the command's"));
        assert!(!with_links(Path::new("rules/RP101.md"), text).contains("the command's"));
    }
}
