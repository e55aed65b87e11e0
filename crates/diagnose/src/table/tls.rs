//! The TLS handshake: OpenSSL's words for what the other side did.

use super::{cause, openssl, python, redis_py};
use crate::{Entry, When};

const TURN_TLS_OFF_OR_GIVE: &str = "Use the server's TLS port (`redis-cli CONFIG GET tls-port`), give the server TLS, or leave `ssl` out for this client and write `redis://`.";

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "wrong-version-number",
        "What answers does not speak TLS",
        &[
            openssl("WRONG_VERSION_NUMBER", "OpenSSL ssl/record: SSL_R_WRONG_VERSION_NUMBER"),
            openssl("wrong version number", "OpenSSL ssl/sslerr.h"),
            openssl("RECORD_LAYER_FAILURE", "OpenSSL 3.2 and newer: SSL_R_RECORD_LAYER_FAILURE"),
            openssl("record layer failure", "OpenSSL 3.2 and newer"),
            openssl("PACKET_LENGTH_TOO_LONG", "OpenSSL SSL_R_PACKET_LENGTH_TOO_LONG"),
            openssl("[SSL: HTTP_REQUEST] http request", "OpenSSL SSL_R_HTTP_REQUEST"),
        ],
        "The client greeted with TLS, and plaintext came back.",
        &[
            cause(When::TlsToPlaintextPort, "The client speaks TLS to 6379, where Redis usually speaks plaintext.", TURN_TLS_OFF_OR_GIVE).codes(&["RP301"]),
            cause(When::Tls, "The client speaks TLS, and the server plaintext on this port.", TURN_TLS_OFF_OR_GIVE).codes(&["RP301"]),
        ],
        "`redproof probe`: it looks at the port in plaintext and says what answers there.",
    )
    .outcome("not_tls_server"),
    Entry::new(
        "tls-eof",
        "The connection ended within TLS",
        &[
            openssl("EOF occurred in violation of protocol", "Python _ssl.c SSL_ERROR_EOF"),
            openssl("UNEXPECTED_EOF_WHILE_READING", "OpenSSL 3: SSL_R_UNEXPECTED_EOF_WHILE_READING"),
            redis_py("Error 8 while writing to socket", "redis/connection.py AbstractConnection.send_packed_command"),
            redis_py("Error 8 connecting to", "redis/connection.py Connection._error_message"),
            openssl("unexpected eof while reading", "OpenSSL 3"),
            openssl("TLS/SSL connection has been closed (EOF)", "Python _ssl.c SSL_ERROR_ZERO_RETURN"),
            python("[SSL: SHUTDOWN_WHILE_IN_INIT]", "OpenSSL SSL_R_SHUTDOWN_WHILE_IN_INIT"),
        ],
        "The other side closed the connection during the handshake, or right after it.",
        &[
            cause(
                When::All(&[When::Tls, When::NoClientCertificate]),
                "The server requires a client certificate and got none: on TLS 1.3 it says so only after the handshake, and redis-py meets a closed connection.",
                "Set `ssl_certfile` and `ssl_keyfile`, or let the server do without (`tls-auth-clients no`).",
            )
            .codes(&["RP306"]),
            cause(
                When::ClientCertificate,
                "The server refuses the client certificate: expired, not valid yet, not for clients, or signed by another authority than its `tls-ca-cert-file`.",
                "Use a client certificate signed by the authority that the server trusts, valid today and fit for clients.",
            )
            .codes(&["RP704", "RP705", "RP707", "RP711"]),
            cause(
                When::Tls,
                "Nothing is behind a balancer that ends TLS, the server is full (`maxclients`), or the balancer keeps this address out.",
                "Look at the balancer's backends and at the server's `rejected_connections`.",
            ),
        ],
        "Redis' own log has a line for each failed handshake: \"Error accepting a client connection\".",
    )
    .outcome("client_cert_required"),
    Entry::new(
        "alert-certificate-required",
        "The server requires a client certificate",
        &[
            openssl("TLSV13_ALERT_CERTIFICATE_REQUIRED", "OpenSSL SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED"),
            openssl("alert certificate required", "OpenSSL"),
            openssl("PEER_DID_NOT_RETURN_A_CERTIFICATE", "OpenSSL, in the server's log"),
            openssl("peer did not return a certificate", "OpenSSL, in the server's log"),
        ],
        "The server verifies its clients (`tls-auth-clients yes`), and this one has no certificate.",
        &[
            cause(
                When::Found(&["RP306"]),
                "LiteLLM drops the client certificate that the configuration names.",
                "Do as RP306 says: not every release and client passes `ssl_certfile` on.",
            )
            .codes(&["RP306"]),
            cause(
                When::NoClientCertificate,
                "No client certificate is configured.",
                "Set `ssl_certfile` and `ssl_keyfile`, or let the server do without (`tls-auth-clients no`).",
            ),
            cause(
                When::ClientCertificate,
                "The client certificate is not sent, since the server asked for one of other authorities.",
                "Use a certificate of an authority in the server's `tls-ca-cert-file`.",
            ),
        ],
        "`redis-cli CONFIG GET tls-auth-clients`.",
    )
    .outcome("client_cert_required"),
    Entry::new(
        "alert-unknown-ca",
        "The server does not trust the client's certificate",
        &[
            openssl("ALERT_UNKNOWN_CA", "OpenSSL SSL_R_TLSV1_ALERT_UNKNOWN_CA"),
            openssl("alert unknown ca", "OpenSSL"),
        ],
        "An alert comes from the other side: it is the server that knows no authority which signed the client's certificate.",
        &[
            cause(
                When::ClientCertificate,
                "The authority of `ssl_certfile` is not in the server's `tls-ca-cert-file`, or an intermediate certificate is missing.",
                "Use a certificate that the server's authority signed, and append its intermediates to the file of `ssl_certfile`.",
            )
            .codes(&["RP707", "RP708"]),
            cause(
                When::NoClientCertificate,
                "Another client than these sent the certificate: the configuration has none.",
                "Look for a configuration or environment other than this one.",
            ),
        ],
        "`openssl verify -CAfile SERVERS-CA client.pem`.",
    )
    .outcome("client_cert_rejected"),
    Entry::new(
        "alert-certificate-expired",
        "The server finds the client's certificate expired",
        &[
            openssl("ALERT_CERTIFICATE_EXPIRED", "OpenSSL SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED"),
            openssl("alert certificate expired", "OpenSSL"),
        ],
        "An alert comes from the other side: it is the client's certificate that has expired.",
        &[
            cause(
                When::ClientCertificate,
                "The certificate of `ssl_certfile` has expired, or LiteLLM still holds the old one.",
                "Renew it, and restart LiteLLM: redis-py reads the file at each new connection, a mounted `subPath` never changes.",
            )
            .codes(&["RP704"]),
            cause(When::NoClientCertificate, "A client other than these sent it: the configuration has no certificate.", "Look for a configuration or environment other than this one."),
        ],
        "`openssl x509 -noout -enddate -in FILE` inside the container.",
    )
    .outcome("client_cert_rejected"),
    Entry::new(
        "alert-bad-certificate",
        "The server refuses the client's certificate",
        &[
            openssl("ALERT_BAD_CERTIFICATE", "OpenSSL SSL_R_SSLV3_ALERT_BAD_CERTIFICATE"),
            openssl("alert bad certificate", "OpenSSL"),
            openssl("ALERT_UNSUPPORTED_CERTIFICATE", "OpenSSL SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE"),
            openssl("alert unsupported certificate", "OpenSSL"),
            openssl("ALERT_CERTIFICATE_UNKNOWN", "OpenSSL SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN"),
            openssl("alert certificate unknown", "OpenSSL"),
            openssl("ALERT_CERTIFICATE_REVOKED", "OpenSSL SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED"),
            openssl("ALERT_DECRYPT_ERROR", "OpenSSL SSL_R_TLSV1_ALERT_DECRYPT_ERROR"),
        ],
        "The server could not accept the client's certificate: not valid yet, not for clients, revoked, or broken.",
        &[
            cause(
                When::ClientCertificate,
                "The certificate of `ssl_certfile` is not valid yet, or its extended key usage lacks clientAuth.",
                "Issue one for TLS clients (extendedKeyUsage clientAuth), valid today.",
            )
            .codes(&["RP705", "RP711"]),
            cause(When::NoClientCertificate, "A client other than these sent it: the configuration has no certificate.", "Look for a configuration or environment other than this one."),
        ],
        "`openssl x509 -noout -text -in FILE`: dates and extended key usage; Redis' log names the reason.",
    )
    .outcome("client_cert_rejected"),
    Entry::new(
        "alert-handshake-failure",
        "Client and server agree on no way to speak TLS",
        &[
            openssl("ALERT_HANDSHAKE_FAILURE", "OpenSSL SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE"),
            openssl("alert handshake failure", "OpenSSL"),
            openssl("NO_SHARED_CIPHER", "OpenSSL, in the server's log"),
            openssl("no shared cipher", "OpenSSL, in the server's log"),
            openssl("ALERT_INSUFFICIENT_SECURITY", "OpenSSL SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY"),
        ],
        "No cipher, group or signature is in common; some servers also say so when a client certificate is missing.",
        &[
            cause(
                When::All(&[When::Tls, When::NoClientCertificate]),
                "A server on TLS 1.2 that requires a client certificate ends the handshake so.",
                "Set `ssl_certfile` and `ssl_keyfile`, or let the server do without (`tls-auth-clients no`).",
            )
            .codes(&["RP306"]),
            cause(
                When::Tls,
                "The server offers only ciphers or keys that OpenSSL's security level 2 refuses.",
                "Let the server offer TLS 1.2 or 1.3 with current ciphers, and a certificate of 2048 bits or more.",
            ),
        ],
        "`openssl s_client -connect HOST:PORT` shows the protocol and cipher, or the same failure.",
    )
    .outcome("protocol_version"),
    Entry::new(
        "alert-protocol-version",
        "Client and server share no TLS version",
        &[
            openssl("ALERT_PROTOCOL_VERSION", "OpenSSL SSL_R_TLSV1_ALERT_PROTOCOL_VERSION"),
            openssl("alert protocol version", "OpenSSL"),
            openssl("UNSUPPORTED_PROTOCOL", "OpenSSL SSL_R_UNSUPPORTED_PROTOCOL"),
            openssl("[SSL] unsupported protocol", "OpenSSL"),
            openssl("NO_PROTOCOLS_AVAILABLE", "OpenSSL SSL_R_NO_PROTOCOLS_AVAILABLE"),
        ],
        "Python's OpenSSL speaks TLS 1.2 and 1.3 by default; the server speaks only older or newer ones.",
        &[cause(
            When::Tls,
            "The server allows TLS 1.0 or 1.1 alone, or only 1.3 to a client held at 1.2 (`ssl_min_version`).",
            "Set `tls-protocols \"TLSv1.2 TLSv1.3\"` at the server (Azure: minimum TLS version 1.2), and drop `ssl_min_version`.",
        )],
        "`openssl s_client -tls1_2 -connect HOST:PORT`, then `-tls1_3`.",
    )
    .outcome("protocol_version"),
    Entry::new(
        "alert-unrecognized-name",
        "The server has no certificate for this name",
        &[
            openssl("ALERT_UNRECOGNIZED_NAME", "OpenSSL SSL_R_TLSV1_UNRECOGNIZED_NAME"),
            openssl("TLSV1_UNRECOGNIZED_NAME", "OpenSSL"),
            openssl("unrecognized name", "OpenSSL"),
        ],
        "A proxy chooses the server by the name in the TLS greeting, and knows none of this name.",
        &[
            cause(When::HostIsAddress, "The host is an address: no name is sent in the greeting.", "Connect by the name that the proxy knows."),
            cause(When::Tls, "The proxy routes by name (SNI) and has no route for this host.", "Use the host name of the service, or add the route at the proxy."),
        ],
        "`openssl s_client -servername NAME -connect HOST:PORT`.",
    )
    .outcome("protocol_version"),
    Entry::new(
        "alert-internal-error",
        "The other side failed within TLS",
        &[
            openssl("ALERT_INTERNAL_ERROR", "OpenSSL SSL_R_TLSV1_ALERT_INTERNAL_ERROR"),
            openssl("alert internal error", "OpenSSL"),
            openssl("ALERT_ACCESS_DENIED", "OpenSSL SSL_R_TLSV1_ALERT_ACCESS_DENIED"),
        ],
        "The server or the proxy before it could not carry out the handshake.",
        &[
            cause(When::HostIsAddress, "A proxy that routes by name gets none, since the host is an address.", "Connect by the name of the service."),
            cause(When::Tls, "A proxy before Redis has no certificate or no backend for this name.", "Look at the proxy's log."),
        ],
        "The log of the TLS end: Redis, stunnel, Envoy or the cloud's balancer.",
    )
    .outcome("protocol_version"),
    Entry::new(
        "weak-key-exchange",
        "The server's key exchange is too weak",
        &[
            openssl("DH_KEY_TOO_SMALL", "OpenSSL SSL_R_DH_KEY_TOO_SMALL"),
            openssl("dh key too small", "OpenSSL"),
            openssl("BAD_ECPOINT", "OpenSSL SSL_R_BAD_ECPOINT"),
            openssl("UNSAFE_LEGACY_RENEGOTIATION_DISABLED", "OpenSSL 3"),
            openssl("WRONG_SIGNATURE_TYPE", "OpenSSL SSL_R_WRONG_SIGNATURE_TYPE"),
        ],
        "OpenSSL's security level 2 refuses what the server offers.",
        &[cause(When::Tls, "The server has Diffie-Hellman parameters below 2048 bits, or old TLS alone.", "Raise `tls-dh-params-file` to 2048 bits, or use ECDHE ciphers.")],
        "`openssl s_client -connect HOST:PORT`: \"Server Temp Key\".",
    )
    .outcome("weak_cert"),
    Entry::new(
        "no-cipher-selected",
        "OpenSSL knows none of the ciphers",
        &[
            python("No cipher can be selected.", "Python Modules/_ssl.c set_ciphers"),
            openssl("NO_CIPHERS_AVAILABLE", "OpenSSL SSL_R_NO_CIPHERS_AVAILABLE"),
        ],
        "`ssl_ciphers` names no cipher that this OpenSSL has.",
        &[cause(When::Tls, "`ssl_ciphers` is misspelled, or names TLS 1.3 suites, which it does not choose.", "Drop `ssl_ciphers`, or write names that `openssl ciphers -v` knows.")],
        "`openssl ciphers -v 'VALUE'` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cert-none-with-hostname-check",
        "CERT_NONE with a host name check",
        &[
            python("Cannot set verify_mode to CERT_NONE when check_hostname is enabled", "Python Modules/_ssl.c set_verify_mode"),
            python("check_hostname requires server_hostname", "Python Lib/ssl.py"),
            python("check_hostname needs a SSL context with either CERT_OPTIONAL or CERT_REQUIRED", "Python Modules/_ssl.c"),
        ],
        "Verification is off and the check of the name is on; Python refuses the pair.",
        &[
            cause(
                When::All(&[When::Unverified, When::NamesChecked]),
                "`ssl_cert_reqs: none` meets `ssl_check_hostname: true`, which is redis-py's default from 6.0; redis-py before 6.1 does not turn it off by itself.",
                "Verify the certificate (drop `ssl_cert_reqs: none`, set `ssl_ca_certs`), or use redis-py 6.1 or newer.",
            )
            .codes(&["RP110", "RP303", "RP311"]),
            cause(
                When::Unverified,
                "`ssl_cert_reqs: none` beside a host name check.",
                "Drop `ssl_cert_reqs: none` and point `ssl_ca_certs` at the server's authority, or set `ssl_check_hostname: false` beside it.",
            )
            .codes(&["RP303"]),
        ],
        "The values in `redproof explain`: `ssl_cert_reqs` and `ssl_check_hostname` of each client.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "ocsp",
        "The check of revocation fails",
        &[
            redis_py("ocsp validation error", "redis/connection.py SSLConnection._connect").seen("4.6.0", "8.1.0"),
            redis_py("no ocsp response present", "redis/ocsp.py ocsp_staple_verifier").seen("4.6.0", "8.1.0"),
            redis_py("no ocsp servers in certificate", "redis/ocsp.py OCSPVerifier").seen("4.6.0", "8.1.0"),
            redis_py("No AIA information present in ssl certificate", "redis/ocsp.py OCSPVerifier").seen("4.6.0", "8.1.0"),
            redis_py("failed to fetch ocsp certificate", "redis/ocsp.py OCSPVerifier.check_certificate").seen("4.6.0", "8.1.0"),
            redis_py("Either an OCSP staple or pure OCSP connection must be validated", "redis/connection.py SSLConnection").seen("4.6.0", "8.1.0"),
        ],
        "`ssl_validate_ocsp` or `ssl_validate_ocsp_stapled` is on, and there is no answer about revocation.",
        &[cause(When::Tls, "The server's certificate names no OCSP responder, the server staples no answer, or the responder is not reachable.", "Drop `ssl_validate_ocsp` and `ssl_validate_ocsp_stapled`, unless the certificate has an OCSP responder.")],
        "`openssl x509 -noout -ocsp_uri -in CERTIFICATE`.",
    )
    .outcome("other"),
    Entry::new(
        "no-tls-in-python",
        "This Python has no TLS",
        &[
            redis_py("Python wasn't built with SSL support", "redis/connection.py SSLConnection").seen("4.6.0", "8.1.0"),
            python("No module named '_ssl'", "Python"),
            redis_py("cryptography is not installed.", "redis/connection.py SSLConnection").seen("4.6.0", "8.1.0"),
        ],
        "Python, or the package `cryptography` that OCSP needs, lacks what TLS needs.",
        &[cause(When::Tls, "Python was built without OpenSSL, or `ssl_validate_ocsp` is on without the package `cryptography`.", "Use LiteLLM's image or a Python with `ssl`; install `cryptography`, or drop the OCSP settings.")],
        "`python -c 'import ssl; print(ssl.OPENSSL_VERSION)'`.",
    )
    .outcome("invalid_config"),
];
