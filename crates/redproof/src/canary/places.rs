//! The places that a secret may be in.

use redproof_core::NamedText;

/// What must not come out: as a generator of passwords makes it, and as few lines hold it by chance.
pub(super) const CANARY: &str = "Xq7cAn4ryW9";

/// A configuration with the canary in one place.
pub(super) struct Place {
    pub(super) name: String,
    pub(super) config: String,
    pub(super) files: Vec<NamedText>,
    pub(super) variables: Vec<(String, String)>,
}

impl Place {
    fn of_config(name: impl Into<String>, config: impl Into<String>) -> Self {
        let config = config.into();
        Self { name: name.into(), config, files: vec![], variables: vec![] }
    }

    fn beside(name: impl Into<String>, config: &str, file: &str, text: impl Into<String>) -> Self {
        let files = vec![NamedText { name: file.to_owned(), text: text.into() }];
        Self { files, ..Self::of_config(name, config) }
    }
}

/// A cache that reads its settings from the environment.
const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";

/// Names under which people write a secret.
const NAMES: &[&str] = &[
    "password",
    "pasword",
    "passwrd",
    "pass",
    "redis_pass",
    "pwd",
    "psw",
    "auth",
    "credentials",
    "secret",
    "token",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "connection_string",
    "passphrase",
    "requirepass",
    "masterauth",
    "redis_auth",
    "authorization",
    "sentinel_password",
    "ssl_password",
    "azure_client_secret",
    "redis_paswword",
    "unknown_thing",
    "my-own-key",
    "redis_hots",
    "ssl_ca_data",
    "note",
];

/// Ways to write a value, `@` in the place of the canary.
const FORMS: &[(&str, &str)] = &[
    ("plain", "@"),
    ("double quoted", "\"@\""),
    ("single quoted", "'@'"),
    ("list", "[@]"),
    ("map", "{a: @}"),
    ("alias", "*@"),
    ("tag", "!@ x"),
    ("anchor", "&@"),
    ("block", "|\n      @\n      second"),
    ("comment alone", "#@"),
    ("comment beside", "os.environ/PW # old @"),
    ("false reference", "os.environ/@ !"),
    ("false oidc", "oidc/@"),
    ("open brace", "${@"),
    ("default", "${PW:-@}"),
    ("two words", "first @"),
    ("template", "\"{{ default '@' .Values.pw }}\""),
];

/// URLs that hold the canary, as few or as odd as people write them.
const URLS: &[&str] = &[
    "redis://u:@C@h:6379/0",
    "redis://:@C@h:6379/0",
    "redis://@C@h:6379/0",
    "rediss://u:it's@C@h:6379",
    "rediss://u:a\"@C@h:6379",
    "redis://u:two words@C@h:6379",
    "redis://:$@C@h",
    "redis://:{{@C@h",
    "redis://u:a/@C@h:6379/0",
    "redis://u:a@@C/x@h:6379/0",
    "rediss://:a@@C#x@h:6379",
    "redis://@C/x@h:6379",
    "unix://u:a@/@C/x@/run/redis.sock",
    "redis://u:a#@C@h:6379/0",
    "redis://u:a?@C@h:6379/0",
    "redis://h/0?password=@C",
    "redis://h/0?db=1&pasword=@C&ssl_cert_reqs=none",
    "redis://h/0?password=a @C",
    "redis://h/0#@C",
    "redis:/:@C@h",
    "redis//:@C@h",
    "redis:///u:@C@h",
    ":@C@h:1",
    "u:@C@h:1",
    "@C@h:1",
    "unix://u:@C@/run/redis.sock",
    "h.redis.cache.windows.net:6380,password=@C=,ssl=True,abortConnect=False",
    "redis://u:@C@h1:1,redis://u:@C@h2:2",
];

/// Where URLs stand.
const ADDRESSES: &[&str] =
    &["url", "host", "redis_url", "namespace", "client_name", "service_name"];

pub(super) fn places() -> Vec<Place> {
    let mut all = named();
    formed(&mut all);
    addresses(&mut all);
    references(&mut all);
    configs(&mut all);
    keys(&mut all);
    files(&mut all);
    environments(&mut all);
    all
}

fn in_cache(line: &str) -> String {
    format!("{CACHE}    host: h\n    port: 6379\n    {line}\n")
}

fn named() -> Vec<Place> {
    let mut all = vec![];
    for name in NAMES {
        let line = format!("{name}: {CANARY}");
        all.push(Place::of_config(format!("cache_params {name}"), in_cache(&line)));
        let router =
            format!("router_settings:\n  redis_host: h\n  redis_port: 6379\n  redis_{line}\n");
        all.push(Place::of_config(format!("router_settings {name}"), router));
        let upper = format!("REDIS_{}", name.to_ascii_uppercase().replace('-', "_"));
        let env = format!("REDIS_HOST=h\n{upper}={CANARY}\n");
        all.push(Place::beside(format!(".env {upper}"), CACHE, ".env", env));
        let shell = format!("#!/bin/sh\nexport REDIS_HOST=h {upper}='{CANARY}'\n");
        all.push(Place::beside(format!("shell {upper}"), CACHE, "env.sh", shell));
        let manifest = format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    env:\n    - name: REDIS_HOST\n      value: h\n    - {{name: {upper}, value: {CANARY}}}\n    - name: {upper}\n      value: {CANARY}\n"
        );
        all.push(Place::beside(format!("manifest {upper}"), CACHE, "pod.yaml", manifest));
        let compose = format!(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:main-v1.80.0\n    environment:\n      - REDIS_HOST=h\n      - {upper}={CANARY}\n      - \"{upper}_2={CANARY}\"\n"
        );
        all.push(Place::beside(format!("compose {upper}"), CACHE, "compose.yaml", compose));
    }
    all
}

fn formed(all: &mut Vec<Place>) {
    for (form, written) in FORMS {
        for name in ["password", "pasword", "unknown_thing"] {
            let line = format!("{name}: {}", written.replace('@', CANARY));
            all.push(Place::of_config(format!("{form} {name}"), in_cache(&line)));
        }
    }
}

fn addresses(all: &mut Vec<Place>) {
    let yaml = |value: &str| format!("'{}'", value.replace('\'', "''"));
    for url in URLS {
        let url = url.replace("@C", CANARY);
        for name in ADDRESSES {
            let config = format!("{CACHE}    {name}: {}\n", yaml(&url));
            all.push(Place::of_config(format!("{name} {url}"), config));
        }
        let router = format!("router_settings:\n  redis_url: {}\n", yaml(&url));
        all.push(Place::of_config(format!("router {url}"), router));
        let quoted = url.replace('\\', "\\\\").replace('"', "\\\"");
        let env =
            format!("REDIS_URL=\"{quoted}\"\nREDIS_HOST=\"{quoted}\"\nDATABASE_URL=\"{quoted}\"\n");
        all.push(Place::beside(format!(".env {url}"), CACHE, "prod.env", env));
        let variables = vec![("REDIS_URL".to_owned(), url.clone())];
        all.push(Place { variables, ..Place::of_config(format!("--env {url}"), CACHE) });
    }
}

fn references(all: &mut Vec<Place>) {
    for (name, config) in [
        (
            "reference",
            format!("{CACHE}    host: h\n    port: 6379\n    password: os.environ/MINE\n"),
        ),
        (
            "reference, does not start",
            format!("{CACHE}    password: os.environ/MINE\n    service_name: x\n"),
        ),
        (
            "reference of an unknown key",
            format!("{CACHE}    host: h\n    port: 1\n    pasword: os.environ/MINE\n"),
        ),
        ("reference of a url", format!("{CACHE}    url: os.environ/MINE\n")),
        (
            "reference of a port",
            format!(
                "{CACHE}    host: h\n    port: os.environ/MINE\n    password: os.environ/MINE\n"
            ),
        ),
        (
            "router reference",
            "router_settings: {redis_host: h, redis_port: 1, redis_password: os.environ/MINE}\n"
                .to_owned(),
        ),
        ("not YAML", format!("{CACHE}    password: os.environ/MINE\n  oops: [\n")),
    ] {
        let variables = vec![("MINE".to_owned(), CANARY.to_owned())];
        all.push(Place { variables, ..Place::of_config(name, config.clone()) });
        all.push(Place::beside(
            format!("{name}, .env"),
            &config,
            ".env",
            format!("MINE={CANARY}\n"),
        ));
    }
}

fn configs(all: &mut Vec<Place>) {
    let config = |name: &str, text: String| Place::of_config(name, text);
    all.extend([
        config("JSON key", in_cache(&format!("gcp_service_account: '{{\"type\": \"service_account\", \"private_key\": \"{CANARY}\"}}'"))),
        config("JSON nodes", format!("{CACHE}    redis_startup_nodes: '[{{\"host\": \"h\", \"password\": \"{CANARY}\"}}]'\n")),
        config("JSON nodes, broken", format!("{CACHE}    redis_startup_nodes: '[{{\"host\": \"h\", \"password\": \"{CANARY}\"'\n")),
        config("PEM", in_cache(&format!("ssl_keyfile: |\n      -----BEGIN PRIVATE KEY-----\n      MIIE{CANARY}aa==\n      -----END PRIVATE KEY-----"))),
        config("PEM as data", in_cache(&format!("ssl_ca_data: |\n      -----BEGIN CERTIFICATE-----\n      MIIE{CANARY}aa==\n      -----END CERTIFICATE-----"))),
        config("a node's password", format!("{CACHE}    redis_startup_nodes:\n    - {{host: h, port: 1, password: {CANARY}}}\n")),
        config("a sentinel's password", format!("{CACHE}    service_name: m\n    sentinel_nodes: [[h, 1]]\n    sentinel_password: {CANARY}\n")),
        config("instead of a section", format!("litellm_settings:\n  cache: true\n  cache_params: {CANARY}\n")),
        config("no colon", format!("{CACHE}    password{CANARY}\n")),
        config("no blank", format!("{CACHE}    password:{CANARY}\n")),
        config("tab", format!("{CACHE}\tpassword: {CANARY}\n")),
        config("twice", in_cache(&format!("password: {CANARY}1\n    password: {CANARY}2"))),
        config("comment", format!("# old password {CANARY}\n{CACHE}")),
        config("comment, prose", format!("# we used {CANARY} before\n{CACHE}    host: h\n")),
        config("comment, setting", format!("{CACHE}    host: h\n    # redis_password: {CANARY}\n    #url: redis://:{CANARY}@h\n")),
    ]);
}

fn keys(all: &mut Vec<Place>) {
    let config = |name: &str, text: String| Place::of_config(name, text);
    all.extend([
        config("percent", in_cache(&format!("password: %{CANARY}"))),
        config("at", in_cache(&format!("password: @{CANARY}"))),
        config("backtick", in_cache(&format!("password: `{CANARY}"))),
        config("open quote", in_cache(&format!("password: \"{CANARY}"))),
        config("colon within", in_cache(&format!("password: a: {CANARY}"))),
        config("bad escape", in_cache(&format!("password: \"\\q{CANARY}\""))),
        config("models", format!("model_list:\n- model_name: gpt-4o\n  litellm_params:\n    model: openai/gpt-4o\n    api_key: {CANARY}\n    vertex_credentials: '{{\"private_key\": \"{CANARY}\"}}'\n    extra_headers: {{Authorization: Bearer {CANARY}, X-Mine: {CANARY}}}\n    api_base: https://u:{CANARY}@api.example.com/v1?key={CANARY}\n{CACHE}    host: h\n    hots: x\n")),
        config("webhook", format!("general_settings:\n  master_key: {CANARY}\n  alert_to_webhook_url: {{llm_exceptions: https://hooks.example.com/services/T1/{CANARY}}}\n  database_url: postgres://llm:{CANARY}@db/x\n  hots: x\n{CACHE}    host: h\n")),
        config("variables", format!("environment_variables:\n  REDIS_PASWORD: {CANARY}\n  REDIS_HOST: h\n  MINE: {CANARY}\n{CACHE}")),
        config("fallback key", format!("litellm_settings:\n  cache: true\n  fallbacks: [{{password: {CANARY}}}]\n  cache_params: {{type: redis, host: h, hots: x}}\n")),
        config("misplaced", format!("litellm_settings:\n  cache: true\ncache_params:\n  type: redis\n  host: h\n  password: {CANARY}\n  pasword: {CANARY}\n")),
        config("wrong type", format!("{CACHE}    host: h\n    port: 'redis://:{CANARY}@h'\n")),
        config("number", format!("{CACHE}    host: h\n    password: '{CANARY}'\n    db: 'u:{CANARY}@h'\n")),
    ]);
}

fn files(all: &mut Vec<Place>) {
    let beside = |name: &str, file: &str, text: String| Place::beside(name, CACHE, file, text);
    all.extend([
        beside("pip index", "requirements.txt", format!("litellm @ https://u:{CANARY}@pypi.example.com/litellm-1.80.0.whl\n")),
        beside("pip, marker", "requirements.txt", format!("redis @ git+https://{CANARY}@git.example.com/redis-py ; python_version > '3'\n")),
        beside("pip, option", "requirements.txt", format!("litellm>=1.80 --index-url https://u:{CANARY}@pypi.example.com\n")),
        beside("a Secret", "secret.yaml", format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{REDIS_HOST: {CANARY}, REDIS_PASWORD: {CANARY}}}\n---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    envFrom: [{{secretRef: {{name: s}}}}]\n")),
        beside("a Secret's file", "secret.yaml", format!("kind: Secret\nmetadata: {{name: s}}\nstringData:\n  config.yaml: |\n    host: {CANARY}\n    {CANARY}: x\n")),
        beside("a Secret's data", "secret.json", format!("{{\"kind\": \"Secret\", \"data\": {{\"a\": \"{CANARY}\"}}}}")),
        beside("a ConfigMap", "map.yaml", format!("kind: ConfigMap\ndata:\n  REDIS_PASWORD: {CANARY}\n  my-redis: {CANARY}\n")),
        beside("manifest args", "pod.yaml", format!("kind: Pod\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    args: [--config, c.yaml, --redis-password, {CANARY}]\n    command: [sh, -c, \"REDIS_PASSWORD={CANARY} litellm\"]\n")),
        beside("compose command", "compose.yaml", format!("services:\n  litellm: {{image: litellm}}\n  redis:\n    image: redis\n    command: redis-server --requirepass {CANARY}\n    healthcheck: {{test: redis-cli -a {CANARY} ping}}\n")),
        beside("shell, before a command", "run.sh", format!("#!/bin/sh\nA=1 REDIS_PASSWORD={CANARY} litellm\nlitellm --password {CANARY}\n")),
        beside("shell, substitution", "run.sh", format!("export REDIS_HOST=$(echo {CANARY})\n")),
    ]);
}

fn environments(all: &mut Vec<Place>) {
    let beside = |name: &str, file: &str, text: String| Place::beside(name, CACHE, file, text);
    all.extend([
        beside(".env comment", ".env", format!("# before: {CANARY}\nREDIS_HOST=h # was {CANARY}\n")),
        beside(".env, commented out", ".env", format!("#REDIS_PASSWORD={CANARY}\n#REDIS_URL=redis://:{CANARY}@h\nREDIS_HOST=h\n")),
        beside(".env, no name", ".env", format!("{CANARY}\n=x{CANARY}\nREDIS_HOST=h\nA b {CANARY}\n")),
        beside(".env, two lines", ".env", format!("REDIS_PASWORD=\"first\n{CANARY}\"\nREDIS_HOST=h\n")),
        beside(".env, twice", ".env", format!("REDIS_PASWORD={CANARY}1\nREDIS_PASWORD={CANARY}2\nREDIS_HOST=h\n")),
        beside(".env, composed", ".env", format!("PW={CANARY}\nREDIS_URL=redis://:${{PW}}@h\nREDIS_HOST=${{PW}}@h\n")),
        beside(".env, nodes", ".env", format!("REDIS_CLUSTER_NODES='[{{\"host\": \"h\", \"port\": 1, \"password\": \"{CANARY}\"}}]'\n")),
        beside(".env, nodes, broken", ".env", format!("REDIS_CLUSTER_NODES='[{{\"host\": \"h\", \"password\": \"{CANARY}\"'\n")),
        beside(".env, sentinels", ".env", format!("REDIS_SENTINEL_NODES='[[\"h\", 1]]'\nREDIS_SERVICE_NAME=m\nREDIS_SENTINEL_PASSWORD={CANARY}\n")),
        beside(".env, hook", ".env", format!("SLACK_WEBHOOK_URL=https://hooks.slack.com/services/T/B/{CANARY}\nREDIS_HOST=h\n")),
        beside(".env, dsn", ".env", format!("SENTRY_DSN=https://{CANARY}@o1.ingest.sentry.io/1\nREDIS_HOST=h\n")),
        beside("helm", "values.yaml", format!("image: {{repository: ghcr.io/berriai/litellm, tag: main-v1.80.0}}\nmasterkey: {CANARY}\nenvVars: {{REDIS_HOST: h, REDIS_PASWORD: {CANARY}}}\nredis: {{enabled: true, auth: {{password: {CANARY}}}}}\n")),
        beside("external", "external.yaml", format!("kind: ExternalSecret\nspec:\n  data:\n  - secretKey: REDIS_PASSWORD\n    remoteRef: {{key: prod/redis, property: pw}}\n  token: {CANARY}\n")),
    ]);
}
