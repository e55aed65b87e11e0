//! The texts that a new configuration starts with.

use std::fmt::Write as _;

use serde_json::Value as Json;

use super::field::{Answer, Field, Kind, Place};
use super::write::json;
use super::{Line, System, dotenv};
use facts::{Behaviour, Pair};
use yaml::patch;

/// A new configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// `config.yaml`.
    pub config: String,
    /// `.env`, with placeholders where secrets belong; empty where nothing is needed.
    pub env: String,
}

/// Writes a configuration of a system that this pair of releases takes.
///
/// # Errors
/// Why the releases can't do it. One sentence.
pub fn start(system: System, pair: Pair) -> Result<Started, String> {
    let plan = system.plan();
    if let Some(why) = (plan.refused)(pair) {
        return Err(why);
    }
    let mut config = Sections::default();
    let mut env = String::new();
    for line in plan.lines {
        match line {
            Line::Comment(section, text) => config.comment(section, text),
            Line::Fixed(path, value, comment) => config.line(path, &[(*value).to_owned()], comment),
            Line::Ask(field) if field.is_met(pair) => {
                let answer = field.kind.read(field.default);
                if let (Place::Config(path), Some(value)) = (field.place, json(field, &answer)) {
                    config.value(path, &value, field.comment);
                }
                variable(field, &answer, &mut env);
            }
            Line::Ask(_) => {}
        }
    }
    let router = system.fields().any(|field| field.place == Place::Router);
    if router && !pair.behaves(Behaviour::RouterSharesCoordinationRedis) {
        config.comment("", "On this release the router has a Redis only if it is named here too.");
        for field in system.fields().filter(|field| field.is_met(pair)) {
            let answer = field.kind.read(field.default);
            if let (Some(path), Some(value)) = (field.router, json(field, &answer)) {
                config.value(path, &value, "");
            }
        }
    }
    Ok(Started { config: config.text, env })
}

/// The lines of a field's variable.
fn variable(field: &Field, answer: &Answer, env: &mut String) {
    let line = match (field.kind, field.place, answer) {
        (Kind::Secret, _, Answer::Text(name)) => dotenv::line(name, field.placeholder),
        (_, Place::Variable(name), Answer::Text(value)) => dotenv::line(name, value),
        _ => return,
    };
    if let Some(line) = line {
        // Writing to a String does not fail.
        let _ = writeln!(env, "{}\n{line}", dotenv::comment(field));
    }
}

/// YAML, written from top to bottom.
#[derive(Default)]
struct Sections {
    text: String,
    /// The path of the mapping that the last line is in.
    open: Vec<String>,
}

impl Sections {
    /// Opens the mapping of a path.
    fn enter(&mut self, steps: &[&str]) {
        let same = self.open.iter().zip(steps).take_while(|(open, step)| open == *step).count();
        self.open.truncate(same);
        for step in &steps[same..] {
            if self.open.is_empty() && !self.text.is_empty() && !self.text.ends_with("#\n") {
                self.blank_line();
            }
            let indent = self.indent();
            let _ = writeln!(self.text, "{indent}{step}:");
            self.open.push((*step).to_owned());
        }
    }

    /// A blank line between sections, but not between a comment and what it is about.
    fn blank_line(&mut self) {
        let last = self.text.trim_end().rsplit('\n').next().unwrap_or("");
        if !last.starts_with('#') {
            self.text.push('\n');
        }
    }

    fn indent(&self) -> String {
        "  ".repeat(self.open.len())
    }

    fn comment(&mut self, section: &str, text: &str) {
        let steps: Vec<&str> = section.split('.').filter(|step| !step.is_empty()).collect();
        self.enter(&steps);
        if steps.is_empty() && !self.text.is_empty() {
            self.blank_line();
        }
        let indent = self.indent();
        let _ = writeln!(self.text, "{indent}# {text}");
    }

    /// A key, with its value on the line and on those below.
    fn line(&mut self, path: &str, value: &[String], comment: &str) {
        let mut steps: Vec<&str> = path.split('.').collect();
        let key = steps.pop().unwrap_or(path);
        self.enter(&steps);
        let indent = self.indent();
        let (first, below) =
            value.split_first().map_or(("", value), |(first, below)| (first, below));
        let blank = if first.is_empty() { "" } else { " " };
        let comment = if comment.is_empty() { String::new() } else { format!("  # {comment}") };
        let _ = writeln!(self.text, "{indent}{key}:{blank}{first}{comment}");
        for line in below {
            let _ = writeln!(self.text, "{line}");
        }
    }

    fn value(&mut self, path: &str, value: &Json, comment: &str) {
        let written = match value {
            Json::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
                let indent = 2 * path.split('.').count();
                let mut lines = vec![String::new()];
                for item in items {
                    let item = match item {
                        Json::Object(_) => {
                            patch::lines(&Json::Array(vec![item.clone()]), indent, 2)
                        }
                        _ => vec![format!("{}- {}", " ".repeat(indent), patch::flow(item))],
                    };
                    lines.extend(item);
                }
                lines
            }
            value => vec![patch::flow(value)],
        };
        self.line(path, &written, comment);
    }
}
