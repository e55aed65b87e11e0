use super::managed::at_services;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::services::Login;
use simulate::outcome::Auth;

pub(super) static RULE: Rule = Rule {
    code: "RP602",
    name: "service-wants-a-login",
    category: Category::Logins,
    severity: Severity::Warning,
    summary: "The managed service requires a login, and the client sends none.",
    why: "These services answer `NOAUTH Authentication required.` to a client without a password or a \
        cloud's token.",
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
    host: litellm-do-user-1-0.b.db.ondigitalocean.com
    port: 25061
    ssl: true
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: litellm-do-user-1-0.b.db.ondigitalocean.com
    port: 25061
    ssl: true
    password: os.environ/REDIS_PASSWORD
",
    )
    .env("REDIS_PASSWORD=correct-horse-battery\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for at in at_services(context).filter(|at| at.service.login == Login::Always) {
        if at.connection.password.may_be_sent() || at.connection.auth != Auth::Static {
            continue;
        }
        let message = format!("{} without a password, which it refuses.", at.goes());
        let help = "Set `password`, or REDIS_PASSWORD where LiteLLM runs.".to_owned();
        at.report(&RULE, context, None, &mut found, (Severity::Warning, message, help));
    }
    found
}
