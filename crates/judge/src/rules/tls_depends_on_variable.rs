use super::context::{is_local, is_tls, name_where, target};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use difference::unknown_variables::{Branch, Subject, Unknown, alternatives};
use simulate::outcome::{Client, Connection, Outcome, Startup};

pub(super) static RULE: Rule = Rule {
    code: "RP309",
    name: "tls-depends-on-variable",
    former_names: &["tls-hangs-on-variable"],
    category: Category::Tls,
    severity: Severity::Hint,
    summary: "Whether LiteLLM speaks TLS, or starts, depends on a variable whose value is not known here.",
    why: "A variable that comes from a Secret, or that was not given, is taken as unknown. Where it \
        switches TLS, LiteLLM's answer to text other than `true` differs between releases: `false`, \
        `0` and an empty text turn TLS off on some and on on others, without a word. The finding \
        names the values for which the connection is plaintext, or LiteLLM does not start. \
        `redproof explain` lists all cases.",
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
    host: redis.example.com
    port: 6379
    ssl_check_hostname: true
",
    )
    .from_secret(&["REDIS_SSL"]),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    ssl: true
    ssl_check_hostname: true
",
    )
    .from_secret(&["REDIS_SSL"]),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let subject = Subject {
        document: context.document,
        environment: context.environment,
        pair: context.pair,
        leans_on: context.outcome.leans_on,
    };
    let mut found = vec![];
    for unknown in subject.unknowns() {
        if !unknown.may_decide_on_tls() {
            continue;
        }
        let branches = subject.branches(&unknown);
        let secure = branches.iter().any(|branch| {
            branch.outcome.startup == Startup::Ok && plaintext(&branch.outcome).is_none()
        });
        let worse = |branch| worse(branch, &unknown);
        let Some(bad) = branches.iter().find_map(worse).filter(|_| secure) else {
            continue;
        };
        let Branch { when, .. } = bad.branch;
        let variable = &unknown.variable;
        let message = format!(
            "{} depends on {variable} ({}). With {}, {}.",
            bad.what,
            unknown.why,
            alternatives(when),
            bad.consequence
        );
        // One that comes from a Secret is set, and nobody looks at it here.
        let exposed = bad.exposed && unknown.is_set;
        let severity = if exposed { Severity::Warning } else { Severity::Hint };
        found.push(
            RULE.at(unknown.at, message)
                .label("not known here")
                .help("Write `ssl: true` into the config, or give the value with `--env`.")
                .severity(severity),
        );
    }
    found
}

/// A branch that is worse than another, and how.
struct Bad<'b> {
    branch: &'b Branch,
    what: &'static str,
    consequence: String,
    /// A password is readable.
    exposed: bool,
}

fn worse<'b>(branch: &'b Branch, unknown: &Unknown) -> Option<Bad<'b>> {
    if let Startup::Exception(exception) = &branch.outcome.startup {
        let consequence = format!("it stops: {exception}");
        let what = "Whether LiteLLM starts";
        return Some(Bad { branch, what, consequence, exposed: false });
    }
    let (client, connection) = plaintext(&branch.outcome)?;
    let exposed = connection.password.may_be_sent();
    let sends = if exposed { " sends its password" } else { " connects" };
    let to = target(client, connection);
    // The url of a trial is not the one that runs.
    let to = if unknown.is_url() { String::new() } else { format!(" to {to}") };
    let name = name_where(&branch.outcome, client, |other, connection| {
        is_tls(connection) == Some(false) && !is_local(other, connection)
    });
    let name = name.replacen("The", "the", 1);
    let consequence = format!("{name}{sends}{to} in plaintext");
    Some(Bad { branch, what: "Whether LiteLLM speaks TLS", consequence, exposed })
}

/// A connection over a network without TLS.
fn plaintext(outcome: &Outcome) -> Option<(&Client, &Connection)> {
    let connections = outcome.clients.iter().flat_map(|client| {
        client.connection.iter().chain(&client.sentinels).map(move |one| (client, one))
    });
    let mut open = connections.filter(|(client, connection)| {
        is_tls(connection) == Some(false) && !is_local(client, connection)
    });
    open.next()
}
