//! What Kubernetes manifests, Helm values and compose files set, and configs inside them.

use redproof_core::environment::{Environment, VariableValue};
use redproof_core::outcome::Startup;
use redproof_core::releases::Pair;
use redproof_core::{Gathered, NamedText, PairOrigin, Releases, Report, Selection, fix, gather};
use support::Checking;

fn gathered(name: &str, text: &str) -> Gathered {
    gather(&[NamedText { name: name.to_owned(), text: text.to_owned() }], &[], false)
}

fn value(environment: &Environment, name: &str) -> String {
    match environment.get(name).map(|variable| &variable.value) {
        None => "absent".to_owned(),
        Some(VariableValue::Known(value)) => value.reveal().to_owned(),
        Some(VariableValue::Unknown(why)) => format!("? {why}"),
    }
}

#[track_caller]
fn expect(gathered: &Gathered, expected: &[(&str, &str)]) {
    for (name, wanted) in expected {
        assert_eq!(value(&gathered.environment, name), *wanted, "{name}");
    }
}

fn checked(text: &str) -> Report {
    Checking::new(text).called("file.yaml").incomplete().report()
}

const DEPLOYMENT: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data:
  REDIS_PORT: \"6380\"
  url: redis://from-config-map
---
apiVersion: v1
kind: Secret
metadata: {name: redis}
data: {password: c2VjcmV0LXBhc3M=}
stringData: {user: app}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
spec:
  template:
    spec:
      containers:
        - name: proxy-of-something
          image: envoyproxy/envoy:v1.31
          env: [{name: REDIS_HOST, value: wrong}]
        - name: litellm
          image: ghcr.io/berriai/litellm:main-v1.80.0-stable
          envFrom:
            - configMapRef: {name: settings}
            - secretRef: {name: elsewhere}
          env:
            - {name: REDIS_HOST, value: redis.svc}
            - name: REDIS_URL
              value: redis://$(REDIS_HOST):$(REDIS_PORT)/$$(X)$(UNSET)
            - name: REDIS_PASSWORD
              valueFrom: {secretKeyRef: {name: redis, key: password}}
            - name: REDIS_USERNAME
              valueFrom: {secretKeyRef: {name: redis, key: user}}
            - name: OTHER_PASSWORD
              valueFrom: {secretKeyRef: {name: absent, key: password}}
            - name: POD_IP
              valueFrom: {fieldRef: {fieldPath: status.podIP}}
            - {name: REDIS_DB, value: 1}
            - name: EMPTY
";

#[test]
fn a_deployment_sets_its_containers_variables() {
    let gathered = gathered("deployment.yaml", DEPLOYMENT);
    expect(
        &gathered,
        &[
            ("REDIS_HOST", "redis.svc"),
            ("REDIS_PORT", "6380"),
            ("REDIS_URL", "redis://redis.svc:6380/$(X)$(UNSET)"),
            ("REDIS_PASSWORD", "secret-pass"),
            ("REDIS_USERNAME", "app"),
            ("OTHER_PASSWORD", "? key password of the Secret absent"),
            ("POD_IP", "? the pod's status.podIP"),
            ("REDIS_DB", "1"),
            ("EMPTY", ""),
        ],
    );
    let notes: Vec<_> = gathered.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("the Secret elsewhere") && notes[1].contains("REDIS_DB"));
    let span = gathered.environment.get("REDIS_HOST").and_then(|variable| variable.span);
    assert_eq!(&DEPLOYMENT[span.expect("a place").range()], "redis.svc");
    assert_eq!(gathered.images[0].release.as_deref(), Some("1.80.0"));
}

#[test]
fn the_image_tag_chooses_the_release() {
    let checking = Checking::new("model_list: []\n").files([("deployment.yaml", DEPLOYMENT)]);
    let checking = checking.incomplete();
    let report = checking.report();
    assert_eq!(format!("{:?}", report.pair), "LiteLLM 1.80.0 on redis-py 5.2.1");
    assert!(matches!(report.pair_origin, PairOrigin::Image(_)));
    let asked = Releases::parse(Some("1.109.1"), None).expect("supported");
    let report = checking.releases(asked).report();
    assert_eq!(report.pair.litellm.to_string(), "1.109.1");
    assert_eq!(report.pair_origin, PairOrigin::Asked);
}

#[test]
fn unknown_releases_are_simulated_as_the_nearest_before_them() {
    let notes = |litellm, redis_py| {
        let releases = Releases::parse(Some(litellm), Some(redis_py)).expect("supported");
        let input = Checking::new("model_list: []\n").files([("deployment.yaml", DEPLOYMENT)]);
        let report = input.incomplete().releases(releases).report();
        let notes = report.notes.into_iter().map(|note| note.text);
        notes.filter(|text| text.contains("simulated as")).collect::<Vec<_>>()
    };
    assert_eq!(notes("1.80.0", "5.3.1"), [""; 0]);
    let newest = Pair::newest().litellm;
    let [newer] = &notes("9.0.0", "5.3.1")[..] else { panic!("one note") };
    assert!(
        newer.starts_with("LiteLLM 9.0.0") && newer.ends_with(&format!("as {newest}")),
        "{newer}"
    );
    let [between] = &notes("1.80.0", "5.0.99")[..] else { panic!("one note") };
    assert!(between.ends_with("redis-py 5.0.99 is not known here: it is simulated as 5.0.8"));
    assert!(Releases::parse(Some("1.59.9"), None).is_err());
}

#[test]
fn compose_sets_its_services_variables() {
    let map = "\
services:
  redis:
    image: redis:7
    environment: {REDIS_HOST: wrong}
  proxy:
    image: ghcr.io/berriai/litellm:main-latest
    env_file: .env
    environment:
      REDIS_HOST: redis
      REDIS_PORT: 6379
      REDIS_SSL: yes
      REDIS_PASSWORD: ${REDIS_PASSWORD:-x}
      DOLLAR: a$$b
      FROM_HOST:
";
    let read = gathered("compose.yaml", map);
    expect(
        &read,
        &[
            ("REDIS_HOST", "redis"),
            ("REDIS_PORT", "6379"),
            ("REDIS_SSL", "yes"),
            ("REDIS_PASSWORD", "? REDIS_PASSWORD where compose runs"),
            ("DOLLAR", "a$b"),
            ("FROM_HOST", "? FROM_HOST where compose runs"),
        ],
    );
    assert_eq!(read.notes.len(), 1);
    let list = "services:\n  p:\n    image: litellm\n    environment:\n      - REDIS_HOST=redis\n      - \"REDIS_PASSWORD=p=w\"\n      - HOME\n";
    let read = gathered("docker-compose.yml", list);
    expect(&read, &[("REDIS_HOST", "redis"), ("REDIS_PASSWORD", "p=w")]);
    let span = |name: &str| read.environment.get(name).and_then(|one| one.span).expect("a place");
    assert_eq!(&list[span("REDIS_HOST").range()], "redis");
    assert_eq!(&list[span("REDIS_PASSWORD").range()], "p=w");
}

#[test]
fn a_config_map_holds_a_config_and_its_deployment_the_environment() {
    let config = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config}
data:
  config.yaml: |
    # a comment
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: os.environ/REDIS_HOST
        port: 6379
        connection_pool_timeout: 5
---
";
    // A REDIS_URL would take the place of everything else.
    let text = format!("{config}{DEPLOYMENT}").replace("REDIS_URL", "OTHER_URL");
    let report = checked(&text);
    let Startup::Exception(exception) = &report.outcome.startup else {
        panic!("{:?}", report.outcome.startup);
    };
    assert!(exception.message.contains("connection_pool_timeout"));
    let place = report.diagnostics.iter().find_map(|found| {
        let span = found.primary.span?;
        text.get(span.range()).filter(|written| written.starts_with("connection_pool_timeout"))
    });
    assert!(place.is_some(), "spans are places in the whole file");
    assert_eq!(value(&report.environment, "REDIS_HOST"), "redis.svc");
    assert_eq!(report.pair.litellm.to_string(), "1.80.0");
}

#[test]
fn fixes_change_the_config_inside_a_manifest_alone() {
    let text = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: litellm-config}
data:
  config.yaml: |
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: redis
        port: 6379
        connection_pool_timeout: 5
  other: kept
";
    let checking = Checking::new(text).called("configmap.yaml").incomplete();
    let fixed = checking.with(|input| fix(input, &Selection::safe()));
    assert_eq!(fixed.text, text.replace("        connection_pool_timeout: 5\n", ""));
    assert_eq!(fixed.report.outcome.startup, Startup::Ok);
}

#[test]
fn helm_values_hold_a_config_and_variables() {
    let text = "\
image:
  repository: ghcr.io/berriai/litellm-database
  tag: main-v1.80.0-stable
redis:
  enabled: true
envVars:
  REDIS_SSL: \"true\"
proxy_config:
  litellm_settings:
    cache: true
    cache_params:
      type: redis
      host: os.environ/REDIS_HOST
      port: os.environ/REDIS_PORT
replicaCount: 2
";
    let report = checked(text);
    assert_eq!(report.pair.litellm.to_string(), "1.80.0");
    assert_eq!(value(&report.environment, "REDIS_SSL"), "true");
    assert!(value(&report.environment, "REDIS_HOST").starts_with("? the Redis"));
    assert!(report.notes.iter().any(|note| note.text.contains("proxy_config")));
    assert_eq!(report.outcome.startup, Startup::Ok);
    assert_eq!(report.outcome.clients.len(), 2);
}

#[test]
fn templates_are_unknown_and_said() {
    let text = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include \"name\" . }}
  {{- with .Values.labels }}
  labels: {{ toYaml . | nindent 4 }}
  {{- end }}
data:
  config.yaml: |
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: {{ .Values.redis.host }}
        port: {{ .Values.redis.port | default 6379 }}
        connection_pool_timeout: 5
";
    let report = checked(text);
    assert!(report.notes.iter().any(|note| note.text.contains("holds templates")));
    let Startup::Exception(exception) = &report.outcome.startup else {
        panic!("{:?}", report.outcome.startup);
    };
    assert!(exception.message.contains("connection_pool_timeout"));
}

#[test]
fn a_plain_config_is_no_manifest() {
    for text in [
        "",
        "model_list: []\n",
        "general_settings: {master_key: sk}\nrouter_settings: {redis_host: h}\n",
        "model_list:\n  - model_name: a\n    litellm_params: {model: b, prompt: \"{{ user }}\"}\n",
        "a: [\n",
        "- list\n",
    ] {
        assert!(checked(text).notes.is_empty(), "{text:?}");
    }
}

#[test]
fn unreadable_manifests_are_said() {
    let gathered = gathered("broken.yaml", "apiVersion: v1\nkind: [\n---\nkind: Secret\n");
    assert!(gathered.notes[0].text.contains("not YAML"), "{:?}", gathered.notes);
}

#[test]
fn what_is_shown_holds_no_secret() {
    let text = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 1, password: hunter2-x, foo: hunter2-x}\n";
    let report = checked(text);
    let masked = report.redaction.masked(redproof_core::source::SourceId::CONFIG, text);
    assert!(masked.text.contains("password: •••, foo"), "{}", masked.text);
    let said =
        format!("{:?}", report.diagnostics.iter().map(|one| &one.message).collect::<Vec<_>>());
    assert!(!said.contains("hunter2"), "{said}");
}
