//! The command's words in the page's: what is an option there is a control here.

/// What the command says, and what the page says in its place.
const WORDS: [(&str, &str); 20] = [
    (
        " are not known: give its manifest with --env-file too",
        " are not known: its manifest is not here",
    ),
    (" are read only when it is given with --env-file too", " are not known: it is not here"),
    (
        "or give the environment with --env-file; --require-env takes what is not given as unset.",
        "or add the file that sets the environment.",
    ),
    (
        ", by `--redis-py` or a lock file beside the config.",
        ": choose it at the top, or add a lock file.",
    ),
    (
        "`redproof check` on the new release says what to fix.",
        "Choose that release at the top to see what to fix.",
    ),
    ("`redproof check` says what to fix", "Check says what to fix"),
    ("Do as `redproof check` says.", "Do as the problem says."),
    ("`redproof check` reports ", "Check reports "),
    ("`redproof check` names it and what was meant.", "the problem names it and what was meant."),
    ("that `redproof check` names.", "that the problem names."),
    ("that `redproof check` shows.", "that the problem shows."),
    (
        "`helm template … | redproof check -` checks the config as it is rendered",
        "add what `helm template` prints to have the config checked as it is rendered",
    ),
    ("Compare its settings: `redproof explain` shows them.", "Compare its settings in Settings."),
    ("`redproof certificate FILES`", "Certificates"),
    ("`redproof certificate FILE`", "Certificates"),
    ("`redproof certificate` on the files", "Certificates"),
    ("`redproof certificate`", "Certificates"),
    ("`redproof explain`", "Settings"),
    ("`redproof probe`", "Test live"),
    ("`redproof check`", "Check"),
];

/// A text as the page says it.
pub(crate) fn of_page(text: &str) -> String {
    let mut said = text.to_owned();
    for (command, page) in WORDS {
        if said.contains(command) {
            said = said.replace(command, page);
        }
    }
    said
}

/// Whether a text misses a file that could be added.
pub(crate) fn misses_a_file(text: &str) -> bool {
    let variables = text.starts_with("the variables of ") && text.contains(" not known");
    variables || text.contains("not here")
}

#[cfg(test)]
mod tests {
    use redproof_core::rules::CHECKS;
    use redproof_messages::{Answer, Ask, File, Texts};

    use super::of_page;
    use crate::Engine;

    #[test]
    fn options_become_controls() {
        let note =
            "the variables of the Secret x are not known: give its manifest with --env-file too";
        assert_eq!(
            of_page(note),
            "the variables of the Secret x are not known: its manifest is not here"
        );
    }

    #[test]
    fn no_finding_speaks_of_the_commands_options() {
        for check in CHECKS {
            let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
            let files = vec![
                file("config.yaml", check.failing.config),
                file("environment", check.failing.env),
            ];
            let texts = Texts { files, ..Texts::default() };
            let Answer::Check(checked) = Engine::default().answer(Ask::Check { texts, now: 0 })
            else {
                panic!("another question was answered");
            };
            let helps = checked.findings.iter().filter_map(|found| found.help.as_deref());
            let notes = checked.notes.iter().map(|note| note.text.as_str());
            for text in helps.chain(notes) {
                for word in ["--env-file", "--redis-py", "--litellm", "`redproof "] {
                    assert!(!text.contains(word), "{}: {text}", check.rule.code);
                }
            }
        }
    }
}
