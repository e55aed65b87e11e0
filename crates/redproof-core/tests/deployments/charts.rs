//! Charts whose version, values and config are in files of their own, and configs in other languages.

use crate::common::{CONFIG, all, only, release, report, variable};
use redproof_core::deployment::Link;
use redproof_core::offered;

const VALUES: &str = "\
environmentSecrets: []
envVars: {REDIS_HOST: r.example.com}
proxy_config:
  litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST}}
";

/// The release, and the host, of the only deployment.
#[track_caller]
fn comes_to(texts: &[(&str, &str)]) -> (String, String) {
    let found = only(texts);
    (release(&report(&found, texts)), variable(&found, texts, "REDIS_HOST"))
}

#[test]
fn a_version_stands_beside_the_values() {
    let application = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: litellm}
spec:
  sources:
    - repoURL: ghcr.io/berriai
      chart: litellm-helm
      targetRevision: 1.84.0
      helm: {valueFiles: [$values/apps/litellm/values.yaml]}
    - {repoURL: https://git.example.com/x.git, ref: values}
";
    let host = "r.example.com @ apps/litellm/values.yaml:2".to_owned();
    let values = ("apps/litellm/values.yaml", VALUES);
    assert_eq!(
        comes_to(&[("root/app.yaml", application), values]),
        ("1.84.0".into(), host.clone())
    );
    let kustomization =
        "helmCharts:\n  - name: litellm-helm\n    version: 1.85.0\n    valuesFile: values.yaml\n";
    assert_eq!(
        comes_to(&[("apps/litellm/kustomization.yaml", kustomization), values]),
        ("1.85.0".into(), host.clone())
    );
    let terraform = "\
resource \"helm_release\" \"litellm\" {
  chart   = \"litellm-helm\"
  version = \"1.86.0\"
  values  = [file(\"${path.module}/../apps/litellm/values.yaml\")]
}
";
    assert_eq!(comes_to(&[("tf/main.tf", terraform), values]), ("1.86.0".into(), host));
    let own = application
        .replace("valueFiles: [$values/apps/litellm/values.yaml]", "valueFiles: [other.yaml]");
    assert_ne!(comes_to(&[("root/app.yaml", &own), values]).0, "1.84.0");
}

#[test]
fn flux_takes_the_version_from_a_source() {
    let release = "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: gateway}
spec:
  chartRef: {kind: OCIRepository, name: litellm}
  values:
    proxy_config:
      litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST}}
    envVars: {REDIS_HOST: r.example.com}
";
    let source = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: litellm}\nspec:\n  url: oci://ghcr.io/berriai/litellm-helm\n  ref: {tag: 1.83.14}\n";
    let texts = [("helmrelease.yaml", release), ("ocirepository.yaml", source)];
    assert_eq!(comes_to(&texts), ("1.83.14".into(), "r.example.com @ helmrelease.yaml:9".into()));
}

#[test]
fn an_application_of_an_oci_chart() {
    let application = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: litellm}
spec:
  source:
    path: .
    repoURL: oci://mirror.example.com/berriai/litellm/chart/litellm
    targetRevision: 1.92.0
    helm:
      valuesObject:
        masterKey: {secretName: k}
        redis: {host: r.example.com}
        gateway:
          config:
            proxy_config: {litellm_settings: {cache: true}}
";
    let found = comes_to(&[("app.yaml", application)]);
    assert_eq!(found, ("1.92.0".into(), "r.example.com @ app.yaml:12".into()));
}

#[test]
fn helmfiles() {
    let inline = "\
releases:
  - name: litellm
    chart: oci://ghcr.io/berriai/litellm-helm
    version: 1.83.14
    values:
      - envVars: {REDIS_HOST: r.example.com}
      - proxy_config:
          general_settings: {master_key: {{ env \"KEY\" }}}
          litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST}}
";
    let found = comes_to(&[("helmfile.yaml.gotmpl", inline)]);
    assert_eq!(found, ("1.83.14".into(), "r.example.com @ helmfile.yaml.gotmpl:6".into()));
    let files = "releases:\n  - name: litellm\n    chart: litellm/litellm-helm\n    values: [./litellm/values.yaml, './litellm/values.{{ .Environment.Name }}.yaml']\n";
    let base = "image: {tag: v1.85.0}\nenvVars: {REDIS_HOST: r.example.com}\n";
    let stage = "proxy_config:\n  litellm_settings: {cache: true}\n";
    let texts = [
        ("helmfile.yaml", files),
        ("litellm/values.stage.yaml", stage),
        ("litellm/values.yaml", base),
    ];
    assert_eq!(comes_to(&texts), ("1.85.0".into(), "r.example.com @ litellm/values.yaml:2".into()));
}

#[test]
fn terraform_writes_values_as_objects() {
    let text = "\
resource \"argocd_application\" \"litellm\" {
  spec {
    source {
      repo_url        = \"https://github.com/BerriAI/litellm.git\"
      target_revision = \"v1.83.14-stable\"
      helm {
        values = yamlencode({
          envVars      = { REDIS_HOST = \"r.example.com\" }
          proxy_config = {
            litellm_settings = {
              cache        = true
              cache_params = { type = \"redis\", host = \"os.environ/REDIS_HOST\", port = var.port }
            }
          }
        })
      }
    }
  }
}
";
    let texts = [("main.tf", text)];
    assert_eq!(comes_to(&texts), ("1.83.14".into(), "r.example.com @ main.tf:8".into()));
    let checked = report(&only(&texts), &texts);
    let clients = format!("{:?}", checked.outcome.clients);
    assert!(clients.contains("port: Setting { value: Unknown"), "{clients}");
    assert!(
        checked.diagnostics.iter().all(|one| offered(&checked, one).is_none()),
        "no part of it can be edited"
    );
    let set = "\
resource \"helm_release\" \"litellm\" {
  chart  = \"litellm-helm\"
  values = [yamlencode({ proxy_config = { litellm_settings = { cache = true } }, image = { tag = \"v1.80.0\" } })]
}
variable \"env\" {
  default = { environment_variables = { A = \"b\" } }
}
";
    assert_eq!(comes_to(&[("main.tf", set)]).0, "1.80.0");
}

#[test]
fn settings_of_nixos() {
    let text = "\
{ config, ... }: {
  services.litellm = {
    enable = true;
    environment = { REDIS_HOST = \"r.example.com\"; };
    settings = {
      litellm_settings = { cache = true; cache_params = { type = \"redis\"; hots = \"x\"; }; };
      router_settings.redis_url = config.sops.placeholder.url;
    };
  };
}
";
    let texts = [("litellm.nix", text)];
    let found = only(&texts);
    assert_eq!(found.link, Link::Named("`services.litellm.settings`".into()));
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ litellm.nix:4");
    let checked = report(&found, &texts);
    let misspelt = checked.diagnostics.iter().find(|one| one.message.contains("hots"));
    let span = misspelt.and_then(|one| one.primary.span).expect("a place");
    assert_eq!(&text[span.range()], "hots");
}

#[test]
fn an_operators_sections() {
    let text = "\
apiVersion: litellm.home-operations.com/v1alpha1
kind: LiteLLMProxy
metadata: {name: litellm}
spec:
  image: ghcr.io/berriai/litellm:v1.97.0
  replicas: 2
  routerSettings:
    redis_host: os.environ/REDIS_HOST
    redis_port: 6379
  litellmSettings:
    cache: true
    cache_params: {type: redis, host: os.environ/REDIS_HOST, prot: 1}
  env:
    - {name: REDIS_HOST, value: r.example.com}
";
    let texts = [("proxy.yaml", text)];
    let found = only(&texts);
    assert_eq!(found.replicas, Some(2));
    assert_eq!(comes_to(&texts), ("1.97.0".into(), "r.example.com @ proxy.yaml:14".into()));
    let checked = report(&found, &texts);
    assert!(checked.diagnostics.iter().all(|one| one.code != "RP212"), "its sections are read");
    let misspelt = checked.diagnostics.iter().find(|one| one.message.contains("prot"));
    let span = misspelt.and_then(|one| one.primary.span).expect("a place");
    assert_eq!(&text[span.range()], "prot");
    assert!(
        checked.diagnostics.iter().all(|one| offered(&checked, one).is_none()),
        "its keys are called otherwise"
    );
}

#[test]
fn a_releases_name_in_app_template() {
    let text = "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: litellm}
spec:
  values:
    controllers:
      litellm:
        containers:
          app:
            image: {repository: ghcr.io/berriai/litellm, tag: v1.97.0}
            args: [--config=/app/config.yaml]
            envFrom: [{secretRef: {name: '{{ .Release.Name }}-secret'}}]
    persistence:
      config:
        type: configMap
        name: '{{ .Release.Name }}-config'
        globalMounts: [{path: /app/config.yaml, subPath: config.yaml}]
";
    let kustomization = "resources: [helmrelease.yaml]\nconfigMapGenerator:\n  - name: litellm-config\n    files: [config.yaml=./resources/config.yaml]\n";
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: litellm-secret}\nstringData: {REDIS_HOST: r.example.com}\n";
    let texts = [
        ("helmrelease.yaml", text),
        ("kustomization.yaml", kustomization),
        ("resources/config.yaml", CONFIG),
        ("secret.yaml", secret),
    ];
    assert_eq!(comes_to(&texts), ("1.97.0".into(), "r.example.com @ secret.yaml:4".into()));
}

#[test]
fn what_ansible_copies() {
    let tasks = "\
- name: config
  ansible.builtin.template: {src: litellm_config.j2, dest: '{{ home }}/config.yaml'}
- name: compose
  template:
    src: docker-compose.yml.j2
    dest: '{{ home }}/docker-compose.yml'
";
    let compose = "\
services:
  {{ app }}:
    image: '{{ image }}'
    command: [--config=/app/config.yaml]
    environment: [REDIS_HOST=redis]
    volumes: ['{{ home }}/config.yaml:/app/config.yaml:ro']
  postgres:
    image: '{{ litellm_postgres_image }}'
";
    let texts = [
        ("roles/litellm/tasks/main.yml", tasks),
        ("roles/litellm/templates/docker-compose.yml.j2", compose),
        ("roles/litellm/templates/litellm_config.j2", CONFIG),
    ];
    let found = only(&texts);
    assert!(found.name.contains("docker-compose.yml.j2"), "{}", found.name);
    assert!(matches!(found.link, Link::Named(_)), "{:?}", found.link);
    let absolute = [
        ("role/tasks/main.yml", "- copy: {src: config.yml, dest: /srv/litellm}\n"),
        ("role/files/config.yml", CONFIG),
        (
            "role/files/compose.yml",
            "services:\n  proxy:\n    image: ghcr.io/berriai/litellm:v1.80.0\n    volumes: [/srv/litellm/config.yml:/app/config.yaml]\n    command: --config /app/config.yaml\n",
        ),
    ];
    let jinja = CONFIG.replace("type: redis", "type: '{{ type }}'");
    let templated = [texts[0], texts[1], (texts[2].0, jinja.as_str())];
    assert!(
        matches!(only(&templated).link, Link::Named(_)),
        "one config, and no other of its file"
    );
    let found = only(&absolute);
    assert!(matches!(found.link, Link::Named(_)), "{:?}", found.link);
    assert_eq!(release(&report(&found, &absolute)), "1.80.0");
}

#[test]
fn skaffold_deploys_charts() {
    let skaffold = "apiVersion: skaffold/v4beta6\nkind: Config\ndeploy:\n  helm:\n    releases:\n      - name: litellm\n        remoteChart: oci://ghcr.io/berriai/litellm-helm\n        version: 1.84.0\n        valuesFiles: [values.yaml]\n";
    let texts = [("skaffold.yaml", skaffold), ("values.yaml", VALUES)];
    assert_eq!(comes_to(&texts), ("1.84.0".into(), "r.example.com @ values.yaml:2".into()));
}

#[test]
fn command_lines_that_deploy() {
    for (name, script, release, host) in [
        (
            "deploy.sh",
            "az containerapp create --name llm --image ghcr.io/berriai/litellm:v1.80.0-stable \\\n  --env-vars REDIS_HOST=r.example.com REDIS_PASSWORD=secretref:p --min-replicas 2\n",
            "1.80.0",
            "r.example.com @ deploy.sh:2",
        ),
        (
            "deploy.sh",
            "TAG=v1.81.0-stable\ngcloud run deploy llm --image=ghcr.io/berriai/litellm:$TAG --set-env-vars=REDIS_SSL=true,REDIS_HOST=r.example.com --set-secrets REDIS_PASSWORD=p:1\n",
            "1.81.0",
            "r.example.com @ deploy.sh:2",
        ),
        (
            "start.sh",
            "IMAGE=\"${IMAGE:-ghcr.io/berriai/litellm:v1.80.5-stable}\"\nHOST=r.example.com\ndocker run -v \"$PWD/config.yaml:/app/config.yaml\" -e REDIS_HOST=$HOST \"$IMAGE\" --config /app/config.yaml\n",
            "1.80.5",
            "r.example.com @ start.sh:3",
        ),
        (
            "start.sh",
            "docker run -e REDIS_HOST=${REDIS_HOST:-r.example.com} ghcr.io/berriai/litellm:v1.80.5\n",
            "1.80.5",
            "?what the shell fills in @ start.sh:1",
        ),
        (
            "Makefile",
            "IMAGE ?= ghcr.io/berriai/litellm:v1.82.3-stable\nrun:\n\t@docker run -d \\\n\t  -v $(PWD)/config.yaml:/app/config.yaml \\\n\t  -e REDIS_HOST=r.example.com $(IMAGE) --config /app/config.yaml\n",
            "1.82.3",
            "r.example.com @ Makefile:5",
        ),
        (
            "justfile",
            "up:\n    docker run -v ./config.yaml:/app/config.yaml -e REDIS_HOST=r ghcr.io/berriai/litellm:v1.83.0\n",
            "1.83.0",
            "r @ justfile:2",
        ),
        (
            ".github/workflows/test.yml",
            "jobs:\n  test:\n    services:\n      litellm:\n        image: ghcr.io/berriai/litellm:v1.85.0\n        env: {REDIS_HOST: redis}\n      redis: {image: 'redis:7'}\n",
            "1.85.0",
            "redis @ .github/workflows/test.yml:6",
        ),
    ] {
        let texts = [("config.yaml", CONFIG), (name, script)];
        assert_eq!(comes_to(&texts), (release.to_owned(), host.to_owned()), "{script}");
    }
    let helm = "helm upgrade --install litellm oci://ghcr.io/berriai/litellm-helm --version 1.84.0 \\\n  --namespace llm -f values.yaml\n";
    let texts = [("deploy.sh", helm), ("values.yaml", VALUES)];
    assert_eq!(comes_to(&texts), ("1.84.0".into(), "r.example.com @ values.yaml:2".into()));
}

#[test]
fn railway_runs_replicas_of_a_dockerfile() {
    let dockerfile = "FROM ghcr.io/berriai/litellm:v1.83.0-stable\nCOPY config.yaml /app/config.yaml\nCMD [\"--config\", \"/app/config.yaml\"]\n";
    let railway = "{\"deploy\": {\"numReplicas\": 2}}";
    let texts = [("config.yaml", CONFIG), ("Dockerfile", dockerfile), ("railway.json", railway)];
    assert_eq!(only(&texts).replicas, Some(2));
    let toml = [texts[0], texts[1], ("railway.toml", "[deploy]\nnumReplicas = 3\n")];
    assert_eq!(only(&toml).replicas, Some(3));
}

#[test]
fn what_runs_a_config_of_litellms_is_litellm() {
    let compose = "\
services:
  gateway:
    image: registry.example.com/gateway:7
    command: [--config, /etc/gateway.yaml]
    environment: {REDIS_HOST: r.example.com}
    volumes: [./gateway.yaml:/etc/gateway.yaml]
  other:
    image: registry.example.com/other:1
    command: [--config, /etc/other.yaml]
    volumes: [./other.yaml:/etc/other.yaml]
";
    let texts = [("compose.yaml", compose), ("gateway.yaml", CONFIG), ("other.yaml", "a: 1\n")];
    let found = only(&texts);
    assert_eq!(found.name, "compose.yaml, service gateway");
    assert!(all(&texts).unclaimed.is_empty());
    // Other programs are started with a config, too.
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vector}\ndata:\n  vector.yaml: |\n    sources: {a: b}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: vector}\nspec: {template: {spec: {volumes: [{name: c, configMap: {name: vector}}], containers: [{image: 'timberio/vector:1', args: [--config, /c/vector.yaml], volumeMounts: [{name: c, mountPath: /c}]}]}}}\n";
    assert!(all(&[("vector.yaml", manifest)]).found.is_empty());
    let workflow = "jobs:\n  test:\n    steps:\n      - run: |\n          cat > config.yaml <<EOF\n          model_list: []\n          EOF\n          docker run litellm\n";
    let workflow = workflow.replace("cat > config.yaml <<EOF\n          ", "");
    assert!(all(&[(".github/workflows/a.yml", &workflow)]).found.is_empty());
}

#[test]
fn a_branch_of_a_template_is_no_second_key() {
    let text = "{% if models %}\nmodel_list: {{ models }}\n{% else %}\nmodel_list: []\n{% endif %}\nlitellm_settings: {cache: true}\n";
    let texts = [("config.yaml.j2", text)];
    let checked = report(&only(&texts), &texts);
    assert!(checked.diagnostics.iter().all(|one| one.code != "RP211"), "{:?}", checked.diagnostics);
}
