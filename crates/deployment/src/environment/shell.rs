//! Shell scripts that export variables.

use base::source::{SourceId, Span};

use super::{Environment, Note, Variable, room};

/// Sets what the script exports or assigns. Anything that a shell would have to work out is
/// unknown.
pub(crate) fn load(
    source: SourceId,
    text: &str,
    environment: &mut Environment,
    notes: &mut Vec<Note>,
) {
    let mut words = Words { text, at: 0 };
    let mut exports_all = false;
    let mut local = Environment::default();
    while let Some(command) = words.command() {
        let first = command.first().map(|word| &text[word.range.clone()]);
        let assignments = match first {
            Some("export") => &command[1..],
            Some("set") => {
                let flags = command[1..].iter().map(|word| &text[word.range.clone()]);
                for flag in flags {
                    match flag {
                        "-a" | "allexport" => exports_all = true,
                        "+a" => exports_all = false,
                        _ => {}
                    }
                }
                continue;
            }
            Some("unset") => {
                for word in &command[1..] {
                    environment.remove(&text[word.range.clone()]);
                }
                continue;
            }
            _ => &command[..],
        };
        let exported = first == Some("export") || exports_all;
        if first != Some("export") && !assignments.iter().all(|word| word.assigns(text)) {
            // `A=b command`: only for that command.
            continue;
        }
        for word in assignments {
            let written = &text[word.range.clone()];
            let Some((name, value)) = word.assignment(text, &local, environment) else {
                if exported && let Some(variable) = local.get(written) {
                    environment.set(written, variable.clone());
                }
                continue;
            };
            let value_at = word.range.start + name.len() + 1;
            let span = Span::new(source, value_at, word.range.end);
            let variable = match value {
                Ok(value) => Variable::known(&value, Some(span)),
                Err(why) => Variable::unknown(why, Some(span)),
            };
            let variable = if written.contains('$') {
                environment.with_room(name, variable, notes)
            } else {
                variable
            };
            local.set(name, variable.clone());
            if exported || environment.get(name).is_some() {
                environment.set(name, variable);
            } else {
                notes.push(Note {
                    span: Some(Span::new(source, word.range.start, word.range.end)),
                    text: format!(
                        "{name} is assigned but not exported: LiteLLM does not see it; write `export {name}=…`"
                    ),
                });
            }
        }
    }
    // A later `export NAME` exports what was assigned before.
    notes.retain(|note| {
        let assigned = note.span.filter(|span| span.source == source);
        let name = assigned.and_then(|span| text[span.range()].split('=').next());
        !note.text.contains("not exported")
            || name.is_none_or(|name| environment.get(name).is_none())
    });
}

/// A shell word, quotes and all.
struct Word {
    range: std::ops::Range<usize>,
}

impl Word {
    fn assigns(&self, text: &str) -> bool {
        self.name(text).is_some()
    }

    fn name<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (name, _) = text[self.range.clone()].split_once('=')?;
        let first = name.chars().next()?;
        let valid = (first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        valid.then_some(name)
    }

    /// The name and the value; `None` for a value that the shell has to work out.
    fn assignment<'t>(
        &self,
        text: &'t str,
        local: &Environment,
        environment: &Environment,
    ) -> Option<(&'t str, Result<String, &'static str>)> {
        let name = self.name(text)?;
        let value = &text[self.range.start + name.len() + 1..self.range.end];
        Some((name, expand(value, local, environment)))
    }
}

/// Why a value is not known that a shell has to work out.
const WORKED_OUT: &str = "what the shell makes of this line";

/// What the shell makes of a word, or why that is not known: command substitutions, unknown
/// variables and anything else that is not plain text.
fn expand(
    word: &str,
    local: &Environment,
    environment: &Environment,
) -> Result<String, &'static str> {
    let mut value = String::with_capacity(word.len());
    let mut chars = word.char_indices().peekable();
    let mut double_quoted = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if !double_quoted => {
                for (_, inside) in chars.by_ref().take_while(|(_, c)| *c != '\'') {
                    value.push(inside);
                }
            }
            '"' => double_quoted = !double_quoted,
            '\\' => match chars.next() {
                Some((_, '\n')) | None => {}
                Some((_, next)) => {
                    if double_quoted && !matches!(next, '$' | '`' | '"' | '\\') {
                        value.push('\\');
                    }
                    value.push(next);
                }
            },
            '`' => return Err(WORKED_OUT),
            '$' => {
                let rest = &word[at + 1..];
                let (name, length) = variable(rest).ok_or(WORKED_OUT)?;
                if length == 0 {
                    value.push('$');
                    continue;
                }
                let found = local.get(name).or_else(|| environment.get(name));
                let found = found.ok_or(WORKED_OUT)?;
                let super::VariableValue::Known(secret) = &found.value else {
                    return Err(WORKED_OUT);
                };
                room::push(&mut value, secret.reveal()).ok_or(room::TOO_LARGE)?;
                while chars.next_if(|(next, _)| *next < at + 1 + length).is_some() {}
            }
            '~' if value.is_empty() && !double_quoted && at == 0 => return Err(WORKED_OUT),
            _ => value.push(c),
        }
    }
    Ok(value)
}

/// The name after a `$`, and how long it is written; nothing for a lone `$`.
fn variable(rest: &str) -> Option<(&str, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(braced) = rest.strip_prefix('{') {
        let end = braced.find('}')?;
        let name = &braced[..end];
        return (!name.is_empty() && name.chars().all(is_name)).then_some((name, end + 2));
    }
    match rest.chars().next() {
        Some(c) if c.is_ascii_alphabetic() || c == '_' => {
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            Some((&rest[..end], end))
        }
        Some('"') | None => Some(("", 0)),
        Some(c) if c.is_whitespace() => Some(("", 0)),
        Some(_) => None,
    }
}

/// Splits a script into commands of words.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl Words<'_> {
    fn command(&mut self) -> Option<Vec<Word>> {
        let bytes = self.text.as_bytes();
        let mut words = Vec::new();
        while self.at < bytes.len() {
            match bytes[self.at] {
                b'\n' | b';' | b'&' | b'|' => {
                    self.at += 1;
                    if !words.is_empty() {
                        return Some(words);
                    }
                }
                b'\\' if matches!(bytes.get(self.at + 1), Some(b'\n')) => self.at += 2,
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'#' => {
                    let comment = self.text[self.at..].find('\n');
                    self.at = comment.map_or(bytes.len(), |length| self.at + length);
                }

                _ => words.push(self.word()),
            }
        }
        (!words.is_empty()).then_some(words)
    }

    fn word(&mut self) -> Word {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'\'' => self.quoted(b'\''),
                b'"' => self.quoted(b'"'),
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.at.min(bytes.len());
        // Escapes step over one byte: never stop inside a character.
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        Word { range: start..self.at }
    }

    /// Moves on to the closing quote, or to the end.
    fn quoted(&mut self, quote: u8) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while self.at < bytes.len() && bytes[self.at] != quote {
            if bytes[self.at] == b'\\' && quote == b'"' {
                self.at += 1;
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::load;
    use crate::environment::{Environment, Note, VariableValue};
    use base::source::SourceId;

    fn exported(text: &str) -> (Vec<(String, String)>, Vec<Note>) {
        let mut environment = Environment::default();
        let mut notes = vec![];
        load(SourceId(1), text, &mut environment, &mut notes);
        let shown = environment.iter().map(|(name, variable)| {
            let value = match &variable.value {
                VariableValue::Known(value) => value.reveal().to_owned(),
                VariableValue::Unknown(_) => "?".to_owned(),
            };
            (name.to_owned(), value)
        });
        (shown.collect(), notes)
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn exports_are_seen() {
        let script = "#!/bin/sh\nexport A=b # c\nexport B='c d' C=\"e\\\"f\"; export D=a\\ b\n";
        let expected = pairs(&[("A", "b"), ("B", "c d"), ("C", "e\"f"), ("D", "a b")]);
        assert_eq!(exported(script).0, expected);
    }

    #[test]
    fn variables_are_filled_in() {
        let script = "H=redis\nexport H\nexport U=\"redis://${H}:$P\" V=$H/0 W='$H'\n";
        let expected = pairs(&[("H", "redis"), ("U", "?"), ("V", "redis/0"), ("W", "$H")]);
        assert_eq!(exported(script), (expected, vec![]));
    }

    #[test]
    fn what_the_shell_works_out_is_unknown() {
        let script = "export A=$(cat /run/secrets/redis) B=`hostname` C=${D:-x}\n";
        assert_eq!(exported(script).0, pairs(&[("A", "?"), ("B", "?"), ("C", "?")]));
    }

    #[test]
    fn an_assignment_alone_is_not_exported() {
        let (variables, notes) = exported("REDIS_HOST=h\n");
        assert_eq!(variables, []);
        assert_eq!(notes.len(), 1);
        assert!(exported("set -a\nREDIS_HOST=h\n").1.is_empty());
    }

    #[test]
    fn a_variable_for_one_command_is_not_exported() {
        assert_eq!(exported("REDIS_HOST=h litellm --config c.yaml\n").0, []);
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["export A='", "export A=\"\\", "export A=\\é", "export A=$(", "a\\\u{1F600}"]
        {
            exported(text);
        }
    }
}
