//! What is next to the config's own container: replicas, files of variables, process managers.

use std::sync::Arc;

use redproof_core::deployment::Link;

use crate::common::{CONFIG, all, only, report, variable};

/// The replicas that files say, at least and at most.
fn replicas(texts: &[(&str, &str)]) -> (Option<u64>, Option<u64>) {
    let texts = [&[("config.yaml", CONFIG)], texts].concat();
    let found = only(&texts);
    let container = found.gathered().container.expect("a container");
    (container.replicas, container.replicas_at_most)
}

#[test]
fn replicas_of_every_form() {
    let image = "ghcr.io/berriai/litellm:v1.80.0-stable";
    let pod = format!("template: {{spec: {{containers: [{{name: litellm, image: '{image}'}}]}}}}");
    let deployment = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: llm}}\nspec: {{replicas: 2, {pod}}}\n"
    );
    assert_eq!(replicas(&[("d.yaml", &deployment)]), (Some(2), None));
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h}\nspec: {scaleTargetRef: {kind: Deployment, name: llm}, minReplicas: 3, maxReplicas: 9}\n";
    assert_eq!(replicas(&[("d.yaml", &deployment), ("h.yaml", scaler)]), (Some(3), Some(9)));
    let other = scaler.replace("name: llm", "name: web");
    assert_eq!(replicas(&[("d.yaml", &deployment), ("h.yaml", &other)]), (Some(2), None));
    let keda = "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: k}\nspec: {scaleTargetRef: {name: llm}, minReplicaCount: 2, maxReplicaCount: 4}\n";
    assert_eq!(replicas(&[("d.yaml", &deployment), ("k.yaml", keda)]), (Some(2), Some(4)));
    let run = format!(
        "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {{name: llm}}\nspec: {{template: {{metadata: {{annotations: {{autoscaling.knative.dev/minScale: '2', autoscaling.knative.dev/maxScale: '8'}}}}, spec: {{containers: [{{image: '{image}'}}]}}}}}}\n"
    );
    assert_eq!(replicas(&[("run.yaml", &run)]), (Some(2), Some(8)));
    let values = "image: {repository: ghcr.io/berriai/litellm, tag: v1.80.0}\nreplicaCount: 2\nautoscaling: {enabled: true, minReplicas: 3, maxReplicas: 6}\n";
    assert_eq!(replicas(&[("values.yaml", values)]), (Some(3), Some(6)));
    let off = values.replace("enabled: true", "enabled: false");
    assert_eq!(replicas(&[("values.yaml", &off)]), (Some(2), None));
    let compose = format!("services: {{litellm: {{image: '{image}', scale: 4}}}}\n");
    assert_eq!(replicas(&[("compose.yaml", &compose)]), (Some(4), None));
    let stack = format!(
        "Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties: {{ContainerDefinitions: [{{Name: litellm, Image: '{image}'}}]}}\n  Service:\n    Type: AWS::ECS::Service\n    Properties: {{DesiredCount: 3, TaskDefinition: !Ref Task}}\n"
    );
    assert_eq!(replicas(&[("stack.yaml", &stack)]), (Some(3), None));
    let task = format!(
        "resource \"aws_ecs_task_definition\" \"llm\" {{\n  container_definitions = jsonencode([{{ name = \"litellm\", image = \"{image}\" }}])\n}}\n"
    );
    let service = "resource \"aws_ecs_service\" \"llm\" {\n  desired_count = 2\n}\n";
    assert_eq!(replicas(&[("task.tf", &task), ("service.tf", service)]), (Some(2), None));
    let bicep = format!(
        "resource app 'Microsoft.App/containerApps@2023-05-01' = {{\n  properties: {{ template: {{\n    containers: [ {{ name: 'llm'\n image: '{image}' }} ]\n    scale: {{ minReplicas: 2\n maxReplicas: 5 }}\n  }} }}\n}}\n"
    );
    assert_eq!(replicas(&[("app.bicep", &bicep)]), (Some(2), Some(5)));
    let render = format!(
        "services:\n  - type: web\n    name: llm\n    runtime: image\n    image: {{url: '{image}'}}\n    scaling: {{minInstances: 1, maxInstances: 3}}\n"
    );
    assert_eq!(replicas(&[("render.yaml", &render)]), (Some(1), Some(3)));
    let nomad = format!(
        "job \"llm\" {{\n  group \"g\" {{\n    count = 3\n    task \"t\" {{\n      driver = \"docker\"\n      config {{\n        image = \"{image}\"\n      }}\n    }}\n  }}\n}}\n"
    );
    assert_eq!(replicas(&[("llm.nomad", &nomad)]), (Some(3), None));
    let fly = format!(
        "app = 'llm'\n[build]\nimage = '{image}'\n[http_service]\ninternal_port = 4000\nmin_machines_running = 2\n"
    );
    assert_eq!(replicas(&[("fly.toml", &fly)]), (Some(2), None));
    let heroku = "{\"env\": {\"REDIS_HOST\": {\"value\": \"r\"}}, \"formation\": {\"web\": {\"quantity\": 3, \"size\": \"basic\"}}}";
    assert_eq!(replicas(&[("app.json", heroku)]), (Some(3), None));
}

/// A comment silences what is found in its line, in whichever file that is.
#[test]
fn comments_silence_findings_in_every_file() {
    let service = |comment: &str| {
        format!(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.93.0\n    environment:\n      REDIS_HOST: r.example.com\n      REDIS_PASSWORD: correct-horse{comment}\n"
        )
    };
    let deployment = |comment: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: llm}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:v1.93.0\n          env:\n            - {{name: REDIS_HOST, value: r.example.com}}\n            - {{name: REDIS_PASSWORD, value: correct-horse}}{comment}\n"
        )
    };
    let codes = |name: &str, text: &str| -> (Vec<&str>, bool) {
        let texts = [("config.yaml", CONFIG), (name, text)];
        let checked = report(&only(&texts), &texts);
        let unused = checked.notes.iter().any(|note| note.text.contains("silences nothing"));
        (checked.diagnostics.iter().map(|one| one.code).collect(), unused)
    };
    for name in ["compose.yaml", "deployment.yaml"] {
        let write = |comment: &str| match name {
            "compose.yaml" => service(comment),
            _ => deployment(comment),
        };
        let (all, _) = codes(name, &write(""));
        let in_plain_text = all.iter().find(|code| matches!(**code, "RP302" | "RP312"));
        let code = *in_plain_text.expect("the password stands there");
        let (left, unused) = codes(name, &write(&format!(" # redproof: ignore[{code}] for tests")));
        assert!(!left.contains(&code) && !unused, "{name}: {left:?}");
        let (left, unused) = codes(name, &write(" # redproof: ignore[RP105] for tests"));
        assert!(left.contains(&code) && unused, "{name}: {left:?}");
    }
}

#[test]
fn docker_keeps_the_quotes_that_compose_takes_off() {
    let env = "REDIS_HOST=\"redis\"\nREDIS_PORT=6380 # no comment\n";
    let run = "docker run --env-file llm.env -v ./config.yaml:/app/config.yaml ghcr.io/berriai/litellm:v1.80.0 --config /app/config.yaml\n";
    let texts = [("config.yaml", CONFIG), ("run.sh", run), ("llm.env", env)];
    let found = only(&texts);
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "\"redis\" @ llm.env:1");
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "6380 # no comment @ llm.env:2");
    let quotes = report(&found, &texts).diagnostics.into_iter().find(|one| one.code == "RP725");
    let help = quotes.expect("RP725").help.expect("what to do");
    assert!(help.contains("--env-file"), "{help}");
    let quadlet = "[Container]\nImage=ghcr.io/berriai/litellm:v1.80.0\nEnvironmentFile=llm.env\nVolume=./config.yaml:/app/config.yaml\nExec=--config /app/config.yaml\n";
    let texts = [("config.yaml", CONFIG), ("llm.container", quadlet), ("llm.env", env)];
    assert_eq!(variable(&only(&texts), &texts, "REDIS_HOST"), "\"redis\" @ llm.env:1");
    let compose =
        "services: {litellm: {image: 'ghcr.io/berriai/litellm:v1.80.0', env_file: llm.env}}\n";
    let texts = [("config.yaml", CONFIG), ("compose.yaml", compose), ("llm.env", env)];
    assert_eq!(variable(&only(&texts), &texts, "REDIS_HOST"), "redis @ llm.env:1");
    let kustomization = "resources: [d.yaml]\nconfigMapGenerator: [{name: c, files: [config.yaml]}]\nsecretGenerator: [{name: env, envs: [llm.env]}]\n";
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: llm}\nspec: {template: {spec: {volumes: [{name: c, configMap: {name: c}}], containers: [{image: 'ghcr.io/berriai/litellm:v1.80.0', args: [--config, /c/config.yaml], volumeMounts: [{name: c, mountPath: /c}], envFrom: [{secretRef: {name: env}}]}]}}}\n";
    let texts = [
        ("config.yaml", CONFIG),
        ("kustomization.yaml", kustomization),
        ("d.yaml", deployment),
        ("llm.env", env),
    ];
    assert_eq!(variable(&only(&texts), &texts, "REDIS_HOST"), "\"redis\" @ llm.env:1");
}

#[test]
fn process_managers() {
    let supervisord = "\
[supervisord]
environment=REDIS_PORT=\"6380\"

[program:nginx]
command=nginx -g 'daemon off;'

[program:litellm]
command=/venv/bin/litellm --config config.yaml --port 4000 ; the proxy
environment=REDIS_HOST=\"r.example.com\",
    REDIS_SSL='true', REDIS_PASSWORD=%(ENV_PASSWORD)s
numprocs=2
";
    let texts = [("config.yaml", CONFIG), ("supervisord.conf", supervisord)];
    let found = only(&texts);
    assert_eq!(found.name, "supervisord.conf, litellm");
    assert_eq!(found.replicas, Some(2));
    let of = |name: &str| variable(&found, &texts, name);
    assert_eq!(of("REDIS_HOST"), "r.example.com @ supervisord.conf:9");
    assert_eq!(of("REDIS_SSL"), "true @ supervisord.conf:10");
    assert_eq!(of("REDIS_PORT"), "6380 @ supervisord.conf:2");
    assert!(
        of("REDIS_PASSWORD").starts_with("?what supervisord fills in"),
        "{}",
        of("REDIS_PASSWORD")
    );
    assert_eq!(of("REDIS_URL"), "?", "the environment that it starts in may set it");
    let procfile =
        "web: REDIS_SSL=true litellm --config config.yaml --port $PORT\nworker: python w.py\n";
    let texts = [("config.yaml", CONFIG), ("Procfile", procfile), (".env", "REDIS_HOST=r\n")];
    let found = only(&texts);
    assert_eq!(found.name, "Procfile, web");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r @ .env:1");
    assert_eq!(variable(&found, &texts, "REDIS_SSL"), "true @ Procfile:1");
}

#[test]
fn what_ecs_refuses() {
    let task = r#"{"containerDefinitions": [{"name": "litellm", "image": "ghcr.io/berriai/litellm:v1.80.0-stable",
        "environment": [{"name": "REDIS_HOST", "value": "r"}, {"name": "REDIS_PORT", "value": 6379}],
        "secrets": [{"name": "REDIS_HOST", "valueFrom": "arn:x"}]}]}"#;
    let texts = [("config.yaml", CONFIG), ("task.json", task)];
    let checked = report(&only(&texts), &texts);
    let said: Vec<_> = checked.diagnostics.iter().filter(|one| one.code == "RP720").collect();
    let said: Vec<_> = said.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "ECS reads the value of REDIS_PORT as a number, and refuses it.",
            "REDIS_HOST is both a variable and a secret: ECS refuses the task definition."
        ]
    );
}

/// A hostile or torn file gives an answer.
#[test]
fn torn_process_files() {
    for text in [
        "",
        "[program:",
        "[program:x]\ncommand=litellm\nenvironment=A=\"",
        " ;\n\t;\n  x",
        "[program:x]\n environment=\u{1F600}",
    ] {
        all(&[("config.yaml", CONFIG), ("supervisord.conf", text), ("Procfile", text)]);
    }
}

/// A compose file of the same folder may be another project's: its Redis is not LiteLLM's.
#[test]
fn the_redis_of_another_project_is_not_beside() {
    let image = "ghcr.io/berriai/litellm:v1.80.0-stable";
    let own = format!(
        "services:\n  litellm: {{image: '{image}', networks: [back], environment: {{REDIS_HOST: redis}}}}\n  redis: {{image: 'redis:7', networks: [back]}}\nnetworks: {{back: {{}}}}\n"
    );
    let foreign = "services:\n  redis: {image: 'redis:6', command: redis-server --port 7000, networks: [tests]}\nnetworks: {tests: {}}\n";
    let texts =
        [("compose.test.yml", foreign), ("compose.yml", own.as_str()), ("config.yaml", CONFIG)];
    let found = only(&texts);
    let servers = &found.around.container.as_ref().expect("a container").servers;
    assert_eq!(servers.iter().map(|one| one.image.as_str()).collect::<Vec<_>>(), ["redis:7"]);
    let codes: Vec<_> = report(&found, &texts).diagnostics.iter().map(|one| one.code).collect();
    assert!(!codes.contains(&"RP724") && !codes.contains(&"RP722"), "{codes:?}");
    // Files that are laid over each other by `-f` have one network.
    let own =
        format!("services:\n  litellm: {{image: '{image}', environment: {{REDIS_HOST: redis}}}}\n");
    let redis = "services:\n  redis: {image: 'redis:7', command: redis-server --port 7000}\n";
    let texts =
        [("compose.redis.yml", redis), ("compose.yml", own.as_str()), ("config.yaml", CONFIG)];
    let codes: Vec<_> =
        report(&only(&texts), &texts).diagnostics.iter().map(|one| one.code).collect();
    assert!(codes.contains(&"RP722"), "{codes:?}");
}

/// LiteLLM's own image holds what it holds, whatever another program of the repository installs.
#[test]
fn lock_files_say_nothing_of_litellms_own_image() {
    let lock = "litellm==1.77.7\nredis==5.0.0\n";
    let beside = |dockerfile: &str| {
        let texts =
            [("config.yaml", CONFIG), ("Dockerfile", dockerfile), ("requirements.txt", lock)];
        crate::common::release(&report(&only(&texts), &texts))
    };
    let copy = "COPY config.yaml /app/config.yaml\nCMD [\"--config\", \"/app/config.yaml\"]\n";
    let newest = beside(&format!("FROM ghcr.io/berriai/litellm:main-latest\n{copy}"));
    assert_ne!(newest, "1.77.7");
    let installs =
        "FROM ghcr.io/berriai/litellm:main-latest\nRUN pip install -r requirements.txt\n";
    assert_eq!(beside(&format!("{installs}{copy}")), "1.77.7");
    let own = "FROM python:3.12\nRUN pip install -r requirements.txt\nCOPY config.yaml /app/config.yaml\nCMD [\"litellm\", \"--config\", \"/app/config.yaml\"]\n";
    assert_eq!(beside(own), "1.77.7");
    let compose = "services: {litellm: {image: 'ghcr.io/berriai/litellm:main-stable', command: [--config, /c.yaml], volumes: ['./config.yaml:/c.yaml']}}\n";
    let texts = [("config.yaml", CONFIG), ("compose.yaml", compose), ("requirements.txt", lock)];
    assert_ne!(crate::common::release(&report(&only(&texts), &texts)), "1.77.7");
}

/// Redis beside LiteLLM in the forms of other platforms.
#[test]
fn other_platforms_say_what_is_beside_too() {
    let task = |mode: &str, port: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"t\" {{\n  network_mode = \"{mode}\"\n  container_definitions = jsonencode([\n    {{ name = \"litellm\", image = \"ghcr.io/berriai/litellm:v1.85.0\", command = [\"--config\", \"/app/config.yaml\"], environment = [{{ name = \"REDIS_HOST\", value = \"localhost\" }}, {{ name = \"REDIS_PORT\", value = {port} }}] }},\n    {{ name = \"redis\", image = \"redis:7\", command = [\"redis-server\", \"--port\", \"6380\"] }}\n  ])\n}}\n"
        )
    };
    let job = |network: &str| {
        format!(
            "job \"l\" {{\n  group \"g\" {{\n    {network}\n    task \"litellm\" {{\n      driver = \"docker\"\n      config {{ image = \"ghcr.io/berriai/litellm:v1.85.0\" }}\n      env {{ REDIS_HOST = \"localhost\" REDIS_PORT = \"6379\" }}\n    }}\n    task \"redis\" {{\n      driver = \"docker\"\n      config {{ image = \"redis:7\" args = [\"redis-server\", \"--port\", \"6380\"] }}\n    }}\n  }}\n}}\n"
        )
    };
    let chart = |host: &str| {
        format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: litellm}}\nspec:\n  chart: {{spec: {{chart: app-template, version: 3.7.3}}}}\n  values:\n    controllers:\n      litellm:\n        containers:\n          app:\n            image: {{repository: ghcr.io/berriai/litellm, tag: v1.85.0}}\n            env: {{REDIS_HOST: {host}, REDIS_PORT: \"6379\"}}\n      redis:\n        containers:\n          app: {{image: {{repository: redis, tag: \"7\"}}}}\n    service:\n      litellm: {{controller: litellm, ports: {{http: {{port: 4000}}}}}}\n      redis: {{controller: redis, ports: {{redis: {{port: 6379}}}}}}\n"
        )
    };
    let cases = [
        ("main.tf", task("awsvpc", "\"6379\""), vec!["RP722"]),
        ("main.tf", task("awsvpc", "\"6380\""), vec![]),
        ("main.tf", task("bridge", "\"6380\""), vec!["RP723"]),
        ("main.tf", task("awsvpc", "6380"), vec!["RP720"]),
        ("l.nomad.hcl", job("network { mode = \"bridge\" }"), vec!["RP722"]),
        ("l.nomad.hcl", job(""), vec!["RP723"]),
        ("hr.yaml", chart("litellm-redis"), vec![]),
        ("hr.yaml", chart("localhost"), vec!["RP723"]),
        ("hr.yaml", chart("redis"), vec!["RP724"]),
    ];
    for (name, text, wanted) in cases {
        let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: os.environ/REDIS_HOST\n    port: os.environ/REDIS_PORT\n";
        let files = [(name, text.as_str()), ("config.yaml", config)];
        let report = crate::common::report(&crate::common::only(&files), &files);
        let codes: Vec<&str> = report.diagnostics.iter().map(|found| found.code).collect();
        let said: Vec<&str> = codes.into_iter().filter(|code| code.starts_with("RP72")).collect();
        assert_eq!(said, wanted, "{text}");
    }
}

/// Of ten thousand configs that one workload runs, it is kept once.
#[test]
fn neighbours_share_what_runs_them() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: litellm}\nspec: {containers: [{name: litellm, image: 'ghcr.io/berriai/litellm:v1.93.0', env: [{name: REDIS_HOST, value: r}]}]}\n";
    let config = "litellm_settings:\n  cache: true\n";
    let including = "include: [d.yaml]\nlitellm_settings:\n  cache: true\n";
    let texts = [
        ("pod.yaml", pod),
        ("a.yaml", config),
        ("b.yaml", config),
        ("c.yaml", including),
        ("d.yaml", "router_settings: {num_retries: 2}\n"),
        ("alone/a.yaml", config),
        ("alone/b.yaml", config),
        ("alone/.env", "REDIS_PORT=1\n"),
        ("alone/requirements.txt", "litellm==1.80.0\n"),
    ];
    let found = all(&texts).found;
    let of = |name: &str| found.iter().find(|one| texts[one.config].0 == name).expect("it runs");
    let shares = |one: &str, other: &str| Arc::ptr_eq(&of(one).around, &of(other).around);
    assert!(shares("a.yaml", "b.yaml") && shares("alone/a.yaml", "alone/b.yaml"));
    assert!(!shares("a.yaml", "c.yaml") && !shares("a.yaml", "alone/a.yaml"));
    for name in ["a.yaml", "b.yaml", "c.yaml"] {
        let one = of(name);
        assert_eq!(variable(one, &texts, "REDIS_HOST"), "r @ pod.yaml:4", "{name}");
        assert_eq!(one.gathered().config.as_ref(), Some(&one.place), "{name}");
        assert_eq!(one.link, Link::Beside);
    }
    assert_eq!(of("c.yaml").gathered().included[0].name, "d.yaml");
    assert_eq!(variable(of("alone/b.yaml"), &texts, "REDIS_PORT"), "1 @ alone/.env:1");
    assert_eq!(of("alone/b.yaml").config, 6);
}
