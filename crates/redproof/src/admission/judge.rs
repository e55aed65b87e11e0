//! What a check finds in an object, as it runs with what belongs to it.

use std::path::Path;

use redproof_core::check;
use redproof_core::deployment::looks_like_config;
use redproof_core::finding::Severity;
use redproof_core::visible::visible;
use serde_json::Value as Json;

use crate::input::Surroundings;
use crate::selection::Selection;

/// What is found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    /// Where in the config.
    path: String,
    /// Code, message and the way out.
    pub(super) text: String,
}

impl Found {
    /// Whether another object has it, too.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.code == other.code && self.path == other.path
    }
}

/// Judges objects.
pub(super) struct Judge {
    surroundings: Surroundings,
    selection: Selection,
}

impl Judge {
    pub(super) fn new(surroundings: Surroundings, selection: Selection) -> Self {
        Self { surroundings, selection }
    }

    /// What is found in an object among others: nothing where no LiteLLM config is among them.
    pub(super) fn findings(&self, object: &Json, around: &[Json]) -> Vec<Found> {
        let text = documents(std::iter::once(object).chain(around));
        // A text without a file, as from standard input.
        let nowhere = Path::new("-");
        let mut all: Vec<Found> = vec![];
        for run in self.surroundings.runs(nowhere, &text) {
            if run.environment.config.is_none() && !looks_like_config(&text) {
                continue;
            }
            let mut report = self.surroundings.look(nowhere, &text, &run.environment, check);
            self.selection.apply(&mut report);
            for found in &report.diagnostics {
                let place =
                    if found.path.is_empty() { String::new() } else { format!(" {}:", found.path) };
                let help = found.help.as_deref().map_or(String::new(), |help| format!(" {help}"));
                let one = Found {
                    code: found.code,
                    severity: found.severity,
                    path: found.path.clone(),
                    text: visible(&format!("{}{place} {}{help}", found.code, found.message))
                        .to_string(),
                };
                if !all.iter().any(|known| known.is_same(&one) && known.text == one.text) {
                    all.push(one);
                }
            }
        }
        all
    }
}

/// Objects as people write them. Texts such as a config stand as blocks, where the config's own lines
/// can be told; all else is JSON, which is YAML.
fn documents<'a>(objects: impl Iterator<Item = &'a Json>) -> String {
    let mut text = String::new();
    for object in objects.filter_map(Json::as_object) {
        text.push_str("---\n");
        for (key, value) in object {
            match value.as_object().filter(|_| key == "data") {
                Some(data) if !data.is_empty() => {
                    text.push_str("data:\n");
                    for (name, value) in data {
                        text.push_str(&format!("  {}: ", Json::from(name.as_str())));
                        entry(value, &mut text);
                    }
                }
                // What an API server sends has plain words as keys.
                _ => text.push_str(&format!("{key}: {value}\n")),
            }
        }
    }
    text
}

fn entry(value: &Json, text: &mut String) {
    let is_block = |one: &&str| {
        one.contains('\n') && !one.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t'))
    };
    let Some(block) = value.as_str().filter(is_block) else {
        text.push_str(&format!("{value}\n"));
        return;
    };
    text.push_str("|2+\n");
    for line in block.split_inclusive('\n') {
        text.push_str("    ");
        text.push_str(line);
    }
    if !block.ends_with('\n') {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde_json::{Value as Json, json};

    #[test]
    fn the_list_is_what_the_objects_are() {
        let config = "  a: 1 \n\nb: |\n  x\t\n";
        let object = json!({
            "kind": "ConfigMap", "metadata": {"name": "x: y"},
            "data": {"a\"b": config, "bell": "a\u{7}\nb", "one": "#", "empty": ""},
        });
        let text = super::documents([&object, &json!({"kind": "Pod", "data": {}})].into_iter());
        let mut read = serde_yaml::Deserializer::from_str(&text)
            .map(|one| Json::deserialize(one).expect("YAML"));
        assert_eq!(read.next(), Some(object), "{text}");
        assert_eq!(read.next().expect("a second")["kind"], "Pod");
    }
}
