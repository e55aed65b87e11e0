//! Where two outcomes differ: every aspect of every client, without a word of judgement.
//!
//! Cheap: it borrows from the outcomes and writes no text, so that many outcomes can be compared.

use facts::Aspect;
use std::collections::BTreeSet;

use python::{Origin, PyException, Value};
use report::explain::lost_namespace;
use simulate::outcome::{
    Api, Auth, Client, ClientKind, Consumer, Ignored, Knowable, Native, Outcome, Role, Setting,
    Startup,
};
use simulate::outcome::{SecretSetting, Tls};
use simulate::trace::{DropReason, Event};

use super::connection;

/// Who a difference concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// Which part of LiteLLM.
    pub consumer: Consumer,
    /// Which of its clients; `None` for both.
    pub api: Option<Api>,
}

/// What one outcome has in an aspect.
#[derive(Clone, Copy, Debug)]
pub enum State<'a> {
    /// Whether LiteLLM starts.
    Startup(&'a Startup),
    /// Which clients a part of LiteLLM uses.
    Uses(Uses<'a>),
    /// The class of a cache.
    Class(&'a str),
    /// What a client raises.
    Error(Option<&'a Knowable<PyException>>),
    /// Where a client connects.
    Server(&'a Client),
    /// A setting of a connection.
    Value(&'a Setting),
    /// The password.
    Password(&'a SecretSetting),
    /// How a client logs in.
    Auth(&'a Auth),
    /// Whether a connection is TLS, and where that comes from.
    Tls(&'a Knowable<Option<Tls>>, &'a Origin),
    /// What of a certificate is checked.
    Verify(&'a Tls),
    /// The setting takes effect.
    Honoured(&'a Origin),
    /// It does not.
    Ignored(&'a Origin, DropReason),
    /// The Rust client; `None` where there is none.
    Native(Option<&'a Native>),
}

/// The Redis clients that a part of LiteLLM uses.
#[derive(Clone, Copy, Debug)]
pub struct Uses<'a> {
    pub(super) sync: Option<&'a Client>,
    pub(super) serving: Option<&'a Client>,
    pub(super) native: Option<&'a Native>,
    /// Only if the Redis answers when LiteLLM starts.
    pub only_if_reachable: bool,
    pub(super) role: Option<&'a Knowable<Role>>,
}

/// What a difference is found again by in another comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// Whose it is; `None` for LiteLLM as a whole.
    pub user: Option<User>,
    /// On the connections to the sentinels, not to the server.
    pub sentinels: bool,
    /// What it is about.
    pub aspect: Aspect,
    /// The setting's name, as the config has it.
    pub(super) name: &'a str,
}

/// One aspect in which two outcomes differ.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    /// What it is about.
    pub key: Key<'a>,
    /// How it is on the first side.
    pub before: State<'a>,
    /// How it is on the second side.
    pub after: State<'a>,
    /// The value is the same, and comes from another place.
    pub(super) moved: bool,
    /// The kind of client after the upgrade, where it is about one.
    pub kind: Option<ClientKind>,
}

impl Difference<'_> {
    /// Whether the value is the same, and comes from another place.
    pub fn is_moved(&self) -> bool {
        self.moved
    }
}

/// Notes differences.
pub(super) struct Differences<'a> {
    pub(super) found: Vec<Difference<'a>>,
    pub(super) user: Option<User>,
    pub(super) sentinels: bool,
    pub(super) kind: Option<ClientKind>,
}

impl<'a> Differences<'a> {
    pub(super) fn add(
        &mut self,
        aspect: Aspect,
        name: &'a str,
        before: State<'a>,
        after: State<'a>,
    ) {
        self.push(aspect, name, before, after, false);
    }

    pub(super) fn push(
        &mut self,
        aspect: Aspect,
        name: &'a str,
        before: State<'a>,
        after: State<'a>,
        moved: bool,
    ) {
        let key = Key { user: self.user, sentinels: self.sentinels, aspect, name };
        self.found.push(Difference { key, before, after, moved, kind: self.kind });
    }
}

/// Everything in which two outcomes of one configuration differ.
pub fn differences<'a>(before: &'a Outcome, after: &'a Outcome) -> Vec<Difference<'a>> {
    let mut differences = Differences { found: vec![], user: None, sentinels: false, kind: None };
    if before.startup != after.startup {
        let (old, new) = (State::Startup(&before.startup), State::Startup(&after.startup));
        differences.add(Aspect::Startup, "start-up", old, new);
    }
    if before.startup == Startup::Ok && after.startup == Startup::Ok {
        for consumer in [Consumer::Response, Consumer::Usage, Consumer::Router] {
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

/// The clients that serve a part of LiteLLM, whoever else uses them.
pub(super) fn uses(outcome: &Outcome, consumer: Consumer) -> Uses<'_> {
    let role = match consumer {
        Consumer::Response => None,
        Consumer::Usage => outcome.usage_cache.as_ref(),
        Consumer::Router => outcome.router_cache.as_ref(),
    };
    let owner = match role {
        Some(Knowable::Known(Role::Shared)) => Consumer::Response,
        Some(Knowable::Known(Role::Usage)) => {
            return Uses { role, ..uses(outcome, Consumer::Usage) };
        }
        _ => consumer,
    };
    let fallback = outcome
        .usage_if_reachable
        .as_ref()
        .filter(|_| consumer == Consumer::Usage && role.is_none());
    let clients = fallback.map_or(&outcome.clients, |fallback| &fallback.clients);
    let of = |api| clients.iter().find(|client| client.consumer == owner && client.api == api);
    Uses {
        sync: of(Api::Sync),
        serving: of(Api::Async),
        native: match consumer {
            Consumer::Response => None,
            // What each process has for itself is no client.
            _ if role.is_none() && fallback.is_none() => None,
            _ => outcome.native_of(consumer),
        },
        only_if_reachable: fallback.is_some(),
        role,
    }
}

/// Settings that only one of the outcomes drops.
fn settings<'a>(before: &'a Outcome, after: &'a Outcome, differences: &mut Differences<'a>) {
    let (old, new) = (dropped(before), dropped(after));
    let has = |list: &[(&str, &Origin, DropReason)], setting: &str, origin: &Origin| {
        list.iter().any(|(name, from, _)| *name == setting && *from == origin)
    };
    let mut told = BTreeSet::new();
    for (setting, origin, why) in &new {
        if !has(&old, setting, origin) && told.insert(*setting) {
            let (honoured, ignored) = (State::Honoured(origin), State::Ignored(origin, *why));
            differences.add(Aspect::Setting, setting, honoured, ignored);
        }
    }
    for (setting, origin, why) in &old {
        if !has(&new, setting, origin) && told.insert(*setting) {
            let (ignored, honoured) = (State::Ignored(origin, *why), State::Honoured(origin));
            differences.add(Aspect::Setting, setting, ignored, honoured);
        }
    }
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
