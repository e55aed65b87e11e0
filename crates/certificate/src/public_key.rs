//! Public keys: their kind, their strength as OpenSSL counts it, and the one that a private key has.

use std::fmt;

use p256::elliptic_curve::sec1::ToSec1Point;
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::PrivateKeyInfoRef;
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfoRef;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const DSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");

/// From so many bits on, OpenSSL counts 112 bits of strength: it rounds NIST's formula to a multiple of 8.
const RSA_BITS_OF_LEVEL_2: usize = 1963;

/// An elliptic curve that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-224.
    P224,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Another one, by its name or number, and its bits where they are known.
    Other(String, Option<usize>),
}

impl Curve {
    fn of(oid: ObjectIdentifier) -> Self {
        match oid.to_string().as_str() {
            "1.3.132.0.33" => Self::P224,
            "1.2.840.10045.3.1.7" => Self::P256,
            "1.3.132.0.34" => Self::P384,
            "1.3.132.0.35" => Self::P521,
            "1.2.840.10045.3.1.1" => Self::Other("P-192".to_owned(), Some(192)),
            "1.3.132.0.10" => Self::Other("secp256k1".to_owned(), Some(256)),
            "1.3.36.3.3.2.8.1.1.7" => Self::Other("brainpoolP256r1".to_owned(), Some(256)),
            "1.3.36.3.3.2.8.1.1.11" => Self::Other("brainpoolP384r1".to_owned(), Some(384)),
            "1.3.36.3.3.2.8.1.1.13" => Self::Other("brainpoolP512r1".to_owned(), Some(512)),
            other => Self::Other(other.to_owned(), None),
        }
    }

    fn bits(&self) -> Option<usize> {
        match self {
            Self::P224 => Some(224),
            Self::P256 => Some(256),
            Self::P384 => Some(384),
            Self::P521 => Some(521),
            Self::Other(_, bits) => *bits,
        }
    }

    /// Whether CPython's TLS client offers it for signatures.
    pub(super) fn is_offered(&self) -> bool {
        matches!(self, Self::P256 | Self::P384 | Self::P521)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::P224 => f.write_str("P-224"),
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::P521 => f.write_str("P-521"),
            Self::Other(name, _) => f.write_str(name),
        }
    }
}

/// A public key. It prints as its kind and size: `RSA 2048`, `EC P-256`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA, also for PSS alone.
    Rsa {
        /// The modulus, without leading zeros.
        modulus: Vec<u8>,
        /// The public exponent, without leading zeros.
        exponent: Vec<u8>,
    },
    /// On a curve with a name.
    Ec {
        /// The curve.
        curve: Curve,
        /// The point, uncompressed where the curve is a NIST curve that is known here.
        point: Vec<u8>,
    },
    /// On a curve that is written out, which OpenSSL refuses in certificates.
    EcExplicit,
    /// Edwards curve 25519.
    Ed25519(Vec<u8>),
    /// Edwards curve 448.
    Ed448(Vec<u8>),
    /// DSA, which CPython does not offer.
    Dsa(Vec<u8>),
    /// Another algorithm, by its number.
    Other(String, Vec<u8>),
}

impl PublicKey {
    /// The key of a certificate; `None` where it does not decode.
    pub(super) fn of_spki(spki: &SubjectPublicKeyInfoRef<'_>) -> Option<Self> {
        let bytes = spki.subject_public_key.raw_bytes();
        Some(match spki.algorithm.oid {
            RSA | RSA_PSS => {
                let key = RsaPublicKeyRef::from_der(bytes).ok()?;
                Self::rsa(&key.modulus, &key.public_exponent)
            }
            EC => match spki.algorithm.parameters {
                Some(curve) => match curve.decode_as::<ObjectIdentifier>() {
                    Ok(oid) => Self::on_curve(Curve::of(oid), bytes)?,
                    Err(_) => Self::EcExplicit,
                },
                None => return None,
            },
            ED25519 => Self::Ed25519(bytes.to_vec()),
            ED448 => Self::Ed448(bytes.to_vec()),
            DSA => Self::Dsa(bytes.to_vec()),
            other => Self::Other(other.to_string(), bytes.to_vec()),
        })
    }

    fn rsa(modulus: &UintRef<'_>, exponent: &UintRef<'_>) -> Self {
        Self::Rsa { modulus: modulus.as_bytes().to_vec(), exponent: exponent.as_bytes().to_vec() }
    }

    /// A point as a certificate or key writes it; `None` where it is not on the curve.
    fn on_curve(curve: Curve, point: &[u8]) -> Option<Self> {
        let point = match curve {
            Curve::P256 => p256::PublicKey::from_sec1_bytes(point)
                .ok()?
                .to_sec1_point(false)
                .as_bytes()
                .to_vec(),
            Curve::P384 => p384::PublicKey::from_sec1_bytes(point)
                .ok()?
                .to_sec1_point(false)
                .as_bytes()
                .to_vec(),
            Curve::P521 => p521::PublicKey::from_sec1_bytes(point)
                .ok()?
                .to_sec1_point(false)
                .as_bytes()
                .to_vec(),
            Curve::P224 | Curve::Other(..) => point.to_vec(),
        };
        Some(Self::Ec { curve, point })
    }

    /// Whether OpenSSL's security level 2, which CPython sets, takes the key: 112 bits of strength.
    pub(super) fn is_strong(&self) -> bool {
        match self {
            Self::Rsa { modulus, .. } => bits(modulus) >= RSA_BITS_OF_LEVEL_2,
            Self::Ec { curve, .. } => curve.bits().is_none_or(|bits| bits >= 224),
            // By the size of its prime, as RSA; the key itself does not carry it.
            Self::Dsa(_) | Self::EcExplicit | Self::Ed25519(_) | Self::Ed448(_) => true,
            Self::Other(..) => false,
        }
    }
}

/// How many bits a number has.
pub(super) fn bits(number: &[u8]) -> usize {
    let number =
        number.iter().position(|byte| *byte != 0).map_or(&[][..], |first| &number[first..]);
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { modulus, .. } => write!(f, "RSA {}", bits(modulus)),
            Self::Ec { curve, .. } => write!(f, "EC {curve}"),
            Self::EcExplicit => f.write_str("EC with a curve of its own"),
            Self::Ed25519(_) => f.write_str("Ed25519"),
            Self::Ed448(_) => f.write_str("Ed448"),
            Self::Dsa(_) => f.write_str("DSA"),
            Self::Other(oid, _) => write!(f, "algorithm {oid}"),
        }
    }
}

/// The public half of a private key in PKCS#8.
pub(super) fn of_pkcs8(der: &[u8]) -> Result<Option<PublicKey>, ()> {
    let key = PrivateKeyInfoRef::from_der(der).map_err(drop)?;
    let bytes = key.private_key.as_bytes();
    let embedded = || key.public_key.map(|bits| bits.raw_bytes().to_vec());
    match key.algorithm.oid {
        RSA | RSA_PSS => of_pkcs1(bytes).map(Some),
        EC => match key.algorithm.parameters {
            Some(curve) => match curve.decode_as::<ObjectIdentifier>() {
                Ok(oid) => of_sec1(bytes, Some(Curve::of(oid))),
                Err(_) => Ok(Some(PublicKey::EcExplicit)),
            },
            None => of_sec1(bytes, None),
        },
        ED25519 => {
            let seed = <&OctetStringRef>::from_der(bytes).map_err(drop)?;
            let seed = <[u8; 32]>::try_from(seed.as_bytes()).map_err(drop)?;
            let key = ed25519_dalek::SigningKey::from_bytes(&seed);
            Ok(Some(PublicKey::Ed25519(key.verifying_key().as_bytes().to_vec())))
        }
        ED448 => Ok(embedded().map(PublicKey::Ed448)),
        _ => Ok(None),
    }
}

/// The public half of an RSA key in PKCS#1.
pub(super) fn of_pkcs1(der: &[u8]) -> Result<PublicKey, ()> {
    let key = RsaPrivateKeyRef::from_der(der).map_err(drop)?;
    Ok(PublicKey::rsa(&key.modulus, &key.public_exponent))
}

/// The public half of an EC key in SEC1, `None` where it is not known how to get it.
pub(super) fn of_sec1(der: &[u8], curve: Option<Curve>) -> Result<Option<PublicKey>, ()> {
    let SecretPart { scalar, curve: own, point } = SecretPart::read(der).ok_or(())?;
    let curve = curve.or(own).ok_or(())?;
    let point = match curve {
        Curve::P256 => {
            let key = p256::SecretKey::from_slice(&padded(scalar, 32)?).map_err(drop)?;
            Some(key.public_key().to_sec1_point(false).as_bytes().to_vec())
        }
        Curve::P384 => {
            let key = p384::SecretKey::from_slice(&padded(scalar, 48)?).map_err(drop)?;
            Some(key.public_key().to_sec1_point(false).as_bytes().to_vec())
        }
        Curve::P521 => {
            let key = p521::SecretKey::from_slice(&padded(scalar, 66)?).map_err(drop)?;
            Some(key.public_key().to_sec1_point(false).as_bytes().to_vec())
        }
        Curve::P224 | Curve::Other(..) => point.map(<[u8]>::to_vec),
    };
    Ok(point.map(|point| PublicKey::Ec { curve, point }))
}

/// The scalar in the curve's own length: writers leave leading zeros out, or add some.
fn padded(scalar: &[u8], length: usize) -> Result<zeroize::Zeroizing<Vec<u8>>, ()> {
    let first = scalar.iter().position(|byte| *byte != 0).ok_or(())?;
    let scalar = &scalar[first..];
    let missing = length.checked_sub(scalar.len()).ok_or(())?;
    let mut whole = zeroize::Zeroizing::new(vec![0; length]);
    whole[missing..].copy_from_slice(scalar);
    Ok(whole)
}

/// `ECPrivateKey` of RFC 5915, with whatever curve.
struct SecretPart<'d> {
    scalar: &'d [u8],
    curve: Option<Curve>,
    point: Option<&'d [u8]>,
}

impl<'d> SecretPart<'d> {
    fn read(der: &'d [u8]) -> Option<Self> {
        let all = AnyRef::from_der(der).ok()?;
        let mut inner = SliceReader::new(all.value()).ok()?;
        inner.decode::<u8>().ok().filter(|version| *version == 1)?;
        let scalar = inner.decode::<&OctetStringRef>().ok()?.as_bytes();
        let mut part = Self { scalar, curve: None, point: None };
        while !inner.is_finished() {
            let field = inner.decode::<AnyRef<'d>>().ok()?;
            let content = AnyRef::from_der(field.value()).ok()?;
            if let Ok(oid) = content.decode_as::<ObjectIdentifier>() {
                part.curve = Some(Curve::of(oid));
            } else if let Ok(bits) = content.decode_as::<x509_cert::der::asn1::BitStringRef<'_>>() {
                part.point = Some(bits.raw_bytes());
            }
        }
        Some(part)
    }
}
