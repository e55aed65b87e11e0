use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Safety, Severity};
use simulate::trace::Why;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP601",
    name: "gcp-iam-without-effect",
    severity: Severity::Error,
    summary: "`gcp_service_account` in `cache_params` has no effect on a standalone Redis.",
    why: "LiteLLM's `Cache` takes `gcp_service_account` and `gcp_ssl_ca_certs` for itself and hands them \
        on only together with `redis_startup_nodes`. For a standalone Redis they are lost, and no \
        token is sent. The environment variables work.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n    gcp_service_account: projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    ssl: true\n",
    )
    .env("REDIS_GCP_SERVICE_ACCOUNT=projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (setting, origin, _) in context.dropped(&[Why::CacheSwallowsIt]) {
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
