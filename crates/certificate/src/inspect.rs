//! All files at hand, against each other and against the configuration.

use super::demands::{Demands, HostDemand, RustDemand};
use super::files::Holding;
use super::inspection::{Chain, Inspection, KeyMatch, NameCheck, Verdict};
use super::judged::{Judged, Problem};
use super::public_key::PublicKey;
use super::roles::Role;
use super::rust_client;
use super::rustls_read::{KeyForm, Readable};
use super::verify::{Purpose, Trial};
use super::wording;
use super::x509::{Certificate, issuer_is_intermediate};
use base::finding::Finding;

/// Everything that is looked at.
struct Case<'c> {
    holdings: &'c [Holding],
    roles: &'c [Role],
    demands: &'c Demands,
    now: i64,
    trusted: Vec<&'c Certificate>,
    anchors: rust_client::Anchors,
    leaves: Vec<(Purpose, usize, &'c Certificate)>,
}

/// Judges the files, each in its role, against each other and against what the configuration wants. `now` is in
/// seconds since 1970.
pub fn inspect(holdings: &[Holding], roles: &[Role], demands: &Demands, now: i64) -> Inspection {
    let of_role = |role| {
        let both = holdings.iter().zip(roles).enumerate();
        both.filter(move |(_, (_, its))| **its == role)
            .map(|(place, (holding, _))| (place, holding))
    };
    let mut leaves = vec![];
    for (purpose, role) in [(Purpose::Server, Role::Server), (Purpose::Client, Role::Client)] {
        for (place, holding) in of_role(role) {
            leaves.extend(holding.certificates.first().map(|leaf| (purpose, place, leaf)));
        }
    }
    let mut authorities = vec![];
    for (place, holding) in of_role(Role::Authorities) {
        for certificate in &holding.certificates {
            authorities.push((place, certificate.clone()));
            // A self-signed certificate of a server serves as its own authority.
            let is_server = certificate.is_self_signed() && certificate.names.is_some();
            if is_server && !leaves.iter().any(|(_, _, leaf)| *leaf == certificate) {
                leaves.push((Purpose::Server, place, certificate));
            }
        }
    }
    let loaded = of_role(Role::Authorities).filter(|(_, holding)| holding.loads_certificates());
    let trusted: Vec<&Certificate> =
        loaded.flat_map(|(_, holding)| &holding.certificates).collect();
    let anchors = of_role(Role::Authorities).map(|(_, holding)| &holding.rustls);
    let anchors = rust_client::Anchors::of(anchors);
    let case = Case { holdings, roles, demands, now, trusted, anchors, leaves };
    let mut findings: Vec<Finding> =
        holdings.iter().flat_map(|holding| holding.findings.clone()).collect();
    let chains: Vec<Chain> = case
        .leaves
        .iter()
        .map(|(purpose, place, leaf)| case.chain(*purpose, *place, leaf, &mut findings))
        .collect();
    case.beside_chains(&chains, &authorities, &mut findings);
    let verdict = case.verdict(&chains);
    let rust_verdict = demands.rust.as_ref().map(|rust| case.rust_verdict(&chains, rust));
    let mut unique: Vec<Finding> = vec![];
    for finding in findings {
        if !unique.contains(&finding) {
            unique.push(finding);
        }
    }
    unique.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Inspection { chains, authorities, findings: unique, verdict, rust_verdict }
}

impl<'c> Case<'c> {
    fn chain(
        &self,
        purpose: Purpose,
        file: usize,
        leaf: &'c Certificate,
        findings: &mut Vec<Finding>,
    ) -> Chain {
        let holding = &self.holdings[file];
        let sent: Vec<&Certificate> = match self.roles[file] {
            // A bundle is not sent.
            Role::Authorities => vec![],
            _ => holding.certificates.iter().collect(),
        };
        let trial = Trial {
            leaf,
            sent: &sent,
            trusted: &self.trusted,
            purpose,
            host: None,
            now: self.now,
            strict: false,
        };
        let judged = trial.judge();
        let names = self.names(purpose, leaf);
        let key = self.key(purpose, file, leaf);
        let verdict = match purpose {
            Purpose::Server => self.server_verdict(&trial, &judged),
            Purpose::Client => self.client_verdict(leaf, &sent, key, &judged),
        };
        let incomplete = judged.objections.iter().any(|objection| {
            matches!(objection.problem, Problem::IssuerIsMissing | Problem::RootIsMissing)
        });
        let top = judged.chain.last();
        let missing = top.filter(|_| incomplete).map(|top| top.issuer().to_owned());
        let context = wording::About {
            purpose,
            file: &holding.name,
            demands: self.demands,
            trusted: &self.trusted,
            now: self.now,
        };
        findings.extend(context.findings(&judged));
        findings.extend(context.names(leaf, &names));
        findings.extend(context.key(self.holdings, key));
        if purpose == Purpose::Server && !self.trusted.is_empty() {
            let newer = Trial { strict: true, ..trial }.judge();
            findings.extend(context.newer_python(&judged, &newer));
        }
        let rust = self.demands.rust.as_ref().map(|rust| {
            let theirs = rust_client::Trial {
                leaf,
                sent: &sent,
                anchors: &self.anchors,
                trusted: &self.trusted,
                hosts: &rust.hosts,
                now: self.now,
            };
            match purpose {
                Purpose::Server => theirs.server(),
                Purpose::Client => {
                    let form = match key {
                        KeyMatch::NotGiven => None,
                        KeyMatch::Matches(place)
                        | KeyMatch::Differs(place)
                        | KeyMatch::Encrypted(place)
                        | KeyMatch::NotJudged(place) => Some(self.holdings[place].rustls.key),
                    };
                    let files = rust_client::ClientFiles {
                        certificates: &holding.rustls,
                        key,
                        form,
                        has_password: rust.has_password,
                        key_is_here: rust.is_configured
                            && (!rust.names_key || wording::lacks_key(holding, self.demands)),
                    };
                    theirs.client(&files, self.first(&judged))
                }
            }
        });
        if let Some(rust) = &rust {
            findings.extend(context.rust_client(leaf, verdict, rust));
        }
        Chain { purpose, file, links: context.links(&judged), missing, names, key, verdict, rust }
    }

    fn names(&self, purpose: Purpose, leaf: &Certificate) -> Vec<NameCheck> {
        if purpose == Purpose::Client {
            return vec![];
        }
        let check = |demand: &HostDemand| NameCheck {
            demand: demand.clone(),
            fits: leaf.fits(&demand.host),
        };
        self.demands.hosts.iter().map(check).collect()
    }

    /// The first objection over all hosts.
    fn server_verdict(&self, trial: &Trial<'c>, judged: &Judged<'c>) -> Verdict {
        if !trial.leaf.key_is_offered() {
            return Verdict::ProtocolVersion;
        }
        let mut hosts = self.demands.hosts.iter().filter(|demand| demand.name_checked);
        let misfit = hosts.find(|demand| trial.leaf.fits(&demand.host).is_none());
        match misfit {
            Some(demand) => self.first(&Trial { host: Some(&demand.host), ..*trial }.judge()),
            None => self.first(judged),
        }
    }

    /// What OpenSSL says first.
    fn first(&self, judged: &Judged<'_>) -> Verdict {
        let first =
            judged.objections.iter().find(|one| !matches!(one.problem, Problem::NotJudged(_)));
        match first {
            Some(objection) => self.class(judged, &objection.problem, objection.depth),
            None if judged.objections.is_empty() => Verdict::Ok,
            None => Verdict::Unknown,
        }
    }

    fn class(&self, judged: &Judged<'_>, problem: &Problem, depth: usize) -> Verdict {
        match problem {
            Problem::LeafKeyIsWeak | Problem::AuthorityKeyIsWeak | Problem::SignatureIsWeak => {
                Verdict::Weak
            }
            Problem::IssuerIsMissing | Problem::SelfSigned | Problem::SelfSignedInChain
                if self.trusted.is_empty() =>
            {
                Verdict::Unknown
            }
            Problem::IssuerIsMissing => {
                let above = judged.chain.get(depth);
                if above.is_some_and(|top| issuer_is_intermediate(top, &self.trusted)) {
                    Verdict::ChainIncomplete
                } else {
                    Verdict::UnknownCa
                }
            }
            Problem::RootIsMissing => Verdict::ChainIncomplete,
            Problem::SelfSigned | Problem::SelfSignedInChain | Problem::SignatureIsWrong => {
                Verdict::UnknownCa
            }
            Problem::UnknownCritical
            | Problem::NotAnAuthority
            | Problem::WrongPurpose
            | Problem::TooManyBelow
            | Problem::CurveOfItsOwn
            | Problem::NameIsNotPermitted
            | Problem::NameIsExcluded
            | Problem::Strict(_) => Verdict::BadKeyUsage,
            Problem::OtherHost => Verdict::HostnameMismatch,
            Problem::NotYetValid => Verdict::NotYetValid,
            Problem::Expired => Verdict::Expired,
            Problem::NotJudged(_) => Verdict::Unknown,
        }
    }

    /// What redis-py meets when it loads the client's certificate, and then the server.
    fn client_verdict(
        &self,
        leaf: &Certificate,
        sent: &[&Certificate],
        key: KeyMatch,
        judged: &Judged<'_>,
    ) -> Verdict {
        let weak = |certificate: &Certificate| {
            let key = certificate.key.as_ref().is_some_and(PublicKey::is_strong);
            !key || !certificate.signature.is_strong() && !certificate.is_self_signed()
        };
        if weak(leaf) || sent.iter().any(|certificate| weak(certificate)) {
            return Verdict::Weak;
        }
        match key {
            KeyMatch::Differs(_) => Verdict::KeyMismatch,
            KeyMatch::Encrypted(_) if !self.demands.has_password => Verdict::KeyEncrypted,
            KeyMatch::Encrypted(_) | KeyMatch::NotGiven | KeyMatch::NotJudged(_) => {
                Verdict::Unknown
            }
            KeyMatch::Matches(_) => match self.first(judged) {
                verdict @ (Verdict::Ok | Verdict::Unknown) => verdict,
                _ => Verdict::ClientRejected,
            },
        }
    }

    /// The private key for a certificate: in its own file, or in one for keys.
    fn key(&self, purpose: Purpose, file: usize, leaf: &Certificate) -> KeyMatch {
        let mut candidates = vec![];
        for (place, (holding, role)) in self.holdings.iter().zip(self.roles).enumerate() {
            if place == file || matches!(role, Role::Key) {
                candidates.extend(holding.keys.iter().map(|key| (place, key)));
            }
        }
        let is_for = |key: &PublicKey, leaf: &Certificate| leaf.key.as_ref() == Some(key);
        let own = candidates
            .iter()
            .find(|(_, key)| key.public.as_ref().is_some_and(|key| is_for(key, leaf)));
        if let Some((place, _)) = own {
            return KeyMatch::Matches(*place);
        }
        // A key that belongs to another certificate at hand says nothing of this one, unless it is named for it.
        let has_client = self.leaves.iter().any(|(purpose, ..)| *purpose == Purpose::Client);
        candidates.retain(|(place, key)| {
            let others = || {
                self.leaves.iter().any(|(_, other, leaf)| {
                    *other != file && key.public.as_ref().is_some_and(|key| is_for(key, leaf))
                })
            };
            let may_be_the_clients = purpose == Purpose::Server && has_client && *place != file;
            !may_be_the_clients && !others()
        });
        match candidates.first() {
            None => KeyMatch::NotGiven,
            Some((place, key)) if key.encrypted => KeyMatch::Encrypted(*place),
            Some((place, key)) if key.public.is_none() => KeyMatch::NotJudged(*place),
            Some((place, _)) => KeyMatch::Differs(*place),
        }
    }

    /// Findings on what no chain shows.
    fn beside_chains(
        &self,
        chains: &[Chain],
        authorities: &[(usize, Certificate)],
        findings: &mut Vec<Finding>,
    ) {
        for (place, (holding, role)) in self.holdings.iter().zip(self.roles).enumerate() {
            findings.extend(wording::of_role(holding, *role, self.demands));
            let used = |certificate: &Certificate| {
                chains
                    .iter()
                    .any(|chain| chain.links.iter().any(|link| link.certificate == *certificate))
            };
            for (_, certificate) in
                authorities.iter().filter(|(its, one)| *its == place && !used(one))
            {
                findings.extend(wording::idle_authority(holding, certificate, self.now));
            }
        }
        let keys = self.holdings.iter().zip(self.roles).filter(|(_, role)| **role == Role::Key);
        if self.leaves.is_empty() {
            findings.extend(keys.map(|(holding, _)| wording::lonely_key(holding, self.demands)));
        }
        if self.trusted.is_empty()
            && !self.leaves.is_empty()
            && !self.roles.contains(&Role::Authorities)
        {
            findings.push(wording::nothing_trusted(self.demands));
        }
    }

    /// In the order in which the Rust client reads the files and connects.
    fn rust_verdict(&self, chains: &[Chain], rust: &RustDemand) -> Verdict {
        let judged = |wanted: Purpose| {
            let of_purpose = chains.iter().filter(move |chain| chain.purpose == wanted);
            of_purpose.filter_map(|chain| chain.rust.as_ref()).map(|one| one.verdict)
        };
        let of_role = |role: Role| {
            let both = self.holdings.iter().zip(self.roles);
            both.filter(move |(_, its)| **its == role).map(|(holding, _)| &holding.rustls)
        };
        let nothing_read = of_role(Role::Client).any(Readable::is_without_certificates)
            || of_role(Role::Key).any(|file| file.key == KeyForm::Missing);
        if nothing_read {
            return Verdict::CertFileMissing;
        }
        let client = judged(Purpose::Client).next().unwrap_or(Verdict::Ok);
        let not_made = [Verdict::CertFileMissing, Verdict::KeyEncrypted];
        if not_made.contains(&client) {
            return client;
        }
        if let Some(verdict) = self.anchors.failure() {
            return verdict;
        }
        if [Verdict::Weak, Verdict::KeyMismatch].contains(&client) {
            return client;
        }
        let verified = rust.hosts.is_empty() || rust.hosts.iter().any(|host| host.verified);
        let refuses = |verdict: &Verdict| match verdict {
            Verdict::Ok => false,
            // The handshake fails before a certificate is looked at.
            Verdict::ProtocolVersion => true,
            _ => verified,
        };
        let server = judged(Purpose::Server).find(refuses);
        server.unwrap_or(client)
    }

    /// In the order in which redis-py loads the files and connects.
    fn verdict(&self, chains: &[Chain]) -> Verdict {
        let of_role = |role: Role| {
            self.holdings
                .iter()
                .zip(self.roles)
                .filter(move |(_, its)| **its == role)
                .map(|(it, _)| it)
        };
        let client_fails = |holding: &Holding| {
            !holding.loads_certificates() || wording::lacks_key(holding, self.demands)
        };
        let unloadable = of_role(Role::Client).any(client_fails)
            || of_role(Role::Key).any(|holding| !holding.loads_key());
        if unloadable {
            return Verdict::CertFileMissing;
        }
        let client = chains.iter().find(|chain| chain.purpose == Purpose::Client);
        let client = client.map_or(Verdict::Ok, |chain| chain.verdict);
        let at_load = [Verdict::Weak, Verdict::KeyMismatch, Verdict::KeyEncrypted];
        if at_load.contains(&client) {
            return client;
        }
        if of_role(Role::Authorities).any(|holding| !holding.loads_certificates()) {
            return Verdict::CaFileInvalid;
        }
        let verified =
            self.demands.hosts.is_empty() || self.demands.hosts.iter().any(|host| host.verified);
        let mut servers =
            chains.iter().filter(|chain| chain.purpose == Purpose::Server && verified);
        let server = servers.find(|chain| chain.verdict != Verdict::Ok).map(|chain| chain.verdict);
        server.unwrap_or(client)
    }
}
