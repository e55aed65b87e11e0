//! What a configuration must have for a cause to apply.

use facts::Behaviour;
use facts::defects::Defect;
use report::Report;
use report::explain::consumer_name;
use simulate::outcome::{Client, Connection, Knowable};

use crate::connection::{address, connections, is, place, target};

/// A condition on a configuration.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// Nothing in a configuration speaks for or against it.
    Always,
    /// A client speaks TLS.
    Tls,
    /// A client speaks plaintext.
    Plaintext,
    /// A TLS client verifies the server's certificate.
    Verified,
    /// A TLS client does not verify the server's certificate.
    Unverified,
    /// A TLS client compares the certificate's name with the host.
    NamesChecked,
    /// A verifying TLS client trusts the system's authorities alone.
    SystemRoots,
    /// A TLS client has authorities of its own: `ssl_ca_certs`, `ssl_ca_path` or `ssl_ca_data`.
    OwnRoots,
    /// A TLS client has a certificate of its own.
    ClientCertificate,
    /// A TLS client has none.
    NoClientCertificate,
    /// A plaintext client goes to a port at which services speak TLS.
    PlaintextToTlsPort,
    /// A TLS client goes to Redis' plaintext port.
    TlsToPlaintextPort,
    /// A client sends a password, or a token.
    Login,
    /// A client sends neither.
    NoLogin,
    /// A client sends a user's name.
    Username,
    /// A client sends a password and no user's name.
    PasswordAlone,
    /// A client logs in with a cloud's token.
    Token,
    /// A client selects a database other than 0.
    NumberedDatabase,
    /// A client is made for one server.
    Single,
    /// A client is made for a cluster.
    Cluster,
    /// A client asks sentinels.
    Sentinel,
    /// A client for one server goes to 26379, where sentinels listen.
    SentinelPort,
    /// The text may be about a server that is not a sentinel.
    OtherThanSentinel,
    /// The sentinels get no password.
    SentinelsWithoutPassword,
    /// A client goes to this machine, which in a container is the container.
    Loopback,
    /// A client's host is an address and no name.
    HostIsAddress,
    /// A client's host is a name without a dot, as compose and Kubernetes have them.
    HostIsShort,
    /// A client's host ends so.
    HostEnds(&'static [&'static str]),
    /// A client's host holds what no host has: a blank, a quote, a slash, `@`.
    HostIsOdd,
    /// A client uses a Unix socket.
    UnixSocket,
    /// A client waits for less than half a second.
    ShortTimeout,
    /// A client waits without end.
    NoTimeout,
    /// A client opens a limited number of connections.
    LimitedPool,
    /// A client is told to speak RESP3: `protocol: 3`.
    Resp3,
    /// A client tells its name.
    ClientName,
    /// The releases behave so.
    Behaves(Behaviour),
    /// The release has this known defect, and the configuration meets it.
    Meets(&'static Defect),
    /// `check` reports one of these.
    Found(&'static [&'static str]),
    /// The response cache is of this class.
    ResponseCache(&'static [&'static str]),
    /// `cache_params.type` is one of these, whether or not that cache comes about.
    CacheType(&'static [&'static str]),
    /// There is no response cache.
    NoResponseCache,
    /// No client is built.
    NoClient,
    /// All of these.
    All(&'static [When]),
    /// One of these.
    Any(&'static [When]),
    /// Not this.
    Not(&'static When),
    /// This, which such a cause takes and which says little for it: it does not come before likelier ones.
    Allows(&'static When),
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// It does.
    Yes,
    /// It depends on what is not known here, or on nothing that a configuration has.
    Perhaps,
    /// It does not.
    No,
}

/// What in the configuration makes a condition hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// `response cache`, with `, sync` or `, async` where it is true of one of its clients alone.
    pub whose: String,
    /// `redis:6379`
    pub target: String,
    /// redis-py's name of the setting, where one decides.
    pub setting: Option<&'static str>,
    /// Where it is written: `config.yaml:12:9`, a variable.
    pub place: Option<String>,
}

/// What conditions are asked of.
pub(crate) struct Situation<'r> {
    pub(crate) report: &'r Report,
    /// The clients that a text may be about.
    pub(crate) clients: Vec<&'r Client>,
    /// The addresses of theirs that it names: `redis:6379`.
    pub(crate) named: Vec<String>,
}

impl Situation<'_> {
    /// Whether a text may be about a connection of a client.
    fn may_be_about(&self, client: &Client, connection: &Connection, is_sentinel: bool) -> bool {
        let named = |one: &Connection| address(one).is_some_and(|one| self.named.contains(&one));
        match address(connection) {
            _ if self.named.is_empty() => true,
            Some(address) => self.named.contains(&address),
            // A master's address is not known before the sentinels tell it.
            None => is_sentinel || !client.sentinels.iter().any(named),
        }
    }
}

impl When {
    /// Whether it holds, and by what.
    pub(crate) fn asked(&self, situation: &Situation<'_>) -> (Holds, Vec<Evidence>) {
        match self {
            Self::Always => (Holds::Perhaps, vec![]),
            Self::Behaves(behaviour) => (is(situation.report.pair.behaves(*behaviour)), vec![]),
            Self::Meets(defect) => {
                let met = judge::defects::met(situation.report);
                let met = met.into_iter().any(|one| one.id == defect.id);
                let holds = match defect.depends {
                    None => is(met),
                    Some(_) if met => Holds::Perhaps,
                    Some(_) => Holds::No,
                };
                (holds, vec![])
            }
            Self::Found(codes) => {
                let diagnostics = &situation.report.diagnostics;
                (is(diagnostics.iter().any(|found| codes.contains(&found.code))), vec![])
            }
            Self::ResponseCache(classes) => {
                let holds = match &situation.report.outcome.response_cache {
                    None => Holds::No,
                    Some(Knowable::Unknown(_)) => Holds::Perhaps,
                    Some(Knowable::Known(class)) => is(classes.contains(&class.as_str())),
                };
                (holds, vec![])
            }
            Self::CacheType(types) => (is(cache_type(situation.report, types)), vec![]),
            Self::NoResponseCache => {
                let outcome = &situation.report.outcome;
                (is(outcome.response_cache.is_none()), vec![])
            }
            Self::NoClient => (is(situation.clients.is_empty()), vec![]),
            Self::All(conditions) => {
                let mut evidence = vec![];
                let mut holds = Holds::Yes;
                for condition in *conditions {
                    let (one, by) = condition.asked(situation);
                    holds = holds.max(one);
                    if evidence.is_empty() {
                        evidence = by;
                    }
                }
                (holds, if holds == Holds::No { vec![] } else { evidence })
            }
            Self::Any(conditions) => {
                let asked = conditions.iter().map(|condition| condition.asked(situation));
                asked.min_by_key(|(holds, _)| *holds).unwrap_or((Holds::No, vec![]))
            }
            Self::Not(condition) => match condition.asked(situation).0 {
                Holds::Yes => (Holds::No, vec![]),
                Holds::Perhaps => (Holds::Perhaps, vec![]),
                Holds::No => (Holds::Yes, vec![]),
            },
            Self::Allows(condition) => condition.asked(situation),
            of_a_client => of_a_client.of_clients(situation),
        }
    }

    fn of_clients(&self, situation: &Situation<'_>) -> (Holds, Vec<Evidence>) {
        let mut holds = Holds::No;
        let mut evidence: Vec<Evidence> = vec![];
        for client in &situation.clients {
            let asked = connections(client)
                .filter(|(one, is_sentinel)| situation.may_be_about(client, one, *is_sentinel));
            for (connection, is_sentinel) in asked {
                let (one, by) = self.of_connection(client, connection, is_sentinel);
                holds = holds.min(one);
                if one == Holds::Yes {
                    let found = Evidence {
                        whose: consumer_name(client.consumer).to_owned(),
                        target: target(situation.report, client, connection),
                        setting: by.map(|(setting, _)| setting),
                        place: by.and_then(|(_, origin)| place(situation.report, origin)),
                    };
                    let same = |other: &&mut Evidence| {
                        other.target == found.target
                            && (other.place == found.place
                                || (is_default(other.place.as_deref())
                                    && is_default(found.place.as_deref())))
                    };
                    match evidence.iter_mut().find(same) {
                        Some(known) if known.whose.split(", ").all(|one| one != found.whose) => {
                            known.whose += ", ";
                            known.whose += &found.whose;
                        }
                        Some(_) => {}
                        None => evidence.push(found),
                    }
                }
            }
        }
        (holds, if holds == Holds::Yes { evidence } else { vec![] })
    }
}

/// Whether nobody wrote it: of two clients of one server it tells nothing whose default it is.
fn is_default(place: Option<&str>) -> bool {
    place.is_none_or(|place| place.ends_with("'s default"))
}

/// Whether `cache_params.type` is one of these.
fn cache_type(report: &Report, types: &[&str]) -> bool {
    let Ok(document) = &report.document else { return false };
    let keys = ["litellm_settings", "cache_params", "type"];
    let found = keys.into_iter().try_fold(&document.root, |value, key| {
        value.as_dict().and_then(|dict| dict.entry(key)).map(|entry| &entry.value)
    });
    found.and_then(python::Value::as_str).is_some_and(|found| types.contains(&found))
}
