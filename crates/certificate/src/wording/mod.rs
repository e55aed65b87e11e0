//! What is wrong, in words.

mod file;

use std::borrow::Cow;

use super::demands::Demands;
use super::files::{self, Holding};
use super::finding::{
    CHAIN_INCOMPLETE, COMMON_NAME_ONLY, EXPIRED, EXPIRES_SOON, KEY_DOES_NOT_MATCH, KEY_IS_MISSING,
    NEWER_PYTHON, NOT_JUDGED, NOT_YET_VALID, OTHER_HOST, RUST_CLIENT_ACCEPTS, RUST_CLIENT_REFUSES,
    TOO_WEAK, UNKNOWN_ISSUER, WRONG_USE,
};
use super::inspection::{Judgement, KeyMatch, Link, NameCheck, Origin, Verdict};
use super::judged::{Judged, Objection, Problem};
use super::verify::Purpose;
use super::words::SOON;
use super::x509::{Certificate, issuer_is_intermediate};
use base::calendar::rfc3339;
use base::finding::{Finding, Severity};
use base::rule::Rule;

pub(super) use file::{idle_authority, lacks_key, lonely_key, nothing_trusted, of_role};

/// A chain that is to be put into words.
pub(super) struct About<'c> {
    pub(super) purpose: Purpose,
    pub(super) file: &'c str,
    pub(super) demands: &'c Demands,
    pub(super) trusted: &'c [&'c Certificate],
    pub(super) now: i64,
}

impl About<'_> {
    /// The chain's certificates, each with what is wrong with it.
    pub(super) fn links(&self, judged: &Judged<'_>) -> Vec<Link> {
        let link = |(depth, certificate): (usize, &&Certificate)| Link {
            certificate: (*certificate).clone(),
            origin: if depth >= judged.untrusted {
                Origin::Trusted
            } else if depth == 0 {
                Origin::Presented
            } else {
                Origin::Sent
            },
            signature: judged.signatures[depth],
            problems: judged
                .objections
                .iter()
                .filter(|objection| objection.depth == depth)
                .filter_map(|objection| self.in_few_words(&objection.problem, certificate))
                .collect(),
        };
        judged.chain.iter().enumerate().map(link).collect()
    }

    fn in_few_words(
        &self,
        problem: &Problem,
        certificate: &Certificate,
    ) -> Option<Cow<'static, str>> {
        Some(match problem {
            Problem::LeafKeyIsWeak | Problem::AuthorityKeyIsWeak => "its key is too weak".into(),
            Problem::SignatureIsWeak => "its signature is too weak".into(),
            Problem::IssuerIsMissing | Problem::RootIsMissing => "its issuer is missing".into(),
            Problem::SelfSigned | Problem::SelfSignedInChain if self.trusted.is_empty() => {
                return None;
            }
            Problem::SelfSigned | Problem::SelfSignedInChain => {
                "it is not among the trusted certificates".into()
            }
            Problem::UnknownCritical => {
                "it has a critical extension that OpenSSL does not know".into()
            }
            Problem::NotAnAuthority => "it is not a CA".into(),
            Problem::WrongPurpose => self.wrong_purpose(certificate),
            Problem::TooManyBelow => "it allows fewer CAs below it".into(),
            Problem::CurveOfItsOwn => "its curve has no name".into(),
            Problem::OtherHost => "it is for another host".into(),
            Problem::SignatureIsWrong => "the next certificate did not sign it".into(),
            Problem::NotYetValid => "it is not valid yet".into(),
            Problem::Expired => "it has expired".into(),
            Problem::NameIsNotPermitted | Problem::NameIsExcluded => {
                "its CA may not sign for its names (nameConstraints)".into()
            }
            Problem::Strict(text) => (*text).into(),
            Problem::NotJudged(text) => text.clone().into(),
        })
    }

    fn wrong_purpose(&self, certificate: &Certificate) -> Cow<'static, str> {
        let wanted = match self.purpose {
            Purpose::Server => "serverAuth",
            Purpose::Client => "clientAuth",
        };
        match &certificate.purposes {
            Some(list) if !list.iter().any(|one| one == wanted) => {
                format!("its extendedKeyUsage is {}, without {wanted}", list.join(", ")).into()
            }
            _ if certificate.forbids(&["digitalSignature"]) => {
                "its keyUsage does not allow digitalSignature".into()
            }
            _ => "its extensions do not allow this use".into(),
        }
    }

    /// Who fails, and how.
    fn consequence(&self) -> &'static str {
        let hosts = &self.demands.hosts;
        match self.purpose {
            Purpose::Client => "A server that asks for client certificates refuses it.",
            Purpose::Server if !hosts.is_empty() && !hosts.iter().any(|host| host.verified) => {
                "The configured clients verify nothing, and connect all the same: so they would to an impostor."
            }
            Purpose::Server => "LiteLLM's client refuses the server.",
        }
    }

    fn severity(&self, rule: &Rule) -> Severity {
        let hosts = &self.demands.hosts;
        let unverified = !hosts.is_empty() && !hosts.iter().any(|host| host.verified);
        match self.purpose {
            Purpose::Server if unverified => rule.severity.min(Severity::Warning),
            // Which authorities the server trusts is not in the configuration.
            Purpose::Client
                if rule.code == UNKNOWN_ISSUER.code || rule.code == CHAIN_INCOMPLETE.code =>
            {
                Severity::Warning
            }
            _ => rule.severity,
        }
    }

    fn who(&self, depth: usize, certificate: &Certificate) -> String {
        match (depth, self.purpose) {
            (0, Purpose::Server) => {
                format!("The server's certificate in {} (`{}`)", self.file, certificate.subject())
            }
            (0, Purpose::Client) => {
                format!("The client's certificate in {} (`{}`)", self.file, certificate.subject())
            }
            _ => format!("The CA certificate `{}`", certificate.subject()),
        }
    }

    pub(super) fn findings(&self, judged: &Judged<'_>) -> Vec<Finding> {
        let mut findings: Vec<Finding> = vec![];
        for objection in &judged.objections {
            let found = self.of_objection(judged, objection);
            // One finding per certificate and kind.
            findings.extend(found.filter(|found| !findings.contains(found)));
        }
        for (depth, certificate) in judged.chain.iter().enumerate() {
            let days = certificate.days_left(self.now);
            if certificate.not_after > self.now && days <= SOON {
                let until = rfc3339(certificate.not_after);
                let message = format!(
                    "{} expires in {}, at {until}.",
                    self.who(depth, certificate),
                    in_days(days)
                );
                findings.push(EXPIRES_SOON.found(message));
            }
        }
        if let Some(leaf) = judged.chain.first()
            && self.purpose == Purpose::Server
            && !leaf.key_is_offered()
        {
            let key = leaf.key.as_ref().map_or_else(String::new, ToString::to_string);
            let message = format!(
                "{} has a key of the kind {key}, which Python's client offers no signature for: the handshake fails.",
                self.who(0, leaf)
            );
            findings.push(
                TOO_WEAK
                    .found(message)
                    .help("Issue it with an EC P-256 key, or RSA of 2048 bits or more."),
            );
        }
        findings
    }

    fn of_objection(&self, judged: &Judged<'_>, objection: &Objection) -> Option<Finding> {
        let certificate = judged.chain.get(objection.depth)?;
        let who = self.who(objection.depth, certificate);
        let issuer = certificate.issuer();
        let nothing_trusted = self.trusted.is_empty();
        let (rule, fact): (&Rule, String) = match &objection.problem {
            Problem::LeafKeyIsWeak | Problem::AuthorityKeyIsWeak => match &certificate.key {
                Some(key) => (&TOO_WEAK, format!("{who} has too weak a key: {key}.")),
                None => (&NOT_JUDGED, format!("{who} has a key that does not decode.")),
            },
            Problem::SignatureIsWeak => (
                &TOO_WEAK,
                format!("{who} is signed with too weak a hash: {}.", certificate.signature),
            ),
            Problem::IssuerIsMissing | Problem::SelfSigned | Problem::SelfSignedInChain
                if nothing_trusted =>
            {
                return None;
            }
            Problem::IssuerIsMissing if issuer_is_intermediate(certificate, self.trusted) => (
                &CHAIN_INCOMPLETE,
                format!("{who} is signed by the intermediate `{issuer}`, which is not at hand."),
            ),
            Problem::IssuerIsMissing => (
                &UNKNOWN_ISSUER,
                format!(
                    "{who} is signed by `{issuer}`, which is not among the trusted certificates."
                ),
            ),
            Problem::RootIsMissing => (
                &CHAIN_INCOMPLETE,
                format!(
                    "The trusted certificates hold `{}`, but not its issuer `{issuer}`, and OpenSSL accepts no chain \
                     that ends before a root.",
                    certificate.subject()
                ),
            ),
            Problem::SelfSigned => (
                &UNKNOWN_ISSUER,
                format!("{who} is signed by itself, and not among the trusted certificates."),
            ),
            Problem::SelfSignedInChain => (
                &UNKNOWN_ISSUER,
                format!(
                    "The chain in {} ends at `{}`, which is not among the trusted certificates.",
                    self.file,
                    certificate.subject()
                ),
            ),
            Problem::SignatureIsWrong => (
                &UNKNOWN_ISSUER,
                format!(
                    "{who} was not signed by the trusted `{issuer}`: it has the same name, and another key."
                ),
            ),
            Problem::NotYetValid => (
                &NOT_YET_VALID,
                format!("{who} is not valid before {}.", rfc3339(certificate.not_before)),
            ),
            Problem::Expired => {
                (&EXPIRED, format!("{who} expired at {}.", rfc3339(certificate.not_after)))
            }
            // Said of all hosts at once.
            Problem::OtherHost => return None,
            Problem::NotJudged(text) => (&NOT_JUDGED, format!("{who}: {text}.")),
            problem => {
                let words = self.in_few_words(problem, certificate)?;
                (&WRONG_USE, format!("{who} may not be used so: {words}."))
            }
        };
        if rule.code == NOT_JUDGED.code {
            return Some(rule.found(fact));
        }
        let found =
            rule.found(format!("{fact} {}", self.consequence())).severity(self.severity(rule));
        let trust = UNKNOWN_ISSUER.is_of(&found) || CHAIN_INCOMPLETE.is_of(&found);
        Some(match self.purpose {
            Purpose::Client if trust => found.help(
                "Put the certificate of its authority into the server's `tls-ca-cert-file`. If it is there, all is well: \
                 that file is not known here, and `ssl_ca_certs` was taken in its place.",
            ),
            _ => found,
        })
    }

    pub(super) fn names(&self, leaf: &Certificate, names: &[NameCheck]) -> Vec<Finding> {
        let mut findings = vec![];
        let presented: Vec<String> = match &leaf.names {
            Some(names) => names.iter().take(12).map(ToString::to_string).collect(),
            None => leaf.common_names().iter().map(|name| format!("CN {name}")).collect(),
        };
        let presented =
            if presented.is_empty() { "no name".to_owned() } else { presented.join(", ") };
        for check in names.iter().filter(|check| check.demand.tls) {
            let host = &check.demand.host;
            match &check.fits {
                None if check.demand.name_checked => {
                    let message = format!(
                        "{} is not for `{host}`: it is for {presented}. LiteLLM's client refuses the server.",
                        self.who(0, leaf)
                    );
                    findings.push(OTHER_HOST.found(message));
                }
                None => {
                    let message = format!(
                        "{} is not for `{host}`: it is for {presented}. The configured client does not check the name, and \
                         connects; redis-py 6 and later check it unless set otherwise.",
                        self.who(0, leaf)
                    );
                    findings.push(OTHER_HOST.found(message).severity(Severity::Warning));
                }
                Some(name) if name.starts_with("CN ") => {
                    let message =
                        format!("{} names `{host}` only in its common name.", self.who(0, leaf));
                    findings.push(COMMON_NAME_ONLY.found(message));
                }
                Some(_) => {}
            }
        }
        findings
    }

    pub(super) fn key(&self, holdings: &[Holding], key: KeyMatch) -> Option<Finding> {
        let name = |place: usize| holdings.get(place).map_or("", |holding| holding.name.as_str());
        Some(match key {
            KeyMatch::Differs(place) if name(place) == self.file => {
                KEY_DOES_NOT_MATCH.found(format!("The private key in {} is not the one of its certificate.", self.file))
            }
            KeyMatch::Differs(place) => KEY_DOES_NOT_MATCH.found(format!(
                "The private key in {} is not the one of the certificate in {}.",
                name(place),
                self.file
            )),
            KeyMatch::Encrypted(place) => {
                let found = files::encrypted(holdings.get(place)?);
                match (self.purpose, self.demands.has_password, self.demands.password_needs.as_deref()) {
                    (Purpose::Server, ..) => found.severity(Severity::Hint).help(
                        "Give the server the passphrase (`tls-key-file-pass`), or decrypt the key. Whether it belongs to \
                         the certificate is not seen without it.",
                    ),
                    (Purpose::Client, _, Some(first)) => found.help(format!(
                        "Decrypt the key (`openssl pkey -in FILE -out FILE.key`): this redis-py's asyncio client takes no \
                         `ssl_password`, only {first} and later do."
                    )),
                    (Purpose::Client, true, None) => found.severity(Severity::Hint).help(
                        "`ssl_password` is set. Whether it opens the key, `redproof probe` shows.",
                    ),
                    (Purpose::Client, false, None) => found,
                }
            }
            KeyMatch::NotGiven if self.purpose == Purpose::Client => {
                KEY_IS_MISSING.found(format!("The private key of the certificate in {} is not at hand.", self.file))
            }
            KeyMatch::NotJudged(place) => NOT_JUDGED.found(format!(
                "Whether the private key in {} belongs to the certificate in {} is not seen here: its kind is not known.",
                name(place),
                self.file
            )),
            KeyMatch::Matches(_) | KeyMatch::NotGiven => return None,
        })
    }

    /// Where LiteLLM's Rust client judges otherwise than redis-py's.
    pub(super) fn rust_client(
        &self,
        leaf: &Certificate,
        openssl: Verdict,
        rust: &Judgement,
    ) -> Option<Finding> {
        let configured = self.demands.rust.as_ref().is_some_and(|rust| rust.is_configured);
        let who = self.who(0, leaf);
        let known = |verdict: Verdict| verdict != Verdict::Unknown;
        if !known(openssl) || !known(rust.verdict) {
            return None;
        }
        match (openssl, rust.verdict) {
            (Verdict::Ok, refused) if refused != Verdict::Ok => {
                let problem = rust.problem.as_deref().unwrap_or(refused.name());
                let severity = if configured { Severity::Error } else { Severity::Warning };
                let found = RUST_CLIENT_REFUSES.found(format!(
                    "{who} does for redis-py, and not for LiteLLM's Rust client: {problem}. Budgets, rate limits, cooldowns \
                     and the auth cache then work for each process alone."
                ));
                Some(found.severity(severity))
            }
            (refused, Verdict::Ok) if refused != Verdict::Ok => {
                let severity = if configured { Severity::Warning } else { Severity::Hint };
                let found = RUST_CLIENT_ACCEPTS.found(format!(
                    "{who} is refused by redis-py ({}), and taken by LiteLLM's Rust client: budgets and rate limits go on in \
                     Redis, while the response cache fails.",
                    refused.name()
                ));
                Some(found.severity(severity))
            }
            _ => None,
        }
    }

    /// What changes from Python 3.13 on.
    pub(super) fn newer_python(&self, now: &Judged<'_>, newer: &Judged<'_>) -> Option<Finding> {
        let definite = |judged: &Judged<'_>| {
            judged
                .objections
                .iter()
                .any(|objection| !matches!(objection.problem, Problem::NotJudged(_)))
        };
        match (definite(now), definite(newer)) {
            (false, true) => {
                let objection = newer.objections.iter().find(|one| !matches!(one.problem, Problem::NotJudged(_)))?;
                let certificate = newer.chain.get(objection.depth)?;
                let words = self.in_few_words(&objection.problem, certificate)?;
                Some(NEWER_PYTHON.found(format!(
                    "LiteLLM on Python 3.13 or later refuses the server, on earlier ones it does not. {}: {words}.",
                    self.who(objection.depth, certificate)
                )))
            }
            (true, false) => Some(
                NEWER_PYTHON
                    .found("LiteLLM on Python 3.13 or later takes this chain, where earlier ones refuse it.")
                    .severity(Severity::Hint),
            ),
            _ => None,
        }
    }
}

fn in_days(days: i64) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
