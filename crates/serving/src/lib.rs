//! What the running LiteLLM proxy does with a configuration: which answers it caches, under which
//! key and for how long, and what of its state the replicas of a deployment share.
//!
//! The simulation ends where LiteLLM has started; this goes on from its [`Outcome`]. Where releases
//! differ, the code asks a [`facts::Behaviour`], and `truth/proxy` has what the real proxy did on both sides.

#![forbid(unsafe_code)]

pub mod acl;
pub mod caching;
pub mod pools;
pub mod request;
pub mod sharing;
pub mod startup;
pub mod waiting;

pub use acl::Acl;
pub use caching::Caching;
pub use sharing::Sharing;
pub use startup::{Buffer, MasterKey};

use deployment::environment::Environment;
use facts::Pair;
use python::{Data, Value};
use simulate::outcome::{Outcome, Running};

/// What the running proxy does.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Which answers are cached, where and for how long.
    pub caching: Caching,
    /// What the replicas share, and through which Redis.
    pub sharing: Sharing,
    /// What the transaction buffer has, or that the proxy stops for want of it.
    pub buffer: Buffer,
    /// Whether the proxy starts with its master key.
    pub master_key: MasterKey,
}

impl Serving {
    /// What a proxy does that started with this outcome; `None` where it does not start.
    pub fn new(outcome: &Outcome, environment: &Environment, pair: Pair) -> Option<Self> {
        let running = outcome.running.as_ref()?;
        let buffer = startup::buffer(outcome, running, environment, pair);
        let caching = Caching::new(outcome, running, pair);
        Some(Self {
            sharing: Sharing::new(outcome, running, pair, &caching.store, &buffer),
            caching,
            buffer,
            master_key: MasterKey::new(running, environment, pair),
        })
    }
}

/// A setting of one of the config's sections.
fn setting<'a>(running: &'a Running, section: &str, name: &str) -> Option<&'a Value> {
    running.config.as_dict()?.get(section)?.as_dict()?.get(name)
}

/// `str_to_bool` of what is text, else whether it is `True`; `None` where it can't be known.
fn switched_on(value: Option<&Value>) -> Option<bool> {
    match value.map(|value| &value.data) {
        Some(Data::Bool(on)) => Some(*on),
        Some(Data::Str(text)) => Some(text.trim().eq_ignore_ascii_case("true")),
        Some(Data::Unknown(_)) => None,
        _ => Some(false),
    }
}
