//! The JSON Schemas, as files of the site, and a page that lists them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::copy;

/// Copies the schemas, and writes their list.
pub(crate) fn write(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    let mut names = vec![];
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "json") {
            copy(&path, &to.join(name))?;
            names.push(name.to_owned());
        }
    }
    names.sort_by_key(|name| key(name));
    let path = to.join("index.html");
    fs::write(&path, list(&names)).with_context(|| path.display().to_string())
}

/// Newest release line first, then what is not a release's.
fn key(name: &str) -> (std::cmp::Reverse<Option<(u32, u32)>>, String) {
    let line = name.strip_prefix("litellm-").and_then(|rest| {
        let (major, minor) = rest.strip_suffix(".json")?.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    });
    let line = if name == "litellm-latest.json" { Some((u32::MAX, 0)) } else { line };
    (std::cmp::Reverse(line), name.to_owned())
}

fn list(names: &[String]) -> String {
    let items: String = names
        .iter()
        .map(|name| format!("        <li><a href=\"{name}\">{name}</a></li>\n"))
        .collect();
    include_str!("../theme/schemas.html").replace("{{items}}", items.trim_end())
}
