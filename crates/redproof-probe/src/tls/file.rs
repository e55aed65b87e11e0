//! What a file holds that OpenSSL does not take.

#[cfg(unix)]
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

/// What a file may hold instead of PEM, or around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Pkcs12,
    DerCertificate,
    DerKey,
    JavaKeystore,
    Pkcs7,
    /// PEM, in base64 once more.
    Encoded,
    Utf16,
    ByteOrderMark,
}

impl Form {
    fn of(bytes: &[u8]) -> Option<Self> {
        let has = |what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        Some(if Pkcs12::from_der(bytes).is_ok() {
            Self::Pkcs12
        } else if X509::from_der(bytes).is_ok() {
            Self::DerCertificate
        } else if PKey::private_key_from_der(bytes).is_ok() {
            Self::DerKey
        } else if bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed]) {
            Self::JavaKeystore
        } else if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            Self::Utf16
        } else if bytes.starts_with(b"\xef\xbb\xbf-----BEGIN ") {
            Self::ByteOrderMark
        } else if has(b"-----BEGIN PKCS7-----") {
            Self::Pkcs7
        } else if is_encoded(bytes) {
            Self::Encoded
        } else {
            return None;
        })
    }

    fn words(self) -> &'static str {
        match self {
            Self::Pkcs12 => "a PKCS#12 store",
            Self::DerCertificate => "a certificate in DER",
            Self::DerKey => "a private key in DER",
            Self::JavaKeystore => "a Java keystore",
            Self::Pkcs7 => "a PKCS#7 bundle",
            Self::Encoded => "PEM that is in base64 once more",
            Self::Utf16 => "text in UTF-16",
            Self::ByteOrderMark => "PEM behind a byte-order mark",
        }
    }

    /// What makes PEM of it.
    fn command(self, path: &str) -> String {
        match self {
            Self::Pkcs12 => format!("openssl pkcs12 -in {path} -nodes -out {path}.pem"),
            Self::DerCertificate => format!("openssl x509 -inform der -in {path} -out {path}.pem"),
            Self::DerKey => format!("openssl pkey -inform der -in {path} -out {path}.pem"),
            Self::JavaKeystore => {
                format!("keytool -exportcert -rfc -keystore {path} -alias ALIAS -file {path}.pem")
            }
            Self::Pkcs7 => format!("openssl pkcs7 -in {path} -print_certs -out {path}.pem"),
            Self::Encoded => format!("base64 -d {path} > {path}.pem"),
            Self::Utf16 => format!("iconv -f utf-16 -t utf-8 {path} > {path}.pem"),
            Self::ByteOrderMark => format!("tail -c +4 {path} > {path}.pem"),
        }
    }
}

/// Whether it is PEM in base64: a Secret whose data was encoded twice.
fn is_encoded(bytes: &[u8]) -> bool {
    let text: String = String::from_utf8_lossy(bytes).split_whitespace().collect();
    let plain = text.starts_with("LS0tLS1CRUdJTi").then(|| openssl::base64::decode_block(&text));
    plain.is_some_and(|plain| plain.is_ok_and(|plain| plain.starts_with(b"-----BEGIN ")))
}

fn contents(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let has = |what: &str| text.contains(what);
    let begins = text.matches("-----BEGIN ").count();
    let what = if bytes.is_empty() {
        "an empty file"
    } else if let Some(form) = Form::of(bytes) {
        form.words()
    } else if has("-----BEGIN ") && !has("\n") && has("\\n") {
        "PEM on one line, with \\n for its line ends"
    } else if text.lines().any(|line| line.starts_with(' ') && line.contains("-----")) {
        "PEM that is indented"
    } else if text.trim_start().starts_with('<') {
        "a web page"
    } else if has("git-lfs.github.com/spec") {
        "a pointer of Git LFS, without the file that it stands for"
    } else if begins == 0 {
        "no PEM block"
    } else if begins != text.matches("-----END ").count() {
        "a PEM block that is cut short"
    } else if has("PRIVATE KEY-----") && !has("CERTIFICATE-----") {
        "a private key"
    } else if has("CERTIFICATE REQUEST-----") {
        "a request for a certificate"
    } else if has("CERTIFICATE-----") && !has("PRIVATE KEY-----") {
        return whole(bytes).to_owned();
    } else {
        "PEM of another kind"
    };
    what.to_owned()
}

/// How to turn what a file holds into PEM, where that is known.
pub(super) fn cure(path: &Path, name: &str) -> Option<String> {
    let form = Form::of(&crate::small_file::read(path).ok()?)?;
    let command = form.command(&path.display().to_string());
    Some(format!("Plain PEM alone is read here: `{command}`, and name that file in `{name}`."))
}

/// Certificate and key that stand in each other's place.
pub(super) fn are_exchanged(certfile: &Path, keyfile: &Path) -> bool {
    describe(certfile) == "a private key" && describe(keyfile).starts_with("a certificate")
}

/// Whose a file is and who may read it, as far as that can be told.
pub(super) fn permissions(path: &Path) -> String {
    match std::fs::metadata(path) {
        #[cfg(unix)]
        Ok(found) => format!(
            "a file of user {}, group {}, with mode {:04o}",
            found.uid(),
            found.gid(),
            found.mode() & 0o7777
        ),
        #[cfg(not(unix))]
        Ok(_) => "a file of another user".to_owned(),
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
        let encoded = openssl::base64::encode_block(key).into_bytes();
        assert_eq!(contents(&encoded), "PEM that is in base64 once more");
        let marked = [b"\xef\xbb\xbf", &key[..]].concat();
        assert_eq!(contents(&marked), "PEM behind a byte-order mark");
        for (bytes, said) in [
            (&b"\xfe\xed\xfe\xed\0\0\0\x02"[..], "a Java keystore"),
            (b"-----BEGIN PKCS7-----\nMII\n-----END PKCS7-----\n", "a PKCS#7 bundle"),
            (b"<!DOCTYPE html>", "a web page"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
                "a pointer of Git LFS, without the file that it stands for",
            ),
            (
                b"-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----\n",
                "a request for a certificate",
            ),
            (b"\xff\xfe-\0-\0", "text in UTF-16"),
        ] {
            assert_eq!(contents(bytes), said);
        }
    }
}
