use super::managed::at_services;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};

pub(super) static RULE: Rule = Rule {
    code: "RP506",
    name: "reader-endpoint",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "The host is a reader endpoint, and LiteLLM writes.",
    why: "A reader endpoint leads to replicas, which refuse writes: `READONLY You can't write against a \
        read only replica`. LiteLLM has one client for reading and writing.",
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
    host: replica.litellm.abc.use1.cache.amazonaws.com
    port: 6379
    ssl: true
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: master.litellm.abc.use1.cache.amazonaws.com
    port: 6379
    ssl: true
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for at in at_services(context).filter(|at| !at.service.writes) {
        let message = format!("{}, whose replicas refuse what it writes.", at.goes());
        let help = "Use the primary endpoint.".to_owned();
        at.report(&RULE, context, None, &mut found, (Severity::Error, message, help));
    }
    found
}
