//! What becomes of one request's answer.

use facts::Behaviour;
use python::{Data, Integer, Origin, Value, convert};
use simulate::outcome::Knowable;

use crate::caching::{
    Caching, CallType, Covered, Kept, Lifetime, Mode, Prefix, Store, Write, memory_ttl, ttl_of,
};

/// A request, as far as caching goes.
#[derive(Clone, Debug)]
pub struct Request {
    /// The endpoint.
    pub call: CallType,
    /// Its body, a mapping: `cache` with its controls, `caching`, `ttl`, `messages`, `metadata`.
    pub body: Value,
}

/// What becomes of its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Whether an equal answer that is kept is served.
    pub read: bool,
    /// How long Redis keeps the answer; `None` where it is not written there.
    pub redis: Option<Lifetime>,
    /// How long the process keeps its own copy.
    pub memory: Option<Lifetime>,
    /// Why nothing is read or written, where that is so.
    pub why: Option<Why>,
    /// What is before the hash in the answer's key, with its `:`; `None` where no key can be
    /// made or known.
    pub key: Option<String>,
    /// What an answer's age must not exceed for it to be served: `s-maxage`.
    pub max_age: MaxAge,
}

/// `s-maxage` or `s-max-age` of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaxAge {
    /// Any age will do.
    Any,
    /// So many seconds.
    Seconds(f64),
    /// It is not a number: Python can't compare it, and nothing is served.
    NotANumber,
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
    /// The request asks for the contrary: `no-cache`, `no-store`, `caching`.
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
            key: None,
            max_age: MaxAge::Any,
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
                most < Integer::from(i64::try_from(request.messages()).unwrap_or(i64::MAX))
            })
        {
            return nothing(Why::TooLong);
        }
        let caching = request.body.as_dict().and_then(|body| body.get("caching"));
        let caching = caching.filter(|value| !value.is_none());
        let declined = caching.is_some_and(|value| !matches!(value.data, Data::Bool(true)));
        // What the request says, the router does not.
        let never_served = self.never_served.as_ref().filter(|_| caching.is_none());
        let read = !request.says("no-cache") && never_served.is_none() && !declined;
        let key = self.key(request);
        let max_age = request.max_age();
        let mut answered = Answered { read, redis: None, memory: None, why: None, key, max_age };
        if request.says("no-store") {
            answered.why = Some(Why::Declined("no-store"));
            return answered;
        }
        if let Some(origin) = never_served {
            answered.why = Some(Why::NeverServed(origin.clone()));
        } else if !read {
            answered.why = Some(Why::Declined(if declined { "caching" } else { "no-cache" }));
        }
        // `_add_cache_logic`: the config's own time beats the body's, and `cache` beats both.
        let beside = request.body.as_dict().and_then(|body| body.get("ttl"));
        let beside = beside.filter(|ttl| !ttl.is_none() && !self.own_ttl);
        let asked = request.control("ttl").or(beside);
        let lifetime = match (&self.write, asked) {
            (Write::AtOnce, Some(ttl)) if ttl.is_none() => self.without_ttl.0.clone(),
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
                Some(ttl) if ttl.is_none() => self.without_ttl.1.clone(),
                Some(ttl) => Some(memory_ttl(ttl, self.pair)),
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

impl Caching {
    /// What is before the hash: `Cache._add_namespace_to_cache_key`, and then
    /// `RedisCache.check_and_fix_namespace`.
    fn key(&self, request: &Request) -> Option<String> {
        let own = match &self.prefix {
            Knowable::Known(None) => None,
            Knowable::Known(Some(Prefix::Text(text, _))) => Some(text),
            Knowable::Known(Some(Prefix::Raises(_))) | Knowable::Unknown(_) => return None,
        };
        let metadata = request.body.as_dict().and_then(|body| body.get("metadata"));
        let asked = request
            .control("namespace")
            .filter(|value| value.truth() == python::Truth::True)
            .filter(|_| self.pair.behaves(Behaviour::RequestNamespace))
            .or_else(|| metadata?.as_dict()?.get("redis_namespace"))
            .filter(|value| value.truth() == python::Truth::True);
        let asked = match asked {
            Some(value) => Some(convert::str_of(value).ok()?),
            None => None,
        };
        Some(match (own, asked) {
            (None, None) => String::new(),
            (Some(own), None) => format!("{own}:"),
            (None, Some(asked)) => format!("{asked}:"),
            (Some(own), Some(asked)) if self.store == Store::Memory || asked == *own => {
                format!("{asked}:")
            }
            (Some(own), Some(asked))
                if asked.starts_with(own.as_str())
                    && !self.pair.behaves(Behaviour::NamespaceIsAWholeWord) =>
            {
                format!("{asked}:")
            }
            (Some(own), Some(asked)) => format!("{own}:{asked}:"),
        })
    }
}

impl Request {
    /// How many messages it has.
    fn messages(&self) -> usize {
        let messages = self.body.as_dict().and_then(|body| body.get("messages"));
        messages.and_then(Value::as_list).map_or(0, <[Value]>::len)
    }

    /// `s-max-age`, else `s-maxage`.
    fn max_age(&self) -> MaxAge {
        let asked = self.control("s-max-age").or_else(|| self.control("s-maxage"));
        match asked.filter(|value| !value.is_none()) {
            None => MaxAge::Any,
            Some(value) if value.as_str().is_some() => MaxAge::NotANumber,
            Some(value) => convert::float(value).map_or(MaxAge::NotANumber, MaxAge::Seconds),
        }
    }

    fn control(&self, name: &str) -> Option<&Value> {
        self.body.as_dict()?.get("cache")?.as_dict()?.get(name)
    }

    /// `cache.get(name, False) is True`
    fn says(&self, name: &str) -> bool {
        self.control(name).is_some_and(|value| matches!(value.data, Data::Bool(true)))
    }
}
