use super::{Context, Example, Rule, kept};
use crate::diagnostic::{Diagnostic, Label, Severity};

pub(super) static RULE: Rule = Rule {
    code: "RP102",
    name: "not-yaml",
    severity: Severity::Error,
    summary: "The file is not YAML to PyYAML, which LiteLLM reads it with.",
    why: kept(
        "LiteLLM reads its config with PyYAML's `safe_load`, which knows YAML 1.1. A text that it \
        can't read stops the proxy. Templates (`{{ … }}`) must be rendered first.",
    ),
    failing: Example::new("litellm_settings:\n  cache: true\n cache_params: {}\n"),
    mended: Example::new("litellm_settings:\n  cache: false\n"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let Err(error) = context.document else {
        return vec![];
    };
    let message = format!("LiteLLM does not start: PyYAML can't read this. {}", error.problem);
    let mut found = RULE.at(Some(error.span), message).label(error.problem.clone());
    if let (Some(span), Some(text)) = (error.context_span, &error.context) {
        found.related.push(Label { span: Some(span), text: text.clone() });
    }
    vec![found]
}
