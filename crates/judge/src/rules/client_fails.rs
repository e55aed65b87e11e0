use super::case::raises;
use super::context::client_name;
use super::shell_variable_is_not_expanded;
use super::url_password_is_misread;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use deployment::environment::VariableValue;
use python::Origin;
use simulate::outcome::{Api, ClientKind, Knowable, PyException, Raise};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP110",
    name: "client-fails",
    category: Category::ClientFails,
    severity: Severity::Error,
    summary: "LiteLLM starts, and every use of a Redis client raises an exception.",
    why: "Pools make their connections when they are first used. What redis-py refuses there does \
        not stop start-up: the proxy runs, its health checks pass, and every request that needs \
        Redis fails or goes without.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
    ssl_cert_reqs: CERT_NONE
",
    )
    .refused_by_schema(),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
    ssl_cert_reqs: required
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: $REDIS_PORT}}\n")
            .on("1.80.0", "5.3.1")
            .says(&["Write `os.environ/REDIS_PORT`"])
            .says_not(&["remove"]),
        // Kubernetes' own variable.
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n")
            .on("1.80.0", "5.3.1")
            .env("REDIS_PORT=tcp://10.96.0.12:6379\n")
            .says(&["enableServiceLinks"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n")
            .on("1.80.0", "5.3.1")
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:main-v1.80.0\n---\napiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {ports: [{port: 6379}]}\n",
            )
            .says(&["enableServiceLinks"]),
        // The config names the variable.
        raises(
            "litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: os.environ/REDIS_PORT}}\n",
        )
        .on("1.80.0", "5.3.1")
        .env("REDIS_PORT=tcp://10.96.0.12:6379\n")
        .says(&["enableServiceLinks"]),
        // The environment reaches a client that has no TLS.
        raises(
            r"
router_settings:
  redis_host: localhost
  redis_port: 6379
",
        )
        .env("REDIS_SSL_CA_CERTS=/ca.crt\n")
        .on("1.109.1", "5.3.1")
        .says(&["turn TLS on"]),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for client in context.outcome.redis_py_clients() {
        let Some(Knowable::Known(exception)) = &client.error else { continue };
        let span = exception.origins.iter().find_map(|origin| context.span_of(origin));
        let said = url_password_is_misread::said(context, exception);
        let message = match &context.outcome.cluster_refuses {
            // It looks for its nodes when it is made.
            Some(refused) if client.kind == ClientKind::RedisCluster && client.api == Api::Sync => {
                format!("LiteLLM does not start once the cluster is there: {refused}")
            }
            _ => format!("LiteLLM starts. {} can't be used: {said}", client_name(client)),
        };
        let mut diagnostic = RULE.at(span, message).label(exception.class.clone());
        let cure = service_link(context, exception)
            .or_else(|| url_password_is_misread::cure(context, exception));
        if let Some(help) = cure {
            diagnostic = diagnostic.help(help);
        }
        let key = span.and_then(|span| context.key_at(span));
        let shell = key.as_ref().and_then(|(path, _)| {
            shell_variable_is_not_expanded::meant(path, context.value(path)?.as_str()?)
        });
        if let (Some((path, _)), Some(name)) = (&key, shell) {
            diagnostic = diagnostic.path(&**path).help(format!("Write `os.environ/{name}`."));
        } else if let Some((path, _)) = key {
            let name = path.rsplit('.').next().unwrap_or("").to_owned();
            diagnostic = with_fix(context, diagnostic.path(&*path), &path, &name);
        } else if matches!(&exception.reason, Raise::UnexpectedArgument(name) if name.starts_with("ssl_"))
        {
            diagnostic = diagnostic.help(
                "The connection has no TLS and takes no setting of it: turn TLS on for this client too, or unset the variable.",
            );
        }
        // Sync and async fail alike, and so do consumers that share their settings: say it once.
        let raised = exception.to_string();
        let said = found.iter().any(|other| {
            other.primary.span == diagnostic.primary.span
                && (span.is_some() || other.message.ends_with(&raised))
        });
        if !said && shell.is_some() {
            found.push(diagnostic);
        } else if !said {
            found.push(context.cured(&CHECK, diagnostic, exception));
        }
    }
    found
}

/// What to do where the port is one that Kubernetes sets for a Service.
pub(super) fn service_link(context: &Context<'_>, exception: &PyException) -> Option<String> {
    let named = exception.origins.iter().find_map(Origin::variable)?;
    let VariableValue::Known(value) = &context.environment.get(named)?.value else { return None };
    let link = named.ends_with("_PORT") && value.reveal().starts_with("tcp://");
    link.then(|| {
        format!(
            "Kubernetes sets {named} to `tcp://…` for a Service of this name. Set `enableServiceLinks: false` for \
             the pod, or {named} to the port in the container's `env`."
        )
    })
}

fn with_fix(context: &Context<'_>, found: Finding, path: &str, name: &str) -> Finding {
    let value = context.value(path).and_then(python::Value::as_str).unwrap_or("");
    let words =
        [("CERT_NONE", "none"), ("CERT_REQUIRED", "required"), ("CERT_OPTIONAL", "optional")];
    let plain = value.rsplit('.').next().unwrap_or("").to_ascii_uppercase();
    if name == "ssl_cert_reqs" {
        let meant = words
            .iter()
            .find(|(written, word)| plain == *written || plain == word.to_ascii_uppercase())
            .map(|(_, word)| *word);
        let found = found.help("redis-py takes `required`, `optional` or `none`, in lower case.");
        return match meant {
            Some(word) => {
                let set = Operation::Set { path: path.to_owned(), value: serde_json::json!(word) };
                found.fix(context.fix(format!("Write {word}"), Safety::Safe, &[set]))
            }
            None => found,
        };
    }
    let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
    let tls_off = context.entry(&format!("{parent}.ssl")).is_none() && name.starts_with("ssl_");
    if tls_off && !parent.is_empty() {
        let set = Operation::Set { path: format!("{parent}.ssl"), value: serde_json::json!(true) };
        return found
            .help("Turn TLS on with `ssl: true`: without it the async client refuses the other TLS settings.")
            .fix(context.fix("Add ssl: true", Safety::Safe, &[set]));
    }
    let remove = Operation::Remove { path: path.to_owned() };
    found.fix(context.fix(format!("Remove {name}"), Safety::Unsafe, &[remove]))
}
