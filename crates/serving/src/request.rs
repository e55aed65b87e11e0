//! What becomes of one request's answer.

use facts::Behaviour;
use python::{Data, Integer, Origin, Value, convert};

use crate::caching::{
    Caching, CallType, Covered, Kept, Lifetime, Mode, Store, Write, memory_ttl, ttl_of,
};

/// A request, as far as caching goes: the endpoint and the `cache` of its body.
#[derive(Clone, Debug)]
pub struct Request {
    /// The endpoint.
    pub call: CallType,
    /// `cache`: a mapping of controls.
    pub controls: Option<Value>,
    /// How many messages it has, where it has any.
    pub messages: usize,
}

/// What becomes of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Whether an equal answer that is kept is served.
    pub read: bool,
    /// How long Redis keeps the answer; `None` where it is not written there.
    pub redis: Option<Lifetime>,
    /// How long the process keeps its own copy.
    pub memory: Option<Lifetime>,
    /// Why nothing is read or written, where that is so.
    pub why: Option<Why>,
    /// What stands before the answer's key beside the cache's own prefix: the request's `namespace`.
    pub namespace: Option<String>,
}

/// Why an answer is not cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is no cache, or it can't be known whether there is one.
    Store(Store),
    /// The call type is not covered.
    Type(Covered),
    /// The request does not ask for it.
    NotAsked(Mode),
    /// It has more messages than `max_messages`.
    TooLong,
    /// The router hands each call `caching: false`: answers are written and never served.
    NeverServed(Origin),
    /// The request asks for the contrary: `no-cache`, `no-store`.
    Declined(&'static str),
    /// No lifetime: see [`Answered::redis`].
    Lifetime(Kept),
    /// Answers are gathered, and this value never lets them be written.
    Gathered(Write),
}

impl Caching {
    /// What becomes of a request's answer.
    pub fn answer(&self, request: &Request) -> Answered {
        let nothing = |why| Answered {
            read: false,
            redis: None,
            memory: None,
            why: Some(why),
            namespace: None,
        };
        if !matches!(self.store, Store::Redis | Store::Memory) {
            return nothing(Why::Store(self.store.clone()));
        }
        match self.covers(request.call) {
            Covered::Yes => {}
            covered => return nothing(Why::Type(covered)),
        }
        let opted = request.says("use-cache");
        if self.mode != Mode::On && !opted {
            return nothing(Why::NotAsked(self.mode.clone()));
        }
        if let Some(most) = &self.max_messages
            && convert::int(most).is_ok_and(|most| {
                most < Integer::from(i64::try_from(request.messages).unwrap_or(i64::MAX))
            })
        {
            return nothing(Why::TooLong);
        }
        let read = !request.says("no-cache") && self.never_served.is_none();
        let namespace = request
            .control("namespace")
            .and_then(|value| value.as_str())
            .filter(|_| self.pair.behaves(Behaviour::RequestNamespace))
            .map(str::to_owned);
        let mut answered = Answered { read, redis: None, memory: None, why: None, namespace };
        if request.says("no-store") {
            answered.why = Some(Why::Declined("no-store"));
            return answered;
        }
        if let Some(origin) = &self.never_served {
            answered.why = Some(Why::NeverServed(origin.clone()));
        } else if !read {
            answered.why = Some(Why::Declined("no-cache"));
        }
        let asked = request.control("ttl");
        let lifetime = match (&self.write, asked) {
            (Write::AtOnce, Some(ttl)) => ttl_of(ttl, &self.default),
            (Write::AtOnce, None) if request.call.has_copy(self.pair) => self.beside_memory.clone(),
            _ => self.lifetime.clone(),
        };
        if self.store == Store::Memory {
            answered.memory = Some(lifetime);
            return answered;
        }
        if matches!(self.write, Write::Never(_) | Write::Unknown(_)) {
            answered.why = Some(Why::Gathered(self.write.clone()));
            return answered;
        }
        if self.memory.is_some() && request.call.has_copy(self.pair) {
            answered.memory = match asked {
                Some(ttl) => Some(memory_ttl(ttl)),
                None => self.memory.clone(),
            };
        }
        if let Some(Lifetime { kept: kept @ Kept::Raises(_), .. }) = &answered.memory {
            // The copy is made first, and stays; Redis is not reached.
            answered.why = Some(Why::Lifetime(kept.clone()));
            return answered;
        }
        match &lifetime.kept {
            Kept::Seconds(_) => answered.redis = Some(lifetime),
            other => answered.why = Some(Why::Lifetime(other.clone())),
        }
        answered
    }
}

impl Request {
    fn control(&self, name: &str) -> Option<&Value> {
        self.controls.as_ref()?.as_dict()?.get(name)
    }

    /// `cache.get(name, False) is True`
    fn says(&self, name: &str) -> bool {
        self.control(name).is_some_and(|value| matches!(value.data, Data::Bool(true)))
    }
}
