//! Whether a server asks for a client certificate, and of which authorities: OpenSSL keeps that from its
//! callers, and the bytes of the handshake tell it.

use std::sync::{Mutex, OnceLock, PoisonError};

use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::ssl::{Ssl, SslContextBuilder, SslRef};
use openssl::symm::{Cipher, decrypt_aead};
use openssl::x509::X509Name;

use super::certificate::name;

const CHANGE_CIPHER_SPEC: u8 = 20;
const HANDSHAKE: u8 = 22;
const APPLICATION_DATA: u8 = 23;
const CERTIFICATE_REQUEST: u8 = 13;
const CERTIFICATE_AUTHORITIES: usize = 47;

/// No list of authorities is shown beyond this.
const MOST: usize = 20;

/// A connection's handshake secret, once its server has one.
type Secret = Mutex<Option<Vec<u8>>>;

/// Where a connection keeps it, for as long as the handshake.
fn place() -> Option<Index<Ssl, Secret>> {
    static PLACE: OnceLock<Option<Index<Ssl, Secret>>> = OnceLock::new();
    *PLACE.get_or_init(|| Ssl::new_ex_index().ok())
}

/// Lets the connections of a context keep what [`of`] needs.
pub(super) fn listen(builder: &mut SslContextBuilder) {
    builder.set_keylog_callback(|ssl, line| {
        let kept = place().and_then(|place| ssl.ex_data(place));
        if let (Some(kept), Some(secret)) = (kept, secret_of(line)) {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret);
        }
    });
}

/// Lets this connection keep it.
pub(super) fn prepare(ssl: &mut Ssl) {
    if let Some(place) = place() {
        ssl.set_ex_data(place, Secret::default());
    }
}

/// The authorities that the server named as it asked for a client certificate, if it did, by what it sent.
pub(super) fn of(ssl: &SslRef, heard: &[u8]) -> Option<Vec<String>> {
    let secret = place()
        .and_then(|place| ssl.ex_data(place))
        .and_then(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).take());
    let suite = ssl.current_cipher().map_or("", |one| one.name());
    authorities(heard, secret.as_deref(), suite)
}

/// The authorities that the server names as it asks for a client certificate, none where it takes any;
/// `None` where it does not ask. `heard` is what it sent; `secret` its handshake traffic secret, which
/// TLS 1.3 has, and `suite` the name of the cipher suite.
fn authorities(heard: &[u8], secret: Option<&[u8]>, suite: &str) -> Option<Vec<String>> {
    let keys = secret.and_then(|secret| Keys::of(secret, suite));
    let (mut messages, mut rest, mut sequence) = (Vec::new(), heard, 0_u64);
    while let [kind, _, _, high, low, after @ ..] = rest {
        let length = usize::from(*high) << 8 | usize::from(*low);
        let body = after.get(..length)?;
        match (*kind, &keys) {
            (HANDSHAKE, _) => messages.extend_from_slice(body),
            (APPLICATION_DATA, Some(keys)) => {
                let Some(plain) = keys.open(sequence, &rest[..5], body) else { break };
                sequence += 1;
                messages.extend(plain);
            }
            // What comes after it is encrypted in TLS 1.2.
            (CHANGE_CIPHER_SPEC, None) => break,
            _ => {}
        }
        rest = &after[length..];
    }
    let mut left = messages.as_slice();
    while let [kind, a, b, c, after @ ..] = left {
        let body = after.get(..number(&[*a, *b, *c]))?;
        if *kind == CERTIFICATE_REQUEST {
            return Some(
                if secret.is_some() { of_13(body) } else { of_12(body) }.unwrap_or_default(),
            );
        }
        left = &after[body.len()..];
    }
    None
}

/// TLS 1.3: a context, then extensions.
fn of_13(body: &[u8]) -> Option<Vec<String>> {
    let (_, body) = vector(body, 1)?;
    let (mut extensions, _) = vector(body, 2)?;
    while extensions.len() >= 4 {
        let kind = number(&extensions[..2]);
        let (content, rest) = vector(&extensions[2..], 2)?;
        if kind == CERTIFICATE_AUTHORITIES {
            return names(vector(content, 2)?.0);
        }
        extensions = rest;
    }
    None
}

/// TLS 1.2: kinds of certificates, signature algorithms, authorities.
fn of_12(body: &[u8]) -> Option<Vec<String>> {
    let (_, body) = vector(body, 1)?;
    let (_, body) = vector(body, 2)?;
    names(vector(body, 2)?.0)
}

fn names(mut list: &[u8]) -> Option<Vec<String>> {
    let mut found = Vec::new();
    while !list.is_empty() && found.len() < MOST {
        let (der, rest) = vector(list, 2)?;
        let authority = X509Name::from_der(der).ok()?;
        found.push(name(&authority));
        list = rest;
    }
    Some(found)
}

/// What a length of so many bytes announces, and what follows.
fn vector(bytes: &[u8], size: usize) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(size)?;
    rest.split_at_checked(number(length))
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// The keys of the server's part of a TLS 1.3 handshake (RFC 8446, 7.3).
struct Keys {
    cipher: Cipher,
    key: Vec<u8>,
    iv: Vec<u8>,
}

impl Keys {
    fn of(secret: &[u8], suite: &str) -> Option<Self> {
        let (cipher, digest) = match suite {
            "TLS_AES_128_GCM_SHA256" => (Cipher::aes_128_gcm(), MessageDigest::sha256()),
            "TLS_AES_256_GCM_SHA384" => (Cipher::aes_256_gcm(), MessageDigest::sha384()),
            "TLS_CHACHA20_POLY1305_SHA256" => {
                (Cipher::chacha20_poly1305(), MessageDigest::sha256())
            }
            _ => return None,
        };
        let key = expand(secret, digest, "key", cipher.key_len()).ok()?;
        let iv = expand(secret, digest, "iv", 12).ok()?;
        Some(Self { cipher, key, iv })
    }

    /// A record's handshake messages; nothing where it is none of the handshake's.
    fn open(&self, sequence: u64, head: &[u8], body: &[u8]) -> Option<Vec<u8>> {
        let (sealed, tag) = body.split_at_checked(body.len().checked_sub(16)?)?;
        let mut nonce = self.iv.clone();
        for (byte, of) in nonce.iter_mut().skip(4).zip(sequence.to_be_bytes()) {
            *byte ^= of;
        }
        let mut plain =
            decrypt_aead(self.cipher, &self.key, Some(&nonce), head, sealed, tag).ok()?;
        // Zeros fill a record up; the last byte before them is its kind.
        while plain.last() == Some(&0) {
            plain.pop();
        }
        (plain.pop() == Some(HANDSHAKE)).then_some(plain)
    }
}

/// `HKDF-Expand-Label` with no context, to no more than one block.
fn expand(
    secret: &[u8],
    digest: MessageDigest,
    label: &str,
    length: usize,
) -> Result<Vec<u8>, ErrorStack> {
    let label = format!("tls13 {label}");
    let byte = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
    let mut info = vec![0, byte(length), byte(label.len())];
    info.extend(label.bytes());
    info.extend([0, 1]);
    let key = PKey::hmac(secret)?;
    let mut block = Signer::new(digest, &key)?.sign_oneshot_to_vec(&info)?;
    block.truncate(length);
    Ok(block)
}

/// The secret in a line of a key log.
fn secret_of(line: &str) -> Option<Vec<u8>> {
    let mut words = line.split(' ');
    if words.next() != Some("SERVER_HANDSHAKE_TRAFFIC_SECRET") {
        return None;
    }
    let digits = words.nth(1)?.as_bytes();
    let pairs = digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::{authorities, secret_of};

    #[test]
    fn what_is_no_handshake_asks_for_nothing() {
        for heard in
            [&b""[..], b"HTTP/1.1 400 Bad Request", &[22, 3, 3, 0, 4, 13, 0, 0, 9], &[23; 64]]
        {
            assert_eq!(authorities(heard, None, ""), None);
            assert_eq!(authorities(heard, Some(&[1; 48]), "TLS_AES_256_GCM_SHA384"), None);
        }
        // A request that names nobody: kinds, algorithms, no authorities.
        let request = [22, 3, 3, 0, 12, 13, 0, 0, 8, 1, 1, 0, 2, 4, 3, 0, 0];
        assert_eq!(authorities(&request, None, ""), Some(vec![]));
    }

    #[test]
    fn key_logs_are_read() {
        assert_eq!(secret_of("SERVER_HANDSHAKE_TRAFFIC_SECRET 00 0aff"), Some(vec![10, 255]));
        assert_eq!(secret_of("CLIENT_RANDOM 00 0aff"), None);
    }
}
