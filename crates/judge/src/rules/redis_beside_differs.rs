use super::beside::{Met, met};
use super::case::{raises, silent};
use super::context::{client_name, is_tls};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::secret::Secret;
use deployment::{Container, Reach, RedisServer};
use simulate::outcome::{Auth, Client, ClientKind, Connection, Knowable};

pub(super) static RULE: Rule = Rule {
    code: "RP722",
    name: "redis-beside-differs",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "The Redis in the same files is started otherwise than LiteLLM expects.",
    why: "The command line of the Redis server beside LiteLLM, or the settings file that it names, says whether it wants \
        a password or a client certificate, speaks TLS, which port it listens on and whether it is a cluster or a replica. A client that differs is refused: `NOAUTH`, `WRONGPASS`, \
        `Connection refused`, or an error of the TLS handshake.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6379
";

const CHART: &str =
    "masterkeySecretName: litellm\nredis: {enabled: true, architecture: standalone}\n";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  redis:
    image: redis:7.4
    command: redis-server --requirepass correct-horse-battery
",
    ),
    fixed: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  redis:
    image: redis:7.4
    command: redis-server --save 60 1
",
    ),
    cases: &[
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: {REDIS_PASSWORD: one-of-them}\n  redis:\n    image: redis:7\n    command: [redis-server, --requirepass, another-one]\n",
            )
            .says(&["another password"])
            .says_not(&["another-one", "one-of-them"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: {REDIS_SSL: \"true\"}\n  redis:\n    image: redis:7\n",
            )
            .says(&["TLS"]),
        // The chart's own Redis.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, ssl: true}}\n")
            .beside(CHART)
            .says(&["the Redis that the Helm chart installs, which speaks no TLS, with TLS", "redis.tls.enabled"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .beside(concat!("envVars: {REDIS_SSL: \"true\"}\n", "masterkeySecretName: litellm\nredis: {enabled: true, architecture: standalone}\n"))
            .says(&["speaks no TLS"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .beside("masterkeySecretName: litellm\nredis: {enabled: true, tls: {enabled: true}}\n")
            .says(&["speaks only TLS"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis}}\n").beside(CHART),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, ssl: true}}\n")
            .beside("masterkeySecretName: litellm\nredis: {enabled: true, tls: {enabled: true, authClients: false}}\n"),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: other, port: 6379, ssl: true}}\n").beside(CHART),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: valkey/valkey:8\n    command: valkey-server --port 6380\n",
            )
            .says(&["6380"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server --cluster-enabled yes\n",
            )
            .says(&["cluster", "redis_startup_nodes"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server --cluster-enabled yes --cluster-config-file nodes.conf --appendonly yes\n",
            )
            .says(&["cluster", "redis_startup_nodes"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  main:\n    image: redis:7\n  redis:\n    image: redis:7\n    command: redis-server --replicaof main 6379\n",
            )
            .says(&["replica", "READONLY"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: bitnami/redis:7.2\n    environment: {REDIS_REPLICATION_MODE: slave, REDIS_MASTER_HOST: main}\n",
            )
            .says(&["replica"]),
        // Redis asks for a certificate unless told otherwise; its settings are in a file beside.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6380, ssl: true}}\n")
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server --port 0 --tls-port 6380 --tls-cert-file /c --tls-key-file /k\n",
            )
            .says(&["client certificate", "--tls-auth-clients no"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6380, ssl: true}}\n")
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server --port 0 --tls-port 6380 --tls-auth-clients no\n",
            ),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: bitnami/redis:7.2\n    environment: {REDIS_PASSWORD: sesame-street}\n",
            )
            .says(&["wants a password"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server /etc/redis.conf\n    configs: [{source: c, target: /etc/redis.conf}]\nconfigs:\n  c:\n    content: |\n      requirepass sesame-street\n",
            )
            .says(&["wants a password"]),
        raises(CONFIG)
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  enableServiceLinks: false\n  containers:\n    - image: ghcr.io/berriai/litellm:v1.109.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {selector: {app: r}, ports: [{port: 6379, targetPort: redis}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: r, labels: {app: r}}\nspec:\n  volumes: [{name: c, configMap: {name: rc}}]\n  containers:\n    - image: redis:7\n      command: [redis-server, /conf/redis.conf]\n      ports: [{name: redis, containerPort: 6379}]\n      volumeMounts: [{name: c, mountPath: /conf}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: rc}\ndata:\n  redis.conf: |\n    port 6380\n",
            )
            .says(&["it listens on 6380"]),
        // The port on the host, of a server whose settings are in a file.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6380}}\n")
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server /etc/redis.conf\n    ports: [\"6380:6379\"]\n",
            )
            .says(&["on the host alone", "port: 6379"]),
        // A Service leads its port to another one.
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6380}}\n").beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  enableServiceLinks: false\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {ports: [{port: 6380, targetPort: 6379}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: redis}\nspec:\n  containers:\n    - name: redis\n      image: redis:7\n",
        ),
        // One network: a task of ECS, a group of Nomad, a pod.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, port: 6379}}\n")
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  enableServiceLinks: false\n  containers:\n    - {name: litellm, image: \"ghcr.io/berriai/litellm:v1.109.1\"}\n    - {name: redis, image: \"redis:7\", args: [redis-server, --port, \"6380\"]}\n",
            )
            .says(&["port 6379, and it listens on 6380"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: localhost, port: 6379}}\n").beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  enableServiceLinks: false\n  containers:\n    - {name: litellm, image: \"ghcr.io/berriai/litellm:v1.109.1\"}\n    - {name: redis, image: \"redis:7\"}\n",
        ),
        // What a variable or a file fills in is not known.
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: {REDIS_PASSWORD: p4ssw0rd-x}\n  redis:\n    image: redis:7\n    command: redis-server --requirepass ${PASSWORD}\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    command: redis-server /etc/redis.conf\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  other:\n    image: redis:7\n    command: redis-server --port 1234\n",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(container) = context.container else { return vec![] };
    let mut found: Vec<Finding> = vec![];
    for client in context.outcome.redis_py_clients() {
        let Some(connection) = &client.connection else { continue };
        let Some(Met { server, name, origin, port }) = met(container, client) else { continue };
        let differs = match published(server, port) {
            Some(said) => Some(said),
            // A sentinel's client asks for the master, a cluster's goes there by itself.
            None if server.is_replica() && client.kind == ClientKind::Redis => Some((
                "which is a replica and refuses writes (`READONLY`)".to_owned(),
                "Set `host` to the server that it copies, the master.".to_owned(),
            )),
            None if server.plain => {
                let port = behind(container, name, port);
                differs(client, connection, port, server)
            }
            None => None,
        };
        let Some((said, help)) = differs else { continue };
        let span = context.span_of(origin);
        let message = format!("{} goes to {name}, {said}.", client_name(client));
        if found.iter().any(|one| one.primary.span == span && one.help.as_deref() == Some(&help)) {
            continue;
        }
        let finding = RULE.at(span, message).label("this server").help(help);
        found.push(finding.related(server.span, "started here"));
    }
    found
}

/// Whether a port is the one on the host, which stands for another one in the container.
fn published(server: &RedisServer, port: Option<u16>) -> Option<(String, String)> {
    let port = port?;
    let (_, own) = server.published.iter().find(|(host, own)| *host == port && own != host)?;
    let listens = server.published.iter().any(|(_, own)| *own == port)
        || (server.plain && [server.port(), server.tls_port()].contains(&Some(port)));
    (!listens).then(|| {
        (
            format!("port {port}, which it has on the host alone: between containers it listens on {own}"),
            format!("Set `port: {own}`, the container's."),
        )
    })
}

/// The port of the pods behind a Service; `None` where that is not known.
fn behind(container: &Container, name: &str, port: Option<u16>) -> Option<u16> {
    let label = name.split('.').next().unwrap_or(name);
    let services = &container.network.services;
    let Some(service) = services.iter().find(|one| one.forwards && one.name == label) else {
        return port;
    };
    let (_, behind) = service.ports.iter().find(|(own, _)| Some(*own) == port)?;
    *behind
}

/// In what a server differs from what a client expects, and what to do.
fn differs(
    client: &Client,
    connection: &Connection,
    port: Option<u16>,
    server: &RedisServer,
) -> Option<(String, String)> {
    let (plain, tls) = (server.port(), server.tls_port());
    let listens = |port: Option<u16>| port.map_or_else(String::new, |port| format!(" on {port}"));
    match is_tls(connection)? {
        true if tls.is_none() => {
            return Some((
                "which speaks no TLS, with TLS".to_owned(),
                match server.reach {
                    Reach::ByChart => "Turn TLS off for this client: leave `ssl` and REDIS_SSL out. Or set `redis.tls.enabled` in the chart's values, with its certificates.",
                    _ => "Turn TLS off for this client: leave `ssl` and REDIS_SSL out, or write `redis://`. Or start the server with `--tls-port`.",
                }
                .to_owned(),
            ));
        }
        false if plain.is_none() => {
            return Some((
                format!("which speaks only TLS{}, in plaintext", listens(tls)),
                "Turn TLS on (`ssl: true`).".to_owned(),
            ));
        }
        _ => {}
    }
    let own = if is_tls(connection)? { tls } else { plain };
    // Redis' default is to ask.
    let asks = server.option("--tls-auth-clients").is_none_or(|asks| asks == "yes");
    let has_certificate = match &connection.tls {
        Knowable::Known(Some(tls)) => !tls.certfile.value.is_none(),
        _ => true,
    };
    if is_tls(connection)? && asks && !has_certificate {
        return Some((
            "which wants a client certificate, without one".to_owned(),
            "Set `ssl_certfile` and `ssl_keyfile`, or start the server with `--tls-auth-clients no`."
                .to_owned(),
        ));
    }
    if let (Some(own), Some(port)) = (own, port)
        && own != port
    {
        return Some((
            format!("port {port}, and it listens on {own}"),
            format!("Set `port: {own}`."),
        ));
    }
    let clustered = server.option("--cluster-enabled").is_some_and(|on| on == "yes");
    if clustered != (client.kind == ClientKind::RedisCluster) {
        return Some(match clustered {
            true => (
                "which is a cluster, and the client knows nothing of clusters".to_owned(),
                "List the nodes under `redis_startup_nodes`.".to_owned(),
            ),
            false => (
                "which is not part of a cluster, as one".to_owned(),
                "Set `host` and `port` instead of `redis_startup_nodes`, or start the server with `--cluster-enabled yes`.".to_owned(),
            ),
        });
    }
    let wanted = server.option("--requirepass");
    if wanted.is_some_and(|password| password.contains('$')) || connection.auth != Auth::Static {
        return None;
    }
    let Knowable::Known(given) = &connection.password.value else { return None };
    let user = connection.username.value.as_str();
    if user.is_some_and(|user| user != "default") || server.option("--user").is_some() {
        return None;
    }
    let given = given.as_ref().map(Secret::reveal).filter(|password| !password.is_empty());
    let help = "Set `password` to that of `--requirepass`, for both from one variable.".to_owned();
    match (wanted.filter(|password| !password.is_empty()), given) {
        (Some(_), None) => Some(("which wants a password, without one".to_owned(), help)),
        (Some(wanted), Some(given)) if wanted != given => {
            Some(("which wants another password".to_owned(), help))
        }
        _ => None,
    }
}
