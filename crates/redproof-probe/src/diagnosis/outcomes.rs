//! The reference of the probe's outcomes, in Markdown: cause, cure and where, from what the probe
//! itself says.

use crate::diagnosis::advice;
use crate::outcome::{Failure, ProbeOutcome, Side};

/// The page of all outcomes.
pub fn outcomes_page() -> String {
    let mut text = String::from(
        "# Outcomes\n\nWhat `redproof probe` says of a connection: `outcome` in its JSON. Beside it the \
         report says what the server presented, what was expected and what to change, in the words of the \
         case at hand. See also [how the connections are proved](probe.md).\n",
    );
    for outcome in ProbeOutcome::ALL {
        let cause = cause(outcome);
        text += &format!("\n## `{}`\n\n{cause}\n", outcome.name());
        let failure = Failure::new(outcome, "");
        if let Some(help) = advice::help(&failure) {
            let (presented, expected) = advice::presented_and_expected(&failure);
            let side = match advice::side(&failure) {
                Side::Client => "in LiteLLM's configuration, environment or files",
                Side::Server => "at the Redis server",
                Side::Network => "in the network between them",
                Side::Either => "on either side",
            };
            if presented != "this failure" {
                text += &format!("\n- Met: {presented}. Expected: {expected}.");
            }
            text += &format!("\n- To do, {side}: {help}\n");
        }
    }
    text
}

/// What is behind an outcome.
fn cause(outcome: ProbeOutcome) -> &'static str {
    use ProbeOutcome as O;
    match outcome {
        O::Ok => "The connection works as LiteLLM's client needs it.",
        O::Dns => "The host's name has no address here.",
        O::Refused => "Nothing listens on the port, or a firewall turns the connection away.",
        O::Timeout => {
            "Nothing answers in time. A firewall that drops packets does that; so does a plaintext Redis \
             that a TLS client greets, where it waits for the end of a line."
        }
        O::NotTlsServer => "The client speaks TLS, the server plaintext.",
        O::TlsRequired => "The client speaks plaintext, the server TLS: it closes the connection.",
        O::CertExpired => "A certificate of the server's chain is past its end.",
        O::CertNotYetValid => "A certificate of the server's chain begins in the future.",
        O::HostnameMismatch => {
            "The certificate is trusted, and issued for another name than the host of the configuration. \
             redis-py checks this from 6.0 on, earlier where `ssl_check_hostname` is true."
        }
        O::UnknownCa => "No authority that the client trusts has signed the server's certificate.",
        O::ChainIncomplete => {
            "The server sends its own certificate without the intermediate ones that lead to the \
             authority."
        }
        O::WeakCert => "OpenSSL refuses the certificate's key size or its signature's hash.",
        O::BadKeyUsage => {
            "The certificate is not one for servers, or its issuer not one for issuing."
        }
        O::ClientCertRequired => {
            "The server asked for a client certificate, and the client has none. A server that asked for none \
             and closes all the same is `protocol_error`."
        }
        O::ClientCertRejected => "The server does not accept the client certificate.",
        O::ClientKeyMismatch => "`ssl_certfile` and `ssl_keyfile` do not belong together.",
        O::ClientKeyEncrypted => "`ssl_keyfile` is encrypted, and no password opens it.",
        O::CaFileMissing => "The file of `ssl_ca_certs` is not there, or can't be read.",
        O::CaFileInvalid => "The file of `ssl_ca_certs` is not PEM, or a block of it is broken.",
        O::CertFileMissing => "`ssl_certfile` or `ssl_keyfile` is not there, or can't be read.",
        O::ProtocolVersion => "Client and server have no TLS version or cipher in common.",
        O::AuthRequired => "The server requires a password, and the client sends none.",
        O::AuthFailed => "The server knows no such user, or the password is another.",
        O::NoPermission => "The user logs in and may not run what LiteLLM needs.",
        O::WrongDb => "The server has no database of this number.",
        O::ClusterDisabled => {
            "The configuration has startup nodes, and the server is not a cluster."
        }
        O::ClusterDown => "The cluster does not serve all slots.",
        O::SentinelUnknownMaster => "The sentinels watch no master of this name.",
        O::SentinelUnreachable => "No sentinel answers.",
        O::ProtocolError => {
            "What answers is not Redis, or one that redis-py's greeting is too new for; or the connection is \
             closed without a word, as by a balancer that has no Redis behind it."
        }
        O::InvalidConfig => "LiteLLM or redis-py refuses the settings before it connects.",
        O::ServerState => {
            "The server takes the connection and not the commands: it is loading its data, out of memory, \
             a read-only replica, unable to save, full of clients, in protected mode, or a command is \
             renamed. `detail` says which."
        }
        O::Other => "Something that has no name here; `detail` holds the words that came.",
    }
}
