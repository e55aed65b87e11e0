//! Compares two outcomes of one configuration, without a word of judgement.

use facts::Aspect;
use std::collections::{BTreeSet, HashMap};

use python::{Origin, Value};
use report::explain::lost_namespace;
use simulate::outcome::{Api, Consumer, Ignored, Knowable, Outcome, Role, Startup};
use simulate::trace::{DropReason, Event};

use super::connection;
use super::difference::{Difference, Differences, State, User, Uses, uses};

/// Everything in which two outcomes of one configuration differ.
pub fn differences<'a>(before: &'a Outcome, after: &'a Outcome) -> Vec<Difference<'a>> {
    let mut differences = Differences { found: vec![], user: None, sentinels: false, kind: None };
    if before.startup != after.startup {
        let (old, new) = (State::Startup(&before.startup), State::Startup(&after.startup));
        differences.add(Aspect::Startup, "start-up", old, new);
    }
    if before.startup == Startup::Ok && after.startup == Startup::Ok {
        for consumer in [Consumer::Response, Consumer::Usage, Consumer::Router, Consumer::Semantic]
        {
            of_consumer(before, after, consumer, &mut differences);
        }
        differences.user = None;
        settings(before, after, &mut differences);
    }
    differences.found
}

fn of_consumer<'a>(
    before: &'a Outcome,
    after: &'a Outcome,
    consumer: Consumer,
    differences: &mut Differences<'a>,
) {
    let (old, new) = (uses(before, consumer), uses(after, consumer));
    let user = |api| Some(User { consumer, api });
    differences.user = user(None);
    if consumer == Consumer::Response
        && let (Some(Knowable::Known(one)), Some(Knowable::Known(other))) =
            (&before.response_cache, &after.response_cache)
        && one != other
    {
        differences.add(Aspect::Cache, "class", State::Class(one), State::Class(other));
    }
    let absent = |uses: Uses<'_>| uses.sync.is_none() && uses.serving.is_none();
    if absent(old) && absent(new) {
        return;
    }
    if absent(old) != absent(new) || old.only_if_reachable != new.only_if_reachable {
        differences.add(Aspect::Presence, "redis", State::Uses(old), State::Uses(new));
    } else if old.role.map(shares) != new.role.map(shares) {
        differences.add(Aspect::Sharing, "redis", State::Uses(old), State::Uses(new));
    }
    for (api, old, new) in [(Api::Sync, old.sync, new.sync), (Api::Async, old.serving, new.serving)]
    {
        if let (Some(old), Some(new)) = (old, new) {
            differences.user = user(Some(api));
            differences.kind = Some(new.kind);
            connection::of_client(old, new, differences);
            differences.kind = None;
        }
    }
    differences.user = user(Some(Api::Native));
    of_native((before, old), (after, new), consumer, differences);
}

/// What the Rust client does as the other outcome's; where that has none, redis-py's client does it.
fn of_native<'a>(
    (before, old): (&'a Outcome, Uses<'a>),
    (after, new): (&'a Outcome, Uses<'a>),
    consumer: Consumer,
    differences: &mut Differences<'a>,
) {
    let same = match (old.native, new.native) {
        (None, None) => return,
        (Some(old), Some(new)) => old.stores == new.stores && old.reason == new.reason,
        _ => false,
    };
    if !same {
        let (before, after) = (State::Native(old.native), State::Native(new.native));
        differences.add(Aspect::Presence, "native", before, after);
    }
    let client = |uses: &Uses<'a>| match uses.native {
        Some(native) => native.client.as_ref(),
        None => uses.serving,
    };
    if let (Some(old), Some(new)) = (client(&old), client(&new)) {
        differences.kind = Some(new.kind);
        let at = differences.found.len();
        connection::of_client(old, new, differences);
        differences.kind = None;
        let made = differences.found.split_off(at);
        differences.found.extend(made.into_iter().filter(is_known_of_rust));
    }
    let ignored = |uses: &Uses<'a>| uses.native.map_or(&[][..], |native| &native.ignored[..]);
    let (was, is) = (ignored(&old), ignored(&new));
    let lacks = |list: &[Ignored], one: &Ignored| !list.iter().any(|other| other.name == one.name);
    let why = DropReason::NotForRustClient;
    for one in is.iter().filter(|one| lacks(was, one)) {
        let (honoured, ignored) = (State::Honoured(&one.origin), State::Ignored(&one.origin, why));
        differences.add(Aspect::Setting, &one.name, honoured, ignored);
    }
    for one in was.iter().filter(|one| lacks(is, one)) {
        let (ignored, honoured) = (State::Ignored(&one.origin, why), State::Honoured(&one.origin));
        differences.add(Aspect::Setting, &one.name, ignored, honoured);
    }
    let namespace = |outcome: &'a Outcome, uses: &Uses<'a>| {
        uses.native.and_then(|native| native.client.as_ref())?;
        lost_namespace(outcome, consumer)
    };
    let state = |lost: bool, value: &'a Value| match lost {
        true => State::Ignored(&value.origin, why),
        false => State::Honoured(&value.origin),
    };
    let (was, is) = (namespace(before, &old), namespace(after, &new));
    if let Some(value) = was.xor(is) {
        let (before, after) = (state(was.is_some(), value), state(is.is_some(), value));
        differences.add(Aspect::Setting, "namespace", before, after);
    }
}

/// How long the Rust client waits where nothing is set is not known.
fn is_known_of_rust(difference: &Difference<'_>) -> bool {
    let unset = |state| matches!(state, State::Value(setting) if setting.value.is_none());
    let waits = [Aspect::SocketTimeout, Aspect::ConnectTimeout, Aspect::HealthCheck];
    !waits.contains(&difference.key.aspect) || !unset(difference.before) && !unset(difference.after)
}

/// Whose object it is, whatever its class.
fn shares(role: &Knowable<Role>) -> u8 {
    match role {
        Knowable::Known(Role::Shared) => 0,
        Knowable::Known(Role::Usage) => 1,
        Knowable::Known(Role::Own(_)) => 2,
        Knowable::Unknown(_) => 3,
    }
}

/// Settings that only one of the outcomes drops.
fn settings<'a>(before: &'a Outcome, after: &'a Outcome, differences: &mut Differences<'a>) {
    let (old, new) = (dropped(before), dropped(after));
    let (in_old, in_new) = (by_name(&old), by_name(&new));
    let has = |list: &HashMap<&str, Vec<&Origin>>, setting: &str, origin: &Origin| {
        list.get(setting).is_some_and(|origins| origins.contains(&origin))
    };
    let mut told = BTreeSet::new();
    for (setting, origin, why) in &new {
        if !has(&in_old, setting, origin) && told.insert(*setting) {
            let (honoured, ignored) = (State::Honoured(origin), State::Ignored(origin, *why));
            differences.add(Aspect::Setting, setting, honoured, ignored);
        }
    }
    for (setting, origin, why) in &old {
        if !has(&in_new, setting, origin) && told.insert(*setting) {
            let (ignored, honoured) = (State::Ignored(origin, *why), State::Honoured(origin));
            differences.add(Aspect::Setting, setting, ignored, honoured);
        }
    }
}

/// Where the settings of each name come from.
fn by_name<'a>(dropped: &[(&'a str, &'a Origin, DropReason)]) -> HashMap<&'a str, Vec<&'a Origin>> {
    let mut names: HashMap<&str, Vec<&Origin>> = HashMap::new();
    for (setting, origin, _) in dropped {
        names.entry(setting).or_default().push(origin);
    }
    names
}

fn dropped(outcome: &Outcome) -> Vec<(&str, &Origin, DropReason)> {
    let events = outcome.trace.iter();
    events
        .filter_map(|event| match event {
            Event::Dropped { setting, origin, why } => Some((setting.as_str(), origin, *why)),
            Event::Overridden { .. } => None,
        })
        .collect()
}
