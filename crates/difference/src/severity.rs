//! What a difference means: how bad it is, what follows from it, and what to do about it.

use python::Data;
use simulate::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Knowable, Native, Outcome,
};
use simulate::outcome::{SecretSetting, Setting, Startup, Tls};
use simulate::trace::DropReason;

use super::connection::{
    has_password, is_nothing, is_true, same_value, seconds, share_a_node, verifies,
};
use super::difference::{Difference, State, Uses, uses};
use facts::Aspect;

/// How an upgrade changes something, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// What works today stops working, or goes elsewhere.
    Breaks,
    /// It still works, with less protection.
    Weakens,
    /// It is different: look at it.
    Changes,
    /// It is better.
    Improves,
}

/// What is said of a difference.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// What follows, in one or two sentences.
    pub(super) consequence: String,
    /// What to do. An imperative.
    pub(super) advice: Option<&'static str>,
}

impl Judgement {
    fn new(verdict: Verdict, consequence: impl Into<String>) -> Self {
        Self { verdict, consequence: consequence.into(), advice: None }
    }

    fn breaks(consequence: impl Into<String>) -> Self {
        Self::new(Verdict::Breaks, consequence)
    }

    fn weakens(consequence: impl Into<String>) -> Self {
        Self::new(Verdict::Weakens, consequence)
    }

    fn changes(consequence: impl Into<String>) -> Self {
        Self::new(Verdict::Changes, consequence)
    }

    fn improves(consequence: impl Into<String>) -> Self {
        Self::new(Verdict::Improves, consequence)
    }

    fn advice(mut self, advice: &'static str) -> Self {
        self.advice = Some(advice);
        self
    }
}

/// Judges the differences of two outcomes.
pub(super) struct Judge<'a> {
    /// What happens today.
    pub(super) before: &'a Outcome,
    /// All differences: what one means may depend on another.
    pub(super) all: &'a [Difference<'a>],
}

impl Judge<'_> {
    pub(super) fn judge(&self, difference: &Difference<'_>) -> Judgement {
        let key = &difference.key;
        if difference.moved {
            return Judgement::changes(
                "The value stays the same, but LiteLLM takes it from another place.",
            )
            .advice("Change it there from now on, or set it in one place only.");
        }
        match (difference.before, difference.after) {
            (State::Startup(before), State::Startup(after)) => startup(before, after),
            (State::Uses(before), State::Uses(after)) => match key.aspect {
                Aspect::Sharing => sharing(&after),
                _ => presence(key.user.map(|user| user.consumer), &before, &after),
            },
            (State::Class(_), State::Class(_)) => {
                Judgement::changes("The response cache is another class of LiteLLM's.")
            }
            (State::Error(before), State::Error(after)) => {
                error(key.user.and_then(|user| user.api), before, after)
            }
            (State::Server(before), State::Server(after)) => match key.aspect {
                Aspect::Topology => topology(after),
                _ => server(before, after),
            },
            (State::Tls(before, _), State::Tls(after, _)) => self.tls(difference, before, after),
            (State::Verify(_), State::Verify(after)) => verification(after),
            (State::Password(before), State::Password(after)) => {
                self.password(difference, before, after)
            }
            (State::Auth(before), State::Auth(after)) => {
                iam(before, after, self.sent_password(difference))
            }
            (State::Ignored(..), State::Honoured(_)) => {
                Judgement::improves("LiteLLM ignored it, and honours it now.")
            }
            (State::Native(before), State::Native(after)) => rust_client(before, after),
            (_, State::Ignored(_, DropReason::NotForRustClient)) if key.name == "namespace" => {
                Judgement::weakens(
                    "Keys of budgets, limits, cooldowns and usage go without the namespace: an ACL \
                     that allows only its keys refuses them, with no error to anyone, and proxies \
                     that it kept apart on one Redis share them.",
                )
                .advice("Give the proxy a Redis or a database of its own, and let the ACL allow every key.")
            }
            (_, State::Ignored(_, DropReason::NotForRustClient)) => {
                Judgement::changes(ignored(DropReason::NotForRustClient))
            }
            (_, State::Ignored(_, why)) => Judgement::changes(ignored(why))
                .advice("Remove it, or write it where this release takes it."),
            (State::Value(before), State::Value(after)) => self.value(difference, before, after),
            _ => Judgement::changes("It is different."),
        }
    }

    /// Whether the same client goes to another server, too.
    fn elsewhere(&self, difference: &Difference<'_>) -> bool {
        let user = difference.key.user;
        self.all.iter().any(|other| {
            other.key.user == user
                && !other.moved
                && matches!(other.key.aspect, Aspect::Server | Aspect::Topology)
        })
    }

    fn tls(
        &self,
        difference: &Difference<'_>,
        before: &Knowable<Option<Tls>>,
        after: &Knowable<Option<Tls>>,
    ) -> Judgement {
        match (before, after) {
            (_, Knowable::Known(None)) => Judgement::weakens(
                "The connection is plaintext: whoever can read the traffic reads the password and \
                 the data. A server that listens for TLS on this port refuses it.",
            )
            .advice("Write `ssl: true` into this section, or a `rediss://` url."),
            (_, Knowable::Unknown(why)) => Judgement::weakens(format!(
                "Whether it speaks TLS depends on {why}. Without TLS the password is readable."
            ))
            .advice("Write `ssl: true` into the config."),
            (Knowable::Known(None), Knowable::Known(Some(_))) => {
                if self.elsewhere(difference) {
                    return Judgement::improves("The connection is encrypted now.");
                }
                if self.spoke_tls(difference) {
                    return Judgement::improves(
                        "The connection is encrypted, like the other clients' to the same server.",
                    );
                }
                Judgement::breaks(
                    "The connection is encrypted. A server that takes plaintext on this port \
                     today does not answer TLS.",
                )
                .advice("Make the server listen for TLS there, or leave `ssl` out of the config.")
            }
            (Knowable::Unknown(_), Knowable::Known(Some(_))) => {
                Judgement::improves("The connection is encrypted, whatever the variables say.")
            }
            (Knowable::Known(Some(_)), Knowable::Known(Some(_))) => {
                Judgement::changes("The TLS settings differ.")
            }
        }
    }

    /// Whether some client speaks TLS today to the server that this one goes to.
    fn spoke_tls(&self, difference: &Difference<'_>) -> bool {
        let Some(user) = difference.key.user else {
            return false;
        };
        let own = uses(self.before, user.consumer);
        let own = if user.api == Some(Api::Sync) { own.sync } else { own.serving };
        let Some(own) = own else {
            return false;
        };
        self.before.clients.iter().any(|client| {
            let speaks = client
                .connection
                .as_ref()
                .is_some_and(|connection| matches!(connection.tls, Knowable::Known(Some(_))));
            speaks && client.kind == own.kind && !is_elsewhere(client, own)
        })
    }

    fn password(
        &self,
        difference: &Difference<'_>,
        before: &SecretSetting,
        after: &SecretSetting,
    ) -> Judgement {
        match (has_password(before), has_password(after)) {
            (true, false) if self.signs_in(difference) => {
                Judgement::changes("It no longer sends a password: it signs in by IAM.")
            }
            (true, false) => Judgement::breaks(
                "No password is sent. A server that asks for one refuses every command (NOAUTH).",
            )
            .advice("Write `password: os.environ/NAME` into this section of the config."),
            (false, true) => Judgement::changes(
                "A password is sent now: a server that has none, or another one, may refuse it.",
            )
            .advice("Make sure that the server knows this password."),
            _ if self.elsewhere(difference) => {
                Judgement::changes("Another password is sent, to the other server.")
            }
            _ => Judgement::breaks(
                "Another password is sent: a server that knows only today's refuses it (WRONGPASS).",
            )
            .advice("Give both places the same password, or remove one."),
        }
    }

    fn signs_in(&self, difference: &Difference<'_>) -> bool {
        self.all.iter().any(|other| {
            other.key.user == difference.key.user
                && matches!(other.after, State::Auth(auth) if *auth != Auth::Static)
        })
    }

    /// Whether the same client sends a password today.
    fn sent_password(&self, difference: &Difference<'_>) -> bool {
        self.all.iter().any(|other| {
            other.key.user == difference.key.user
                && matches!(other.before, State::Password(password) if has_password(password))
        })
    }

    fn value(&self, difference: &Difference<'_>, before: &Setting, after: &Setting) -> Judgement {
        let (had, has) = (!is_nothing(&before.value), !is_nothing(&after.value));
        let elsewhere = self.elsewhere(difference);
        match difference.key.aspect {
            Aspect::Database if elsewhere => {
                Judgement::changes("It is another database, on the other server.")
            }
            Aspect::Database if matches!(after.value.data, Data::Unknown(_)) => {
                Judgement::weakens("It may read and write another database.")
                    .advice("Write the `db` that you want into the config.")
            }
            Aspect::Database => Judgement::breaks(
                "LiteLLM reads and writes another database: it does not see what is stored in \
                 the old one.",
            )
            .advice("Write the `db` that you want into the config."),
            Aspect::HostName => host_name(after),
            Aspect::Authorities if had && !has => Judgement::breaks(
                "Only the system's authorities are trusted: a certificate of a private authority \
                 is refused.",
            )
            .advice("Set the authorities where this release takes them, or add yours to the system's."),
            Aspect::Authorities if has && !had => Judgement::improves(
                "The server's certificate must come from these authorities; before, from one of \
                 the system's.",
            ),
            Aspect::Authorities => Judgement::changes("Other authorities are trusted."),
            Aspect::ClientCertificate if had && !has => Judgement::breaks(
                "No client certificate is sent: a server that asks for one refuses the connection.",
            )
            .advice("Let the server accept clients without a certificate, or connect otherwise."),
            Aspect::ClientCertificate if has && !had => Judgement::improves(
                "The client's certificate is sent now: a server that asks for one accepts it.",
            ),
            Aspect::ClientCertificate => Judgement::changes("Another client certificate is sent."),
            Aspect::Username if had && !has => Judgement::breaks(
                "LiteLLM signs in as the server's default user, not as this one.",
            )
            .advice("Write `username` into this section of the config."),
            Aspect::Username if elsewhere => {
                Judgement::changes("It signs in as another user, on the other server.")
            }
            Aspect::Username if has && !had => Judgement::changes(
                "LiteLLM signs in as this user, no longer as the server's default one.",
            )
            .advice("Make sure that the server knows this user, and that its ACL allows LiteLLM's commands."),
            Aspect::Username => {
                Judgement::breaks("LiteLLM signs in as another user, with other rights.")
                    .advice("Write the `username` that you want into the config.")
            }
            Aspect::SocketTimeout | Aspect::ConnectTimeout => timeout(before, after),
            Aspect::HealthCheck => health_check(before, after),
            Aspect::ClientName => Judgement::changes("The server lists the client by another name."),
            _ => Judgement::changes("The setting differs."),
        }
    }
}

fn startup(before: &Startup, after: &Startup) -> Judgement {
    match (before, after) {
        (Startup::Exception(_), Startup::Exception(_)) => {
            Judgement::changes("LiteLLM does not start on either. The exception is another one.")
        }
        (_, Startup::Exception(_)) => {
            Judgement::breaks("LiteLLM no longer starts with this configuration.")
        }
        (_, Startup::Unknown(why)) => {
            Judgement::weakens(format!("Whether LiteLLM starts depends on {why}."))
        }
        (Startup::Unknown(_), Startup::Ok) => {
            Judgement::improves("LiteLLM starts, whatever the variables say.")
        }
        (_, Startup::Ok) => Judgement::improves("LiteLLM starts. Before, it did not."),
    }
}

fn presence(consumer: Option<Consumer>, before: &Uses<'_>, after: &Uses<'_>) -> Judgement {
    let (had, has) = (before.serving.is_some(), after.serving.is_some());
    let what = match consumer {
        Some(Consumer::Usage) => "rate limits, spend and locks",
        Some(Consumer::Router) => "the router's usage and cooldowns",
        _ => "cached answers",
    };
    if had && !has {
        return match consumer {
            Some(Consumer::Response) | None => {
                Judgement::breaks("Nothing is cached in Redis any more.")
            }
            _ => Judgement::weakens(format!(
                "Redis no longer holds {what}: each replica keeps its own."
            )),
        };
    }
    if had {
        return match after.only_if_reachable {
            true => Judgement::weakens(
                "This Redis is used only if it answers when LiteLLM starts; before, always.",
            ),
            false => Judgement::improves(
                "This Redis is always used; before, only if it answered when LiteLLM started.",
            ),
        };
    }
    let when = if after.only_if_reachable { " if it answers when LiteLLM starts" } else { "" };
    let plain = after.serving.and_then(|client| client.connection.as_ref()).is_some_and(exposed);
    let shared = match consumer {
        Some(Consumer::Response) | None => "",
        _ => ", which all replicas share,",
    };
    let shared = if after.only_if_reachable { shared } else { shared.trim_end_matches(',') };
    let consequence = format!("LiteLLM keeps {what} in this Redis{shared}{when}.");
    if plain {
        let exposed = format!("{consequence} The password travels in plaintext.");
        return Judgement::weakens(exposed).advice("Turn TLS on for it.");
    }
    Judgement::changes(consequence)
        .advice("Make sure that this Redis may be used, and has room for it.")
}

/// A password without TLS, over a network.
fn exposed(connection: &Connection) -> bool {
    let local =
        connection.path.is_some()
            || connection.host.value.as_str().is_some_and(|host| {
                host == "localhost" || host == "::1" || host.starts_with("127.")
            });
    matches!(connection.tls, Knowable::Known(None)) && has_password(&connection.password) && !local
}

fn sharing(after: &Uses<'_>) -> Judgement {
    use simulate::outcome::Role;
    match after.role {
        Some(Knowable::Known(Role::Own(_))) => {
            Judgement::changes("It opens connections of its own: the server sees more of them.")
        }
        _ => Judgement::changes("It uses another part's connections: the server sees fewer."),
    }
}

fn rust_client(before: Option<&Native>, after: Option<&Native>) -> Judgement {
    const WHAT: &str = "budgets, rate limits, cooldowns, the router's usage and key lookups";
    let refused = |native: Option<&Native>| {
        let reason = native.filter(|native| native.client.is_none())?.reason.as_ref();
        match reason {
            Some(Knowable::Known(reason)) => Some(format!(": {reason}")),
            _ => Some(String::new()),
        }
    };
    match (before, after, refused(after)) {
        (_, Some(_), Some(reason)) => Judgement::weakens(format!(
            "Each process keeps its own {WHAT}: the Rust client that has them now can't use these \
             settings{reason}."
        ))
        .advice("Write the settings so that this client takes them."),
        (None, Some(_), None) => Judgement::changes(format!(
            "A third client, in Rust, has {WHAT} now. It reads the same settings by rules of its own."
        ))
        .advice("Compare its settings: `redproof explain` shows them."),
        (Some(_), None, _) => {
            Judgement::changes(format!("redis-py's client has {WHAT}; there is none in Rust."))
        }
        (Some(_), Some(_), None) if refused(before).is_some() => {
            Judgement::improves(format!("Redis holds {WHAT} now, for all processes."))
        }
        _ => Judgement::changes("What the Rust client can use depends on other things."),
    }
}

fn error(
    api: Option<Api>,
    before: Option<&Knowable<python::PyException>>,
    after: Option<&Knowable<python::PyException>>,
) -> Judgement {
    let requests =
        if api == Some(Api::Async) { " It is the one that serves requests." } else { "" };
    match (before, after) {
        (_, None) => Judgement::improves(format!("The client works now.{requests}")),
        (Some(_), Some(Knowable::Known(_))) => {
            Judgement::changes("The client fails on both, with another exception.")
        }
        (None, Some(Knowable::Known(_))) => {
            Judgement::breaks(format!("The client can no longer connect.{requests}"))
                .advice("`redproof check` on the new release says what to fix.")
        }
        (_, Some(Knowable::Unknown(why))) => {
            Judgement::weakens(format!("Whether the client works depends on {why}.{requests}"))
        }
    }
}

fn topology(after: &Client) -> Judgement {
    let text = match after.kind {
        ClientKind::Redis => {
            "LiteLLM takes it for a single server: it sends every key to one address, and does \
             not follow a cluster or a failover."
        }
        ClientKind::RedisCluster => {
            "LiteLLM takes it for a cluster: a server that is none refuses it."
        }
        ClientKind::Sentinel => "LiteLLM asks sentinels for the master.",
    };
    Judgement::breaks(text).advice("Name the target in one way only, in the config.")
}

/// Whether two clients go to different servers, for all that is known.
fn is_elsewhere(one: &Client, other: &Client) -> bool {
    let (Some(first), Some(second)) = (&one.connection, &other.connection) else {
        return true;
    };
    match one.kind {
        ClientKind::Redis => {
            !same_value(Aspect::Server, &first.host.value, &second.host.value)
                || !same_value(Aspect::Server, &first.port.value, &second.port.value)
        }
        ClientKind::RedisCluster => !share_a_node(one, other),
        ClientKind::Sentinel => false,
    }
}

const ONE_PLACE: &str = "Name the server in one place only: in the config, or in a variable.";

fn server(before: &Client, after: &Client) -> Judgement {
    let unknown = |client: &Client| {
        client.connection.as_ref().is_some_and(|connection| {
            let unknown = |setting: &Setting| matches!(setting.value.data, Data::Unknown(_));
            unknown(&connection.host) || unknown(&connection.port)
        })
    };
    if after.kind == ClientKind::RedisCluster && share_a_node(before, after) {
        return Judgement::changes("LiteLLM starts from other nodes of the same cluster.");
    }
    if unknown(before) || unknown(after) {
        return Judgement::breaks(
            "LiteLLM takes the address from elsewhere: it may talk to another server, and then \
             does not see what is stored in the old one.",
        )
        .advice(ONE_PLACE);
    }
    Judgement::breaks(
        "LiteLLM talks to another server: it does not see what is stored in the old one.",
    )
    .advice(ONE_PLACE)
}

fn verification(after: &Tls) -> Judgement {
    if verifies(after) {
        return Judgement::changes(
            "The server's certificate is verified now: one that no trusted authority signed is \
             refused.",
        )
        .advice("`redproof probe` on the new releases shows whether yours is.");
    }
    Judgement::weakens(
        "The server's certificate is not verified: anyone in between can read along.",
    )
    .advice("Write `ssl_cert_reqs: required` and `ssl_ca_certs` into the config.")
}

fn host_name(after: &Setting) -> Judgement {
    match is_true(&after.value) {
        Some(true) => Judgement::changes(
            "The certificate must name the host that LiteLLM connects to. Before, any trusted \
             certificate would do.",
        )
        .advice("`redproof probe` on the new releases shows whether yours does."),
        Some(false) => Judgement::weakens(
            "A trusted certificate for any other host is accepted: its owner can read along.",
        )
        .advice("Write `ssl_check_hostname: true` into the config."),
        None => {
            Judgement::weakens("Whether the certificate's host name is checked can't be known.")
                .advice("Write `ssl_check_hostname: true` into the config.")
        }
    }
}

fn iam(before: &Auth, after: &Auth, password: bool) -> Judgement {
    match (before, after) {
        (_, Auth::Static) => Judgement::breaks(
            "LiteLLM no longer signs in by IAM: a server that asks for a token refuses it.",
        ),
        (Auth::Static, _) if password => Judgement::improves(
            "LiteLLM signs in by IAM, with a token for each connection, in place of a password.",
        ),
        (Auth::Static, _) => Judgement::improves("LiteLLM signs in by IAM."),
        _ => Judgement::breaks("LiteLLM signs in by IAM as someone else."),
    }
}

fn timeout(before: &Setting, after: &Setting) -> Judgement {
    let text = |setting: &Setting| setting.value.as_str().is_some();
    if text(before) && !text(after) {
        return Judgement::improves("It is a number now. As text, it makes the connection fail.");
    }
    match (seconds(&before.value), seconds(&after.value)) {
        _ if is_nothing(&after.value) => {
            Judgement::weakens("LiteLLM waits without end for a server that does not answer.")
                .advice("Write `socket_timeout: 5` into the config.")
        }
        _ if is_nothing(&before.value) => Judgement::improves(
            "LiteLLM gives up on a server that does not answer. Before, it waited without end.",
        ),
        (Some(before), Some(after)) if after < before => Judgement::changes(
            "LiteLLM gives up sooner: a slow answer that was waited for becomes an error.",
        ),
        (Some(_), Some(_)) => {
            Judgement::changes("LiteLLM waits longer for a server that does not answer.")
        }
        _ => Judgement::changes("How long LiteLLM waits can't be known."),
    }
}

fn health_check(before: &Setting, after: &Setting) -> Judgement {
    if before.value.as_str().is_some() && after.value.as_str().is_none() {
        return Judgement::improves("It is a number now. As text, it makes the connection fail.");
    }
    let off = |setting: &Setting| seconds(&setting.value).is_none_or(|seconds| seconds <= 0.0);
    match (off(before), off(after)) {
        (true, false) => {
            Judgement::improves("Idle connections are tried with a PING before they are used.")
        }
        (false, true) => Judgement::changes(
            "Idle connections are no longer tried: the first command on a dead one fails.",
        ),
        _ => Judgement::changes("Idle connections are tried at another interval."),
    }
}

fn ignored(why: DropReason) -> &'static str {
    match why {
        DropReason::NotARouterSetting => "LiteLLM's router does not take it: it has no effect.",
        DropReason::RouterHasNoTarget => {
            "`router_settings` names no complete Redis, so the router ignores it."
        }
        DropReason::UrlTakesNoSettings => "With a `url`, LiteLLM drops it.",
        DropReason::UrlReplacesTarget => "The `url` replaces it.",
        DropReason::ClusterReplacesTarget => "The cluster's start-up nodes replace it.",
        DropReason::ConfiguredTargetReplacesUrl => "The target in the config replaces it.",
        DropReason::NotForSyncCluster => "LiteLLM does not pass it to its sync cluster client.",
        DropReason::NotForAsyncCluster => "LiteLLM does not pass it to its async cluster client.",
        DropReason::ClusterClientDropsIt => "redis-py's sync cluster client drops it.",
        DropReason::NotForSentinel => "LiteLLM does not pass it to its Sentinel clients.",
        DropReason::CacheSwallowsIt => "LiteLLM's cache takes it, and does nothing with it.",
        DropReason::NotForThisCacheType => "This cache type does not use it.",
        DropReason::IamReplacesPassword => "IAM replaces the user name and the password.",
        DropReason::NotConvertible => {
            "The text is not what redis-py takes there: LiteLLM drops it, and redis-py's default applies."
        }
        DropReason::BlockedVariable => "`environment_variables` may not set it.",
        DropReason::SectionNotKnown => "This release does not know the section.",
        DropReason::NotForRustClient => {
            "The Rust client of budgets, limits, cooldowns and usage does not take it."
        }
        DropReason::CacheIsOff => "Caching is off.",
    }
}
