//! `KEY=value` files as `docker --env-file`, podman and kustomize read them: all that follows `=` is the
//! value, its quotes too. Follows docker's `pkg/kvfile` and kustomize's `api/kv`.

use base::source::{SourceId, Span};

use super::Variable;

/// What such a file sets, in its order.
pub(crate) fn load(source: SourceId, text: &str) -> Vec<(String, Variable)> {
    let mut set = vec![];
    let mut at = 0;
    for whole in text.split_inclusive('\n') {
        let start = at;
        at += whole.len();
        let line = whole.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        let shown = line.trim_start();
        if shown.is_empty() || shown.starts_with('#') {
            continue;
        }
        let begins = start + (whole.trim_end_matches(['\n', '\r']).len() - shown.len());
        let span = |from: usize, to: usize| Some(Span::new(source, from, to));
        match shown.split_once('=') {
            Some((name, value)) => {
                let from = begins + name.len() + 1;
                let place = span(from, from + value.len());
                set.push((name.to_owned(), Variable::known(value, place)));
            }
            None => {
                let why = format!("{shown} where it is started");
                set.push((
                    shown.to_owned(),
                    Variable::unknown(why, span(begins, begins + shown.len())),
                ));
            }
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::load;
    use crate::environment::VariableValue;
    use base::source::SourceId;

    #[test]
    fn nothing_is_taken_off_a_value() {
        let text = "\u{feff}# c\nA=\"x\"\r\n  B='y' # no comment \n\nC\nD=a=b\n";
        let set = load(SourceId(1), text);
        let shown: Vec<_> = set
            .iter()
            .map(|(name, variable)| match &variable.value {
                VariableValue::Known(value) => {
                    let span = variable.span.expect("a place");
                    assert_eq!(&text[span.range()], value.reveal());
                    format!("{name}={}", value.reveal())
                }
                VariableValue::Unknown(why) => format!("{name}?{why}"),
            })
            .collect();
        assert_eq!(shown, ["A=\"x\"", "B='y' # no comment ", "C?C where it is started", "D=a=b"]);
    }
}
