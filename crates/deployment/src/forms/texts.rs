//! Files that other files write: a script's `cat > litellm.service <<EOF`, Ansible's `blockinfile` and
//! `copy`, cloud-init's `write_files`. Each is read as a file of its own, at its place in the other one.

use std::ops::Range;

use crate::environment::{Note, Variable, VariableValue};
use crate::heredoc::{self, HereDoc};
use crate::intake::{self, Doc, looks_like_config};
use crate::manifest::blank_outside;
use crate::model::{Config, Copied, Sets, Workload, World};
use crate::paths;
use crate::tree::{at, entries, items, text};
use base::source::Span;
use python::Value;

use super::{Read, source, unit};

/// A text that one file writes into another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The file that holds the text.
    pub(super) file: usize,
    /// Where it is written to.
    pub(super) path: String,
    /// The text's bytes.
    pub(super) range: Range<usize>,
    /// A shell or a template fills in what has a `$` or `{{`.
    pub(super) filled: bool,
}

/// The here-documents of a script that go to a file.
pub(super) fn heredocs(file: usize, text: &str) -> Vec<Written> {
    let all = heredoc::all(text).into_iter();
    all.map(|HereDoc { path, range, filled }| Written { file, path, range, filled }).collect()
}

/// What the tasks of a playbook or the `write_files` of a cloud-init file write.
pub(super) fn of_tasks(file: usize, doc: &Doc<'_>) -> Vec<Written> {
    let mut found = vec![];
    let mut add = |path: Option<&str>, content: Option<&Value>| {
        let (Some(path), Some(content)) = (path, content) else { return };
        let Some(range) = doc.literal(content) else { return };
        let filled = doc.written_at(&range).is_some_and(|text| text.contains("{{"));
        found.push(Written { file, path: path.to_owned(), range, filled });
    };
    for file in items(at(&doc.root, &["write_files"])) {
        add(text(file, "path"), at(file, &["content"]));
    }
    let listed = items(Some(&doc.root)).iter();
    let plays = listed.clone().flat_map(|play| {
        ["tasks", "pre_tasks", "post_tasks", "block"].map(|key| items(at(play, &[key]))).concat()
    });
    for task in listed.cloned().chain(plays) {
        for entry in entries(Some(&task)) {
            let module = entry.key.as_str().unwrap_or("");
            match module.rsplit('.').next() {
                Some("blockinfile") => {
                    let path = text(&entry.value, "path").or_else(|| text(&entry.value, "dest"));
                    add(path, at(&entry.value, &["block"]));
                }
                Some("copy") => add(text(&entry.value, "dest"), at(&entry.value, &["content"])),
                _ => {}
            }
        }
    }
    found
}

/// The files of a set that may write others.
pub(super) fn may_write(name: &str, text: &str) -> bool {
    match paths::extension(name) {
        "yaml" | "yml" => {
            text.contains("blockinfile")
                || text.contains("write_files")
                || text.contains("content: |")
        }
        _ => text.contains("<<"),
    }
}

/// Reads one; of YAML that is no config, the documents.
pub(super) fn read<'t>(
    written: &Written,
    masked: &'t str,
    name: &'t str,
    world: &mut World,
) -> Option<Read<'t>> {
    let Written { file, path, range, filled } = written;
    let body = &masked[range.clone()];
    let before = world.workloads.len();
    match paths::extension(path) {
        "service" | "container" => unit::read(*file, path, masked, world),
        "yaml" | "yml" if looks_like_config(body) => {
            let words = format!("the text that is written to {path}");
            world.configs.push(Config { file: *file, range: Some(range.clone()), words });
            let target = path.clone();
            let file = world.paths.get(*file).map_or_else(String::new, ToString::to_string);
            world.copies.push(Copied { target, file, range: Some(range.clone()) });
        }
        "yaml" | "yml" | "json" => {
            let mut notes: Vec<Note> = vec![];
            let docs = intake::documents(source(*file), name, masked, &mut notes);
            return Some(Read { index: *file, name, docs, notes: vec![] });
        }
        _ => {}
    }
    if *filled {
        unknown_where_filled(world, before);
    }
    None
}

/// What a shell fills in is not known.
pub(super) fn unknown_where_filled(world: &mut World, from: usize) {
    let is_filled = |text: &str, _| text.contains('$') || text.contains("{{");
    make_unknown(world.workloads.get_mut(from..).unwrap_or_default(), is_filled);
}

/// The same of what was read of a text together with other files: compose's services.
pub(super) fn unknown_in(written: &Written, world: &mut World) {
    let inside = |span: Span| {
        span.source == source(written.file) && written.range.contains(&span.range().start)
    };
    make_unknown(&mut world.workloads, |text, span: Option<Span>| {
        span.is_some_and(inside) && text.contains(['$', '`'])
    });
}

/// Makes unknown the variables whose values something fills in.
fn make_unknown(workloads: &mut [Workload], is_filled: impl Fn(&str, Option<Span>) -> bool) {
    for set in workloads.iter_mut().flat_map(|workload| &mut workload.sets) {
        let Sets::Variable(_, variable) = set else { continue };
        let VariableValue::Known(value) = &variable.value else { continue };
        if is_filled(value.reveal(), variable.span) {
            *variable = Variable::unknown("what is filled in where it is written", variable.span);
        }
    }
}

/// The whole file with all but the text blanked.
pub(super) fn masked(written: &Written, text: &str) -> String {
    blank_outside(text, &written.range)
}

/// The name under which it is read: in the folder of the file that holds it.
pub(super) fn name(written: &Written, holder: &str) -> String {
    paths::join(paths::folder(holder), paths::file_name(&written.path))
}
