//! Redis Cluster: the startup nodes, the map that they give, and every node on it.

use std::collections::HashSet;
use std::time::Instant;

use redis::Value;

use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::plan::{Address, Settings};
use crate::redis::commands::{Command, Expect};
use crate::report::Part;
use crate::run::{Run, Verdict};
use crate::target_text;
use crate::topology::cluster_map::{Map, Node, slot_of};

/// What a startup node tells.
struct Told {
    map: Map,
    /// Where the key's slot is, by this node's own word.
    moved_to: Option<Node>,
}

/// Asks the startup nodes for the cluster's map, of which redis-py takes the first that gives it,
/// and connects to every master and replica.
pub(crate) async fn run(
    run: &Run<'_>,
    nodes: &[(String, u16)],
    settings: &Settings,
) -> Vec<Verdict> {
    if settings.db.is_some() {
        let failure = Failure::new(
            ProbeOutcome::WrongDb,
            "A cluster has only database 0, and redis-py refuses another.",
        )
        .help("Leave `db` out.");
        return vec![run.without_connection(Part::StartupNode, "(not built)".to_owned(), failure)];
    }
    let key = run.key();
    let named =
        |host: &str| if run.is_native() { host.to_owned() } else { at_localhost(host).to_owned() };
    let asked = nodes.iter().map(|(host, port)| ask(run, at(settings, named(host), *port), &key));
    let (told, mut verdicts): (Vec<Option<Told>>, Vec<Verdict>) =
        run.all(asked).await.into_iter().unzip();
    let first = told.iter().position(Option::is_some);
    for (index, verdict) in verdicts.iter_mut().enumerate() {
        // One map does; without any, each startup node is missed.
        verdict.needed = first.is_none_or(|first| first == index);
    }
    let Some(first) = first else {
        return verdicts;
    };
    let mut told = told;
    let Some(Told { mut map, moved_to }) = told[first].take() else {
        return verdicts;
    };
    if let Some(node) = moved_to {
        map.add(node);
    }
    let slot = slot_of(key.as_bytes());
    let each = map.nodes.iter().map(|node| {
        let settings = at(settings, named(&node.host), node.port);
        let key = node.serves(slot).then_some(key.as_str());
        async move {
            let part = if node.replica { Part::ClusterReplica } else { Part::ClusterNode };
            let mut verdict = match key {
                Some(key) => run.server_with_key(part, &settings, Some(key)).await,
                None => Box::pin(run.node(part, &settings)).await,
            };
            // A replica is needed once it is a master.
            verdict.needed = !node.replica;
            if verdict.failure.as_ref().is_some_and(|failure| failure.redirected) {
                // The slot is on its way to another node, and redis-py follows.
                verdict.failure = None;
            }
            if let Some(failure) = &mut verdict.failure {
                let configured = nodes.iter().any(|(host, port)| {
                    (host.as_str(), *port) == (node.host.as_str(), node.port)
                        || (at_localhost(host) == node.host && *port == node.port)
                });
                explain_announced(failure, node, configured);
            }
            verdict
        }
    });
    verdicts.extend(run.all(each).await);
    verdicts
}

async fn ask(run: &Run<'_>, settings: Settings, key: &str) -> (Option<Told>, Verdict) {
    let mut questions =
        vec![Command::new("CLUSTER SLOTS", [b"CLUSTER", b"SLOTS"], Expect::NoError)];
    if !run.is_native() {
        // `CommandsParser` asks for all commands, the answer a hundred times as long.
        questions.push(Command::new("COMMAND", [b"COMMAND", b"COUNT"], Expect::Permission));
    }
    questions.push(Command::new("GET", [b"GET", key.as_bytes()], Expect::Whatever));
    let host = match &settings.address {
        Address::Tcp { host, .. } => host.as_str(),
        _ => "",
    };
    run.session(Part::StartupNode, &settings, async |session| {
        let (_, replies) = session.open(&settings, &questions).await?;
        let map = Map::of(replies.first(), host)?;
        map.check_coverage()?;
        let moved_to = replies.last().and_then(|reply| moved(reply, host));
        session.note("map", Instant::now(), &map.to_string());
        if let Some(node) = &moved_to {
            let text = format!("the key's slot is at {}", target_text(&node.host, node.port));
            session.note("MOVED", Instant::now(), &text);
        }
        Ok(Told { map, moved_to })
    })
    .await
}

/// `MOVED 866 127.0.0.1:7001`: redis-py goes there next.
fn moved(reply: &Value, asked: &str) -> Option<Node> {
    let Value::ServerError(error) = reply else {
        return None;
    };
    if error.code() != "MOVED" {
        return None;
    }
    let (slot, address) = error.details()?.split_once(' ')?;
    let (host, port) = address.rsplit_once(':')?;
    let host = if host.is_empty() { asked } else { host };
    let slot = slot.parse().ok()?;
    Some(Node {
        host: host.to_owned(),
        port: port.parse().ok()?,
        replica: false,
        slots: vec![(slot, slot)],
    })
}

/// redis-py's `ClusterNode.__init__` turns the name `localhost` into its address.
fn at_localhost(host: &str) -> &str {
    if host == "localhost" { "127.0.0.1" } else { host }
}

fn at(settings: &Settings, host: String, port: u16) -> Settings {
    Settings { address: Address::Tcp { host, port }, ..settings.clone() }
}

/// A node that the cluster announces by an address which does not do for the client.
fn explain_announced(failure: &mut Failure, node: &Node, configured: bool) {
    let help = match failure.outcome {
        _ if configured => return,
        ProbeOutcome::HostnameMismatch => {
            "Make the nodes announce a name of their certificate (`cluster-announce-hostname`, `cluster-preferred-endpoint-type hostname`), or add the announced address to it."
        }
        _ if node.host == "?" => {
            "The nodes prefer host names (`cluster-preferred-endpoint-type hostname`) and announce none: set `cluster-announce-hostname` on each, or prefer `ip`."
        }
        _ if node.port == 0 => {
            "Make the nodes announce their TLS port: `tls-cluster yes`, or `cluster-announce-tls-port`."
        }
        ProbeOutcome::NotTlsServer => {
            "Make the nodes announce their TLS port: `tls-cluster yes` (or `cluster-announce-tls-port`) on each of them."
        }
        ProbeOutcome::Dns => {
            "Make the nodes announce a name that resolves here (`cluster-announce-hostname`), or their address (`cluster-preferred-endpoint-type ip`)."
        }
        ProbeOutcome::Refused | ProbeOutcome::Timeout => {
            "Start the node, if it is down; else make the nodes announce an address that this client reaches (`cluster-announce-ip`, `cluster-announce-port`, `cluster-announce-tls-port`)."
        }
        _ => return,
    };
    let announced = target_text(&node.host, node.port);
    failure.detail = format!("{} The cluster announces this node as {announced}.", failure.detail);
    failure.help = Some(help.to_owned());
    failure.side = Some(Side::Server);
}

impl Map {
    /// Adds a node that the map lacks.
    fn add(&mut self, node: Node) {
        let known: HashSet<(&str, u16)> =
            self.nodes.iter().map(|node| (node.host.as_str(), node.port)).collect();
        if !known.contains(&(node.host.as_str(), node.port)) {
            self.nodes.push(node);
        }
    }
}
