//! What OpenSSL has against a chain.

use super::signature::Verified;
use super::x509::Certificate;

/// What OpenSSL has against a certificate of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    LeafKeyIsWeak,
    AuthorityKeyIsWeak,
    SignatureIsWeak,
    /// Its issuer is neither trusted nor sent.
    IssuerIsMissing,
    /// It is trusted, but not a root, and its issuer is not there.
    RootIsMissing,
    SelfSigned,
    SelfSignedInChain,
    UnknownCritical,
    NotAnAuthority,
    WrongPurpose,
    TooManyBelow,
    CurveOfItsOwn,
    OtherHost,
    SignatureIsWrong,
    NotYetValid,
    Expired,
    NameIsNotPermitted,
    NameIsExcluded,
    /// An objection of the strict mode alone.
    Strict(&'static str),
    /// Something is not known here, so that the verdict is open.
    NotJudged(String),
}

/// An objection, and to which certificate of the chain: 0 is the leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Objection {
    pub(super) problem: Problem,
    pub(super) depth: usize,
}

/// The chain that OpenSSL builds, and what it has against it.
pub(super) struct Judged<'c> {
    pub(super) chain: Vec<&'c Certificate>,
    /// How many of the chain are not among the trusted.
    pub(super) untrusted: usize,
    /// For each certificate, whether the one above signed it; the last one has itself.
    pub(super) signatures: Vec<Verified>,
    pub(super) objections: Vec<Objection>,
}
