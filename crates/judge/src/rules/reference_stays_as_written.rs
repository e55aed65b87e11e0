use super::case::{raises, silent};
use super::quotes_in_value::is_read;
use super::targets::placed;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use deployment::Form;
use deployment::environment::VariableValue;

pub(super) static RULE: Rule = Rule {
    code: "RP726",
    name: "reference-stays-as-written",
    category: Category::Environment,
    severity: Severity::Error,
    summary: "`$(NAME)` stays in a variable as it is written, since nothing fills it in.",
    why: "Kubernetes fills `$(NAME)` in from what stands before it in the same `env`, from `envFrom` and from the \
        variables of Services. What is set further down, or nowhere, leaves the text as it is, without a word: \
        LiteLLM looks for a host called `$(REDIS_HOST)`, or logs in with the password `$(REDIS_PASSWORD)`. Compose, \
        docker and `.env` files fill in `${NAME}` alone.",
    ..Rule::CONFIG
};

const CONFIG: &str = "litellm_settings: {cache: true, cache_params: {type: redis, ssl: true, ssl_check_hostname: true}}\n";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r#"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - name: litellm
      image: ghcr.io/berriai/litellm:v1.109.1
      env:
        - {name: REDIS_HOST, value: "redis-$(REGION).example.com"}
        - {name: REGION, value: eu}
"#,
    ),
    fixed: Example::new(CONFIG).beside(
        r#"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - name: litellm
      image: ghcr.io/berriai/litellm:v1.109.1
      env:
        - {name: REGION, value: eu}
        - {name: REDIS_HOST, value: "redis-$(REGION).example.com"}
"#,
    ),
    cases: &[
        raises(CONFIG)
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n      env:\n        - {name: REDIS_HOST, value: $(RELEASE)-redis-master}\n",
            )
            .says(&["`$(RELEASE)`", "REDIS_HOST", "before it"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment:\n      REDIS_HOST: $$(RHOST)\n  redis:\n    image: redis:7\n",
            )
            .says(&["`${RHOST}`"]),
        raises(CONFIG)
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n      env:\n        - {name: REDIS_URL, value: 'rediss://:$(REDIS_PASSWORD)@redis.example.com:6379'}\n        - name: REDIS_PASSWORD\n          valueFrom: {secretKeyRef: {name: redis, key: password}}\n",
            )
            .says(&["`$(REDIS_PASSWORD)`", "Move REDIS_PASSWORD before REDIS_URL"]),
        raises(CONFIG).env("REDIS_HOST=$(RHOST)\n").says(&["`$(RHOST)`"]),
        // A password may look like that.
        silent(CONFIG).env("REDIS_HOST=redis\nREDIS_PASSWORD=a$(b)c$(D\n").says_not(&["$(b)"]),
        silent(CONFIG).env("REDIS_HOST=redis\nOTHER=$(RHOST)\n"),
        silent(CONFIG).beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec:\n  containers:\n    - name: litellm\n      image: ghcr.io/berriai/litellm:v1.109.1\n      env:\n        - {name: RELEASE, value: prod}\n        - {name: REDIS_HOST, value: $(RELEASE)-redis.example.com}\n",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let form = context.container.map(|container| container.form);
    let mut found = vec![];
    for (name, variable) in context.environment.iter() {
        let VariableValue::Known(value) = &variable.value else { continue };
        let Some(other) = reference(value.reveal()).filter(|_| is_read(context, name)) else {
            continue;
        };
        let is_set = context.environment.get(other).is_some();
        let (who, help) = match form {
            Some(Form::Kubernetes | Form::Helm) if is_set => (
                "Kubernetes fills in what is set before it alone",
                format!("Move {other} before {name} in the container's `env`."),
            ),
            Some(Form::Kubernetes | Form::Helm) => (
                "Kubernetes fills in what is set before it alone, and nothing sets that",
                format!("Set {other} before {name} in the container's `env`."),
            ),
            _ => (
                "nothing fills it in",
                format!(
                    "Write `${{{other}}}`, where the file is one that is filled in, or the value itself."
                ),
            ),
        };
        let message = format!("`$({other})` stays in {name} as it is: {who}.");
        let finding = RULE.at(variable.span, message).label("not filled in").help(help);
        found.push(placed(context, finding, variable.span));
    }
    found
}

/// The first `$(NAME)` of a text, where NAME is written as a variable's.
fn reference(text: &str) -> Option<&str> {
    let named = |rest: &'_ str| rest.find(')').filter(|end| is_name(&rest[..*end]));
    text.match_indices("$(").find_map(|(at, _)| {
        let rest = &text[at + 2..];
        named(rest).map(|end| &rest[..end])
    })
}

/// As variables of deployments are called: two random letters of a password are none.
fn is_name(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}
