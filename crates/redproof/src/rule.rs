//! `redproof rule`.

use std::fmt::Write as _;

use redproof_core::certificate::CERTIFICATE_RULES;
use redproof_core::rules::{self, page};
use redproof_probe::FINDING_RULES;

use crate::Ending;
use crate::output::{self, Failure};

/// A rule of `check`, a finding of `probe`, or one on certificates.
struct Entry {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    summary: &'static str,
    page: Box<dyn Fn() -> String>,
}

/// All of them, in this order.
fn entries() -> impl Iterator<Item = Entry> {
    let of_check = rules::RULES.iter().map(|rule| Entry {
        code: rule.code,
        name: rule.name,
        severity: page::severity(rule.severity),
        summary: rule.summary,
        page: Box::new(|| page::page(rule)),
    });
    let of_probe = FINDING_RULES.iter().map(|rule| Entry {
        code: rule.code,
        name: rule.name,
        severity: rule.severity.name(),
        summary: rule.summary,
        page: Box::new(|| rule.page()),
    });
    let of_files = CERTIFICATE_RULES.iter().map(|rule| Entry {
        code: rule.code,
        name: rule.name,
        severity: page::severity(rule.severity),
        summary: rule.summary,
        page: Box::new(|| rule.page()),
    });
    of_check.chain(of_probe).chain(of_files)
}

/// Prints a rule's page, or the list of all rules.
///
/// # Errors
/// When there is no rule of that code or name.
pub(crate) fn run(wanted: Option<&str>) -> Result<Ending, Failure> {
    let text = match wanted {
        Some(wanted) => {
            let found = entries().find(|rule| {
                rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
            });
            let Some(rule) = found else {
                return Err(Failure::Said(format!(
                    "there is no rule `{wanted}`; `redproof rule` lists them all"
                )));
            };
            (rule.page)()
        }
        None => {
            let mut list = String::new();
            for Entry { code, name, severity, summary, .. } in entries() {
                // Writing to a String can't fail.
                let _ = writeln!(list, "{code}  {severity:7}  {name}  {summary}");
            }
            list
        }
    };
    output::write_all(text.as_bytes())?;
    Ok(Ending::Clean)
}
