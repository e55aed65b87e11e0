//! What was seen, in words: the same on the page and in the terminal.

use std::borrow::Cow;

use super::files::Holding;
use super::inspection::{Chain, Inspection, Judgement, KeyMatch, Link, NameCheck, Origin, Verdict};
use super::signature::Verified;
use super::verify::Purpose;
use super::x509::Certificate;
use base::calendar::rfc3339;
use base::finding::Severity;

/// Fewer days are worth a warning.
pub(super) const SOON: i64 = 30;

/// How something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Neither.
    Plain,
    /// It works, for now.
    Warning,
    /// It does not work.
    Error,
}

impl Purpose {
    /// `Server`
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "Server",
            Self::Client => "Client",
        }
    }
}

impl Verdict {
    /// What comes of it: `OpenSSL takes it`, or the outcome's name.
    pub fn in_words(self) -> (Tone, &'static str) {
        match self {
            Self::Ok => (Tone::Good, "OpenSSL takes it"),
            Self::Unknown => (Tone::Plain, "not known from these files"),
            other => (Tone::Error, other.name()),
        }
    }
}

impl NameCheck {
    /// What is to be said of the host: `fits *.redis.internal`.
    pub fn in_words(&self) -> (Tone, String) {
        match &self.fits {
            Some(name) => (Tone::Good, format!("fits {name}")),
            None if self.demand.name_checked => {
                (Tone::Error, "is not in the certificate".to_owned())
            }
            None => (
                Tone::Warning,
                "is not in the certificate, and this client does not check it".to_owned(),
            ),
        }
    }
}

impl Chain {
    /// Whose the private key is. One sentence. `holdings` are those that were inspected.
    pub fn key_in_words(&self, holdings: &[Holding]) -> (Tone, String) {
        let name = |place: usize| holdings.get(place).map_or("", |holding| &holding.name);
        match self.key {
            KeyMatch::Matches(place) => {
                (Tone::Good, format!("The private key in {} belongs to it.", name(place)))
            }
            KeyMatch::Differs(place) => (
                Tone::Error,
                format!("The private key in {} belongs to another certificate.", name(place)),
            ),
            KeyMatch::Encrypted(place) => (
                Tone::Warning,
                format!(
                    "The private key in {} is encrypted: whether it belongs to it is not seen.",
                    name(place)
                ),
            ),
            KeyMatch::NotJudged(place) => (
                Tone::Warning,
                format!("The private key in {} is of a kind that is not known here.", name(place)),
            ),
            KeyMatch::NotGiven => (Tone::Plain, "Its private key is not here.".to_owned()),
        }
    }
}

impl Judgement {
    /// What LiteLLM's Rust client makes of it: `it takes it`, or why not.
    pub fn in_words(&self) -> (Tone, String) {
        let problem = self.problem.as_deref().unwrap_or(self.verdict.name());
        match self.verdict {
            Verdict::Ok => (Tone::Good, "takes it".to_owned()),
            Verdict::Unknown => (Tone::Plain, "not known from these files".to_owned()),
            verdict => (Tone::Error, format!("{}: {problem}", verdict.name())),
        }
    }
}

impl Link {
    /// Who signed it: `signed by` the next one; `None` where nothing is known. `last`: no
    /// certificate is above it.
    pub fn signed_in_words(&self, last: bool) -> Option<&'static str> {
        match self.signature {
            Verified::Good if last => Some("signed by itself"),
            Verified::Good => Some("signed by"),
            // The last one of an incomplete chain says nothing of its issuer.
            _ if last => None,
            Verified::Bad => Some("not signed by"),
            Verified::NotJudged => Some("signature not checked"),
        }
    }
}

impl Origin {
    /// `sent along`
    pub fn name(self) -> &'static str {
        match self {
            Self::Presented => "presented",
            Self::Sent => "sent along",
            Self::Trusted => "trusted",
        }
    }
}

impl Certificate {
    /// How long it is valid: `expired 3 days ago`, `40 days left`. `now` is in seconds since 1970.
    pub fn time_left(&self, now: i64) -> (Tone, String) {
        let days = self.days_left(now);
        if self.not_before > now {
            return (Tone::Error, format!("not valid before {}", date(self.not_before)));
        }
        if self.not_after <= now {
            return (Tone::Error, format!("expired {} ago", count(-days - 1)));
        }
        let tone = if days <= SOON { Tone::Warning } else { Tone::Good };
        (tone, format!("{} left", count(days)))
    }

    /// `2026-01-01 to 2027-01-01`
    pub fn dates(&self) -> String {
        format!("{} to {}", date(self.not_before), date(self.not_after))
    }

    /// What it says of itself, by the names that OpenSSL prints; what it leaves out is left out.
    /// The last three tell it from others: issuer, serial number, fingerprint.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let joined = |list: Vec<String>| (!list.is_empty()).then(|| list.join(", "));
        let names = self.names.iter().flatten().map(ToString::to_string).collect();
        let key =
            self.key.as_ref().map_or_else(|| "does not decode".to_owned(), ToString::to_string);
        let constraints = self.constraints.map(|(is_ca, below)| match (is_ca, below) {
            (true, Some(below)) => format!("CA, with {below} CAs below it at most"),
            (true, None) => "CA".to_owned(),
            (false, _) => "no CA".to_owned(),
        });
        let facts = [
            ("names", joined(names)),
            ("key", Some(key)),
            ("signature", Some(self.signature.to_string())),
            ("basicConstraints", constraints),
            ("keyUsage", self.key_usage.as_ref().map(|list| list.join(", "))),
            ("extendedKeyUsage", self.purposes.as_ref().map(|list| list.join(", "))),
            ("issuer", Some(self.issuer().to_owned())),
            ("serial", Some(self.serial.clone())),
            ("SHA-256", Some(self.fingerprint.clone())),
        ];
        facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

impl Holding {
    /// What is in it: `2 certificates, a private key (EC P-256, PKCS#8)`.
    pub fn contents(&self) -> String {
        let mut parts = vec![];
        match self.certificates.len() {
            0 => {}
            1 => parts.push("a certificate".to_owned()),
            count => parts.push(format!("{count} certificates")),
        }
        for key in &self.keys {
            let kind: Cow<'_, str> = match &key.public {
                Some(public) => public.to_string().into(),
                None if key.encrypted => "encrypted".into(),
                None => "of another kind".into(),
            };
            parts.push(format!("a private key ({kind}, {})", key.form));
        }
        if parts.is_empty() { "nothing that OpenSSL loads".to_owned() } else { parts.join(", ") }
    }
}

impl Inspection {
    /// All of it in one sentence.
    pub fn conclusion(&self) -> (Tone, String) {
        let count =
            |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        let proved = self.chains.iter().all(|chain| chain.verdict == Verdict::Ok);
        match (count(Severity::Error), count(Severity::Warning)) {
            (0, 0) if self.chains.is_empty() => {
                (Tone::Plain, "Nothing is wrong with these files.".to_owned())
            }
            (0, 0) if proved => (Tone::Good, "OpenSSL takes these certificates.".to_owned()),
            (0, 0) => (Tone::Plain, "Nothing is wrong as far as these files show.".to_owned()),
            (0, 1) if proved => (Tone::Warning, "It works, with one warning.".to_owned()),
            (0, count) if proved => (Tone::Warning, format!("It works, with {count} warnings.")),
            (0, 1) => (
                Tone::Warning,
                "One warning; the rest depends on files that are not here.".to_owned(),
            ),
            (0, count) => (
                Tone::Warning,
                format!("{count} warnings; the rest depends on files that are not here."),
            ),
            (1, _) => (Tone::Error, "One thing does not work.".to_owned()),
            (count, _) => (Tone::Error, format!("{count} things do not work.")),
        }
    }

    /// The trusted certificates that no chain goes through.
    pub fn idle_authorities(&self) -> Vec<&Certificate> {
        let in_chain = |certificate: &Certificate| {
            let mut links = self.chains.iter().flat_map(|chain| &chain.links);
            links.any(|link| link.certificate == *certificate)
        };
        self.authorities.iter().map(|(_, one)| one).filter(|one| !in_chain(one)).collect()
    }
}

fn count(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// `2026-11-21`
fn date(seconds: i64) -> String {
    rfc3339(seconds).chars().take(10).collect()
}
