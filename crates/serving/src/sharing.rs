//! What the replicas of a deployment share: which part of LiteLLM keeps its state in which Redis,
//! and which in the memory of each process.

use facts::{Behaviour, Pair};
use python::{Data, Origin, Value};
use simulate::outcome::{Api, Client, Consumer, Knowable, Outcome, Role, Running};

use crate::caching::{Prefix, Store};
use crate::startup::Buffer;
use crate::{setting, switched_on};

/// Who keeps what.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// Each part once, in the order of [`Part::ALL`].
    pub shares: Vec<Share>,
    /// `router_settings.routing_strategy`, where it is text.
    pub strategy: Option<String>,
}

/// A part of LiteLLM that has state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Answers: the response cache.
    Answers,
    /// TPM, RPM and parallel requests of keys, users and teams.
    Limits,
    /// What keys, users and teams have spent, for their budgets.
    Spend,
    /// What is known of a key, for the next request with it.
    Keys,
    /// Which deployments are left alone after failures.
    Cooldowns,
    /// What the router's deployments have served, for its strategies.
    Usage,
    /// Which replica does the work that one of them must do.
    Lock,
    /// Spend on its way to the database: `use_redis_transaction_buffer`.
    SpendQueue,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Answers,
        Self::Limits,
        Self::Spend,
        Self::Keys,
        Self::Cooldowns,
        Self::Usage,
        Self::Lock,
        Self::SpendQueue,
    ];
}

/// Where a part keeps its state.
#[derive(Clone, Debug)]
pub struct Share {
    /// Whose.
    pub part: Part,
    /// Where.
    pub holder: Holder,
    /// Why there.
    pub why: Why,
    /// What is before its keys in Redis.
    pub prefix: Knowable<Option<Prefix>>,
    /// What goes without it.
    pub bare: Bare,
}

/// Which commands do not heed a `namespace`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bare {
    /// None.
    Nothing,
    /// Some: the scripts that count limits, and what gives the lock back. They mean other keys than
    /// the commands beside them, so that a lock is kept until its time is over.
    Some,
    /// All: replicas that a `namespace` keeps apart share this all the same.
    Everything,
}

/// Where state is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// In the Redis of this consumer of [`Outcome::clients`].
    Redis {
        /// Whose clients carry it.
        of: Consumer,
        /// The client that writes.
        written: Carrier,
        /// The client that reads. Where the two lead to different servers, nothing is shared.
        read: Carrier,
        /// It is so only where that Redis answers at start-up.
        if_reachable: bool,
    },
    /// In the memory of each process.
    EachProcess,
    /// It depends on this.
    Unknown(String),
}

/// What carries commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// One of redis-py's two clients.
    RedisPy(Api),
    /// LiteLLM's client in Rust: same server, without the `namespace` of `cache_params`.
    Native,
}

/// Why a part keeps its state there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has a Redis of its own in the config.
    Own,
    /// It is given the response cache's.
    CachesRedis,
    /// It is given the coordination Redis.
    CoordinationRedis,
    /// It is given the Redis that `REDIS_*` alone name.
    EnvironmentAlone,
    /// No Redis feeds it.
    NoRedis,
    /// The release does not give the router the response cache's Redis.
    RouterIsNotGivenIt,
    /// The release keeps it in memory, whatever the config says.
    NotByRelease,
    /// A switch for it is off: `litellm_settings.enable_redis_auth_cache` or
    /// `general_settings.use_redis_transaction_buffer`.
    SwitchedOff(Option<Origin>),
    /// LiteLLM's client in Rust can't use the settings, and says this in the log.
    RustClientRefuses {
        /// Whose Redis it would be in.
        of: Consumer,
        /// The log's words.
        reason: String,
    },
    /// The cache is not a Redis: `type`.
    OtherCache(String),
    /// The config says that nothing is kept: `disable_cooldowns`, or no response cache.
    Nothing,
}

impl Sharing {
    pub(crate) fn new(
        outcome: &Outcome,
        running: &Running,
        pair: Pair,
        store: &Store,
        buffer: &Buffer,
    ) -> Self {
        let fed = Fed { outcome, running, pair, store, buffer };
        let strategy = fed.setting("router_settings", "routing_strategy");
        Self {
            shares: Part::ALL.into_iter().map(|part| fed.share(part)).collect(),
            strategy: strategy.and_then(|value| value.as_str()).map(str::to_owned),
        }
    }

    /// Where a part keeps its state.
    pub fn of(&self, part: Part) -> &Share {
        // Each part is there: `new` lists them all.
        self.shares.iter().find(|share| share.part == part).unwrap_or(&self.shares[0])
    }
}

struct Fed<'a> {
    outcome: &'a Outcome,
    running: &'a Running,
    pair: Pair,
    store: &'a Store,
    buffer: &'a Buffer,
}

impl Fed<'_> {
    fn share(&self, part: Part) -> Share {
        let (holder, why) = match part {
            Part::Answers => self.answers(),
            Part::Limits => self.buffered(self.native_or(Api::Async)),
            Part::Spend => self.since(Behaviour::SpendCounters, self.native_or(Api::Async)),
            Part::Keys => self.keys(),
            Part::Cooldowns => self.cooldowns(),
            Part::Usage => self.router(self.native_or(Api::Async), self.native_or(Api::Async)),
            Part::Lock if !self.pair.behaves(Behaviour::SpendBuffer) => {
                (Holder::EachProcess, Why::NotByRelease)
            }
            Part::Lock => self.buffered(Carrier::RedisPy(Api::Async)),
            Part::SpendQueue => self.spend_queue(),
        };
        let (holder, why) = match self.refused(&holder) {
            Some((of, reason)) => {
                (Holder::EachProcess, Why::RustClientRefuses { of, reason: reason.to_owned() })
            }
            None => (holder, why),
        };
        let bare = self.bare(part, &holder);
        let prefix = self.prefix(&holder);
        Share { part, holder, why, prefix, bare }
    }

    /// Why the Rust client that would carry it keeps it in memory, if it does.
    fn refused(&self, holder: &Holder) -> Option<(Consumer, &str)> {
        let Holder::Redis { of, written: Carrier::Native, .. } = holder else {
            return None;
        };
        match &self.outcome.native_of(*of)?.reason {
            Some(Knowable::Known(reason)) => Some((*of, reason)),
            _ => None,
        }
    }

    fn native_or(&self, api: Api) -> Carrier {
        if self.pair.behaves(Behaviour::RustClient) {
            Carrier::Native
        } else {
            Carrier::RedisPy(api)
        }
    }

    fn answers(&self) -> (Holder, Why) {
        let carrier = Carrier::RedisPy(Api::Async);
        match self.store {
            Store::Redis => (redis(Consumer::Response, carrier, carrier, false), Why::Own),
            Store::Memory => (Holder::EachProcess, Why::OtherCache("local".to_owned())),
            Store::Nowhere => (Holder::EachProcess, Why::Nothing),
            Store::Other(class) => {
                (Holder::Unknown(format!("what {class} does")), Why::OtherCache(class.clone()))
            }
            Store::Unknown(why) => (Holder::Unknown(why.clone()), Why::Nothing),
        }
    }

    /// What uses `redis_usage_cache`.
    fn coordinated(&self, carrier: Carrier) -> (Holder, Why) {
        match &self.outcome.usage_cache {
            Some(Knowable::Unknown(why)) => (Holder::Unknown(why.clone()), Why::NoRedis),
            Some(Knowable::Known(Role::Shared)) => {
                (redis(Consumer::Response, carrier, carrier, false), Why::CachesRedis)
            }
            Some(Knowable::Known(_)) => {
                let why = if self.setting("general_settings", "coordination_redis").is_some() {
                    Why::CoordinationRedis
                } else {
                    Why::EnvironmentAlone
                };
                (redis(Consumer::Usage, carrier, carrier, false), why)
            }
            None if self.outcome.usage_if_reachable.is_some() => {
                (redis(Consumer::Usage, carrier, carrier, true), Why::EnvironmentAlone)
            }
            None => (Holder::EachProcess, self.without_redis()),
        }
    }

    /// What uses `redis_usage_cache`, or else the transaction buffer's own Redis.
    fn buffered(&self, carrier: Carrier) -> (Holder, Why) {
        match self.buffer {
            Buffer::Environment => {
                let what = "the Redis that REDIS_* name, of which no client is listed";
                (Holder::Unknown(what.to_owned()), Why::EnvironmentAlone)
            }
            Buffer::Unknown(why) => (Holder::Unknown(why.clone()), Why::EnvironmentAlone),
            Buffer::Fed | Buffer::Refused(_) => self.coordinated(carrier),
        }
    }

    /// Why there is no coordination Redis.
    fn without_redis(&self) -> Why {
        match &self.outcome.response_cache {
            Some(Knowable::Known(class)) => Why::OtherCache(class.clone()),
            _ => Why::NoRedis,
        }
    }

    /// What a release keeps in the coordination Redis, once it knows how.
    fn since(&self, behaviour: Behaviour, carrier: Carrier) -> (Holder, Why) {
        if self.pair.behaves(behaviour) {
            self.coordinated(carrier)
        } else {
            (Holder::EachProcess, Why::NotByRelease)
        }
    }

    fn keys(&self) -> (Holder, Why) {
        if !self.pair.behaves(Behaviour::RedisAuthCache) {
            return (Holder::EachProcess, Why::NotByRelease);
        }
        let switch = self.setting("litellm_settings", "enable_redis_auth_cache");
        match switch.map(|value| &value.data) {
            Some(Data::Bool(true)) => self.coordinated(self.native_or(Api::Async)),
            Some(Data::Unknown(why)) => {
                (Holder::Unknown(why.to_string()), Why::SwitchedOff(origin(switch)))
            }
            _ => (Holder::EachProcess, Why::SwitchedOff(origin(switch))),
        }
    }

    fn spend_queue(&self) -> (Holder, Why) {
        if !self.pair.behaves(Behaviour::SpendBuffer) {
            return (Holder::EachProcess, Why::NotByRelease);
        }
        let switch = self.setting("general_settings", "use_redis_transaction_buffer");
        match switched_on(switch) {
            Some(true) => self.buffered(Carrier::RedisPy(Api::Async)),
            Some(false) => (Holder::EachProcess, Why::SwitchedOff(origin(switch))),
            None => (
                Holder::Unknown("`use_redis_transaction_buffer`".to_owned()),
                Why::SwitchedOff(origin(switch)),
            ),
        }
    }

    /// What uses the router's Redis.
    fn router(&self, written: Carrier, read: Carrier) -> (Holder, Why) {
        match &self.outcome.router_cache {
            Some(Knowable::Unknown(why)) => (Holder::Unknown(why.clone()), Why::NoRedis),
            Some(Knowable::Known(Role::Shared)) => {
                (redis(Consumer::Response, written, read, false), Why::CachesRedis)
            }
            Some(Knowable::Known(Role::Usage)) => {
                (redis(Consumer::Usage, written, read, false), Why::CoordinationRedis)
            }
            Some(Knowable::Known(Role::Own(_))) => {
                (redis(Consumer::Router, written, read, false), Why::Own)
            }
            None if self.outcome.usage_if_reachable.is_some() => {
                (redis(Consumer::Usage, written, read, true), Why::EnvironmentAlone)
            }
            None if self.outcome.usage_cache.is_some() => {
                (Holder::EachProcess, Why::RouterIsNotGivenIt)
            }
            None => (Holder::EachProcess, self.without_redis()),
        }
    }

    fn cooldowns(&self) -> (Holder, Why) {
        let off = self.setting("router_settings", "disable_cooldowns");
        if off.is_some_and(|value| value.truth() == python::Truth::True) {
            return (Holder::EachProcess, Why::Nothing);
        }
        // `CooldownCache.add_deployment_to_cooldown` is not a coroutine: the sync client writes.
        self.router(self.native_or(Api::Sync), self.native_or(Api::Async))
    }

    fn setting(&self, section: &str, name: &str) -> Option<&Value> {
        setting(self.running, section, name).filter(|value| !value.is_none())
    }

    fn bare(&self, part: Part, holder: &Holder) -> Bare {
        let Holder::Redis { written, .. } = holder else {
            return Bare::Nothing;
        };
        let lacks = |behaviour| !self.pair.behaves(behaviour);
        match part {
            // The client in Rust has the namespace that the cache was constructed with: see `prefix`.
            _ if *written == Carrier::Native => Bare::Nothing,
            Part::Limits
                if self.pair.behaves(Behaviour::LimitsByScript)
                    && lacks(Behaviour::ScriptsHeedNamespace) =>
            {
                Bare::Some
            }
            Part::Lock if lacks(Behaviour::ScriptsHeedNamespace) => Bare::Some,
            Part::SpendQueue if lacks(Behaviour::ScriptsHeedNamespace) => Bare::Everything,
            _ => Bare::Nothing,
        }
    }

    /// `namespace` as the carrier has it.
    fn prefix(&self, holder: &Holder) -> Knowable<Option<Prefix>> {
        let Holder::Redis { of, written, .. } = holder else {
            return Knowable::Known(None);
        };
        let found = self.running.namespaces.iter().find(|one| one.consumer == *of);
        crate::caching::prefix(found.and_then(|namespace| {
            if *written == Carrier::Native {
                namespace.constructed.as_ref()
            } else {
                namespace.held.as_ref()
            }
        }))
    }
}

fn origin(value: Option<&Value>) -> Option<Origin> {
    value.map(|value| value.origin.clone())
}

fn redis(of: Consumer, written: Carrier, read: Carrier, if_reachable: bool) -> Holder {
    Holder::Redis { of, written, read, if_reachable }
}

impl Holder {
    /// The redis-py clients that carry it: the one that writes and the one that reads.
    pub fn clients<'a>(&self, outcome: &'a Outcome) -> Option<[&'a Client; 2]> {
        let Self::Redis { of, written, read, if_reachable } = self else {
            return None;
        };
        let fallback = outcome.usage_if_reachable.as_ref().filter(|_| *if_reachable);
        let clients = fallback.map_or(&outcome.clients, |fallback| &fallback.clients);
        let find = |carrier: &Carrier| {
            let api = match carrier {
                Carrier::RedisPy(api) => *api,
                // It takes what the serving client has.
                Carrier::Native => Api::Async,
            };
            clients.iter().find(|client| client.consumer == *of && client.api == api)
        };
        Some([find(written)?, find(read)?])
    }
}
