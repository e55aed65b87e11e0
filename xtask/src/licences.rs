//! Licences, sources and duplicate versions of the dependencies, by the rules of `deny.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;
use spdx::Expression;

use crate::shell::{Done, cargo, output, root};

/// The part of `deny.toml` that is checked here.
#[derive(Deserialize)]
struct Rules {
    graph: Graph,
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Graph {
    targets: Vec<String>,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

/// Licences that one crate may have beside.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    skip: Vec<Skip>,
}

/// A duplicate that is known: `{ crate = "syn@1.0.109", reason = "…" }`.
#[derive(Deserialize)]
struct Skip {
    #[serde(rename = "crate")]
    name: String,
    #[serde(rename = "reason")]
    _reason: String,
}

/// What `cargo metadata` and npm's lock file say of a dependency.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    /// Where it comes from; `None` for the workspace's own.
    source: Option<String>,
}

#[derive(Deserialize)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Deserialize)]
struct NpmPackage {
    license: Option<String>,
}

/// Checks every crate that is built for one of the targets, and every npm package.
pub(crate) fn check() -> Done {
    let rules = rules()?;
    let allowed: BTreeSet<&str> = rules.licenses.allow.iter().map(String::as_str).collect();
    let mut problems = Vec::new();
    let packages = packages(&rules.graph.targets)?;
    let npm = npm_packages()?;
    let mut excepted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Exception { name, allow } in &rules.licenses.exceptions {
        let own = allow.iter().map(String::as_str).chain(allowed.iter().copied());
        excepted.insert(name, own.collect());
        let crate_used = packages.values().any(|package| package.name == *name);
        if !crate_used && !npm.iter().any(|(package, _)| package == name) {
            problems.push(format!("deny.toml excepts {name}, which is not used any more"));
        }
    }
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages.values() {
        let name = format!("{}@{}", package.name, package.version);
        if let Some(problem) = licence_problem(
            package.license.as_deref(),
            excepted.get(package.name.as_str()).unwrap_or(&allowed),
        ) {
            problems.push(format!("{name}: {problem}"));
        }
        match package.source.as_deref() {
            None => continue,
            Some(source) if is_crates_io(source) => {}
            Some(source) => problems.push(format!("{name}: comes from {source}, not crates.io")),
        }
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    problems.extend(duplicates(&versions, &rules.bans.skip));
    for (name, licence) in &npm {
        let allowed = excepted.get(name.as_str()).unwrap_or(&allowed);
        if let Some(problem) = licence_problem(licence.as_deref(), allowed) {
            problems.push(format!("npm {name}: {problem}"));
        }
    }
    if problems.is_empty() {
        println!("   {} crates keep to deny.toml", packages.len());
        return Ok(());
    }
    Err(format!("against deny.toml:\n  {}", problems.join("\n  ")))
}

fn rules() -> Result<Rules, String> {
    let text = fs::read_to_string(root().join("deny.toml"))
        .map_err(|error| format!("deny.toml: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("deny.toml: {error}"))
}

/// The crates of the dependency graph on any of the targets, by id.
fn packages(targets: &[String]) -> Result<BTreeMap<String, Package>, String> {
    let mut all = BTreeMap::new();
    for target in targets {
        let printed = output(
            cargo(&["metadata", "--format-version=1", "--locked"])
                .args(["--filter-platform", target]),
        )?;
        let metadata: Metadata =
            serde_json::from_str(&printed).map_err(|error| format!("cargo metadata: {error}"))?;
        let used: BTreeSet<String> =
            metadata.resolve.nodes.into_iter().map(|node| node.id).collect();
        let packages = metadata.packages.into_iter();
        all.extend(
            packages
                .filter(|package| used.contains(&package.id))
                .map(|package| (package.id.clone(), package)),
        );
    }
    Ok(all)
}

fn is_crates_io(source: &str) -> bool {
    source == "registry+https://github.com/rust-lang/crates.io-index"
        || source == "sparse+https://index.crates.io/"
}

/// Why a licence is not allowed.
fn licence_problem(licence: Option<&str>, allowed: &BTreeSet<&str>) -> Option<String> {
    let Some(licence) = licence else {
        return Some("names no licence".to_owned());
    };
    // Older crates write `MIT/Apache-2.0`.
    let licence = licence.replace('/', " OR ");
    match Expression::parse(&licence) {
        Err(error) => Some(format!("its licence `{licence}` is not SPDX: {}", error.reason)),
        Ok(expression) => {
            let holds = expression.evaluate(|requirement| {
                requirement.license.id().is_some_and(|id| allowed.contains(id.name))
            });
            (!holds).then(|| format!("its licence `{licence}` is not allowed"))
        }
    }
}

/// Crates that are there in two versions without a reason in `skip`, and reasons out of date.
fn duplicates(versions: &BTreeMap<&str, BTreeSet<&str>>, skip: &[Skip]) -> Vec<String> {
    let skipped: BTreeSet<&str> = skip.iter().map(|skip| skip.name.as_str()).collect();
    let mut problems = Vec::new();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let unexplained: Vec<String> = versions
            .iter()
            .map(|version| format!("{name}@{version}"))
            .filter(|version| !skipped.contains(version.as_str()))
            .collect();
        if unexplained.len() > 1 {
            problems.push(format!("duplicate: {}", unexplained.join(", ")));
        }
    }
    for skip in &skipped {
        let stands = skip.split_once('@').is_some_and(|(name, version)| {
            versions
                .get(name)
                .is_some_and(|versions| versions.len() > 1 && versions.contains(version))
        });
        if !stands {
            problems.push(format!("deny.toml skips {skip}, which is not a duplicate anymore"));
        }
    }
    problems
}

fn npm_packages() -> Result<Vec<(String, Option<String>)>, String> {
    let path = "web/package-lock.json";
    let text = fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    let lock: NpmLock = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    Ok(lock
        .packages
        .into_iter()
        .filter(|(path, _)| !path.is_empty())
        .map(|(path, package)| (path.replace("node_modules/", ""), package.license))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(licence: &str) -> Option<String> {
        licence_problem(Some(licence), &BTreeSet::from(["MIT", "Unicode-3.0"]))
    }

    #[test]
    fn a_licence_needs_one_allowed_alternative() {
        assert_eq!(problem("MIT OR GPL-3.0-only"), None);
        assert_eq!(problem("MIT/Apache-2.0"), None);
        assert!(problem("MIT AND GPL-3.0-only").is_some());
        assert_eq!(problem("(MIT OR Apache-2.0) AND Unicode-3.0"), None);
        assert!(problem("my own terms").is_some());
        assert!(licence_problem(None, &BTreeSet::new()).is_some());
    }

    #[test]
    fn duplicates_need_a_reason_that_still_holds() {
        let versions = BTreeMap::from([("syn", BTreeSet::from(["1.0.0", "2.0.0"]))]);
        let skip = |name: &str| Skip { name: name.to_owned(), _reason: String::new() };
        assert_eq!(duplicates(&versions, &[]), ["duplicate: syn@1.0.0, syn@2.0.0"]);
        assert!(duplicates(&versions, &[skip("syn@1.0.0")]).is_empty());
        assert_eq!(duplicates(&versions, &[skip("syn@1.0.0"), skip("gone@1.0.0")]).len(), 1);
    }
}
