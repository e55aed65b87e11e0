//! The Rust client of LiteLLM 1.110 and newer: redis-rs over rustls.

use super::{cause, native};
use crate::{Entry, When};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "rust-stores-in-memory",
        "The Rust stores keep their state in memory",
        &[
            native("Redis is not usable from the Rust stores, their state stays in memory", "litellm_redis_client, LiteLLM 1.110"),
            native("which rustls cannot perform, so Redis is not connected without them", "litellm_redis_client"),
            native("cannot be combined with sentinel_nodes, which redis-py rejects at startup", "litellm_redis_client"),
            native("invalid Redis setting", "litellm_redis_client"),
            native("redis-py's parse_url cannot read it as a number", "litellm_redis_client"),
        ],
        "Budgets, rate limits, cooldowns and the auth cache are kept by a client of their own from LiteLLM 1.110 on. It can't use this configuration: they stay in each process, though the response cache works.",
        &[cause(When::Always, "A setting is one that the Rust client does not take; the text names it.", "Change the setting that the text names.")],
        "The rest of the line.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "rust-unknown-issuer",
        "The Rust client does not trust the server's certificate",
        &[
            native("invalid peer certificate: UnknownIssuer", "rustls"),
            native("UnknownIssuer", "rustls CertificateError"),
            native("no native root CA certificates found", "rustls-native-certs"),
            native("no valid native root CA certificates found", "rustls-native-certs"),
            native("Unable to parse root certificate PEM", "redis-rs tls.rs"),
        ],
        "No authority that the Rust client trusts has signed the server's certificate.",
        &[
            cause(When::SystemRoots, "The system's authorities alone are trusted, and the server's is a private one.", "Point `ssl_ca_certs` at the certificate of the authority that signed the server's.").codes(&["RP707"]),
            cause(When::OwnRoots, "The file of `ssl_ca_certs` lacks the authority, or the server does not send its intermediates.", "Put the authority into the file of `ssl_ca_certs`, and make the server send its intermediates.").codes(&["RP707", "RP708"]),
            cause(When::Not(&When::Verified), "No client of this configuration verifies certificates: the text comes from another one.", "Check that this is the configuration that runs."),
        ],
        "`redproof certificate`, which says what rustls refuses.",
    )
    .outcome("unknown_ca"),
    Entry::new(
        "rust-name-mismatch",
        "The Rust client finds the certificate for another host",
        &[
            native("certificate not valid for name", "rustls CertificateError::NotValidForNameContext"),
            native("NotValidForName", "rustls CertificateError"),
            native("invalid server name for TLS handshake", "litellm_redis_client"),
        ],
        "rustls reads names in subjectAltName alone; a common name does not count.",
        &[
            cause(When::NamesChecked, "The host of the configuration is not among the certificate's alternative names.", "Connect by a name that the certificate carries, or issue one whose subjectAltName holds this host.").codes(&["RP709", "RP716"]),
            cause(When::Not(&When::NamesChecked), "No client of this configuration checks names.", "Check that this is the configuration that runs."),
        ],
        "`redproof probe` prints the names in the certificate.",
    )
    .outcome("hostname_mismatch"),
    Entry::new(
        "rust-certificate-dates",
        "The Rust client finds a certificate expired or too new",
        &[
            native("invalid peer certificate: certificate expired", "rustls CertificateError::ExpiredContext"),
            native("certificate expired: verification time", "rustls CertificateError::ExpiredContext"),
            native("certificate not valid yet: verification time", "rustls CertificateError::NotValidYetContext"),
            native("invalid peer certificate: Expired", "rustls CertificateError"),
            native("NotValidYet", "rustls CertificateError"),
        ],
        "A certificate of the server's chain is past its end or begins in the future.",
        &[
            cause(When::Tls, "The server's certificate has expired, or a clock is wrong.", "Renew the server's certificate, or correct the clock.").codes(&["RP704", "RP705"]),
            cause(When::Not(&When::Tls), "No client of this configuration speaks TLS.", "Check that this is the configuration that runs."),
        ],
        "`redproof probe` prints each certificate's dates.",
    )
    .outcome("cert_expired"),
    Entry::new(
        "rust-certificate-refused",
        "rustls refuses a certificate that OpenSSL takes",
        &[
            native("CaUsedAsEndEntity", "webpki"),
            native("UnsupportedCertVersion", "webpki"),
            native("invalid peer certificate: BadEncoding", "rustls"),
            native("invalid peer certificate: BadSignature", "rustls"),
            native("UnsupportedSignatureAlgorithm", "webpki"),
            native("UnsupportedCriticalExtension", "webpki"),
            native("certificate does not allow extended key usage for", "rustls CertificateError::InvalidPurposeContext"),
            native("EndEntityUsedAsCa", "webpki"),
            native("PathLenConstraintViolated", "webpki"),
            native("NameConstraintViolation", "webpki"),
        ],
        "rustls is stricter than OpenSSL: a self-signed certificate that is a CA, version 1, SHA-1 and odd encodings are refused.",
        &[
            cause(When::Tls, "The server presents its CA certificate as its own, or one that is old or odd.", "Issue the server a certificate of its own (version 3, basicConstraints CA:FALSE, SHA-256), signed by the CA.").codes(&["RP710", "RP711"]),
            cause(When::Not(&When::Tls), "No client of this configuration speaks TLS.", "Check that this is the configuration that runs."),
        ],
        "`redproof certificate`, which says what rustls refuses.",
    )
    .outcome("bad_key_usage"),
    Entry::new(
        "rust-not-tls",
        "The Rust client meets no TLS",
        &[
            native("received corrupt message of type", "rustls Error::InvalidMessage"),
            native("InvalidContentType", "rustls InvalidMessage"),
            native("error occurred while attempting to establish a TLS connection", "redis-rs tls.rs"),
        ],
        "What came back to a TLS greeting is not TLS.",
        &[
            cause(When::Tls, "The client speaks TLS, and the server plaintext on this port.", "Use the server's TLS port, give the server TLS, or turn TLS off for this client.").codes(&["RP301"]),
            cause(When::Not(&When::Tls), "No client of this configuration speaks TLS.", "Check that this is the configuration that runs."),
        ],
        "`redproof probe`.",
    )
    .outcome("not_tls_server"),
    Entry::new(
        "rust-tls-closed",
        "The server ends the Rust client's TLS",
        &[
            native("received fatal alert", "rustls Error::AlertReceived"),
            native("peer closed connection without sending TLS close_notify", "rustls"),
            native("tls handshake eof", "tokio-rustls"),
            native("PeerIncompatible", "rustls"),
            native("is not supported: rustls only offers ECDHE AEAD cipher suites", "litellm_redis_client"),
        ],
        "The server refuses the client's certificate or its ciphers: rustls offers ECDHE with AEAD on TLS 1.2 and 1.3 alone.",
        &[
            cause(When::All(&[When::Tls, When::NoClientCertificate]), "The server requires a client certificate, or offers none of these ciphers.", "Set `ssl_certfile` and `ssl_keyfile`, and let the server offer ECDHE ciphers."),
            cause(When::ClientCertificate, "The server does not accept the client certificate.", "Use one that the server's authority signed, valid today and fit for clients."),
            cause(When::Not(&When::Tls), "No client of this configuration speaks TLS.", "Check that this is the configuration that runs."),
        ],
        "The server's own log.",
    )
    .outcome("client_cert_required"),
    Entry::new(
        "rust-key",
        "The Rust client can't use the client key",
        &[
            native("the key is encrypted, so ssl_password is required", "litellm_redis_client"),
            native("ssl_password does not decrypt the key", "litellm_redis_client"),
            native("Unable to parse client certificate chain PEM", "redis-rs tls.rs"),
            native("reading the Redis TLS key", "litellm_redis_client"),
            native("reading the Redis TLS file", "litellm_redis_client"),
            native("Unable to build client with TLS parameters provided", "redis-rs"),
        ],
        "A file of the TLS settings does not load in the Rust client.",
        &[
            cause(When::ClientCertificate, "The file is missing or broken, or the key's passphrase is missing or wrong.", "Mount plain PEM files; set `ssl_password`, or use a key without a passphrase.").codes(&["RP701", "RP713"]),
            cause(When::Always, "A CA file is missing or broken.", "Mount a plain PEM file."),
        ],
        "`redproof certificate FILES`.",
    )
    .outcome("cert_file_missing"),
    Entry::new(
        "rust-store-failed",
        "A use of Redis by the Rust client failed",
        &[
            native("deferred Redis increment failed", "litellm_redis_store"),
            native("Redis read failed, serving the memory tier", "litellm_redis_store"),
            native("spend counter Redis read failed", "litellm_redis_store"),
            native("sensitive route pin", "litellm_redis_store"),
            native("NativeRedisStoreError", "litellm/rust_bridge"),
            native("Redis rejected the command", "litellm_redis_store"),
            native("Redis replied with a value of a different type", "litellm_redis_store"),
            native("Redis value has the wrong shape", "litellm_redis_store"),
            native("Redis value is neither JSON nor a Python literal", "litellm_redis_store"),
        ],
        "The store falls back to memory.",
        &[cause(When::Always, "Redis refused or did not answer the Rust client, which shares neither connections nor all settings with redis-py's.", "Look at the reason that follows.")],
        "The text after it.",
    )
    .envelope(),
];
