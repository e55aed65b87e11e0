//! The list of the book's files, by which the page's service worker keeps them for when there is no network.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

/// The list, below the book's folder. `web/editor/worker/sw.ts` reads it.
pub(crate) const LIST: &str = "files.json";

/// All pages once more, on one: without a network, each of them is there.
const WHOLE: &str = "print.html";

/// Writes the list: `{"version": "…", "files": ["index.html", …]}`. The version changes with any of the files.
pub(crate) fn write_list(book: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    note(book, "", &mut files)?;
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    let names: Vec<&String> = files.keys().collect();
    let list = json!({ "version": format!("{:016x}", hasher.finish()), "files": names });
    let path = book.join(LIST);
    fs::write(&path, list.to_string()).with_context(|| path.display().to_string())
}

/// The files of a folder and of those in it, each with what it holds.
fn note(folder: &Path, above: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let (path, name) = (entry.path(), format!("{above}{}", entry.file_name().display()));
        if path.is_dir() {
            note(&path, &format!("{name}/"), files)?;
        } else if name != LIST && name != WHOLE {
            let content = fs::read(&path).with_context(|| path.display().to_string())?;
            files.insert(name, content);
        }
    }
    Ok(())
}
