use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use deployment::Fault;

pub(super) static RULE: Rule = Rule {
    code: "RP720",
    name: "manifest-value-is-refused",
    category: Category::Environment,
    aspects: &[Aspect::Connects],
    severity: Severity::Error,
    summary: "Kubernetes, or ECS, refuses what a manifest says of LiteLLM's container.",
    why: "Kubernetes takes only text for the value of a variable and for the data of a ConfigMap: `true`, `yes`, \
        `on` and numbers must be quoted, and so must numbers in `args`. ECS takes only text too. The `data` of a Secret must be base64. A key that an object lacks \
        keeps the container from being created (`CreateContainerConfigError`). What is set twice is taken \
        from the last entry.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    port: 6379
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
            - name: REDIS_HOST
              value: redis.example.com
            - name: REDIS_SSL
              value: true
",
    ),
    fixed: Example::new(CONFIG).beside(
        r#"
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
            - name: REDIS_HOST
              value: redis.example.com
            - name: REDIS_SSL
              value: "true"
"#,
    ),
    cases: &[
        raises(CONFIG)
            .beside(
                r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      env:
        - {name: REDIS_HOST, valueFrom: {secretKeyRef: {name: redis, key: hostname}}}
---
apiVersion: v1
kind: Secret
metadata: {name: redis}
data: {host: cmVkaXM=}
",
            )
            .says(&["the Secret redis has no key hostname", "does not start the container"]),
        raises(CONFIG)
            .beside(
                r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      env:
        - {name: REDIS_HOST, valueFrom: {secretKeyRef: {name: redis, key: host}}}
---
apiVersion: v1
kind: Secret
metadata: {name: redis}
data: {host: redis.example.com}
",
            )
            .says(&["not base64", "stringData"]),
        raises(CONFIG)
            .beside(
                r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      env:
        - {name: REDIS_HOST, value: a}
        - {name: REDIS_HOST, value: b}
",
            )
            .severity(Severity::Warning)
            .says(&["REDIS_HOST is set twice"]),
        raises(CONFIG)
            .beside(
                r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      args: [--port, 4000]
      env: [{name: REDIS_HOST, value: redis}]
",
            )
            .says(&["args[1]", "a number"]),
        raises(CONFIG)
            .beside(
                r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  volumes: [{name: tls, secret: {secretName: tls, items: [{key: ca.pem, path: ca.crt}]}}]
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      env: [{name: REDIS_HOST, value: redis}]
      volumeMounts: [{name: tls, mountPath: /tls}]
---
apiVersion: v1
kind: Secret
metadata: {name: tls}
stringData: {ca.crt: x}
",
            )
            .says(&["takes the key ca.pem", "the Secret tls has no key ca.pem"]),
        raises(CONFIG)
            .beside(
                "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    environment: [REDIS_HOST=a, REDIS_HOST=b]\n",
            )
            .severity(Severity::Warning)
            .says(&["REDIS_HOST is set twice"]),
        silent(CONFIG).beside(
            r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      env:
        - {name: REDIS_HOST, valueFrom: {secretKeyRef: {name: redis, key: host}}}
        - {name: X, valueFrom: {secretKeyRef: {name: redis, key: x, optional: true}}}
---
apiVersion: v1
kind: Secret
metadata: {name: redis}
data: {host: cmVkaXM=}
",
        ),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let faults = context.container.iter().flat_map(|container| &container.faults);
    faults.map(finding).collect()
}

fn finding(fault: &Fault) -> Finding {
    match fault {
        Fault::NotText { reader, name, read_as, span } => RULE
            .at(*span, format!("{reader} reads the value of {name} as {read_as}, and refuses it."))
            .label(format!("{read_as} to {reader}"))
            .help("Quote it."),
        Fault::AlsoSecret { variable, span, first } => RULE
            .at(
                *span,
                format!("{variable} is both a variable and a secret: ECS refuses the task definition."),
            )
            .label("a secret")
            .related(*first, "a variable")
            .help("Remove one of them."),
        Fault::MissingItem { object, key, span } => RULE
            .at(
                *span,
                format!(
                    "This volume takes the key {key}, and {object} has no key {key}: Kubernetes does not start the container."
                ),
            )
            .label("no such key")
            .help(format!("Name a key that {object} has, or add {key} to it.")),
        Fault::NotBase64 { object, key, span } => RULE
            .at(*span, format!("{key} of {object} is not base64: Kubernetes refuses the Secret."))
            .label("not base64")
            .help("Encode it, or write it as text under `stringData`."),
        Fault::MissingKey { variable, object, key, span } => RULE
            .at(
                *span,
                format!(
                    "{variable} comes from the key {key}, and {object} has no key {key}: Kubernetes does not start the container."
                ),
            )
            .label("no such key")
            .help(format!("Name a key that {object} has, or add {key} to it.")),
        Fault::SetTwice { variable, span, first } => RULE
            .at(*span, format!("{variable} is set twice: only this value counts."))
            .severity(Severity::Warning)
            .label("this one counts")
            .related(*first, "this one has no effect")
            .help("Remove one of them."),
    }
}
