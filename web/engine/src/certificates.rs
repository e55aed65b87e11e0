//! Certificates and keys: what they say is held, and no private key: those are wiped as soon as they were read.
//! What is held is gone when the page is.

use std::mem;

use redproof_core::certificate::{
    self, Certificate, Demands, Holding, Inspection, Link, NameCheck, NamedBytes, Origin, Role,
    Verified, assign, inspect,
};
use redproof_core::finding::Finding;
use redproof_messages::{
    AskHeld, CertificateFacts, CertificateFinding, Certificates, Chain, HeldFile, Host, Tone,
};

use crate::tone;

const ROLES: [Role; 5] = [Role::Authorities, Role::Server, Role::Client, Role::Key, Role::Nothing];

/// So many trusted certificates are listed that no chain goes through.
const MOST_IDLE: usize = 20;

/// A file, and the role that the user chose for it.
#[derive(Clone, Debug)]
struct Held {
    holding: Holding,
    chosen: Option<Role>,
}

/// What was given.
#[derive(Debug, Default)]
pub(crate) struct Store {
    held: Vec<Held>,
    /// What belongs to files that were put away.
    away: Vec<Held>,
}

impl Store {
    /// Answers a question; `now` in seconds since 1970.
    pub(crate) fn answer(&mut self, ask: AskHeld, demands: &Demands, now: i64) -> Certificates {
        match ask {
            AskHeld::Judge => {}
            AskHeld::Hold { name, bytes } => self.hold(&name, bytes),
            AskHeld::Assign { name, role } => self.assign(&name, role.as_deref()),
            AskHeld::PutAway => self.away = mem::take(&mut self.held),
            AskHeld::BringBack => mem::swap(&mut self.held, &mut self.away),
        }
        judged(&self.held, demands, now)
    }

    /// Takes a file in, in place of one of its name.
    fn hold(&mut self, name: &str, bytes: Vec<u8>) {
        for holding in certificate::read(&[NamedBytes::new(name, bytes)]) {
            let new = Held { holding, chosen: None };
            match self.held.iter_mut().find(|old| old.holding.name == new.holding.name) {
                Some(old) => *old = new,
                None => self.held.push(new),
            }
        }
    }

    /// Gives a file another role, or forgets it.
    fn assign(&mut self, name: &str, role: Option<&str>) {
        match role {
            None => self.held.retain(|one| one.holding.name != name),
            Some(role) => {
                let role = ROLES.into_iter().find(|one| one.name() == role);
                for one in self.held.iter_mut().filter(|one| one.holding.name == name) {
                    one.chosen = role;
                }
            }
        }
    }
}

/// What is held, judged against the configuration.
fn judged(held: &[Held], demands: &Demands, now: i64) -> Certificates {
    let holdings: Vec<_> = held.iter().map(|one| one.holding.clone()).collect();
    let assigned = assign(&holdings, demands);
    let roles: Vec<Role> =
        held.iter().zip(&assigned).map(|(one, (role, _))| one.chosen.unwrap_or(*role)).collect();
    let inspection = inspect(&holdings, &roles, demands, now);
    let files =
        held.iter().zip(&roles).zip(&assigned).map(|((one, role), (_, setting))| HeldFile {
            name: one.holding.name.clone(),
            contents: one.holding.contents(),
            role: role.name().to_owned(),
            setting: setting.filter(|_| one.chosen.is_none()).map(ToOwned::to_owned),
        });
    let (conclusion, headline) = inspection.conclusion();
    let idle = inspection.idle_authorities();
    Certificates {
        held: files.collect(),
        roles: ROLES.iter().map(|role| role.name().to_owned()).collect(),
        conclusion: (looks(conclusion), headline),
        note: note(demands),
        findings: findings(&inspection),
        chains: inspection.chains.iter().map(|one| chain(one, &holdings, now)).collect(),
        idle: (
            idle.iter().take(MOST_IDLE).map(|one| facts(one, now)).collect(),
            idle.len().saturating_sub(MOST_IDLE),
        ),
    }
}

/// Where the configuration names no host, or does not speak TLS.
fn note(demands: &Demands) -> Option<String> {
    if demands.hosts.is_empty() {
        let note = "Your configuration names no known host, so host names are not checked.";
        return Some(note.to_owned());
    }
    (!demands.hosts.iter().any(|host| host.tls)).then(|| {
        "Your connections are plaintext, so certificates have no effect: set `ssl: true`."
            .to_owned()
    })
}

fn findings(inspection: &Inspection) -> Vec<CertificateFinding> {
    let finding = |one: &Finding| CertificateFinding {
        severity: tone(one.severity),
        code: one.code.to_owned(),
        rule: one.rule.to_owned(),
        message: one.message.clone(),
        help: one.help.as_deref().unwrap_or_default().to_owned(),
    };
    let mut found: Vec<_> = inspection.findings.iter().collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.severity));
    found.into_iter().map(finding).collect()
}

fn chain(chain: &certificate::Chain, holdings: &[Holding], now: i64) -> Chain {
    let worded = |(tone, words): (certificate::Tone, &str)| (looks(tone), words.to_owned());
    let host = |check: &NameCheck| {
        let (tone, words) = check.in_words();
        let (host, fits) = (check.demand.host.clone(), check.fits.is_some());
        Host { host, fits, tone: looks(tone), words }
    };
    let (key, key_words) = chain.key_in_words(holdings);
    let last = chain.links.len().saturating_sub(1);
    Chain {
        who: chain.purpose.name().to_owned(),
        file: holdings.get(chain.file).map(|holding| holding.name.clone()).unwrap_or_default(),
        verdict: worded(chain.verdict.in_words()),
        hosts: chain.names.iter().map(host).collect(),
        key: (looks(key), key_words),
        links: chain.links.iter().enumerate().map(|(at, one)| link(one, at == last, now)).collect(),
        missing: chain.missing.clone(),
    }
}

fn link(link: &Link, last: bool, now: i64) -> redproof_messages::Link {
    let tone = match link.signature {
        Verified::Good => Tone::Good,
        Verified::Bad => Tone::Error,
        Verified::NotJudged => Tone::Plain,
    };
    redproof_messages::Link {
        origin: link.origin.name().to_owned(),
        trusted: link.origin == Origin::Trusted,
        certificate: facts(&link.certificate, now),
        problems: link.problems.iter().map(ToString::to_string).collect(),
        signed: link.signed_in_words(last).map(|words| (words.to_owned(), tone)),
    }
}

fn facts(certificate: &Certificate, now: i64) -> CertificateFacts {
    let (tone, when) = certificate.time_left(now);
    let facts = certificate.facts().into_iter();
    CertificateFacts {
        subject: certificate.subject().to_owned(),
        time_left: (looks(tone), when),
        dates: certificate.dates(),
        facts: facts.map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}

fn looks(tone: certificate::Tone) -> Tone {
    match tone {
        certificate::Tone::Good => Tone::Good,
        certificate::Tone::Plain => Tone::Plain,
        certificate::Tone::Warning => Tone::Warning,
        certificate::Tone::Error => Tone::Error,
    }
}
