//! Links between pages: written for readers of the repository, turned to what works on the site.

use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail};
use pulldown_cmark::{Event, Tag};

use crate::{REPOSITORY, markdown, on_site, root};

/// The targets of a text's links.
pub(crate) fn of(text: &str) -> Vec<String> {
    let targets = markdown::events(text).filter_map(|(event, _)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    targets.collect()
}

/// The page below `docs/` that a link on another page leads to.
pub(crate) fn page(from: &Path, link: &str) -> Option<PathBuf> {
    let (path, _) = split(link)?;
    let path = normal(&from.parent()?.join(path))?;
    path.extension().is_some_and(|extension| extension == "md").then_some(path)
}

/// A page's text with its links as the site has them: `README.md` is an index there, and what
/// stands outside of `docs/` is read in the repository, but for the schemas, which the site has.
pub(crate) fn turned(from: &Path, text: &str) -> Result<String> {
    let mut turned = text.to_owned();
    let links = markdown::events(text).filter_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some((dest_url, range)),
        _ => None,
    });
    // From the end, so that places before stay where they are.
    for (link, range) in links.collect::<Vec<_>>().into_iter().rev() {
        let Some(target) = target(from, &link)? else {
            continue;
        };
        let Some(at) = text[range.clone()].rfind(&*link) else {
            bail!("write the link to {link} inline");
        };
        let start = range.start + at;
        turned.replace_range(start..start + link.len(), &target);
    }
    Ok(turned)
}

/// What a link becomes; `None` if it may stay.
fn target(from: &Path, link: &str) -> Result<Option<String>> {
    let Some((path, anchor)) = split(link) else {
        return Ok(None);
    };
    let folder = from.parent().unwrap_or(Path::new(""));
    let beside_docs = normal(&Path::new("docs").join(folder).join(path));
    let Some(from_root) = beside_docs.filter(|path| root().join(path).exists()) else {
        bail!("the link to {link} leads nowhere");
    };
    if from_root.starts_with("docs") {
        let path = on_site(Path::new(path));
        return Ok(Some(format!("{}{anchor}", path.display())));
    }
    if from_root.starts_with("schemas") {
        return Ok(None);
    }
    Ok(Some(format!("{REPOSITORY}/{}{anchor}", from_root.display())))
}

/// A relative link's path and anchor; `None` for what leads to another site or stays on the page.
fn split(link: &str) -> Option<(&str, &str)> {
    if link.starts_with('#') || link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    Some(link.find('#').map_or((link, ""), |at| link.split_at(at)))
}

/// A path without `.` and `..`; `None` if it leads up and out.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::CurDir => {}
            Component::ParentDir if normal.pop() => {}
            _ => return None,
        }
    }
    Some(normal)
}
