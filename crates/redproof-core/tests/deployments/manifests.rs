//! Repositories as people keep them: manifests, charts and templates.

use crate::kept::{Kept, held};

const ALL: &[Kept] = &[
    Kept {
        name: "compose-extends-include",
        files: &[
            (
                "compose.yaml",
                "include: [infra/redis.yaml]
services:
  proxy:
    extends: {file: common.yaml, service: base}
    environment: [REDIS_SSL=True]
    configs: [{source: llm, target: /cfg/c.yaml}]
    command: --config /cfg/c.yaml
configs:
  llm: {file: ./llm.yaml}
",
            ),
            (
                "common.yaml",
                r#"services:
  base:
    image: ghcr.io/berriai/litellm-database:v1.83.3-stable
    environment: {REDIS_HOST: redis, REDIS_PORT: "6379"}
"#,
            ),
            (
                "infra/redis.yaml",
                r#"services:
  redis: {image: "redis:7"}
"#,
            ),
            (
                "llm.yaml",
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
        ],
        config: "llm.yaml",
        runs: "",
        is_named: true,
        release: "1.83.3",
        variables: &[("REDIS_HOST", "redis"), ("REDIS_SSL", "True"), ("REDIS_PASSWORD", "-")],
        replicas: None,
    },
    Kept {
        name: "compose-configs-content",
        files: &[(
            "stack.yml",
            r#"version: "3.8"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.85.0
    command: ["--config","/etc/llm.yaml"]
    configs: [{source: llm, target: /etc/llm.yaml}]
    environment: [REDIS_HOST]
configs:
  llm:
    content: |
      model_list:
      - model_name: a
        litellm_params: {model: openai/a}
      litellm_settings:
        cache: true
        cache_params:
          type: redis
          host: os.environ/REDIS_HOST
          password: os.environ/REDIS_PASSWORD
"#,
        )],
        config: "stack.yml",
        runs: "",
        is_named: true,
        release: "1.85.0",
        variables: &[("REDIS_HOST", "?")],
        replicas: None,
    },
    Kept {
        name: "compose-mount-content",
        files: &[(
            "docker-compose.yml",
            r#"services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.85.0
    command: ["--config", "/app/config.yaml"]
    environment: [REDIS_HOST=redis]
    volumes:
      - type: bind
        source: ./litellm.yaml
        target: /app/config.yaml
        content: |
          litellm_settings:
            cache: true
            cache_params:
              type: redis
              host: os.environ/REDIS_HOST
"#,
        )],
        config: "docker-compose.yml",
        runs: "",
        is_named: true,
        release: "1.85.0",
        variables: &[("REDIS_HOST", "redis")],
        replicas: None,
    },
    Kept {
        name: "cloudrun-yaml",
        files: &[
            (
                "service.yaml",
                r#"apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: litellm}
spec:
  template:
    metadata:
      annotations: {autoscaling.knative.dev/minScale: "2"}
    spec:
      containers:
      - image: ghcr.io/berriai/litellm:v1.85.0
        args: [--config, /etc/litellm/config.yaml]
        env:
        - {name: REDIS_HOST, value: 10.0.0.3}
        - name: REDIS_PASSWORD
          valueFrom: {secretKeyRef: {name: rp, key: latest}}
        volumeMounts: [{name: cfg, mountPath: /etc/litellm}]
      volumes: [{name: cfg, secret: {secretName: cfg, items: [{key: latest, path: config.yaml}]}}]
"#,
            ),
            (
                "config.yaml",
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
        ],
        config: "config.yaml",
        runs: "",
        is_named: false,
        release: "1.85.0",
        variables: &[("REDIS_HOST", "10.0.0.3"), ("REDIS_PASSWORD", "?")],
        replicas: Some(2),
    },
    Kept {
        name: "cfn-fargate",
        files: &[
            (
                "template.yaml",
                r#"AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Tag: {Type: String, Default: x}}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
      - Name: litellm
        Image: ghcr.io/berriai/litellm:v1.85.1
        Environment:
        - {Name: REDIS_HOST, Value: !GetAtt Cache.PrimaryEndPoint.Address}
        - {Name: REDIS_PORT, Value: !Sub "${Cache.PrimaryEndPoint.Port}"}
        - {Name: REDIS_SSL, Value: "True"}
        Secrets: [{Name: REDIS_PASSWORD, ValueFrom: !Ref S}]
  Service:
    Type: AWS::ECS::Service
    Properties: {DesiredCount: 3, TaskDefinition: !Ref Task}
"#,
            ),
            (
                "config.yaml",
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
        ],
        config: "config.yaml",
        runs: "",
        is_named: false,
        release: "1.85.1",
        variables: &[
            ("REDIS_HOST", "?"),
            ("REDIS_PORT", "?"),
            ("REDIS_SSL", "True"),
            ("REDIS_PASSWORD", "?"),
        ],
        replicas: Some(3),
    },
    Kept {
        name: "tf-k8s",
        files: &[(
            "main.tf",
            r#"resource "kubernetes_config_map" "c" {
  metadata { name = "litellm-config" }
  data = {
    "config.yaml" = <<-EOT
      model_list:
      - model_name: a
        litellm_params: {model: openai/a}
      litellm_settings:
        cache: true
        cache_params:
          type: redis
          host: os.environ/REDIS_HOST
          password: os.environ/REDIS_PASSWORD
    EOT
  }
}
resource "kubernetes_deployment" "l" {
  metadata { name = "litellm" }
  spec {
    replicas = 2
    template {
      spec {
        container {
          name  = "litellm"
          image = "ghcr.io/berriai/litellm:v1.84.0"
          args  = ["--config", "/app/config.yaml"]
          env {
            name  = "REDIS_HOST"
            value = aws_elasticache_replication_group.r.primary_endpoint_address
          }
          env {
            name = "REDIS_PASSWORD"
            value_from {
              secret_key_ref {
                name = "s"
                key  = "p"
              }
            }
          }
          volume_mount {
            name       = "c"
            mount_path = "/app/config.yaml"
            sub_path   = "config.yaml"
          }
        }
        volume {
          name = "c"
          config_map { name = "litellm-config" }
        }
      }
    }
  }
}
"#,
        )],
        config: "main.tf",
        runs: "",
        is_named: false,
        release: "1.84.0",
        variables: &[("REDIS_HOST", "?"), ("REDIS_PASSWORD", "?"), ("REDIS_SSL", "-")],
        replicas: Some(2),
    },
    Kept {
        name: "helm-app-template",
        files: &[
            (
                "app/helmrelease.yaml",
                "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: litellm}
spec:
  chartRef: {kind: OCIRepository, name: app-template}
  values:
    controllers:
      litellm:
        replicas: 2
        containers:
          app:
            image: {repository: ghcr.io/berriai/litellm, tag: v1.90.2@sha256:19a879f9c4ed466f2438aa08b22e2b472053ab57c6325db73c71d0624d2d4953}
            args: [--config, /config/config.yaml]
            env: {REDIS_HOST: dragonfly, REDIS_PASSWORD: {secretKeyRef: {name: s, key: p}}}
            envFrom: [{secretRef: {name: s}}]
    persistence:
      config: {type: configMap, name: litellm-cm, globalMounts: [{path: /config/config.yaml, subPath: config.yaml}]}
",
            ),
            (
                "app/kustomization.yaml",
                "resources: [helmrelease.yaml]
configMapGenerator:
- {name: litellm-cm, files: [config.yaml=resources/config.yaml]}
generatorOptions: {disableNameSuffixHash: true}
",
            ),
            (
                "app/resources/config.yaml",
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
        ],
        config: "app/resources/config.yaml",
        runs: "",
        is_named: true,
        release: "1.90.2",
        variables: &[("REDIS_HOST", "dragonfly"), ("REDIS_PASSWORD", "?")],
        replicas: Some(2),
    },
    Kept {
        name: "dockerfile-build-compose",
        files: &[
            (
                "llm/Dockerfile",
                r#"ARG V=1.81.9
FROM ghcr.io/berriai/litellm:v${V}-stable
COPY config.yaml /app/config.yaml
CMD ["--config","/app/config.yaml"]
"#,
            ),
            (
                "compose.yaml",
                "services:
  llm:
    build: {context: llm, args: {V: 1.82.0}}
    environment: {REDIS_HOST: r}
",
            ),
            (
                "llm/config.yaml",
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
        ],
        config: "llm/config.yaml",
        runs: "",
        is_named: true,
        release: "1.82.0",
        variables: &[("REDIS_HOST", "r")],
        replicas: None,
    },
    Kept {
        name: "include-only-main",
        files: &[
            (
                "main.yaml",
                "include:
- a.yaml
- b.yaml
",
            ),
            (
                "a.yaml",
                "model_list:
- {model_name: a, litellm_params: {model: openai/a}}
",
            ),
            (
                "b.yaml",
                "litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    password: os.environ/REDIS_PASSWORD
",
            ),
            (
                "compose.yaml",
                r#"services:
  l:
    image: ghcr.io/berriai/litellm:v1.80.0-stable
    volumes: [".:/app/c"]
    command: --config /app/c/main.yaml
    environment: {REDIS_HOST: h}
"#,
            ),
        ],
        config: "main.yaml",
        runs: "",
        is_named: true,
        release: "1.80.0",
        variables: &[("REDIS_HOST", "h")],
        replicas: None,
    },
];

#[test]
fn all_are_read_as_they_run() {
    held(ALL);
}
