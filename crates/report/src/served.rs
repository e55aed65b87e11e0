//! What the running proxy caches, what its replicas share, and what an ACL must allow, in words.

use crate::Report;
use crate::display::Words;
use base::source::Span;
use python::Origin;
use serving::caching::{Caching, CallType, Covered, Kept, Lifetime, Mode, Prefix, Store, Write};
use serving::sharing::{Bare, Holder, Part, Share, Why};
use serving::{Buffer, Serving};
use simulate::outcome::{Consumer, Knowable, Role};

/// What the running proxy does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Each part of LiteLLM that has state, and where it keeps it.
    pub shared: Vec<SharedPart>,
    /// What is cached, how and for how long.
    pub cached: Vec<Fact>,
    /// The `ACL SETUSER` of each Redis.
    pub acls: Vec<Allowed>,
    /// What stops the proxy after its config is loaded.
    pub refused: Option<String>,
}

/// A part of LiteLLM and where it keeps its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPart {
    /// `rate limits`
    pub part: &'static str,
    /// `the coordination Redis`, `each process`
    pub holder: String,
    /// Whether replicas share it; `None` where it can't be known.
    pub shared: Option<bool>,
    /// Why it is there, where that is not plain.
    pub why: Option<String>,
}

/// One thing that is known of the response cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub name: String,
    /// How it is.
    pub value: String,
    /// Where that comes from.
    pub origin: Option<String>,
    /// The place that it was written in.
    pub at: Option<Span>,
}

/// What one Redis must allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Whose Redis: `response cache`.
    pub of: Vec<&'static str>,
    /// The command.
    pub command: String,
    /// Whether that is all: a Cluster's and a Sentinel's own commands are not in it.
    pub complete: bool,
}

/// What the running proxy does with a report's configuration; `None` where it does not start.
pub fn served(report: &Report, words: &Words<'_>) -> Option<Served> {
    let serving = Serving::new(&report.outcome, &report.environment, report.pair)?;
    let refused = match &serving.buffer {
        Buffer::Refused(exception) => Some(words.shown(&exception.to_string())),
        _ => serving.master_key.refusal().map(str::to_owned),
    };
    let shared = serving.sharing.shares.iter().map(|share| part(share, report, words)).collect();
    let acls = serving.acls(&report.outcome).into_iter().map(|acl| Allowed {
        of: acl.of.iter().map(|of| crate::display::consumer_name(*of)).collect(),
        command: words.shown(&acl.set_user("litellm")),
        complete: acl.complete,
    });
    Some(Served { shared, cached: cached(&serving.caching, words), acls: acls.collect(), refused })
}

pub(crate) fn part_name(part: Part) -> &'static str {
    match part {
        Part::Answers => "cached answers",
        Part::Limits => "TPM, RPM and parallel limits of keys, users, teams",
        Part::Spend => "spend counted for budgets",
        Part::Keys => "key lookups",
        Part::Cooldowns => "cooldowns",
        Part::Usage => "the router's usage",
        Part::Lock => "the lock among replicas",
        Part::SpendQueue => "spend on its way to the database",
    }
}

fn part(share: &Share, report: &Report, words: &Words<'_>) -> SharedPart {
    let mut reasons: Vec<String> = Vec::new();
    // The section on what is cached says which cache that is.
    if share.part != Part::Answers {
        reasons.extend(why(&share.why, words));
    }
    let (holder, shared) = match &share.holder {
        Holder::EachProcess if share.why == Why::Nothing => ("nowhere".to_owned(), Some(false)),
        Holder::EachProcess => ("each process, not shared".to_owned(), Some(false)),
        Holder::Unknown(why) => (format!("unknown: it depends on {why}"), None),
        Holder::Redis { of, if_reachable, .. } => {
            let clients = share.holder.clients(&report.outcome);
            let split = clients.is_some_and(|[written, read]| !same_server(written, read));
            if split {
                reasons.push("it is written to one server and read from another".to_owned());
            }
            let holder = redis_of(*of, report);
            let holder = if *if_reachable {
                format!("{holder}, if it answers at start-up")
            } else {
                holder.to_owned()
            };
            (holder, (!if_reachable).then_some(!split))
        }
    };
    match (&share.prefix, share.bare) {
        (Knowable::Known(Some(Prefix::Raises(origin))), _) => reasons.push(format!(
            "no command by key reaches Redis: the namespace at {} is not text",
            words.origin(origin)
        )),
        (Knowable::Known(Some(Prefix::Text(text, _))), Bare::Nothing) => {
            reasons.push(format!("keys start with {}:", words.shown(text)));
        }
        (Knowable::Known(Some(_)), Bare::Some) => {
            let what = if share.part == Part::Lock {
                "what gives it back goes without the namespace, so that it is kept until its time is over"
            } else {
                "keys of its scripts do not start with the namespace"
            };
            reasons.push(what.to_owned());
        }
        (Knowable::Known(Some(_)), Bare::Everything) => {
            reasons.push("keys do not start with the namespace".to_owned());
        }
        _ => {}
    }
    let why = (!reasons.is_empty()).then(|| reasons.join("; "));
    SharedPart { part: part_name(share.part), holder, shared, why }
}

fn same_server(one: &simulate::outcome::Client, other: &simulate::outcome::Client) -> bool {
    let place = |client: &simulate::outcome::Client| {
        let connection = client.connection.as_ref()?;
        let text = |value| python::convert::str_of(value).ok();
        Some([
            text(&connection.host.value)?,
            text(&connection.port.value)?,
            text(&connection.db.value)?,
        ])
    };
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn redis_of(of: Consumer, report: &Report) -> &'static str {
    match of {
        Consumer::Response => "the response cache's Redis",
        Consumer::Usage if report.outcome.usage_cache == Some(Knowable::Known(Role::Shared)) => {
            "the response cache's Redis"
        }
        Consumer::Usage => "the coordination Redis",
        Consumer::Router => "the router's own Redis",
        Consumer::Semantic => "the semantic cache's Redis",
    }
}

fn why(why: &Why, words: &Words<'_>) -> Option<String> {
    Some(match why {
        Why::Own | Why::CachesRedis | Why::CoordinationRedis | Why::Nothing => return None,
        Why::EnvironmentAlone => "REDIS_* variables alone name it".to_owned(),
        Why::NoRedis => "no Redis feeds it".to_owned(),
        Why::RouterIsNotGivenIt => {
            "this release does not give the router the response cache's Redis".to_owned()
        }
        Why::NotByRelease => "this release keeps it there".to_owned(),
        Why::SwitchedOff(None) => "its switch is not set".to_owned(),
        Why::SwitchedOff(Some(origin)) => format!("switched off at {}", words.origin(origin)),
        Why::RustClientRefuses { reason, .. } => {
            format!("LiteLLM's Rust client can't use these settings: {}", words.shown(reason))
        }
        Why::OtherCache(kind) => format!("{kind} is not a Redis that it could use"),
    })
}

fn cached(caching: &Caching, words: &Words<'_>) -> Vec<Fact> {
    let fact = |name: &str, value: String, origin: Option<&Origin>| Fact {
        name: name.to_owned(),
        value,
        origin: origin.map(|origin| words.origin(origin)),
        at: origin.and_then(|origin| words.written_at(origin)),
    };
    let store = match &caching.store {
        Store::Nowhere => "nothing".to_owned(),
        Store::Redis => "answers, in Redis".to_owned(),
        Store::Memory => "answers, in the memory of each process".to_owned(),
        Store::Other(class) => format!("answers, in {class}"),
        Store::Unknown(why) => format!("unknown: it depends on {why}"),
    };
    let mut facts = vec![fact("what", store, None)];
    if !matches!(caching.store, Store::Redis | Store::Memory) {
        return facts;
    }
    for call in CallType::ALL {
        let (value, origin) = covered(caching.covers(call), call);
        facts.push(fact(call.endpoint(), value, origin.as_ref()));
    }
    match &caching.mode {
        Mode::On => {}
        Mode::OptIn { origin, meant } => {
            let ask = "only requests with cache: {use-cache: true}";
            let value = if *meant {
                ask.to_owned()
            } else {
                format!("{ask}: LiteLLM knows no such mode, and takes it for default_off")
            };
            facts.push(fact("mode", value, Some(origin)));
        }
        Mode::Unknown(why) => facts.push(fact("mode", format!("depends on {why}"), None)),
    }
    if let Some(origin) = &caching.never_served {
        let value = "never: answers are written, and no request reads them".to_owned();
        facts.push(fact("served", value, Some(origin)));
    }
    facts.push(lifetime("kept for", &caching.lifetime, words));
    if caching.beside_memory != caching.lifetime {
        let name = "kept for, of chat, embeddings and the like";
        facts.push(lifetime(name, &caching.beside_memory, words));
    }
    match &caching.write {
        Write::AtOnce => facts.push(fact("written", "at once".to_owned(), None)),
        Write::Gathered { size, origin } => {
            let value = if *size == 1 {
                "at once; the ttl does not count".to_owned()
            } else {
                format!(
                    "once {size} answers have gathered in a process, which serves none of them before; the ttl does not count"
                )
            };
            facts.push(fact("written", value, Some(origin)));
        }
        Write::Never(origin) => {
            let value = "never: the size is not a number".to_owned();
            facts.push(fact("written", value, Some(origin)));
        }
        Write::Unknown(why) => facts.push(fact("written", format!("depends on {why}"), None)),
    }
    if let Some(copy) = &caching.memory {
        let mut fact = lifetime("copy in each process", copy, words);
        if let Kept::Raises(message) = &copy.kept {
            // `InMemoryCache.set_cache` stores before it computes the time, and what it raises keeps
            // `DualCache` from Redis.
            let message = words.shown(message);
            fact.value = format!("for good, and Redis never gets it: {message}");
        }
        facts.push(fact);
    }
    match &caching.prefix {
        Knowable::Known(Some(Prefix::Text(text, origin))) => {
            facts.push(fact("keys", format!("start with {}:", words.shown(text)), Some(origin)));
        }
        Knowable::Known(Some(Prefix::Raises(origin))) => {
            let value = "none can be made: the namespace is not text".to_owned();
            facts.push(fact("keys", value, Some(origin)));
        }
        Knowable::Known(None) => {}
        Knowable::Unknown(why) => facts.push(fact("keys", format!("depend on {why}"), None)),
    }
    facts
}

/// Whether answers of a kind are cached, and what says so.
pub(crate) fn covered(covered: Covered, call: CallType) -> (String, Option<Origin>) {
    match covered {
        Covered::Yes => ("cached".to_owned(), None),
        Covered::NotListed(origin) => (
            format!("not cached: supported_call_types does not name {}", call.function()),
            Some(origin),
        ),
        Covered::NotByRelease => ("not cached by this release".to_owned(), None),
        Covered::Unknown(why) => (format!("depends on {why}"), None),
    }
}

pub(crate) fn lifetime(name: &str, lifetime: &Lifetime, words: &Words<'_>) -> Fact {
    let mut value = match &lifetime.kept {
        Kept::Seconds(seconds) => format!("{seconds} s"),
        Kept::NoTime(seconds) => format!("no time: {seconds} s, which Redis refuses to set"),
        Kept::Raises(message) => format!("no time: {}", words.shown(message)),
        Kept::Unknown(why) => format!("unknown: it depends on {why}"),
    };
    if let Some(refused) = &lifetime.refused {
        value += &format!("; what {} sets is not a whole number", words.origin(refused));
    }
    Fact {
        name: name.to_owned(),
        value,
        origin: Some(words.origin(&lifetime.origin)),
        at: words.written_at(&lifetime.origin),
    }
}
