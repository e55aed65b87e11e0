//! What can be wrong with certificates and keys: a closed list, each a rule.

use base::finding::Severity;
use base::rule::{Category, Rule};

/// All kinds, by code.
pub static RULES: &[&Rule] = &[
    &DOES_NOT_LOAD,
    &READ_BY_LUCK,
    &KEY_IN_BUNDLE,
    &EXPIRED,
    &NOT_YET_VALID,
    &EXPIRES_SOON,
    &UNKNOWN_ISSUER,
    &CHAIN_INCOMPLETE,
    &OTHER_HOST,
    &TOO_WEAK,
    &WRONG_USE,
    &KEY_DOES_NOT_MATCH,
    &KEY_IS_ENCRYPTED,
    &KEY_IS_MISSING,
    &NEWER_PYTHON,
    &COMMON_NAME_ONLY,
    &NOT_JUDGED,
    &RUST_CLIENT_REFUSES,
    &RUST_CLIENT_ACCEPTS,
];

pub(super) static DOES_NOT_LOAD: Rule = Rule {
    code: "RP701",
    name: "file-does-not-load",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "OpenSSL cannot load the file.",
    why: "redis-py hands the file to OpenSSL before it connects, even with `ssl_cert_reqs: none`, and every connection \
        fails. OpenSSL reads PEM: blocks from `-----BEGIN CERTIFICATE-----` to `-----END CERTIFICATE-----`, each \
        marker at the start of a line. One block that does not decode makes it reject the whole file. DER, \
        indented PEM, and line breaks written as `\\n` are not PEM to it.",
    remedy: Some(
        "Make the file plain PEM: whole blocks, each `-----BEGIN` and `-----END` on a line of its own.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static READ_BY_LUCK: Rule = Rule {
    code: "RP702",
    name: "malformed-pem",
    former_names: &["file-is-read-by-luck"],
    category: Category::Certificates,
    severity: Severity::Hint,
    summary: "OpenSSL reads the file, though it is not quite PEM.",
    why: "OpenSSL 3 ignores a byte order mark; OpenSSL 1.1 and other tools do not see the first certificate of such a \
        file. Where an END line is missing, OpenSSL reads on to the next one, and the certificate between is lost without \
        an error.",
    remedy: Some("Save the file as UTF-8 without a byte order mark."),
    ..Rule::CERTIFICATES
};

pub(super) static KEY_IN_BUNDLE: Rule = Rule {
    code: "RP703",
    name: "private-key-in-the-ca-file",
    category: Category::Certificates,
    severity: Severity::Warning,
    summary: "The file of trusted certificates holds a private key.",
    why: "OpenSSL ignores it. But such a file is passed around: who has the private key of a CA can \
        make certificates that every client trusts.",
    remedy: Some(
        "Take the private key out of the file, and make a new one if the file went to others.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static EXPIRED: Rule = Rule {
    code: "RP704",
    name: "certificate-expired",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "A certificate has expired.",
    why: "From that moment on each new connection fails on the side that verifies. OpenSSL checks the dates of the \
        whole chain, the root included.",
    remedy: Some("Renew the certificate, and load it where it is used."),
    ..Rule::CERTIFICATES
};

pub(super) static NOT_YET_VALID: Rule = Rule {
    code: "RP705",
    name: "certificate-not-yet-valid",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "A certificate is not valid yet.",
    why: "OpenSSL refuses a chain until the first day of each of its certificates. A clock that is behind has the same \
        effect.",
    remedy: Some("Wait until it is valid, issue it with an earlier start, or set the clock."),
    ..Rule::CERTIFICATES
};

pub(super) static EXPIRES_SOON: Rule = Rule {
    code: "RP706",
    name: "certificate-expires-soon",
    category: Category::Certificates,
    severity: Severity::Warning,
    summary: "A certificate expires within 30 days.",
    why: "Connections that are open stay when it expires, so that the failure shows only bit by bit, as pods restart \
        and pools grow.",
    remedy: Some("Renew the certificate now, and load it where it is used."),
    ..Rule::CERTIFICATES
};

pub(super) static UNKNOWN_ISSUER: Rule = Rule {
    code: "RP707",
    name: "issuer-is-not-trusted",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "The chain ends at an authority that is not among the trusted certificates.",
    why: "redis-py trusts what the file of `ssl_ca_certs` holds, beside the system's roots. A chain has to \
        end at one of them. A root of the same name with another key is another root.",
    remedy: Some(
        "Put the certificate of the authority that signed it into the file of `ssl_ca_certs`.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static CHAIN_INCOMPLETE: Rule = Rule {
    code: "RP708",
    name: "chain-is-incomplete",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "A certificate between this one and the root is missing.",
    why: "OpenSSL fetches no certificates. Each one up to the root has to be sent by the server (its `tls-cert-file`, \
        after its own certificate) or be in the file of `ssl_ca_certs`. Trusting an intermediate alone is \
        not enough: the root has to be there.",
    remedy: Some(
        "Append the intermediate certificates to the certificate's file, or add them and the root to the file of `ssl_ca_certs`.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static OTHER_HOST: Rule = Rule {
    code: "RP709",
    name: "host-is-not-in-the-certificate",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "The server's certificate is not for the host that the configuration connects to.",
    why: "From redis-py 6.0 on the name is checked unless `ssl_check_hostname` is false. A DNS name matches as a \
        whole; `*` stands for exactly one first label; an address needs a SAN of type IP. The common name \
        counts where the certificate has no DNS name.",
    remedy: Some(
        "Issue the certificate for the host, or write a host that it is for into the configuration.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static TOO_WEAK: Rule = Rule {
    code: "RP710",
    name: "certificate-is-too-weak",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "A key is too short, or a signature uses MD5 or SHA-1.",
    why: "Python sets OpenSSL's security level 2: RSA below 2048 bits and signatures over SHA-1 are refused, in the server's \
        chain and in the client's own certificate. The signature of a root does not matter.",
    remedy: Some("Issue it with RSA of 2048 bits or more, or with EC P-256, signed with SHA-256."),
    ..Rule::CERTIFICATES
};

pub(super) static WRONG_USE: Rule = Rule {
    code: "RP711",
    name: "certificate-forbids-this-use",
    former_names: &["certificate-may-not-be-used-so"],
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "A certificate's extensions forbid what it is used for.",
    why: "A server's certificate with extendedKeyUsage needs serverAuth, a client's clientAuth; both need keyUsage \
        digitalSignature where keyUsage is there. Whatever signs certificates needs basicConstraints \
        CA:TRUE and keyUsage keyCertSign. `anyExtendedKeyUsage` is not enough for OpenSSL.",
    remedy: Some("Issue the certificate anew with the extensions for its use."),
    ..Rule::CERTIFICATES
};

pub(super) static KEY_DOES_NOT_MATCH: Rule = Rule {
    code: "RP712",
    name: "key-does-not-match",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "The private key is not the one of the certificate.",
    why: "OpenSSL compares the two when it loads them: every connection fails, even where the server asks for no \
        certificate.",
    remedy: Some(
        "Use the private key that the certificate was issued for. A renewed certificate often brings a new key.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static KEY_IS_ENCRYPTED: Rule = Rule {
    code: "RP713",
    name: "key-is-encrypted",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "The private key is encrypted with a passphrase.",
    why: "redis-py needs the passphrase as `ssl_password`. The sync client takes it in every release; the asyncio client, which \
        serves requests, only in later ones. Without it the connection fails.",
    remedy: Some(
        "Decrypt the key (`openssl pkey -in FILE -out FILE.key`), or set `ssl_password` where redis-py takes it.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static KEY_IS_MISSING: Rule = Rule {
    code: "RP714",
    name: "key-or-certificate-is-missing",
    category: Category::Certificates,
    severity: Severity::Hint,
    summary: "A certificate came without its private key, or a key without its certificate.",
    why: "Whether the two belong together is only seen when both are there. redis-py from 6.0 on fails where one of \
        `ssl_certfile` and `ssl_keyfile` is set and the other is neither set nor in the same file.",
    remedy: Some(
        "Give the other file too: a key is compared with its certificate and wiped at once.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static NEWER_PYTHON: Rule = Rule {
    code: "RP715",
    name: "newer-python-judges-differently",
    former_names: &["newer-python-judges-otherwise"],
    category: Category::Certificates,
    severity: Severity::Warning,
    summary: "Python 3.13 and later judge the chain otherwise than earlier ones.",
    why: "From 3.13 on `ssl.create_default_context()`, which redis-py uses, sets `VERIFY_X509_STRICT` and \
        `VERIFY_X509_PARTIAL_CHAIN`. Certificates of home-made CAs often lack what RFC 5280 asks for, such as an \
        authorityKeyIdentifier or critical basicConstraints, and are refused from then on. Trust in an \
        intermediate alone, on the other hand, is then enough.",
    remedy: Some(
        "Issue the certificates as RFC 5280 asks: CAs with critical basicConstraints, keyUsage and subjectKeyIdentifier, all others with authorityKeyIdentifier.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static COMMON_NAME_ONLY: Rule = Rule {
    code: "RP716",
    name: "common-name-only",
    category: Category::Certificates,
    severity: Severity::Hint,
    summary: "The certificate names the host only in its common name.",
    why: "Python takes that. LiteLLM's Rust client, where it checks names, clients written in Go, browsers and later releases of other tools do not.",
    remedy: Some("Issue the certificate with the host as subjectAltName."),
    ..Rule::CERTIFICATES
};

pub(super) static NOT_JUDGED: Rule = Rule {
    code: "RP717",
    name: "not-judged",
    category: Category::Certificates,
    severity: Severity::Hint,
    summary: "Something about a certificate is not known here.",
    why: "An algorithm or extension that is not read here leaves the verdict open. `redproof probe` asks OpenSSL itself. Without \
        the trusted certificates, what is missing is the file of `ssl_ca_certs`.",
    remedy: Some("Prove the connection with `redproof probe`."),
    ..Rule::CERTIFICATES
};

pub(super) static RUST_CLIENT_REFUSES: Rule = Rule {
    code: "RP718",
    name: "rust-client-refuses-certificate",
    category: Category::Certificates,
    severity: Severity::Error,
    summary: "LiteLLM's Rust client refuses a certificate or key that redis-py takes.",
    why: "From LiteLLM 1.110 on a client in Rust keeps budgets, rate limits, cooldowns and the auth cache. It is rustls, which takes \
        no certificate of X.509 version 1, no CA's certificate as a server's own (`openssl req -x509` makes one), no key \
        on P-521, no SHA-512 by a P-256 key, and for a checked host no common name. Keys of clients are RSA of 2048 to 4096 bits, \
        P-256, P-384 or Ed25519, and encrypted in PKCS#8 only. Where it fails, each process counts for itself, and \
        requests work on. It is an error where a configuration with that client is given.",
    remedy: Some(
        "Issue a certificate of version 3 for the server itself, with its hosts as subjectAltName, with a key on P-256 or RSA of 2048 bits, signed with SHA-256.",
    ),
    ..Rule::CERTIFICATES
};

pub(super) static RUST_CLIENT_ACCEPTS: Rule = Rule {
    code: "RP719",
    name: "rust-client-accepts-certificate",
    category: Category::Certificates,
    severity: Severity::Warning,
    summary: "LiteLLM's Rust client takes a certificate that redis-py refuses.",
    why: "The Rust client of LiteLLM 1.110 and later checks no host name unless `ssl_check_hostname` is true, trusts an \
        intermediate without its root, and ignores a root's dates and extensions, and keyUsage. So budgets and rate \
        limits can work where the response cache does not, and an impostor with any certificate of the same authority passes.",
    remedy: Some(
        "Cure what redis-py objects to, and set `ssl_check_hostname: true`, which both clients honor.",
    ),
    ..Rule::CERTIFICATES
};

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn codes_are_below_fifty() {
        for rule in RULES {
            let number: Option<u32> = rule.code.strip_prefix("RP").and_then(|n| n.parse().ok());
            assert!(number.is_some_and(|number| (701..750).contains(&number)), "{}", rule.code);
        }
    }
}
