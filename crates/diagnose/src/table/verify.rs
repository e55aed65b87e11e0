//! The server's certificate, judged by the client: OpenSSL's `X509_verify_cert_error_string`.

use super::{cause, openssl};
use crate::{Cause, Entry, When};

const POINT_AT_AUTHORITY: &str =
    "Point `ssl_ca_certs` at the certificate of the authority that signed the server's.";

/// Services whose certificates come from public authorities.
const PUBLIC: When = When::HostEnds(&[
    ".amazonaws.com",
    ".cache.windows.net",
    ".redis.azure.net",
    ".upstash.io",
    ".redns.redis-cloud.com",
]);

/// Why a client does not trust a public authority.
const NO_BUNDLE: Cause = cause(
    When::All(&[When::SystemRoots, PUBLIC]),
    "The service's certificate comes from a public authority, and the container has no bundle of those, or an old one: a slim image without `ca-certificates`.",
    "Install `ca-certificates` in the image, or point SSL_CERT_FILE or `ssl_ca_certs` at a bundle such as certifi's (`python -m certifi`).",
)
.codes(&["RP707"]);

/// Heroku's certificates, as its documents say.
const HEROKU: Cause = cause(
    When::HostEnds(&[".compute-1.amazonaws.com", ".compute.amazonaws.com"]),
    "The host is one of EC2's, as Heroku gives them: Heroku signs its Redis' certificates itself, and publishes no authority.",
    "With Heroku add `?ssl_cert_reqs=none` to the URL, as its documents say: the connection is encrypted, and nothing proves who answers. With a server of your own, point `ssl_ca_certs` at its authority.",
);

/// For what only an unverified client could not say.
const VERIFIES_NOT: Cause = cause(
    When::Not(&When::Verified),
    "No client of this configuration verifies certificates: the text comes from another one.",
    "Check that this is the configuration that runs, with its environment and releases.",
);

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "self-signed-in-chain",
        "The chain ends at an authority that is not trusted",
        &[
            openssl("self-signed certificate in certificate chain", "OpenSSL 3 X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN"),
            openssl("self signed certificate in certificate chain", "OpenSSL 1.1"),
        ],
        "The server sends its authority's certificate, and the client does not trust it.",
        &[
            HEROKU,
            cause(When::SystemRoots, "The client trusts the system's authorities alone, and the server's is a private one.", POINT_AT_AUTHORITY).codes(&["RP305", "RP707"]),
            cause(When::OwnRoots, "The file of `ssl_ca_certs` holds an authority other than the one that signed the server's certificate.", "Put the server's authority into the file of `ssl_ca_certs`; it may hold several.").codes(&["RP707"]),
            VERIFIES_NOT,
        ],
        "`openssl s_client -showcerts -connect HOST:PORT`: the issuer of the last certificate.",
    )
    .outcome("unknown_ca"),
    Entry::new(
        "self-signed",
        "The server's certificate is signed by itself",
        &[
            openssl("self-signed certificate", "OpenSSL 3 X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT"),
            openssl("self signed certificate", "OpenSSL 1.1"),
        ],
        "The certificate has no authority above it, and the client does not know it.",
        &[
            HEROKU,
            cause(When::SystemRoots, "The client trusts the system's authorities alone.", "Point `ssl_ca_certs` at that certificate itself, or at the authority of one that has one.").codes(&["RP305", "RP707"]),
            cause(When::OwnRoots, "The file of `ssl_ca_certs` does not hold this certificate.", "Put the server's certificate into the file of `ssl_ca_certs`.").codes(&["RP707"]),
            VERIFIES_NOT,
        ],
        "`openssl s_client -showcerts -connect HOST:PORT`: subject and issuer are equal.",
    )
    .outcome("unknown_ca"),
    Entry::new(
        "issuer-not-found",
        "The issuer of the server's certificate is not known",
        &[
            openssl("unable to get local issuer certificate", "OpenSSL X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
            openssl("unable to get issuer certificate", "OpenSSL X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT"),
            openssl("unable to verify the first certificate", "OpenSSL X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        ],
        "A certificate between the server's and a trusted authority is missing, or the authority itself.",
        &[
            NO_BUNDLE,
            cause(When::SystemRoots, "The client trusts the system's authorities alone, and the server's is a private one.", POINT_AT_AUTHORITY).codes(&["RP305", "RP707"]),
            cause(When::OwnRoots, "The file of `ssl_ca_certs` lacks the root, or holds an intermediate alone, which Python before 3.13 does not take for a root.", "Put the root certificate into the file of `ssl_ca_certs`.").codes(&["RP707", "RP708", "RP715"]),
            cause(When::Verified, "The server does not send its intermediate certificates.", "Append the intermediates to the server's `tls-cert-file`.").codes(&["RP708"]),
            VERIFIES_NOT,
        ],
        "`redproof certificate` on the files, or `redproof probe`, which shows the chain that the server sends.",
    )
    .outcome("chain_incomplete"),
    Entry::new(
        "certificate-expired",
        "The server's certificate has expired",
        &[openssl("certificate has expired", "OpenSSL X509_V_ERR_CERT_HAS_EXPIRED")],
        "A certificate of the server's chain is past its end, or the client's clock is ahead.",
        &[
            cause(When::OwnRoots, "The server's certificate or the authority in `ssl_ca_certs` has expired.", "Renew the server's certificate and make the server load it; put the new authority into `ssl_ca_certs`.").codes(&["RP704"]),
            cause(When::Verified, "The server's certificate has expired, or it still serves the old one.", "Renew it, and make the server load it (`CONFIG SET tls-cert-file`, or a restart).").codes(&["RP704"]),
            cause(When::Verified, "The server's own certificate is fine, and the authority above it has expired in the image's old list of roots (as DST Root CA X3 did in 2021).", "Use a newer image, or name a current list of roots in `ssl_ca_certs` or SSL_CERT_FILE."),
            VERIFIES_NOT,
        ],
        "`redproof probe` prints each certificate's dates.",
    )
    .outcome("cert_expired"),
    Entry::new(
        "certificate-not-yet-valid",
        "The server's certificate is not valid yet",
        &[openssl("certificate is not yet valid", "OpenSSL X509_V_ERR_CERT_NOT_YET_VALID")],
        "A certificate of the chain begins in the future: the issuer's clock is ahead, or this machine's is behind.",
        &[
            cause(When::Verified, "A clock is wrong, or the certificate was issued for later.", "Correct the clock of this machine or of the issuer, or wait until the certificate is valid.").codes(&["RP705"]),
            VERIFIES_NOT,
        ],
        "`date -u` on both machines.",
    )
    .outcome("cert_not_yet_valid"),
    Entry::new(
        "hostname-mismatch",
        "The certificate is for another host",
        &[
            openssl("Hostname mismatch, certificate is not valid for", "Python Modules/_ssl.c"),
            openssl("hostname mismatch", "OpenSSL X509_V_ERR_HOSTNAME_MISMATCH"),
        ],
        "The certificate is trusted, and it does not name the host that LiteLLM connects to.",
        &[
            cause(
                When::All(&[When::NamesChecked, When::Cluster]),
                "Cluster nodes announce addresses or names that their certificates lack.",
                "Set `cluster-announce-hostname` and `cluster-preferred-endpoint-type hostname`, or issue certificates with the nodes' addresses.",
            )
            .codes(&["RP709"]),
            cause(
                When::NamesChecked,
                "The host of the configuration is not among the certificate's names. redis-py checks them by default from 6.0.",
                "Connect by a name that the certificate carries, or issue one whose subjectAltName holds this host.",
            )
            .codes(&["RP709", "RP716"]),
            cause(
                When::Not(&When::NamesChecked),
                "No client of this configuration checks names: the text comes from another redis-py release or configuration.",
                "Check which redis-py runs: from 6.0 on it checks names by default.",
            ),
        ],
        "`redproof probe` prints the names in the certificate.",
    )
    .outcome("hostname_mismatch"),
    Entry::new(
        "ip-mismatch",
        "The certificate is not for this address",
        &[
            openssl("IP address mismatch, certificate is not valid for", "Python Modules/_ssl.c"),
            openssl("IP address mismatch", "OpenSSL X509_V_ERR_IP_ADDRESS_MISMATCH"),
        ],
        "LiteLLM connects by an IP address, and the certificate has no such address.",
        &[
            cause(
                When::All(&[When::NamesChecked, When::Any(&[When::Cluster, When::Sentinel])]),
                "The nodes or sentinels announce addresses, and the certificates hold names.",
                "Let them announce names (`cluster-announce-hostname`, `sentinel resolve-hostnames yes` and `announce-hostnames yes`), or issue certificates with the addresses.",
            )
            .codes(&["RP709"]),
            cause(
                When::All(&[When::NamesChecked, When::HostIsAddress]),
                "The host is an address.",
                "Connect by the name in the certificate, or issue one with the address as subjectAltName (IP:…).",
            )
            .codes(&["RP709"]),
            cause(
                When::Not(&When::NamesChecked),
                "No client of this configuration checks names: the text comes from another redis-py release or configuration.",
                "Check which redis-py runs: from 6.0 on it checks names by default.",
            ),
        ],
        "`redproof probe` prints the names and addresses in the certificate.",
    )
    .outcome("hostname_mismatch"),
    Entry::new(
        "strict-x509",
        "Python 3.13 is stricter with certificates",
        &[
            openssl("Missing Authority Key Identifier", "OpenSSL X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER"),
            openssl("Missing Subject Key Identifier", "OpenSSL X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER"),
            openssl("CA cert does not include key usage extension", "OpenSSL X509_V_ERR_CA_CERT_MISSING_KEY_USAGE"),
            openssl("Basic Constraints of CA cert not marked critical", "OpenSSL X509_V_ERR_CA_BCONS_NOT_CRITICAL"),
            openssl("Authority Key Identifier marked critical", "OpenSSL X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL"),
            openssl("Subject Key Identifier marked critical", "OpenSSL X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL"),
            openssl("Key usage keyCertSign invalid for non-CA cert", "OpenSSL X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA"),
            openssl("Path length given without key usage keyCertSign", "OpenSSL X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN"),
            openssl("Using cert extension requires at least X509v3", "OpenSSL X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3"),
            openssl("Issuer name empty", "OpenSSL X509_V_ERR_ISSUER_NAME_EMPTY"),
        ],
        "Python 3.13 verifies with VERIFY_X509_STRICT, and LiteLLM's newer images run it: a chain that Python 3.11 accepts fails there.",
        &[
            cause(When::Verified, "A certificate of the chain breaks RFC 5280: it was made without key usage or key identifiers, as old recipes do.", "Issue the CA with `basicConstraints=critical,CA:TRUE`, `keyUsage=critical,keyCertSign,cRLSign` and `subjectKeyIdentifier=hash`, the server's with `authorityKeyIdentifier=keyid`.").codes(&["RP715"]),
            VERIFIES_NOT,
        ],
        "`redproof certificate` on the files: RP715 says what Python 3.13 refuses.",
    )
    .outcome("unknown_ca"),
    Entry::new(
        "ca-is-no-ca",
        "The issuer may not issue",
        &[
            openssl("invalid CA certificate", "OpenSSL X509_V_ERR_INVALID_CA"),
            openssl("path length constraint exceeded", "OpenSSL X509_V_ERR_PATH_LENGTH_EXCEEDED"),
            openssl("permitted subtree violation", "OpenSSL X509_V_ERR_PERMITTED_VIOLATION"),
            openssl("excluded subtree violation", "OpenSSL X509_V_ERR_EXCLUDED_VIOLATION"),
            openssl("unhandled critical extension", "OpenSSL X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION"),
            openssl("key usage does not include certificate signing", "OpenSSL X509_V_ERR_KEYUSAGE_NO_CERTSIGN"),
            openssl("certificate chain too long", "OpenSSL X509_V_ERR_CERT_CHAIN_TOO_LONG"),
        ],
        "A certificate of the chain is not allowed to have signed the one below it.",
        &[
            cause(When::Verified, "The issuer is not a CA (basicConstraints), or its constraints exclude this name or depth.", "Sign the server's certificate with a CA whose basicConstraints and nameConstraints allow it.").codes(&["RP711"]),
            VERIFIES_NOT,
        ],
        "`redproof certificate` on the files names the extension.",
    )
    .outcome("bad_key_usage"),
    Entry::new(
        "not-for-servers",
        "The certificate is not for servers",
        &[
            openssl("unsuitable certificate purpose", "OpenSSL 3 X509_V_ERR_INVALID_PURPOSE"),
            openssl("unsupported certificate purpose", "OpenSSL 1.1 X509_V_ERR_INVALID_PURPOSE"),
        ],
        "The extended key usage of a certificate does not allow what it is used for.",
        &[
            cause(When::Verified, "The server presents a certificate for clients.", "Issue the server's certificate with extendedKeyUsage serverAuth.").codes(&["RP711"]),
            VERIFIES_NOT,
        ],
        "`openssl x509 -noout -ext extendedKeyUsage -in CERTIFICATE`.",
    )
    .outcome("bad_key_usage"),
    Entry::new(
        "certificate-too-weak",
        "The certificate is too weak",
        &[
            openssl("EE certificate key too weak", "OpenSSL X509_V_ERR_EE_KEY_TOO_SMALL"),
            openssl("CA certificate key too weak", "OpenSSL X509_V_ERR_CA_KEY_TOO_SMALL"),
            openssl("CA signature digest algorithm too weak", "OpenSSL X509_V_ERR_CA_MD_TOO_WEAK"),
        ],
        "OpenSSL's security level 2 refuses keys below 2048 bits and signatures with SHA-1 or MD5.",
        &[
            cause(When::Verified, "The server's certificate or its authority is from older times.", "Issue them with RSA keys of 2048 bits or more, or EC keys, signed with SHA-256.").codes(&["RP710"]),
            VERIFIES_NOT,
        ],
        "`redproof probe` prints key sizes and signatures.",
    )
    .outcome("weak_cert"),
    Entry::new(
        "signature-failure",
        "A signature does not fit",
        &[
            openssl("certificate signature failure", "OpenSSL X509_V_ERR_CERT_SIGNATURE_FAILURE"),
            openssl("authority and subject key identifier mismatch", "OpenSSL X509_V_ERR_AKID_SKID_MISMATCH"),
        ],
        "A certificate of this name is trusted, and it is not the one that signed: the authority was made anew under the same name.",
        &[
            cause(When::OwnRoots, "`ssl_ca_certs` holds an older or newer authority of the same name.", "Put the authority that signed the server's certificate into the file of `ssl_ca_certs`.").codes(&["RP707"]),
            cause(When::Verified, "A trusted authority has the name of the real one and another key.", "Put the authority that signed the server's certificate into the file of `ssl_ca_certs`."),
            VERIFIES_NOT,
        ],
        "`openssl x509 -noout -fingerprint -sha256` of both authorities.",
    )
    .outcome("unknown_ca"),
    Entry::new(
        "certificate-revoked",
        "The certificate is revoked, or can't be checked",
        &[
            openssl("certificate revoked", "OpenSSL X509_V_ERR_CERT_REVOKED"),
            openssl("unable to get certificate CRL", "OpenSSL X509_V_ERR_UNABLE_TO_GET_CRL"),
            openssl("CRL has expired", "OpenSSL X509_V_ERR_CRL_HAS_EXPIRED"),
        ],
        "A list of revoked certificates is asked for (`ssl_include_verify_flags`), and it is missing, old, or names this one.",
        &[
            cause(When::Verified, "`ssl_include_verify_flags` asks for a CRL that the file of `ssl_ca_certs` lacks.", "Drop the flag, or append the CRL to that file; renew a certificate that is revoked."),
            VERIFIES_NOT,
        ],
        "`ssl_include_verify_flags` in `redproof explain`.",
    )
    .outcome("other"),
    Entry::new(
        "certificate-verify-failed",
        "The server's certificate is not accepted",
        &[
            openssl("CERTIFICATE_VERIFY_FAILED", "OpenSSL SSL_R_CERTIFICATE_VERIFY_FAILED"),
            openssl("certificate verify failed", "OpenSSL"),
        ],
        "OpenSSL says why after the colon: self-signed, expired, another host.",
        &[
            cause(When::SystemRoots, "The client trusts the system's authorities alone.", POINT_AT_AUTHORITY),
            cause(When::Verified, "The certificate is not accepted, for the reason after the colon.", "Look for the reason after the colon."),
            VERIFIES_NOT,
        ],
        "The rest of the line.",
    )
    .envelope()
    .outcome("unknown_ca"),
];
