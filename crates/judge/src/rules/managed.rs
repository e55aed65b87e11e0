//! Clients at managed services, for the rules on what these demand.

use super::Context;
use super::context::client_name;
use base::finding::{Finding, Severity};
use base::rule::Rule;
use facts::services::{Service, service};
use python::Origin;
use simulate::outcome::{Client, ClientKind, Connection, Setting};

/// A client at a service.
pub(super) struct AtService<'a> {
    pub(super) client: &'a Client,
    pub(super) connection: &'a Connection,
    pub(super) service: &'static Service,
    /// Where the host is written.
    host: &'a Origin,
    /// The port, where it is known.
    pub(super) port: Option<u16>,
}

/// The clients that go to a managed service; those of Sentinel do not, a service has none.
pub(super) fn at_services<'a>(context: &Context<'a>) -> impl Iterator<Item = AtService<'a>> {
    let service_of = |client| service(target(client)?.0.value.as_str()?);
    let services = context.memo.services.get_or_init(|| clients(context).map(service_of).collect());
    clients(context).zip(services).filter_map(|(client, service)| {
        let service = (*service)?;
        let connection = client.connection.as_ref()?;
        let (host, port) = target(client)?;
        let port = super::targets::number(&port.value);
        Some(AtService { client, connection, service, host: &host.value.origin, port })
    })
}

fn clients<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a Client> + use<'a> {
    let outcome = context.outcome;
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    outcome.redis_py_clients().chain(fallback)
}

/// The host and port that a client is given, a cluster's the first node's.
fn target(client: &Client) -> Option<(&Setting, &Setting)> {
    let connection = client.connection.as_ref()?;
    match client.kind {
        ClientKind::Redis => Some((&connection.host, &connection.port)),
        ClientKind::RedisCluster => {
            let node = client.nodes.first()?;
            Some((&node.host, &node.port))
        }
        ClientKind::Sentinel => None,
    }
}

impl AtService<'_> {
    /// Who it is and where: `The response cache's async client goes to Upstash`.
    pub(super) fn goes(&self) -> String {
        format!("{} goes to {}", client_name(self.client), self.service.name)
    }

    /// A finding about it, at what decides, else at the host; none that repeats another's place.
    pub(super) fn report(
        &self,
        rule: &'static Rule,
        context: &Context<'_>,
        decides: Option<&Origin>,
        found: &mut Vec<Finding>,
        says: (Severity, String, String),
    ) {
        let (severity, message, help) = says;
        let span = decides
            .and_then(|origin| context.span_of(origin))
            .or_else(|| context.span_of(self.host));
        let repeats =
            |other: &Finding| other.primary.span == span && other.help.as_deref() == Some(&help);
        if found.iter().any(repeats) {
            return;
        }
        let mut diagnostic =
            rule.at(span, message).severity(severity).label(self.service.name).help(help);
        if let Some((path, _)) = span.and_then(|span| context.key_at(span)) {
            diagnostic = diagnostic.path(path);
        }
        found.push(diagnostic.related(context.span_of(self.host), "the service"));
    }
}
