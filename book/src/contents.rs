//! The book's order. `docs/README.md` links the pages, under a heading for each part; a folder's
//! `README.md` links the pages of the folder. So the order is there once, where readers of the
//! repository see it too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::{links, markdown};

/// The whole book.
pub(crate) struct Contents {
    pub(crate) parts: Vec<Part>,
}

/// Pages under a common title.
pub(crate) struct Part {
    pub(crate) title: Option<String>,
    pub(crate) pages: Vec<Page>,
}

/// A page, with those of its folder if it is the folder's index.
pub(crate) struct Page {
    /// Below `docs/`.
    pub(crate) path: PathBuf,
    /// Its first heading.
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) pages: Vec<Page>,
}

impl Contents {
    /// Reads all pages below a folder.
    pub(crate) fn read(docs: &Path) -> Result<Self> {
        let first = Page::read(docs, Path::new("README.md"))?;
        let mut listed = BTreeSet::from([first.path.clone()]);
        let mut parts = vec![];
        for (title, paths) in listed_by_part(&first) {
            let mut pages = vec![];
            for path in paths {
                pages.extend(Page::read_once(docs, &path, &mut listed)?);
            }
            if !pages.is_empty() {
                parts.push(Part { title: Some(title), pages });
            }
        }
        parts.insert(0, Part { title: None, pages: vec![first] });
        let forgotten: Vec<String> = all_pages(docs, docs)?
            .difference(&listed)
            .map(|path| path.display().to_string())
            .collect();
        if !forgotten.is_empty() {
            bail!("no README.md under docs/ lists {}", forgotten.join(", "));
        }
        Ok(Self { parts })
    }
}

impl Page {
    fn read(docs: &Path, path: &Path) -> Result<Self> {
        let file = docs.join(path);
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let title = title(&text).with_context(|| format!("{}: no heading", file.display()))?;
        Ok(Self { path: path.to_owned(), title, text, pages: vec![] })
    }

    /// The page, and if it is a folder's index those that it lists; `None` if it was listed before.
    fn read_once(docs: &Path, path: &Path, listed: &mut BTreeSet<PathBuf>) -> Result<Option<Self>> {
        if !listed.insert(path.to_owned()) {
            return Ok(None);
        }
        let mut page = Self::read(docs, path)?;
        if path.file_name().is_some_and(|name| name == "README.md") {
            let folder = path.parent().unwrap_or(Path::new(""));
            for link in links::of(&page.text) {
                if let Some(inner) =
                    links::page(path, &link).filter(|inner| inner.starts_with(folder))
                {
                    page.pages.extend(Self::read_once(docs, &inner, listed)?);
                }
            }
        }
        Ok(Some(page))
    }
}

/// The pages that the first page links, under its second-level headings.
fn listed_by_part(first: &Page) -> Vec<(String, Vec<PathBuf>)> {
    let mut parts: Vec<(String, Vec<PathBuf>)> = vec![];
    let mut heading = None;
    for (event, _) in markdown::events(&first.text) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                heading = Some(String::new());
            }
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                parts.extend(heading.take().map(|title| (title, vec![])));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                if let (Some((_, pages)), Some(page)) =
                    (parts.last_mut(), links::page(&first.path, &dest_url))
                {
                    pages.push(page);
                }
            }
            _ => {}
        }
    }
    parts
}

/// The text of the first heading.
fn title(text: &str) -> Option<String> {
    let mut events = markdown::events(text).map(|(event, _)| event);
    events.find(|event| matches!(event, Event::Start(Tag::Heading { .. })))?;
    let inside = events.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    Some(inside.filter_map(markdown::plain).map(CowStr::into_string).collect())
}

/// Every Markdown file below a folder.
fn all_pages(docs: &Path, folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut pages = BTreeSet::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            pages.extend(all_pages(docs, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.insert(path.strip_prefix(docs)?.to_owned());
        }
    }
    Ok(pages)
}
