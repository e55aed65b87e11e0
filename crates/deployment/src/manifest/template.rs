//! `{{ … }}` of Helm, `{% … %}` of Jinja, `${…}` of Terraform: not YAML, replaced by text of the same length
//! so that the rest can be read. `ENC[…]` of SOPS is YAML, but stands for what it is decrypted to.

use std::ops::Range;

use crate::paths;
use python::{Data, Rebuild, Value};

/// The text with its templates replaced, and where they were; `None` where there are none.
///
/// A template alone on its line becomes white space, one within a line a word. The file's name says
/// whose templates it holds.
pub fn substitute(name: &str, text: &str) -> Option<(String, Vec<Range<usize>>)> {
    let mut templates = vec![];
    let mut at = 0;
    while let Some((start, close)) = next(text, at, paths::is_filled_by_terraform(name)) {
        let Some(end) = text[start..].find(close).map(|end| start + end + close.len()) else {
            break;
        };
        templates.push(start..end);
        at = end;
    }
    if templates.is_empty() {
        return None;
    }
    Some((replaced(text, &templates), templates))
}

/// A text with words or white space in place of templates.
pub(super) fn replaced(text: &str, templates: &[Range<usize>]) -> String {
    let mut readable = String::with_capacity(text.len());
    let mut copied = 0;
    for template in templates {
        readable.push_str(&text[copied..template.start]);
        let filler = if stands_alone(text, template, templates) { ' ' } else { 'x' };
        let inside = text[template.clone()].bytes();
        readable.extend(inside.map(|byte| if byte == b'\n' { '\n' } else { filler }));
        copied = template.end;
    }
    readable.push_str(&text[copied..]);
    readable
}

/// Where the next template starts, and what ends it.
fn next(text: &str, from: usize, terraform: bool) -> Option<(usize, &'static str)> {
    const MARKS: [(&str, &str); 6] = [
        ("{{", "}}"),
        ("{%", "%}"),
        ("{#", "#}"),
        ("ENC[AES256_GCM,", "]"),
        ("${", "}"),
        ("%{", "}"),
    ];
    let known = if terraform { &MARKS[..] } else { &MARKS[..4] };
    let mut at = from;
    loop {
        at += text[at..].find(['{', 'E', '$', '%'])?;
        if let Some((_, close)) = known.iter().find(|(open, _)| text[at..].starts_with(open)) {
            return Some((at, close));
        }
        at += 1;
    }
}

/// Whether nothing but templates and white space is on the template's lines.
fn stands_alone(text: &str, template: &Range<usize>, all: &[Range<usize>]) -> bool {
    let line_start = text[..template.start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[template.end..].find('\n').map_or(text.len(), |at| template.end + at);
    let mut at = line_start;
    let first = all.partition_point(|other| other.end <= line_start);
    for other in all[first..].iter().take_while(|other| other.start < line_end) {
        if !text[at.min(other.start)..other.start].trim().is_empty() {
            return false;
        }
        at = other.end;
    }
    text[at.min(line_end)..line_end].trim().is_empty()
}

/// The templates inside `range`, counted from its start.
pub(super) fn within(
    templates: Option<&[Range<usize>]>,
    range: &Range<usize>,
) -> Vec<Range<usize>> {
    let templates = templates.unwrap_or(&[]);
    let first = templates.partition_point(|template| template.start < range.start);
    templates[first..]
        .iter()
        .take_while(|template| template.end <= range.end)
        .map(|template| template.start - range.start..template.end - range.start)
        .collect()
}

/// The text with white space in place of everything outside `range`; line breaks stay.
pub(crate) fn blank_outside(text: &str, range: &Range<usize>) -> String {
    let blank = |part: &str| -> String {
        let keep = |byte| if byte == b'\n' { '\n' } else { ' ' };
        part.bytes().map(keep).collect()
    };
    let mut masked = blank(&text[..range.start]);
    masked.push_str(&text[range.clone()]);
    masked.push_str(&blank(&text[range.end..]));
    masked
}

/// Values that templates fill in are unknown.
pub(super) fn mark_unknown(value: Value, templates: &[Range<usize>]) -> Value {
    if templates.is_empty() { value } else { value.rebuilt(&FilledIn(templates)) }
}

/// The places of templates.
struct FilledIn<'t>(&'t [Range<usize>]);

impl Rebuild for FilledIn<'_> {
    fn leaf(&self, value: &Value) -> Data {
        let touched = value.span().is_some_and(|span| {
            let range = span.range();
            let after = self.0.partition_point(|template| template.end <= range.start);
            self.0.get(after).is_some_and(|template| template.start < range.end)
        });
        if touched {
            Data::Unknown("what the template fills in".into())
        } else {
            value.data.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{blank_outside, substitute};

    #[test]
    fn templates_keep_their_length() {
        let text =
            "{{- if .x }}\nhost: {{ .Values.host }}\nport: \"{{ .p }}\"\n  {{ end }} {{ y }}\n";
        let (readable, templates) = substitute("a.yaml", text).expect("templates");
        assert_eq!(readable.len(), text.len());
        assert_eq!(templates.len(), 5);
        assert!(readable.contains("host: xxxxxx"));
        assert!(!readable.contains('{'));
        assert!(readable.lines().last().expect("lines").trim().is_empty());
    }

    #[test]
    fn a_text_without_templates_stays() {
        assert!(substitute("a.yaml", "a: {b: {c: d}}\n").is_none());
        assert!(substitute("a.yaml", "a: '{{ open'\n").is_none());
        assert!(substitute("a.yaml", "a: ${b}\n").is_none());
    }

    #[test]
    fn jinja_and_terraform() {
        let jinja = "{% if x %}\nport: 1{# c #}\n{% endif %}\n";
        assert_eq!(substitute("a.yaml.j2", jinja).expect("templates").1.len(), 3);
        let terraform = "a: ${b}\n%{ if c }\nd: 1\n%{ endif }\n";
        assert_eq!(substitute("a.yaml.tpl", terraform).expect("templates").1.len(), 3);
    }

    #[test]
    fn what_sops_encrypts() {
        let text = "host: ENC[AES256_GCM,data:a=,iv:b=,tag:c==,type:str]\nE: 1\n";
        let (readable, templates) = substitute("a.yaml", text).expect("encrypted");
        assert_eq!((readable.len(), templates.len()), (text.len(), 1));
        assert!(readable.ends_with("x\nE: 1\n"), "{readable}");
    }

    #[test]
    fn blanks_keep_offsets_in_any_script() {
        assert_eq!(blank_outside("é: 1\nab\nc", &(6..8)), "     \nab\n ");
    }
}
