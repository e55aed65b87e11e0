use super::{Check, Context, Example, other_releases};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::catalogue::{self, Section};

pub(super) static RULE: Rule = Rule {
    code: "RP208",
    name: "unknown-redis-variable",
    category: Category::Environment,
    severity: Severity::Warning,
    summary: "LiteLLM reads no variable of this name.",
    why: "LiteLLM reads `REDIS_` with the name of a redis-py argument in capitals, and a few names \
        of its own. Other `REDIS_*` variables have no effect, however much they look like it.",
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
",
    )
    .env("REDIS_GCP_IAM_SERVICE_ACCOUNT=projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[
        // What Kubernetes sets for a Service.
        super::case::silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n").env(
            "REDIS_PORT=6379\nREDIS_SERVICE_HOST=10.96.0.12\nREDIS_SERVICE_PORT=6379\nREDIS_SERVICE_PORT_REDIS=6379\nREDIS_PORT_6379_TCP=tcp://10.96.0.12:6379\nREDIS_PORT_6379_TCP_ADDR=10.96.0.12\nREDIS_MASTER_PORT=tcp://10.96.0.13:6379\nREDIS_MASTER_SERVICE_HOST=10.96.0.13\n",
        ),
        super::case::raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis, port: 6379}}\n")
            .env("REDIS_MASTER_PORT=6379\n"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.outcome.clients.is_empty() && context.starts() {
        return vec![];
    }
    let signature = &context.pair.redis_py_data().redis();
    let mut found = Vec::new();
    for (name, variable) in context.environment.iter() {
        let upper = name.to_ascii_uppercase();
        let Some(argument) = upper.strip_prefix("REDIS_") else { continue };
        let argument = argument.to_ascii_lowercase();
        let field = catalogue::find_variable(&upper);
        let known = argument == "url" || signature.names(&argument) || field.is_some();
        let referenced = context
            .sources
            .first()
            .is_some_and(|source| source.text.contains(&format!("os.environ/{name}")));
        let elsewhere = field.and_then(|field| other_releases::of_field(field, context.pair));
        let fine = (known && name == upper && elsewhere.is_none()) || referenced;
        if fine || is_service_link(context, &upper) {
            continue;
        }
        let meant = catalogue::meant(name, Section::Environment, context.pair);
        let message = format!("LiteLLM does not read {name}.");
        let diagnostic = RULE.at(variable.span, message).label("has no effect");
        found.push(match (elsewhere, meant) {
            (Some(elsewhere), _) => diagnostic.help(elsewhere),
            (None, _) if known => diagnostic.help(format!("Set {upper}: names are in capitals.")),
            (None, Some(meant)) => diagnostic.help(format!("Set {meant} instead.")),
            (None, None) => diagnostic,
        });
    }
    found
}

/// Whether Kubernetes sets a variable for a Service, as `REDIS_SERVICE_HOST`: nobody wrote it.
fn is_service_link(context: &Context<'_>, name: &str) -> bool {
    let is_set = |name: &str| context.environment.get(name).is_some();
    let port_of = |rest: &str| {
        let mut parts = rest.split('_');
        let (number, protocol) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let last = parts.next().unwrap_or("");
        !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
            && matches!(protocol, "TCP" | "UDP" | "SCTP")
            && matches!(last, "" | "PROTO" | "PORT" | "ADDR")
            && parts.next().is_none()
    };
    let of_service = name.ends_with("_SERVICE_HOST")
        || name.match_indices("_SERVICE_PORT").any(|(at, found)| {
            let rest = &name[at + found.len()..];
            (rest.is_empty() || rest.starts_with('_'))
                && is_set(&format!("{}_SERVICE_HOST", &name[..at]))
        });
    of_service
        || name.match_indices("_PORT_").any(|(at, found)| port_of(&name[at + found.len()..]))
        || name
            .strip_suffix("_PORT")
            .is_some_and(|service| is_set(&format!("{service}_SERVICE_HOST")))
}
