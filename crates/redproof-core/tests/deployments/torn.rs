//! Files that end anywhere, or hold something else than their names say.

use crate::common::all;

const TEXTS: [(&str, &str); 9] = [
    (
        "compose.yaml",
        "services:\n  litellm:\n    image: \"ghcr.io/berriai/litellm:${TAG:-v1.80.0}\"\n    env_file: [{path: é.env, required: false}]\n    environment: [\"A=${B:-${C}}\", D]\n    configs: [{source: c, target: /app/config.yaml}]\nconfigs:\n  c:\n    content: |\n      litellm_settings: {cache: true}\n",
    ),
    (
        "app.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: é}\nspec:\n  source:\n    helm:\n      values: |\n        image: {tag: v1.80.0}\n        envVars: {A: b}\n        proxy_config:\n          litellm_settings: {cache: true}\n",
    ),
    (
        "main.tf",
        "resource \"x\" \"y\" {\n  a = jsonencode([{ image = \"ghcr.io/berriai/litellm:v1.80.0\", environment = [{ name = \"A\", value = \"${b}é\" }] }])\n  c = <<-EOT\n    é\n  EOT\n}\n",
    ),
    (
        "stack.yaml",
        "Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    ContainerDefinitions:\n      - Image: !Sub \"é/litellm:${V}\"\n        Environment: [{Name: A, Value: !Ref B}]\n",
    ),
    (
        "Dockerfile",
        "ARG V=1\nFROM litellm:${V} AS é\nENV A=\"é\" \\\n # c\n B=c\nRUN pip install 'litellm==1.80.0'\nCMD [\"--config\", \"é\"]\n",
    ),
    (
        "x.service",
        "[Service]\nEnvironment=\"A=é\" \\\n B=c\nEnvironmentFile=-é\nExecStart=docker run -e A=é litellm:1.80.0\n",
    ),
    (
        "run.sh",
        "export A='é'\ndocker run --name=é -e \"A=$B\" -v \"$PWD/é:/app\" litellm:1.80.0 --config é\n",
    ),
    (
        "kustomization.yaml",
        "resources: [é.yaml]\nconfigMapGenerator: [{name: é, literals: ['a=\"é'], envs: [.env]}]\npatches:\n  - patch: |-\n      kind: Deployment\n      apiVersion: v1\n",
    ),
    (
        "devcontainer.json",
        "{\n\t// é\n\t\"image\": \"litellm:1.80.0\", \"containerEnv\": {\"A\": \"é\\\"\"},\n}\n",
    ),
];

#[test]
fn files_that_end_anywhere_are_read_to_their_end() {
    for (name, text) in TEXTS {
        for (at, _) in text.char_indices() {
            all(&[(name, &text[..at]), ("config.yaml", "litellm_settings: {cache: true}\n")]);
            all(&[(name, &text[at..])]);
        }
    }
}

#[test]
fn names_that_say_something_else_do_no_harm() {
    for (name, _) in TEXTS {
        for (_, text) in TEXTS {
            all(&[(name, text)]);
        }
    }
}
