use super::case::{raises, silent};
use super::context::client_name;
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use deployment::{Container, Mounted};
use simulate::outcome::{Knowable, Setting};

pub(super) static RULE: Rule = Rule {
    code: "RP721",
    name: "file-is-not-mounted",
    category: Category::Certificates,
    aspects: &[Aspect::Connects, Aspect::Verified],
    severity: Severity::Error,
    summary: "A certificate or key that LiteLLM names is not in its container, or can't be read there.",
    why: "redis-py opens the files of `ssl_ca_certs`, `ssl_certfile` and `ssl_keyfile` when it connects: \
        `FileNotFoundError`, `PermissionError`, or an error of OpenSSL's where they hold no PEM. Each must be \
        mounted into the container under exactly that path, and be readable for the user that runs it. At \
        start-up, LiteLLM itself opens the files that the variables SSL_CERT_FILE and SSL_CERTIFICATE name (SSL_VERIFY too, before \
        1.74.0), and does not start where it can't. Since 1.110.0, a start-up with Redis also opens `ssl_certificate` of \
        `litellm_settings`.",
    ..Rule::CONFIG
};

const CONFIG: &str = r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis.example.com
    port: 6380
    ssl: true
    ssl_ca_certs: /etc/redis-tls/ca.crt
";

const CLIENT_CERTIFICATE: &str = r"
litellm_settings:
  cache: true
  cache_params: {type: redis, host: redis.example.com, port: 6380, password: os.environ/REDIS_PASSWORD, ssl: true}
  ssl_certificate: /etc/litellm/client.pem
";

const PLAIN: &str = r"
litellm_settings:
  cache: true
  cache_params: {type: redis, host: localhost, port: 6379}
";

const WITH_AUTHORITIES: &str = r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
    environment: {SSL_CERT_FILE: /certs/ca.pem}
    volumes: [./tls:/tls]
";

const WITH_SWITCH: &str = r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.73.7
    environment: {SSL_VERIFY: /certs/ca.pem}
    volumes: [./tls:/tls]
";

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
    volumes:
      - ./tls:/etc/redis/tls
",
    ),
    fixed: Example::new(CONFIG).beside(
        r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
    volumes:
      - ./tls:/etc/redis-tls
",
    ),
    cases: &[
        raises(CONFIG)
            .beside(
                r#"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  volumes: [{name: tls, secret: {secretName: redis-tls}}]
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      volumeMounts: [{name: tls, mountPath: /etc/redis-tls}]
---
apiVersion: v1
kind: Secret
metadata: {name: redis-tls}
stringData: {ca.pem: "-----BEGIN CERTIFICATE-----"}
"#,
            )
            .says(&["/etc/redis-tls", "ca.pem"]),
        raises(CONFIG)
            .beside(
                r#"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  volumes: [{name: tls, secret: {secretName: redis-tls}}]
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      volumeMounts: [{name: tls, mountPath: /etc/redis-tls}]
---
apiVersion: v1
kind: Secret
metadata: {name: redis-tls}
stringData: {ca.crt: "put the certificate here"}
"#,
            )
            .says(&["holds no PEM"]),
        raises(CONFIG)
            .beside(
                r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  securityContext: {runAsUser: 1000}
  volumes: [{name: tls, secret: {secretName: redis-tls, defaultMode: 0400}}]
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      volumeMounts: [{name: tls, mountPath: /etc/redis-tls}]
",
            )
            .severity(Severity::Warning)
            .says(&["fsGroup", "0400"]),
        raises(CLIENT_CERTIFICATE)
            .on("1.110.2", "5.3.1")
            .beside(
                r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.110.2
    volumes:
      - ./tls:/etc/redis-tls
",
            )
            .says(&["does not start", "/etc/litellm/client.pem"]),
        silent(CLIENT_CERTIFICATE).on("1.109.1", "5.3.1").beside(
            r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.109.1
    volumes:
      - ./tls:/etc/redis-tls
",
        ),
        silent(CLIENT_CERTIFICATE).on("1.110.2", "5.3.1").beside(
            r"
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.110.2
    volumes:
      - ./tls:/etc/litellm
",
        ),
        // What importing LiteLLM opens.
        raises(PLAIN)
            .beside(WITH_AUTHORITIES)
            .says(&["does not start", "SSL_CERT_FILE", "/certs/ca.pem"]),
        raises(PLAIN)
            .on("1.73.7", "5.2.1")
            .beside(WITH_SWITCH)
            .says(&["does not start", "SSL_VERIFY"]),
        silent(PLAIN).on("1.74.1", "5.2.1").beside(WITH_SWITCH),
        raises(CONFIG)
            .beside(
                r#"
{"family": "litellm", "containerDefinitions": [
  {"name": "litellm", "image": "ghcr.io/berriai/litellm:v1.109.1",
   "mountPoints": [{"sourceVolume": "tls", "containerPath": "/etc/tls"}]}]}
"#,
            )
            .says(&["nothing is mounted"]),
        silent(CONFIG).beside(
            r#"
{"family": "litellm", "containerDefinitions": [
  {"name": "litellm", "image": "ghcr.io/berriai/litellm:v1.109.1",
   "mountPoints": [{"sourceVolume": "tls", "containerPath": "/etc/redis-tls"}]}]}
"#,
        ),
        // What another container's volumes bring is not read.
        silent(CONFIG).beside(
            r#"
{"family": "litellm", "containerDefinitions": [
  {"name": "litellm", "image": "ghcr.io/berriai/litellm:v1.109.1",
   "volumesFrom": [{"sourceContainer": "secrets"}]}]}
"#,
        ),
        raises(CONFIG).beside(
            r#"
job "litellm" {
  group "llm" {
    task "litellm" {
      driver = "docker"
      config { image = "ghcr.io/berriai/litellm:v1.109.1" }
      template {
        data        = "x"
        destination = "secrets/ca.crt"
      }
    }
  }
}
"#,
        ),
        silent(CONFIG).beside(
            r#"
job "litellm" {
  group "llm" {
    task "litellm" {
      driver = "docker"
      config {
        image   = "ghcr.io/berriai/litellm:v1.109.1"
        volumes = ["secrets/ca.crt:/etc/redis-tls/ca.crt"]
      }
      template {
        data        = "x"
        destination = "secrets/ca.crt"
      }
    }
  }
}
"#,
        ),
        raises(CONFIG)
            .beside("[Container]
Image=ghcr.io/berriai/litellm:v1.109.1
Secret=ca.crt,type=mount
"),
        silent(CONFIG).beside(
            "[Container]
Image=ghcr.io/berriai/litellm:v1.109.1
Secret=ca,target=/etc/redis-tls/ca.crt
",
        ),
        silent(CONFIG)
            .beside("[Container]
Image=ghcr.io/berriai/litellm:v1.109.1
PodmanArgs=--volumes-from x
"),
        raises(CONFIG).beside("docker run -v ./tls:/tls ghcr.io/berriai/litellm:v1.109.1
"),
        silent(CONFIG)
            .beside("docker run -v ./tls:/etc/redis-tls:ro ghcr.io/berriai/litellm:v1.109.1
"),
        silent(CONFIG)
            .beside("docker run --mount type=bind,src=/tls,dst=/etc/redis-tls ghcr.io/berriai/litellm:v1.109.1
"),
        raises(CONFIG).beside(
            r"
image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}
masterkeySecretName: litellm
volumes: [{name: tls, secret: {secretName: redis-tls}}]
volumeMounts: [{name: tls, mountPath: /tls}]
",
        ),
        silent(CONFIG).beside(
            r"
image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}
masterkeySecretName: litellm
volumes: [{name: tls, secret: {secretName: redis-tls}}]
volumeMounts: [{name: tls, mountPath: /etc/redis-tls}]
",
        ),
        // The Secret is not at hand, and the mount says which of its keys it takes.
        raises(CONFIG)
            .beside(
                r"
image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}
masterkeySecretName: litellm
volumes: [{name: tls, secret: {secretName: redis-tls, items: [{key: ca, path: ca.pem}]}}]
volumeMounts: [{name: tls, mountPath: /etc/redis-tls}]
",
            )
            .says(&["/etc/redis-tls/ca.pem"]),
        silent(CONFIG).beside(
            r"
image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}
masterkeySecretName: litellm
volumes: [{name: tls, secret: {secretName: redis-tls, items: [{key: ca, path: tls/ca.crt}]}}]
volumeMounts: [{name: tls, mountPath: /etc/redis-tls, subPath: tls}]
",
        ),
        raises(CONFIG).beside(
            r"
controllers:
  litellm:
    containers:
      app: {image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}}
persistence:
  tls: {type: secret, name: redis-tls, advancedMounts: {other: {app: [{path: /etc/redis-tls}]}}}
",
        ),
        silent(CONFIG).beside(
            r"
controllers:
  litellm:
    containers:
      app: {image: {repository: ghcr.io/berriai/litellm, tag: v1.109.1}}
persistence:
  tls: {type: secret, name: redis-tls, advancedMounts: {litellm: {app: [{path: /etc/redis-tls}]}}}
",
        ),
        // An image of one's own may hold it.
        silent(CONFIG)
            .beside("services:\n  litellm:\n    image: registry.example.com/litellm:v1.109.1\n"),
        silent(CONFIG).beside(
            r"
apiVersion: v1
kind: Pod
metadata: {name: litellm}
spec:
  securityContext: {runAsUser: 1000, fsGroup: 1000}
  volumes: [{name: tls, secret: {secretName: redis-tls, defaultMode: 0400}}]
  containers:
    - image: ghcr.io/berriai/litellm:v1.109.1
      volumeMounts: [{name: tls, mountPath: /etc/redis-tls/ca.crt, subPath: ca.crt}]
",
        ),
    ],
    check,
};

/// What the image itself brings, and what Kubernetes and Vault's injector add to pods.
const IN_THE_IMAGE: [&str; 9] = [
    "/etc/ssl/",
    "/etc/pki/",
    "/usr/",
    "/app/",
    "/opt/",
    "/proc/",
    "/vault/",
    "/run/secrets/kubernetes.io/",
    "/var/run/secrets/",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(container) = context.container.filter(|container| container.whole) else {
        return vec![];
    };
    let mut found: Vec<Finding> = vec![];
    for file in &context.outcome.opens {
        let path = &file.path;
        if let Some((severity, said, help)) = missing(container, path) {
            let message = format!(
                "LiteLLM can't read {path} of `{}`, and does not start: {said}.",
                file.setting
            );
            let finding = RULE.at(context.span_of(&file.origin), message).severity(severity);
            found.push(
                finding.help(help).label("this file").related(container.span, "what runs LiteLLM"),
            );
        }
    }
    for (client, connection) in context.connections() {
        let Knowable::Known(Some(tls)) = &connection.tls else { continue };
        for setting in [&tls.ca_certs, &tls.certfile, &tls.keyfile] {
            let Some(path) = setting.value.as_str() else { continue };
            let span = span(context, setting);
            if found.iter().any(|one| one.primary.span == span && span.is_some()) {
                continue;
            }
            if let Some((severity, said, help)) = missing(container, path) {
                let message = format!("{} can't read {path}: {said}.", client_name(client));
                let finding = RULE.at(span, message).severity(severity).help(help);
                found.push(finding.label("this file").related(container.span, "what runs LiteLLM"));
            }
        }
    }
    found
}

fn span(context: &Context<'_>, setting: &Setting) -> Option<base::source::Span> {
    context.span_of(&setting.value.origin)
}

/// What keeps a file from being read that only a mount can bring.
fn missing(container: &Container, path: &str) -> Option<(Severity, String, String)> {
    let is_mounted = path.starts_with('/') && !IN_THE_IMAGE.iter().any(|own| path.starts_with(own));
    is_mounted.then(|| fault(container, path)).flatten()
}

/// What keeps a file from being read.
pub(super) fn fault(container: &Container, path: &str) -> Option<(Severity, String, String)> {
    let covers = |mount: &&Mounted| {
        let target = mount.target.trim_end_matches('/');
        path.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut mounts = container.mounts.iter().filter(covers).peekable();
    if mounts.peek().is_none() {
        return Some((
            Severity::Error,
            "nothing is mounted there".to_owned(),
            format!("Mount it at {path}, or name the path where it is mounted."),
        ));
    }
    let mut others: Vec<&str> = vec![];
    for mount in mounts {
        // What it brings is not known.
        let Some(files) = &mount.files else { return unreadable(container, mount) };
        match files.iter().find(|file| file.path == path) {
            Some(file) if file.is_pem == Some(false) => {
                return Some((
                    Severity::Error,
                    "it holds no PEM block".to_owned(),
                    "Put the certificate or key there as PEM.".to_owned(),
                ));
            }
            Some(_) => return unreadable(container, mount),
            None => others.extend(files.iter().map(|file| file.path.as_str())),
        }
    }
    let help = match others.as_slice() {
        [] => format!("Add {path} to what is mounted."),
        names => format!("Name a file that is mounted: {}.", names.join(", ")),
    };
    Some((Severity::Error, "what is mounted there has no such file".to_owned(), help))
}

/// Whether the user that runs LiteLLM may not read what a mount brings.
fn unreadable(container: &Container, mount: &Mounted) -> Option<(Severity, String, String)> {
    let mode = mount.mode?;
    let closed = mode.bits & 0o004 == 0;
    (container.unprivileged && closed && !container.has_fs_group).then(|| {
        (
            Severity::Warning,
            format!("its mode is {:04o}, and LiteLLM does not run as root", mode.bits),
            "Set `fsGroup` in the pod's securityContext, or `defaultMode: 0444`.".to_owned(),
        )
    })
}
