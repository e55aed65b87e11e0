use super::managed::at_services;
use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Severity};

pub(super) static RULE: Rule = Rule {
    code: "RP506",
    name: "reader-endpoint",
    severity: Severity::Error,
    summary: "The host is a reader endpoint, and LiteLLM writes.",
    why: "A reader endpoint leads to replicas, which refuse writes: `READONLY You can't write against a \
        read only replica`. LiteLLM has one client for reading and writing.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: replica.litellm.abc.use1.cache.amazonaws.com\n    port: 6379\n    ssl: true\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: master.litellm.abc.use1.cache.amazonaws.com\n    port: 6379\n    ssl: true\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = vec![];
    for at in at_services(context).filter(|at| !at.service.writes) {
        let message = format!("{}, whose replicas refuse what it writes.", at.goes());
        let help = "Use the primary endpoint.".to_owned();
        at.report(&RULE, context, None, &mut found, (Severity::Error, message, help));
    }
    found
}
