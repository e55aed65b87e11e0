//! What LiteLLM needs of each Redis: the commands that its parts send there, and the keys.

use std::collections::BTreeSet;

use redproof_core::environment::{Environment, Lookup};
use redproof_core::outcome::{Api, Consumer, Outcome};
use serving::sharing::{Carrier, Holder, Part};
use serving::{Acl, Buffer, Serving};

/// What the parts of LiteLLM need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// One for each role that a Redis fills.
    pub(crate) roles: Vec<Need>,
    /// Why the proxy stops after it has loaded its config.
    pub(crate) refused: Option<String>,
    acls: Vec<Acl>,
    no_database: bool,
    namespaces: Vec<(Consumer, String)>,
}

/// What one role needs, and of which clients.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub(crate) role: Role,
    pub(crate) consumer: Consumer,
    pub(crate) apis: Vec<Api>,
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
    /// What stands before LiteLLM's keys: `namespace`.
    pub(crate) namespace: Option<String>,
    /// The patterns of LiteLLM's keys, as `ACL` writes them.
    pub(crate) patterns: BTreeSet<String>,
    /// The patterns of LiteLLM's channels.
    pub(crate) channels: BTreeSet<String>,
    /// The channels that LiteLLM subscribes to where it has a database.
    pub(crate) subscribed: BTreeSet<String>,
    /// It is known to have none.
    pub(crate) no_database: bool,
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
        for share in &serving.sharing.shares {
            let Holder::Redis { of, written, read, .. } = share.holder else {
                continue;
            };
            let role = Role::of(share.part);
            let known =
                needs.roles.iter().position(|need| need.role == role && need.consumer == of);
            let at = known.unwrap_or_else(|| {
                let commands = BTreeSet::new();
                needs.roles.push(Need { role, consumer: of, apis: vec![], commands });
                needs.roles.len() - 1
            });
            let need = &mut needs.roles[at];
            need.commands.extend(serving.commands_of(share.part));
            for carrier in [written, read] {
                let apis: &[Api] = match carrier {
                    Carrier::RedisPy(Api::Sync) => &[Api::Sync],
                    Carrier::RedisPy(_) => &[Api::Async],
                    // It goes where the serving client goes, whose connection tries the commands.
                    Carrier::Native => &[Api::Native, Api::Async],
                };
                need.apis.extend(apis);
            }
        }
        if outcome.semantic.is_some() {
            needs.roles.push(Need {
                role: Role::SemanticIndex,
                consumer: Consumer::Response,
                apis: vec![Api::Async],
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

    /// What the clients of these consumers need.
    pub(crate) fn of(&self, users: &[(Consumer, Api)]) -> Demands {
        let serves = |consumer: Consumer| users.iter().any(|(of, _)| *of == consumer);
        let mut demands = Demands { no_database: self.no_database, ..Demands::default() };
        for acl in self.acls.iter().filter(|acl| acl.of.iter().any(|of| serves(*of))) {
            demands.commands.extend(&acl.commands);
            demands.patterns.extend(acl.keys.iter().cloned());
            demands.channels.extend(acl.channels.iter().cloned());
            demands.subscribed.extend(acl.subscribed.iter().cloned());
        }
        let namespace = self.namespaces.iter().find(|(consumer, _)| serves(*consumer));
        demands.namespace = namespace.map(|(_, text)| text.clone());
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
    url.is_none_or(|url| url.is_none()) && absent("DATABASE_URL") && absent("DATABASE_HOST")
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

    /// The patterns of LiteLLM's keys as `ACL SETUSER` takes them.
    pub(crate) fn patterns(&self) -> String {
        if self.patterns.is_empty() || self.patterns.contains("*") {
            return "~*".to_owned();
        }
        let each: Vec<String> = self.patterns.iter().map(|pattern| format!("~{pattern}")).collect();
        each.join(" ")
    }

    /// The least that a user must be allowed, as `ACL SETUSER` takes it. `more` are the commands of a
    /// topology.
    pub(crate) fn least(&self, more: &[&str]) -> String {
        let mut all: BTreeSet<&str> = self.commands.iter().copied().collect();
        all.extend(["ping", "get", "set"]);
        all.extend(more);
        let commands: Vec<String> = all.iter().map(|name| format!("+{name}")).collect();
        let channels: String = self.channels.iter().map(|one| format!(" &{one}")).collect();
        format!("{}{channels} {}", self.patterns(), commands.join(" "))
    }
}
