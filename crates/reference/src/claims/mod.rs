//! What LiteLLM's own pages say of Redis, and on which releases that is so.
//!
//! Each statement is a configuration and a question about what LiteLLM makes of it. The page is computed: the question is
//! asked of each release, and what the real software answered to the same configuration is named beside it.

mod services;
mod table;

use base::source::SourceId;
use deployment::environment::Environment;
use facts::{Behaviour, Pair};
use serving::Serving;
use serving::caching::CallType;
use serving::request::{Answered, Request};
use simulate::outcome::{Api, Client, Connection, Consumer, Knowable, Outcome, Startup};

/// All of them, in the order of the page.
pub fn claims() -> impl Iterator<Item = &'static Claim> {
    table::CLAIMS.iter().chain(services::CLAIMS)
}

/// A statement.
#[derive(Debug)]
pub struct Claim {
    /// Where it is made: a file of LiteLLM's documentation.
    pub page: &'static str,
    /// What is said, in our words.
    pub says: &'static str,
    /// A configuration that it is about.
    pub config: &'static str,
    /// Its variables.
    pub env: &'static [(&'static str, &'static str)],
    /// A request that it is about: the JSON of its `cache`; empty for none.
    pub request: &'static str,
    /// Whether it is so.
    pub(crate) holds: fn(&Case) -> bool,
    /// What else is to be known. One or two sentences.
    pub really: &'static str,
    /// What shows it.
    pub shown: &'static [Recording],
}

/// A recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// A start-up of `truth/litellm/recordings`, by its id.
    Start(&'static str),
    /// A scenario of the running proxy, `truth/proxy`.
    Proxy(&'static str),
    /// What is recorded on both sides of a change.
    Change(Behaviour),
    /// A case of `truth/startup/keys.json`.
    Keys(&'static str),
    /// `truth/startup/delays.json`
    Delays,
    /// A field of the published signatures, which `crates/facts/src/data.rs` holds.
    Signatures,
}

/// What LiteLLM makes of a statement's configuration on one pair of releases.
pub(crate) struct Case {
    pair: Pair,
    outcome: Outcome,
    serving: Option<Serving>,
    request: &'static str,
}

impl Case {
    fn new(claim: &Claim, pair: Pair) -> Self {
        let environment = Environment::exactly(claim.env.iter().copied());
        let document = yaml::read(SourceId::CONFIG, claim.config);
        let outcome = simulate::simulate(&document, &environment, pair);
        let serving = Serving::new(&outcome, &environment, pair);
        Self { pair, outcome, serving, request: claim.request }
    }

    /// Whether LiteLLM starts, as far as its config goes.
    fn starts(&self) -> bool {
        self.outcome.startup == Startup::Ok
    }

    /// The class of the response cache.
    fn cache(&self) -> &str {
        match &self.outcome.response_cache {
            Some(Knowable::Known(class)) => class,
            _ => "",
        }
    }

    /// One consumer's client.
    fn client(&self, consumer: Consumer, api: Api) -> Option<&Client> {
        let clients = &self.outcome.clients;
        clients.iter().find(|client| client.consumer == consumer && client.api == api)
    }

    /// What the response cache's client that serves requests holds, if it works.
    fn serves(&self) -> Option<&Connection> {
        let client = self.client(Consumer::Response, Api::Async)?;
        client.connection.as_ref().filter(|_| client.error.is_none())
    }

    /// Whether both clients of the response cache work, and `holds` of both.
    fn both(&self, holds: impl Fn(&Client, &Connection) -> bool) -> bool {
        [Api::Sync, Api::Async].into_iter().all(|api| {
            self.client(Consumer::Response, api).is_some_and(|client| {
                client.error.is_none()
                    && client
                        .connection
                        .as_ref()
                        .is_some_and(|connection| holds(client, connection))
            })
        })
    }

    /// What becomes of the answer to the request.
    fn answer(&self, call: CallType) -> Option<Answered> {
        let text = if self.request.is_empty() {
            "{}".to_owned()
        } else {
            format!("cache: {}", self.request)
        };
        let body = yaml::read(SourceId::CONFIG, &text).ok()?.root;
        Some(self.serving.as_ref()?.caching.answer(&Request { call, body }))
    }
}

/// The redis-py releases that are asked.
const REDIS_PY: [&str; 2] = ["5.3.1", "8.1.0"];

impl Claim {
    /// On which LiteLLM releases it is so, on one redis-py release: from the first to the last of each stretch.
    fn stretches(&self, redis_py: &str) -> Vec<(usize, usize)> {
        let mut stretches: Vec<(usize, usize)> = vec![];
        for (place, release) in Pair::litellm_releases().iter().enumerate() {
            let Ok(pair) = Pair::parse(&release.to_string(), redis_py) else { continue };
            if !(self.holds)(&Case::new(self, pair)) {
                continue;
            }
            match stretches.last_mut() {
                Some((_, last)) if *last + 1 == place => *last = place,
                _ => stretches.push((place, place)),
            }
        }
        stretches
    }
}

/// `1.97.0 and newer`, `all`, `none`.
fn in_words(stretches: &[(usize, usize)]) -> String {
    let releases = Pair::litellm_releases();
    let newest = releases.len().saturating_sub(1);
    let words = stretches.iter().map(|(first, last)| match (*first, *last) {
        (0, last) if last == newest => "all".to_owned(),
        (0, last) => format!("up to {}", releases[last]),
        (first, last) if last == newest => format!("{} and newer", releases[first]),
        (first, last) if first == last => releases[first].to_string(),
        (first, last) => format!("{} to {}", releases[first], releases[last]),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

impl Recording {
    fn words(self) -> String {
        match self {
            Self::Start(id) => format!("start-up `{id}`"),
            Self::Proxy(name) => format!("running proxy `{name}`"),
            Self::Change(behaviour) => {
                let names: Vec<String> =
                    behaviour.row().evidence.iter().map(|name| format!("`{name}`")).collect();
                format!("both sides of {}", names.join(", "))
            }
            Self::Keys(case) => format!("`truth/startup/keys.json`, {case}"),
            Self::Delays => "`truth/startup/delays.json`".to_owned(),
            Self::Signatures => "the published signatures".to_owned(),
        }
    }
}

/// `docs/litellm-pages.md`
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    let mut last = "";
    for (number, claim) in claims().enumerate() {
        if claim.page != last {
            page.push_str(&format!("\n## {}\n", claim.page));
            last = claim.page;
        }
        let stretches = REDIS_PY.map(|redis_py| in_words(&claim.stretches(redis_py)));
        let on = if stretches[0] == stretches[1] {
            stretches[0].clone()
        } else {
            format!(
                "{} on redis-py {}; {} on {}",
                stretches[0], REDIS_PY[0], stretches[1], REDIS_PY[1]
            )
        };
        let shown: Vec<String> = claim.shown.iter().map(|recording| recording.words()).collect();
        page.push_str(&format!(
            "\n### {}. {}\n\n{}\n\n",
            number + 1,
            claim.says,
            format!("So on LiteLLM: **{on}**. {}", claim.really).trim_end()
        ));
        page.push_str(&format!("```yaml\n{}```\n", claim.config));
        let variables: Vec<String> =
            claim.env.iter().map(|(name, value)| format!("`{name}={value}`")).collect();
        if !variables.is_empty() {
            page.push_str(&format!("\nWith {}.\n", variables.join(", ")));
        }
        if !claim.request.is_empty() {
            page.push_str(&format!("\nFor a request with `\"cache\": {}`.\n", claim.request));
        }
        page.push_str(&format!("\nShown by {}.\n", shown.join("; ")));
    }
    page
}

const INTRODUCTION: &str = "# What LiteLLM's own pages say

People copy from [LiteLLM's documentation](https://docs.litellm.ai/docs/proxy/caching). This page holds its statements on
Redis, in our words, against what LiteLLM's releases do: each is a configuration and a question about it, asked of every
release that Redproof knows, on redis-py 5.3.1 and 8.1.0. Where the two differ, both are said. What is named as showing it
was recorded from the real software and is kept in the repository.

This page is written by Redproof; a test fails when it is out of date.
";
