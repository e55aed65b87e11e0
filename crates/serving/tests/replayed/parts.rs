//! Which server each part's keys are on.

use std::collections::BTreeSet;

use redproof_serving::sharing::{Bare, Holder, Part, Share, Why};
use simulate::outcome::Client;

use serde_json::Value as Json;

use super::{Case, Tally, prefix, server};

/// The keys of a part, by a piece of each, and the commands that write them.
fn keys(part: Part) -> &'static [&'static str] {
    match part {
        Part::Answers => &["<sha256>"],
        Part::Limits => &["::request_count", "{api_key:", "{user:", "{team:", "{model_per_key:"],
        Part::Spend => &["spend:key:"],
        Part::Keys => &["<key>"],
        Part::Cooldowns => &[":cooldown"],
        Part::Usage => &["global_router:"],
        Part::Lock => &["cronjob_lock:"],
        Part::SpendQueue => &["litellm_"],
    }
}

pub(crate) fn compare(case: &Case<'_>, tally: &mut Tally) {
    for share in &case.serving.sharing.shares {
        one(case, tally, share);
    }
    let shared = case.serving.sharing.of(Part::Limits);
    let rpm: Vec<u64> = case.scenario["steps"]
        .as_array()
        .into_iter()
        .flatten()
        .zip(case.answer["steps"].as_array().into_iter().flatten())
        .filter(|(step, _)| step["name"] == "rpm")
        .filter_map(|(_, answer)| answer["status"].as_u64())
        .collect();
    // Three requests a minute are allowed; two processes send two each.
    let scripts = case.pair.behaves(facts::Behaviour::LimitsByScript);
    if scripts {
        let refused = matches!(shared.holder, Holder::Redis { .. });
        tally.check("limit", case, "rpm", &refused, &(rpm.last() == Some(&429)));
    }
}

fn one(case: &Case<'_>, tally: &mut Tally, share: &Share) {
    use redproof_serving::caching::{CallType, Covered};

    let what = format!("{:?}", share.part);
    let pieces = keys(share.part);
    let mut written = BTreeSet::new();
    let mut read = BTreeSet::new();
    let mut prefixes = BTreeSet::new();
    let mut scripts = BTreeSet::new();
    for (letter, command) in commands(case) {
        let words: Vec<&str> = command.split(' ').collect();
        let skip = usize::from(words[0].starts_with("db")) + usize::from(command.contains("lua "));
        let Some(key) = words.get(skip + 1) else {
            continue;
        };
        let Some(at) = pieces.iter().filter_map(|piece| key.find(piece)).min() else {
            continue;
        };
        let start = if share.part == Part::Cooldowns { key.find("deployment:") } else { Some(at) };
        // What heeds no namespace is told apart below.
        let script = command.contains("lua ") || matches!(words[skip], "EVALSHA" | "EVAL" | "DEL");
        if share.part != Part::Limits || !key.contains("request_count") {
            let prefixes = if script { &mut scripts } else { &mut prefixes };
            prefixes.insert(key[..start.unwrap_or(at)].to_owned());
        }
        match words[skip] {
            "GET" | "MGET" => read.insert(letter.clone()),
            _ => written.insert(letter.clone()),
        };
    }
    let asks = case.serving.caching.covers(CallType::Chat) == Covered::Yes;
    if share.part == Part::Answers && !asks {
        tally.check("written", case, &what, &BTreeSet::new(), &written);
        return;
    }
    let (computed_written, computed_read) = match &share.holder {
        Holder::Unknown(_) => {
            tally.unknown += 1;
            return;
        }
        Holder::EachProcess => (BTreeSet::new(), BTreeSet::new()),
        holder @ Holder::Redis { .. } => {
            let Some([writer, reader]) = holder.clients(case.outcome) else {
                tally.wrong.push(("no client", format!("{} {what}", case.label)));
                return;
            };
            (letter(writer), letter(reader))
        }
    };
    if matches!(share.why, Why::Nothing) && share.part == Part::Cooldowns {
        tally.check("cooldowns", case, "none written", &BTreeSet::new(), &written);
        return;
    }
    // A budget's counter is first read, then filled from the database, which is missing.
    if share.part == Part::Spend {
        written.extend(read.iter().cloned());
    }
    tally.check("written", case, &what, &computed_written, &written);
    if share.part == Part::Cooldowns {
        tally.check("read", case, &what, &computed_read, &read);
    }
    let named = prefix(&share.prefix);
    let of = |bare: bool| {
        let named = if bare { Some(String::new()) } else { named.clone() };
        named.map(|prefix| BTreeSet::from([prefix]))
    };
    if !prefixes.is_empty() {
        tally.check("prefix", case, &what, &of(share.bare == Bare::Everything), &Some(prefixes));
    }
    if !scripts.is_empty() {
        tally.check(
            "script's prefix",
            case,
            &what,
            &of(share.bare != Bare::Nothing),
            &Some(scripts),
        );
    }
}

fn letter(client: &Client) -> BTreeSet<String> {
    let port = client.connection.as_ref().map(|connection| &connection.port.value);
    let port = port.and_then(|port| python::convert::str_of(port).ok());
    port.and_then(|port| server(&port)).map(str::to_owned).into_iter().collect()
}

/// The server and the text of each command.
fn commands(case: &Case<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut add = |commands: &Json, step: Option<&Json>| {
        for (server, texts) in commands.as_object().into_iter().flatten() {
            for text in texts.as_array().into_iter().flatten().filter_map(Json::as_str) {
                // What is known of a key has a key of the same form as answers have.
                let of_key = step.is_some_and(|step| step["drive"] == "auth_cache");
                let text = if of_key { text.replace("<sha256>", "<key>") } else { text.to_owned() };
                found.push((server.clone(), text));
            }
        }
    };
    add(&case.answer["commands"], None);
    let steps = case.scenario["steps"].as_array().into_iter().flatten();
    for (step, answer) in steps.zip(case.answer["steps"].as_array().into_iter().flatten()) {
        add(&answer["response"], Some(step));
    }
    found
}
