//! What a file holds that OpenSSL does not take.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::x509::X509;

/// What a file holds, in words: a private key, a certificate in DER, prose.
pub(super) fn describe(path: &Path) -> String {
    if path.is_dir() {
        return "a directory".to_owned();
    }
    crate::small_file::read(path)
        .map_or_else(|_| "an unreadable file".to_owned(), |bytes| contents(&bytes))
}

fn contents(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let has = |what: &str| text.contains(what);
    let begins = text.matches("-----BEGIN ").count();
    let what = if bytes.is_empty() {
        "an empty file"
    } else if Pkcs12::from_der(bytes).is_ok() {
        "a PKCS#12 store"
    } else if X509::from_der(bytes).is_ok() {
        "a certificate in DER"
    } else if has("-----BEGIN ") && !has("\n") && has("\\n") {
        "PEM on one line, with \\n for its line ends"
    } else if text.lines().any(|line| line.starts_with(' ') && line.contains("-----")) {
        "PEM that is indented"
    } else if begins == 0 {
        "no PEM block"
    } else if begins != text.matches("-----END ").count() {
        "a PEM block that is cut short"
    } else if has("PRIVATE KEY-----") && !has("CERTIFICATE-----") {
        "a private key"
    } else if has("CERTIFICATE-----") && !has("PRIVATE KEY-----") {
        return whole(bytes).to_owned();
    } else {
        "PEM of another kind"
    };
    what.to_owned()
}

/// How to turn what a file holds into PEM, where that is known.
pub(super) fn cure(path: &Path, name: &str) -> Option<String> {
    let bytes = crate::small_file::read(path).ok()?;
    let shown = path.display();
    let command = if Pkcs12::from_der(&bytes).is_ok() {
        format!("openssl pkcs12 -in {shown} -nodes -out {shown}.pem")
    } else if X509::from_der(&bytes).is_ok() {
        format!("openssl x509 -inform der -in {shown} -out {shown}.pem")
    } else if PKey::private_key_from_der(&bytes).is_ok() {
        format!("openssl pkey -inform der -in {shown} -out {shown}.pem")
    } else {
        return None;
    };
    Some(format!("OpenSSL reads PEM alone here: `{command}`, and name that file in `{name}`."))
}

/// Whose a file is and who may read it, as far as that can be told.
pub(super) fn permissions(path: &Path) -> String {
    match std::fs::metadata(path) {
        Ok(found) => format!(
            "a file of user {}, group {}, with mode {:04o}",
            found.uid(),
            found.gid(),
            found.mode() & 0o7777
        ),
        Err(_) => "a directory that may not be entered".to_owned(),
    }
}

fn whole(bytes: &[u8]) -> &'static str {
    match X509::stack_from_pem(bytes) {
        Ok(certificates) if certificates.len() == 1 => "a certificate",
        Ok(_) => "certificates",
        Err(_) => "certificates, of which one does not decode",
    }
}

#[cfg(test)]
mod tests {
    use super::contents;

    #[test]
    fn files_are_named() {
        assert_eq!(contents(b""), "an empty file");
        assert_eq!(contents(b"the CA"), "no PEM block");
        assert_eq!(contents(b"-----BEGIN CERTIFICATE-----\nMII"), "a PEM block that is cut short");
        let key = b"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n";
        assert_eq!(contents(key), "a private key");
    }
}
