//! Every form that deployments are kept in: release, host and TLS, and where each is said.

use crate::common::{CONFIG, all, only, release, report, variable};
use redproof_core::deployment::Link;
use redproof_core::python::Data;

/// A deployment's file beside the config: what it comes to.
fn beside(name: &str, text: &str) -> [String; 4] {
    let texts = [("config.yaml", CONFIG), (name, text)];
    let found = only(&texts);
    let checked = report(&found, &texts);
    let of = |variable: &str| self::variable(&found, &texts, variable);
    [release(&checked), of("REDIS_HOST"), of("REDIS_SSL"), of("REDIS_PORT")]
}

#[track_caller]
fn is(found: [String; 4], expected: [&str; 4]) {
    let [a, b, c, d] = found;
    assert_eq!([a, b, c, d], expected.map(str::to_owned));
}

#[test]
fn ecs_task_definitions() {
    let task = r#"{"family":"gateway","containerDefinitions":[{"name":"litellm",
        "image":"ghcr.io/berriai/litellm:v1.80.0-stable",
        "environment":[{"name":"REDIS_HOST","value":"r.example.com"},
        {"name":"REDIS_SSL","value":"true"}],
        "secrets":[{"name":"REDIS_PASSWORD","valueFrom":"arn:aws:secretsmanager:x"}]}]}"#;
    let expected = ["1.80.0", "r.example.com @ task.json:3", "true @ task.json:4", "-"];
    is(beside("task.json", task), expected);
    let texts = [("config.yaml", CONFIG), ("task.json", task)];
    let password = variable(&only(&texts), &texts, "REDIS_PASSWORD");
    assert_eq!(password, "?valueFrom, out of sight @ task.json:5");
    let stack = "\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: litellm
          Image: ghcr.io/berriai/litellm:v1.80.0-stable
          Environment:
            - {Name: REDIS_HOST, Value: !GetAtt Redis.PrimaryEndPoint.Address}
            - Name: REDIS_PORT
              Value: !Sub \"${Port}\"
            - {Name: REDIS_SSL, Value: \"true\"}
";
    let worked_out = "?a value that is worked out where it is deployed @ stack.yaml:9";
    is(
        beside("stack.yaml", stack),
        ["1.80.0", worked_out, "true @ stack.yaml:12", &worked_out.replace(":9", ":11")],
    );
    let terraform = "\
resource \"aws_ecs_task_definition\" \"gateway\" {
  container_definitions = jsonencode([{
    name = \"litellm\"
    image = \"ghcr.io/berriai/litellm:v1.80.0-stable\"
    environment = [
      { name = \"REDIS_HOST\", value = aws_elasticache.x.address },
      { name = \"REDIS_SSL\", value = \"True\" }
    ]
  }])
}
";
    is(
        beside("main.tf", terraform),
        ["1.80.0", "?what aws_elasticache.x.address is @ main.tf:6", "True @ main.tf:7", "-"],
    );
}

#[test]
fn platforms() {
    let knative = "\
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - image: ghcr.io/berriai/litellm:v1.80.0-stable
          env:
            - {name: REDIS_HOST, value: r.example.com}
            - {name: REDIS_SSL, value: \"true\"}
";
    let host = |place: &str| format!("r.example.com @ {place}");
    is(beside("run.yaml", knative), ["1.80.0", &host("run.yaml:10"), "true @ run.yaml:11", "-"]);
    let bicep = "\
resource app 'Microsoft.App/containerApps@2023-05-01' = {
  properties: { template: { containers: [ {
    image: 'ghcr.io/berriai/litellm:v1.80.0-stable'
    env: [
      { name: 'REDIS_HOST'
        value: 'r.example.com' }
      { name: 'REDIS_SSL'
        secretRef: 'tls' }
    ] } ] } } }
";
    is(
        beside("app.bicep", bicep),
        ["1.80.0", &host("app.bicep:6"), "?the secret tls @ app.bicep:8", "-"],
    );
    let render = "\
services:
  - type: web
    name: litellm
    runtime: image
    image:
      url: ghcr.io/berriai/litellm:v1.80.0-stable
    envVars:
      - key: REDIS_HOST
        fromService: {type: keyvalue, name: r, property: host}
      - key: REDIS_SSL
        value: \"true\"
";
    is(
        beside("render.yaml", render),
        ["1.80.0", "?fromService, out of sight @ render.yaml:9", "true @ render.yaml:11", "?"],
    );
    let fly = "\
[build]
image = \"ghcr.io/berriai/litellm:v1.80.0-stable\"
[env]
REDIS_HOST = \"r.example.com\"
REDIS_SSL = \"true\"
";
    is(beside("fly.toml", fly), ["1.80.0", &host("fly.toml:4"), "true @ fly.toml:5", "?"]);
    let nomad = "\
job \"llm\" {
  group \"g\" {
    task \"litellm\" {
      driver = \"docker\"
      config { image = \"ghcr.io/berriai/litellm:v1.80.0-stable\" }
      env {
        REDIS_HOST = \"r.example.com\"
        REDIS_SSL = \"true\"
      }
    }
  }
}
";
    is(beside("llm.nomad", nomad), ["1.80.0", &host("llm.nomad:7"), "true @ llm.nomad:8", "-"]);
    let heroku = "{\"name\": \"x\", \"env\": {\"REDIS_HOST\": {\"value\": \"r.example.com\"},\n \
        \"REDIS_SSL\": \"true\", \"REDIS_PORT\": {\"required\": true}}}";
    is(
        beside("app.json", heroku),
        [
            "1.110.2",
            &host("app.json:1"),
            "true @ app.json:2",
            "?a value that is worked out where it is deployed @ app.json:2",
        ],
    );
    let devcontainer = "{\n  // the gateway\n\t\"image\": \"ghcr.io/berriai/litellm:v1.80.0-stable\",\n  \
        \"containerEnv\": {\"REDIS_HOST\": \"r.example.com\"},\n}\n";
    is(
        beside("devcontainer.json", devcontainer),
        ["1.80.0", &host("devcontainer.json:4"), "-", "-"],
    );
}

#[test]
fn hosts_of_ones_own() {
    let unit = "\
[Unit]
Description=gateway
[Service]
Environment=REDIS_HOST=r.example.com REDIS_SSL=true
Environment=\"REDIS_PORT=6380\"
EnvironmentFile=/etc/litellm/env
ExecStart=/opt/venv/bin/litellm --config /etc/litellm/config.yaml
";
    is(
        beside("litellm.service", unit),
        [
            "1.110.2",
            "r.example.com @ litellm.service:4",
            "true @ litellm.service:4",
            "6380 @ litellm.service:5",
        ],
    );
    let texts = [("config.yaml", CONFIG), ("litellm.service", unit)];
    assert_eq!(variable(&only(&texts), &texts, "REDIS_PASSWORD"), "?");
    let quadlet = "\
[Container]
Image=ghcr.io/berriai/litellm:v1.80.0-stable
Environment=REDIS_HOST=r.example.com
EnvironmentFile=/etc/litellm/env
";
    is(beside("q.container", quadlet), ["1.80.0", "r.example.com @ q.container:3", "?", "?"]);
    let nix = "{ services.litellm = { enable = true;\n environment = { REDIS_HOST = \"r.example.com\"; REDIS_SSL = \"true\"; }; }; }";
    is(
        beside("gateway.nix", nix),
        ["1.110.2", "r.example.com @ gateway.nix:2", "true @ gateway.nix:2", "?"],
    );
    let run = "\
#!/bin/sh
docker run -d --rm -p 4000:4000 \\
  -e REDIS_HOST=r.example.com -e REDIS_SSL=true -e \"REDIS_PORT=$PORT\" \\
  ghcr.io/berriai/litellm:v1.80.0-stable --config /app/config.yaml
";
    is(
        beside("run.sh", run),
        [
            "1.80.0",
            "r.example.com @ run.sh:3",
            "true @ run.sh:3",
            "?what the shell fills in @ run.sh:3",
        ],
    );
    let inspect = r#"[{"Config":{"Image":"ghcr.io/berriai/litellm:v1.80.0-stable","Env":["REDIS_HOST=r.example.com","REDIS_SSL=true"]}}]"#;
    is(
        beside("inspect.json", inspect),
        ["1.80.0", "r.example.com @ inspect.json:1", "true @ inspect.json:1", "-"],
    );
    let envrc = "export REDIS_HOST=r.example.com\nexport REDIS_SSL=true\n";
    is(beside(".envrc", envrc), ["1.110.2", "r.example.com @ .envrc:1", "true @ .envrc:2", "?"]);
    is(
        beside(".env", "REDIS_HOST=r.example.com\n"),
        ["1.110.2", "r.example.com @ .env:1", "?", "?"],
    );
}

#[test]
fn compose_files() {
    let compose = "\
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.88.0
    env_file: [.env]
    environment:
      REDIS_SSL: ${TLS:-true}
      REDIS_PORT: \"$PORT\"
";
    let texts = [
        ("config.yaml", CONFIG),
        ("compose.yaml", compose),
        (".env", "REDIS_HOST=r.example.com\nPORT=6380\n"),
    ];
    let found = only(&texts);
    assert_eq!(release(&report(&found, &texts)), "1.88.0");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ .env:1");
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "6380 @ compose.yaml:7");
    assert_eq!(variable(&found, &texts, "REDIS_SSL"), "?TLS where compose runs @ compose.yaml:6");
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "-", "the image's own environment is known");
    // Without the file, all of it may be set.
    is(
        beside("compose.yaml", compose),
        [
            "1.88.0",
            "?",
            "?TLS where compose runs @ compose.yaml:6",
            "?PORT where compose runs @ compose.yaml:7",
        ],
    );
    let mirror = "services:\n  litellm:\n    image: registry.corp.example/mirror/litellm-database:1.80.0\n    environment: {REDIS_HOST: h}\n";
    is(beside("compose.yaml", mirror), ["1.80.0", "h @ compose.yaml:4", "?", "?"]);
    let anchors = "\
x-base: &base
  image: ghcr.io/berriai/litellm-database:main-v1.65.0-stable
  environment:
    - REDIS_URL=${GATEWAY_REDIS_URL:-${PROTOCOL:-redis}://:${PASSWORD}@${HOST:-r}:6379}
services:
  litellm:
    <<: *base
    profiles: [self-hosted]
";
    let texts = [("config.yaml", CONFIG), ("compose.yaml", anchors)];
    let found = only(&texts);
    assert_eq!(release(&report(&found, &texts)), "1.65.0");
    assert_eq!(
        variable(&found, &texts, "REDIS_URL"),
        "?GATEWAY_REDIS_URL where compose runs @ compose.yaml:4"
    );
}

#[test]
fn compose_projects() {
    let base = "\
services:
  litellm:
    extends: {file: common.yaml, service: base}
    volumes: [\"./conf/gateway.yaml:/app/config.yaml:ro\"]
    command: [\"--config\", \"/app/config.yaml\"]
  redis:
    image: redis:7
    command: redis-server --requirepass s3cr3t-value
";
    let common = "services:\n  base:\n    image: ghcr.io/berriai/litellm:${TAG:-v1.80.0-stable}\n    environment: [REDIS_HOST=redis]\n";
    let over =
        "services:\n  litellm:\n    environment: {REDIS_HOST: other}\n    deploy: {replicas: 3}\n";
    let texts = [
        ("stack/docker-compose.yml", base),
        ("stack/docker-compose.override.yml", over),
        ("stack/common.yaml", common),
        ("stack/conf/gateway.yaml", CONFIG),
        ("other/config.yaml", CONFIG),
    ];
    let found = all(&texts);
    let of = |config: usize| {
        let all: Vec<_> = found.found.iter().filter(|one| one.config == config).collect();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0]
    };
    let main = of(3);
    assert_eq!(main.replicas, Some(3));
    assert!(matches!(&main.link, Link::Named(how) if how.contains("stack/conf/gateway.yaml")));
    assert_eq!(release(&report(main, &texts)), "1.80.0");
    assert_eq!(variable(main, &texts, "REDIS_HOST"), "other @ stack/docker-compose.override.yml:3");
    assert_eq!(of(4).link, Link::Alone);
}

#[test]
fn variants_lie_over_the_base() {
    let base = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0\n    volumes: [./config.yaml:/app/config.yaml]\n    command: [--config, /app/config.yaml]\n    environment: {REDIS_HOST: dev, REDIS_PORT: \"6380\"}\n";
    let prod = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.93.0\n    environment: {REDIS_HOST: prod}\n";
    let texts =
        [("config.yaml", CONFIG), ("docker-compose.yml", base), ("docker-compose.prod.yml", prod)];
    let found = all(&texts);
    assert!(found.unclaimed.is_empty(), "{:?}", found.unclaimed);
    let of = |name: &str| found.found.iter().find(|one| one.name.starts_with(name)).expect("one");
    let prod = of("docker-compose.prod.yml");
    assert_eq!(release(&report(prod, &texts)), "1.93.0");
    assert_eq!(variable(prod, &texts, "REDIS_HOST"), "prod @ docker-compose.prod.yml:4");
    assert_eq!(variable(prod, &texts, "REDIS_PORT"), "6380 @ docker-compose.yml:6");
    let base = of("docker-compose.yml");
    assert_eq!(variable(base, &texts, "REDIS_HOST"), "dev @ docker-compose.yml:6");
}

#[test]
fn what_surrounds_a_project() {
    let texts = [
        (
            "proj/compose.yml",
            "services:\n  litellm:\n    image: docker.litellm.ai/berriai/litellm:v1.80.0-stable\n    environment: {REDIS_HOST: h}\n",
        ),
        ("proj/requirements.txt", "litellm==1.80.0\nredis==5.2.1\n"),
        ("proj/config/Dockerfile", "FROM ghcr.io/berriai/litellm:v1.80.0-stable\n"),
        (
            "proj/config/pyproject.toml",
            "[project]\nname = \"x\"\ndependencies=[\"litellm[proxy]==1.80.0\"]\n",
        ),
        ("proj/config/config.yaml", CONFIG),
    ];
    let found = all(&texts);
    for one in &found.found {
        let checked = report(one, &texts);
        assert_eq!(
            (release(&checked), checked.pair.redis_py.to_string()),
            ("1.80.0".to_owned(), "5.2.1".to_owned())
        );
    }
    // Without an image, the lock files around say it.
    let lone = [texts[1], texts[3], texts[4]];
    let checked = report(&only(&lone), &lone);
    assert_eq!(release(&checked), "1.80.0");
    assert_eq!(checked.pair.redis_py.to_string(), "5.2.1");
}

#[test]
fn dockerfiles() {
    let dockerfile = "\
ARG VERSION=v1.80.0-stable
FROM ghcr.io/berriai/litellm:${VERSION} AS base
ENV REDIS_HOST=r.example.com \\
    REDIS_SSL=\"true\"
FROM base
COPY gateway.yaml /app/config.yaml
CMD [\"--config\", \"/app/config.yaml\"]
";
    let texts = [("Dockerfile", dockerfile), ("gateway.yaml", CONFIG), ("sub/config.yaml", CONFIG)];
    let found = all(&texts);
    let main = found.found.iter().find(|one| one.config == 1).expect("the config");
    assert_eq!(release(&report(main, &texts)), "1.80.0");
    assert_eq!(variable(main, &texts, "REDIS_SSL"), "true @ Dockerfile:4");
    let pip = "FROM python:3.12\nRUN pip install 'litellm[proxy]==1.81.0' \\\n  redis==5.2.1\nCMD litellm --config config.yaml\n";
    let texts = [("Dockerfile", pip), ("config.yaml", CONFIG)];
    let checked = report(&only(&texts), &texts);
    assert_eq!(release(&checked), "1.81.0");
    assert_eq!(checked.pair.redis_py.to_string(), "5.2.1");
    let compose = "services:\n  proxy:\n    build: {context: .., dockerfile: docker/Dockerfile}\n    environment: {REDIS_PORT: 6380}\n";
    let texts = [
        ("deploy/compose.yaml", compose),
        ("docker/Dockerfile", dockerfile),
        ("gateway.yaml", CONFIG),
    ];
    let found = only(&texts);
    assert_eq!(release(&report(&found, &texts)), "1.80.0");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ docker/Dockerfile:3");
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "6380 @ deploy/compose.yaml:4");
}

/// Configs that another program fills in: what it fills in is unknown, the rest is read.
#[test]
fn configs_that_are_filled_in() {
    let terraform = "\
resource \"kubernetes_config_map\" \"litellm\" {
  data = {
    \"config.yaml\" = <<-EOT
      litellm_settings:
        cache: true
        cache_params:
          type: redis
          host: ${kubernetes_service.redis.metadata[0].name}.svc
          port: 6390
    EOT
  }
}
resource \"kubernetes_deployment\" \"litellm\" {
  spec {
    template {
      spec {
        container {
          name  = \"litellm\"
          image = \"ghcr.io/berriai/litellm:v1.80.0-stable\"
          env {
            name  = \"REDIS_SSL\"
            value = \"True\"
          }
        }
      }
    }
  }
}
";
    let tpl = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm}
data:
  config.yaml: |
    model_list:
${model_list}
    litellm_settings:
      cache: true
      cache_params: {type: redis, host: \"${redis_host}\", port: 6390}
";
    let jinja = "\
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: {{ redis_host }}
{% if tls %}
    ssl: true
{% endif %}
    port: 6390
";
    let nomad = "\
job \"litellm\" {
  group \"g\" {
    task \"litellm\" {
      config { image = \"ghcr.io/berriai/litellm:v1.80.0-stable\" }
      template {
        data        = <<EOF
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: {{ env \"NOMAD_IP_redis\" }}
    port: 6390
EOF
        destination = \"local/config.yaml\"
      }
    }
  }
}
";
    let files = [
        ("main.tf", terraform),
        ("map.yaml.tpl", tpl),
        ("config.yaml.j2", jinja),
        ("litellm.nomad", nomad),
    ];
    for (name, text) in files {
        let texts = [(name, text)];
        let found = only(&texts);
        let checked = report(&found, &texts);
        let client = checked.outcome.clients.first().unwrap_or_else(|| panic!("{name}: a client"));
        let connection = client.connection.as_ref().expect("known");
        let port = redproof_core::python::convert::repr(&connection.port.value).expect("an int");
        assert_eq!(port, "6390", "{name}");
        assert!(matches!(connection.host.value.data, Data::Unknown(_)), "{name}: host");
        if name == "main.tf" {
            assert_eq!(release(&checked), "1.80.0");
            assert_eq!(variable(&found, &texts, "REDIS_SSL"), "True @ main.tf:22");
        }
    }
}

/// A `ConfigMap` as `kubectl get` prints it: the config is in quotes.
#[test]
fn configs_in_quotes() {
    let list = r#"{"apiVersion": "v1", "kind": "List", "items": [
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "litellm"}, "data": {
"config.yaml": "litellm_settings:\n  cache: true\n  cache_params:\n    type: \"redis\"\n    host: r.example.com\n    port: 6390\n    redis_ssl: true\n"}},
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "litellm"}, "spec": {"template": {"spec": {
"containers": [{"name": "litellm", "image": "ghcr.io/berriai/litellm:v1.80.0-stable", "args": ["--config", "/app/config.yaml"],
"volumeMounts": [{"name": "c", "mountPath": "/app"}]}], "volumes": [{"name": "c", "configMap": {"name": "litellm"}}]}}}}]}
"#;
    let map = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm}
data:
  config.yaml: \"litellm_settings:\\n  cache: true\\n  cache_params:\\n    type: redis\\n
    \\   host: r.example.com\\n    redis_ssl: true\\n\"
";
    for (name, text, pinned) in [("list.json", list, "1.80.0"), ("map.yaml", map, "")] {
        let texts = [(name, text)];
        let checked = report(&only(&texts), &texts);
        assert!(pinned.is_empty() || release(&checked) == pinned);
        let found = checked.diagnostics.iter().find(|found| found.code == "RP103");
        let found = found.unwrap_or_else(|| panic!("{name}: {:?}", checked.diagnostics));
        let span = found.primary.span.expect("a place");
        assert_eq!(&text[span.range()], "redis_ssl", "{name}");
        assert!(redproof_core::offered(&checked, found).is_none(), "{name}: nothing to edit");
    }
}

#[test]
fn another_programs_config_is_none() {
    let vector = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: v}\ndata:\n  vector.toml: |\n    [api]\n    enabled = true\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: v}\nspec: {template: {spec: {volumes: [{name: c, configMap: {name: v}}], containers: [{name: v, image: 'timberio/vector:0.40', args: [--config, /etc/vector/vector.toml], volumeMounts: [{name: c, mountPath: /etc/vector}]}]}}}\n";
    assert!(all(&[("v.yaml", vector)]).found.is_empty());
    // What LiteLLM itself is told to read is its config, whatever it holds.
    let litellm = vector.replace("timberio/vector:0.40", "ghcr.io/berriai/litellm:v1.80.0-stable");
    assert_eq!(all(&[("v.yaml", &litellm)]).found.len(), 1);
}
