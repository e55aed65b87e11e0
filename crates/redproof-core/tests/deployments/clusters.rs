//! Kubernetes, Helm and kustomize.

use crate::common::{CONFIG, all, only, release, report, variable};
use redproof_core::deployment::Link;
use redproof_core::finding::Severity;
use redproof_core::outcome::Startup;

const QUICK: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis}\n";

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: litellm
          image: ghcr.io/berriai/litellm:v1.88.0
          envFrom:
            - secretRef: {name: litellm-redis}
";

/// Values as the official chart takes them, indented.
fn values(indent: usize) -> String {
    let text = "\
image: {repository: ghcr.io/berriai/litellm-database, tag: v1.80.0-stable}
envVars: {REDIS_HOST: r.example.com, REDIS_SSL: \"true\"}
extraEnvVars: [{name: REDIS_PORT, value: \"6380\"}]
proxy_config:
  litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST}}
";
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect()
}

/// Host and TLS as the connection has them, and the release.
fn connection(texts: &[(&str, &str)]) -> (String, String, bool) {
    let found = only(texts);
    let checked = report(&found, texts);
    assert_eq!(checked.outcome.startup, Startup::Ok, "{:?}", checked.diagnostics);
    let connection = checked.outcome.clients[0].connection.as_ref().expect("a connection");
    let host = connection.host.value.as_str().unwrap_or("?").to_owned();
    let tls = matches!(&connection.tls, redproof_core::outcome::Knowable::Known(Some(_)));
    (release(&checked), host, tls)
}

#[test]
fn values_wherever_they_stand() {
    let host = ("1.80.0".to_owned(), "r.example.com".to_owned(), true);
    assert_eq!(connection(&[("values.yaml", &values(0))]), host);
    let release = format!(
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: llm}}\nspec:\n  chart: {{spec: {{chart: litellm-helm, version: 1.80.0}}}}\n  values:\n{}",
        values(4)
    );
    assert_eq!(connection(&[("release.yaml", &release)]), host);
    let object = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: llm}}\nspec:\n  source:\n    chart: litellm-helm\n    targetRevision: 1.80.0\n    helm:\n      valuesObject:\n{}",
        values(8)
    );
    assert_eq!(connection(&[("app.yaml", &object)]), host);
    let text = object.replace("valuesObject:", "values: |");
    assert_eq!(connection(&[("app.yaml", &text)]), host);
    let umbrella = format!("gateway-chart:\n  litellm-helm:\n{}", values(4));
    assert_eq!(connection(&[("values.yaml", &umbrella)]), host);
    let chart = format!(
        "apiVersion: helm.cattle.io/v1\nkind: HelmChart\nmetadata: {{name: llm}}\nspec:\n  valuesContent: |-\n{}",
        values(4)
    );
    assert_eq!(connection(&[("chart.yaml", &chart)]), host);
}

#[test]
fn places_in_values_are_places_in_the_file() {
    let text = format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: llm}}\nspec:\n  source:\n    helm:\n      values: |\n{}",
        values(8)
    );
    let texts = [("app.yaml", text.as_str())];
    let found = only(&texts);
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ app.yaml:9");
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "6380 @ app.yaml:10");
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "-");
    let range = found.place.range.expect("a place in the file");
    assert!(text[range].starts_with("litellm_settings"), "{:?}", found.place.words);
}

#[test]
fn a_charts_version_names_the_release_where_no_tag_does() {
    let values = values(4).replace(", tag: v1.80.0-stable", ", tag: \"\"");
    let release_of = |version: &str| {
        let release = format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: llm}}\nspec:\n  chart: {{spec: {{chart: litellm-helm, version: \"{version}\"}}}}\n  values:\n{values}"
        );
        let texts = [("release.yaml", release.as_str())];
        let checked = report(&only(&texts), &texts);
        release_of_report(&checked)
    };
    assert_eq!(release_of("1.85.7").0, "1.85.7");
    assert!(release_of("1.85.7").1.contains("release.yaml:5"), "{:?}", release_of("1.85.7"));
    // The chart's own numbering says nothing.
    assert_eq!(release_of("0.1.785").0, "1.110.2");
    let texts = [
        (
            "chart/Chart.yaml",
            "name: llm\ndependencies:\n  - {name: litellm-helm, version: 1.81.13}\n",
        ),
        (
            "chart/values.yaml",
            "litellm-helm:\n  proxy_config:\n    litellm_settings: {cache: true, cache_params: {type: redis, host: h}}\n",
        ),
        ("chart/values-prod.yaml", "litellm-helm:\n  envVars: {REDIS_SSL: \"true\"}\n"),
    ];
    let found = all(&texts);
    assert_eq!(found.found.len(), 2, "{:?}", found.found);
    for one in &found.found {
        assert_eq!(release(&report(one, &texts)), "1.81.13");
    }
    let production = found.found.iter().find(|one| one.name.contains("prod")).expect("prod");
    assert_eq!(variable(production, &texts, "REDIS_SSL"), "true @ chart/values-prod.yaml:2");
}

fn release_of_report(report: &redproof_core::Report) -> (String, String) {
    (release(report), format!("{:?}", report.pair_origin))
}

#[test]
fn the_app_template() {
    let release = "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: litellm}
spec:
  values:
    controllers:
      litellm:
        containers:
          app:
            image: {repository: ghcr.io/berriai/litellm, tag: v1.80.0-stable@sha256:abc}
            args: [--config, /config/config.yaml]
            env:
              REDIS_HOST: r.example.com
              REDIS_SSL: \"true\"
              REDIS_PASSWORD: {valueFrom: {secretKeyRef: {name: s, key: password}}}
            envFrom:
              - secretRef: {name: more}
    persistence:
      config:
        type: configMap
        name: litellm-configmap
        globalMounts:
          - {path: /config/config.yaml, subPath: config.yaml}
";
    let kustomization = "configMapGenerator:\n  - name: litellm-configmap\n    files: [config.yaml=./resources/gateway.yaml]\n";
    let texts = [
        ("app/helmrelease.yaml", release),
        ("app/kustomization.yaml", kustomization),
        ("app/resources/gateway.yaml", CONFIG),
    ];
    let found = only(&texts);
    assert_eq!(found.config, 2);
    assert!(
        matches!(&found.link, Link::Named(how) if how.contains("litellm-configmap")),
        "{:?}",
        found.link
    );
    assert_eq!(release_of_report(&report(&found, &texts)).0, "1.80.0");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ app/helmrelease.yaml:13");
    assert_eq!(
        variable(&found, &texts, "REDIS_PASSWORD"),
        "?key password of the Secret s @ app/helmrelease.yaml:15"
    );
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "?");
}

#[test]
fn the_chart_with_gateway_and_backend() {
    let values = "\
masterKey: {secretName: m}
redis:
  host: r.example.com
  port: 6380
  cluster: true
  passwordSecret: {name: redis-password}
gateway:
  image: {tag: v1.101.0}
  envSecrets: [more]
  extraEnv: [{name: REDIS_SSL, value: \"true\"}]
  config:
    proxy_config:
      litellm_settings: {cache: true, cache_params: {type: redis}}
";
    let texts = [("values.yaml", values)];
    let found = only(&texts);
    assert_eq!(release(&report(&found, &texts)), "1.101.0");
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "6380 @ values.yaml:3");
    assert_eq!(
        variable(&found, &texts, "REDIS_CLUSTER_NODES"),
        "[{\"host\":\"r.example.com\",\"port\":6380}] @ values.yaml:3"
    );
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "?");
}

/// Whatever may set `REDIS_URL`: LiteLLM may start.
#[test]
fn what_may_set_the_target() {
    let external = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x}\nspec:\n  target: {name: litellm-redis}\n  data:\n    - secretKey: REDIS_URL\n      remoteRef: {key: k}\n";
    let sealed = "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: litellm-redis}\nspec:\n  encryptedData:\n    REDIS_URL: AgAbc\n";
    for (more, url) in [
        (("more.yaml", ""), "?"),
        (("more.yaml", external), "?key REDIS_URL of the ExternalSecret x @ more.yaml:7"),
        (("more.yaml", sealed), "?key REDIS_URL of the SealedSecret litellm-redis @ more.yaml:6"),
    ] {
        let texts = [("quick.yaml", QUICK), ("deployment.yaml", DEPLOYMENT), more];
        let found = only(&texts);
        assert_eq!(found.replicas, Some(2));
        assert_eq!(variable(&found, &texts, "REDIS_URL"), url);
        let checked = report(&found, &texts);
        assert_eq!(checked.outcome.startup, Startup::Ok);
        assert!(
            checked.diagnostics.iter().all(|one| one.severity != Severity::Error),
            "{url}: {:?}",
            checked.diagnostics
        );
    }
    for values in [
        "environmentSecrets:\n  - litellm-redis\nimage: {repository: ghcr.io/berriai/litellm-database, tag: v1.80.0-stable}\nproxy_config:\n  litellm_settings: {cache: true, cache_params: {type: redis}}\n",
        "litellm:\n  image: {repository: ghcr.io/berriai/litellm-database, tag: v1.80.0-stable}\n  environmentSecrets: [s]\n  proxy_config:\n    litellm_settings: {cache: true, cache_params: {type: redis}}\n",
    ] {
        let texts = [("values.yaml", values)];
        let checked = report(&only(&texts), &texts);
        let target = checked.diagnostics.iter().find(|one| one.code == "RP104").expect("RP104");
        assert_eq!(target.severity, Severity::Hint);
    }
    // A Secret whose keys are all known names none.
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: litellm-redis}\nstringData: {REDIS_PASSWORD: x}\n";
    let texts = [("quick.yaml", QUICK), ("deployment.yaml", DEPLOYMENT), ("secret.yaml", secret)];
    let checked = report(&only(&texts), &texts);
    assert!(
        matches!(checked.outcome.startup, Startup::Exception(_)),
        "{:?}",
        checked.outcome.startup
    );
}

#[test]
fn a_list_of_objects_is_joined() {
    let list = r#"{"apiVersion":"v1","kind":"List","items":[
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"litellm"},"spec":{"template":{"spec":{
            "volumes":[{"name":"c","configMap":{"name":"litellm"}}],
            "containers":[{"name":"litellm","image":"ghcr.io/berriai/litellm:v1.80.0-stable",
            "env":[{"name":"REDIS_HOST","value":"r.example.com"},{"name":"REDIS_SSL","value":"true"}]}]}}}}]}"#;
    let texts = [("config.yaml", CONFIG), ("list.json", list)];
    let found = only(&texts);
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ list.json:5");
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "-");
}

#[test]
fn a_service_called_redis_sets_its_port() {
    let service =
        "apiVersion: v1\nkind: Service\nmetadata: {name: redis}\nspec: {ports: [{port: 6379}]}\n";
    let texts = [("config.yaml", CONFIG), ("deployment.yaml", DEPLOYMENT), ("redis.yaml", service)];
    let found = only(&texts);
    assert!(variable(&found, &texts, "REDIS_PORT").starts_with("?tcp://"));
    let off = DEPLOYMENT
        .replace("      containers:", "      enableServiceLinks: false\n      containers:");
    let texts =
        [("config.yaml", CONFIG), ("deployment.yaml", off.as_str()), ("redis.yaml", service)];
    assert_eq!(variable(&only(&texts), &texts, "REDIS_PORT"), "?");
}

#[test]
fn several_deployments_of_one_config() {
    let two = format!(
        "{}---\n{}",
        DEPLOYMENT,
        DEPLOYMENT.replace("name: litellm}", "name: canary}").replace("v1.88.0", "v1.93.0")
    );
    let texts = [("config.yaml", CONFIG), ("deployment.yaml", two.as_str())];
    let found = all(&texts).found;
    let releases: Vec<_> =
        found.iter().map(|one| (one.name.as_str(), release(&report(one, &texts)))).collect();
    assert_eq!(
        releases,
        [
            ("deployment.yaml, Deployment litellm", "1.88.0".to_owned()),
            ("deployment.yaml, Deployment canary", "1.93.0".to_owned())
        ]
    );
}

#[test]
fn kustomizations() {
    let base = DEPLOYMENT.replace("            - secretRef: {name: litellm-redis}", "            - configMapRef: {name: redis-env}")
        .replace("      containers:", "      volumes: [{name: c, configMap: {name: gateway}}]\n      containers:")
        .replace("          envFrom:", "          args: [--config, /app/config.yaml]\n          volumeMounts: [{name: c, mountPath: /app/config.yaml, subPath: config.yaml}]\n          envFrom:");
    let base_kustomization = "\
resources: [deployment.yaml]
configMapGenerator:
  - name: gateway
    files: [config.yaml]
  - name: redis-env
    literals: [REDIS_HOST=r.example.com]
";
    let overlay = "\
resources: [../../base]
images:
  - name: ghcr.io/berriai/litellm
    newTag: v1.93.0
patches:
  - path: patch.yaml
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: litellm}
      spec: {replicas: 5}
replicas:
  - {name: litellm, count: 4}
";
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: litellm}\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          env: [{name: REDIS_SSL, value: \"true\"}]\n";
    let texts = [
        ("base/deployment.yaml", base.as_str()),
        ("base/kustomization.yaml", base_kustomization),
        ("base/config.yaml", CONFIG),
        ("overlays/prod/kustomization.yaml", overlay),
        ("overlays/prod/patch.yaml", patch),
    ];
    let found = only(&texts);
    assert_eq!(found.replicas, Some(4));
    assert_eq!(release(&report(&found, &texts)), "1.93.0");
    assert_eq!(variable(&found, &texts, "REDIS_SSL"), "true @ overlays/prod/patch.yaml:9");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ base/kustomization.yaml:6");
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "-");
    let lone = only(&texts[..3]);
    assert_eq!(release(&report(&lone, &texts[..3])), "1.88.0");
    let json = overlay.replace("path: patch.yaml", "path: patch.json");
    let patch = "- op: add\n  path: /spec/template/spec/volumes/-\n  value: {name: x}\n";
    let texts = [
        texts[0],
        texts[1],
        texts[2],
        (texts[3].0, json.as_str()),
        ("overlays/prod/patch.json", patch),
    ];
    let found = only(&texts);
    assert!(
        found.around.notes.iter().any(|note| note.text.contains("JSON patch")),
        "{:?}",
        found.around.notes
    );
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "?");
}

#[test]
fn json_patches() {
    let base = DEPLOYMENT.replace(
        "          envFrom:\n            - secretRef: {name: litellm-redis}",
        "          env:\n            - {name: REDIS_HOST, value: base}\n            - {name: REDIS_PORT, value: \"6379\"}",
    );
    let overlay = "\
resources: [../base]
patches:
  - target: {kind: Deployment, name: litellm}
    patch: |-
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: {name: REDIS_SSL, value: \"true\"}
      - {op: replace, path: /spec/template/spec/containers/0/env/0/value, value: patched}
      - {op: remove, path: /spec/template/spec/containers/0/env/1}
      - op: replace
        path: /spec/replicas
        value: 6
  - target: {kind: StatefulSet}
    patch: '[{\"op\": \"remove\", \"path\": \"/spec/template/spec/containers/0\"}]'
  - path: image.json
    target: {kind: Deployment}
";
    let image = "[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/image\", \"value\": \"ghcr.io/berriai/litellm:v1.93.0\"}]";
    let texts = [
        ("base/deployment.yaml", base.as_str()),
        ("base/kustomization.yaml", "resources: [deployment.yaml]\n"),
        ("base/config.yaml", CONFIG),
        ("prod/kustomization.yaml", overlay),
        ("prod/image.json", image),
    ];
    let found = only(&texts);
    assert_eq!(found.name, "prod/kustomization.yaml, Deployment litellm");
    assert_eq!(found.replicas, Some(6));
    assert_eq!(release(&report(&found, &texts)), "1.93.0");
    assert_eq!(variable(&found, &texts, "REDIS_SSL"), "true @ prod/kustomization.yaml:7");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "patched @ prod/kustomization.yaml:8");
    assert_eq!(variable(&found, &texts, "REDIS_PORT"), "-");
    assert_eq!(variable(&found, &texts, "REDIS_URL"), "-", "nothing is left open");
}

#[test]
fn projected_volumes() {
    let manifest = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: gateway}}\ndata:\n  config.yaml: |\n{}---\n{}",
        CONFIG.lines().map(|line| format!("    {line}\n")).collect::<String>(),
        DEPLOYMENT
            .replace("      containers:", "      volumes:\n        - name: c\n          projected:\n            sources:\n              - secret: {name: tls}\n              - configMap: {name: gateway}\n      containers:")
            .replace("          envFrom:", "          args: [--config, /etc/litellm/config.yaml]\n          volumeMounts: [{name: c, mountPath: /etc/litellm}]\n          envFrom:")
    );
    let found = only(&[("all.yaml", &manifest)]);
    assert!(matches!(&found.link, Link::Named(how) if how.contains("gateway")), "{:?}", found.link);
    let container = found.gathered().container.expect("a container");
    assert_eq!(container.mounts.len(), 2);
}

#[test]
fn an_operators_own_kind() {
    let custom = "\
apiVersion: litellm.example.com/v1
kind: LiteLLMProxy
metadata: {name: gateway}
spec:
  image: ghcr.io/berriai/litellm:v1.80.0-stable
  env: [{name: REDIS_HOST, value: r.example.com}]
  config:
    litellm_settings: {cache: true, cache_params: {type: redis, host: os.environ/REDIS_HOST}}
";
    let texts = [("proxy.yaml", custom)];
    let found = only(&texts);
    assert_eq!(release(&report(&found, &texts)), "1.80.0");
    assert_eq!(variable(&found, &texts, "REDIS_HOST"), "r.example.com @ proxy.yaml:6");
}

#[test]
fn what_belongs_to_no_config_is_said() {
    let found = all(&[("deployment.yaml", DEPLOYMENT)]);
    assert_eq!(found.unclaimed.len(), 1);
    assert!(found.unclaimed[0].1.contains("no config"), "{:?}", found.unclaimed);
    let mounted = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.88.0\n    command: [--config, /app/gateway.yaml]\n    volumes: [./gateway.yaml:/app/gateway.yaml]\n";
    let found = all(&[("compose.yaml", mounted), ("config.yaml", CONFIG)]);
    assert_eq!(found.found[0].link, Link::Alone, "another config is mounted");
    assert!(found.unclaimed[0].1.contains("gateway.yaml"), "{:?}", found.unclaimed);
}
