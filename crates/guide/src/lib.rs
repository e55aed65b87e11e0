//! Starting from nothing: for each kind of Redis a form, and the configuration that it writes.
//!
//! Form and text are one document. [`start`] writes the texts, [`read`] says what a form shows for
//! the texts as they are now, and [`write`] gives the edits that an answer makes of them: comments,
//! order and layout of what others wrote stay.
//!
//! Secrets never pass through a form: it asks for the name of a variable, and writes
//! `os.environ/NAME`.

mod dotenv;
mod draft;
mod field;
mod plans;
mod read;
mod template;
mod write;

pub use field::{Answer, Field, Kind, Node, Off, Place};
pub use read::{Reading, detect, read};
pub use template::{Started, start};
pub use write::{WriteError, write};

use facts::Pair;

/// The kinds of caches that there is a form for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    /// One Redis in the same cluster, over TLS.
    InClusterTls,
    /// A Redis that asks for a client certificate.
    MutualTls,
    /// Redis Cluster.
    Cluster,
    /// Redis Sentinel.
    Sentinel,
    /// Google Cloud Memorystore for Redis Cluster, with IAM.
    Memorystore,
    /// Azure's Redis, with Microsoft Entra ID.
    AzureRedis,
    /// AWS `ElastiCache`, with IAM.
    ElastiCache,
    /// No Redis: in memory.
    Local,
    /// Redis' vector search.
    Semantic,
}

/// A system as it is offered for a pair of releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub system: System,
    /// Its name. A few words.
    pub name: &'static str,
    /// What it is. One sentence.
    pub sentence: &'static str,
    /// Why this pair of releases can't do it at all; `None` when it can.
    pub refused: Option<String>,
    /// What to know of it on this pair of releases. Sentences.
    pub cautions: Vec<String>,
}

/// A system's form and configuration.
struct Plan {
    system: System,
    name: &'static str,
    sentence: &'static str,
    refused: fn(Pair) -> Option<String>,
    cautions: fn(Pair) -> Vec<String>,
    lines: &'static [Line],
}

/// A line of a configuration, in the order in which it is written.
enum Line {
    /// A comment above what follows, in the section of this path.
    Comment(&'static str, &'static str),
    /// A path, its value as YAML, and a comment.
    Fixed(&'static str, &'static str, &'static str),
    /// What the form asks for.
    Ask(&'static Field),
}

impl System {
    /// All of them, in the order to show them.
    pub fn all() -> impl Iterator<Item = Self> {
        plans::PLANS.iter().map(|plan| plan.system)
    }

    fn plan(self) -> &'static Plan {
        // Each system has its plan: the test below holds them together.
        plans::PLANS.iter().find(|plan| plan.system == self).unwrap_or(&plans::PLANS[0])
    }

    /// Its name. A few words.
    pub fn name(self) -> &'static str {
        self.plan().name
    }

    /// What its form asks for, in order.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        self.plan().lines.iter().filter_map(|line| match line {
            Line::Ask(field) => Some(*field),
            Line::Comment(..) | Line::Fixed(..) => None,
        })
    }

    /// One of its fields.
    pub fn field(self, id: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.id == id)
    }

    /// What this pair of releases makes of it.
    pub fn offer(self, pair: Pair) -> Offer {
        let plan = self.plan();
        Offer {
            system: self,
            name: plan.name,
            sentence: plan.sentence,
            refused: (plan.refused)(pair),
            cautions: (plan.cautions)(pair),
        }
    }
}

/// All systems, as a pair of releases has them.
pub fn systems(pair: Pair) -> Vec<Offer> {
    System::all().map(|system| system.offer(pair)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Answer, Kind, System};

    const ALL: [System; 9] = [
        System::InClusterTls,
        System::MutualTls,
        System::Cluster,
        System::Sentinel,
        System::Memorystore,
        System::AzureRedis,
        System::ElastiCache,
        System::Local,
        System::Semantic,
    ];

    #[test]
    fn every_system_has_its_plan() {
        assert_eq!(System::all().collect::<Vec<_>>(), ALL);
        for system in ALL {
            assert_eq!(system.plan().system, system);
        }
    }

    #[test]
    fn fields_are_whole() {
        for system in ALL {
            let mut ids = HashSet::new();
            for field in system.fields() {
                assert!(ids.insert(field.id), "{system:?}: {} twice", field.id);
                assert!(field.help.ends_with('.') && field.help.len() < 200, "{}", field.id);
                assert!(!field.label.is_empty() && !field.label.ends_with('.'), "{}", field.id);
                let default = field.kind.read(field.default);
                if default != Answer::Nothing {
                    assert_eq!(field.accepts(&default), Ok(()), "{system:?}: {}", field.id);
                }
                if let Kind::Choice(known) = field.kind {
                    assert!(known.len() > 1, "{}", field.id);
                }
            }
            for field in system.fields() {
                for other in field.replaces.iter().chain(field.carries) {
                    let known = ids.contains(other) || *other == "certificate" || *other == "key";
                    assert!(known || *other == "ca", "{system:?}: {} names {other}", field.id);
                }
            }
        }
    }
}
