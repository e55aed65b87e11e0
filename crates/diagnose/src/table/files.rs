//! Certificate files that do not load.

use super::{cause, openssl, python, redis_py, system};
use crate::{Entry, When};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "file-not-found",
        "A certificate file, or the socket, is not there",
        &[
            redis_py("Error 2 connecting to", "redis/connection.py AbstractConnection._error_message"),
            system("[Errno 2] No such file or directory", "ENOENT, Python OSError"),
            system("connecting to {}. No such file or directory", "redis/connection.py with ENOENT"),
        ],
        "A path of the configuration names nothing on the machine that LiteLLM runs on.",
        &[
            cause(When::UnixSocket, "The Unix socket is not there: it lies in the server's container.", "Mount the directory of the server's `unixsocket` into LiteLLM's container."),
            cause(When::Any(&[When::OwnRoots, When::ClientCertificate]), "A file of `ssl_ca_certs`, `ssl_certfile` or `ssl_keyfile` is not mounted, or mounted elsewhere.", "Mount the file, or correct the path.").codes(&["RP701", "RP714"]),
            cause(When::Always, "A path names nothing in the container.", "Mount the file, or correct the path."),
        ],
        "`ls -l PATH` inside the container.",
    )
    .outcome("ca_file_missing"),
    Entry::new(
        "file-is-a-directory",
        "A directory is where a file should be",
        &[
            redis_py("Error 21 connecting to", "redis/connection.py AbstractConnection._error_message"),
            system("[Errno 21] Is a directory", "EISDIR, Python OSError"),
            system("Is a directory", "EISDIR, glibc strerror"),
            system("Not a directory", "ENOTDIR, glibc strerror"),
        ],
        "Docker makes a directory where the file that is to be mounted is not there.",
        &[
            cause(When::Any(&[When::OwnRoots, When::ClientCertificate]), "The file did not exist on the host when the container started.", "Remove the directory on the host, put the file there, and start the container anew; in Kubernetes name the key with `subPath`."),
            cause(When::Always, "A volume is mounted over the path of a file.", "Mount the file itself."),
        ],
        "`ls -ld PATH` inside the container.",
    )
    .outcome("ca_file_missing"),
    Entry::new(
        "no-certificate-in-file",
        "The file holds no certificate",
        &[
            openssl("NO_CERTIFICATE_OR_CRL_FOUND", "OpenSSL X509_R_NO_CERTIFICATE_OR_CRL_FOUND"),
            openssl("no certificate or crl found", "OpenSSL"),
            python("cadata does not contain a certificate", "Python Modules/_ssl.c"),
            python("not enough data: cadata does not contain a certificate", "Python Modules/_ssl.c"),
            openssl("[PEM: NO_START_LINE] no start line", "OpenSSL PEM_R_NO_START_LINE"),
            openssl("NOT_ENOUGH_DATA", "OpenSSL ASN1_R_NOT_ENOUGH_DATA"),
        ],
        "OpenSSL finds no `-----BEGIN CERTIFICATE-----` at the start of a line.",
        &[
            cause(When::OwnRoots, "The file of `ssl_ca_certs` is DER or PKCS#12, empty, a key, indented, or one line with `\\n` in it.", "Make it plain PEM: `openssl x509 -inform der -in FILE -out ca.pem`; write line breaks, not `\\n`.").codes(&["RP701", "RP702"]),
            cause(When::Always, "A CA file is not PEM.", "Make it plain PEM: `-----BEGIN CERTIFICATE-----` blocks, each whole.").codes(&["RP701"]),
        ],
        "`head -c 40 FILE` inside the container, and `redproof certificate FILE`.",
    )
    .outcome("ca_file_invalid"),
    Entry::new(
        "broken-pem",
        "A PEM file is broken",
        &[
            openssl("[X509] PEM lib", "Python Modules/_ssl.c load_verify_locations"),
            openssl("[SSL] PEM lib", "Python Modules/_ssl.c load_cert_chain"),
            openssl("BAD_BASE64_DECODE", "OpenSSL PEM_R_BAD_BASE64_DECODE"),
            openssl("BAD_END_LINE", "OpenSSL PEM_R_BAD_END_LINE"),
            redis_py("Error 524297 connecting to", "redis/connection.py AbstractConnection._error_message"),
        ],
        "OpenSSL can't read a block of the CA file (`[X509]`), of the client certificate or of its key (`[SSL]`).",
        &[
            cause(When::ClientCertificate, "`ssl_certfile` and `ssl_keyfile` are swapped, DER, or the key's passphrase is wrong or the key is missing.", "Give PEM files: the certificate under `ssl_certfile`, its key under `ssl_keyfile`, the passphrase under `ssl_password`.").codes(&["RP701", "RP713", "RP714"]),
            cause(When::OwnRoots, "A block of `ssl_ca_certs` is cut short or holds strange characters.", "Write the file anew; one block that is broken spoils it all.").codes(&["RP701"]),
            cause(When::Always, "A certificate file is broken.", "Write it anew as plain PEM."),
        ],
        "`redproof certificate FILES` names the file and the line.",
    )
    .outcome("ca_file_invalid"),
    Entry::new(
        "key-does-not-match",
        "Key and certificate do not belong together",
        &[
            openssl("KEY_VALUES_MISMATCH", "OpenSSL X509_R_KEY_VALUES_MISMATCH"),
            openssl("key values mismatch", "OpenSSL"),
            openssl("KEY_TYPE_MISMATCH", "OpenSSL X509_R_KEY_TYPE_MISMATCH"),
            openssl("NO_CERTIFICATE_ASSIGNED", "OpenSSL SSL_R_NO_CERTIFICATE_ASSIGNED"),
            openssl("no certificate assigned", "OpenSSL"),
        ],
        "`ssl_keyfile` is not the private key of the first certificate in `ssl_certfile`.",
        &[
            cause(When::ClientCertificate, "The key is that of another certificate, or the file of `ssl_certfile` begins with an intermediate.", "Use the certificate's own key, and put the client's certificate first in `ssl_certfile`.").codes(&["RP712"]),
            cause(When::NoClientCertificate, "No client of this configuration has a certificate: the text comes from another one.", "Check that this is the configuration that runs."),
        ],
        "`openssl x509 -noout -pubkey -in CERT` and `openssl pkey -pubout -in KEY` print the same.",
    )
    .outcome("client_key_mismatch"),
    Entry::new(
        "key-is-encrypted",
        "The private key is encrypted",
        &[
            redis_py("Error 22 connecting to {}. Invalid argument", "redis/connection.py: Python has no terminal to ask for the passphrase"),
            openssl("BAD_DECRYPT", "OpenSSL PROV_R_BAD_DECRYPT"),
            openssl("bad decrypt", "OpenSSL"),
            openssl("BAD_PASSWORD_READ", "OpenSSL PEM_R_BAD_PASSWORD_READ"),
            python("password cannot be longer than", "Python Modules/_ssl.c"),
        ],
        "`ssl_keyfile` has a passphrase, and Python has none or another one.",
        &[
            cause(When::ClientCertificate, "The key has a passphrase that `ssl_password` does not open.", "Use a key without a passphrase (`openssl pkey -in KEY -out plain.pem`), or set `ssl_password` where the client takes it.").codes(&["RP713"]),
            cause(When::Always, "A private key has a passphrase.", "Use a key without a passphrase."),
        ],
        "The key's first line: `BEGIN ENCRYPTED PRIVATE KEY`, or `Proc-Type: 4,ENCRYPTED` below it.",
    )
    .outcome("client_key_encrypted"),
    Entry::new(
        "file-too-weak",
        "The client's own certificate is too weak to load",
        &[
            openssl("EE_KEY_TOO_SMALL", "OpenSSL SSL_R_EE_KEY_TOO_SMALL"),
            openssl("ee key too small", "OpenSSL"),
            openssl("CA_MD_TOO_WEAK", "OpenSSL SSL_R_CA_MD_TOO_WEAK"),
            openssl("ca md too weak", "OpenSSL"),
            openssl("CA_KEY_TOO_SMALL", "OpenSSL SSL_R_CA_KEY_TOO_SMALL"),
        ],
        "OpenSSL's security level 2 refuses the certificate in `ssl_certfile`.",
        &[
            cause(When::ClientCertificate, "The client certificate has a key below 2048 bits, or a SHA-1 signature.", "Issue it with 2048 bits or more, signed with SHA-256.").codes(&["RP710"]),
            cause(When::NoClientCertificate, "No client of this configuration has a certificate: the text comes from another one.", "Check that this is the configuration that runs."),
        ],
        "`redproof certificate FILE`.",
    )
    .outcome("weak_cert"),
    Entry::new(
        "no-file-path",
        "A certificate's path is not text",
        &[
            python("certfile should be a valid filesystem path", "Python Modules/_ssl.c load_cert_chain"),
            python("keyfile should be a valid filesystem path", "Python Modules/_ssl.c load_cert_chain"),
            python("cafile should be a valid filesystem path", "Python Modules/_ssl.c load_verify_locations"),
            python("capath should be a valid filesystem path", "Python Modules/_ssl.c load_verify_locations"),
        ],
        "A setting holds a number or nothing where Python expects text, or text where it expects a number.",
        &[
            cause(When::Found(&["RP110", "RP101"]), "A setting has a type that Python's `ssl` does not take.", "Do as `redproof check` says.").codes(&["RP110", "RP101"]),
            cause(When::ClientCertificate, "`ssl_keyfile` is set without `ssl_certfile`, or one of both is not text.", "Set both, as paths.").codes(&["RP714"]),
            cause(When::Always, "`ssl_keyfile` is set without `ssl_certfile`, or a TLS setting has the wrong type.", "Set both as paths, and numbers as numbers."),
        ],
        "`redproof explain`: the values that each client holds.",
    )
    .outcome("invalid_config"),
];
