use super::case::raises;
use super::{Check, Context, Example};
use base::finding::{Change, Edit, Finding, Label, Proposal, Safety, Severity};
use base::rule::{Category, Rule};
use base::source::{SourceId, Span};

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
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Err(error) = context.document else {
        return vec![];
    };
    let message = format!("LiteLLM does not start: PyYAML can't read this. {}", error.problem);
    let mut found = RULE.at(Some(error.span), message).label(error.problem.clone());
    if let Some(help) = help(&error.problem) {
        found = found.help(help);
    }
    if error.problem.starts_with("found character '\\t'") {
        found = found.fix(spaces_for_tabs(context.config_text));
    }
    if let (Some(span), Some(text)) = (error.context_span, &error.context) {
        found.related.push(Label { span: Some(span), text: text.clone() });
    }
    vec![found]
}

/// What PyYAML's words mean to who wrote the text.
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
    ("expected <block end>, but found '<scalar>'", "Put the whole text in quotes."),
    ("expected ',' or ", "Close the bracket, or put the text in quotes."),
    ("found unexpected end of stream", "Close the quote."),
    ("expected a single document", "Remove what follows `---`."),
    ("found undefined alias", "Write the anchor (`&name`) above the place that uses it."),
];

fn help(problem: &str) -> Option<&'static str> {
    let meant = MEANING.iter().find(|(words, _)| problem.starts_with(words));
    meant.map(|(_, help)| *help)
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
