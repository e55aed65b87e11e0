use super::context::{client_name, is_local};
use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Severity};
use simulate::outcome::{Knowable, Verify};

pub(super) static RULE: Rule = Rule {
    code: "RP303",
    name: "certificate-is-not-verified",
    severity: Severity::Warning,
    summary: "TLS is on, and the server's certificate is not verified.",
    why: "With `ssl_cert_reqs: none` (or null) any certificate will do: who stands between LiteLLM and \
        Redis can show one of his own and read along. For a private CA, name it in `ssl_ca_certs`.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n    ssl: true\n    ssl_cert_reqs: none\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n    ssl: true\n    ssl_ca_certs: /etc/redis/ca.crt\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for (client, connection) in context.connections() {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        if tls.verify != Verify::None || is_local(client, connection) {
            continue;
        }
        let span = context.span_of(&tls.verify_origin);
        if found.iter().any(|other| other.primary.span == span) {
            continue;
        }
        let message = format!("{} accepts any certificate.", client_name(client));
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
