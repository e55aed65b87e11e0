//! `redproof rule`.

use redproof_core::rules::{self, page};

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
            let Some(rule) = found else {
                return Err(Failure::Said(format!(
                    "there is no rule `{wanted}`; `redproof rule` lists them all"
                )));
            };
            page::page(rule)
        }
        None => rules::RULES
            .iter()
            .map(|rule| {
                format!(
                    "{}  {:7}  {}  {}\n",
                    rule.code,
                    page::severity(rule.severity),
                    rule.name,
                    rule.summary
                )
            })
            .collect(),
    };
    output::write_all(text.as_bytes())?;
    Ok(Ending::Clean)
}
