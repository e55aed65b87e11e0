use super::case::{raises, silent};
use super::targets::{Target, is_localhost, targets};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use deployment::{Container, Form, Reach, RedisServer, Service};

pub(super) static RULE: Rule = Rule {
    code: "RP724",
    name: "host-is-not-beside",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "No service or container that LiteLLM can reach has the host's name.",
    why: "Compose gives each service its name, `container_name` and aliases, on the networks that it \
        joins; Kubernetes gives a Service its name within its namespace. Another name has no address: \
        `Error -2 connecting to redis:6379. Name or service not known.` A Service takes connections on \
        its own ports alone, and leads to the pods that have the labels of its `selector`.",
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

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
  cache:
    image: redis:7.4
",
    ),
    fixed: Example::new(CONFIG).beside(
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
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  db:\n    image: postgres:16\n")
            .severity(Severity::Hint),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis-server}}\n")
            .beside("services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  redis:\n    image: redis:7\n")
            .says(&["`redis`"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    networks: [front]\n  redis:\n    image: redis:7\n    networks: [back]\nnetworks: {front: {}, back: {}}\n",
            )
            .says(&["network"]),
        raises(CONFIG)
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm, namespace: ai}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis, namespace: cache}\nspec: {ports: [{port: 6379}]}\n",
            )
            .says(&["`redis.cache`"]),
        raises(CONFIG)
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  enableServiceLinks: false\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {ports: [{port: 6380, targetPort: 6379}]}\n",
            )
            .says(&["port 6379", "6380"]),
        raises(CONFIG).beside(BEHIND_NOTHING).says(&["selector", "redis:7"]).severity(Severity::Warning),
        // Names that Docker gives, and those that a container knows by itself.
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  cache:\n    image: redis:7\n    container_name: redis\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    networks: [n]\n  cache:\n    image: redis:7\n    networks: {n: {aliases: [redis]}}\nnetworks: {n: {}}\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    links: [\"cache:redis\"]\n  cache:\n    image: redis:7\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    extra_hosts: [\"redis:10.0.0.5\"]\n",
        ),
        silent(CONFIG).beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    networks: [shared]\nnetworks: {shared: {external: true}}\n",
        ),
        silent(CONFIG).beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n",
        ),
        silent(CONFIG).beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  enableServiceLinks: false\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {type: ExternalName, externalName: redis.example.com}\n",
        ),
        // The name of one container of a service.
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: app-cache-1}}\n").beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  cache:\n    image: redis:7\n",
        ),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis.example.com}}\n").beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n  cache:\n    image: redis:7\n",
        ),
    ],
    check,
};

/// A Service, and a pod with other labels.
const BEHIND_NOTHING: &str = r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  enableServiceLinks: false
  containers:
    - name: litellm
      image: ghcr.io/berriai/litellm:v1.109.1
---
apiVersion: v1
kind: Service
metadata: {name: redis}
spec: {selector: {app: redis}, ports: [{port: 6379}]}
---
apiVersion: v1
kind: Pod
metadata: {name: redis, labels: {app: redis-server}}
spec:
  containers:
    - name: redis
      image: redis:7
";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(container) = context.container else { return vec![] };
    let mut found: Vec<Finding> = vec![];
    for target in targets(context) {
        if is_localhost(target.host) || !is_name(target.host) {
            continue;
        }
        let host = target.host.trim_end_matches('.').to_ascii_lowercase();
        let said = match container.form {
            Form::Compose | Form::Systemd => in_compose(container, &host),
            Form::Kubernetes | Form::Helm => in_kubernetes(container, &host, target.port),
            _ => None,
        };
        let Some(said) = said else { continue };
        let origin = if said.at_port { target.port_origin } else { target.origin };
        let says = (said.message(&target, context), said.label, said.help);
        if target.report_where_said(&RULE, context, origin, &mut found, says)
            && let Some(last) = found.pop()
        {
            found.push(last.severity(said.severity).related(said.span, "this one"));
        }
    }
    found
}

/// What is wrong with a host.
struct Said {
    severity: Severity,
    /// What follows the client's name.
    message: String,
    label: &'static str,
    help: String,
    at_port: bool,
    span: Option<base::source::Span>,
}

impl Said {
    fn message(&self, target: &Target<'_>, context: &Context<'_>) -> String {
        format!("{} goes to {}, {}.", target.who(context), target.host, self.message)
    }
}

/// A name as DNS has it.
fn is_name(host: &str) -> bool {
    !host.is_empty()
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !host.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn in_compose(container: &Container, host: &str) -> Option<Said> {
    let is_its =
        |server: &&RedisServer| server.hosts.iter().any(|name| name.eq_ignore_ascii_case(host));
    if let Some(server) = container.servers.iter().find(is_its) {
        return (server.reach == Reach::Apart).then(|| Said {
            severity: Severity::Error,
            message: "and they have no network in common".to_owned(),
            label: "on another network",
            help: "Let both services join one network.".to_owned(),
            at_port: false,
            span: server.span,
        });
    }
    let names = container.network.names.as_ref()?;
    let given = |name: &String| is_given(host, &name.to_ascii_lowercase());
    if host.contains('.') || names.iter().any(|name| name.eq_ignore_ascii_case(host) || given(name))
    {
        return None;
    }
    let servers: Vec<&RedisServer> =
        container.servers.iter().filter(|one| one.reach == Reach::ByName).collect();
    let redis: Vec<String> =
        servers.iter().filter_map(|server| Some(format!("`{}`", server.hosts.first()?))).collect();
    Some(Said {
        severity: if redis.is_empty() { Severity::Hint } else { Severity::Error },
        message: "and no service of the compose file has that name".to_owned(),
        label: "no such service",
        help: match redis.as_slice() {
            [] => "Set the host to a name that the container can resolve: that of a service, or one with its domain."
                .to_owned(),
            names => format!("Set the host to {}.", names.join(" or ")),
        },
        at_port: false,
        span: servers.first().and_then(|server| server.span),
    })
}

/// Whether Docker gives a name to a container of a service: `project-redis-1`, `stack_redis`,
/// `tasks.redis`.
fn is_given(host: &str, service: &str) -> bool {
    let before = host.strip_suffix(service);
    let of_stack = before.is_some_and(|before| before.ends_with('_') || before == "tasks.");
    let numbered = host.rsplit_once(['-', '_']).is_some_and(|(name, number)| {
        number.chars().all(|c| c.is_ascii_digit())
            && name.strip_suffix(service).is_some_and(|before| before.ends_with(['-', '_']))
    });
    of_stack || numbered
}

fn in_kubernetes(container: &Container, host: &str, port: Option<u16>) -> Option<Said> {
    let network = &container.network;
    let labels: Vec<&str> = host.split('.').collect();
    let (name, namespace) = match labels.as_slice() {
        [name] => (*name, network.namespace.as_deref()),
        [name, namespace] | [name, namespace, "svc", ..] => (*name, Some(*namespace)),
        _ => return None,
    };
    let named: Vec<&Service> =
        network.services.iter().filter(|service| service.name == name).collect();
    let within = |service: &&&Service| match (&service.namespace, namespace) {
        (Some(its), Some(own)) => its == own,
        _ => true,
    };
    if let Some(service) = named.iter().find(within) {
        return ports(service, port).or_else(|| no_pods(container, service));
    }
    if !network.has_all_services {
        return None;
    }
    if let Some(service) = named.first() {
        let its = service.namespace.clone().unwrap_or_default();
        return Some(Said {
            severity: Severity::Error,
            message: format!("and the Service {name} is in the namespace {its}"),
            label: "in another namespace",
            help: format!("Set the host to `{name}.{its}`."),
            at_port: false,
            span: service.span,
        });
    }
    // Manifests seldom show all of a namespace.
    let servers = container.servers.iter().filter(|one| one.reach == Reach::ByName);
    let redis: Vec<&String> = servers.flat_map(|server| &server.hosts).collect();
    // Charts make Services that no file shows.
    if redis.iter().any(|its| *its == name) {
        return None;
    }
    let [other] = redis.as_slice() else { return None };
    (labels.len() == 1).then(|| Said {
        severity: Severity::Warning,
        message: format!("and no Service in these files has that name; Redis' is {other}"),
        label: "no such Service here",
        help: format!("Set the host to `{other}`."),
        at_port: false,
        span: None,
    })
}

/// Whether a Service leads nowhere: a Redis is among the files, and no pod has the labels that it selects.
fn no_pods(container: &Container, service: &Service) -> Option<Said> {
    let server = container.servers.first()?;
    (service.finds_pods == Some(false)).then(|| Said {
        severity: Severity::Warning,
        message: "a Service whose selector no pod in these files meets".to_owned(),
        label: "leads to no pod",
        help: format!(
            "Let the Service's `selector` name the labels of the pod that runs {}.",
            server.image
        ),
        at_port: false,
        span: service.span,
    })
}

/// Whether a Service takes connections on a port.
fn ports(service: &Service, port: Option<u16>) -> Option<Said> {
    let port = port?;
    if !service.forwards || service.ports.iter().any(|(own, _)| *own == port) {
        return None;
    }
    let own: Vec<String> = service.ports.iter().map(|(own, _)| own.to_string()).collect();
    Some(Said {
        severity: Severity::Error,
        message: format!("port {port}, and the Service listens on {}", own.join(", ")),
        label: "no such port",
        help: format!("Set the port to {}.", own.join(" or ")),
        at_port: true,
        span: service.span,
    })
}
