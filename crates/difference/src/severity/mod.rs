//! What a difference means: how bad it is, what follows from it, and what to do about it.

mod settings;
mod target;

use python::Data;
use simulate::outcome::{Api, Auth, Knowable, Outcome, SecretSetting, Setting, Tls};
use simulate::trace::DropReason;

use super::connection::{has_password, is_nothing};
use super::difference::{Difference, State, uses};
use facts::Aspect;
use settings::{health_check, host_name, iam, ignored, timeout, verification};
use target::{error, is_elsewhere, presence, rust_client, server, sharing, startup, topology};

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
