//! Repositories as people keep them, and what really runs in each.

use redproof_core::deployment::{Deployment, Link};

use crate::common::{all, release, report, variable};

/// A repository, and what is right of its one config.
pub(crate) struct Kept {
    pub(crate) name: &'static str,
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// The file that holds the config.
    pub(crate) config: &'static str,
    /// A part of the name of what runs it.
    pub(crate) runs: &'static str,
    /// What runs it names it; else it only lies beside.
    pub(crate) is_named: bool,
    /// The release; empty where none is said.
    pub(crate) release: &'static str,
    /// Variables: the value, `-` for not set, `?` for unknown.
    pub(crate) variables: &'static [(&'static str, &'static str)],
    pub(crate) replicas: Option<u64>,
}

/// Holds what is read of repositories to what is right.
pub(crate) fn held(all: &[Kept]) {
    let wrong: Vec<String> = all.iter().flat_map(Kept::wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Kept {
    /// What is wrong of it.
    fn wrong(&self) -> Vec<String> {
        let found = all(self.files).found;
        let is_it = |one: &&Deployment| {
            self.files[one.config].0 == self.config && one.name.contains(self.runs)
        };
        let its: Vec<&Deployment> = found.iter().filter(is_it).collect();
        let [one] = its.as_slice() else {
            let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
            return vec![format!("{}: {} run it of {names:?}", self.name, its.len())];
        };
        let mut wrong = vec![];
        if self.is_named && !matches!(one.link, Link::Named(_)) {
            wrong.push(format!("{}: {:?}", self.name, one.link));
        }
        let release = release(&report(one, self.files));
        if !self.release.is_empty() && release != self.release {
            wrong.push(format!("{}: {release}, not {}", self.name, self.release));
        }
        for (name, value) in self.variables {
            let set = variable(one, self.files, name);
            let is_right = match *value {
                "?" => set.starts_with('?'),
                value => set == value || set.starts_with(&format!("{value} @ ")),
            };
            if !is_right {
                wrong.push(format!("{}: {name} is {set}, not {value}", self.name));
            }
        }
        if self.replicas.is_some() && one.replicas != self.replicas {
            wrong.push(format!("{}: {:?} replicas", self.name, one.replicas));
        }
        wrong
    }
}
