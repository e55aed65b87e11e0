//! The response cache: what `litellm/caching/caching.py` and `caching_handler.py` do with answers.

use facts::{Behaviour, Pair};
use python::{Data, Kwargs, Origin, Stop, Truth, Value, convert};
use simulate::outcome::{Knowable, Outcome, Running};

/// The time that a Redis cache keeps what comes without a `ttl`, in seconds: `BaseCache.default_ttl`.
const DEFAULT_TTL: i64 = 60;
/// The time that `InMemoryCache` keeps what comes without a `ttl`, in seconds.
const MEMORY_TTL: i64 = 600;

/// What the proxy does with the answers of models.
#[derive(Clone, Debug)]
pub struct Caching {
    /// Where answers are kept.
    pub store: Store,
    /// `supported_call_types`, as set; `None` where the release's own list holds.
    pub call_types: Option<Value>,
    /// What keeps every answer from being served: `router_settings.cache_responses: false`. They are
    /// written all the same.
    pub never_served: Option<Origin>,
    /// `max_messages`: a request with more is not cached.
    pub max_messages: Option<Value>,
    /// Whether a request must ask for the cache.
    pub mode: Mode,
    /// How long Redis keeps an answer that no request gives a `ttl`.
    pub lifetime: Lifetime,
    /// When an answer is written.
    pub write: Write,
    /// What is before each key, with the `:` that LiteLLM adds.
    pub prefix: Knowable<Option<Prefix>>,
    /// How long Redis keeps what comes with a time that `int()` refuses.
    pub default: Lifetime,
    /// The copy that each process keeps in its own memory, before Redis is asked.
    pub memory: Option<Lifetime>,
    /// How long Redis keeps an answer of which a process keeps a copy: `DualCache` hands
    /// `default_in_memory_ttl` on to Redis where no other time is set.
    pub beside_memory: Lifetime,
    /// Whether `ttl` or its like sets a time of the cache's own.
    pub(crate) own_ttl: bool,
    /// What holds for a request that takes the cache's own time away: in Redis, and of the copy.
    pub(crate) without_ttl: (Lifetime, Option<Lifetime>),
    pub(crate) pair: Pair,
}

/// Where answers are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// Nowhere: the config turns no cache on.
    Nowhere,
    /// In Redis, by key.
    Redis,
    /// In the memory of each process: `type: local`.
    Memory,
    /// In a cache of this class, whose keys are not told here.
    Other(String),
    /// It depends on this.
    Unknown(String),
}

/// Whether a request must ask for the cache: `Cache.mode`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Every answer is cached.
    On,
    /// Only answers to requests with `cache: {use-cache: true}`.
    OptIn {
        /// What sets it.
        origin: Origin,
        /// Whether it is `default_off`, as opposed to a word that LiteLLM does not know.
        meant: bool,
    },
    /// It depends on this.
    Unknown(String),
}

/// How long an answer is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The time.
    pub kept: Kept,
    /// What sets it.
    pub origin: Origin,
    /// A value that was set and does not count, since `int()` refuses it.
    pub refused: Option<Origin>,
}

/// A lifetime's time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// So many seconds.
    Seconds(i64),
    /// It is never kept: Redis refuses to set a key for no time at all, or less.
    NoTime(i64),
    /// It is never kept: the value raises this when an answer is written.
    Raises(String),
    /// It depends on this.
    Unknown(String),
}

/// When an answer is written: `redis_flush_size`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// At once.
    AtOnce,
    /// Once so many have gathered in a process, which serves none of them before; each is then kept
    /// for [`Caching::lifetime`] of a cache without `ttl`.
    Gathered {
        /// How many.
        size: i64,
        /// What sets it.
        origin: Origin,
    },
    /// Never: the value can't be compared with a count.
    Never(Origin),
    /// It depends on this.
    Unknown(String),
}

/// What is before a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// This text and a `:`.
    Text(String, Origin),
    /// No key can be made: the value is not text, and every use of Redis by key raises.
    Raises(Origin),
}

/// What the proxy is asked: the function of LiteLLM that serves an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallType {
    /// `/chat/completions`
    Chat,
    /// `/embeddings`
    Embedding,
    /// `/completions`
    Text,
    /// `/audio/transcriptions`
    Transcription,
    /// `/rerank`
    Rerank,
    /// `/responses`
    Responses,
    /// `/v1/messages`
    Messages,
}

impl CallType {
    /// All that a release may cache.
    pub const ALL: [Self; 7] = [
        Self::Chat,
        Self::Embedding,
        Self::Text,
        Self::Transcription,
        Self::Rerank,
        Self::Responses,
        Self::Messages,
    ];

    /// The endpoint.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Chat => "/chat/completions",
            Self::Embedding => "/embeddings",
            Self::Text => "/completions",
            Self::Transcription => "/audio/transcriptions",
            Self::Rerank => "/rerank",
            Self::Responses => "/responses",
            Self::Messages => "/v1/messages",
        }
    }

    /// The function that the proxy calls, which `supported_call_types` must name.
    pub fn function(self) -> &'static str {
        match self {
            Self::Chat => "acompletion",
            Self::Embedding => "aembedding",
            Self::Text => "atext_completion",
            Self::Transcription => "atranscription",
            Self::Rerank => "arerank",
            Self::Responses => "aresponses",
            Self::Messages => "anthropic_messages",
        }
    }

    /// Whether the release's own `supported_call_types` name it.
    fn by_default(self, pair: Pair) -> bool {
        match self {
            Self::Responses => pair.behaves(Behaviour::ResponsesAreCached),
            Self::Messages => pair.behaves(Behaviour::MessagesAreCached),
            _ => true,
        }
    }

    /// Whether a process keeps its own copy of such an answer.
    pub fn has_copy(self, pair: Pair) -> bool {
        match self {
            Self::Text | Self::Messages => false,
            Self::Responses => pair.behaves(Behaviour::ResponsesAreCached),
            _ => true,
        }
    }
}

/// Whether a call type is cached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covered {
    /// It is.
    Yes,
    /// `supported_call_types` does not name it.
    NotListed(Origin),
    /// The release does not cache it.
    NotByRelease,
    /// It depends on this.
    Unknown(String),
}

impl Caching {
    pub(crate) fn new(outcome: &Outcome, running: &Running, pair: Pair) -> Self {
        let none = Kwargs::new();
        let arguments = running.cache.as_ref().unwrap_or(&none);
        let store = store(outcome);
        let write = match store {
            Store::Redis => write(arguments.given("redis_flush_size")),
            _ => Write::AtOnce,
        };
        let own = own_ttl(arguments, &store);
        let default = default_ttl(running.default_redis_ttl.as_ref());
        let lifetime = match (&write, own) {
            (Write::Gathered { .. }, _) | (_, None) => default.clone(),
            (_, Some(ttl)) => ttl_of(ttl, &default),
        };
        let lifetime = match store {
            Store::Memory => own.map_or_else(in_memory, |ttl| memory_ttl(ttl, pair)),
            _ => lifetime,
        };
        let memory = (store == Store::Redis
            && write == Write::AtOnce
            && pair.behaves(Behaviour::ProcessesKeepCopies))
        .then(|| memory_copy(own, running, pair));
        let beside_memory = match in_memory_ttl(running).filter(|_| {
            memory.is_some() && own.is_none() && pair.behaves(Behaviour::MemoryTtlReachesRedis)
        }) {
            Some(ttl) => ttl_of(ttl, &default),
            None => lifetime.clone(),
        };
        let without_ttl = (
            if store == Store::Memory { in_memory() } else { default.clone() },
            memory.is_some().then(|| memory_copy(None, running, pair)),
        );
        Self {
            own_ttl: own.is_some(),
            without_ttl,
            call_types: arguments.arg("supported_call_types").map(|arg| arg.value.clone()),
            never_served: never_served(running),
            max_messages: arguments.given("max_messages").cloned(),
            mode: mode(arguments.get("mode")),
            prefix: prefix(arguments.get("namespace")),
            store,
            default,
            lifetime,
            write,
            memory,
            beside_memory,
            pair,
        }
    }

    /// Whether answers of this type are cached.
    pub fn covers(&self, call: CallType) -> Covered {
        let named = self.names(call);
        if call == CallType::Messages && !named {
            // It goes on to `acompletion` or `aresponses`, as the model's provider asks for.
            return Covered::Unknown("how LiteLLM reaches the model".to_owned());
        }
        match &self.call_types {
            _ if named => Covered::Yes,
            None => Covered::NotByRelease,
            Some(Value { data: Data::Unknown(why), .. }) => Covered::Unknown(why.to_string()),
            Some(listed) => Covered::NotListed(listed.origin.clone()),
        }
    }

    /// Whether the list names the function of an endpoint.
    fn names(&self, call: CallType) -> bool {
        let Some(listed) = &self.call_types else {
            return call.by_default(self.pair);
        };
        let mut names = vec![call.function()];
        if call == CallType::Responses && self.pair.behaves(Behaviour::SyncNameCoversResponses) {
            names.push("responses");
        }
        match &listed.data {
            Data::List(items) => {
                items.iter().any(|item| item.as_str().is_some_and(|name| names.contains(&name)))
            }
            // `in` looks for a part of a text.
            Data::Str(text) => names.iter().any(|name| text.contains(name)),
            _ => false,
        }
    }
}

fn store(outcome: &Outcome) -> Store {
    match &outcome.response_cache {
        None => Store::Nowhere,
        Some(Knowable::Unknown(why)) => Store::Unknown(why.clone()),
        Some(Knowable::Known(class)) => match class.as_str() {
            "RedisCache" | "RedisClusterCache" => Store::Redis,
            "InMemoryCache" => Store::Memory,
            other => Store::Other(other.to_owned()),
        },
    }
}

/// `caching=self.cache_responses`: without a cache when the router is made, that is its default.
fn never_served(running: &Running) -> Option<Origin> {
    let value = running.cache_responses.as_ref()?;
    let off = value.truth() == Truth::False && !value.is_none() && is_written(&value.origin);
    off.then(|| value.origin.clone())
}

fn is_written(origin: &Origin) -> bool {
    !matches!(origin, Origin::LitellmDefault(_) | Origin::RedisPyDefault(_))
}

/// `Cache.ttl`: what the constructor settles on.
fn own_ttl<'a>(arguments: &'a Kwargs, store: &Store) -> Option<&'a Value> {
    let overriding = match store {
        Store::Memory => arguments.given("default_in_memory_ttl"),
        _ => arguments.given("default_in_redis_ttl"),
    };
    overriding.or_else(|| arguments.given("ttl"))
}

/// `RedisCache.default_ttl`
fn default_ttl(litellm: Option<&Value>) -> Lifetime {
    let default = Lifetime {
        kept: Kept::Seconds(DEFAULT_TTL),
        origin: Origin::LitellmDefault("BaseCache.__init__"),
        refused: None,
    };
    match litellm.filter(|value| !value.is_none()) {
        Some(value) => ttl_of(value, &default),
        None => default,
    }
}

/// `BaseCache.get_ttl`
pub(crate) fn ttl_of(value: &Value, default: &Lifetime) -> Lifetime {
    let kept = match convert::int(value) {
        Ok(seconds) => match i64::try_from(&seconds) {
            Ok(seconds) if seconds > 0 => Kept::Seconds(seconds),
            Ok(seconds) => Kept::NoTime(seconds),
            Err(_) => Kept::Raises("the time is beyond what Redis counts".to_owned()),
        },
        Err(Stop::Raised(raised)) if raised.class == "ValueError" => {
            return Lifetime { refused: Some(value.origin.clone()), ..default.clone() };
        }
        Err(Stop::Raised(raised)) => Kept::Raises(raised.to_string()),
        Err(Stop::Unknown(why)) => Kept::Unknown(why),
    };
    Lifetime { kept, origin: value.origin.clone(), refused: None }
}

/// The lifetime of a process's own copy: `InMemoryCache.set_cache`, through `DualCache`.
fn memory_copy(own: Option<&Value>, running: &Running, pair: Pair) -> Lifetime {
    let heeded =
        || in_memory_ttl(running).filter(|_| pair.behaves(Behaviour::MemoryTtlReachesRedis));
    own.or_else(heeded).map_or_else(in_memory, |ttl| memory_ttl(ttl, pair))
}

/// The time of what `InMemoryCache` gets without one.
fn in_memory() -> Lifetime {
    Lifetime {
        kept: Kept::Seconds(MEMORY_TTL),
        origin: Origin::LitellmDefault("InMemoryCache.__init__"),
        refused: None,
    }
}

/// `litellm.default_in_memory_ttl`, which `cache_params` set too.
fn in_memory_ttl(running: &Running) -> Option<&Value> {
    let settings = crate::setting(running, "litellm_settings", "default_in_memory_ttl");
    let params = running.cache.as_ref().and_then(|own| own.given("default_in_memory_ttl"));
    params.or(settings.filter(|value| !value.is_none()))
}

/// `float(ttl)`, of which what is in memory lives.
pub(crate) fn memory_ttl(value: &Value, pair: Pair) -> Lifetime {
    let number = match value.as_str() {
        Some(_) if !pair.behaves(Behaviour::MemoryTtlMayBeText) => {
            let message = "unsupported operand type(s) for +: 'float' and 'str'";
            Err(Stop::raise("TypeError", message))
        }
        _ => convert::float(value),
    };
    let kept = match number {
        #[expect(clippy::cast_possible_truncation, reason = "shown in whole seconds")]
        Ok(seconds) if seconds > 0.0 => Kept::Seconds(seconds as i64),
        #[expect(clippy::cast_possible_truncation, reason = "shown in whole seconds")]
        Ok(seconds) => Kept::NoTime(seconds as i64),
        Err(Stop::Raised(raised)) => Kept::Raises(raised.to_string()),
        Err(Stop::Unknown(why)) => Kept::Unknown(why),
    };
    Lifetime { kept, origin: value.origin.clone(), refused: None }
}

/// `mode or CacheMode.default_on`, compared with `==`.
fn mode(value: Option<&Value>) -> Mode {
    let Some(value) = value else {
        return Mode::On;
    };
    match (&value.data, value.truth()) {
        (Data::Unknown(why), _) => Mode::Unknown(why.to_string()),
        (_, Truth::False) => Mode::On,
        (Data::Str(text), _) if &**text == "default_on" => Mode::On,
        _ => {
            let meant = value.as_str() == Some("default_off");
            Mode::OptIn { origin: value.origin.clone(), meant }
        }
    }
}

/// `self.redis_flush_size is not None`, and `len(buffer) >= self.redis_flush_size`.
fn write(size: Option<&Value>) -> Write {
    let Some(size) = size else {
        return Write::AtOnce;
    };
    let origin = size.origin.clone();
    let number = match &size.data {
        Data::Int(number) => i64::try_from(number).unwrap_or(i64::MAX),
        Data::Bool(flag) => i64::from(*flag),
        #[expect(clippy::cast_possible_truncation, reason = "a count of answers")]
        Data::Float(number) => number.ceil() as i64,
        Data::Unknown(why) => return Write::Unknown(why.to_string()),
        _ => return Write::Never(origin),
    };
    Write::Gathered { size: number.max(1), origin }
}

/// `check_and_fix_namespace`
pub(crate) fn prefix(namespace: Option<&Value>) -> Knowable<Option<Prefix>> {
    let Some(namespace) = namespace else {
        return Knowable::Known(None);
    };
    Knowable::Known(match &namespace.data {
        Data::Unknown(why) => return Knowable::Unknown(why.to_string()),
        Data::None => None,
        Data::Str(text) if text.is_empty() => None,
        Data::Str(text) => Some(Prefix::Text(text.to_string(), namespace.origin.clone())),
        _ if namespace.truth() == Truth::False => None,
        _ => Some(Prefix::Raises(namespace.origin.clone())),
    })
}
