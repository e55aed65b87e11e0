//! Where clients go: the hosts and ports that they are given, for the rules on what is reached there.

use super::Context;
use base::finding::Finding;
use base::rule::Rule;
use base::source::Span;
use python::{Data, Origin, Value};
use simulate::outcome::{Client, ClientKind};

/// What stands for a host that is set elsewhere: no name, as it has spaces.
const NOT_KNOWN: &str = "a host that is not known here";

/// A host that a client is given.
pub(super) struct Target<'a> {
    pub(super) client: &'a Client,
    /// The name or address, or words where it is not known.
    pub(super) host: &'a str,
    /// Where it comes from.
    pub(super) origin: &'a Origin,
    /// The port, where it is known.
    pub(super) port: Option<u16>,
    /// Where the port comes from.
    pub(super) port_origin: &'a Origin,
}

/// The hosts of all clients of redis-py, those that are used only where their Redis answers too.
pub(super) fn targets<'a>(context: &Context<'a>) -> Vec<Target<'a>> {
    let outcome = context.outcome;
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    let clients = outcome.redis_py_clients().chain(fallback);
    clients.flat_map(of).collect()
}

fn of(client: &Client) -> Vec<Target<'_>> {
    let pairs: Vec<(&Value, &Value)> = match client.kind {
        ClientKind::Redis => {
            let connection = client.connection.iter().filter(|one| one.path.is_none());
            connection.map(|one| (&one.host.value, &one.port.value)).collect()
        }
        ClientKind::RedisCluster => {
            client.nodes.iter().map(|node| (&node.host.value, &node.port.value)).collect()
        }
        ClientKind::Sentinel => {
            client.sentinels.iter().map(|one| (&one.host.value, &one.port.value)).collect()
        }
    };
    let mut found = vec![];
    for (host, port) in pairs {
        let origin = &host.origin;
        let host = match &host.data {
            Data::Str(host) => host,
            Data::Unknown(_) => NOT_KNOWN,
            _ => continue,
        };
        found.push(Target { client, host, origin, port: number(port), port_origin: &port.origin });
    }
    found
}

/// A port.
pub(super) fn number(value: &Value) -> Option<u16> {
    match &value.data {
        Data::Int(number) => u16::try_from(number).ok(),
        Data::Str(text) => text.parse().ok(),
        _ => None,
    }
}

/// Whether an address is the machine's own.
pub(super) fn is_localhost(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host.eq_ignore_ascii_case("localhost")
        || matches!(host, "::1" | "0.0.0.0")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

impl Target<'_> {
    /// Who goes there: `The router's client`, or one of its two.
    pub(super) fn who(&self, context: &Context<'_>) -> String {
        let same = |other: &Target<'_>| (other.host, other.port) == (self.host, self.port);
        context.name_where(self.client, |other, _| of(other).iter().any(same))
    }

    /// A finding at the host, or at the port; none that repeats another one's place.
    pub(super) fn report(
        &self,
        rule: &'static Rule,
        context: &Context<'_>,
        origin: &Origin,
        found: &mut Vec<Finding>,
        says: (String, &'static str, String),
    ) -> bool {
        let span = context.span_of(origin).or_else(|| context.span_of(self.origin));
        report_at(rule, context, span, found, says)
    }

    /// The same, at the line that has to change: that of the variable which the config names.
    pub(super) fn report_where_said(
        &self,
        rule: &'static Rule,
        context: &Context<'_>,
        origin: &Origin,
        found: &mut Vec<Finding>,
        says: (String, &'static str, String),
    ) -> bool {
        let read = context.span_of(origin).or_else(|| context.span_of(self.origin));
        let span = context.said_at(origin).or(read);
        let is_new = report_at(rule, context, span, found, says);
        if let Some(last) = found.pop_if(|_| is_new) {
            found.push(placed(context, last, read).related(read, "read here"));
        }
        is_new
    }
}

/// A finding at a place; none that repeats another one's place.
fn report_at(
    rule: &'static Rule,
    context: &Context<'_>,
    span: Option<Span>,
    found: &mut Vec<Finding>,
    says: (String, &'static str, String),
) -> bool {
    let (message, label, help) = says;
    let repeats = |one: &Finding| one.primary.span == span && one.help.as_deref() == Some(&help);
    if found.iter().any(repeats) {
        return false;
    }
    found.push(placed(context, rule.at(span, message).label(label).help(help), span));
    true
}

/// A finding with the path of its place in the config.
pub(super) fn placed(context: &Context<'_>, found: Finding, span: Option<Span>) -> Finding {
    match span.and_then(|span| context.key_at(span)) {
        Some((path, _)) => found.path(path),
        None => found,
    }
}
