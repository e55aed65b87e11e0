//! How large values may grow by referring to each other: forty lines that name each other twice would
//! come to a terabyte.

use base::source::Span;

use super::{Environment, Note, Variable, VariableValue};

/// The most that a value may come to, in bytes, once what it refers to is filled in.
pub(crate) const MOST_VALUE: usize = 1 << 20;

/// The most that all such values together may come to.
const MOST_ALL: usize = 16 << 20;

/// Why a value is not known that grows larger.
pub(crate) const TOO_LARGE: &str =
    "a value that grows too large once what it refers to is filled in";

/// Adds a part to a value; `None` where it grows too large.
pub(crate) fn push(value: &mut String, part: &str) -> Option<()> {
    if value.len() + part.len() > MOST_VALUE {
        return None;
    }
    value.push_str(part);
    Some(())
}

/// A variable whose value grows too large.
pub(crate) fn too_large(span: Option<Span>) -> Variable {
    Variable::unknown(TOO_LARGE, span)
}

impl Environment {
    /// A variable whose references were filled in, if there is still room for its value. What there
    /// is no room for is unknown, and noted.
    pub(crate) fn with_room(
        &mut self,
        name: &str,
        filled: Variable,
        notes: &mut Vec<Note>,
    ) -> Variable {
        let filled = match &filled.value {
            VariableValue::Known(value) => {
                self.filled = self.filled.saturating_add(value.reveal().len());
                if self.filled > MOST_ALL { too_large(filled.span) } else { filled }
            }
            VariableValue::Unknown(_) => filled,
        };
        if matches!(&filled.value, VariableValue::Unknown(why) if why == TOO_LARGE) {
            let text = format!("{name} is {TOO_LARGE}: it counts as unknown");
            // One is enough where thousands are.
            if !notes.iter().any(|note| note.text.ends_with("it counts as unknown")) {
                notes.push(Note { span: filled.span, text });
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use crate::environment::{Gathered, NamedText, VariableValue, gather};

    fn gathered(name: &str, text: String) -> Gathered {
        gather(&[NamedText { name: name.to_owned(), text }], &[], false)
    }

    #[test]
    fn values_that_double_end_in_a_note() {
        let dotenv = |at: usize| format!("A{at}=${{A{0}}}${{A{0}}}\n", at - 1);
        let shell = |at: usize| format!("export A{at}=$A{0}$A{0}\n", at - 1);
        let manifest =
            |at: usize| format!("    - {{name: A{at}, value: $(A{0})$(A{0})}}\n", at - 1);
        let pod = "kind: Pod\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    env:\n    - {name: A0, value: xxxxxxxxxx}\n";
        let all = |line: &dyn Fn(usize) -> String| (1..60).map(line).collect::<String>();
        for (name, text) in [
            (".env", format!("A0=xxxxxxxxxx\n{}", all(&dotenv))),
            ("a.sh", format!("export A0=xxxxxxxxxx\n{}", all(&shell))),
            ("pod.yaml", format!("{pod}{}", all(&manifest))),
        ] {
            let gathered = gathered(name, text);
            let length = |name: &str| match &gathered.environment.get(name).expect("set").value {
                VariableValue::Known(value) => Some(value.reveal().len()),
                VariableValue::Unknown(_) => None,
            };
            assert_eq!(length("A16"), Some(10 << 16), "{name}");
            assert_eq!([length("A17"), length("A59")], [None, None], "{name}");
            let noted = gathered.notes.iter().filter(|note| note.text.contains("too large"));
            assert_eq!(noted.count(), 1, "{name}: {:?}", gathered.notes);
        }
    }

    #[test]
    fn all_values_together_are_bounded_too() {
        let line = |at: usize| format!("B{at}=${{A}}\n");
        let text = format!("A={}\n{}", "x".repeat(1 << 20), (0..64).map(line).collect::<String>());
        let gathered = gathered(".env", text);
        let known = gathered.environment.iter();
        let known = known.filter(|(_, one)| matches!(one.value, VariableValue::Known(_)));
        assert_eq!(known.count(), 17);
    }
}
