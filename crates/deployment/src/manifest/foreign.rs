//! A config that is written as a value of Nix, Terraform or Bicep: `services.litellm.settings` of NixOS,
//! `yamlencode({…})`. It is written anew as YAML's flow style, each word at the place where it is.

use std::ops::Range;

use base::source::SourceId;
use python::{Data, Value};

use crate::literals;
use crate::paths;

/// The config as YAML of the text's length, and where what can't be read stands.
pub(super) struct Written {
    pub(super) text: String,
    pub(super) unknown: Vec<Range<usize>>,
}

/// Writes the mapping that is in `range` of a file of such a language; `None` for another file.
pub(super) fn written(name: &str, text: &str, range: &Range<usize>) -> Option<Written> {
    let known = matches!(paths::extension(name), "tf" | "hcl" | "nomad" | "bicep" | "nix");
    if !known || !text.get(range.clone())?.starts_with('{') {
        return None;
    }
    let root = literals::read(SourceId::CONFIG, text);
    let value = find(&root, range)?;
    let mut writer = Writer { text, out: blank(text), unknown: vec![] };
    writer.value(value)?;
    let Writer { out, mut unknown, .. } = writer;
    unknown.sort_unstable_by_key(|range| range.start);
    Some(Written { text: String::from_utf8(out).ok()?, unknown })
}

fn blank(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte == b'\n' { b'\n' } else { b' ' }).collect()
}

fn find<'v>(value: &'v Value, range: &Range<usize>) -> Option<&'v Value> {
    if value.span().is_some_and(|span| span.range() == *range) && value.as_dict().is_some() {
        return Some(value);
    }
    match &value.data {
        Data::Dict(map) => map.entries.iter().find_map(|entry| find(&entry.value, range)),
        Data::List(items) => items.iter().find_map(|item| find(item, range)),
        _ => None,
    }
}

/// Whether a text is written out, on one line: no name stands for it, and nothing is filled in.
fn is_itself(written: &str, text: &str) -> bool {
    let quoted = written.starts_with(['"', '\'']) && !written.starts_with("''");
    (quoted && !written.contains("${") && !written.contains('\n')) || written == text
}

struct Writer<'t> {
    text: &'t str,
    out: Vec<u8>,
    unknown: Vec<Range<usize>>,
}

impl Writer<'_> {
    /// Writes a value; `None` where there is no room for YAML's marks.
    fn value(&mut self, value: &Value) -> Option<()> {
        let range = value.span()?.range();
        let written = self.text.get(range.clone())?;
        match &value.data {
            Data::Dict(map) if written.starts_with('{') && written.ends_with('}') => {
                self.out[range.start] = b'{';
                self.out[range.end - 1] = b'}';
                let own =
                    map.entries.iter().filter(|entry| entry.key.as_str() != Some(literals::LET));
                for entry in own {
                    self.key(&entry.key, &entry.value)?;
                    self.value(&entry.value)?;
                    self.mark(entry.value.span()?.range().end, range.end - 1);
                }
            }
            Data::List(items) if written.starts_with('[') && written.ends_with(']') => {
                self.out[range.start] = b'[';
                self.out[range.end - 1] = b']';
                for item in items.iter() {
                    self.value(item)?;
                    self.mark(item.span()?.range().end, range.end - 1);
                }
            }
            Data::Str(text) if is_itself(written, text) => {
                self.out[range.clone()].copy_from_slice(written.as_bytes());
            }
            _ if range.is_empty() => return None,
            _ => {
                self.out[range.clone()].fill(b'x');
                self.unknown.push(range);
            }
        }
        Some(())
    }

    /// A comma after an item, unless a bracket follows at once.
    fn mark(&mut self, at: usize, end: usize) {
        if at < end {
            self.out[at] = b',';
        }
    }

    fn key(&mut self, key: &Value, value: &Value) -> Option<()> {
        let range = key.span()?.range();
        let written = self.text.get(range.clone())?;
        self.out[range.clone()].copy_from_slice(written.as_bytes());
        // The colon of a plain key needs a blank behind it.
        let quoted = written.starts_with('"');
        let room = value.span()?.range().start.checked_sub(range.end)?;
        if room < if quoted { 1 } else { 2 } {
            return None;
        }
        self.out[range.end] = b':';
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn settings_of_nix_are_yaml_at_the_same_places() {
        let text = "{ pkgs, ... }: {\n  services.litellm = {\n    enable = true;\n    settings = {\n      # é\n      litellm_settings = { cache = true; cache_params = { type = \"redis\"; host = config.x; }; };\n      router_settings.redis_host = \"a\";\n      model_list = [ { model_name = \"*\"; } { model_name = \"b\"; } ];\n    };\n  };\n}\n";
        let start = text.find("{\n      #").expect("settings");
        let end = text.find("};\n  };\n}").expect("end") + 1;
        let found = written("a.nix", text, &(start..end)).expect("written");
        assert_eq!(found.text.len(), text.len());
        assert_eq!(found.text.find("host"), text.find("host"));
        assert_eq!(&text[found.unknown[0].clone()], "config.x");
        let root = yaml::read(base::source::SourceId::CONFIG, &found.text).expect("YAML").root;
        let cache =
            root.as_dict().and_then(|root| root.get("litellm_settings")?.as_dict()?.get("cache"));
        assert!(matches!(cache.expect("cache").data, python::Data::Bool(true)));
        let models =
            root.as_dict().and_then(|root| root.get("model_list")?.as_list().map(<[_]>::len));
        assert_eq!(models, Some(2));
    }

    #[test]
    fn terraforms_objects() {
        let text = "x = yamlencode({\n  \"litellm_settings\" = {\n    cache = true // c\n    port  = 6379\n    host  = var.h\n  }\n})\n";
        let start = text.find('{').expect("start");
        let end = text.rfind('}').expect("end") + 1;
        let found = written("a.tf", text, &(start..end)).expect("written");
        let root = yaml::read(base::source::SourceId::CONFIG, &found.text).expect("YAML").root;
        let port =
            root.as_dict().and_then(|root| root.get("litellm_settings")?.as_dict()?.get("port"));
        assert!(matches!(port.expect("port").data, python::Data::Int(_)), "{}", found.text);
        assert!(written("a.yaml", text, &(start..end)).is_none());
    }
}
