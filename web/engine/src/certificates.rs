//! Certificates and keys. The engine holds what they say, and no private key: those are wiped as soon as
//! they were read. What it holds is gone when the page is.

use redproof_core::certificate::{
    self, Certificate, Demands, Holding, Inspection, Link, NameCheck, NamedBytes, Origin, Role,
    Verified, assign, inspect,
};
use redproof_messages::{
    CertificateFacts, CertificateFinding, Certificates, Chain, HeldFile, Host, Tone,
};

use crate::tone;
use crate::workspace::Workspace;

const ROLES: [Role; 5] = [Role::Authorities, Role::Server, Role::Client, Role::Key, Role::Nothing];

/// So many trusted certificates are listed that no chain goes through.
const MOST_IDLE: usize = 20;

/// A file, and the role that the user chose for it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    holding: Holding,
    chosen: Option<Role>,
}

/// Takes a file in, in place of one of its name.
pub(crate) fn hold(held: &mut Vec<Held>, name: &str, bytes: Vec<u8>) {
    for holding in certificate::read(&[NamedBytes::new(name, bytes)]) {
        let new = Held { holding, chosen: None };
        match held.iter_mut().find(|old| old.holding.name == new.holding.name) {
            Some(old) => *old = new,
            None => held.push(new),
        }
    }
}

/// Gives a file another role, or forgets it.
pub(crate) fn assign_role(held: &mut Vec<Held>, name: &str, role: Option<&str>) {
    match role {
        None => held.retain(|one| one.holding.name != name),
        Some(role) => {
            let role = ROLES.into_iter().find(|one| one.name() == role);
            for one in held.iter_mut().filter(|one| one.holding.name == name) {
                one.chosen = role;
            }
        }
    }
}

/// What is held, judged against the configuration.
pub(crate) fn certificates(workspace: &Workspace, held: &[Held]) -> Certificates {
    let report = &workspace.report;
    let demands = Demands::of(&report.outcome, report.pair);
    let holdings: Vec<_> = held.iter().map(|one| one.holding.clone()).collect();
    let assigned = assign(&holdings, &demands);
    let roles: Vec<Role> =
        held.iter().zip(&assigned).map(|(one, (role, _))| one.chosen.unwrap_or(*role)).collect();
    let inspection = inspect(&holdings, &roles, &demands, workspace.now);
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
        note: note(&demands),
        findings: findings(&inspection),
        chains: inspection.chains.iter().map(|one| chain(one, &holdings, workspace.now)).collect(),
        idle: (
            idle.iter().take(MOST_IDLE).map(|one| facts(one, workspace.now)).collect(),
            idle.len().saturating_sub(MOST_IDLE),
        ),
    }
}

/// Where the configuration names no host, or does not speak TLS.
fn note(demands: &Demands) -> Option<String> {
    if demands.hosts.is_empty() {
        let note = "The configuration names no host that is known: names are not checked.";
        return Some(note.to_owned());
    }
    (!demands.hosts.iter().any(|host| host.tls)).then(|| {
        "The configuration's connections are plaintext, so that certificates have no effect: set `ssl: true`."
            .to_owned()
    })
}

fn findings(inspection: &Inspection) -> Vec<CertificateFinding> {
    let finding = |one: &redproof_core::finding::Finding| CertificateFinding {
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
