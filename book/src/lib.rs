//! Binds the pages under `docs/` into the site's book, with mdBook.
//!
//! The pages are written elsewhere: by hand, or by the crates whose tests hold them fresh. Here they
//! get an order, links that work on the site, and links that open their examples in the editor.

mod contents;
mod examples;
mod links;
mod markdown;
mod offline;
mod schemas;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem, Chapter, SectionNumber};
use mdbook_driver::config::Config;
use mdbook_summary::Summary;

use contents::{Contents, Page};

/// Where the source of what stands outside of the book can be read.
const REPOSITORY: &str = "https://github.com/redproof/redproof/blob/main";

/// What mdBook writes and the theme has no use for.
const UNUSED: [&str; 10] = [
    "ayu-highlight.css",
    "clipboard.min.js",
    "css/chrome.css",
    "css/variables.css",
    "favicon.png",
    "mark.min.js",
    "searcher.js",
    "tomorrow-night.css",
    "404.html",
    ".nojekyll",
];

/// The project's folder.
pub fn root() -> &'static Path {
    // The manifest's folder is `<root>/book`, so it has a parent.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Writes the book into `docs/` of the site, and the JSON Schemas into `schemas/`.
///
/// # Errors
/// When a page can't be read, links to something that is not there, or is in no list of pages; or
/// when the site can't be written.
pub fn write(site: &Path) -> Result<()> {
    let contents = Contents::read(&root().join("docs"))?;
    let destination = site.join("docs");
    bind(&contents, &destination)?;
    for name in UNUSED {
        let path = destination.join(name);
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
    }
    copy(&root().join("web/icon.svg"), &destination.join("favicon.svg"))?;
    mended(&destination)?;
    offline::write_list(&destination)?;
    schemas::write(&root().join("schemas"), &site.join("schemas"))
}

/// Mends what mdBook writes: table cells, and what parts the pages of the whole book, get a class in place of a style,
/// which the site's content security policy forbids.
fn mended(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            mended(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let html = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let html = html
                .replace(" style=\"text-align: right\"", " class=\"number\"")
                .replace(
                    " style=\"break-before: page; page-break-before: always;\"",
                    " class=\"next-chapter\"",
                )
                // Of a folder outside of the book, its page of the whole loses what makes it one.
                .replace(" href=\"../schemas\"", " href=\"../schemas/\"");
            fs::write(&path, html).with_context(|| path.display().to_string())?;
        }
    }
    Ok(())
}

fn bind(contents: &Contents, destination: &Path) -> Result<()> {
    let text = include_str!("../book.toml");
    let mut config: Config = text.parse()?;
    destination.clone_into(&mut config.build.build_dir);
    // The chapters are put in afterwards.
    let none = Summary::default();
    let mut mdbook = MDBook::load_with_config_and_summary(root(), config, none)?;
    let mut book = Book::default();
    let mut number = 0;
    for part in &contents.parts {
        if let Some(title) = &part.title {
            book.items.push(BookItem::PartTitle(title.clone()));
        }
        for page in &part.pages {
            number += 1;
            book.items.push(BookItem::Chapter(chapter(page, vec![], &[number])?));
        }
    }
    mdbook.book = book;
    mdbook.build()
}

/// A chapter with those below it. Its number is not shown: mdBook tells by it how deep it stands.
fn chapter(page: &Page, parents: Vec<String>, number: &[u32]) -> Result<Chapter> {
    let in_page = || format!("docs/{}", page.path.display());
    let text = links::turned(&page.path, &page.text).with_context(in_page)?;
    let text = examples::with_links(&page.path, &text);
    let path = on_site(&page.path);
    let mut below = parents.clone();
    below.push(page.title.clone());
    let mut chapter = Chapter::new(&page.title, text, path, parents);
    chapter.number = Some(SectionNumber::new(number));
    for (place, inner) in (1..).zip(&page.pages) {
        let number = [number, &[place]].concat();
        chapter.sub_items.push(BookItem::Chapter(self::chapter(inner, below.clone(), &number)?));
    }
    Ok(chapter)
}

/// The path of a page on the site: what is a folder's `README.md` is its index there.
fn on_site(path: &Path) -> PathBuf {
    match path.file_name() {
        Some(name) if name == "README.md" => path.with_file_name("index.md"),
        _ => path.to_owned(),
    }
}

/// The way from a page up to the book's folder: `../` for `rules/RP101.md`.
fn to_book(path: &Path) -> String {
    "../".repeat(path.components().count().saturating_sub(1))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("{} to {}", from.display(), to.display()))?;
    Ok(())
}
