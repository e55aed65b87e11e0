use super::case::raises;
use super::context::{client_name_within, is_local};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use simulate::outcome::{Connection, Knowable, Verify};

pub(super) static RULE: Rule = Rule {
    code: "RP303",
    name: "certificate-is-not-verified",
    category: Category::Tls,
    aspects: &[Aspect::Verified],
    severity: Severity::Warning,
    summary: "TLS is on, and the server's certificate is not verified.",
    why: "With `ssl_cert_reqs: none` (or null) any certificate will do: whoever is between LiteLLM and \
        Redis can show one of his own and read along. For a private CA, name it in `ssl_ca_certs`.",
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
    ssl: true
    ssl_cert_reqs: none
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6379
    ssl: true
    ssl_ca_certs: /etc/redis/ca.crt
",
    ),
    cases: &[raises(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    url: rediss://redis.example.com:6379?ssl_cert_reqs=none
",
    )
    .on("1.110.2", "8.1.0")
    .says(&["The response cache's client and the Rust client of budgets and rate limits"])],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (client, connection) in context.every_connection() {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        let refused = super::name_check_without_verification::is_refused(tls);
        if tls.verify != Verify::None || refused || is_local(client, connection) {
            continue;
        }
        let span = context.span_of(&tls.verify_origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let unverified = |other: &Connection| matches!(&other.tls, Knowable::Known(Some(tls)) if tls.verify == Verify::None);
        let name = context.name_where(client, |_, other| unverified(other));
        let message = match context.rust_client_beside(client, unverified) {
            Some(native) => {
                format!("{name} and {} accept any certificate.", client_name_within(native))
            }
            None => format!("{name} accepts any certificate."),
        };
        let diagnostic = RULE
            .at(span, message)
            .label("turns verification off")
            .help("Name the CA in `ssl_ca_certs` and leave `ssl_cert_reqs` out.");
        found.push(match span.and_then(|span| context.key_at(span)) {
            Some((path, _)) => diagnostic.path(path),
            None => diagnostic,
        });
    }
    found
}
