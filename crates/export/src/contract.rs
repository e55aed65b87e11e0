//! The contract: what is exported, read back, does the same; and no secret leaves.

use std::path::Path;

use serde_json::Value as Json;

use super::same::settings;
use super::{Export, Exports, Format, Secrets};
use deployment::environment::{Environment, Gathered, NamedText, Variable, VariableValue, gather};
use deployment::release_choice::Releases;
use python::url::unquote;
use report::{CheckInput, Prepared};
use yaml::patch::quoted;

const PAIRS: [(&str, &str); 2] = [("1.80.0", "5.3.1"), ("1.109.1", "8.1.0")];
const PASSWORD: &str = "correct-horse-battery";

/// Values that are easily written wrong.
const AWKWARD: [&str; 34] = [
    "",
    " ",
    " both ends ",
    "two words",
    "it's",
    "say \"hi\"",
    "both ' and \"",
    "dollar $HOME",
    "brace ${HOME}",
    "default ${HOME:-x} ${",
    "dollars $$ $",
    "call $(HOME) and `id`",
    "hash # mark",
    "#first",
    "back\\slash",
    "back\\nslash",
    "ends in \\",
    "quote and slash \\' \\\"",
    "new\nline",
    "ends in a line\n",
    "a: b, [c] {d} & * ! | > % @",
    "- dash",
    "yes",
    "no",
    "true",
    "null",
    "~",
    "007",
    "1e3",
    "0x1F",
    "12:30:45",
    "2026-11-21",
    "ünï \u{1f511} \u{a0}",
    "a=b;c&d|e<f>g",
];

struct Case {
    name: String,
    config: String,
    files: Vec<NamedText>,
    variables: Vec<(String, String)>,
    complete: bool,
}

impl Case {
    fn new(name: &str, config: &str, variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Self {
            name: name.to_owned(),
            config: config.to_owned(),
            files: vec![],
            variables: variables.collect(),
            complete: true,
        }
    }

    fn gathered(&self) -> Gathered {
        gather(&self.files, &self.variables, self.complete)
    }
}

fn settings_of(config: &str, environment: &Gathered, pair: (&str, &str)) -> Json {
    let releases = Releases::parse(Some(pair.0), Some(pair.1)).expect("a supported pair");
    let name = "config.yaml";
    let input = CheckInput { name, text: config, environment, releases, now: None };
    let prepared = Prepared::new(&input);
    let settings = settings(&prepared.simulated(releases.choose(&prepared.gathered).pair));
    // What is not given may come from the exported env_file too: unknown is unknown.
    let same = settings.to_string().replace("which env_file may set", "which is not given here");
    serde_json::from_str(&same).expect("it was JSON before")
}

fn exports(case: &Case, secrets: Secrets, pair: (&str, &str)) -> Exports {
    let releases = Releases::parse(Some(pair.0), Some(pair.1)).expect("a supported pair");
    let (name, environment) = ("config.yaml", &case.gathered());
    let input = CheckInput { name, text: &case.config, environment, releases, now: None };
    Exports::of(&input, secrets).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

fn text<'e>(export: &'e Export, name: &str) -> &'e str {
    let file = export.files.iter().find(|file| file.name == name);
    &file.unwrap_or_else(|| panic!("{name} is missing")).text
}

/// The config and the environment of each format that holds both.
fn read_back(exports: &Exports, complete: bool) -> Vec<(&'static str, String, Gathered)> {
    let named = |export: &Export, name: &str| NamedText {
        name: name.to_owned(),
        text: text(export, name).to_owned(),
    };
    let config = text(&exports.export(Format::Config), "config.yaml").to_owned();
    let env = named(&exports.export(Format::Env), ".env");
    let kubernetes = text(&exports.export(Format::Kubernetes), "kubernetes.yaml").to_owned();
    let compose = exports.export(Format::Compose);
    assert_eq!(text(&compose, "config.yaml"), config);
    let files: Vec<NamedText> = compose
        .files
        .iter()
        .filter(|file| file.name != "config.yaml")
        .map(|file| named(&compose, &file.name))
        .collect();
    vec![
        ("env", config.clone(), gather(&[env], &[], complete)),
        ("compose", config, gather(&files, &[], complete)),
        ("kubernetes", kubernetes, gather(&[], &[], complete)),
    ]
}

/// The environment with the placeholders of unknown variables filled in, as the reader would; what
/// Kubernetes keeps for itself is left open there.
fn filled(case: &Case, exports: &Exports, kubernetes: bool) -> Gathered {
    let mut environment = case.gathered();
    let config = CheckInput {
        name: "config.yaml",
        text: &case.config,
        environment: &environment,
        releases: Releases::default(),
        now: None,
    };
    let known = Prepared::new(&config).gathered.environment;
    for variable in &exports.plan.variables {
        let unknown = match known.get(&variable.name).map(|known| &known.value) {
            Some(VariableValue::Unknown(_)) => true,
            Some(VariableValue::Known(_)) => false,
            None => variable.about.as_deref() == Some("the config names it, and it was not given"),
        };
        if unknown && !(kubernetes && variable.value_from.is_some()) {
            environment.environment.set(&variable.name, Variable::known(&variable.value, None));
        }
    }
    environment
}

/// The settings with secrets in the place of their placeholders.
fn with_secrets(json: &Json, exports: &Exports) -> Json {
    match json {
        Json::String(text) => {
            let mut text = text.clone();
            let mut secrets = exports.plan.tokens.secrets();
            // One placeholder may start as another does.
            secrets.sort_by_key(|(_, token)| std::cmp::Reverse(token.len()));
            for (secret, token) in secrets {
                text = text.replace(
                    token,
                    if token.ends_with("_URL_PASSWORD") {
                        unquote(secret)
                    } else {
                        secret.to_owned()
                    }
                    .as_str(),
                );
            }
            Json::String(text)
        }
        Json::Array(items) => items.iter().map(|item| with_secrets(item, exports)).collect(),
        Json::Object(map) => Json::Object(
            map.iter().map(|(key, value)| (key.clone(), with_secrets(value, exports))).collect(),
        ),
        other => other.clone(),
    }
}

fn holds(case: &Case, pair: (&str, &str)) {
    let revealed = exports(case, Secrets::Revealed, pair);
    for (format, config, environment) in read_back(&revealed, case.complete) {
        let expected =
            settings_of(&case.config, &filled(case, &revealed, format == "kubernetes"), pair);
        let found = settings_of(&config, &environment, pair);
        assert_eq!(found, expected, "{} as {format} on {pair:?}:\n{config}", case.name);
    }
    let hidden = exports(case, Secrets::Placeholders, pair);
    for (format, config, environment) in read_back(&hidden, case.complete) {
        let expected =
            settings_of(&case.config, &filled(case, &revealed, format == "kubernetes"), pair);
        let found = with_secrets(&settings_of(&config, &environment, pair), &hidden);
        assert_eq!(found, expected, "{} as {format}, hidden, on {pair:?}:\n{config}", case.name);
    }
    for format in Format::ALL {
        let export = hidden.export(format);
        for file in &export.files {
            for (secret, token) in hidden.plan.tokens.secrets() {
                assert!(
                    secret.len() < 8 || !file.text.contains(secret),
                    "{}: {token} leaks into {} of {format:?}:\n{}",
                    case.name,
                    file.name,
                    file.text
                );
            }
        }
    }
}

fn example(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every example with every environment that comes with it, given and not.
fn examples() -> Vec<Case> {
    let given = vec![
        ("REDIS_PASSWORD".to_owned(), PASSWORD.to_owned()),
        ("REDIS_HOST".to_owned(), "redis.internal".to_owned()),
        ("REDIS_PORT".to_owned(), "6379".to_owned()),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut cases = vec![];
    for folder in [folder.clone(), folder.join("seeds")] {
        for entry in std::fs::read_dir(&folder).expect("the examples") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let config = std::fs::read_to_string(&path).expect("an example");
            if config.contains("\nkind: ") {
                continue;
            }
            let beside = path.with_extension("env");
            let mut files = vec![vec![]];
            if let Ok(text) = std::fs::read_to_string(&beside) {
                files.push(vec![NamedText { name: beside.display().to_string(), text }]);
            }
            let deployment = example("seeds/deployment-env.yaml");
            files.push(vec![NamedText { name: "deployment.yaml".to_owned(), text: deployment }]);
            for files in files {
                for (variables, complete) in
                    [(vec![], true), (vec![], false), (given.clone(), true)]
                {
                    let name = format!("{} beside {files:?}, {variables:?}", path.display());
                    cases.push(Case {
                        name,
                        config: config.clone(),
                        files: files.clone(),
                        variables,
                        complete,
                    });
                }
            }
        }
    }
    assert!(cases.len() > 80, "{} cases", cases.len());
    cases
}

#[test]
fn every_example_comes_back() {
    for case in examples() {
        for pair in PAIRS {
            holds(&case, pair);
        }
    }
}

#[test]
fn awkward_values_come_back_from_the_environment() {
    let config =
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n";
    for value in AWKWARD {
        let variables = [("REDIS_PASSWORD", value), ("REDIS_USERNAME", value), ("OTHER", value)];
        let case = Case::new(&format!("{value:?}"), config, &variables);
        holds(&case, PAIRS[1]);
        let exports = exports(&case, Secrets::Revealed, PAIRS[1]);
        for (format, config, environment) in read_back(&exports, true) {
            let input = CheckInput {
                name: "config.yaml",
                text: &config,
                environment: &environment,
                releases: Releases::default(),
                now: None,
            };
            let read = Prepared::new(&input).gathered.environment;
            for (name, value) in &variables {
                assert_eq!(known(&read, name).as_deref(), Some(*value), "{name} as {format}");
            }
        }
    }
}

fn known(environment: &Environment, name: &str) -> Option<String> {
    match &environment.get(name)?.value {
        VariableValue::Known(value) => Some(value.reveal().to_owned()),
        VariableValue::Unknown(_) => None,
    }
}

#[test]
fn awkward_values_come_back_from_the_config() {
    for value in AWKWARD {
        let written = quoted(value);
        let config = format!(
            "# The cache.\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n    \
             password: {written} # secret\n    username: {written}\nrouter_settings:\n  redis_host: r\n  redis_port: 1\n  redis_password: {written}\n"
        );
        holds(&Case::new(&format!("{value:?}"), &config, &[]), PAIRS[0]);
        let variables =
            [("REDIS_PASSWORD", "another-password"), ("REDIS_URL", "redis://:third-password@x")];
        holds(&Case::new(&format!("{value:?} beside variables"), &config, &variables), PAIRS[1]);
    }
}

#[test]
fn secrets_in_odd_places_come_back() {
    let cases = [
        (
            "number",
            "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, password: 1234567}}\n",
        ),
        (
            "url",
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, url: 'rediss://user:s3cret-p%40ss@h:6380/2?db=1'}\n",
        ),
        (
            "nodes",
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    password: top-secret-1\n    redis_startup_nodes: [{host: a, port: 1}, {host: b, port: 2}]\n",
        ),
        (
            "sentinel",
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    service_name: m\n    password: top-secret-1\n    sentinel_password: top-secret-2\n    sentinel_nodes: [[s1, 26379], [s2, 26379]]\n",
        ),
        (
            "two",
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 1, password: one-secret}\nrouter_settings: {redis_host: h, redis_port: 1, redis_password: other-secret}\n",
        ),
        (
            "lost password",
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 1}\nrouter_settings: {redis_host: h, redis_port: 1, redis_password: other-secret}\n",
        ),
        (
            "coordination",
            "general_settings:\n  master_key: sk-master-key\n  coordination_redis: {host: h, port: 1, password: coord-secret}\nlitellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, password: cache-secret}}\n",
        ),
        (
            "variables",
            "environment_variables:\n  REDIS_HOST: h\n  REDIS_PORT: '1'\n  REDIS_PASSWORD: env-secret\nlitellm_settings: {cache: true, cache_params: {type: redis}}\n",
        ),
        (
            "alias",
            "x-password: &p shared-secret\nlitellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, password: *p}}\nrouter_settings: {redis_host: h, redis_port: 1, redis_password: *p}\n",
        ),
        (
            "merge",
            "x: &x {password: shared-secret, host: h, port: 1}\nlitellm_settings:\n  cache: true\n  cache_params:\n    <<: *x\n    type: redis\n",
        ),
        (
            "block",
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 1\n    password: |-\n      block-secret\n      second line\n",
        ),
        (
            "models",
            "model_list:\n- model_name: gpt-4o\n  litellm_params: {model: openai/gpt-4o, api_key: sk-one-secret}\n- model_name: gpt-4o\n  litellm_params: {model: openai/gpt-4o, api_key: sk-two-secret}\nlitellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}\n",
        ),
        (
            "comment",
            "# password was hunter2-hunter2, before: password: old\nlitellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, password: hunter2-hunter2}} # hunter2-hunter2\n",
        ),
        (
            "document",
            "---\nlitellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1, password: hunter2-hunter2}}\n",
        ),
        (
            "tls",
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n    ssl: true\n    ssl_ca_certs: tls/ca.crt\n    ssl_certfile: /etc/a/tls.crt\n    ssl_keyfile: /etc/b/tls.crt\n    ssl_password: key-secret\n",
        ),
        (
            "broken",
            "litellm_settings: {cache: true, cache_params: {type: nonsense, password: hunter2-hunter2}}\n",
        ),
    ];
    for (name, config) in cases {
        for pair in PAIRS {
            holds(&Case::new(name, config, &[]), pair);
            let known = [("REDIS_PASSWORD", "env-password"), ("REDIS_HOST", "env-host")];
            holds(&Case::new(&format!("{name} beside variables"), config, &known), pair);
            let url =
                [("REDIS_URL", "redis://u:url-p%2Fassword@env-host:7/1?password=query-secret")];
            holds(&Case::new(&format!("{name} beside a URL"), config, &url), pair);
            let open =
                Case { complete: false, ..Case::new(&format!("{name}, open"), config, &known) };
            holds(&open, pair);
        }
    }
}

#[test]
fn secrets_that_no_value_holds_are_gone_too() {
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 1\n    password: lost-secret\n    password: known-secret # not commented-secret\n    # password: commented-secret\n";
    for format in Format::ALL {
        let export = exports(&Case::new("lost", config, &[]), Secrets::Placeholders, PAIRS[1])
            .export(format);
        for file in &export.files {
            assert!(!file.text.contains("lost-") && !file.text.contains("known-"), "{}", file.text);
            assert!(!file.text.contains("# password: commented"), "{}", file.text);
        }
    }
}

#[test]
fn models_without_number_get_a_variable_each() {
    let mut config = String::from("model_list:\n");
    for number in 0..300 {
        config.push_str(&format!(
            "- model_name: gpt-4o\n  litellm_params:\n    model: openai/gpt-4o\n    api_key: sk-key-number-{number}\n"
        ));
    }
    let case = Case::new("models", &config, &[]);
    let config = exports(&case, Secrets::Placeholders, PAIRS[1]).export(Format::Config);
    let config = text(&config, "config.yaml");
    assert!(config.contains("    api_key: os.environ/GPT_4O_API_KEY\n"), "{config}");
    assert!(config.contains("    api_key: os.environ/GPT_4O_API_KEY_300\n"), "{config}");
    assert!(!config.contains("sk-key"));
}

#[test]
fn templates_stay_as_they_are() {
    let values = "image: {repository: ghcr.io/berriai/litellm-database, tag: main-v1.80.0-stable}\nproxy_config:\n  litellm_settings:\n    cache: true\n    cache_params:\n      type: redis\n      host: {{ .Values.host }}\n      port: 6379\n      password: hunter2-hunter2\n";
    let case = Case::new("values", values, &[]);
    let exports = exports(&case, Secrets::Placeholders, PAIRS[0]);
    let config = exports.export(Format::Config);
    assert_eq!(
        text(&config, "config.yaml"),
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: {{ .Values.host }}\n    port: 6379\n    password: os.environ/REDIS_PASSWORD\n"
    );
    assert!(config.notes.iter().any(|note| note.contains("Helm")), "{:?}", config.notes);
}

#[test]
fn what_a_kubernetes_secret_holds_is_a_secret() {
    let manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {target: redis.internal, USER: litellm-user}\n---\napiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: litellm\n    image: litellm\n    envFrom: [{secretRef: {name: s}, prefix: REDIS_}]\n    env:\n    - name: REDIS_HOST\n      valueFrom: {secretKeyRef: {name: s, key: target}}\n";
    let config = "litellm_settings: {cache: true, cache_params: {type: redis, port: 6379}}\n";
    let file = NamedText { name: "pod.yaml".to_owned(), text: manifest.to_owned() };
    let case = Case { files: vec![file], ..Case::new("Secret", config, &[]) };
    holds(&case, PAIRS[1]);
    for format in Format::ALL {
        for file in &exports(&case, Secrets::Placeholders, PAIRS[1]).export(format).files {
            let text = &file.text;
            assert!(!text.contains("redis.internal") && !text.contains("litellm-user"), "{text}");
        }
    }
}

#[test]
fn a_config_inside_a_manifest_comes_out() {
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: litellm\ndata:\n  config.yaml: |\n    # Kept.\n    litellm_settings:\n      cache: true\n      cache_params:\n        type: redis\n        host: h # kept, too\n        port: 6379\n        password: hunter2-hunter2\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: litellm\n          image: ghcr.io/berriai/litellm:main-v1.80.0-stable\n          env:\n            - {name: REDIS_SSL, value: 'true'}\n            - {name: REDIS_USERNAME, valueFrom: {secretKeyRef: {name: redis, key: user}}}\n";
    let case = Case::new("manifest", manifest, &[]);
    for pair in PAIRS {
        holds(&case, pair);
    }
    let export = exports(&case, Secrets::Placeholders, PAIRS[0]);
    let config = export.export(Format::Config);
    assert_eq!(
        text(&config, "config.yaml"),
        "# Kept.\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h # kept, too\n    port: 6379\n    password: os.environ/REDIS_PASSWORD\n"
    );
    let kubernetes = export.export(Format::Kubernetes);
    let kubernetes = text(&kubernetes, "kubernetes.yaml");
    assert!(kubernetes.contains("main-v1.80.0-stable"), "{kubernetes}");
    assert!(kubernetes.contains("name: redis\n                  key: user"), "{kubernetes}");
}
