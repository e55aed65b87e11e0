//! What LiteLLM needs of each Redis: the commands that its parts send there, and the keys.

use std::collections::BTreeSet;

use redproof_core::environment::{Environment, Lookup};
use redproof_core::outcome::{Api, Consumer, Knowable, Outcome};
use redproof_core::python::{Data, Value};
use serving::caching::Prefix;
use serving::sharing::{Carrier, Holder, Part, Share, Why};
use serving::{Acl, Buffer, Serving};

use crate::rust_clients;

/// What the parts of LiteLLM need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// One for each role that a Redis fills.
    pub(crate) roles: Vec<Need>,
    /// Why the proxy stops after it has loaded its config.
    pub(crate) refused: Option<String>,
    /// `fail_closed_rate_limit_enforcement`: what can't be counted in Redis is rejected.
    pub(crate) fail_closed: bool,
    acls: Vec<Acl>,
    no_database: bool,
    namespaces: Vec<(Consumer, String)>,
    carried: Vec<Carried>,
}

/// What one client carries for the parts of one Redis.
#[derive(Clone, Debug)]
struct Carried {
    user: (Consumer, Api),
    /// Whose Redis it is.
    of: Consumer,
    commands: BTreeSet<&'static str>,
    patterns: BTreeSet<String>,
    /// What is before its keys.
    prefix: Option<String>,
}

/// What one role needs of one Redis, and of which clients.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) role: Role,
    of: Consumer,
    pub(crate) users: Vec<(Consumer, Api)>,
    pub(crate) commands: BTreeSet<&'static str>,
}

/// A part of LiteLLM, as an operator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    ResponseCache,
    SemanticIndex,
    Router,
    Coordination,
    Limits,
}

impl Role {
    /// Its name in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ResponseCache => "response_cache",
            Self::SemanticIndex => "semantic_index",
            Self::Router => "router",
            Self::Coordination => "coordination",
            Self::Limits => "limits",
        }
    }

    /// Its name for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::ResponseCache => "response cache",
            Self::SemanticIndex => "semantic index",
            Self::Router => "router",
            Self::Coordination => "coordination",
            Self::Limits => "budgets and limits",
        }
    }

    fn of(part: Part) -> Self {
        match part {
            Part::Answers => Self::ResponseCache,
            Part::Cooldowns | Part::Usage => Self::Router,
            Part::Keys | Part::Lock | Part::SpendQueue => Self::Coordination,
            Part::Limits | Part::Spend => Self::Limits,
        }
    }
}

/// What the clients of one connection need of the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demands {
    /// The commands, as `ACL` writes them.
    pub(crate) commands: BTreeSet<&'static str>,
    /// What is before the keys that they use: `namespace`.
    pub(crate) namespace: Option<String>,
    /// redis-py's keys there have a `namespace`, and these have none.
    pub(crate) passes_over_namespace: bool,
    /// The patterns of the keys that they use, as `ACL` writes them.
    pub(crate) patterns: BTreeSet<String>,
    /// The patterns of LiteLLM's channels.
    pub(crate) channels: BTreeSet<String>,
    /// The channels that LiteLLM subscribes to where it has a database.
    pub(crate) subscribed: BTreeSet<String>,
    /// It is known to have none.
    pub(crate) no_database: bool,
    /// What all of LiteLLM's clients of that server need.
    all_commands: BTreeSet<&'static str>,
    all_patterns: BTreeSet<String>,
}

impl Needs {
    pub(crate) fn new(
        outcome: &Outcome,
        serving: Option<&Serving>,
        environment: &Environment,
    ) -> Self {
        let mut needs = Self { no_database: no_database(outcome, environment), ..Self::default() };
        let Some(serving) = serving else {
            return needs;
        };
        if let Buffer::Refused(exception) = &serving.buffer {
            needs.refused = Some(exception.to_string());
        }
        needs.acls = serving.acls(outcome);
        let settings = outcome
            .running
            .as_ref()
            .and_then(|running| running.config.as_dict()?.get("general_settings")?.as_dict());
        let flag = settings.and_then(|one| one.get("fail_closed_rate_limit_enforcement"));
        needs.fail_closed = flag.is_some_and(is_true);
        for share in &serving.sharing.shares {
            needs.share(share, serving, outcome);
        }
        if outcome.semantic.is_some() {
            needs.roles.push(Need {
                role: Role::SemanticIndex,
                of: Consumer::Response,
                users: vec![(Consumer::Response, Api::Async)],
                commands: BTreeSet::new(),
            });
        }
        for one in outcome.running.iter().flat_map(|running| &running.namespaces) {
            let held = one.held.as_ref().and_then(|held| held.as_str());
            if let Some(text) = held.filter(|text| !text.is_empty()) {
                needs.namespaces.push((one.consumer, text.to_owned()));
            }
        }
        needs
    }

    fn share(&mut self, share: &Share, serving: &Serving, outcome: &Outcome) {
        let native = (rust_clients::carrier(outcome, share.part), Api::Native);
        match (&share.holder, &share.why) {
            (Holder::Redis { of, written, read, .. }, _) => {
                let commands = serving.commands_of(share.part);
                for carrier in [written, read] {
                    let user = match carrier {
                        Carrier::RedisPy(Api::Sync) => (*of, Api::Sync),
                        Carrier::RedisPy(_) => (*of, Api::Async),
                        Carrier::Native => native,
                    };
                    self.need(share.part, *of, user).commands.extend(&commands);
                    self.carried(user, *of, share).commands.extend(&commands);
                }
            }
            // It would be in Redis, were it not for the settings.
            (_, Why::RustClientRefuses { of, .. }) => {
                self.need(share.part, *of, native);
            }
            _ => {}
        }
    }

    fn need(&mut self, part: Part, of: Consumer, user: (Consumer, Api)) -> &mut Need {
        let role = Role::of(part);
        let known = self.roles.iter().position(|need| need.role == role && need.of == of);
        let at = known.unwrap_or_else(|| {
            self.roles.push(Need { role, of, users: vec![], commands: BTreeSet::new() });
            self.roles.len() - 1
        });
        let need = &mut self.roles[at];
        if !need.users.contains(&user) {
            need.users.push(user);
        }
        need
    }

    fn carried(&mut self, user: (Consumer, Api), of: Consumer, share: &Share) -> &mut Carried {
        let known = self.carried.iter().position(|one| one.user == user && one.of == of);
        let at = known.unwrap_or_else(|| {
            let prefix = match &share.prefix {
                Knowable::Known(Some(Prefix::Text(text, _))) => Some(text.clone()),
                _ => None,
            };
            let (commands, patterns) = (BTreeSet::new(), BTreeSet::new());
            self.carried.push(Carried { user, of, commands, patterns, prefix });
            self.carried.len() - 1
        });
        let carried = &mut self.carried[at];
        carried.patterns.insert(share.pattern());
        carried
    }

    /// What these clients need.
    pub(crate) fn of(&self, users: &[(Consumer, Api)]) -> Demands {
        let mut demands = Demands { no_database: self.no_database, ..Demands::default() };
        let carried = || self.carried.iter().filter(|one| users.contains(&one.user));
        for one in carried() {
            demands.commands.extend(&one.commands);
            demands.patterns.extend(one.patterns.iter().cloned());
        }
        let mut served: Vec<Consumer> = users.iter().map(|(consumer, _)| *consumer).collect();
        served.extend(carried().map(|one| one.of));
        for acl in self.acls.iter().filter(|acl| acl.of.iter().any(|of| served.contains(of))) {
            demands.all_commands.extend(&acl.commands);
            demands.all_patterns.extend(acl.keys.iter().cloned());
            demands.channels.extend(acl.channels.iter().cloned());
            demands.subscribed.extend(acl.subscribed.iter().cloned());
        }
        let held = self.namespaces.iter().find(|(consumer, _)| served.contains(consumer));
        let held = held.map(|(_, text)| text.clone());
        if users.iter().any(|(_, api)| *api == Api::Native) {
            demands.namespace = carried().find_map(|one| one.prefix.clone());
            demands.passes_over_namespace = held.is_some() && demands.namespace.is_none();
        } else {
            demands.namespace = held;
        }
        demands
    }
}

/// Whether it is known that LiteLLM has no database: `general_settings.database_url`, or the variables
/// that `run_server` makes one of.
fn no_database(outcome: &Outcome, environment: &Environment) -> bool {
    let config = outcome.running.as_ref().and_then(|running| running.config.as_dict());
    let settings = config.and_then(|config| config.get("general_settings"));
    let url = settings.and_then(|all| all.as_dict()?.get("database_url"));
    let absent = |name| matches!(environment.lookup(name), Lookup::Absent);
    url.is_none_or(Value::is_none) && absent("DATABASE_URL") && absent("DATABASE_HOST")
}

/// pydantic's `bool`.
fn is_true(value: &Value) -> bool {
    match &value.data {
        Data::Bool(on) => *on,
        Data::Int(number) => *number == 1.into(),
        Data::Str(text) => {
            let word = text.to_ascii_lowercase();
            ["1", "on", "t", "true", "y", "yes"].contains(&word.as_str())
        }
        _ => false,
    }
}

impl Demands {
    /// A key of the probe's own where LiteLLM's are: `check_and_fix_namespace`.
    pub(crate) fn key(&self, name: &str) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}:{name}"),
            None => name.to_owned(),
        }
    }

    /// Whether some of LiteLLM's keys go without the namespace.
    pub(crate) fn some_keys_are_bare(&self) -> bool {
        self.namespace.is_some() && self.patterns.contains("*")
    }

    /// The patterns of these clients' keys as `ACL SETUSER` takes them.
    pub(crate) fn patterns(&self) -> String {
        patterns(&self.patterns)
    }

    /// The least that a user must be allowed, as `ACL SETUSER` takes it, for all that LiteLLM does there.
    /// `more` are the commands of a topology.
    pub(crate) fn least(&self, more: &[&str]) -> String {
        let mut all: BTreeSet<&str> = self.all_commands.iter().copied().collect();
        // What each client does, whatever is configured: deletion is asked for over LiteLLM's API.
        all.extend(["del", "get", "ping", "set"]);
        all.extend(more);
        let commands: Vec<String> = all.iter().map(|name| format!("+{name}")).collect();
        let channels: String = self.channels.iter().map(|one| format!(" &{one}")).collect();
        format!("{}{channels} {}", patterns(&self.all_patterns), commands.join(" "))
    }
}

fn patterns(of: &BTreeSet<String>) -> String {
    if of.is_empty() || of.contains("*") {
        return "~*".to_owned();
    }
    let each: Vec<String> = of.iter().map(|pattern| format!("~{pattern}")).collect();
    each.join(" ")
}
