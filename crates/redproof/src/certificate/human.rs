//! Certificates for people: findings, and each chain from the certificate to its root.

use std::fmt::Write as _;

use redproof_core::certificate::{Certificate, Chain, Tone};
use redproof_core::finding::Finding;

use super::Judged;
use crate::answer::{Formatter, Human};
use crate::style::{BOLD, PLAIN_BAD, PLAIN_DOUBTFUL, PLAIN_GOOD, of_severity, paint};

/// More trusted certificates that no chain goes through are only counted.
const MOST_IDLE: usize = 20;

fn toned(text: &str, tone: Tone, coloured: bool) -> String {
    let style = match tone {
        Tone::Good => PLAIN_GOOD,
        Tone::Plain => return text.to_owned(),
        Tone::Warning => PLAIN_DOUBTFUL,
        Tone::Error => PLAIN_BAD,
    };
    paint(text, style, coloured)
}

impl Formatter<Judged> for Human {
    fn text(&self, judged: &Judged) -> String {
        judged.in_words(self.coloured)
    }
}

impl Judged {
    fn in_words(&self, coloured: bool) -> String {
        let (tone, conclusion) = self.inspection.conclusion();
        let mut text = format!("{}\n\n", toned(&conclusion, tone, coloured));
        for (holding, (role, setting)) in self.holdings.iter().zip(&self.roles) {
            let role = setting.map_or(role.name(), |setting| setting);
            // Writing to a String does not fail.
            let _ = writeln!(text, "{}: {}, as {role}", holding.name, holding.contents());
        }
        for finding in &self.inspection.findings {
            text.push_str(&finding_text(finding, coloured));
        }
        for chain in &self.inspection.chains {
            self.chain(chain, coloured, &mut text);
        }
        let idle = self.inspection.idle_authorities();
        if !idle.is_empty() {
            let _ = writeln!(text, "\n{}", paint("Trusted, and in no chain here", BOLD, coloured));
        }
        for certificate in idle.iter().take(MOST_IDLE) {
            self.body(certificate, "", coloured, &mut text);
        }
        if idle.len() > MOST_IDLE {
            let _ = writeln!(text, "  and {} more", idle.len() - MOST_IDLE);
        }
        text
    }

    fn chain(&self, chain: &Chain, coloured: bool, text: &mut String) {
        let file = self.name(chain.file);
        let (tone, verdict) = chain.verdict.in_words();
        let title = paint(&format!("{}, {file}", chain.purpose.name()), BOLD, coloured);
        let _ = writeln!(text, "\n{title}: {}", toned(verdict, tone, coloured));
        for check in &chain.names {
            let (tone, words) = check.in_words();
            let _ = writeln!(text, "  {} {}", check.demand.host, toned(&words, tone, coloured));
        }
        if let Some(rust) = &chain.rust {
            let (tone, words) = rust.in_words();
            let _ = writeln!(text, "  LiteLLM's Rust client: {}", toned(&words, tone, coloured));
        }
        let (tone, words) = chain.key_in_words(&self.holdings);
        let _ = writeln!(text, "  {}", toned(&words, tone, coloured));
        for (at, link) in chain.links.iter().enumerate() {
            let last = at + 1 == chain.links.len();
            self.body(&link.certificate, link.origin.name(), coloured, text);
            for problem in &link.problems {
                let _ = writeln!(text, "      {}", toned(problem, Tone::Error, coloured));
            }
            if let Some(signed) = link.signed_in_words(last) {
                let _ = writeln!(text, "    {signed}");
            }
        }
        if let Some(issuer) = &chain.missing {
            let missing = toned("this certificate is missing", Tone::Error, coloured);
            let _ = writeln!(text, "  {issuer}\n      {missing}");
        }
    }

    fn body(&self, certificate: &Certificate, origin: &str, coloured: bool, text: &mut String) {
        let (tone, left) = certificate.time_left(self.now);
        let origin = if origin.is_empty() { String::new() } else { format!(" ({origin})") };
        let _ = writeln!(text, "  {}{origin}", paint(certificate.subject(), BOLD, coloured));
        let left = toned(&left, tone, coloured);
        let _ = writeln!(text, "      {left}, {}", certificate.dates());
        for (name, value) in certificate.facts() {
            let _ = writeln!(text, "      {name}: {value}");
        }
    }
}

fn finding_text(finding: &Finding, coloured: bool) -> String {
    let name = finding.severity.name();
    let style = of_severity(finding.severity);
    let title = paint(&format!("{name}[{}]", finding.code), style, coloured);
    let help = finding.help.as_deref().unwrap_or_default();
    format!("\n{title} {}\n  {}\n  {help}\n", finding.rule, finding.message)
}
