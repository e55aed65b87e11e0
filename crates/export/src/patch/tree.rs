//! An overlay in the making: mappings, written as YAML once all is in them.

use std::fmt::Write as _;

use crate::quote::{comment, yaml_name};

/// A mapping, or what stands behind a key.
#[derive(Debug)]
pub(super) enum Tree {
    Map(Vec<Entry>),
    /// Behind the key, on its line: `"6380"`.
    Inline(String),
    /// Lines below the key, one level deeper.
    Lines(Vec<String>),
    /// A block: its mark behind the key, then its lines.
    Block(Vec<String>),
}

#[derive(Debug)]
pub(super) struct Entry {
    key: String,
    about: Option<String>,
    value: Tree,
}

impl Tree {
    /// The mapping at a path of keys, made where it is not there.
    pub(super) fn at(&mut self, path: &[&str]) -> &mut Self {
        let Some((key, rest)) = path.split_first() else { return self };
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(vec![]);
        }
        let Self::Map(entries) = self else { return self };
        let known = entries.iter().position(|entry| entry.key == *key);
        let place = known.unwrap_or_else(|| {
            let (key, value) = ((*key).to_owned(), Self::Map(vec![]));
            entries.push(Entry { key, about: None, value });
            entries.len() - 1
        });
        entries[place].value.at(rest)
    }

    /// Puts a value into the mapping.
    pub(super) fn set(&mut self, key: &str, about: Option<&String>, value: Self) {
        let Self::Map(entries) = self else { return };
        entries.push(Entry { key: key.to_owned(), about: about.cloned(), value });
    }

    pub(super) fn write(&self, pad: &str, out: &mut String) {
        let Self::Map(entries) = self else { return };
        for Entry { key, about, value } in entries {
            if let Some(about) = about {
                let _ = writeln!(out, "{pad}# {}", comment(about));
            }
            let _ = write!(out, "{pad}{}:", yaml_name(key));
            match value {
                Self::Inline(text) => {
                    let _ = writeln!(out, " {text}");
                }
                Self::Map(_) => {
                    out.push('\n');
                    value.write(&format!("{pad}  "), out);
                }
                Self::Lines(lines) => {
                    out.push('\n');
                    written(lines, &format!("{pad}  "), out);
                }
                Self::Block(lines) => {
                    let (mark, rest) =
                        lines.split_first().map_or(("", &[][..]), |(mark, rest)| (mark, rest));
                    let _ = writeln!(out, " {mark}");
                    written(rest, pad, out);
                }
            }
        }
    }

    /// Takes out mappings that came to nothing; whether this one did.
    pub(super) fn prune(&mut self) -> bool {
        let Self::Map(entries) = self else { return false };
        entries.retain_mut(|entry| !entry.value.prune());
        entries.is_empty()
    }
}

fn written(lines: &[String], pad: &str, out: &mut String) {
    for line in lines {
        match line.trim().is_empty() {
            true => out.push('\n'),
            false => {
                let _ = writeln!(out, "{pad}{line}");
            }
        }
    }
}
