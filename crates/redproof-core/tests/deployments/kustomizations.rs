//! Repositories as people keep them: kustomizations.

use crate::kept::{Kept, held};

const ALL: &[Kept] = &[
    Kept {
        name: "kustomize-overlay",
        files: &[
            (
                "base/kustomization.yaml",
                "resources: [dep.yaml]
configMapGenerator:
- name: litellm-config
  files: [config.yaml=proxy.yaml]
secretGenerator:
- name: redis
  literals: [REDIS_PASSWORD=base]
",
            ),
            (
                "base/dep.yaml",
                "apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: litellm}}
  template:
    metadata: {labels: {app: litellm}}
    spec:
      volumes:
      - name: c
        configMap: {name: litellm-config}
      containers:
      - name: litellm
        image: ghcr.io/berriai/litellm
        args: [--config, /app/config.yaml]
        volumeMounts:
        - {name: c, mountPath: /app/config.yaml, subPath: config.yaml}
        envFrom: [{secretRef: {name: redis}}]
        env: [{name: REDIS_HOST, value: base}]
",
            ),
            (
                "base/proxy.yaml",
                "model_list:
- model_name: a
  litellm_params: {model: openai/a}
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    password: os.environ/REDIS_PASSWORD
",
            ),
            (
                "prod/kustomization.yaml",
                r#"resources: [../base]
namePrefix: prod-
nameSuffix: -v1
images:
- name: ghcr.io/berriai/litellm
  newTag: v1.84.0
replicas: [{name: litellm, count: 5}]
secretGenerator:
- name: redis
  behavior: merge
  literals: [REDIS_USERNAME=u]
patches:
- target: {kind: Deployment}
  patch: |-
    - op: replace
      path: /spec/template/spec/containers/0/env/0/value
      value: prod-redis
    - op: add
      path: /spec/template/spec/containers/0/env/-
      value: {name: REDIS_SSL, value: "true"}
"#,
            ),
        ],
        config: "base/proxy.yaml",
        runs: "prod",
        is_named: true,
        release: "1.84.0",
        variables: &[
            ("REDIS_HOST", "prod-redis"),
            ("REDIS_SSL", "true"),
            ("REDIS_PASSWORD", "base"),
            ("REDIS_USERNAME", "u"),
        ],
        replicas: Some(5),
    },
    Kept {
        name: "kustomize-component-6902",
        files: &[
            (
                "base/kustomization.yaml",
                "resources: [dep.yaml, cm.yaml]
",
            ),
            (
                "base/dep.yaml",
                "apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: litellm}}
  template:
    metadata: {labels: {app: litellm}}
    spec:
      volumes:
      - name: c
        configMap: {name: litellm-config}
      containers:
      - name: litellm
        image: ghcr.io/berriai/litellm:v1.80.5-stable
        args: [--config, /app/config.yaml]
        volumeMounts:
        - {name: c, mountPath: /app/config.yaml, subPath: config.yaml}
        env: [{name: REDIS_HOST, value: base}]
",
            ),
            (
                "base/cm.yaml",
                "apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config, namespace: llm}
data:
  config.yaml: |
    model_list:
    - model_name: a
      litellm_params: {model: openai/a}
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: os.environ/REDIS_HOST
        password: os.environ/REDIS_PASSWORD
",
            ),
            (
                "comp/tls/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- path: p.yaml
",
            ),
            (
                "comp/tls/p.yaml",
                r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: llm}
spec: {template: {spec: {containers: [{name: litellm, env: [{name: REDIS_SSL, value: "true"}]}]}}}
"#,
            ),
            (
                "over/kustomization.yaml",
                "resources: [../base]
components: [../comp/tls]
patchesJson6902:
- target: {group: apps, version: v1, kind: Deployment, name: litellm}
  path: j.yaml
",
            ),
            (
                "over/j.yaml",
                "- op: replace
  path: /spec/replicas
  value: 4
",
            ),
        ],
        config: "base/cm.yaml",
        runs: "over",
        is_named: false,
        release: "1.80.5",
        variables: &[("REDIS_HOST", "base"), ("REDIS_SSL", "true")],
        replicas: Some(4),
    },
    Kept {
        name: "kustomize-replacements",
        files: &[
            (
                "kustomization.yaml",
                r#"resources: [dep.yaml, cm.yaml]
replacements:
- source: {kind: ConfigMap, name: tags, fieldPath: data.host}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.spec.containers.[name=litellm].env.[name=REDIS_HOST].value"]
"#,
            ),
            (
                "dep.yaml",
                "apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: litellm}}
  template:
    metadata: {labels: {app: litellm}}
    spec:
      volumes:
      - name: c
        configMap: {name: litellm-config}
      containers:
      - name: litellm
        image: ghcr.io/berriai/litellm:v1.85.0
        args: [--config, /app/config.yaml]
        volumeMounts:
        - {name: c, mountPath: /app/config.yaml, subPath: config.yaml}
        env: [{name: REDIS_HOST, value: REPLACED}]
",
            ),
            (
                "cm.yaml",
                "apiVersion: v1
kind: ConfigMap
metadata: {name: tags, namespace: llm}
data: {host: real-redis}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config, namespace: llm}
data:
  config.yaml: |
    model_list:
    - model_name: a
      litellm_params: {model: openai/a}
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: os.environ/REDIS_HOST
        password: os.environ/REDIS_PASSWORD
",
            ),
        ],
        config: "cm.yaml",
        runs: "",
        is_named: false,
        release: "1.85.0",
        variables: &[("REDIS_HOST", "real-redis")],
        replicas: None,
    },
    Kept {
        name: "kustomize-envs-merge",
        files: &[
            (
                "base/kustomization.yaml",
                "resources: [dep.yaml]
configMapGenerator:
- {name: litellm-config, files: [config.yaml]}
- {name: env, envs: [a.env]}
",
            ),
            (
                "base/a.env",
                "REDIS_HOST=a
REDIS_PORT=1
",
            ),
            (
                "base/config.yaml",
                "model_list:
- model_name: a
  litellm_params: {model: openai/a}
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    password: os.environ/REDIS_PASSWORD
",
            ),
            (
                "base/dep.yaml",
                "apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: litellm}}
  template:
    metadata: {labels: {app: litellm}}
    spec:
      volumes:
      - name: c
        configMap: {name: litellm-config}
      containers:
      - name: litellm
        image: ghcr.io/berriai/litellm:v1.86.0
        args: [--config, /app/config.yaml]
        volumeMounts:
        - {name: c, mountPath: /app/config.yaml, subPath: config.yaml}
        envFrom: [{configMapRef: {name: env}}]
",
            ),
            (
                "o/kustomization.yaml",
                "resources: [../base]
configMapGenerator:
- {name: env, behavior: merge, literals: [REDIS_HOST=o]}
- {name: litellm-config, behavior: replace, files: [config.yaml]}
",
            ),
            (
                "o/config.yaml",
                "model_list:
- model_name: a
  litellm_params: {model: openai/a}
litellm_settings:
  cache: true
  cache_params:
    type: redis
    ttl: 5
    host: os.environ/REDIS_HOST
    password: os.environ/REDIS_PASSWORD
",
            ),
        ],
        config: "o/config.yaml",
        runs: "o/",
        is_named: false,
        release: "1.86.0",
        variables: &[("REDIS_HOST", "o"), ("REDIS_PORT", "1")],
        replicas: None,
    },
    Kept {
        name: "kustomize-json-patch-of-a-config-map",
        files: &[
            ("base/kustomization.yaml", "resources: [all.yaml]\n"),
            (
                "base/all.yaml",
                r#"apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-env}
data: {REDIS_HOST: dev, REDIS_PORT: "6379", REDIS_SSL: "true"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config}
data:
  config.yaml: |
    litellm_settings:
      cache: true
      cache_params: {type: redis, host: os.environ/REDIS_HOST, password: os.environ/REDIS_PASSWORD}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  selector: {matchLabels: {app: l}}
  template:
    metadata: {labels: {app: l}}
    spec:
      containers:
      - name: litellm
        image: ghcr.io/berriai/litellm:v1.85.1
        args: [--config, /app/config.yaml]
        envFrom: [{configMapRef: {name: litellm-env}}]
        volumeMounts: [{name: c, mountPath: /app/config.yaml, subPath: config.yaml}]
      volumes: [{name: c, configMap: {name: litellm-config}}]
"#,
            ),
            (
                "prod/kustomization.yaml",
                r"resources: [../base]
patches:
- target: {kind: ConfigMap, name: litellm-env}
  patch: |-
    - op: replace
      path: /data/REDIS_HOST
      value: prod
    - op: add
      path: /data/REDIS_PASSWORD
      value: sesame
    - op: remove
      path: /data/REDIS_SSL
- target: {kind: Deployment}
  path: more.yaml
",
            ),
            ("prod/more.yaml", "- {op: add, path: /spec/replicas, value: 4}\n"),
        ],
        config: "base/all.yaml",
        runs: "prod",
        is_named: false,
        release: "1.85.1",
        variables: &[("REDIS_HOST", "prod"), ("REDIS_PASSWORD", "sesame"), ("REDIS_SSL", "-")],
        replicas: Some(4),
    },
];

#[test]
fn all_are_read_as_they_run() {
    held(ALL);
}
