//! A config that an operator makes of its resource: `spec.litellmSettings` becomes `litellm_settings`.

use std::ops::Range;

/// The sections, as operators and as LiteLLM call them: each is longer by one.
const SECTIONS: [(&str, &str); 5] = [
    ("generalSettings", "general_settings"),
    ("routerSettings", "router_settings"),
    ("litellmSettings", "litellm_settings"),
    ("modelList", "model_list"),
    ("environmentVariables", "environment_variables"),
];

/// Whether an operator makes a section of LiteLLM's config of this key.
pub(crate) fn is_section(key: &str) -> bool {
    SECTIONS.iter().any(|(own, _)| *own == key)
}

/// The text of a file with white space in place of all but the sections in `range`, a block mapping;
/// each under the name that LiteLLM knows, one place to the left. `None` where there are none.
pub(super) fn config(text: &str, range: &Range<usize>) -> Option<String> {
    let mapping = text.get(range.clone())?;
    let line = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let margin = range.start - line;
    if margin == 0 || !text[line..range.start].bytes().all(|byte| byte == b' ') {
        return None;
    }
    let mut out: Vec<u8> =
        text.bytes().map(|byte| if byte == b'\n' { b'\n' } else { b' ' }).collect();
    let (mut at, mut kept, mut any) = (line, false, false);
    for part in text[line..range.start + mapping.len()].split_inclusive('\n') {
        let start = at;
        at += part.len();
        let content = part.trim_start_matches(' ');
        let indent = part.len() - content.len();
        if indent == margin && !content.starts_with(['-', '#']) {
            let section = SECTIONS.iter().find_map(|(own, name)| {
                content.strip_prefix(own)?.starts_with(':').then_some((own.len(), *name))
            });
            kept = section.is_some();
            if let Some((length, name)) = section {
                any = true;
                let key = start + margin;
                out[key - 1..key + length].copy_from_slice(name.as_bytes());
                let rest = &text.as_bytes()[key + length..at];
                out[key + length..at].copy_from_slice(rest);
            }
        } else if kept {
            out[start..at].copy_from_slice(part.as_bytes());
        }
    }
    any.then(|| String::from_utf8(out).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::config;

    #[test]
    fn sections_are_called_as_litellm_calls_them() {
        let text = "kind: LiteLLMProxy\nspec:\n  image: a\n  routerSettings:\n    redis_host: é\n  # c\n  litellmSettings: {cache: true}\n  env:\n    - name: A\nstatus: {}\n";
        let start = text.find("image").expect("spec");
        let end = text.find("status").expect("status");
        let made = config(text, &(start..end)).expect("config");
        assert_eq!(made.len(), text.len());
        assert_eq!(made.find("redis_host"), text.find("redis_host"));
        assert!(made.contains("\n router_settings:\n    redis_host: é\n"), "{made}");
        assert!(made.contains("\n litellm_settings: {cache: true}\n"), "{made}");
        assert!(!made.contains("name"), "{made}");
        assert!(config("a:\n  b: 1\n", &(5..9)).is_none());
    }
}
