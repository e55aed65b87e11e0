//! Containers of platforms and of docker itself: what they mount, set and reach.

use redproof_core::deployment::{Localhost, Reach};
use redproof_core::environment::Lookup;

use crate::common::{CONFIG, only, release, report, variable};

const IMAGE: &str = "ghcr.io/berriai/litellm:v1.80.0-stable";

#[test]
fn containers_of_a_task_share_its_network() {
    for (network, localhost, reach) in [
        ("\"networkMode\": \"awsvpc\"", Localhost::Others, Reach::AtLocalhost),
        ("\"requiresCompatibilities\": [\"FARGATE\"]", Localhost::Others, Reach::AtLocalhost),
        ("\"networkMode\": \"bridge\"", Localhost::Itself, Reach::ByName),
    ] {
        let task = format!(
            "{{\"family\": \"llm\", {network}, \"containerDefinitions\": [{{\"name\": \"litellm\", \"image\": \"{IMAGE}\"}}, {{\"name\": \"redis\", \"image\": \"redis:7\"}}]}}"
        );
        let texts = [("config.yaml", CONFIG), ("task-definition.json", task.as_str())];
        let container = only(&texts).gathered().container.expect("a container");
        assert_eq!(container.network.localhost, localhost, "{network}");
        assert_eq!(container.servers[0].reach, reach, "{network}");
    }
    let nomad = format!(
        "job \"llm\" {{\n  group \"llm\" {{\n    network {{\n      mode = \"bridge\"\n    }}\n    task \"litellm\" {{\n      driver = \"docker\"\n      config {{\n        image = \"{IMAGE}\"\n      }}\n    }}\n    task \"redis\" {{\n      config {{\n        image = \"redis:7\"\n      }}\n    }}\n  }}\n}}\n"
    );
    let texts = [("config.yaml", CONFIG), ("llm.nomad", nomad.as_str())];
    let container = only(&texts).gathered().container.expect("a container");
    assert_eq!(container.network.localhost, Localhost::Others);
    assert_eq!(container.servers[0].reach, Reach::AtLocalhost);
}

#[test]
fn a_nomad_tasks_templates_are_its_files_and_its_variables() {
    let nomad = format!(
        "job \"llm\" {{\n  group \"llm\" {{\n    task \"litellm\" {{\n      driver = \"docker\"\n      config {{\n        image = \"{IMAGE}\"\n        args = [\"--config\", \"/app/config.yaml\"]\n        volumes = [\"local/config.yaml:/app/config.yaml\"]\n      }}\n      template {{\n        destination = \"local/config.yaml\"\n        data = <<EOT\n{CONFIG}EOT\n      }}\n      template {{\n        destination = \"secrets/env\"\n        env = true\n        data = <<EOT\n{{{{ range service \"redis\" }}}}\nREDIS_HOST={{{{ .Address }}}}\n{{{{ end }}}}\nREDIS_PORT=6380\nEOT\n      }}\n    }}\n  }}\n}}\n"
    );
    let texts = [("llm.nomad", nomad.as_str())];
    let found = only(&texts);
    assert!(matches!(found.link, redproof_core::deployment::Link::Named(_)), "{:?}", found.link);
    assert!(variable(&found, &texts, "REDIS_HOST").starts_with("?a value"), "{nomad}");
    assert!(variable(&found, &texts, "REDIS_PORT").starts_with("6380 @ llm.nomad:"), "{nomad}");
    assert_eq!(variable(&found, &texts, "REDIS_SSL"), "-");
}

#[test]
fn a_unit_that_runs_docker_gives_it_only_what_the_command_line_names() {
    let unit = format!(
        "[Service]\nEnvironment=REDIS_HOST=h REDIS_PORT=6380\nExecStart=/usr/bin/docker run --rm -e REDIS_HOST {IMAGE} --config /app/config.yaml\n"
    );
    let texts = [("config.yaml", CONFIG), ("litellm.service", unit.as_str())];
    let found = only(&texts);
    assert!(variable(&found, &texts, "REDIS_HOST").starts_with("h @"));
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "-");
}

#[test]
fn a_redis_that_docker_or_podman_starts_is_a_neighbor() {
    let script = format!(
        "docker run -d --name cache --network llm redis:7 redis-server --requirepass x\ndocker run --network llm {IMAGE} --config /app/config.yaml\n"
    );
    let llm = format!("[Container]\nImage={IMAGE}\nNetwork=llm.network\n");
    let redis = "[Container]\nImage=docker.io/library/redis:7\nContainerName=cache\nNetwork=llm.network\nExec=redis-server --requirepass x\n";
    for texts in [
        &[("config.yaml", CONFIG), ("run.sh", script.as_str())][..],
        &[("config.yaml", CONFIG), ("litellm.container", llm.as_str()), ("redis.container", redis)],
    ] {
        let container = only(texts).gathered().container.expect("a container");
        let [server] = container.servers.as_slice() else { panic!("{:?}", container.servers) };
        assert!(server.hosts.contains(&"cache".to_owned()), "{:?}", server.hosts);
        assert_eq!(server.option("--requirepass"), Some("x"));
        assert_eq!(container.network.localhost, Localhost::Itself);
    }
}

#[test]
fn what_is_set_by_hand_is_not_known() {
    let fly = format!("app = 'llm'\n[build]\nimage = '{IMAGE}'\n[env]\nREDIS_HOST = 'h'\n");
    let render = format!(
        "services:\n- type: web\n  name: litellm\n  image: {{url: '{IMAGE}'}}\n  envVars: [{{key: REDIS_HOST, value: h}}]\n"
    );
    for (name, text) in [("fly.toml", &fly), ("render.yaml", &render)] {
        let texts = [("config.yaml", CONFIG), (name, text.as_str())];
        let found = only(&texts);
        assert!(variable(&found, &texts, "REDIS_HOST").starts_with("h @"), "{name}");
        let environment = &found.around.environment;
        assert!(matches!(environment.lookup("REDIS_PASSWORD"), Lookup::NotGiven), "{name}");
    }
}

#[test]
fn docker_inspect_names_the_image_below_its_id() {
    let inspect = format!(
        "[{{\"Id\": \"1\", \"Image\": \"sha256:0123\", \"Args\": [\"--config\", \"/app/config.yaml\"], \"Mounts\": [{{\"Type\": \"bind\", \"Source\": \"/srv/config.yaml\", \"Destination\": \"/app/config.yaml\"}}], \"Config\": {{\"Image\": \"{IMAGE}\", \"Env\": [\"REDIS_HOST=h\"]}}}}]"
    );
    let texts = [("config.yaml", CONFIG), ("inspect.json", inspect.as_str())];
    let found = only(&texts);
    assert!(variable(&found, &texts, "REDIS_HOST").starts_with("h @"));
    assert_eq!(release(&report(&found, &texts)), "1.80.0");
    let container = found.gathered().container.expect("a container");
    assert_eq!(container.mounts[0].target, "/app/config.yaml");
}

#[test]
fn a_number_of_an_images_own_is_no_release() {
    let compose = |image: &str| format!("services:\n  litellm:\n    image: {image}\n");
    for (image, newest) in [
        ("ghcr.io/someone/litellm:1.0.0", true),
        ("ghcr.io/someone/litellm:1.80.0", false),
        (
            "ghcr.io/berriai/litellm@sha256:9ef6f45bc0104940571765e610c52a1d761b5ec85efcd193795281086ee61277",
            false,
        ),
    ] {
        let compose = compose(image);
        let texts = [("config.yaml", CONFIG), ("compose.yaml", compose.as_str())];
        let report = report(&only(&texts), &texts);
        let is_newest = report.pair.litellm == redproof_core::releases::Pair::newest().litellm;
        assert_eq!(is_newest, newest, "{image}: {}", release(&report));
    }
}

#[test]
fn a_charts_own_numbering_names_no_release() {
    let release = |version: &str, tag: &str| {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: litellm}}\nspec:\n  chart: {{spec: {{chart: litellm-helm, version: '{version}'}}}}\n  values:\n    {tag}masterkeySecretName: x\n    proxy_config:\n      model_list: []\n      litellm_settings: {{cache: true}}\n"
        )
    };
    for (version, tag, said) in [
        ("0.1.770", "", true),
        ("0.1.770", "image: {tag: v1.80.0}\n    ", false),
        ("1.85.7", "", false),
    ] {
        let text = release(version, tag);
        let found = only(&[("helmrelease.yaml", text.as_str())]);
        let notes = &found.around.notes;
        let says = notes.iter().any(|note| note.text.contains("a numbering of its own"));
        assert_eq!(says, said, "{version} {tag} {notes:?}");
    }
}
