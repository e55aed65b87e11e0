//! Signatures of certificates: which algorithm, whether OpenSSL takes it, and whether it is right.

use std::fmt;

use ed25519_dalek::Verifier as _;
use num_bigint::BigUint;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use pkcs1::RsaPssParamsOwned;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512, Sha512_256};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::AlgorithmIdentifierRef;

use super::public_key::{Curve, PublicKey, bits};

/// The largest RSA modulus that OpenSSL works with.
const LARGEST_MODULUS: usize = 16_384;
/// The largest public exponent that OpenSSL takes beside a modulus of more than 3072 bits.
const LARGEST_EXPONENT: usize = 64;

/// The hash that a signature is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named for what they are")]
pub enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_256,
}

impl Hash {
    /// Whether OpenSSL's security level 2 takes it.
    fn is_strong(self) -> bool {
        !matches!(self, Self::Md5 | Self::Sha1)
    }

    fn of(oid: ObjectIdentifier) -> Option<Self> {
        Some(match oid.to_string().as_str() {
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            "2.16.840.1.101.3.4.2.6" => Self::Sha512_256,
            _ => return None,
        })
    }

    fn digest(self, message: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::Md5 | Self::Sha1 => return None,
            Self::Sha224 => Sha224::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
            Self::Sha512_256 => Sha512_256::digest(message).to_vec(),
        })
    }

    /// The last byte of its object identifier below `2.16.840.1.101.3.4.2`.
    fn number(self) -> Option<u8> {
        Some(match self {
            Self::Md5 | Self::Sha1 => return None,
            Self::Sha224 => 4,
            Self::Sha256 => 1,
            Self::Sha384 => 2,
            Self::Sha512 => 3,
            Self::Sha512_256 => 6,
        })
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha512_256 => "SHA-512/256",
        })
    }
}

/// A signature algorithm. It prints as `RSA with SHA-256`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA, PKCS#1 v1.5.
    Rsa(Hash),
    /// RSA-PSS, with the length of its salt.
    RsaPss(Hash, usize),
    /// ECDSA.
    Ecdsa(Hash),
    /// DSA.
    Dsa(Option<Hash>),
    /// Edwards curve 25519.
    Ed25519,
    /// Edwards curve 448.
    Ed448,
    /// Another one, by its number.
    Other(String),
}

/// Whether a signature is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The issuer's key made it.
    Good,
    /// It did not.
    Bad,
    /// The algorithm is not known here.
    NotJudged,
}

impl Algorithm {
    pub(super) fn of(identifier: &AlgorithmIdentifierRef<'_>) -> Self {
        match identifier.oid.to_string().as_str() {
            "1.2.840.113549.1.1.4" => Self::Rsa(Hash::Md5),
            "1.2.840.113549.1.1.5" => Self::Rsa(Hash::Sha1),
            "1.2.840.113549.1.1.14" => Self::Rsa(Hash::Sha224),
            "1.2.840.113549.1.1.11" => Self::Rsa(Hash::Sha256),
            "1.2.840.113549.1.1.12" => Self::Rsa(Hash::Sha384),
            "1.2.840.113549.1.1.13" => Self::Rsa(Hash::Sha512),
            "1.2.840.113549.1.1.16" => Self::Rsa(Hash::Sha512_256),
            "1.2.840.113549.1.1.10" => Self::pss(identifier),
            "1.2.840.10045.4.1" => Self::Ecdsa(Hash::Sha1),
            "1.2.840.10045.4.3.1" => Self::Ecdsa(Hash::Sha224),
            "1.2.840.10045.4.3.2" => Self::Ecdsa(Hash::Sha256),
            "1.2.840.10045.4.3.3" => Self::Ecdsa(Hash::Sha384),
            "1.2.840.10045.4.3.4" => Self::Ecdsa(Hash::Sha512),
            "1.2.840.10040.4.3" => Self::Dsa(Some(Hash::Sha1)),
            "2.16.840.1.101.3.4.3.1" => Self::Dsa(Some(Hash::Sha224)),
            "2.16.840.1.101.3.4.3.2" => Self::Dsa(Some(Hash::Sha256)),
            "1.3.101.112" => Self::Ed25519,
            "1.3.101.113" => Self::Ed448,
            other => Self::Other(other.to_owned()),
        }
    }

    fn pss(identifier: &AlgorithmIdentifierRef<'_>) -> Self {
        let parameters =
            identifier.parameters.and_then(|any| any.decode_as::<RsaPssParamsOwned>().ok());
        let hash = parameters.as_ref().and_then(|parameters| {
            let mask = parameters.mask_gen.parameters.as_ref()?.oid;
            Hash::of(parameters.hash.oid).filter(|_| mask == parameters.hash.oid)
        });
        match (hash, parameters) {
            (Some(hash), Some(parameters)) => Self::RsaPss(hash, parameters.salt_len.into()),
            _ => Self::Other("RSA-PSS with other parameters".to_owned()),
        }
    }

    /// Whether OpenSSL's security level 2 takes a certificate that is signed so.
    pub(super) fn is_strong(&self) -> bool {
        match self {
            Self::Rsa(hash) | Self::RsaPss(hash, _) | Self::Ecdsa(hash) | Self::Dsa(Some(hash)) => {
                hash.is_strong()
            }
            Self::Ed25519 | Self::Ed448 => true,
            Self::Dsa(None) | Self::Other(_) => false,
        }
    }

    /// Whether a key of this kind makes such signatures.
    pub(super) fn fits(&self, key: &PublicKey) -> bool {
        match self {
            Self::Rsa(_) | Self::RsaPss(..) => matches!(key, PublicKey::Rsa { .. }),
            Self::Ecdsa(_) => matches!(key, PublicKey::Ec { .. } | PublicKey::EcExplicit),
            Self::Dsa(_) => matches!(key, PublicKey::Dsa(_)),
            Self::Ed25519 => matches!(key, PublicKey::Ed25519(_)),
            Self::Ed448 => matches!(key, PublicKey::Ed448(_)),
            Self::Other(_) => true,
        }
    }

    /// Whether `key` made `signature` over `message`.
    pub(super) fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Verified {
        let good = match (self, key) {
            (Self::Rsa(hash), PublicKey::Rsa { modulus, exponent }) => {
                rsa_pkcs1(*hash, modulus, exponent, message, signature)
            }
            (Self::RsaPss(hash, salt), PublicKey::Rsa { modulus, exponent }) => {
                rsa_pss(*hash, *salt, modulus, exponent, message, signature)
            }
            (Self::Ecdsa(hash), PublicKey::Ec { curve, point }) => {
                ecdsa(*hash, curve, point, message, signature)
            }
            (Self::Ed25519, PublicKey::Ed25519(key)) => {
                Some(ed25519(key, message, signature).is_some())
            }
            _ => None,
        };
        match good {
            Some(true) => Verified::Good,
            Some(false) => Verified::Bad,
            None => Verified::NotJudged,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(hash) => write!(f, "RSA with {hash}"),
            Self::RsaPss(hash, _) => write!(f, "RSA-PSS with {hash}"),
            Self::Ecdsa(hash) => write!(f, "ECDSA with {hash}"),
            Self::Dsa(Some(hash)) => write!(f, "DSA with {hash}"),
            Self::Dsa(None) => f.write_str("DSA"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

fn ecdsa(
    hash: Hash,
    curve: &Curve,
    point: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digest = hash.digest(message)?;
    macro_rules! verify {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            $curve::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
        }};
    }
    Some(match curve {
        Curve::P256 => verify!(p256),
        Curve::P384 => verify!(p384),
        Curve::P521 => verify!(p521),
        Curve::P224 | Curve::Other(..) => return None,
    })
}

fn ed25519(key: &[u8], message: &[u8], signature: &[u8]) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
    key.verify(message, &signature).ok()
}

/// What the signature is with the exponent taken off: as long as the modulus.
///
/// The stable `rsa` crate is of another generation than its siblings, and would bring each of them twice;
/// public numbers need no constant time.
fn opened(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let size = bits(modulus);
    let too_large = size > LARGEST_MODULUS || size > 3072 && bits(exponent) > LARGEST_EXPONENT;
    let [n, e, s] = [modulus, exponent, signature].map(BigUint::from_bytes_be);
    if too_large || bits(exponent) > size || size < 512 || s >= n {
        return None;
    }
    let opened = s.modpow(&e, &n).to_bytes_be();
    let length = size.div_ceil(8);
    let missing = length.checked_sub(opened.len())?;
    Some([vec![0; missing], opened].concat())
}

fn rsa_pkcs1(
    hash: Hash,
    modulus: &[u8],
    exponent: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digest = hash.digest(message)?;
    let Some(opened) = opened(modulus, exponent, signature) else {
        return Some(false);
    };
    let length = u8::try_from(digest.len()).ok()?;
    let info = [
        &[
            0x30,
            17 + length,
            0x30,
            13,
            6,
            9,
            0x60,
            0x86,
            0x48,
            1,
            0x65,
            3,
            4,
            2,
            hash.number()?,
            5,
            0,
            4,
            length,
        ][..],
        &digest,
    ]
    .concat();
    let Some(padding) = opened.len().checked_sub(info.len() + 3).filter(|padding| *padding >= 8)
    else {
        return Some(false);
    };
    Some(opened == [&[0, 1][..], &vec![0xff; padding], &[0], &info].concat())
}

/// RSASSA-PSS-VERIFY of RFC 8017, with MGF1 over the same hash.
fn rsa_pss(
    hash: Hash,
    salt: usize,
    modulus: &[u8],
    exponent: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let digest = hash.digest(message)?;
    Some(
        pss_encoded(
            hash,
            salt,
            bits(modulus),
            &digest,
            opened(modulus, exponent, signature).as_deref(),
        )
        .is_some(),
    )
}

fn pss_encoded(
    hash: Hash,
    salt: usize,
    modulus_bits: usize,
    digest: &[u8],
    opened: Option<&[u8]>,
) -> Option<()> {
    let bits = modulus_bits.checked_sub(1)?;
    let length = bits.div_ceil(8);
    let opened = opened?;
    // Where the modulus has a bit more than whole bytes, the first byte is zero.
    let (front, encoded) = opened.split_at_checked(opened.len().checked_sub(length)?)?;
    let (body, trailer) = encoded.split_at_checked(length.checked_sub(1)?)?;
    let (masked, seed) = body.split_at_checked(body.len().checked_sub(digest.len())?)?;
    let mut block = masked.to_vec();
    let mut mask = Vec::with_capacity(block.len() + digest.len());
    for counter in 0_u32.. {
        if mask.len() >= block.len() {
            break;
        }
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat())?);
    }
    block.iter_mut().zip(&mask).for_each(|(byte, mask)| *byte ^= mask);
    let unused = 8 * length - bits;
    let top = block.first_mut()?;
    let clear = u16::from(*masked.first()?) >> (8 - unused) == 0;
    *top &= 0xff_u8.checked_shr(u32::try_from(unused).ok()?)?;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(salt)?)?;
    let (one, zeros) = padding.split_last()?;
    let again = hash.digest(&[&[0; 8], digest, salt].concat())?;
    let right = clear
        && front.iter().chain(zeros).all(|byte| *byte == 0)
        && *one == 1
        && trailer == [0xbc]
        && again == seed;
    right.then_some(())
}
