//! What is said of keys and variables.

use redproof_core::assist::Hover;
use redproof_core::catalogue::{self, Section};
use redproof_core::releases::Pair;

use crate::{Asked, NEWEST};

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: os.environ/REDIS_HOST\n    port: 6379\n    password: os.environ/MY_SECRET\nrouter_settings:\n  redis_host: r\n  redis_port: 6380\n";
const ENV: &str = "REDIS_HOST=redis.internal\nMY_SECRET=hunter22\nREDIS_PASSWORD=hunter23\n";

/// The hover on the first `name` of a config.
fn on(config: &str, env: &str, name: &str) -> Option<Hover> {
    Asked::of(&config.replacen(name, &format!("|{name}"), 1), ".env", env, NEWEST).hover()
}

#[test]
fn a_key_is_explained() {
    let hover = on(CONFIG, ENV, "host:").expect("a hover");
    let text = hover.documentation;
    assert_eq!(text.name, "host");
    assert_eq!(text.place, "litellm_settings.cache_params");
    assert_eq!(text.takes, "text");
    assert_eq!(text.default.as_deref(), Some("localhost"));
    assert_eq!(text.variable.as_deref(), Some("REDIS_HOST"));
    assert_eq!(text.reaches, "clients of one server");
    let [value] = &hover.effective[..] else { panic!("{:?}", hover.effective) };
    assert_eq!((&*value.setting, &*value.value), ("host", "redis.internal"));
    assert_eq!(value.clients, ["response cache (sync, async)"]);
    assert!(value.origin.starts_with("REDIS_HOST (.env:1:"), "{}", value.origin);
}

#[test]
fn a_router_key_tells_of_the_router() {
    let hover = on(CONFIG, ENV, "redis_port").expect("a hover");
    let [value] = &hover.effective[..] else { panic!("{:?}", hover.effective) };
    assert_eq!((&*value.setting, &*value.value), ("port", "6380"));
    assert_eq!(value.clients, ["router (sync, async)"]);
}

#[test]
fn a_value_is_explained_by_its_key() {
    assert_eq!(on(CONFIG, ENV, "6379").expect("a hover").documentation.name, "port");
    let list = "litellm_settings:\n  cache_params:\n    supported_call_types: [rerank]\n";
    let hover = on(list, "", "rerank").expect("a hover");
    assert_eq!(hover.documentation.name, "supported_call_types");
}

#[test]
fn a_url_tells_what_it_sets() {
    let text = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    url: rediss://h:1/2\n";
    let hover = on(text, "", "url").expect("a hover");
    let settings: Vec<&str> = hover.effective.iter().map(|one| one.setting.as_str()).collect();
    assert!(settings.contains(&"host") && settings.contains(&"port"), "{settings:?}");
}

#[test]
fn a_variable_is_explained_wherever_it_stands() {
    // An array of reports is more than a stack frame should hold.
    let first = Asked::of(CONFIG, ".env", "RED|IS_HOST=redis.internal\n", NEWEST);
    let second = Asked::of(&CONFIG.replace("REDIS_HOST", "REDIS_HO|ST"), ".env", ENV, NEWEST);
    for asked in std::iter::once(first).chain([second]) {
        let hover = asked.hover().expect("a hover");
        assert_eq!(hover.documentation.name, "REDIS_HOST");
        let environment = hover.environment.expect("what is set");
        assert!(environment.starts_with("REDIS_HOST (.env:1:"), "{environment}");
        assert!(environment.ends_with("is `redis.internal`"), "{environment}");
        assert_eq!(hover.effective[0].setting, "host");
    }
    let unset = Asked::of("# REDIS_PO|RT", ".env", "", NEWEST).hover().expect("a hover");
    assert_eq!(unset.environment.as_deref(), Some("REDIS_PORT is not set in the files given"));
}

#[test]
fn no_secret_is_told() {
    for name in ["MY_SECRET", "password"] {
        let hover = on(CONFIG, ENV, name).expect("a hover");
        assert!(!format!("{hover:?}").contains("hunter"), "{hover:?}");
        assert!(hover.documentation.secret, "{name}");
    }
    let env = "REDIS_URL=redis://:abc@h:1\nREDIS_PASS|WORD=hunter22\n";
    for text in [env.to_owned(), env.replace('|', "").replacen("_URL", "_U|RL", 1)] {
        let hover = Asked::of("litellm_settings: {cache: true}", ".env", &text, NEWEST).hover();
        let told = format!("{:?}", hover.expect("a hover"));
        assert!(!told.contains("hunter") && !told.contains("abc"), "{told}");
    }
}

#[test]
fn a_release_that_does_not_know_it_is_named() {
    let old = ("1.60.0", "5.2.1");
    let text = "general_settings:\n  coordi|nation_redis: {}";
    let note = Asked::of(text, ".env", "", old).hover().expect("a hover").documentation.note;
    assert_eq!(note.as_deref(), Some("LiteLLM 1.60.0 does not know it."));
    let text = "router_settings:\n  cache_kwargs:\n    char|set: x";
    let documentation = Asked::of(text, ".env", "", NEWEST).hover().expect("a hover").documentation;
    assert_eq!(documentation.note.as_deref(), Some("redis-py 8.1.0 does not know it."));
    assert!(documentation.releases.is_some_and(|text| text.starts_with("until redis-py")));
    let hidden = Asked::of("# REDIS_S|SL", ".env", "", ("1.80.0", "8.1.0")).hover();
    let note = hidden.expect("a hover").documentation.note.expect("a note");
    assert!(note.starts_with("LiteLLM 1.80.0 on redis-py 8.1.0 does not read it"), "{note}");
}

#[test]
fn every_field_has_documentation() {
    for field in catalogue::fields() {
        for section in field.sections {
            let names: Vec<&str> = section.path().split('.').collect();
            let mut text = String::new();
            for (depth, name) in names.iter().enumerate() {
                text += &format!("{}{name}:\n", "  ".repeat(depth));
            }
            text += &format!("{}|{}: x\n", "  ".repeat(names.len()), field.name);
            let hover = Asked::config(&text).hover();
            let hover = hover.unwrap_or_else(|| panic!("{} in {section:?}", field.name));
            assert_eq!(hover.documentation.name, field.name);
            assert_eq!(hover.documentation.meaning, field.meaning);
            assert!(!hover.documentation.meaning.is_empty());
        }
    }
}

#[test]
fn every_variable_has_documentation() {
    let names = catalogue::names(Section::Environment, Pair::newest());
    assert!(names.len() > 50);
    for name in names {
        let hover = Asked::beside(".env", &format!("|{name}=x\n")).hover();
        assert_eq!(hover.unwrap_or_else(|| panic!("{name}")).documentation.name, name);
    }
}

#[test]
fn sections_and_nodes_are_explained() {
    for name in ["litellm_settings", "router_settings"] {
        assert!(on(CONFIG, ENV, name).is_some(), "{name}");
    }
    let nodes = "litellm_settings:\n  cache_params:\n    redis_startup_nodes:\n      - host: h\n";
    assert_eq!(on(nodes, "", "host").expect("a hover").documentation.place, "a startup node");
}

#[test]
fn what_is_not_known_is_not_explained() {
    for name in ["foo", "bar"] {
        let text = "litellm_settings:\n  cache_params:\n    foo: bar\n";
        assert_eq!(on(text, "", name), None, "{name}");
    }
}
