//! The Redis servers in the same files, for the rules on what they are started with.

use super::targets::{is_localhost, number};
use deployment::{CHART_REDIS, Container, Reach, RedisServer};
use python::{Data, Origin};
use simulate::outcome::{Client, ClientKind};

/// The server that a client goes to by name.
pub(super) struct Met<'a> {
    pub(super) server: &'a RedisServer,
    /// The host, as the client has it.
    pub(super) name: &'a str,
    /// Where the host comes from.
    pub(super) origin: &'a Origin,
    /// The port that the client connects to.
    pub(super) port: Option<u16>,
}

/// The only server beside that a client may mean.
pub(super) fn met<'a>(container: &'a Container, client: &'a Client) -> Option<Met<'a>> {
    let connection = client.connection.as_ref()?;
    let (host, port) = match client.kind {
        ClientKind::Redis => (&connection.host.value, &connection.port.value),
        ClientKind::RedisCluster => {
            client.nodes.first().map(|node| (&node.host.value, &node.port.value))?
        }
        ClientKind::Sentinel => return None,
    };
    let name = match &host.data {
        Data::Unknown(why) => why.as_str(),
        _ => host.as_str()?,
    };
    // `redis.ai.svc.cluster.local`
    let label = name.split('.').next().unwrap_or(name);
    let is_it = |server: &&RedisServer| match server.reach {
        Reach::ByName => server.hosts.iter().any(|host| host == name || host == label),
        Reach::ByChart => name == CHART_REDIS,
        Reach::AtLocalhost => is_localhost(name),
        Reach::Apart => false,
    };
    let mut servers = container.servers.iter().filter(is_it);
    let (Some(server), None) = (servers.next(), servers.next()) else { return None };
    Some(Met { server, name, origin: &host.origin, port: number(port) })
}
