use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use simulate::outcome::Auth;

pub(super) static RULE: Rule = Rule {
    code: "RP603",
    name: "gcp-service-account-form",
    category: Category::Logins,
    severity: Severity::Error,
    summary: "`gcp_service_account` is not the resource name of a service account.",
    why: "LiteLLM hands the name on to Google's `generateAccessToken`, which takes \
        `projects/-/serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com`. A bare address, or the \
        `principal://` of a workload identity, is refused, and no connection logs in.",
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
    redis_startup_nodes:
      - host: 10.128.0.2
        port: 6379
    ssl: true
    gcp_service_account: litellm@project.iam.gserviceaccount.com
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    redis_startup_nodes:
      - host: 10.128.0.2
        port: 6379
    ssl: true
    gcp_service_account: projects/-/serviceAccounts/litellm@project.iam.gserviceaccount.com
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let accounts =
        context.connections().into_iter().filter_map(|(_, connection)| match &connection.auth {
            Auth::Gcp { service_account } => Some(service_account),
            _ => None,
        });
    let wrong = accounts.into_iter().find(|name| !is_resource_name(name));
    let Some(name) = wrong else { return vec![] };
    let sections = [
        "litellm_settings.cache_params",
        "general_settings.coordination_redis",
        "router_settings.cache_kwargs",
    ];
    let paths = sections.map(|section| format!("{section}.gcp_service_account"));
    let path = paths.into_iter().find(|path| context.entry(path).is_some());
    let span = match &path {
        Some(path) => context.entry(path).and_then(|entry| entry.value.span()),
        None => context.environment.get("REDIS_GCP_SERVICE_ACCOUNT").and_then(|set| set.span),
    };
    let help = if name.contains('@') && !name.contains('/') {
        format!("Write `projects/-/serviceAccounts/{name}`.")
    } else {
        "Write `projects/-/serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com`; bind the workload's identity to that account with roles/iam.workloadIdentityUser and roles/iam.serviceAccountTokenCreator.".to_owned()
    };
    let message = "Google makes no token for this name: it is not a service account's.";
    vec![
        RULE.at(span, message)
            .label("not a resource name")
            .path(path.unwrap_or_default())
            .help(help),
    ]
}

/// `projects/-/serviceAccounts/NAME@…`, or with a project in place of the dash.
fn is_resource_name(name: &str) -> bool {
    let rest = name.strip_prefix("projects/").and_then(|rest| rest.split_once("/serviceAccounts/"));
    rest.is_some_and(|(project, account)| {
        !project.is_empty()
            && !project.contains('/')
            && !account.is_empty()
            && !account.contains('/')
    })
}
