use std::net::IpAddr;

use super::case::{raises, silent};
use super::context::{is_local, is_tls, same_target, target};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use facts::services::{Login, Transport, service};
use simulate::outcome::{Auth, Client, ClientKind, Connection, Knowable};

pub(super) static RULE: Rule = Rule {
    code: "RP313",
    name: "no-password-and-no-tls",
    category: Category::Passwords,
    aspects: &[Aspect::Encrypted, Aspect::LoggedIn],
    severity: Severity::Warning,
    summary: "Redis is reached over a network without a password and without TLS.",
    why: "Whoever reaches the port can read each cached answer, delete keys and set rate limits and budgets to \
        anything; and whoever can read the traffic sees the prompts and answers. On a private network that is a \
        choice; with a public name or address it rarely is meant.",
    ..Rule::CONFIG
};

/// A cache at this host.
macro_rules! at {
    ($host:literal) => {
        at!($host, "")
    };
    ($host:literal, $more:literal) => {
        concat!(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: ",
            $host,
            "\n    port: 6379\n",
            $more
        )
    };
}

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    ssl: true
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[
        raises(at!("203.0.113.7"))
            .severity(Severity::Warning)
            .path("litellm_settings.cache_params.host"),
        raises(at!("10.0.0.7")).severity(Severity::Hint),
        raises(at!("cache.internal")).severity(Severity::Hint),
        // Who chose ElastiCache in a private network may have chosen neither.
        raises(at!("a.abc123.0001.use1.cache.amazonaws.com")).severity(Severity::Hint),
        // Neighbors by their names.
        silent(at!("redis")),
        silent(at!("redis.prod.svc.cluster.local")),
        silent(at!("redis.prod.svc")),
        silent(at!("redis.test")),
        silent(at!("localhost")),
        silent(at!("127.0.0.1")),
        silent(at!("redis.example.com", "    ssl: true\n")),
        silent(at!("redis.example.com", "    password: os.environ/P\n")).from_secret(&["P"]),
        silent(at!("os.environ/HOST")).from_secret(&["HOST"]),
        // The rule on the service's login says it.
        silent(at!("litellm-do-user-1-0.b.db.ondigitalocean.com")),
        raises("router_settings:\n  redis_host: redis.example.com\n  redis_port: 6379\n")
            .path("router_settings.redis_host"),
    ],
    check,
};

/// The ends of names that no public name server knows.
const INNER: [&str; 9] =
    ["local", "internal", "lan", "intranet", "corp", "home", "private", "localdomain", "arpa"];
/// The ends of names that stand for none.
const RESERVED: [&str; 4] = ["test", "example", "invalid", "localhost"];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let connections = context.every_connection();
    // Where others speak TLS, the rule on differing clients says it, and louder.
    if connections.iter().any(|(_, connection)| is_tls(connection) != Some(false)) {
        return vec![];
    }
    let mut found: Vec<Finding> = vec![];
    for (client, connection) in connections {
        if is_local(client, connection) || !is_open(connection) {
            continue;
        }
        let Some((severity, host)) = exposed(context, client, connection) else { continue };
        let span = context.span_of(&host.origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let message = format!(
            "{} reaches {} without a password and without TLS.",
            context.name_where(client, |one, other| {
                is_open(other) && same_target((client, connection), (one, other)) == Some(true)
            }),
            target(client, connection)
        );
        let mut diagnostic =
            RULE.at(span, message).label("open to all who reach it").severity(severity);
        if let Some((path, _)) = span.and_then(|span| context.key_at(span)) {
            diagnostic = diagnostic.path(path);
        }
        found.push(diagnostic.help(
            "Give the Redis a password and TLS, and set `password` and `ssl: true` here; or see to it that nothing but LiteLLM reaches its port.",
        ));
    }
    found
}

/// Whether it is known that nothing is sent to log in.
fn is_open(connection: &Connection) -> bool {
    let password = &connection.password;
    matches!(password.value, Knowable::Known(_))
        && !password.may_be_sent()
        && connection.auth == Auth::Static
}

/// How bad it is that this host is open, and where it is named; `None` where that is nobody's business or not known.
fn exposed<'a>(
    context: &Context<'_>,
    client: &'a Client,
    connection: &'a Connection,
) -> Option<(Severity, &'a python::Value)> {
    let value = match client.kind {
        ClientKind::RedisCluster => &client.nodes.first()?.host.value,
        ClientKind::Sentinel if connection.host.value.is_none() => {
            &client.sentinels.first()?.host.value
        }
        _ => &connection.host.value,
    };
    let host = value.as_str()?.trim().trim_end_matches('.').to_ascii_lowercase();
    let beside = context.container.is_some_and(|container| {
        container.servers.iter().any(|server| server.hosts.contains(&host))
    });
    if beside {
        return None;
    }
    if let Some(service) = service(&host) {
        let said = service.login == Login::Always
            || matches!(service.transport, Transport::Tls | Transport::TlsByDefault);
        return (!said).then_some((Severity::Hint, value));
    }
    let severity = match host.parse::<IpAddr>() {
        Ok(address) if is_public(address) => Severity::Warning,
        Ok(_) => Severity::Hint,
        Err(_) => {
            let (_, end) = host.rsplit_once('.')?;
            // A neighbor in the cluster is one by its name.
            let beside =
                host.ends_with("cluster.local") || host.split('.').any(|part| part == "svc");
            if beside || RESERVED.contains(&end) {
                return None;
            }
            let inner = INNER.contains(&end) || host.split('.').any(|part| part == "internal");
            if inner || host.matches('.').count() < 2 { Severity::Hint } else { Severity::Warning }
        }
    };
    Some((severity, value))
}

/// Whether an address is one of the whole internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            // 100.64.0.0/10 lies behind a provider's translation.
            let shared = first == 100 && (64..128).contains(&second);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || shared)
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            !(v6.is_loopback()
                || v6.is_unspecified()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80)
        }
    }
}
