//! The answers' own keys, and which requests reach the provider.

use std::collections::{BTreeSet, HashSet};

use base::source::SourceId;
use python::Value;
use redproof_serving::caching::{CallType, Covered, Kept, Lifetime, Prefix, Store, Write};
use redproof_serving::request::{MaxAge, Request};
use serde_json::Value as Json;
use simulate::outcome::Knowable;

use super::{Case, Tally};

/// What requests have left so far.
#[derive(Default)]
struct World {
    /// Answers in Redis.
    redis: HashSet<String>,
    /// Copies, by process.
    copies: HashSet<(u64, String)>,
    /// Gathered answers, by process.
    gathered: Vec<String>,
}

pub(crate) fn compare(case: &Case<'_>, tally: &mut Tally) {
    let mut world = World::default();
    let steps = case.scenario["steps"].as_array().into_iter().flatten();
    let answers = case.answer["steps"].as_array().into_iter().flatten();
    for (number, (step, answer)) in steps.zip(answers).enumerate() {
        if answer["status"] == 200 && case.serving.caching.store == Store::Nowhere {
            tally.check(
                "provider",
                case,
                &told(number, step),
                &Some(1),
                &answer["provider"].as_u64(),
            );
        } else if answer["status"] == 200 {
            request(case, tally, &mut world, number, step, answer);
        }
    }
}

fn told(number: usize, step: &Json) -> String {
    format!("step {number} ({})", step["name"].as_str().unwrap_or_default())
}

/// The request of a step.
fn asked(step: &Json) -> Option<Request> {
    let path = step["path"].as_str()?;
    let call = CallType::ALL.into_iter().find(|call| {
        path.strip_prefix("/v1") == Some(call.endpoint()) || path == call.endpoint()
    })?;
    let mut body = step["body"].clone();
    // What custom_auth.py gives two of the keys.
    match step["key"].as_str() {
        Some("sk-no-cache") => body["cache"] = serde_json::json!({"no-cache": true}),
        Some("sk-no-store") => body["cache"] = serde_json::json!({"no-store": true}),
        _ => {}
    }
    Some(Request { call, body: value(&body) })
}

fn value(json: &Json) -> Value {
    yaml::read(SourceId::CONFIG, &json.to_string()).expect("JSON is YAML").root
}

fn request(
    case: &Case<'_>,
    tally: &mut Tally,
    world: &mut World,
    number: usize,
    step: &Json,
    answer: &Json,
) {
    let Some(request) = asked(step) else {
        return;
    };
    let caching = &case.serving.caching;
    if matches!(caching.covers(request.call), Covered::Unknown(_)) {
        tally.unknown += 1;
        return;
    }
    let answered = caching.answer(&request);
    let brief = |kept: Option<&Lifetime>| {
        kept.is_some_and(|kept| matches!(kept.kept, Kept::Seconds(seconds) if seconds < 2))
    };
    if brief(answered.redis.as_ref()) || brief(answered.memory.as_ref()) {
        // Whether it is still there for the next step is a matter of chance.
        return;
    }
    let process = step["process"].as_u64().unwrap_or_default();
    let mut body = step["body"].clone();
    if let Some(body) = body.as_object_mut() {
        // What has no part in the hash.
        for name in ["cache", "caching", "ttl", "metadata"] {
            body.remove(name);
        }
    }
    let before = answered.key.clone().unwrap_or_default();
    let key = format!("{before}{} {body}", step["path"]);
    let shown = format!("{before}<sha256>");
    let copied = (process, key.clone());
    let usable = !matches!(caching.prefix, Knowable::Known(Some(Prefix::Raises(_))));
    let old = match answered.max_age {
        MaxAge::Any => false,
        MaxAge::Seconds(seconds) => seconds < 30.0,
        MaxAge::NotANumber => true,
    };
    let has_copy = answered.read && world.copies.contains(&copied);
    let hit_copy = has_copy && !old;
    let in_redis = answered.read && usable && world.redis.contains(&key);
    let hit = hit_copy || (in_redis && !old);
    let what = told(number, step);
    tally.check("provider", case, &what, &Some(u64::from(!hit)), &answer["provider"].as_u64());
    let mut expected = BTreeSet::new();
    let redis = caching.store == Store::Redis && usable;
    if redis && answered.read && !has_copy {
        expected.insert(format!("GET {shown}"));
    }
    if !hit {
        write(case, world, &request, &answered, &key, &copied, &shown, redis, &mut expected);
    }
    if in_redis && !has_copy && caching.memory.is_some() && request.call != CallType::Text {
        world.copies.insert(copied);
    }
    let recorded: BTreeSet<String> = answer["response"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(_, commands)| commands.as_array().into_iter().flatten())
        .filter_map(|command| {
            let command = command.as_str()?;
            Some(command.strip_prefix("db2 ").unwrap_or(command).to_owned())
        })
        .collect();
    if request.call == CallType::Messages {
        // Beside its own key, that of the call that it goes on to.
        let missing: BTreeSet<&String> = expected.difference(&recorded).collect();
        tally.check("answer's key", case, &what, &BTreeSet::new(), &missing);
        return;
    }
    tally.check("answer's key", case, &what, &expected, &recorded);
}

#[expect(clippy::too_many_arguments, reason = "one step of the replay")]
fn write(
    case: &Case<'_>,
    world: &mut World,
    request: &Request,
    answered: &redproof_serving::request::Answered,
    key: &str,
    copied: &(u64, String),
    shown: &str,
    redis: bool,
    expected: &mut BTreeSet<String>,
) {
    use redproof_serving::request::Why;

    if answered.memory.as_ref().is_some_and(|copy| match copy.kept {
        Kept::Seconds(seconds) => seconds > 0,
        // What has no lifetime stays.
        Kept::Raises(_) => true,
        _ => false,
    }) {
        world.copies.insert(copied.clone());
    }
    let set = |seconds: i64| format!("SET {shown} EX {seconds}");
    if !redis {
        return;
    }
    if let (Some(Why::Lifetime(Kept::NoTime(seconds))), Write::AtOnce) =
        (&answered.why, &case.serving.caching.write)
    {
        expected.insert(set(*seconds));
    }
    let Some(Kept::Seconds(seconds)) = answered.redis.as_ref().map(|redis| redis.kept.clone())
    else {
        return;
    };
    // Embeddings are written together, at once.
    if let Write::Gathered { size, .. } = case.serving.caching.write
        && request.call != CallType::Embedding
    {
        world.gathered.push(key.to_owned());
        if i64::try_from(world.gathered.len()).is_ok_and(|count| count >= size) {
            world.redis.extend(world.gathered.drain(..));
            expected.insert(set(seconds));
        }
        return;
    }
    world.redis.insert(key.to_owned());
    expected.insert(set(seconds));
}
