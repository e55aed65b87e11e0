//! Where two outcomes differ: what is noted of each aspect of each client.
//!
//! Cheap: it borrows from the outcomes and writes no text, so that many outcomes can be compared.

use facts::Aspect;
use python::{Origin, PyException};
use simulate::outcome::{
    Api, Auth, Client, ClientKind, Consumer, Knowable, Native, Outcome, Role, SecretSetting,
    Setting, Startup, Tls,
};
use simulate::trace::DropReason;

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

/// The clients that serve a part of LiteLLM, whoever else uses them.
pub(super) fn uses(outcome: &Outcome, consumer: Consumer) -> Uses<'_> {
    let role = match consumer {
        Consumer::Response | Consumer::Semantic => None,
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
    let of = |api| {
        clients
            .iter()
            .chain(&outcome.semantic)
            .find(|client| client.consumer == owner && client.api == api)
    };
    Uses {
        sync: of(Api::Sync),
        serving: of(Api::Async),
        native: match consumer {
            Consumer::Response | Consumer::Semantic => None,
            // What each process has for itself is not a client.
            _ if role.is_none() && fallback.is_none() => None,
            _ => outcome.native_of(consumer),
        },
        only_if_reachable: fallback.is_some(),
        role,
    }
}
