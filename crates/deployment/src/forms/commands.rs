//! Command lines that deploy LiteLLM without a file of their own: `az containerapp create`, `gcloud run
//! deploy`, `helm upgrade --install`; and the variables that a script fills into them.

use std::collections::HashMap;

use crate::chart::{ChartRelease, ValuesFile};
use crate::environment::Variable;
use base::source::Span;

use super::helm;
use super::images::is_litellm_image;
use super::source;
use crate::model::{Form, Replicas, Sets, Text, Workload, World};
use crate::words::Word;

/// A longer value is no image, host or path.
const LONGEST: usize = 4096;
/// Defaults within defaults are not followed deeper, and no text is filled in further than this.
const DEEPEST: usize = 8;
const MOST: usize = 1 << 16;

/// What a script assigns before.
#[derive(Debug, Default)]
pub(super) struct Assigned {
    /// By name: the value, and whether the surroundings may set another one.
    values: HashMap<String, (String, bool)>,
}

impl Assigned {
    /// The assignments of a script's commands, or of a Makefile's lines.
    pub(super) fn of(commands: &[Vec<Word>]) -> Self {
        let mut assigned = Self::default();
        for command in commands {
            let words: Vec<&str> = command.iter().map(|word| word.text.as_str()).collect();
            match words.as_slice() {
                [name, mark @ (":=" | "::=" | "?=" | "="), value] => {
                    assigned.set(name, value, *mark == "?=");
                }
                ["export" | "readonly" | "local" | "declare", rest @ ..] => assigned.all(rest),
                words => assigned.all(words),
            }
        }
        assigned
    }

    /// Words that are nothing but assignments.
    fn all(&mut self, words: &[&str]) {
        let pairs: Option<Vec<(&str, &str)>> =
            words.iter().map(|word| word.split_once('=')).collect();
        for (name, value) in pairs.into_iter().flatten() {
            let name = name.trim_end_matches([':', '?']);
            self.set(name, value, false);
        }
    }

    fn set(&mut self, name: &str, value: &str, may_differ: bool) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(plain) {
            return;
        }
        let (value, depends) = self.filled(value);
        if value.len() > LONGEST {
            return;
        }
        self.values.insert(name.to_owned(), (value, may_differ || depends));
    }

    /// A text with what is assigned in place of `$NAME`, `${NAME:-default}` and make's `$(NAME)`; whether
    /// another value may be there.
    pub(super) fn filled(&self, text: &str) -> (String, bool) {
        self.filled_in(text, 0)
    }

    fn filled_in(&self, text: &str, depth: usize) -> (String, bool) {
        let (mut out, mut depends, mut rest) = (String::new(), false, text);
        while let Some(at) = rest.find('$').filter(|_| depth < DEEPEST && out.len() < MOST) {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let inside = |open: &str, close: char| {
                let inside = rest.strip_prefix(open)?;
                let end = closing(inside, close)?;
                Some((&inside[..end], open.len() + end + 1))
            };
            let end = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let end = end.map_or(rest.len(), |end| end + 1);
            let (name, length) =
                inside("${", '}').or_else(|| inside("$(", ')')).unwrap_or((&rest[1..end], end));
            let (name, default) = match name.split_once(":-").or_else(|| name.split_once('-')) {
                Some((name, default)) => (name, Some(default)),
                None => (name, None),
            };
            match (self.values.get(name), default) {
                (Some((value, may_differ)), _) => {
                    depends |= may_differ;
                    out.push_str(value);
                }
                (None, Some(default)) => {
                    depends = true;
                    out.push_str(&self.filled_in(default, depth + 1).0);
                }
                (None, None) => {
                    depends = true;
                    out.push_str(&rest[..length]);
                }
            }
            rest = &rest[length..];
        }
        out.push_str(rest);
        (out, depends)
    }

    /// A command's words, filled in: what a variable is set to only where nothing else may be there.
    pub(super) fn fill(&self, command: &[Word]) -> Vec<Word> {
        let word = |word: &Word| {
            let (text, depends) = self.filled(&word.text);
            let sets = word.text.split_once('=').is_some_and(|(name, _)| !name.starts_with('-'));
            match word.expands && !(sets && depends) {
                true => Word { expands: text.contains('$'), text, ..word.clone() },
                false => word.clone(),
            }
        };
        command.iter().map(word).collect()
    }
}

/// Where the bracket closes that was opened before a text.
fn closing(text: &str, close: char) -> Option<usize> {
    let open = if close == '}' { '{' } else { '(' };
    let mut depth = 0_usize;
    // No reference is longer.
    text.char_indices().take(LONGEST).find_map(|(at, c)| match c {
        c if c == close && depth == 0 => Some(at),
        c if c == close => {
            depth -= 1;
            None
        }
        c if c == open => {
            depth += 1;
            None
        }
        _ => None,
    })
}

/// Reads a command that deploys LiteLLM on a platform; whether it is one.
pub(super) fn deploys(file: usize, name: &str, command: &[Word], world: &mut World) -> bool {
    let words: Vec<&str> = command.iter().map(|word| word.text.as_str()).collect();
    let has = |all: &[&str]| all.iter().all(|wanted| words.contains(wanted));
    let platform =
        words.contains(&"containerapp") && (has(&["create"]) || has(&["update"]) || has(&["up"]));
    if platform || has(&["gcloud", "run", "deploy"]) {
        let Some(workload) = container(file, command) else { return false };
        world.workloads.push(workload);
        return true;
    }
    let installs = ["install", "upgrade", "template"].iter().any(|verb| words.contains(verb));
    if words.first().is_some_and(|first| first.rsplit('/').next() == Some("helm")) && installs {
        helm_release(file, name, command, world);
        return true;
    }
    false
}

/// The options of a command, each with its values: `--env-vars A=b C=d`, `--image=x`.
fn options(command: &[Word]) -> Vec<(&str, Vec<(&str, &Word)>)> {
    let mut options: Vec<(&str, Vec<(&str, &Word)>)> = vec![];
    for word in command {
        if word.text.starts_with('-') {
            let (option, value) = match word.text.split_once('=') {
                Some((option, value)) => (option, vec![(value, word)]),
                None => (word.text.as_str(), vec![]),
            };
            options.push((option, value));
        } else if let Some((_, values)) = options.last_mut() {
            values.push((&word.text, word));
        }
    }
    options
}

fn container(file: usize, command: &[Word]) -> Option<Workload> {
    let mut workload = Workload::new(file, Form::Platform, "container");
    workload.whole = false;
    let place = |word: &Word| Some(Span::new(source(file), word.range.start, word.range.end));
    for (option, values) in options(command) {
        let first = values.first();
        match option {
            "--image" => {
                let (text, word) = first?;
                workload.image = Some(Text { text: (*text).to_owned(), span: place(word) });
                workload.span = place(word);
            }
            "-n" | "--name" => first?.0.clone_into(&mut workload.name),
            "--env-vars" | "--set-env-vars" | "--update-env-vars" | "--replace-env-vars" => {
                let pairs = values.iter().flat_map(|(text, word)| {
                    text.split(',').filter_map(move |pair| Some((pair.split_once('=')?, word)))
                });
                for ((name, value), word) in pairs {
                    let unknown = value.contains('$') || value.starts_with("secretref:");
                    let variable = match unknown {
                        true => Variable::unknown("what is filled in where it runs", place(word)),
                        false => Variable::known(value, place(word)),
                    };
                    workload.set(name, variable);
                }
            }
            "--set-secrets" | "--update-secrets" => {
                let names = values.iter().flat_map(|(text, word)| {
                    text.split(',').filter_map(move |pair| Some((pair.split_once('=')?.0, word)))
                });
                for (name, word) in names {
                    let variable = Variable::unknown("a secret of the platform's", place(word));
                    workload.set(name, variable);
                }
            }
            "--env-vars-file" | "--yaml" => {
                let what = format!("{option} {}", first.map_or("", |(text, _)| text));
                workload.sets.push(Sets::Open { what, span: None });
            }
            "--min-replicas" | "--min-instances" => {
                let least = first.and_then(|(text, _)| text.parse().ok());
                workload.replicas = workload.replicas.scaled(Replicas { least, most: None });
            }
            "--max-replicas" | "--max-instances" => {
                let most = first.and_then(|(text, _)| text.parse().ok());
                workload.replicas = workload.replicas.scaled(Replicas { least: None, most });
            }
            "--args" | "--command" => {
                let words = values.iter().flat_map(|(text, _)| text.split(','));
                workload.args.extend(words.map(str::to_owned));
            }
            _ => {}
        }
    }
    workload.host.clone_from(&workload.name);
    is_litellm_image(&workload.image.as_ref()?.text).then_some(workload)
}

/// `helm upgrade --install litellm oci://ghcr.io/berriai/litellm-helm --version 1.84.0 -f values.yaml`
fn helm_release(file: usize, name: &str, command: &[Word], world: &mut World) {
    // Its release is called so too.
    let chart = command.iter().skip(1).find(|word| {
        !word.text.starts_with('-') && word.text.contains("litellm") && word.text.contains('/')
    });
    if chart.is_none() {
        return;
    }
    let (mut values, mut pin) = (vec![], None);
    for (option, given) in options(command) {
        match (option, given.first()) {
            ("-f" | "--values", Some((path, _))) => {
                values.extend(path.split(',').filter_map(|path| ValuesFile::of(name, path)));
            }
            ("--version", Some((version, at))) => {
                let span = Span::new(source(file), at.range.start, at.range.end);
                pin = helm::written_pin(version, Some(span));
            }
            _ => {}
        }
    }
    world.releases.push(ChartRelease { file, title: String::new(), values, pin, source: None });
}

#[cfg(test)]
mod tests {
    use super::Assigned;
    use crate::words::commands;

    #[test]
    fn variables_are_filled_in() {
        let script =
            "TAG=v1.80.0\nexport IMAGE=\"${IMAGE:-litellm:$TAG}\"\nNAME := x\nOTHER ?= y\n";
        let assigned = Assigned::of(&commands(script));
        for (text, filled) in [
            ("a:$TAG", ("a:v1.80.0", false)),
            ("$IMAGE", ("litellm:v1.80.0", true)),
            ("$(NAME)-${OTHER}", ("x-y", true)),
            ("${A:-b}c", ("bc", true)),
            ("$(pwd)/a", ("$(pwd)/a", true)),
            ("$", ("$", true)),
            ("${é", ("${é", true)),
            ("${A:-${TAG}}-x", ("v1.80.0-x", true)),
        ] {
            assert_eq!(assigned.filled(text), (filled.0.to_owned(), filled.1), "{text}");
        }
    }

    #[test]
    fn a_bomb_stays_small() {
        let doubled = (1..64)
            .fold("A0=aaaaaaaa\n".to_owned(), |text, n| format!("{text}A{n}=$A{0}$A{0}\n", n - 1));
        let assigned = Assigned::of(&commands(&doubled));
        assert!(assigned.filled(&"$A9".repeat(100_000)).0.len() < 1 << 20);
        assert!(assigned.filled(&"${a-".repeat(100_000)).1);
    }
}
