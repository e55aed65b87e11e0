//! What becomes of one request's answer.

use redproof_core::asked;
use redproof_core::asked::{Asked, CallType, Unusable};
use redproof_core::served::Fact;
use redproof_messages::{Requested, Row, Tone};

use crate::workspace::Workspace;

/// What becomes of it, or what is wrong with the request.
pub(crate) fn requested(
    workspace: &Workspace,
    json: &str,
    endpoint: &str,
) -> Result<Requested, String> {
    let call = CallType::ALL.into_iter().find(|call| call.endpoint() == endpoint);
    match asked(&workspace.report, json, call, false) {
        Ok(asked) => Ok(words(workspace, &asked)),
        Err(Unusable::NotServing) => {
            Err("LiteLLM serves no request with this configuration.".to_owned())
        }
        Err(Unusable::NotJson(why)) => Err(format!("This is not JSON: {why}.")),
        Err(Unusable::NotAMapping) => Err("A request is a JSON object.".to_owned()),
    }
}

/// The endpoints whose answers LiteLLM caches.
pub(crate) fn endpoints() -> Vec<String> {
    CallType::ALL.map(|call| call.endpoint().to_owned()).to_vec()
}

fn words(workspace: &Workspace, asked: &Asked) -> Requested {
    let (tone, verdict) = match (asked.served, asked.kept) {
        (Some(true), Some(true)) => (Tone::Good, "cached"),
        (Some(true), _) => (Tone::Warning, "served from the cache, not stored"),
        (Some(false), Some(true)) => (Tone::Warning, "stored, never served from the cache"),
        (Some(false), _) => (Tone::Error, "not cached"),
        (None, _) => (Tone::Hint, "unknown"),
    };
    let model = asked.model.as_ref().map_or(String::new(), |model| format!(" to {model}"));
    Requested {
        tone,
        headline: format!("{}{model}: {verdict}", asked.endpoint),
        rows: rows(workspace, asked),
    }
}

fn rows(workspace: &Workspace, asked: &Asked) -> Vec<Row> {
    let row = |setting: &str, value: String| Row {
        setting: setting.to_owned(),
        value,
        origin: String::new(),
        at: None,
        overrode: vec![],
    };
    let fact = |setting: &str, fact: &Fact| Row {
        origin: fact.origin.clone().unwrap_or_default(),
        at: fact.at.and_then(|span| workspace.at(span)),
        ..row(setting, fact.value.clone())
    };
    let mut rows: Vec<Row> = asked.why.iter().map(|why| fact("because", why)).collect();
    if !asked.read.is_empty() {
        let place =
            |place: &&str| if *place == "memory" { "the process's memory" } else { "Redis" };
        let places: Vec<&str> = asked.read.iter().map(place).collect();
        let age = asked.max_age.map_or(String::new(), |age| format!(", if not older than {age} s"));
        rows.push(row("looked for in", format!("{}{age}", places.join(", then "))));
    }
    if asked.kept == Some(true) || !asked.read.is_empty() {
        rows.extend(asked.key.iter().map(|key| row("key", key.clone())));
    }
    for (name, time) in [("in Redis", &asked.redis), ("in memory", &asked.memory)] {
        rows.extend(time.iter().map(|time| fact(name, &time.fact)));
    }
    if asked.redis.is_some() {
        let written = asked.gathered.map_or("at once".to_owned(), |size| {
            format!("once {size} answers have gathered in the process")
        });
        rows.push(row("written", written));
    }
    if asked.in_model_list == Some(false) {
        rows.push(row("model", "not in model_list".to_owned()));
    }
    rows.extend(asked.notes.iter().map(|note| row("note", note.clone())));
    rows
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, File, Texts};

    use crate::Engine;

    #[test]
    fn one_request_says_whether_its_answer_is_cached() {
        let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
                      host: redis.test\n    port: 6380\n    ttl: 600\n";
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let files = vec![file("config.yaml", config), file(".env", "")];
        let mut engine = Engine::default();
        engine.answer(Ask::Check { texts: Texts { files, ..Texts::default() }, now: 0 });
        let mut ask = |json: &str| match engine
            .answer(Ask::Request { json: json.to_owned(), endpoint: String::new() })
        {
            Answer::Request(said) => said,
            _ => panic!("another question was answered"),
        };
        let cached = ask(r#"{"model": "m", "messages": []}"#).expect("a request");
        assert!(cached.headline.ends_with("to m: cached"), "{cached:?}");
        assert!(cached.rows.iter().any(|row| row.setting == "in Redis"), "{cached:?}");
        let declined = ask(r#"{"model": "m", "messages": [], "cache": {"no-store": true}}"#);
        assert!(!declined.expect("a request").headline.ends_with(": cached"));
        assert!(ask("{").is_err() && ask("[]").is_err());
    }
}
