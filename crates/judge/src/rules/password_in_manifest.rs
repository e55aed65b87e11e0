use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::source::Span;
use deployment::Form;
use deployment::environment::{ValueFrom, Variable, VariableValue};
use python::url::urlsplit;

pub(super) static RULE: Rule = Rule {
    code: "RP312",
    name: "password-in-manifest",
    category: Category::Passwords,
    severity: Severity::Hint,
    summary: "A password is written in the file that deploys LiteLLM.",
    why: "Manifests, values and compose files are committed and shown, `kubectl get deployment` and `docker inspect` \
        print them, and a ConfigMap is not a Secret. Keep the password in a Secret and take it by `secretKeyRef`, in a \
        file that is not committed (`env_file`, `.env`), or in the platform's own store.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
    password: os.environ/CACHE_PW
";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r"
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - name: litellm
          image: ghcr.io/berriai/litellm:v1.109.1
          env:
            - name: CACHE_PW
              value: correct-horse-battery
        - name: redis
          image: registry.example.com/cache:1
",
    ),
    fixed: Example::new(CONFIG).beside(
        r"
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - name: litellm
          image: ghcr.io/berriai/litellm:v1.109.1
          env:
            - name: CACHE_PW
              valueFrom: {secretKeyRef: {name: redis, key: password}}
        - name: redis
          image: registry.example.com/cache:1
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment:\n      REDIS_URL: redis://:sesame-street@redis:6379\n  redis:\n    image: redis:7\n",
            )
            .says(&["REDIS_URL", "env_file"])
            .says_not(&["sesame-street"]),
        raises("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n")
            .beside(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - image: ghcr.io/berriai/litellm:v1.109.1\n      envFrom: [{configMapRef: {name: redis}}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: redis}\ndata: {REDIS_PASSWORD: sesame-street}\n",
            )
            .says(&["ConfigMap", "secretKeyRef"])
            .says_not(&["sesame-street"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n").beside(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - image: ghcr.io/berriai/litellm:v1.109.1\n      envFrom: [{secretRef: {name: redis}}]\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: redis}\nstringData: {REDIS_PASSWORD: sesame-street}\n",
        ),
        // It comes from where compose runs, whatever is taken without it.
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n").beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment:\n      REDIS_PASSWORD: ${REDIS_PASSWORD}\n      OTHER: x\n  redis:\n    image: redis:7\n",
        ),
        silent("litellm_settings: {cache: true, cache_params: {type: redis, host: redis}}\n").beside(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: {REDIS_PASSWORD: \"\"}\n  redis:\n    image: redis:7\n",
        ),
    ],
    check,
};

/// Variables that LiteLLM takes a password from by itself.
const OWN: [&str; 4] =
    ["REDIS_PASSWORD", "REDIS_SENTINEL_PASSWORD", "REDIS_AZURE_CLIENT_SECRET", "REDIS_URL"];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(container) = context.container else { return vec![] };
    // What a script exports is there to be kept to oneself.
    if matches!(container.form, Form::Shell | Form::Dotenv | Form::DockerInspect) {
        return vec![];
    }
    let found = context.environment.iter().filter_map(|(name, variable)| {
        let span = variable.span.filter(|span| is_written(context, *span))?;
        holds_password(context, name, variable).then(|| {
            let (kind, help) = words(container.form, variable);
            let message = format!("The password in {name} is readable in this {kind}.");
            RULE.at(Some(span), message).label("a secret").help(help)
        })
    });
    found.collect()
}

/// Whether a variable holds a password of Redis'.
fn holds_password(context: &Context<'_>, name: &str, variable: &Variable) -> bool {
    let VariableValue::Known(value) = &variable.value else { return false };
    if matches!(variable.value_from, Some(ValueFrom::Secret { .. })) {
        return false;
    }
    let value = value.reveal();
    let reference = format!("os.environ/{name}");
    let mut settings = context.redis_settings();
    let named = settings.any(|(_, key, entry)| {
        let secret = key.ends_with("password") || key.ends_with("client_secret");
        secret && entry.value.as_str() == Some(&reference)
    });
    let is_password = !value.is_empty() && (named || (OWN[..3].contains(&name)));
    let mut settings = context.redis_settings();
    let url = name == "REDIS_URL"
        || settings.any(|(_, key, entry)| {
            key.ends_with("url") && entry.value.as_str() == Some(&reference)
        });
    let in_url =
        || urlsplit(value).is_ok_and(|url| url.userinfo().1.is_some_and(|part| !part.is_empty()));
    is_password || (url && in_url())
}

/// Whether the value itself is there, in a file that deploys: not a reference, not a `.env` file.
fn is_written(context: &Context<'_>, span: Span) -> bool {
    let Some(source) = context.sources.iter().find(|source| source.id == span.source) else {
        return false;
    };
    let file = source.name.rsplit('/').next().unwrap_or(&source.name);
    let is_env_file = format!("{file}.").contains(".env.");
    let text = source.text.get(span.range()).unwrap_or("");
    !is_env_file && !text.is_empty() && !text.contains(['$', '{'])
}

/// What the file is, and where the password belongs.
fn words(form: Form, variable: &Variable) -> (&'static str, &'static str) {
    match (form, &variable.value_from) {
        (_, Some(ValueFrom::ConfigMap { .. })) => (
            "ConfigMap",
            "Put it into a Secret, and take it by `valueFrom: {secretKeyRef: …}` or `envFrom: [{secretRef: …}]`.",
        ),
        (Form::Kubernetes, _) => {
            ("manifest", "Put it into a Secret, and take it by `valueFrom: {secretKeyRef: …}`.")
        }
        (Form::Helm, _) => (
            "file of values",
            "Put it into a Secret, and name that: `environmentSecrets`, or `valueFrom`.",
        ),
        (Form::Compose, _) => (
            "compose file",
            "Put it into a file that is not committed, and name that under `env_file`, or write `${REDIS_PASSWORD}` and set it in `.env`.",
        ),
        (Form::Ecs, _) => (
            "task definition",
            "Put it into Secrets Manager, and name it under `secrets` with `valueFrom`.",
        ),
        _ => ("file", "Put it into the platform's store of secrets, and name it here."),
    }
}
