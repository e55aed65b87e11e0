//! Here-documents of shell scripts: which file they go to, and what the shell fills in.

use std::ops::Range;

use crate::paths;

/// A here-document that goes to a file.
pub(crate) struct HereDoc {
    /// Where it is written to.
    pub(crate) path: String,
    /// The text's bytes.
    pub(crate) range: Range<usize>,
    /// The shell fills in what has a `$`.
    pub(crate) filled: bool,
}

/// The here-documents of a script that go to a file.
pub(crate) fn all(text: &str) -> Vec<HereDoc> {
    let mut found = vec![];
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    while let Some(line) = lines.next() {
        at += line.len();
        let Some((before, after)) = line.split_once("<<") else { continue };
        let after = after.trim_start_matches(['-', '~']).trim_start();
        let quoted = after.starts_with(['\'', '"', '\\']);
        let after = after.trim_start_matches(['\'', '"', '\\']);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (mark, rest) = after.split_at(end.unwrap_or(after.len()));
        if mark.is_empty() || before.trim_start().starts_with('#') {
            continue;
        }
        let start = at;
        let mut end = start;
        for line in lines.by_ref() {
            at += line.len();
            if line.trim() == mark {
                break;
            }
            end = at;
        }
        let Some(path) = target(before).or_else(|| target(rest)) else { continue };
        let body = text.get(start..end).unwrap_or("");
        let filled = !quoted && body.replace("\\$", "").contains('$');
        found.push(HereDoc { path, range: start..end, filled });
    }
    found
}

/// The file that a command line writes to: `cat > x`, `sudo tee x`.
fn target(command: &str) -> Option<String> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let tee = words.iter().position(|word| *word == "tee");
    let to = match tee {
        Some(tee) => words[tee + 1..].iter().find(|word| !word.starts_with('-')).copied(),
        None => {
            let (_, to) = command.rsplit_once('>')?;
            to.split_whitespace().next()
        }
    };
    let to = to?.trim_matches(['"', '\'', ')', ';']);
    (!to.is_empty() && !to.starts_with('&')).then(|| to.to_owned())
}

/// The places in a script's here-document that the shell fills in; `None` where the range is not within one that
/// it looks through.
pub(crate) fn filled(name: &str, text: &str, range: &Range<usize>) -> Option<Vec<Range<usize>>> {
    let is_script =
        matches!(paths::extension(name), "sh" | "bash" | "zsh") || text.starts_with("#!");
    let mut all = if is_script { all(text) } else { vec![] }.into_iter();
    let one = all.find(|one| one.range.start <= range.start && range.end <= one.range.end)?;
    one.filled.then(|| expansions(text, range))
}

/// What a shell fills in within a range of a script: `$NAME`, `${…}`, `$(…)`, `` `…` ``.
fn expansions(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut at = range.start;
    while let Some(next) = text[at..range.end].find(['$', '`', '\\']) {
        let start = at + next;
        let rest = &text[start..range.end];
        let after = rest[1..].chars().next();
        let length = match (rest.as_bytes()[0], after) {
            (b'\\', Some(c)) => {
                at = start + 1 + c.len_utf8();
                continue;
            }
            (b'$', Some('{')) => rest.find('}').map(|end| end + 1),
            (b'$', Some('(')) => closed(rest),
            (b'$', Some(c)) if c.is_ascii_alphabetic() || c == '_' => {
                let end = rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                Some(end.map_or(rest.len(), |end| end + 1))
            }
            (b'`', _) => rest[1..].find('`').map(|end| end + 2),
            _ => None,
        };
        let length = length.unwrap_or(1);
        if length > 1 {
            found.push(start..start + length);
        }
        at = start + length;
    }
    found
}

/// The length of `$(…)`, with what is in brackets within.
fn closed(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth <= 1 => return Some(at + 1),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{all, expansions};

    #[test]
    fn what_a_shell_fills_in_is_found() {
        let text = "a: $B ${C:-d} $(e $(f)) `g` \\$H 5$ $1 é$I";
        let found: Vec<&str> =
            expansions(text, &(0..text.len())).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["$B", "${C:-d}", "$(e $(f))", "`g`", "$I"]);
        for text in ["$", "`", "\\", "$(", "${", "$é"] {
            expansions(text, &(0..text.len()));
        }
    }

    #[test]
    fn here_documents_go_to_files() {
        let script = "cat > /etc/a.service <<'EOF'\n[Service]\nX=$Y\nEOF\nsudo tee b.yaml > /dev/null <<-END\na: $b\n END\ncat <<EOF >c.yaml\nd\nEOF\npsql <<SQL\nselect 1\nSQL\n";
        let found: Vec<(String, &str, bool)> =
            all(script).into_iter().map(|one| (one.path, &script[one.range], one.filled)).collect();
        let wanted = [
            ("/etc/a.service".to_owned(), "[Service]\nX=$Y\n", false),
            ("b.yaml".to_owned(), "a: $b\n", true),
            ("c.yaml".to_owned(), "d\n", false),
        ];
        assert_eq!(found, wanted);
        for text in ["<<", "cat > x <<", "a <<'", "<<EOF\n", "é<<é\n"] {
            all(text);
        }
    }
}
