//! No two modules of a crate import each other, but a folder and its own files.

use std::collections::{BTreeMap, BTreeSet};

use redproof_house::{crates, imports, modules};

type Graph = BTreeMap<Vec<String>, BTreeSet<Vec<String>>>;

#[test]
fn no_modules_import_each_other() {
    let mut found = Vec::new();
    for folder in crates() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let graph = without_folders(imports(&modules(&folder.join("src"))));
        for circle in circles(&graph) {
            let names: Vec<String> = circle.iter().map(|path| path.join("::")).collect();
            found.push(format!("{name}: {}", names.join(" ")));
        }
    }
    assert!(found.is_empty(), "these import each other: {found:#?}");
}

/// A folder and what is in it belong together.
fn without_folders(mut graph: Graph) -> Graph {
    for (from, targets) in &mut graph {
        targets.retain(|to| !to.starts_with(from) && !from.starts_with(to));
    }
    graph
}

/// The modules that reach each other, each group once.
fn circles(graph: &Graph) -> Vec<BTreeSet<Vec<String>>> {
    let reached: BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> =
        graph.keys().map(|from| (from, reach(graph, from))).collect();
    let mut circles = BTreeSet::new();
    for (from, targets) in &reached {
        let back = |to: &&Vec<String>| reached.get(to).is_some_and(|back| back.contains(*from));
        let circle: BTreeSet<Vec<String>> = targets.iter().filter(back).cloned().collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reach(graph: &Graph, from: &[String]) -> BTreeSet<Vec<String>> {
    let mut reached = BTreeSet::new();
    let mut left = vec![from.to_vec()];
    while let Some(next) = left.pop() {
        for to in graph.get(&next).into_iter().flatten() {
            if reached.insert(to.clone()) {
                left.push(to.clone());
            }
        }
    }
    reached
}

#[test]
fn a_circle_is_found() {
    let path = |name: &str| vec![name.to_owned()];
    let graph = Graph::from([
        (path("a"), BTreeSet::from([path("b")])),
        (path("b"), BTreeSet::from([path("c")])),
        (path("c"), BTreeSet::from([path("b")])),
    ]);
    assert_eq!(circles(&graph), [BTreeSet::from([path("b"), path("c")])]);
}
