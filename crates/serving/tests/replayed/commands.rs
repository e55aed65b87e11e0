//! The commands that each server got, beside the least ACL.

use std::collections::{BTreeMap, BTreeSet};

use python::convert;
use serde_json::Value as Json;

use super::{Case, Tally, server};

/// Commands by release, computed and recorded: nothing is allowed that no scenario needs.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) computed: BTreeMap<String, BTreeSet<String>>,
    pub(crate) recorded: BTreeMap<String, BTreeSet<String>>,
}

pub(crate) fn compare(case: &Case<'_>, tally: &mut Tally, seen: &mut Seen) {
    let mut recorded: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let steps = case.answer["steps"].as_array().into_iter().flatten();
    let all = steps.map(|step| &step["response"]);
    for commands in all.chain([&case.answer["commands"], &case.answer["start"]]) {
        for (server, texts) in commands.as_object().into_iter().flatten() {
            let texts = texts.as_array().into_iter().flatten().filter_map(Json::as_str);
            recorded.entry(server.clone()).or_default().extend(texts.map(name));
        }
    }
    let release = case.pair.litellm.to_string();
    for (server_of, acl) in by_server(case) {
        let asked = recorded.remove(&server_of).unwrap_or_default();
        let allowed: BTreeSet<String> = acl.iter().map(|name| (*name).to_owned()).collect();
        let missing: Vec<&String> = asked.difference(&allowed).collect();
        tally.check("not allowed", case, &server_of, &Vec::<&String>::new(), &missing);
        seen.computed.entry(release.clone()).or_default().extend(allowed);
        seen.recorded.entry(release.clone()).or_default().extend(asked);
    }
    let rest: Vec<&String> = recorded.keys().collect();
    tally.check("server without an ACL", case, "", &Vec::<&String>::new(), &rest);
}

fn by_server(case: &Case<'_>) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut found: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for acl in case.serving.acls(case.outcome) {
        if let Some(letter) = convert::str_of(&acl.port).ok().and_then(|port| server(&port)) {
            found.entry(letter.to_owned()).or_default().extend(acl.commands);
        }
    }
    found
}

/// A recorded command as `ACL` names it.
fn name(text: &str) -> String {
    let mut words = text.split(' ').skip_while(|word| *word == "lua" || word.starts_with("db"));
    let command = words.next().unwrap_or_default().to_lowercase();
    match command.as_str() {
        "script" | "client" => {
            format!("{command}|{}", words.next().unwrap_or_default().to_lowercase())
        }
        _ => command,
    }
}
