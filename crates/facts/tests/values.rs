//! What the router trips over, against what the real one did: `truth/values/recording.json`.

use std::path::Path;

use redproof_facts::Pair;
use redproof_facts::values::{
    Class, GENERAL, SETTINGS, TRIPS, When, general_trip, setting_trip, trip,
};
use serde_json::Value as Json;

fn class(value: &Json) -> Class {
    match value {
        Json::String(text) if text.is_empty() => Class::EmptyText,
        Json::String(text) if text.parse::<f64>().is_ok() => Class::NumberText,
        Json::String(_) => Class::Text,
        Json::Bool(true) => Class::True,
        Json::Bool(false) => Class::False,
        Json::Number(number) => match number.as_f64().unwrap_or_default() {
            value if value < 0.0 => Class::Negative,
            0.0 => Class::Zero,
            value if value.fract() == 0.0 => Class::Whole,
            _ => Class::Fraction,
        },
        Json::Array(items) => {
            if items.is_empty() {
                Class::EmptyList
            } else {
                Class::List
            }
        }
        Json::Object(entries) => {
            if entries.is_empty() {
                Class::EmptyMap
            } else {
                Class::Map
            }
        }
        Json::Null => panic!("null was not asked"),
    }
}

fn type_name(value: &Json) -> &'static str {
    match value {
        Json::String(_) => "str",
        Json::Bool(_) => "bool",
        Json::Number(number) => {
            if number.is_f64() {
                "float"
            } else {
                "int"
            }
        }
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
        Json::Null => "NoneType",
    }
}

#[test]
fn trips_are_those_of_the_real_router() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/values/recording.json");
    let text = std::fs::read_to_string(path).expect("recorded");
    let recording: Json = serde_json::from_str(&text).expect("JSON");
    let (mut wrong, mut tripped, mut releases) = (vec![], 0, 0);
    for (release, recorded) in recording.as_object().expect("releases") {
        releases += 1;
        let pair = Pair::parse(release, "5.3.1").expect("known");
        for (name, answers) in recorded["values"].as_object().expect("parameters") {
            for answer in answers.as_array().expect("answers") {
                let (value, did) = (&answer[0], &answer[1]);
                // The start-up says it; and of these, not on which releases.
                if did.get("made").is_some() || name == "default_fallbacks" {
                    continue;
                }
                tripped += 1;
                let when = if did.get("request").is_some() {
                    When::EachRequest
                } else {
                    When::FailedRequest
                };
                let said = did
                    .get("request")
                    .or(did.get("failing"))
                    .and_then(Json::as_str)
                    .unwrap_or_default();
                let right = trip(name, class(value), pair).is_some_and(|trip| {
                    let raises = trip.raises.replace("TYPE", type_name(value));
                    trip.when == when
                        && (said.contains(&raises)
                            || raises.contains(said.rsplit(" - ").next().unwrap_or(said)))
                });
                if !right {
                    wrong.push(format!("{release} {name}: {value} {did}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tripped} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(releases >= 2 && tripped > 60, "{tripped} of {releases} releases");
}

#[test]
fn what_is_said_to_trip_was_recorded_to() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/values/recording.json");
    let recording: Json =
        serde_json::from_str(&std::fs::read_to_string(path).expect("recorded")).expect("JSON");
    for (release, recorded) in recording.as_object().expect("releases") {
        let rust = Pair::parse(release, "5.3.1")
            .expect("known")
            .behaves(redproof_facts::Behaviour::RustRouter);
        for trip in TRIPS.iter().filter(|trip| trip.rust || !rust) {
            let Some(answers) = recorded["values"].get(trip.name).and_then(Json::as_array) else {
                continue;
            };
            for given in trip.given {
                let found = answers
                    .iter()
                    .any(|answer| class(&answer[0]) == *given && answer[1].get("made").is_none());
                assert!(found, "{release} {}: {given:?}", trip.name);
            }
        }
    }
}

#[test]
fn settings_trip_as_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/values/settings.json");
    let recording: Json =
        serde_json::from_str(&std::fs::read_to_string(path).expect("recorded")).expect("JSON");
    let mut held = 0;
    for (release, recorded) in recording.as_object().expect("releases") {
        let pair = Pair::parse(release, "5.3.1").expect("known");
        for trip in SETTINGS {
            let answers = recorded["values"][trip.name].as_array().expect("asked");
            for given in trip.given {
                let found = answers.iter().find(|answer| class(&answer[0]) == *given);
                let Some(found) = found else { panic!("{release} {}: {given:?}", trip.name) };
                let request = found[1].get("request").and_then(Json::as_str);
                let failing = found[1].get("failing").and_then(Json::as_str);
                let raises = trip.raises.replace("TYPE", type_name(&found[0]));
                let right = match trip.when {
                    When::EachRequest => request.is_some_and(|said| said.contains(&raises)),
                    When::FailedRequest => {
                        request.is_none() && failing.is_some_and(|said| said.contains(&raises))
                    }
                };
                assert!(right, "{release} {}: {given:?} {found}", trip.name);
                assert!(setting_trip(trip.name, *given, pair).is_some());
                held += 1;
            }
        }
    }
    assert!(held > 20, "{held}");
}

/// Settings of the proxy's that do what they are for: a request without a user is refused, and so is a route that is not
/// allowed.
const ON_PURPOSE: [&str; 2] = ["enforce_user_param", "allowed_routes"];

#[test]
fn general_settings_trip_as_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/values/general.json");
    let recording: Json =
        serde_json::from_str(&std::fs::read_to_string(path).expect("recorded")).expect("JSON");
    let (mut wrong, mut held) = (vec![], 0);
    for (release, recorded) in recording.as_object().expect("releases") {
        let pair = Pair::parse(release, "5.3.1").expect("known");
        let names = recorded["values"].as_object().expect("settings");
        for (name, answers) in names.iter().filter(|(name, _)| !ON_PURPOSE.contains(&name.as_str()))
        {
            for answer in answers.as_array().expect("answers") {
                let Some(said) = answer[1].get("request").and_then(Json::as_str) else { continue };
                // Another header than the one that the request has.
                if name == "litellm_key_header_name" && answer[0].is_string() {
                    continue;
                }
                held += 1;
                let right = general_trip(name, class(&answer[0]), pair).is_some_and(|trip| {
                    trip.when == When::EachRequest
                        && said.contains(&trip.raises.replace("TYPE", type_name(&answer[0])))
                });
                if !right {
                    wrong.push(format!("{release} {name}: {answer}"));
                }
            }
        }
        for (since, trip) in GENERAL {
            if since.is_some_and(|behaviour| !pair.behaves(behaviour)) {
                continue;
            }
            let answers = recorded["values"][trip.name].as_array().expect("asked");
            for given in trip.given {
                let found = answers.iter().any(|answer| class(&answer[0]) == *given);
                if !found {
                    wrong.push(format!("{release} {}: {given:?} was not recorded", trip.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {held}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(held > 40, "{held}");
}
