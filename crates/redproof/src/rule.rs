//! `redproof rule`, and the list of all rules.

use std::fmt::Write as _;

use redproof_core::reference::rule_pages::page;
use redproof_core::rule::Rule;
use redproof_core::{certificate, rules};

use crate::Ending;
use crate::output::{self, Failure};

/// All rules: on configurations, on live servers, on certificates.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    let elsewhere = redproof_probe::RULES.iter().chain(certificate::RULES).copied();
    rules::rules().chain(elsewhere)
}

/// Prints a rule's page, or the list of all rules.
///
/// # Errors
/// When there is no rule of that code or name.
pub(crate) fn run(wanted: Option<&str>) -> Result<Ending, Failure> {
    let text = match wanted {
        Some(wanted) => {
            let Some(rule) = all().find(|rule| rule.is_called(wanted)) else {
                return Err(Failure::Said(format!(
                    "there is no rule `{wanted}`; `redproof rule` lists them all"
                )));
            };
            page(rule)
        }
        None => {
            let mut list = String::new();
            for Rule { code, name, severity, summary, .. } in all() {
                // Writing to a String can't fail.
                let _ = writeln!(list, "{code}  {:7}  {name}  {summary}", severity.name());
            }
            list
        }
    };
    output::write_all(text.as_bytes())?;
    Ok(Ending::Clean)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::all;

    #[test]
    fn codes_have_one_length_and_each_name_is_one_rules() {
        let mut known = HashSet::new();
        for rule in all() {
            let number = rule.code.strip_prefix("RP").expect("RP and a number");
            assert!(number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()));
            let names = [rule.code, rule.name].into_iter().chain(rule.former_names.iter().copied());
            for name in names {
                assert!(known.insert(name), "{name} is called so twice");
            }
        }
    }

    #[test]
    fn a_rule_is_found_by_a_former_name() {
        for name in ["RP211", "rp211", "duplicate-key", "key-stands-twice"] {
            let found = all().find(|rule| rule.is_called(name)).map(|rule| rule.code);
            assert_eq!(found, Some("RP211"), "{name}");
        }
    }
}
