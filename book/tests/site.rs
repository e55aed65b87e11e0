//! The built book: its links lead somewhere, it needs nothing from elsewhere, and the examples that
//! it opens in the editor are those of the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use redproof_core::rules::{CHECKS, Example};
use redproof_core::{CheckInput, NamedText, Releases, check, gather};

/// The site, without the editor: a page stands in for it.
struct Site {
    folder: tempfile::TempDir,
    /// The HTML files, by their path below the site.
    pages: BTreeMap<PathBuf, String>,
}

impl Site {
    fn built() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        redproof_book::write(folder.path()).expect("the book is bound");
        fs::write(folder.path().join("index.html"), "the editor").expect("a file is written");
        let mut pages = BTreeMap::new();
        collect(folder.path(), folder.path(), &mut pages);
        Self { folder, pages }
    }

    /// The pages of the book and the list of schemas.
    fn written(&self) -> impl Iterator<Item = (&Path, &str)> {
        let pages = self.pages.iter().map(|(path, text)| (path.as_path(), text.as_str()));
        pages.filter(|(path, _)| *path != Path::new("index.html"))
    }
}

fn collect(site: &Path, folder: &Path, pages: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("a folder of the site") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(site, &path, pages);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            let text = fs::read_to_string(&path).expect("HTML is text");
            pages.insert(path.strip_prefix(site).expect("below the site").to_owned(), text);
        }
    }
}

/// The values of an attribute, unescaped.
fn values(html: &str, attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    let parts = html.split(&start).skip(1);
    let value = |part: &str| part.split('"').next().unwrap_or_default().replace("&amp;", "&");
    parts.map(value).collect()
}

/// Where a relative link leads, below the site; `None` if it leads out.
fn target(from: &Path, link: &str) -> Option<PathBuf> {
    let mut path = from.parent()?.to_owned();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop().then_some(())?;
            }
            name => path.push(name),
        }
    }
    if link.is_empty() {
        return Some(from.to_owned());
    }
    Some(if link.ends_with('/') || link.ends_with("..") { path.join("index.html") } else { path })
}

#[test]
fn links_lead_somewhere() {
    let site = Site::built();
    let ids: BTreeMap<&Path, BTreeSet<String>> = site
        .written()
        .map(|(path, html)| (path, values(html, "id").into_iter().collect()))
        .collect();
    let mut broken = BTreeSet::new();
    let mut followed = 0;
    for (path, html) in site.written() {
        let links = [values(html, "href"), values(html, "src")].concat();
        for link in links.iter().filter(|link| !link.contains("://")) {
            followed += 1;
            let (relative, anchor) = link.split_once('#').unwrap_or((link, ""));
            let found = target(path, relative);
            let file = found.as_ref().filter(|target| site.folder.path().join(target).is_file());
            let leads = match file {
                None => false,
                // The editor reads what follows.
                Some(target) if target == Path::new("index.html") => true,
                Some(target) if anchor.is_empty() => !target.as_os_str().is_empty(),
                Some(target) => ids.get(target.as_path()).is_some_and(|ids| ids.contains(anchor)),
            };
            if !leads {
                broken.insert(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(followed > 1000, "the book has links: {followed}");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn nothing_comes_from_elsewhere() {
    let site = Site::built();
    for (path, html) in site.written() {
        let path = path.display();
        assert!(html.contains("default-src 'none'"), "{path}: no content security policy");
        for source in values(html, "src") {
            assert!(!source.contains("//"), "{path}: {source}");
        }
        for link in html.split("<link ").skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(!link.contains("//"), "{path}: {link}");
        }
        // The policy forbids what is in the page itself.
        assert!(!html.contains(" style=\""), "{path}: an inline style");
        assert!(!html.contains("<style"), "{path}: inline styles");
        for script in html.split("<script").skip(1) {
            assert!(script.starts_with(" src="), "{path}: an inline script");
        }
        let handlers = ["onclick", "onload", "onerror", "onchange"];
        assert!(handlers.iter().all(|name| !html.contains(&format!(" {name}="))), "{path}");
    }
    for name in ["docs/css/general.css", "docs/web/styles/base.css", "docs/highlight.css"] {
        let css = fs::read_to_string(site.folder.path().join(name)).expect("a stylesheet");
        assert!(!css.contains("url(") && !css.contains("@import"), "{name}");
    }
}

/// What an "Open in the editor" link carries, by name.
fn carried(link: &str) -> BTreeMap<String, String> {
    let (_, fragment) = link.split_once('#').expect("a fragment");
    let parts = fragment.split('&').filter_map(|part| part.split_once('='));
    parts.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = vec![];
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%');
        let byte = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// What the editor finds in what a link carries.
fn codes(carried: &BTreeMap<String, String>) -> Vec<&'static str> {
    let releases = Releases::parse(
        carried.get("litellm").map(String::as_str),
        carried.get("redis-py").map(String::as_str),
    );
    let env = carried.get("env").cloned().unwrap_or_default();
    let file = NamedText { name: "environment".to_owned(), text: env };
    let report = check(&CheckInput {
        name: "config.yaml",
        text: &carried["config"],
        environment: &gather(&[file], &[], false),
        releases: releases.expect("a supported pair"),
        now: None,
    });
    report.diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn the_rules_examples_open_in_the_editor() {
    let site = Site::built();
    let mut silent = vec![];
    for check in CHECKS {
        let rule = check.rule;
        let html = &site.pages[Path::new(&format!("docs/rules/{}.html", rule.code))];
        let links: Vec<_> = values(html, "href")
            .into_iter()
            .filter(|link| link.starts_with("../../#config="))
            .map(|link| carried(&link))
            .collect();
        let [failing, fixed] = &links[..] else {
            panic!("{}: {} links to the editor", rule.code, links.len())
        };
        same(rule.code, failing, &check.failing);
        same(rule.code, fixed, &check.fixed);
        if !codes(failing).contains(&rule.code) {
            silent.push(rule.code);
        }
        assert!(!codes(fixed).contains(&rule.code), "{}: {:?}", rule.code, codes(fixed));
    }
    // In the editor a variable that is not given may be set elsewhere, and a link carries no manifest.
    assert_eq!(
        silent,
        [
            "RP105", "RP312", "RP720", "RP721", "RP722", "RP723", "RP724", "RP726", "RP727",
            "RP809", "RP810", "RP811"
        ]
    );
}

fn same(code: &str, carried: &BTreeMap<String, String>, example: &Example) {
    assert_eq!(carried["config"], example.config, "{code}");
    assert_eq!(carried.get("litellm").map(String::as_str), Some(example.litellm), "{code}");
    let redis_py = (!example.assumed).then_some(example.redis_py);
    assert_eq!(carried.get("redis-py").map(String::as_str), redis_py, "{code}");
    let env = carried.get("env").map_or("", String::as_str);
    if example.from_secret.is_empty() {
        assert_eq!(env, example.env, "{code}");
    }
    for name in example.from_secret {
        assert!(env.contains(&format!("name: {name}\n")), "{code}: {env}");
    }
}

/// Whoever pastes an error text into the book's search finds its page: each page's text is in the index.
#[test]
fn the_search_knows_each_error_text() {
    let site = Site::built();
    let index = fs::read_to_string(site.folder.path().join("docs/searchindex.js"))
        .expect("the index is written");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    let mut pages = 0;
    for entry in fs::read_dir(folder).expect("the error texts") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if name == "README" {
            continue;
        }
        assert!(index.contains(&format!("errors/{name}.html")), "{name} is not in the index");
        pages += 1;
    }
    assert!(pages > 100, "{pages}");
    for text in [
        "must be specified for redis",
        "unexpected keyword argument",
        "wrong version number",
        "Connection closed by server",
        "circuit breaker",
    ] {
        assert!(index.contains(text), "{text}");
    }
}

/// Whoever prints it has the whole book at once, with links that lead to where the page stands in it.
#[test]
fn the_whole_book_is_on_one_page() {
    let site = Site::built();
    let whole = &site.pages[Path::new("docs/print.html")];
    for (path, html) in site.written().filter(|(path, _)| path.starts_with("docs/guides")) {
        let (_, heading) = html.split_once("<h1 ").expect("a heading");
        let (_, heading) = heading.split_once("class=\"header\"").expect("a link to itself");
        let (heading, _) = heading.split_once("</h1>").expect("its end");
        let (_, heading) = heading.split_once('>').expect("its text");
        assert!(whole.contains(heading), "{}: {heading}", path.display());
    }
    assert_eq!(
        whole.matches(" class=\"next-chapter\"").count(),
        site.pages.len() - 5,
        "each chapter is parted from the one before"
    );
    let index = fs::read_to_string(site.folder.path().join("docs/searchindex.js"));
    assert!(!index.expect("the search").contains("print.html"), "no page is found twice");
}

/// The service worker keeps the book by this list: what is not in it is not there without a network.
#[test]
fn every_file_is_in_the_list_of_files() {
    let site = Site::built();
    let book = site.folder.path().join("docs");
    let list = fs::read(book.join("files.json")).expect("the list");
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    let files = list["files"].as_array().expect("files");
    let named: BTreeSet<&str> = files.iter().filter_map(|file| file.as_str()).collect();
    assert_eq!(named.len(), files.len());
    let there = named.iter().filter(|file| book.join(file).is_file()).count();
    assert_eq!(there, named.len());
    let pages = site.pages.keys().filter_map(|page| page.strip_prefix("docs").ok());
    // The whole book on one page is each of them again.
    for page in pages.filter(|page| *page != Path::new("print.html")) {
        assert!(named.contains(page.to_str().expect("a name")), "{}", page.display());
    }
    assert!(!named.contains("print.html"));
    assert!(named.contains("searchindex.js"), "the search");
}
