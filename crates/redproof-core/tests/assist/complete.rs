//! What is offered where.

use redproof_core::assist::Completions;
use redproof_core::catalogue::{self, Section};
use redproof_core::document;
use redproof_core::releases::Pair;
use redproof_core::source::SourceId;

use crate::{Asked, NEWEST};

fn labels(completions: Option<&Completions>) -> Vec<&str> {
    let items = completions.map_or(&[][..], |completions| &completions.items);
    items.iter().map(|item| item.label.as_str()).collect()
}

/// `there` are offered, `absent` are not.
fn offers(asked: &Asked, there: &[&str], absent: &[&str]) {
    let completions = asked.complete();
    let labels = labels(completions.as_ref());
    for label in there {
        assert!(labels.contains(label), "{label} of {labels:?} in {}", asked.text());
    }
    for label in absent {
        assert!(!labels.contains(label), "{label} of {labels:?} in {}", asked.text());
    }
}

const PARAMS: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";

#[test]
fn keys_by_section() {
    let cases: [(&str, &[&str], &[&str]); 21] = [
        ("|", &["litellm_settings", "router_settings", "model_list"], &["cache", "host"]),
        ("model_list: []\nli|", &["litellm_settings"], &["model_list"]),
        ("litellm_settings:\n  |", &["cache", "cache_params"], &["host", "router_settings"]),
        ("litellm_settings:\n  cache: true\n  c|", &["cache_params"], &["cache"]),
        (
            "litellm_settings:\n  cache_params:\n    |",
            &["type", "host", "ssl"],
            &["cache", "redis_host"],
        ),
        (
            "litellm_settings:\n  cache_params:\n    host: h\n    p|",
            &["port", "password"],
            &["host"],
        ),
        ("litellm_settings:\n  cache_params:\n    p|\n    host: h", &["port"], &["host"]),
        ("litellm_settings:\n  cache_params: {|}", &["type", "host"], &["cache"]),
        ("litellm_settings:\n  cache_params: {host: h, po|}", &["port"], &["host"]),
        ("litellm_settings:\n  cache_params: {host: h, |", &["port"], &["host"]),
        ("{\"litellm_settings\": {\"cache_params\": {\"ho|\"}}}", &["host"], &["cache"]),
        ("router_settings:\n  |", &["redis_host", "cache_kwargs"], &["host", "ssl", "model_list"]),
        ("router_settings:\n  cache_kwargs:\n    |", &["ssl", "host"], &["type", "redis_host"]),
        ("general_settings:\n  |", &["coordination_redis"], &["cache"]),
        (
            "general_settings:\n  coordination_redis:\n    |",
            &["startup_nodes"],
            &["type", "redis_startup_nodes"],
        ),
        (
            "environment_variables:\n  |",
            &["REDIS_HOST", "REDIS_CLUSTER_NODES"],
            &["host", "REDIS_RETRY"],
        ),
        ("environment_variables:\n  REDIS_HOST: h\n  RE|", &["REDIS_PORT"], &["REDIS_HOST"]),
        (
            "litellm_settings:\n  cache_params:\n    redis_startup_nodes:\n      - h|",
            &["host", "port"],
            &["type"],
        ),
        (
            "litellm_settings:\n  cache_params:\n    redis_startup_nodes:\n      - host: h\n        |",
            &["port"],
            &["host"],
        ),
        ("litellm_settings:\n  cache_params:\n  |", &["host", "cache"], &["cache_params"]),
        ("model_list:\n  - model_name: x\n    |", &[], &["host", "cache", "litellm_settings"]),
    ];
    for (text, there, absent) in cases {
        offers(&Asked::config(text), there, absent);
    }
}

#[test]
fn what_only_python_can_make_is_not_offered() {
    offers(&Asked::config(&format!("{PARAMS}    |")), &["host"], &["retry", "connection_pool"]);
}

#[test]
fn values_by_field() {
    let case = |key: &str| Asked::config(&format!("{PARAMS}    {key}"));
    offers(&case("ssl: |"), &["true", "false", "os.environ/REDIS_SSL"], &["host"]);
    offers(&case("ssl: t|"), &["true"], &[]);
    offers(&case("ssl:|"), &["true"], &[]);
    offers(&case("ssl_cert_reqs: |"), &["required", "none"], &["true"]);
    offers(&case("ssl_cert_reqs: \"|\""), &["required"], &[]);
    offers(&case("mode: |"), &["default_on", "default_off"], &[]);
    offers(&case("host: |"), &["os.environ/REDIS_HOST", "localhost"], &["true"]);
    offers(&case("password: |"), &["os.environ/REDIS_PASSWORD"], &[]);
    offers(&case("password: os.environ/|"), &["os.environ/REDIS_URL"], &[]);
    offers(&case("supported_call_types: [|]"), &["acompletion"], &["true"]);
    offers(&case("supported_call_types: [acompletion, a|]"), &["aembedding"], &["acompletion"]);
    offers(&case("supported_call_types:\n      - |"), &["acompletion"], &[]);
    offers(
        &case("supported_call_types:\n      - rerank\n      - a|"),
        &["acompletion"],
        &["rerank"],
    );
    offers(&case("supported_call_types:\n      |"), &["acompletion"], &["host"]);
    offers(&case("supported_call_types:\n    - rerank\n    - |"), &["acompletion"], &["rerank"]);
    let router = Asked::config("router_settings:\n  routing_strategy: |");
    offers(&router, &["simple-shuffle", "usage-based-routing-v2"], &["true"]);
    let model = "model_list:\n  - litellm_params:\n      api_key: os.|";
    offers(&Asked::of(model, ".env", "MY_KEY=x", NEWEST), &["os.environ/MY_KEY"], &[]);
}

#[test]
fn comments_and_texts_offer_nothing() {
    for text in [
        "# li|",
        "litellm_settings: # c|",
        "model_list:\n  - description: >\n      ho|\n",
        "litellm_settings:\n  cache_params:\n    type: redis\n      ho|",
    ] {
        assert_eq!(Asked::config(text).complete(), None, "{text}");
    }
}

#[test]
fn the_releases_decide() {
    let at = |releases, text: &str| Asked::of(text, ".env", "", releases);
    let old = ("1.60.0", "5.2.1");
    let general = "general_settings:\n  |";
    offers(&at(old, general), &["user_api_key_cache_ttl"], &["coordination_redis"]);
    offers(&at(NEWEST, general), &["coordination_redis"], &[]);
    let params = format!("{PARAMS}    |");
    offers(&at(old, &params), &["host", "charset"], &["aws_iam_auth"]);
    offers(&at(NEWEST, &params), &["host", "aws_iam_auth"], &["charset"]);
    let kind = "litellm_settings:\n  cache_params:\n    type: |";
    offers(&at(old, kind), &["redis", "s3"], &["valkey-semantic", "gcs"]);
    offers(&at(NEWEST, kind), &["valkey-semantic"], &[]);
    let hidden = ("1.80.0", "8.1.0");
    let variables = "environment_variables:\n  |";
    offers(&at(hidden, variables), &["REDIS_URL"], &["REDIS_SSL"]);
    offers(&at(NEWEST, variables), &["REDIS_SSL"], &[]);
}

#[test]
fn environment_files() {
    let cases: [(&str, &str, &[&str], &[&str]); 13] = [
        (".env", "|", &["REDIS_HOST", "REDIS_URL"], &["host"]),
        (".env", "RED|", &["REDIS_HOST"], &[]),
        (".env", "REDIS_HOST=h\nRED|\nREDIS_PORT=1", &["REDIS_DB"], &["REDIS_HOST", "REDIS_PORT"]),
        (".env", "REDIS_SSL=|", &["true", "false"], &[]),
        (".env", "REDIS_SSL_CERT_REQS=\"r|\"", &["required"], &[]),
        (".env", "# RED|", &[], &["REDIS_HOST"]),
        ("env.sh", "export RED|", &["REDIS_HOST"], &[]),
        ("env.sh", "export REDIS_SSL=|", &["true"], &[]),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - env:\n        - name: |",
            &["REDIS_HOST"],
            &["host"],
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - env:\n        - name: REDIS_SSL\n          value: |",
            &["true"],
            &[],
        ),
        (
            "compose.yaml",
            "services:\n  litellm:\n    environment:\n      REDIS_HOST: h\n      |",
            &["REDIS_PORT"],
            &["REDIS_HOST"],
        ),
        (
            "compose.yaml",
            "services:\n  litellm:\n    environment:\n      - REDIS_HOST=h\n      - R|",
            &["REDIS_PORT"],
            &["REDIS_HOST"],
        ),
        (
            "values.yaml",
            "image:\n  repository: litellm\nenvVars:\n  |",
            &["REDIS_HOST"],
            &["envVars"],
        ),
    ];
    for (name, text, there, absent) in cases {
        offers(&Asked::beside(name, text), there, absent);
    }
}

#[test]
fn a_config_in_a_manifest_is_completed_too() {
    let literal = |inside: &str| {
        // The header's bar is not the cursor.
        let head = "apiVersion: v1\nkind: ConfigMap\ndata:\n  config.yaml: ";
        let offset = head.len() + 2 + inside.find('|').expect("a cursor");
        let text = format!("{head}|\n{}", inside.replacen('|', "", 1));
        let report = crate::report(&text, ".env", "", NEWEST);
        Asked { report, source: SourceId::CONFIG, offset: u32::try_from(offset).expect("short") }
    };
    let asked = literal(
        "    litellm_settings:\n      cache_params:\n        type: redis\n        |\n  x: 1",
    );
    offers(&asked, &["host"], &["type", "cache"]);
    offers(&literal("    |\n"), &["litellm_settings"], &["host"]);
    let helm = "proxy_config:\n  litellm_settings:\n    cache_params:\n      host: {{ .Values.host }}\n      |";
    offers(&Asked::config(helm), &["port"], &["host"]);
}

#[test]
fn typing_is_not_disturbed() {
    for text in [
        "|",
        "litellm_settings:\n  |",
        "litellm_settings:\n  cache_params:\n    host: |",
        "litellm_settings:\n  cache_params:\n    |host: x",
        "litellm_settings:\n  cache_params:\n    ho|st: x",
        "model_list:\n  - model_name: gpt|",
    ] {
        assert_eq!(Asked::config(text).typed(), None, "{text}");
    }
    for text in ["lite|", "litellm_settings:\n  c|", "litellm_settings:\n  cache: |"] {
        assert!(Asked::config(text).typed().is_some(), "{text}");
    }
}

/// The text once an item is taken, the cursor shown.
fn taken(text: &str, label: &str) -> String {
    let asked = Asked::config(text);
    let completions = asked.complete().unwrap_or_else(|| panic!("{label} in {text}"));
    let item = completions.items.iter().find(|item| item.label == label);
    let item = item.unwrap_or_else(|| panic!("{label} in {text}"));
    let mut insert = item.insert.clone();
    insert.insert(item.cursor, '|');
    let mut text = asked.text().to_owned();
    text.replace_range(completions.span.range(), &insert);
    text
}

#[test]
fn what_is_taken_keeps_the_style_of_the_file() {
    for (text, label, expected) in [
        ("li|", "litellm_settings", "litellm_settings:\n  |"),
        (
            "litellm_settings:\n    c|",
            "cache_params",
            "litellm_settings:\n    cache_params:\n        |",
        ),
        (
            "router_settings:\n  cache_kwargs:\n  |",
            "ssl",
            "router_settings:\n  cache_kwargs:\n    ssl: |",
        ),
        (
            "router_settings:\n  cache_kwargs:\n  s|",
            "ssl",
            "router_settings:\n  cache_kwargs:\n    ssl: |",
        ),
        (
            "router_settings: {redis_host: h|, x: 1}",
            "os.environ/REDIS_HOST",
            "router_settings: {redis_host: os.environ/REDIS_HOST|, x: 1}",
        ),
        ("router_settings: {|}", "cache_kwargs", "router_settings: {cache_kwargs: {|}}"),
        (
            "router_settings: {timeout: 1 |}",
            "redis_port",
            "router_settings: {timeout: 1 , redis_port: |}",
        ),
        (
            "router_settings: {| timeout: 1}",
            "redis_port",
            "router_settings: {redis_port: |,  timeout: 1}",
        ),
        (
            "router_settings: {\"timeout\": 1, |}",
            "redis_port",
            "router_settings: {\"timeout\": 1, \"redis_port\": |}",
        ),
        ("router_settings: {\"re|\"}", "redis_port", "router_settings: {\"redis_port\": |}"),
        ("router_settings:\n  redis_po|rt: 1", "redis_port", "router_settings:\n  redis_port|: 1"),
        ("litellm_settings:\n  cache:|", "true", "litellm_settings:\n  cache: true|"),
        ("litellm_settings:\n  cache: 'f|", "false", "litellm_settings:\n  cache: 'false'|"),
        (
            "environment_variables:\n  REDIS_SSL: |",
            "true",
            "environment_variables:\n  REDIS_SSL: \"true\"|",
        ),
        (
            "litellm_settings:\n  cache_params:\n    red|",
            "redis_startup_nodes",
            "litellm_settings:\n  cache_params:\n    redis_startup_nodes:\n      - host: |\n        port: 6379",
        ),
        (
            "litellm_settings:\n  cache_params:\n    sent|",
            "sentinel_nodes",
            "litellm_settings:\n  cache_params:\n    sentinel_nodes:\n      - [\"|\", 26379]",
        ),
        (
            "model_list:\n- x: 1\nlitellm_settings:\n  cache_params:\n    supp|",
            "supported_call_types",
            "model_list:\n- x: 1\nlitellm_settings:\n  cache_params:\n    supported_call_types:\n    - |",
        ),
        (
            "litellm_settings:\n  cache_params:\n    supported_call_types:\n      |",
            "rerank",
            "litellm_settings:\n  cache_params:\n    supported_call_types:\n      - rerank|",
        ),
    ] {
        assert_eq!(taken(text, label), expected, "{label} in {text}");
    }
}

#[test]
fn variables_are_written_as_their_file_has_them() {
    for (name, text, label, expected) in [
        (".env", "RE|", "REDIS_HOST", "REDIS_HOST="),
        (".env", "RE|=h", "REDIS_HOST", "REDIS_HOST=h"),
        ("env.sh", "export A=1\nRE|", "REDIS_HOST", "export A=1\nexport REDIS_HOST="),
        ("env.sh", "export RE|", "REDIS_HOST", "export REDIS_HOST="),
        (".env", "REDIS_SSL='t|", "true", "REDIS_SSL='true'"),
        (
            "compose.yaml",
            "services:\n  a:\n    environment:\n      - R|",
            "REDIS_HOST",
            "services:\n  a:\n    environment:\n      - REDIS_HOST=",
        ),
        (
            "compose.yaml",
            "services:\n  a:\n    environment:\n      REDIS_PORT: |",
            "6379",
            "services:\n  a:\n    environment:\n      REDIS_PORT: \"6379\"",
        ),
    ] {
        let asked = Asked::beside(name, text);
        let completions = asked.complete().expect("completions");
        let item = completions.items.iter().find(|item| item.label == label).expect(label);
        let mut text = asked.text().to_owned();
        text.replace_range(completions.span.range(), &item.insert);
        assert_eq!(text, expected);
    }
}

/// Each section in several layouts, with the cursor where a key can be.
fn layouts(section: Section) -> Vec<String> {
    let names: Vec<&str> = section.path().split('.').collect();
    let block = |step: usize, before: &str, after: &str| {
        let mut text = String::from("model_list:\n- model_name: x\n");
        for (depth, name) in names.iter().enumerate() {
            text += &format!("{}{name}:\n", " ".repeat(depth * step));
        }
        let pad = " ".repeat(names.len() * step);
        for line in [before, "|", after].into_iter().filter(|line| !line.is_empty()) {
            text += &format!("{pad}{line}\n");
        }
        text
    };
    let flow = |inside: &str| {
        let (open, close) = ("{", "}");
        let head: String = names.iter().map(|name| format!("{name}: {open}")).collect();
        format!("{{{head}{inside}{}}}", close.repeat(names.len()))
    };
    vec![
        block(2, "", ""),
        block(4, "", ""),
        block(2, "x_first: 1", ""),
        block(2, "", "x_last: 1"),
        block(3, "x_first: 1 # why", "x_last: [1]"),
        flow("|"),
        flow("x_first: 1, |"),
        flow("x_first: 1|"),
        flow("| x_last: 1"),
        block(2, "", "").replace('|', "zz|"),
        flow("x_first: 1, zz|"),
    ]
}

/// Taking any key leaves a document with the key at its path, and all that stood there before.
#[test]
fn every_key_that_is_taken_stands_at_its_path() {
    let mut keys = 0;
    for section in Section::ALL {
        for text in layouts(section) {
            let asked = Asked::config(&text);
            let Some(completions) = asked.complete() else {
                assert!(text.contains("1|"), "{text}");
                continue;
            };
            assert!(completions.items.len() >= 3, "{text}");
            for item in &completions.items {
                let mut after = asked.text().to_owned();
                after.replace_range(completions.span.range(), &item.insert);
                let read = document::read(SourceId::CONFIG, &after);
                let read = read.unwrap_or_else(|error| panic!("{error}\n{after}"));
                let mut value = &read.root;
                for name in section.path().split('.').chain([item.label.as_str()]) {
                    let dict = value.as_dict().unwrap_or_else(|| panic!("{name} in\n{after}"));
                    value = dict.get(name).unwrap_or_else(|| panic!("{name} in\n{after}"));
                }
                for name in ["x_first", "x_last"] {
                    let kept = after.contains(name);
                    assert_eq!(kept, text.contains(name), "{after}");
                }
                keys += 1;
            }
        }
    }
    assert!(keys > 1000, "{keys}");
}

/// All that a release knows and a file can hold is offered, in each section.
#[test]
fn every_field_is_offered() {
    let pair = Pair::parse(NEWEST.0, NEWEST.1).expect("supported");
    for section in Section::ALL {
        let asked = Asked::config(&layouts(section)[0]);
        let completions = asked.complete();
        let labels = labels(completions.as_ref());
        let fields = catalogue::fields_of(section, pair).filter(|field| field.is_writable());
        for field in fields {
            assert!(labels.contains(&field.name), "{} of {section:?}", field.name);
        }
    }
}

#[test]
fn what_is_deprecated_comes_last() {
    let completions = Asked::config("router_settings:\n  |").complete().expect("keys");
    let last = completions.items.last().expect("a key");
    assert_eq!((last.label.as_str(), last.mark), ("redis_db", Some("deprecated")));
}

#[test]
fn what_would_have_no_effect_is_marked_and_comes_last() {
    let cases: [(&str, &[&str], &[&str]); 6] = [
        (
            "type: redis",
            &["host", "ssl", "ttl"],
            &["s3_bucket_name", "qdrant_api_base", "gcp_service_account"],
        ),
        (
            "type: local",
            &["ttl", "mode"],
            &["host", "ssl", "s3_bucket_name", "gcp_service_account"],
        ),
        ("type: s3", &["s3_bucket_name"], &["qdrant_api_base", "host"]),
        ("type: redis\n    url: redis://h:1", &["ttl"], &["host", "port", "ssl"]),
        (
            "type: redis\n    redis_startup_nodes: [{host: h, port: 1}]",
            &["ssl", "password"],
            &["host", "port"],
        ),
        ("host: h\n    type: redis", &["port"], &[]),
    ];
    for (params, useful, useless) in cases {
        let text =
            format!("litellm_settings:\n  cache: true\n  cache_params:\n    {params}\n    |");
        let completions = Asked::config(&text).complete().expect("keys");
        let item = |label: &str| {
            let place = completions.items.iter().position(|item| item.label == label);
            let place = place.unwrap_or_else(|| panic!("{label}"));
            (place, completions.items[place].mark)
        };
        for label in useful {
            assert_eq!(item(label).1, None, "{label} beside {params}");
        }
        for label in useless {
            let (place, mark) = item(label);
            assert_eq!(mark, Some("no effect here"), "{label} beside {params}");
            assert!(useful.iter().all(|label| item(label).0 < place), "{label} beside {params}");
        }
    }
}

#[test]
fn a_cache_without_a_type_is_offered_that_first() {
    for params in ["", "    port: 1\n"] {
        let text = format!("litellm_settings:\n  cache: true\n  cache_params:\n{params}    |");
        let completions = Asked::config(&text).complete().expect("keys");
        assert_eq!(labels(Some(&completions))[..2], ["type", "host"], "{params}");
        assert!(completions.items.iter().all(|item| item.mark.is_none()), "{params}");
    }
    let chosen = "litellm_settings:\n  cache_params:\n    type: redis\n    |";
    let completions = Asked::config(chosen).complete().expect("keys");
    assert_eq!(labels(Some(&completions))[0], "host");
}

#[test]
fn objects_that_keep_variables_are_completed() {
    let object = |kind: &str, rest: &str| {
        format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: litellm\n{rest}")
    };
    let variables: (&[&str], &[&str]) = (&["REDIS_HOST", "REDIS_URL"], &["REDIS_PORT", "host"]);
    for (text, (there, absent)) in [
        (object("ConfigMap", "data:\n  REDIS_PORT: '1'\n  |"), variables),
        (object("ConfigMap", "data:\n  REDIS_PORT: '1'\n  RED|"), variables),
        (object("Secret", "stringData:\n  REDIS_PORT: '1'\n  RED|"), variables),
        (object("Secret", "data:\n  REDIS_PORT: MQ==\n  RED|"), variables),
        (
            format!("{}---\n{}", object("Service", ""), object("Secret", "stringData:\n  R|")),
            (&["REDIS_HOST"], &[]),
        ),
        (
            "apiVersion: v1\nkind: List\nitems:\n- kind: ConfigMap\n  data:\n    R|".to_owned(),
            (&["REDIS_HOST"], &[]),
        ),
        (
            "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: litellm\n        env:\n        - name: RED|".to_owned(),
            (&["REDIS_HOST"], &["host"]),
        ),
    ] {
        offers(&Asked::beside("manifest.yaml", &text), there, absent);
    }
    for text in [
        object("Service", "data:\n  R|"),
        object("ConfigMap", "stringData:\n  R|"),
        object("ConfigMap", "metadata:\n  labels:\n    R|"),
        object("ConfigMap", "binaryData:\n  R|"),
        // Base64 is there.
        object("Secret", "data:\n  REDIS_SSL: |"),
    ] {
        assert_eq!(Asked::beside("manifest.yaml", &text).complete(), None, "{text}");
    }
    let values = object("Secret", "stringData:\n  REDIS_SSL: |");
    offers(&Asked::beside("manifest.yaml", &values), &["true"], &[]);
}
