//! What the simulation says of the Rust client is what it did with real servers: `truth/native`.

use std::path::Path;

use redproof_core::document;
use redproof_core::environment::Environment;
use redproof_core::outcome::{Connection, Knowable, Outcome};
use redproof_core::releases::Pair;
use redproof_core::simulate::json::outcome_json;
use redproof_core::simulate::simulate;
use redproof_core::source::SourceId;
use serde_json::{Value, json};

const RECORDING: &str = "../../truth/native/recording.jsonl";
const SITUATIONS: usize = 150;

#[test]
fn the_simulation_agrees_with_the_rust_client() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORDING);
    let text = std::fs::read_to_string(path).expect("the recording is readable");
    let recorded: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(recorded.len() >= SITUATIONS, "{} situations", recorded.len());
    let wrong: Vec<String> = recorded.iter().flat_map(differences).collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn differences(real: &Value) -> Vec<String> {
    let name = real["name"].as_str().unwrap_or_default();
    let mut params = json!({ "type": "redis" });
    for (key, value) in real["settings"].as_object().into_iter().flatten() {
        params[key] = filled(value, name.contains("text"));
    }
    let config = format!("litellm_settings:\n  cache: true\n  cache_params: {params}\n");
    let outcome = outcome(&config, real);
    let simulated = outcome_json(&outcome, true);
    let mut wrong = vec![];
    let refused = real["cache"]["message"].as_str().unwrap_or_default();
    if refused.starts_with("Redis Cluster cannot be connected.") {
        // redis-py's cluster asks the servers before the Rust client is made; the simulation takes
        // them to be there.
        return wrong;
    }
    let mut differ = |what: &str, real: &Value, simulated: &Value| {
        if real != simulated {
            wrong.push(format!("{name}: {what}: {simulated} is {real}"));
        }
    };
    for raised in [&real["cache"], &real["stores"]] {
        if raised.is_object() {
            differ("startup", &filled(raised, true), &simulated["startup"]);
            return wrong;
        }
    }
    differ("startup", &json!("ok"), &simulated["startup"]);
    let native = &simulated["native"];
    differ("ignored", &real["ignored"], &native["ignored"]);
    let depends_on_files = native["stores"].is_object();
    if !depends_on_files {
        differ("stores", &real["stores"], &native["stores"]);
        differ("reason", &filled(&real["reason"], true), &native["reason"]);
    }
    wrong.extend(at_sentinels(real, &outcome).map(|what| format!("{name}: {what}")));
    let connection = &native["connection"];
    wrong.extend(on_the_wire(real, connection).map(|what| format!("{name}: {what}: {connection}")));
    wrong
}

/// What the server saw, or why it was not reached, against what the client is said to hold.
fn on_the_wire(real: &Value, connection: &Value) -> Option<&'static str> {
    let reached = real["use"] == "ok";
    let failure = real["use"]["message"].as_str().unwrap_or_default();
    let server = real["server"].as_str().unwrap_or_default();
    let verifies = connection["verify"] != "none";
    if reached {
        let user = connection["username"].as_str().unwrap_or("default");
        let of = |client: &Value| client[0] == user && client[1] == connection["db"];
        let seen = real["seen"]["clients"].as_array().into_iter().flatten();
        if seen.count() > 0 && !real["seen"]["clients"].as_array()?.iter().any(of) {
            return Some("the user or the database");
        }
        if connection["tls"] != json!(server.contains("tls:")) {
            return Some("TLS");
        }
        let for_another = server.contains("tls:other-host");
        if for_another && verifies && connection["check_hostname"] == true {
            return Some("the host name is not checked");
        }
        if server.starts_with("tls:of-other-ca")
            && verifies
            && connection["ca_certs"] != "/dir/other-ca.pem"
        {
            return Some("the certificate is not verified");
        }
    }
    if failure.contains("not valid for name") && connection["check_hostname"] != true {
        return Some("the host name is checked");
    }
    if failure.contains("UnknownIssuer") && !verifies {
        return Some("the certificate is verified");
    }
    if failure.contains("NOAUTH") && !connection["password"].is_null() {
        return Some("no password is sent");
    }
    // A sentinel that refuses its own password says the same.
    let of_sentinel = server.ends_with(":auth");
    let failed = failure.contains("Password authentication failed") && !of_sentinel;
    if failed && connection["password"].is_null() {
        return Some("a password is sent");
    }
    None
}

/// Whether TLS is spoken to sentinels that were reached.
fn at_sentinels(real: &Value, outcome: &Outcome) -> Option<&'static str> {
    let over_tls = real["server"].as_str().is_some_and(|server| server.contains("over-tls"));
    let client = outcome.native.as_ref()?.client.as_ref()?;
    let is_tls = |one: &Connection| matches!(one.tls, Knowable::Known(Some(_)));
    let said = client.sentinels.iter().all(|sentinel| is_tls(sentinel) == over_tls);
    (real["use"] == "ok" && !said).then_some("TLS to the sentinels")
}

fn outcome(config: &str, real: &Value) -> Outcome {
    let release = |name: &str| real[name].as_str().unwrap_or_default();
    let pair = Pair::parse(release("litellm"), release("redis_py")).expect("releases");
    let document = document::read(SourceId::CONFIG, config);
    let environment = Environment::exactly(std::iter::empty::<(String, String)>());
    simulate(&document, &environment, pair)
}

/// What only the recorder's run knew, replaced: ports, its folder, its socket.
fn filled(value: &Value, text: bool) -> Value {
    match value {
        Value::String(word) if !text && is_port(word) => json!(6379),
        Value::String(word) => json!(replaced(word)),
        Value::Array(items) => items.iter().map(|item| filled(item, text)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), filled(value, text))).collect()
        }
        other => other.clone(),
    }
}

fn is_port(word: &str) -> bool {
    word.starts_with("{port:") && word.find('}') == Some(word.len() - 1)
}

fn replaced(word: &str) -> String {
    let mut word = word.replace("{dir}", "/dir").replace("{socket}", "/dir/redis.sock");
    for (mark, value) in [("{port:", "6379"), ("{text:", "text")] {
        while let Some(start) = word.find(mark)
            && let Some(length) = word[start..].find('}')
        {
            word.replace_range(start..=start + length, value);
        }
    }
    word
}
