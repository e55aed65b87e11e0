//! The signatures that rustls takes, with the provider that LiteLLM's Rust client has, `ring`: fewer than OpenSSL's.

use pkcs1::RsaPublicKeyRef;
use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use x509_cert::der::Decode as _;

use super::public_key::{Curve, PublicKey, bits};
use super::signature::{Algorithm, Hash, Verified};

/// The sizes of RSA keys whose signatures `ring` verifies.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The sizes of RSA keys that it signs with.
const OWN_RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// `rustls::crypto::ring`'s algorithms for certificates.
pub(super) static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    &Ecdsa { curve: Curve::P256, key: alg_id::ECDSA_P256, hash: Hash::Sha256 },
    &Ecdsa { curve: Curve::P256, key: alg_id::ECDSA_P256, hash: Hash::Sha384 },
    &Ecdsa { curve: Curve::P384, key: alg_id::ECDSA_P384, hash: Hash::Sha256 },
    &Ecdsa { curve: Curve::P384, key: alg_id::ECDSA_P384, hash: Hash::Sha384 },
    &Ed25519,
    &Rsa { hash: Hash::Sha256, signature: alg_id::RSA_PKCS1_SHA256, salt: None },
    &Rsa { hash: Hash::Sha384, signature: alg_id::RSA_PKCS1_SHA384, salt: None },
    &Rsa { hash: Hash::Sha512, signature: alg_id::RSA_PKCS1_SHA512, salt: None },
    &Rsa { hash: Hash::Sha256, signature: alg_id::RSA_PSS_SHA256, salt: Some(32) },
    &Rsa { hash: Hash::Sha384, signature: alg_id::RSA_PSS_SHA384, salt: Some(48) },
    &Rsa { hash: Hash::Sha512, signature: alg_id::RSA_PSS_SHA512, salt: Some(64) },
];

/// Whether a TLS server can prove to rustls that it has this key.
pub(super) fn is_offered(key: &PublicKey) -> bool {
    matches!(
        key,
        PublicKey::Rsa { .. }
            | PublicKey::Ec { curve: Curve::P256 | Curve::P384, .. }
            | PublicKey::Ed25519(_)
    )
}

/// Whether it verifies signatures of this key.
pub(super) fn is_verified(key: &PublicKey) -> bool {
    match key {
        PublicKey::Rsa { modulus, .. } => RSA_BITS.contains(&bits(modulus)),
        other => is_offered(other),
    }
}

/// Whether it signs with this key.
pub(super) fn signs_with(key: &PublicKey) -> bool {
    match key {
        PublicKey::Rsa { modulus, .. } => OWN_RSA_BITS.contains(&bits(modulus)),
        other => is_offered(other),
    }
}

#[derive(Debug)]
struct Ecdsa {
    curve: Curve,
    key: AlgorithmIdentifier,
    hash: Hash,
}

impl SignatureVerificationAlgorithm for Ecdsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = PublicKey::Ec { curve: self.curve.clone(), point: public_key.to_vec() };
        verified(&Algorithm::Ecdsa(self.hash), &key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match self.hash {
            Hash::Sha384 => alg_id::ECDSA_SHA384,
            _ => alg_id::ECDSA_SHA256,
        }
    }
}

#[derive(Debug)]
struct Ed25519;

impl SignatureVerificationAlgorithm for Ed25519 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = PublicKey::Ed25519(public_key.to_vec());
        verified(&Algorithm::Ed25519, &key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }
}

#[derive(Debug)]
struct Rsa {
    hash: Hash,
    signature: AlgorithmIdentifier,
    /// The length of the salt, for PSS.
    salt: Option<usize>,
}

impl SignatureVerificationAlgorithm for Rsa {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = RsaPublicKeyRef::from_der(public_key).map_err(|_| InvalidSignature)?;
        let key = PublicKey::Rsa {
            modulus: key.modulus.as_bytes().to_vec(),
            exponent: key.public_exponent.as_bytes().to_vec(),
        };
        if !is_verified(&key) {
            return Err(InvalidSignature);
        }
        let algorithm = match self.salt {
            Some(salt) => Algorithm::RsaPss(self.hash, salt),
            None => Algorithm::Rsa(self.hash),
        };
        verified(&algorithm, &key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

fn verified(
    algorithm: &Algorithm,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> Result<(), InvalidSignature> {
    match algorithm.verify(key, message, signature) {
        Verified::Good => Ok(()),
        Verified::Bad | Verified::NotJudged => Err(InvalidSignature),
    }
}
