//! The commands that LiteLLM runs: may the user run them, and does the server know them?
//!
//! Which they are, the configuration and the release decide ([`crate::needs`]). Each is called on the
//! probe's own key, which holds text: a command for lists or sets then answers WRONGTYPE, and changes
//! nothing. Without that key, `ACL DRYRUN` (Redis 7) answers.

use std::time::Instant;

use redis::Value;
use redproof_core::finding::Severity;

use crate::diagnosis::findings;
use crate::needs::Demands;
use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::redis::commands::{self, Command, error_text};
use crate::redis::health;
use crate::redis::reply::{WITHOUT_PROXY, is_unsupported};
use crate::session::{Open, Session};

/// A command of LiteLLM's as `ACL` writes it, how it is called, and what fails without it.
struct Used {
    name: &'static str,
    label: &'static str,
    /// `{}` stands for the key.
    words: &'static [&'static str],
    purpose: &'static str,
}

const fn used(
    name: &'static str,
    label: &'static str,
    words: &'static [&'static str],
    purpose: &'static str,
) -> Used {
    Used { name, label, words, purpose }
}

/// How each command is called. What may write the key comes before EXPIRE: it does not stay.
const USED: &[Used] = &[
    used("mget", "MGET", &["MGET", "{}"], "batch lookups"),
    used("ttl", "TTL", &["TTL", "{}"], "rate limits"),
    used("incrbyfloat", "INCRBYFLOAT", &["INCRBYFLOAT", "{}", "1"], "rate limits and spend"),
    used("incr", "INCR", &["INCR", "{}"], "rate limits"),
    used("incrby", "INCRBY", &["INCRBY", "{}", "1"], "rate limits"),
    used("rpush", "RPUSH", &["RPUSH", "{}", "x"], "the spend queue"),
    used("lpop", "LPOP", &["LPOP", "{}", "1"], "the spend queue"),
    used("zadd", "ZADD", &["ZADD", "{}", "1", "x"], "limits of parallel requests"),
    used("zcard", "ZCARD", &["ZCARD", "{}"], "limits of parallel requests"),
    used("zrem", "ZREM", &["ZREM", "{}", "x"], "limits of parallel requests"),
    used(
        "zremrangebyscore",
        "ZREMRANGEBYSCORE",
        &["ZREMRANGEBYSCORE", "{}", "0", "1"],
        "limits of parallel requests",
    ),
    used("expire", "EXPIRE", &["EXPIRE", "{}", "60"], "rate limits and cooldowns"),
    used("eval", "EVAL", &["EVAL", "return 1", "0"], "the router's least-busy counts"),
    used("script|load", "SCRIPT LOAD", &["SCRIPT", "LOAD", "return 1"], "rate limits"),
    used("evalsha", "EVALSHA", &["EVALSHA", SCRIPT, "0"], "rate limits"),
    used("time", "TIME", &["TIME"], "rate limits"),
];

/// SHA-1 of `return 1`.
const SCRIPT: &str = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";

impl Used {
    fn words(&self, key: &str) -> Vec<Vec<u8>> {
        let word = |word: &&str| if *word == "{}" { key } else { word }.as_bytes().to_vec();
        self.words.iter().map(word).collect()
    }
}

/// What is asked beside the commands of a connection's own.
pub(crate) struct Asked<'a> {
    pub(crate) demands: &'a Demands,
    pub(crate) user: &'a str,
    /// By the Rust client, which counts.
    pub(crate) native: bool,
    /// The client is redis-py's, made for one server.
    pub(crate) single: bool,
}

impl Asked<'_> {
    fn used(&self) -> Vec<&'static Used> {
        USED.iter().filter(|used| self.demands.commands.contains(used.name)).collect()
    }

    /// The commands, on a key that holds text of the probe's own; without one, asked of `ACL DRYRUN`.
    fn calls(&self, key: Option<&str>) -> Vec<Command> {
        let none = self.demands.key("redproof:probe:none");
        let each = self.used().into_iter().map(|used| match key {
            Some(key) => Command::quiet(used.label, used.words(key)),
            None => self.dry_run(used.label, used.words(&none)),
        });
        each.collect()
    }

    /// Two keys that no node of a cluster takes together: its clients ask for each on its own.
    fn two_slots(&self) -> Command {
        let keys =
            ["redproof:probe:none", "redproof:probe:another"].map(|key| self.demands.key(key));
        let words = ["MGET", &keys[0], &keys[1]].map(|word| word.as_bytes().to_vec());
        Command::quiet("MGET", words.to_vec())
    }

    fn dry_run(&self, label: &'static str, words: Vec<Vec<u8>>) -> Command {
        let mut all = vec![b"ACL".to_vec(), b"DRYRUN".to_vec(), self.user.as_bytes().to_vec()];
        all.extend(words);
        Command::quiet(label, all)
    }
}

impl Session<'_> {
    /// Uses an open connection as LiteLLM does: writes, reads, every other command that it needs. With
    /// a key, all travels together, the key's removal included, so that nothing stays whatever happens
    /// here. What comes after writing and reading decides nothing: a server that is too slow for it
    /// serves LiteLLM all the same. Gives the replies to [`health::questions`].
    pub(crate) async fn use_it(
        &mut self,
        open: &mut Open,
        key: Option<&str>,
        asked: &Asked<'_>,
    ) -> Result<Vec<Value>, Failure> {
        let mut batch = Vec::new();
        match key {
            Some(key) if asked.native => batch.extend(commands::count_and_read(key)),
            Some(key) => batch.extend(commands::write_and_read(key, "redproof")),
            None => {}
        }
        let needed = batch.len();
        batch.extend(asked.calls(key));
        let called = batch.len();
        batch.extend(key.map(commands::delete));
        let last = batch.len();
        let bare = asked.demands.some_keys_are_bare();
        if bare {
            let words = ["GET", "redproof:probe:none"].map(|word| word.as_bytes().to_vec());
            batch.push(Command::quiet("GET", words.to_vec()));
        }
        if asked.single {
            batch.push(asked.two_slots());
        }
        let info = batch.len();
        if !asked.native {
            batch.extend(health::questions());
        }
        let started = Instant::now();
        let (replies, failure) = self.run_on(open, &batch).await;
        if let Some(failure) = failure {
            if replies.len() < needed
                && asked.single
                && failure.outcome == ProbeOutcome::ServerState
            {
                return Err(self.maybe_a_sentinel(open, info - replies.len(), failure).await);
            }
            if replies.len() < needed || self.options.interrupt.is_set() {
                return Err(failure);
            }
            let at = replies.len() - needed;
            match asked.used().get(at).filter(|_| failure.outcome == ProbeOutcome::ProtocolError) {
                Some(used) => self.closed_at(used, started),
                None => self.note(
                    "permissions",
                    started,
                    "not known: the server did not answer in time",
                ),
            }
            return Ok(vec![]);
        }
        let mut replies = replies;
        if key.is_some() && refused(&replies[called]).is_some() {
            self.deletion_refused(asked);
        }
        let mut rest = replies.split_off(last);
        self.judge_commands(asked, started, key.is_some(), &replies[needed..called]);
        let health = rest.split_off(info - last);
        if bare && refused(&rest[0]).is_some() {
            self.bare_keys_refused(asked.user);
        }
        if let Some(failure) = rest.last().filter(|_| asked.single).and_then(of_a_cluster) {
            return Err(failure);
        }
        Ok(health)
    }

    /// What the failure is on a sentinel, whose INFO comes so many replies later.
    async fn maybe_a_sentinel(
        &mut self,
        open: &mut Open,
        later: usize,
        failure: Failure,
    ) -> Failure {
        let replies = self.still_under_way(open, later).await;
        let info = replies.get(later - 1).and_then(crate::redis::reply_failure::text_of);
        if info.is_none_or(|info| !info.contains("redis_mode:sentinel")) {
            return failure;
        }
        Failure::new(
            failure.outcome,
            format!("This is a Sentinel, which keeps no data. {}", failure.detail),
        )
        .presented("a sentinel")
        .expected("the Redis that it watches")
        .help(
            "List it under `sentinel_nodes`, with the master's `service_name`, instead of host and port; or write \
             the master's host and port.",
        )
        .side(Side::Client)
    }

    /// twemproxy answers a command that it does not know by closing the connection.
    fn closed_at(&mut self, used: &Used, started: Instant) {
        let Used { name, label, purpose, .. } = used;
        self.note("permissions", started, &format!("the connection is closed at {label}"));
        self.seen.refused.push(*name);
        let found = findings::COMMAND_NOT_PERMITTED.found(format!(
            "What answers there closes the connection at {label}. LiteLLM uses it for {purpose}; whether the \
             commands after it work is not known."
        ));
        self.seen.findings.push(found.help(WITHOUT_PROXY));
    }

    /// LiteLLM asks for the version, and does without the answer.
    pub(crate) fn info_refused(&mut self, reply: Option<&Value>) {
        let known = self.seen.findings.iter().any(|found| found.message.contains("INFO"));
        if reply.and_then(refused).is_some() && !known {
            let found = findings::COMMAND_NOT_PERMITTED
                .found(
                    "INFO is refused. LiteLLM asks for the server's version with it, takes Redis 7 where \
                     it gets none, and works on.",
                )
                .help("Nothing, where the server is Redis 7 or later. `+info` lets probes see its health.");
            self.seen.findings.push(found.severity(Severity::Hint));
        }
    }

    fn deletion_refused(&mut self, asked: &Asked<'_>) {
        let user = asked.user;
        let needed = asked.demands.commands.contains("del");
        let severity = if needed { Severity::Error } else { Severity::Warning };
        self.seen.refused.push("del");
        let found = findings::COMMAND_NOT_PERMITTED
            .found(
                "The user may not run: DEL. LiteLLM deletes cached answers and old state with it.",
            )
            .help(format!("Grant it at the server: `ACL SETUSER {user} +del`."));
        self.seen.findings.push(found.severity(severity));
    }

    fn bare_keys_refused(&mut self, user: &str) {
        self.seen.bare_keys_refused = true;
        let found = findings::COMMAND_NOT_PERMITTED.found(
            "The user may use keys of the namespace alone, and some of LiteLLM's scripts on this release \
             use keys without it: limits and locks fail.",
        );
        let help = format!(
            "Grant the keys at the server: `ACL SETUSER {user} ~*`; or take a release whose scripts \
             heed `namespace`."
        );
        self.seen.findings.push(found.help(help));
    }

    /// Takes note of what the replies say.
    fn judge_commands(
        &mut self,
        asked: &Asked<'_>,
        started: Instant,
        called: bool,
        replies: &[Value],
    ) {
        let used = asked.used();
        if used.is_empty() {
            return;
        }
        let mut missing = Vec::new();
        let mut known = called;
        for (used, reply) in used.iter().zip(replies) {
            if let Some(why) = refused(reply) {
                missing.push((*used, why));
            }
            // Where DRYRUN itself is refused or unknown, nothing is known.
            known |= matches!(reply, Value::Okay | Value::SimpleString(_) | Value::BulkString(_));
        }
        let labels = |missing: &[(&Used, Refused)]| {
            missing.iter().map(|(used, _)| used.label).collect::<Vec<_>>().join(", ")
        };
        let result = if !known {
            missing.clear();
            "not known: the user may not run ACL DRYRUN".to_owned()
        } else if missing.is_empty() {
            format!("{} commands of LiteLLM's", used.len())
        } else {
            format!("refused: {}", labels(&missing))
        };
        self.note("permissions", started, &result);
        for why in [Refused::Permission, Refused::Unknown, Refused::Unsupported] {
            let of: Vec<_> = missing.iter().copied().filter(|(_, of)| *of == why).collect();
            if of.is_empty() {
                continue;
            }
            self.seen.refused.extend(of.iter().map(|(used, _)| used.name));
            let each = of.iter().flat_map(|(used, _)| used.purpose.split(" and "));
            let mut purposes: Vec<&str> = each.collect();
            purposes.sort_unstable();
            purposes.dedup();
            let (says, help) = match why {
                Refused::Permission => {
                    let grants: Vec<String> =
                        of.iter().map(|(used, _)| format!("+{}", used.name)).collect();
                    let (name, grants) = (asked.user, grants.join(" "));
                    let help = format!(
                        "Grant them at the server: `ACL SETUSER {name} {grants}`. The least that this \
                         configuration needs in all: `{}`.",
                        asked.demands.least(&[])
                    );
                    ("The user may not run", help)
                }
                Refused::Unknown => (
                    "The server does not know",
                    "Take back `rename-command` for them in redis.conf. If a proxy or another server \
                     answers there, use a Redis or Valkey that has them."
                        .to_owned(),
                ),
                Refused::Unsupported => (
                    "What answers there does not support",
                    WITHOUT_PROXY.to_owned(),
                ),
            };
            let found = findings::COMMAND_NOT_PERMITTED.found(format!(
                "{says}: {}. LiteLLM uses {} for {}.",
                labels(&of),
                if of.len() == 1 { "it" } else { "them" },
                purposes.join(", ")
            ));
            self.seen.findings.push(found.help(help));
        }
    }
}

/// Whether a node of a cluster says this: by chance the probe's own key is one of its own.
fn of_a_cluster(reply: &Value) -> Option<Failure> {
    let Value::ServerError(error) = reply else {
        return None;
    };
    matches!(error.code(), "CROSSSLOT" | "MOVED" | "ASK" | "TRYAGAIN")
        .then(|| crate::redis::reply::failure("MGET", &error_text(error)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    Permission,
    Unknown,
    /// A proxy or a service takes less than Redis does.
    Unsupported,
}

/// Why a command may not be run, by its reply; `DRYRUN` says it as text.
fn refused(reply: &Value) -> Option<Refused> {
    if let Value::ServerError(error) = reply {
        let text = error_text(error);
        if text.starts_with("NOPERM") {
            return Some(Refused::Permission);
        }
        let lower = text.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|words| lower.contains(words));
        if says(&["unknown command", "unknown subcommand"]) {
            return Some(Refused::Unknown);
        }
        // Redis's own codes tell of a key or a state: `OOM command not allowed`.
        let code = error.code();
        let is_state = code != "ERR" && code.bytes().all(|byte| byte.is_ascii_uppercase());
        return (!is_state && is_unsupported(&lower)).then_some(Refused::Unsupported);
    }
    let said = crate::redis::reply_failure::text_of(reply)?;
    said.contains("no permissions").then_some(Refused::Permission)
}

#[cfg(test)]
mod tests {
    use openssl::sha::sha1;

    use redis::{Value, parse_redis_value};

    use super::{Refused, SCRIPT, refused};
    use crate::tls::hex;

    /// The words of Redis, Codis, Envoy and services.
    #[test]
    fn refusals_are_told_from_answers() {
        let said = |text: &str| {
            let reply = parse_redis_value(format!("-{text}\r\n").as_bytes()).expect("an error");
            assert!(matches!(reply, Value::ServerError(_)));
            refused(&reply)
        };
        for (text, expected) in [
            (
                "NOPERM this user has no permissions to run the 'script' command",
                Some(Refused::Permission),
            ),
            (
                "ERR unknown command 'SCRIPT', with args beginning with: 'LOAD' ",
                Some(Refused::Unknown),
            ),
            ("ERR handle request, command 'SCRIPT' is not allowed", Some(Refused::Unsupported)),
            ("ERR unsupported command 'script'", Some(Refused::Unsupported)),
            ("ERR This command is disabled: EVAL", Some(Refused::Unsupported)),
            ("WRONGTYPE Operation against a key holding the wrong kind of value", None),
            ("ERR value is not a valid float", None),
            ("OOM command not allowed when used memory > 'maxmemory'.", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }

    #[test]
    fn the_script_is_the_loaded_one() {
        assert_eq!(SCRIPT, hex(&sha1(b"return 1")));
    }
}
