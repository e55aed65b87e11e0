//! Repositories as people keep them: NixOS, programs, playbooks and scripts that write files.

use crate::kept::{Kept, held};

const ALL: &[Kept] = &[
    Kept {
        name: "nix-oci",
        files: &[
            (
                "hosts/a/litellm.nix",
                r#"{ config, pkgs, lib, ... }:
let
  port = 4000;
  image = "ghcr.io/berriai/litellm:main-v1.80.0-stable";
in {
  config = lib.mkIf config.my.ai.enable {
    virtualisation.oci-containers.containers.litellm = {
      image = image;
      volumes = [ "${./config.yaml}:/app/config.yaml:ro" ];
      cmd = [ "--config" "/app/config.yaml" ];
      environment = { REDIS_HOST = "cache"; REDIS_PORT = toString 6380; };
      environmentFiles = [ config.sops.secrets.x.path ];
    };
  };
}
"#,
            ),
            (
                "hosts/a/config.yaml",
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
        config: "hosts/a/config.yaml",
        runs: "",
        is_named: true,
        release: "1.80.0",
        variables: &[("REDIS_HOST", "cache"), ("REDIS_PORT", "6380")],
        replicas: None,
    },
    Kept {
        name: "nix-service",
        files: &[(
            "litellm.nix",
            r#"{ config, lib, pkgs, ... }:
let cfg = config.services.my; in
{
  config = lib.mkIf cfg.enable {
    services.litellm = {
      enable = true;
      environment = { REDIS_HOST = lib.mkForce "h"; };
      environmentFile = "/run/secrets/x";
      settings = lib.mkDefault {
        litellm_settings = { cache = true; cache_params = { type = "redis"; host = "os.environ/REDIS_HOST"; }; };
      };
    };
  };
}
"#,
        )],
        config: "litellm.nix",
        runs: "",
        is_named: true,
        release: "",
        variables: &[("REDIS_HOST", "h")],
        replicas: None,
    },
    Kept {
        name: "nix-systemd",
        files: &[
            (
                "m/litellm.nix",
                r#"{ pkgs, ... }: {
  systemd.services.litellm = {
    environment = { REDIS_HOST = "h"; };
    serviceConfig = {
      ExecStart = "${pkgs.litellm}/bin/litellm --config /etc/litellm/config.yaml --num_workers 2";
      EnvironmentFile = "/etc/litellm/env";
    };
  };
  environment.etc."litellm/config.yaml".source = ./litellm-config.yaml;
}
"#,
            ),
            (
                "m/litellm-config.yaml",
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
        config: "m/litellm-config.yaml",
        runs: "",
        is_named: true,
        release: "",
        variables: &[("REDIS_HOST", "h")],
        replicas: None,
    },
    Kept {
        name: "nix-docker-run",
        files: &[
            (
                "n/l.nix",
                r"{ config, pkgs, ... }:
{
  systemd.services.litellm = {
    serviceConfig = {
      ExecStart = ''
        ${pkgs.docker}/bin/docker run --rm \
          -v ${./config.yaml}:/app/config.yaml \
          -e REDIS_HOST=cache -e REDIS_PASSWORD=${config.x} \
          ghcr.io/berriai/litellm:v1.85.0 --config /app/config.yaml
      '';
    };
  };
}
",
            ),
            (
                "n/config.yaml",
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
        config: "n/config.yaml",
        runs: "",
        is_named: true,
        release: "1.85.0",
        variables: &[("REDIS_HOST", "cache"), ("REDIS_PASSWORD", "?")],
        replicas: None,
    },
    Kept {
        name: "cdk-ts",
        files: &[
            (
                "infra/lib/litellm-stack.ts",
                "import * as ecs from 'aws-cdk-lib/aws-ecs';
export class S { constructor() {
    // --- Container ---
    taskDefinition.addContainer('litellm', {
      image: ecs.ContainerImage.fromRegistry('ghcr.io/berriai/litellm:v1.85.0'),
      portMappings: [{ containerPort: 4000, protocol: ecs.Protocol.TCP }],
      logging: ecs.LogDrivers.awsLogs({ logGroup, streamPrefix: 'litellm' }),
      secrets: { REDIS_PASSWORD: ecs.Secret.fromSecretsManager(props.s!, 'password') },
      environment: {
        REDIS_HOST: props.redis.attrPrimaryEndPointAddress,
        REDIS_PORT: '6380',
        REDIS_SSL: `True`,
        REDIS_URL2: `rediss://${props.x}`,
      },
      command: ['--config', '/app/config.yaml'],
    });
    new ecs.FargateService(this, 's', { taskDefinition, desiredCount: 2 });
} }
",
            ),
            (
                "infra/config.yaml",
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
        config: "infra/config.yaml",
        runs: "",
        is_named: false,
        release: "1.85.0",
        variables: &[
            ("REDIS_HOST", "?"),
            ("REDIS_PORT", "6380"),
            ("REDIS_SSL", "True"),
            ("REDIS_PASSWORD", "?"),
        ],
        replicas: Some(2),
    },
    Kept {
        name: "cdk-py",
        files: &[
            (
                "cdk/gateway_stack.py",
                r#"from aws_cdk import aws_ecs as ecs
class S:
    def __init__(self):
        task.add_container(
            "litellm",
            image=ecs.ContainerImage.from_registry("ghcr.io/berriai/litellm:main-v1.80.0-stable"),
            environment={"REDIS_HOST": redis.attr_redis_endpoint_address, "REDIS_PORT": "6379"},
            secrets={"REDIS_PASSWORD": ecs.Secret.from_secrets_manager(secret, "p")},
            command=["--config", "/app/config.yaml"],
        )
"#,
            ),
            (
                "cdk/config.yaml",
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
        config: "cdk/config.yaml",
        runs: "",
        is_named: false,
        release: "1.80.0",
        variables: &[("REDIS_HOST", "?"), ("REDIS_PORT", "6379"), ("REDIS_PASSWORD", "?")],
        replicas: None,
    },
    Kept {
        name: "cdk-ts-unknown-env",
        files: &[
            (
                "lib/litellm-stack.ts",
                "const env: Record<string, string> = { A: 'b' };
t.addContainer('litellm', { image: ecs.ContainerImage.fromAsset(path.join(__dirname, '../docker')), environment: env });
",
            ),
            (
                "docker/Dockerfile",
                r#"FROM ghcr.io/berriai/litellm:v1.83.3-stable
COPY config.yaml /app/config.yaml
CMD ["--config","/app/config.yaml"]
"#,
            ),
            (
                "docker/config.yaml",
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
        config: "docker/config.yaml",
        runs: "",
        is_named: true,
        release: "1.83.3",
        variables: &[],
        replicas: None,
    },
    Kept {
        name: "ansible-blockinfile",
        files: &[
            (
                "roles/litellm/tasks/main.yml",
                r#"- name: config
  ansible.builtin.copy: {src: config.yml, dest: /srv/litellm/config.yml}
- name: unit
  ansible.builtin.blockinfile:
    path: /etc/compose.yml
    block: |
      litellm:
        image: ghcr.io/berriai/litellm:v1.85.0
        volumes:
          - /srv/litellm/config.yml:/app/config.yml:ro
        environment:
          - REDIS_HOST=redis
          - REDIS_PASSWORD={{ redis_password }}
        command: ["--config", "/app/config.yml"]
"#,
            ),
            (
                "roles/litellm/files/config.yml",
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
        config: "roles/litellm/files/config.yml",
        runs: "",
        is_named: true,
        release: "1.85.0",
        variables: &[("REDIS_HOST", "redis"), ("REDIS_PASSWORD", "?")],
        replicas: None,
    },
    Kept {
        name: "heredoc-unit",
        files: &[(
            "install.sh",
            "#!/usr/bin/env bash
pip install 'litellm[proxy]==1.80.0'
cat > /opt/litellm/config.yaml << 'EOF'
model_list:
- model_name: a
  litellm_params: {model: openai/a}
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/REDIS_HOST
    password: os.environ/REDIS_PASSWORD
EOF
cat > /etc/systemd/system/litellm.service << 'EOF'
[Service]
Environment=REDIS_HOST=10.0.0.1
Environment=REDIS_PORT=6379
ExecStart=/usr/local/bin/litellm --config /opt/litellm/config.yaml --num_workers 4
EOF
systemctl enable litellm
",
        )],
        config: "install.sh",
        runs: "",
        is_named: true,
        release: "1.80.0",
        variables: &[("REDIS_HOST", "10.0.0.1"), ("REDIS_PORT", "6379")],
        replicas: None,
    },
    Kept {
        name: "cloud-init",
        files: &[(
            "user-data.yaml",
            r#"#cloud-config
write_files:
- path: /opt/litellm/config.yaml
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
- path: /opt/litellm/docker-compose.yml
  content: |
    services:
      litellm:
        image: ghcr.io/berriai/litellm:v1.83.3-stable
        volumes: ["/opt/litellm/config.yaml:/app/config.yaml"]
        command: ["--config", "/app/config.yaml"]
        environment: {REDIS_HOST: r}
"#,
        )],
        config: "user-data.yaml",
        runs: "",
        is_named: true,
        release: "1.83.3",
        variables: &[("REDIS_HOST", "r")],
        replicas: None,
    },
    Kept {
        name: "heredoc-compose-filled-in",
        files: &[(
            "user-data.sh",
            r#"#!/bin/bash
cat > /opt/litellm/config.yaml <<'YAML'
litellm_settings:
  cache: true
  cache_params: {type: redis, host: os.environ/REDIS_HOST, password: os.environ/REDIS_PASSWORD}
YAML
cat > /opt/litellm/docker-compose.yml <<EOF
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.87.0
    command: --config /app/config.yaml
    environment:
      REDIS_HOST: ${REDIS_ENDPOINT}
      REDIS_PORT: "6379"
      REDIS_PASSWORD: $(aws ssm get-parameter --name /redis --query Parameter.Value)
    volumes:
      - /opt/litellm/config.yaml:/app/config.yaml
EOF
docker compose -f /opt/litellm/docker-compose.yml up -d
"#,
        )],
        config: "user-data.sh",
        runs: "",
        is_named: true,
        release: "1.87.0",
        variables: &[("REDIS_HOST", "?"), ("REDIS_PORT", "6379"), ("REDIS_PASSWORD", "?")],
        replicas: None,
    },
    Kept {
        name: "cloudformation-image-of-a-parameter",
        files: &[
            (
                "template.yaml",
                r#"Parameters:
  Tag: {Type: String, Default: main-v1.82.3-stable}
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: litellm
          Image: !Sub "ghcr.io/berriai/litellm:${Tag}"
          Command: [--config, /app/config.yaml]
          Environment:
            - {Name: REDIS_HOST, Value: !GetAtt Cache.PrimaryEndPoint.Address}
            - {Name: REDIS_SSL, Value: "True"}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, DesiredCount: 2}
"#,
            ),
            (
                "config.yaml",
                "litellm_settings:
  cache: true
  cache_params: {type: redis, host: os.environ/REDIS_HOST}
",
            ),
        ],
        config: "config.yaml",
        runs: "template.yaml",
        is_named: false,
        release: "1.82.3",
        variables: &[("REDIS_HOST", "?"), ("REDIS_SSL", "True")],
        replicas: Some(2),
    },
];

#[test]
fn all_are_read_as_they_run() {
    held(ALL);
}

/// What the shell fills in is not what is written.
#[test]
fn a_config_that_a_shell_fills_in_holds_unknown_values() {
    let files = [(
        "setup.sh",
        "#!/bin/bash\ncat > config.yaml <<EOF\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: ${HOST}\n    port: 6380\nEOF\nlitellm --config config.yaml\n",
    )];
    let one = crate::common::only(&files);
    let report = crate::common::report(&one, &files);
    let connection = report.outcome.clients[0].connection.as_ref().expect("built");
    let host = &connection.host.value.data;
    assert!(matches!(host, redproof_core::python::Data::Unknown(_)));
    assert!(
        matches!(&connection.port.value.data, redproof_core::python::Data::Int(port) if port.to_string() == "6380")
    );
}
