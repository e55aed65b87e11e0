//! Certificates and keys, judged.

use serde::{Deserialize, Serialize};

use crate::Tone;

/// What is held, and what it comes to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Certificates {
    /// The files.
    pub held: Vec<HeldFile>,
    /// The roles that a file may have.
    pub roles: Vec<String>,
    /// The conclusion: empty without files.
    pub conclusion: (Tone, String),
    /// What the configuration leaves open.
    pub note: Option<String>,
    /// What was found.
    pub findings: Vec<CertificateFinding>,
    /// The chains.
    pub chains: Vec<Chain>,
    /// The trusted certificates that no chain goes through; and how many more there are.
    pub idle: (Vec<CertificateFacts>, usize),
}

/// A file with certificates or keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFile {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub contents: String,
    /// What it is taken for.
    pub role: String,
    /// The setting that names it.
    pub setting: Option<String>,
}

/// A finding on certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFinding {
    /// How bad it is.
    pub severity: Tone,
    /// `RP701`
    pub code: String,
    /// The rule's name.
    pub rule: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A chain with its names and its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// Whose it is.
    pub who: String,
    /// The file that it begins in.
    pub file: String,
    /// What a client says of it.
    pub verdict: (Tone, String),
    /// The configuration's hosts: whether each is in the certificate, and in words.
    pub hosts: Vec<Host>,
    /// Whether the key fits.
    pub key: (Tone, String),
    /// From the certificate to its root.
    pub links: Vec<Link>,
    /// The issuer that is missing.
    pub missing: Option<String>,
}

/// A host of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name.
    pub host: String,
    /// Whether the certificate is for it.
    pub fits: bool,
    /// How that looks.
    pub tone: Tone,
    /// In words.
    pub words: String,
}

/// A certificate of a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Where it comes from.
    pub origin: String,
    /// Whether it is a trusted one.
    pub trusted: bool,
    /// What it says.
    pub certificate: CertificateFacts,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// Whether the next one signed it: in words, and whether that is so.
    pub signed: Option<(String, Tone)>,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Whose it is.
    pub subject: String,
    /// How long it is good.
    pub time_left: (Tone, String),
    /// From when to when.
    pub dates: String,
    /// Facts, the last three of which matter least.
    pub facts: Vec<(String, String)>,
}
