//! `redproof rule`.

use std::fmt::Write as _;

use redproof_core::rules::{self, page};
use redproof_probe::FINDING_RULES;

use crate::Ending;
use crate::output::{self, Failure};

/// Prints a rule's page, or the list of all rules.
///
/// # Errors
/// When there is no rule of that code or name.
pub(crate) fn run(wanted: Option<&str>) -> Result<Ending, Failure> {
    let text = match wanted {
        Some(wanted) => {
            let found = rules::RULES.iter().find(|rule| {
                rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
            });
            let live = FINDING_RULES.iter().find(|rule| {
                rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
            });
            if let Some(rule) = live {
                output::write_all(rule.page().as_bytes())?;
                return Ok(Ending::Clean);
            }
            let Some(rule) = found else {
                return Err(Failure::Said(format!(
                    "there is no rule `{wanted}`; `redproof rule` lists them all"
                )));
            };
            page::page(rule)
        }
        None => {
            let mut list = String::new();
            for rule in rules::RULES {
                let severity = page::severity(rule.severity);
                // Writing to a String can't fail.
                let _ =
                    writeln!(list, "{}  {severity:7}  {}  {}", rule.code, rule.name, rule.summary);
            }
            for rule in FINDING_RULES {
                let severity = rule.severity.name();
                let _ =
                    writeln!(list, "{}  {severity:7}  {}  {}", rule.code, rule.name, rule.summary);
            }
            list
        }
    };
    output::write_all(text.as_bytes())?;
    Ok(Ending::Clean)
}
