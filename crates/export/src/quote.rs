//! Values as each format writes them.

/// A value in double quotes: a string to YAML 1.1 and 1.2, whatever it looks like.
pub(super) fn yaml(value: &str) -> String {
    yaml::patch::quoted(value)
}

/// A name or path: quoted only where something could take it for no text.
pub(super) fn yaml_name(value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic() || "/_".contains(c));
    if plain { yaml::patch::text(value) } else { yaml(value) }
}

/// A word of a shell's command line.
pub(super) fn shell(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_.-:@+%=,".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// An argument of a line of `redis.conf`.
pub(super) fn redis_conf(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_.-:@+%=,~*&>".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    let mut out = String::from('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text on one line, for a comment: no control characters, no line breaks of any kind.
pub(super) fn comment(text: &str) -> String {
    let blank = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    text.chars().map(|c| if blank(c) { ' ' } else { c }).collect()
}

/// A text as a literal block below a key that stands `depth` deep, or in quotes where no block
/// holds it. Starts behind the key's colon, and ends its line.
pub(super) fn yaml_block(text: &str, depth: usize) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let text = text.replace('\r', "\n");
    let printable = |c: char| {
        matches!(c, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
    };
    if text.trim().is_empty() || !text.chars().all(printable) {
        return format!(" {}\n", yaml(&text));
    }
    // A block is as deep as its first line, unless it is said.
    let deeper = if text.starts_with([' ', '\t', '\n']) { "2" } else { "" };
    let chomping = match (text.strip_suffix('\n'), text.ends_with("\n\n")) {
        (None, _) => "-",
        (Some(_), false) => "",
        (Some(_), true) => "+",
    };
    let mut block = format!(" |{deeper}{chomping}\n");
    let pad = " ".repeat(depth + 2);
    for line in text.split_inclusive('\n') {
        if line != "\n" {
            block.push_str(&pad);
        }
        block.push_str(line);
    }
    if !block.ends_with('\n') {
        block.push('\n');
    }
    block
}

#[cfg(test)]
mod tests {
    use super::{redis_conf, shell, yaml_block};
    use base::source::SourceId;

    #[test]
    fn shells_take_words_as_they_are() {
        assert_eq!(shell("redis-1.example.com"), "redis-1.example.com");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("a b"), "'a b'");
        assert_eq!(shell("it's $HOME"), r"'it'\''s $HOME'");
    }

    #[test]
    fn redis_takes_arguments_as_they_are() {
        assert_eq!(redis_conf("/etc/redis/ca.crt"), "/etc/redis/ca.crt");
        assert_eq!(redis_conf("a \"b\" \\ #"), r#""a \"b\" \\ #""#);
        assert_eq!(redis_conf(""), "\"\"");
    }

    #[test]
    fn blocks_give_the_text_back() {
        for text in [
            "a: 1\n",
            "a: 1",
            "a: 1\n\n\n",
            "  a\n b\n",
            "\n\na\n",
            "a\n   \nb\n",
            "é\u{7}\n",
            " ",
            "\ta\n",
        ] {
            let yaml = format!("data:\n  key:{}", yaml_block(text, 2));
            let read = yaml::read(SourceId(0), &yaml).expect("YAML");
            let value =
                read.root.as_dict().and_then(|root| root.get("data")?.as_dict()?.get("key"));
            assert_eq!(value.and_then(|value| value.as_str()), Some(text), "{yaml}");
        }
    }
}
