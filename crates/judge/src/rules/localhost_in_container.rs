use super::case::{raises, silent};
use super::targets::{is_localhost, placed, targets};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use deployment::{Container, Form, Localhost, Reach, RedisServer};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP723",
    name: "localhost-in-container",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "`localhost` is LiteLLM's own container, and Redis is not in it.",
    why: "Each container has a `localhost` of its own. A Redis in another container, or on the machine \
        itself, is not there: `Error 111 connecting to localhost:6379. Connection refused.` Only the \
        containers of one pod, and those with `network_mode: service:…` or `host`, share it.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  redis:
    image: redis:7.4
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    port: 6379
",
    )
    .beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  redis:
    image: redis:7.4
",
    ),
    cases: &[
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  cache:\n    image: valkey/valkey:8\n    ports: [\"127.0.0.1:6380:6379\"]\n",
            )
            .says(&["`cache`", "6379"]),
        // No Redis is known: it is not in LiteLLM's image all the same.
        raises(CONFIG)
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n")
            .severity(Severity::Warning),
        raises(CONFIG)
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {selector: {app: redis}, ports: [{port: 6379}]}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: redis, labels: {app: redis}}\nspec:\n  containers:\n    - name: redis\n      image: redis:7\n",
            )
            .says(&["pod", "`redis`"]),
        // A sidecar has the pod's localhost, and so has who rides on another's network.
        silent(CONFIG).beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n    - name: redis\n      image: redis:7\n",
        ),
        silent(CONFIG).beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  hostNetwork: true\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n",
        ),
        silent(CONFIG).beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  initContainers:\n    - name: redis\n      image: redis:7\n      restartPolicy: Always\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    network_mode: host\n  redis:\n    image: redis:7\n    ports: [\"6379:6379\"]\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    network_mode: service:redis\n  redis:\n    image: redis:7\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n    network_mode: \"service:litellm\"\n",
        ),
        // An image that may hold a Redis.
        silent(CONFIG).beside("services:\n  litellm:\n    image: example.com/ai/litellm-all-in-one:1\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(container) = context.container else { return vec![] };
    let beside: Vec<&RedisServer> =
        container.servers.iter().filter(|one| one.reach == Reach::ByName).collect();
    let says_nothing = beside.is_empty() && !container.official;
    if container.network.localhost != Localhost::Itself || says_nothing {
        return vec![];
    }
    let pods = matches!(container.form, Form::Kubernetes | Form::Helm);
    let own = if pods { "LiteLLM's own pod" } else { "LiteLLM's own container" };
    let mut found: Vec<Finding> = vec![];
    for target in targets(context).iter().filter(|target| is_localhost(target.host)) {
        let (span, read) = (context.said_at(target.origin), context.span_of(target.origin));
        if found.iter().any(|one| one.primary.span == span) {
            continue;
        }
        let message = format!(
            "{} goes to {}, which is {own}: no Redis is there.",
            target.who(context),
            target.host
        );
        let server = beside.first().filter(|_| beside.len() == 1);
        let help = help(container, &beside, pods);
        let severity = if beside.is_empty() { Severity::Warning } else { Severity::Error };
        let finding = RULE.at(span, message).label(own).severity(severity).help(help);
        let finding = placed(context, finding, read);
        let finding = finding.related(read, "read here");
        let fix = server.and_then(|server| meant(context, &finding.path, server));
        let finding = finding.fix(fix);
        found.push(finding.related(server.and_then(|one| one.span), "Redis is here"));
    }
    found
}

/// What to write instead.
fn help(container: &Container, beside: &[&RedisServer], pods: bool) -> String {
    match beside {
        [server] => match (server.hosts.first(), server.port().or(server.tls_port())) {
            (Some(host), Some(port)) if server.plain => {
                format!("Set the host to `{host}` and the port to {port}, where Redis listens.")
            }
            (Some(host), _) => format!("Set the host to `{host}`, where Redis runs."),
            (None, _) => "Give Redis a Service, and set the host to its name.".to_owned(),
        },
        [] if pods => "Set the host to the name of Redis' Service.".to_owned(),
        [] if container.form == Form::Compose => {
            "Set the host to the name of Redis' service; for a Redis on the machine itself, to \
             `host.docker.internal` (on Linux with `extra_hosts: [\"host.docker.internal:host-gateway\"]`)."
                .to_owned()
        }
        [] => "Set the host to the name of Redis' container on a network that both join; for a Redis on the \
               machine itself, to `host.docker.internal` (on Linux with \
               `--add-host host.docker.internal:host-gateway`)."
            .to_owned(),
        several => {
            let names = several.iter().filter_map(|server| server.hosts.first());
            let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
            format!("Set the host to one of {}.", names.join(", "))
        }
    }
}

/// Writes the server's name, where the config names the host.
fn meant(
    context: &Context<'_>,
    path: &str,
    server: &RedisServer,
) -> Option<base::finding::Proposal> {
    let (parent, key) = path.rsplit_once('.')?;
    let host = server.hosts.first()?;
    if !matches!(key, "host" | "redis_host") || !is_localhost(context.value(path)?.as_str()?) {
        return None;
    }
    let mut operations =
        vec![Operation::Set { path: path.to_owned(), value: serde_json::json!(host) }];
    let port = format!("{parent}.{}", key.replace("host", "port"));
    if server.plain
        && context.value(&port).is_some()
        && let Some(number) = server.port()
    {
        operations.push(Operation::Set { path: port, value: serde_json::json!(number) });
    }
    context.fix(format!("Set {key} to {host}"), Safety::Unsafe, &operations)
}
