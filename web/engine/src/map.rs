//! Who connects to what.

use redproof_core::connection_map::{Protection, connection_map};
use redproof_core::outcome::{Api, Consumer};
use redproof_messages::{Edge, Map, Padlock, Target, User};

use crate::workspace::Workspace;

/// The connection map.
pub(crate) fn map(workspace: &Workspace) -> Map {
    let map = connection_map(&workspace.report);
    let users = map.users.into_iter().map(|user| User {
        consumer: consumer(user.consumer).to_owned(),
        names: user.names.into_iter().map(ToOwned::to_owned).collect(),
        only_if_reachable: user.only_if_reachable,
    });
    let targets = map
        .targets
        .into_iter()
        .map(|target| Target { kind: target.kind.to_owned(), names: target.names });
    let edges = map.edges.into_iter().map(|edge| Edge {
        user: edge.user,
        api: match edge.api {
            Api::Sync => "sync",
            Api::Async => "async",
            Api::Native => "native",
        }
        .to_owned(),
        target: edge.target,
        error: edge.error,
        padlock: match edge.tls {
            Protection::Plaintext => Padlock::Open,
            Protection::Unverified | Protection::Chain => Padlock::Unverified,
            Protection::ChainAndName => Padlock::Verified,
            Protection::Unknown => Padlock::Unknown,
        },
        tls: edge.tls.words().to_owned(),
        login: edge.login.words().to_owned(),
        falls_behind: edge.falls_behind,
        places: workspace.all_at(&edge.places),
    });
    Map { users: users.collect(), targets: targets.collect(), edges: edges.collect() }
}

/// As the probe's report says it.
fn consumer(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response => "response",
        Consumer::Usage => "usage",
        Consumer::Router => "router",
        Consumer::Semantic => "semantic",
    }
}
