//! What to change, and on which side, for each outcome.

use crate::outcome::{Failure, ProbeOutcome, Side};

/// Where to look where a connection is closed, in the order in which the causes are met.
pub(crate) const BEHIND: &str = "Look in this order: does a Redis run and answer behind the load balancer, forwarded port or \
    mesh; does a proxy in front want the PROXY protocol; does an allow-list turn this address away; what does the server's \
    log say?";

/// Where a failure is to be fixed.
pub(crate) fn side(failure: &Failure) -> Side {
    failure.side.unwrap_or_else(|| side_of(failure.outcome))
}

fn side_of(outcome: ProbeOutcome) -> Side {
    use ProbeOutcome as O;
    match outcome {
        O::Dns | O::Refused | O::Timeout => Side::Network,
        O::NotTlsServer
        | O::TlsRequired
        | O::HostnameMismatch
        | O::UnknownCa
        | O::ProtocolVersion
        | O::ClientCertRejected
        | O::AuthFailed
        | O::WrongDb
        | O::ClusterDisabled
        | O::SentinelUnknownMaster
        | O::SentinelUnreachable
        | O::ProtocolError
        | O::Ok
        | O::Other => Side::Either,
        O::CertExpired
        | O::CertNotYetValid
        | O::ChainIncomplete
        | O::WeakCert
        | O::BadKeyUsage
        | O::NoPermission
        | O::ClusterDown
        | O::ServerState => Side::Server,
        O::ClientCertRequired
        | O::ClientKeyMismatch
        | O::ClientKeyEncrypted
        | O::CaFileMissing
        | O::CaFileInvalid
        | O::CertFileMissing
        | O::AuthRequired
        | O::InvalidConfig => Side::Client,
    }
}

/// What came, and what was expected, where the failure itself does not say.
pub(crate) fn presented_and_expected(failure: &Failure) -> (String, String) {
    use ProbeOutcome as O;
    let (presented, expected) = match failure.outcome {
        O::Dns => ("no address", "an address"),
        O::Refused => ("nothing that takes connections", "a Redis server"),
        O::Timeout => ("silence", "an answer in time"),
        O::AuthRequired => ("no login", "a password, or a user with one"),
        O::AuthFailed => {
            ("a login that the server does not know", "a user and password of the server's")
        }
        O::NoPermission => {
            ("a user without the permission", "a user that may run LiteLLM's commands")
        }
        O::WrongDb => ("a database that the server does not have", "a database of the server's"),
        O::ClusterDisabled => ("a server on its own", "a node of a cluster"),
        O::ClusterDown => ("a cluster that does not serve", "a cluster that serves all slots"),
        O::SentinelUnreachable => ("no answer of a sentinel", "a sentinel that answers"),
        O::SentinelUnknownMaster => ("no such master", "a master of this name"),
        O::ClientKeyMismatch => ("the key of another certificate", "the key of this certificate"),
        O::ClientKeyEncrypted => ("an encrypted key", "a key that redis-py can open"),
        O::CaFileMissing => ("no such file", "a PEM file of CA certificates"),
        O::CaFileInvalid => ("no PEM certificate", "CA certificates in PEM"),
        O::CertFileMissing => ("no such file", "a certificate and its key in PEM"),
        O::InvalidConfig => ("settings that the client refuses", "settings that it takes"),
        O::ServerState => ("a server that takes no commands", "a server that works"),
        O::ProtocolError => ("no Redis reply", "a Redis server's replies"),
        _ => ("this failure", "a working connection"),
    };
    let given =
        |text: &Option<String>, general: &str| text.clone().unwrap_or_else(|| general.to_owned());
    (given(&failure.presented, presented), given(&failure.expected, expected))
}

/// What to change: the failure's own words, else the outcome's.
pub(crate) fn help(failure: &Failure) -> Option<String> {
    use ProbeOutcome as O;
    if let Some(help) = &failure.help {
        return Some(help.clone());
    }
    let text = match failure.outcome {
        O::Ok | O::Other => return None,
        O::Dns => {
            "Correct the host, or create its DNS record. In Kubernetes, write `service.namespace` or the full name."
        }
        O::Refused => {
            "Correct host and port, or start the server there: nothing listens on that port."
        }
        O::Timeout => {
            "Check firewalls, security groups and network policies between here and the server, and the host and port."
        }
        O::NotTlsServer => {
            "Leave `ssl` and REDIS_SSL out for this client (on some releases `ssl: false` turns TLS on), write its url with `redis://`, or give the server TLS (`tls-port`, certificates) and use that port."
        }
        O::TlsRequired => {
            "Turn TLS on for this client: `ssl: true` under `cache_params`, `cache_kwargs: {ssl: true}` for the router, REDIS_SSL=True where variables name the Redis, or a `rediss://` URL."
        }
        O::CertExpired => "Renew the server's certificate, and make the server load it.",
        O::CertNotYetValid => {
            "Correct the clock of this machine or of the issuer, or wait until the certificate is valid."
        }
        O::HostnameMismatch => {
            "Connect by a name that the certificate carries, or issue one whose subjectAltName holds this host."
        }
        O::UnknownCa => {
            "Point `ssl_ca_certs` at the certificate of the authority that signed the server's."
        }
        O::ChainIncomplete => {
            "Make the server send its intermediate certificates too (append them to `tls-cert-file`), or add them to the file of `ssl_ca_certs`."
        }
        O::WeakCert => {
            "Issue a certificate with an RSA key of 2048 bits or more, or an EC key, signed with SHA-256."
        }
        O::BadKeyUsage => {
            "Issue the certificate for TLS servers (extendedKeyUsage serverAuth), signed by a certificate that is a CA (basicConstraints CA:TRUE, keyUsage keyCertSign)."
        }
        O::ClientCertRequired => {
            "Set `ssl_certfile` and `ssl_keyfile`, or let the server do without client certificates (`tls-auth-clients no`)."
        }
        O::ClientCertRejected => {
            "Use a client certificate signed by the authority that the server trusts (its `tls-ca-cert-file`), valid today and fit for clients."
        }
        O::ClientKeyMismatch => {
            "Make `ssl_keyfile` the private key of the certificate in `ssl_certfile`."
        }
        O::ClientKeyEncrypted => {
            "Use a private key without a passphrase, or set `ssl_password` where redis-py takes it."
        }
        O::CaFileMissing => "Mount the file, or correct the path in `ssl_ca_certs`.",
        O::CaFileInvalid => {
            "Make the file of `ssl_ca_certs` plain PEM: `-----BEGIN CERTIFICATE-----` blocks, each whole."
        }
        O::CertFileMissing => "Mount the files, or correct `ssl_certfile` and `ssl_keyfile`.",
        O::ProtocolVersion => {
            "Let the server speak TLS 1.2 or 1.3 (`tls-protocols`), with ciphers that OpenSSL's security level 2 allows."
        }
        O::AuthRequired => "Set `password` (and `username`): the server requires a login.",
        O::AuthFailed => {
            "Correct the username or the password, or create the user at the server (`ACL SETUSER`). `requirepass` is the password of the user `default`, whom `password` without `username` means."
        }
        O::NoPermission => {
            "Grant the user the commands and keys that LiteLLM uses (`ACL SETUSER`): `redproof explain` prints the least that this configuration needs."
        }
        O::WrongDb => "Choose a `db` that the server has (`databases` in redis.conf), or 0.",
        O::ClusterDisabled => {
            "Write `host` and `port` instead of startup nodes: the server is not a cluster."
        }
        O::ClusterDown => {
            "Bring the cluster back: all slots need a reachable master (`redis-cli --cluster check`)."
        }
        O::SentinelUnknownMaster => {
            "Make `service_name` the name under which the sentinels watch the master (`SENTINEL MASTERS`)."
        }
        O::SentinelUnreachable => {
            "Correct `sentinel_nodes`, and the TLS and password of the sentinels."
        }
        O::ProtocolError => {
            "Correct host and port: what answers there does not speak Redis's protocol as redis-py needs it."
        }
        O::InvalidConfig => "Fix the configuration: `redproof check` says where.",
        O::ServerState => "Fix the server's state.",
    };
    Some(text.to_owned())
}
