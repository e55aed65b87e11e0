use super::managed::at_services;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::services::Databases;
use python::Data;

pub(super) static RULE: Rule = Rule {
    code: "RP505",
    name: "service-has-one-database",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "The client selects a database other than 0, and the service has no other.",
    why: "Clusters and many services have only database 0. They refuse SELECT, so that no connection \
        works: `DB index is out of range`, `SELECT is not allowed in cluster mode`. A `namespace` keeps \
        environments apart in one database.",
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
    host: litellm-abc.upstash.io
    port: 6379
    ssl: true
    db: 1
",
    )
    .env("REDIS_PASSWORD=pw-12345678\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: litellm-abc.upstash.io
    port: 6379
    ssl: true
    namespace: staging
",
    )
    .env("REDIS_PASSWORD=pw-12345678\n"),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for at in at_services(context) {
        let db = &at.connection.db.value;
        let zero = match &db.data {
            Data::Int(number) => number.to_string() == "0",
            Data::Str(text) => text.trim() == "0",
            // Nothing is selected, or it is not known.
            _ => true,
        };
        if at.service.databases != Databases::Zero || zero {
            continue;
        }
        let message = format!("{} and selects a database that it does not have.", at.goes());
        let help = "Leave `db` out (also REDIS_DB and the number at the URL's end), and tell environments apart by `namespace`.";
        let says = (Severity::Error, message, help.to_owned());
        at.report(&RULE, context, Some(&db.origin), &mut found, says);
    }
    found
}
