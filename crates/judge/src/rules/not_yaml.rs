use super::case::raises;
use super::{Check, Context, Example};
use base::finding::{Change, Edit, Finding, Label, Proposal, Safety, Severity};
use base::rule::{Category, Rule};
use base::source::{SourceId, Span};
use yaml::ReadError;

pub(super) static RULE: Rule = Rule {
    code: "RP102",
    name: "not-yaml",
    category: Category::DoesNotStart,
    severity: Severity::Error,
    summary: "The file is not YAML to PyYAML, which LiteLLM reads it with.",
    why: "LiteLLM reads its config with PyYAML's `safe_load`, which knows YAML 1.1. A text that it \
        can't read stops the proxy. Templates (`{{ … }}`) must be rendered first.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
 cache_params: {}
",
    )
    .refused_by_schema(),
    fixed: Example::new(
        r"
litellm_settings:
  cache: false
",
    ),
    cases: &[
        raises("litellm_settings:\n\tcache: true\n\tcache_params:\n\t\ttype: local\n")
            .fixed("litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n"),
        raises("a: \"b").says(&["Close the quote."]),
        raises("a: [b").says(&["Close the bracket"]),
        raises("a: 'b' c").says(&["Put the whole text in quotes."]),
        raises("a:\n  b: 1\n   c: 2\n").says(&["the same indentation"]),
        raises("a:\n    b: 1\n  c: 2\n").says(&["the same indentation"]),
        raises("a: @b").says(&["Put the text in quotes."]),
        raises("a:\n  b\n  c: 1\n").says(&["the same indentation"]),
        raises("a: *b").says(&["Write the anchor"]),
        raises("a: 1\n---\nb: 2\n").says(&["one document"]),
        raises("a: {{ host }}\n").says(&["rendered"]),
        raises("a: \"C:\\path\"\n").says(&["double the backslash"]),
        raises("a: !vault x\n").says(&["Remove the tag"]),
        raises("a: 1\n- b\n").says(&["below a key"]),
        raises("a: 2001-02-29\n").says(&["Put the value in quotes"]),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Err(error) = context.document else {
        return vec![];
    };
    let source = context.sources.first().map_or("", |source| source.name.as_str());
    let (severity, message) = if are_values(source) {
        // Helm reads them, and Go's YAML takes more than PyYAML does.
        (
            Severity::Warning,
            format!(
                "No configuration is read here: to PyYAML, this is not YAML. {}",
                error.problem
            ),
        )
    } else {
        let problem = &error.problem;
        (Severity::Error, format!("LiteLLM does not start: PyYAML can't read this. {problem}"))
    };
    let found = RULE.at(Some(error.span), message).label(error.problem.clone()).severity(severity);
    let mut found = found.help(help(error));
    if error.problem.starts_with("found character '\\t'") {
        found = found.fix(spaces_for_tabs(context.config_text));
    }
    if let (Some(span), Some(text)) = (error.context_span, &error.context) {
        found.related.push(Label { span: Some(span), text: text.clone() });
    }
    vec![found]
}

/// Whether a file is called as the values of a Helm chart are: `values.yaml`, `values-prod.yml`.
fn are_values(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("values") && matches!(name.rsplit_once('.'), Some((_, "yaml" | "yml")))
}

/// What PyYAML's words mean to who wrote the text: the beginning of its context or problem, the first that fits.
const MEANING: &[(&str, &str)] = &[
    ("found character '\\t'", "Indent with spaces: YAML takes no tabs there."),
    ("found character '", "Put the text in quotes."),
    (
        "mapping values are not allowed here",
        "Give keys side by side the same indentation; put a text that holds `: ` in quotes.",
    ),
    ("could not find expected ':'", "Write `:` and a space behind the key."),
    (
        "expected <block end>, but found '<block mapping start>'",
        "Give keys side by side the same indentation.",
    ),
    (
        "expected <block end>, but found '<block sequence start>'",
        "Give the `-` of one list the same indentation.",
    ),
    ("expected <block end>, but found '-'", "Indent the list below a key of its own."),
    ("expected <block end>, but found '<", "Put the whole text in quotes."),
    (
        "expected <block end>, but found '",
        "Write the key in front of the `:`, with the same indentation as those beside it.",
    ),
    ("expected ',' or ", "Close the bracket, or put the text in quotes."),
    ("found unexpected end of stream", "Close the quote."),
    ("found unexpected document separator", "Close the quote above the `---`."),
    ("found unknown escape character", "Write the text in single quotes, or double the backslash."),
    ("expected escape sequence", "Write the text in single quotes, or double the backslash."),
    ("expected a single document", "Remove what follows `---`: LiteLLM reads one document."),
    (
        "found undefined alias",
        "Write the anchor (`&name`) above the place that uses it, or put the text in quotes.",
    ),
    ("found duplicate anchor", "Give each anchor a name of its own."),
    ("while scanning an alias", "Put the text in quotes: `*` starts the name of an anchor."),
    ("while scanning an anchor", "Put the text in quotes: `&` starts an anchor."),
    (
        "while scanning a block scalar",
        "Write nothing but a comment behind `|` or `>`; the text goes on the lines below.",
    ),
    (
        "while scanning a directive",
        "Put a space in front of the `%`, or remove the line: `%` starts a directive.",
    ),
    ("found duplicate YAML directive", "Remove the second `%YAML` line."),
    ("found incompatible YAML document", "Remove the `%YAML` line."),
    ("duplicate tag handle", "Remove the second `%TAG` line."),
    ("sequence entries are not allowed here", "Write the list's `-` on the line below the key."),
    ("mapping keys are not allowed here", "Put the text in quotes: `?` starts a key."),
    ("expected the node content", "Write a value here, or put the text in quotes."),
    (
        "expected '<document start>'",
        "Give what is written here a key, with the same indentation as the other keys; put a text that spans lines in quotes.",
    ),
    (
        "special characters are not allowed",
        "Remove the character: YAML takes no control characters.",
    ),
    ("unacceptable character", "Remove the character: YAML takes no control characters."),
    (
        "could not determine a constructor for the tag 'tag:yaml.org,2002:value'",
        "Put the `=` in quotes.",
    ),
    (
        "could not determine a constructor for the tag 'tag:yaml.org,2002:merge'",
        "Write `<<` as a key in front of an alias, or in quotes.",
    ),
    (
        "could not determine a constructor",
        "Remove the tag, or put the text in quotes: LiteLLM reads with `safe_load`, which knows no tags of others.",
    ),
    ("while scanning a tag", "Put the text in quotes: `!` starts a tag."),
    ("while parsing a tag", "Put the text in quotes: `!` starts a tag."),
    ("found undefined tag handle", "Put the text in quotes: `!` starts a tag."),
    (
        "expected a mapping or list of mappings for merging",
        "Write an alias of a mapping behind `<<:`.",
    ),
    ("expected a mapping for merging", "Write an alias of a mapping behind `<<:`."),
    (
        "found unhashable key",
        "Put the text in quotes: `{` and `[` start a mapping and a list. A template is to be rendered first.",
    ),
    ("Exceeds the limit", "Put the number in quotes."),
    ("maximum recursion depth exceeded", "Nest the values less deeply."),
];

/// What the exceptions of values mean that look like numbers, dates or what their tag names.
const OF_VALUES: &str = "Put the value in quotes, and remove a tag (`!!int`) in front of it.";

fn help(error: &ReadError) -> &'static str {
    let context = error.context.as_deref().unwrap_or("");
    let meant = MEANING
        .iter()
        .find(|(words, _)| error.problem.starts_with(words) || context.starts_with(words));
    match meant {
        Some((_, help)) => help,
        None if error.exception == "RecursionError" => "Nest the values less deeply.",
        None => OF_VALUES,
    }
}

/// Two spaces for each tab that a line starts with.
fn spaces_for_tabs(text: &str) -> Option<Proposal> {
    let mut edits = vec![];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if indent.contains('\t') {
            let span = Span::new(SourceId::CONFIG, start, start + indent.len());
            edits.push(Edit { span, text: indent.replace('\t', "  ") });
        }
        start += line.len();
    }
    let proposed = !edits.is_empty();
    proposed.then(|| Proposal::new("Indent with spaces", Safety::Safe, Change::Edits(edits)))
}

#[cfg(test)]
mod tests {
    use super::are_values;

    #[test]
    fn values_of_charts_are_known_by_their_name() {
        assert!(are_values("deploy/values.yaml") && are_values("values-prod.yml"));
        assert!(!are_values("config.yaml") && !are_values("litellm/values/config.yaml"));
    }
}
