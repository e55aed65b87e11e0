//! Ansible's `copy` and `template`: which file of a role comes where on the host.

use crate::intake::Doc;
use python::Value;

use crate::model::{Copied, World};
use crate::paths;
use crate::tree::{at, items};

/// Reads the tasks of a list.
pub(super) fn read(name: &str, doc: &Doc<'_>, world: &mut World) {
    for task in items(Some(&doc.root)) {
        for (module, folder) in [("template", "templates"), ("copy", "files")] {
            let long = format!("ansible.builtin.{module}");
            let Some(task) = at(task, &[module]).or_else(|| at(task, &[&long])) else { continue };
            copied(name, doc, task, folder, world);
        }
    }
}

fn copied(name: &str, doc: &Doc<'_>, task: &Value, folder: &str, world: &mut World) {
    let written = |key: &str| {
        let text = doc.raw_text(at(task, &[key])?);
        Some(text.trim().trim_matches(['"', '\'']).to_owned()).filter(|text| !text.is_empty())
    };
    let (Some(source), Some(target)) = (written("src"), written("dest")) else { return };
    let tasks = paths::folder(name);
    let role = paths::folder(tasks);
    let target = target.trim_end_matches('/').to_owned();
    let below = format!("{target}/{}", paths::file_name(&source));
    for from in [paths::join(role, folder), tasks.to_owned(), paths::join(tasks, folder)] {
        let file = paths::join(&from, &source);
        if world.file(&file).is_some() {
            let copied = |target, file| Copied { target, file, range: None };
            world.copies.push(copied(target, file.clone()));
            world.copies.push(copied(below, file));
            return;
        }
    }
}
