//! Certificates and keys: what the files at hand say, and what OpenSSL, which Python's TLS is, makes of them.
//!
//! [`read`] takes PEM files and Kubernetes Secrets and drops the private keys on the way: of each, only the
//! public half stays. [`inspect`] builds the chains as OpenSSL 3 does, at security level 2 and with CPython's
//! checks of names, and as rustls does, which is LiteLLM's Rust client, and says what is wrong. The verdicts are held to
//! those of both clients on real servers.

mod constraints;
mod demands;
mod files;
mod finding;
mod inspect;
mod inspection;
mod judged;
mod name;
mod pem;
mod public_key;
mod roles;
mod rust_client;
mod rustls_read;
mod rustls_signatures;
mod secret;
mod signature;
mod verify;
mod wording;
mod words;
mod x509;

pub use demands::{Demands, HostDemand, RustDemand};
pub use files::{HeldKey, Holding, NamedBytes, concerns, read};
pub use finding::RULES;
pub use inspect::inspect;
pub use inspection::{Chain, Inspection, Judgement, KeyMatch, Link, NameCheck, Origin, Verdict};
pub use name::AlternativeName;
pub use public_key::{Curve, PublicKey};
pub use roles::{Role, assign};
pub use rust_client::{RustlsChain, RustlsTrust};
pub use rustls_read::{KeyForm, key_form};
pub use signature::{Algorithm, Hash, Verified};
pub use verify::Purpose;
pub use words::Tone;
pub use x509::{Certificate, KEY_USAGES};
