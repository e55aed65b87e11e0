//! A chain, built and judged as OpenSSL 3 does it (`X509_verify_cert`), in its order: what it objects to
//! first is what a client says.

use super::constraints;
use super::judged::{Judged, Objection, Problem};
use super::signature::Verified;
use super::x509::{Authority, Certificate};

/// OpenSSL follows no more issuers than this.
const DEPTH: usize = 100;

/// Which side of TLS the certificate is presented by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The server presents it to LiteLLM.
    Server,
    /// LiteLLM presents it to the server.
    Client,
}

/// What is to be judged.
#[derive(Clone, Copy)]
pub(super) struct Trial<'c> {
    pub(super) leaf: &'c Certificate,
    /// What is presented beside the leaf.
    pub(super) sent: &'c [&'c Certificate],
    pub(super) trusted: &'c [&'c Certificate],
    pub(super) purpose: Purpose,
    /// The host to hold the names against.
    pub(super) host: Option<&'c str>,
    /// In seconds since 1970.
    pub(super) now: i64,
    /// As CPython from 3.13 on: `VERIFY_X509_STRICT` and `VERIFY_X509_PARTIAL_CHAIN`.
    pub(super) strict: bool,
}

impl<'c> Trial<'c> {
    /// `verify_chain`
    pub(super) fn judge(&self) -> Judged<'c> {
        let mut judged =
            Judged { chain: vec![self.leaf], untrusted: 1, signatures: vec![], objections: vec![] };
        if !is_strong(self.leaf) {
            judged.object(Problem::LeafKeyIsWeak, 0);
        }
        self.build(&mut judged);
        self.check_extensions(&mut judged);
        let last = judged.chain.len() - 1;
        for depth in 0..=last {
            if depth > 0 && !is_strong(judged.chain[depth]) {
                judged.object(Problem::AuthorityKeyIsWeak, depth);
            }
            if depth < last && !judged.chain[depth].signature.is_strong() {
                judged.object(Problem::SignatureIsWeak, depth);
            }
        }
        if self.host.is_some_and(|host| self.leaf.fits(host).is_none()) {
            judged.object(Problem::OtherHost, 0);
        }
        self.check_signatures_and_dates(&mut judged);
        constraints::check(&mut judged);
        judged
    }

    /// `build_chain`: trusted issuers first, then what was sent.
    fn build(&self, judged: &mut Judged<'c>) {
        let mut sent: Vec<&Certificate> = self.sent.to_vec();
        loop {
            let current = judged.top();
            let mut found = None;
            if judged.chain.len() <= DEPTH {
                found = self.pick(self.trusted, current, |_| true);
                if let Some(issuer) = found {
                    if current.is_self_signed() {
                        // A root of the same name with another key is not a match.
                        if current == issuer {
                            judged.untrusted -= 1;
                            return;
                        }
                        found = None;
                    } else {
                        judged.chain.push(issuer);
                        if self.strict || issuer.is_self_signed() {
                            return;
                        }
                        continue;
                    }
                }
            }
            // Once trusted issuers were found, what was sent is not looked at any more.
            let in_trusted = judged.chain.len() > judged.untrusted;
            if found.is_none()
                && !in_trusted
                && !current.is_self_signed()
                && judged.chain.len() <= DEPTH
            {
                let chain = &judged.chain;
                let fresh = |one: &Certificate| {
                    !chain.contains(&one) || current.is_self_issued() && chain.len() == 1
                };
                if let Some(issuer) = self.pick(&sent, current, fresh) {
                    sent.retain(|one| *one != issuer);
                    judged.chain.push(issuer);
                    judged.untrusted += 1;
                    continue;
                }
            }
            break;
        }
        self.without_trust(judged);
    }

    /// The end of `build_chain`, where nothing that is trusted was reached.
    fn without_trust(&self, judged: &mut Judged<'c>) {
        let (last, top) = (judged.chain.len() - 1, judged.top());
        // Where less than a root is trusted, the certificate itself may be.
        if self.strict && self.trusted.contains(&self.leaf) {
            judged.untrusted = 0;
            return;
        }
        let problem = if top.is_self_signed() {
            if last == 0 { Problem::SelfSigned } else { Problem::SelfSignedInChain }
        } else if judged.untrusted <= last {
            Problem::RootIsMissing
        } else {
            Problem::IssuerIsMissing
        };
        judged.object(problem, last);
    }

    /// The issuer that OpenSSL takes: the first one that is valid today, else the one that was longest.
    fn pick(
        &self,
        among: &[&'c Certificate],
        of: &Certificate,
        usable: impl Fn(&Certificate) -> bool,
    ) -> Option<&'c Certificate> {
        let mut best: Option<&Certificate> = None;
        for one in among.iter().copied().filter(|one| usable(one) && of.may_be_issued_by(one)) {
            if one.not_before <= self.now && self.now < one.not_after {
                return Some(one);
            }
            if best.is_none_or(|best| one.not_after > best.not_after) {
                best = Some(one);
            }
        }
        best
    }

    /// `check_extensions`
    fn check_extensions(&self, judged: &mut Judged<'c>) {
        let count = judged.chain.len();
        let mut below = 0_usize;
        for depth in 0..count {
            let certificate = judged.chain[depth];
            for name in &certificate.unreadable {
                let text = format!("its {name} does not decode");
                judged.object(Problem::NotJudged(text), depth);
            }
            if !certificate.unknown_critical.is_empty() {
                judged.object(Problem::UnknownCritical, depth);
            }
            let authority = certificate.authority();
            let is_intermediate = depth + 1 < count || self.strict;
            if depth > 0
                && (authority == Authority::No || is_intermediate && authority != Authority::Yes)
            {
                judged.object(Problem::NotAnAuthority, depth);
            }
            if count > 1 && certificate.key == Some(super::public_key::PublicKey::EcExplicit) {
                judged.object(Problem::CurveOfItsOwn, depth);
            }
            if self.strict && count > 1 {
                for problem in strictly(certificate, depth + 1 == count) {
                    judged.object(Problem::Strict(problem), depth);
                }
            }
            if !self.serves(certificate, depth > 0) {
                judged.object(Problem::WrongPurpose, depth);
            }
            let most = certificate.constraints.and_then(|(_, most)| most);
            if depth > 1 && most.is_some_and(|most| below > usize::from(most)) {
                judged.object(Problem::TooManyBelow, depth);
            }
            if depth > 0 && !certificate.is_self_issued() {
                below += 1;
            }
        }
    }

    /// `check_purpose_ssl_server`, `check_purpose_ssl_client`
    fn serves(&self, certificate: &Certificate, as_authority: bool) -> bool {
        let wanted: &[&str] = match self.purpose {
            Purpose::Server => &["serverAuth", "msSGC", "nsSGC"],
            Purpose::Client => &["clientAuth"],
        };
        let purposes = certificate.purposes.as_ref();
        if purposes.is_some_and(|list| !list.iter().any(|one| wanted.contains(&one.as_str()))) {
            return false;
        }
        if as_authority {
            return certificate.authority() != Authority::No;
        }
        !certificate.forbids(match self.purpose {
            Purpose::Server => &["digitalSignature", "keyEncipherment", "keyAgreement"],
            Purpose::Client => &["digitalSignature", "keyAgreement"],
        })
    }

    /// `internal_verify`, from the root down.
    fn check_signatures_and_dates(&self, judged: &mut Judged<'c>) {
        let last = judged.chain.len() - 1;
        let mut signatures = vec![];
        let mut late = vec![];
        for depth in (0..=last).rev() {
            let certificate = judged.chain[depth];
            let issuer = judged.chain.get(depth + 1).copied();
            let key = issuer.or(certificate.is_self_signed().then_some(certificate));
            let key = key.and_then(|issuer| issuer.key.as_ref());
            let verified = key.map_or(Verified::NotJudged, |key| certificate.is_signed_with(key));
            signatures.push(verified);
            // A root's own signature adds nothing, and OpenSSL passes it over.
            if let Some(issuer) = issuer {
                if verified == Verified::Bad {
                    late.push((Problem::SignatureIsWrong, depth));
                } else if verified == Verified::NotJudged && certificate.signature.is_strong() {
                    let text = format!(
                        "its signature ({} by {}) can't be checked here",
                        certificate.signature,
                        issuer
                            .key
                            .as_ref()
                            .map_or_else(|| "an unreadable key".to_owned(), ToString::to_string)
                    );
                    late.push((Problem::NotJudged(text), depth));
                }
            }
            if certificate.not_before > self.now {
                late.push((Problem::NotYetValid, depth));
            }
            if certificate.not_after <= self.now {
                late.push((Problem::Expired, depth));
            }
        }
        signatures.reverse();
        judged.signatures = signatures;
        for (problem, depth) in late {
            judged.object(problem, depth);
        }
    }
}

impl<'c> Judged<'c> {
    fn top(&self) -> &'c Certificate {
        self.chain[self.chain.len() - 1]
    }

    pub(super) fn object(&mut self, problem: Problem, depth: usize) {
        self.objections.push(Objection { problem, depth });
    }
}

fn is_strong(certificate: &Certificate) -> bool {
    certificate.key.as_ref().is_some_and(super::public_key::PublicKey::is_strong)
}

/// What `X509_V_FLAG_X509_STRICT` asks for, which CPython sets from 3.13 on.
fn strictly(certificate: &Certificate, is_last: bool) -> Vec<&'static str> {
    let critical = |number: &str| certificate.critical.iter().any(|one| one == number);
    let usage = |name| certificate.key_usage.as_ref().is_some_and(|set| set.contains(&name));
    let (is_ca, length) = match certificate.constraints {
        Some((is_ca, length)) => (is_ca, length),
        None => (false, None),
    };
    let key =
        certificate.authority.as_ref().and_then(|authority| authority.key_identifier.as_ref());
    let names = certificate.names.as_ref();
    let subject_is_empty = certificate.subject.is_empty();
    let problems = [
        (length.is_some() && !is_ca, "it limits the CAs below it and is none"),
        (
            length.is_some() && !usage("keyCertSign"),
            "it limits the CAs below it without keyUsage keyCertSign",
        ),
        (is_ca && !critical("2.5.29.19"), "its basicConstraints are not critical"),
        (is_ca && certificate.key_usage.is_none(), "it is a CA without keyUsage"),
        (!is_ca && usage("keyCertSign"), "it has keyUsage keyCertSign and is not a CA"),
        (certificate.issuer.is_empty(), "its issuer's name is empty"),
        (
            subject_is_empty && (is_ca || usage("cRLSign") || names.is_none()),
            "its subject is empty",
        ),
        (
            subject_is_empty && names.is_some() && !critical("2.5.29.17"),
            "its subject is empty and its subjectAltName is not critical",
        ),
        (names.is_some_and(Vec::is_empty), "its subjectAltName is empty"),
        (!certificate.algorithms_agree, "it names two signature algorithms"),
        (critical("2.5.29.35"), "its authorityKeyIdentifier is critical"),
        (critical("2.5.29.14"), "its subjectKeyIdentifier is critical"),
        (certificate.is_version_3 && !is_last && key.is_none(), "it has no authorityKeyIdentifier"),
        (
            certificate.is_version_3 && is_ca && certificate.subject_key.is_none(),
            "it is a CA without subjectKeyIdentifier",
        ),
        (
            !certificate.is_version_3 && certificate.has_extensions,
            "it has extensions and is not of version 3",
        ),
    ];
    problems.into_iter().filter(|(there, _)| *there).map(|(_, text)| text).collect()
}
