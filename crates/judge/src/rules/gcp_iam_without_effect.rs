use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use simulate::trace::DropReason;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP601",
    name: "gcp-iam-without-effect",
    category: Category::Logins,
    severity: Severity::Error,
    summary: "`gcp_service_account` in `cache_params` has no effect on a standalone Redis.",
    why: "LiteLLM's `Cache` takes `gcp_service_account` and `gcp_ssl_ca_certs` for itself and hands them \
        on only together with `redis_startup_nodes`. For a standalone Redis they are lost, and no \
        token is sent. The environment variables work.",
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
    gcp_service_account: projects/-/serviceAccounts/a@b.iam.gserviceaccount.com
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    ssl: true
",
    )
    .env("REDIS_GCP_SERVICE_ACCOUNT=projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (setting, origin, _) in context.dropped(&[DropReason::CacheSwallowsIt]) {
        let path = format!("litellm_settings.cache_params.{setting}");
        let span = context.entry(&path).and_then(|entry| entry.key.span());
        let variable = format!("REDIS_{}", setting.to_ascii_uppercase());
        let message =
            format!("LiteLLM takes `{setting}` and does nothing with it for a standalone Redis.");
        let operations = [Operation::Move {
            path: path.clone(),
            to: format!("environment_variables.{variable}"),
        }];
        let fix = context.entry(&path).and_then(|_| {
            context.fix(format!("Move {setting} to {variable}"), Safety::Safe, &operations)
        });
        found.push(
            RULE.at(span.or_else(|| context.span_of(origin)), message)
                .label("has no effect")
                .path(path)
                .help(format!("Set {variable} where LiteLLM runs, or use `redis_startup_nodes`."))
                .fix(fix),
        );
    }
    found
}
