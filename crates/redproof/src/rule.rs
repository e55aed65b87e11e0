//! `redproof rule`.

use std::fmt::Write as _;

use redproof_core::certificate::{self, CERTIFICATE_RULES};
use redproof_core::finding::FindingRule;
use redproof_core::reference::rule_pages as page;
use redproof_core::rules;
use redproof_probe::{FINDING_RULES, finding_page};

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

/// A finding's entry, with what writes its page.
fn entry(rule: &'static FindingRule, page: fn(&FindingRule) -> String) -> Entry {
    let &FindingRule { code, name, severity, summary, .. } = rule;
    Entry { code, name, severity: severity.name(), summary, page: Box::new(move || page(rule)) }
}

/// All of them, in this order.
fn entries() -> impl Iterator<Item = Entry> {
    let of_check = rules::RULES.iter().map(|rule| Entry {
        code: rule.code,
        name: rule.name,
        severity: rule.severity.name(),
        summary: rule.summary,
        page: Box::new(|| page::page(rule)),
    });
    let of_probe = FINDING_RULES.iter().map(|rule| entry(rule, finding_page));
    let of_files = CERTIFICATE_RULES.iter().map(|rule| entry(rule, certificate::page));
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
