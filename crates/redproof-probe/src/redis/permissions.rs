//! The commands that LiteLLM runs: may the user run them, and does the server know them?
//!
//! Each is called on the probe's own key, which holds text: a command for lists or sets then
//! answers WRONGTYPE, and changes nothing. Without that key, `ACL DRYRUN` (Redis 7) answers.

use std::time::Instant;

use redis::Value;
use redproof_core::finding::Severity;

use crate::diagnosis::findings;
use crate::redis::commands::{self, Command, error_text};
use crate::redis::health;
use crate::report::Failure;
use crate::session::{Open, Session};

/// A command of LiteLLM's, and its arguments after the key.
struct Used {
    name: &'static str,
    before_key: &'static [&'static str],
    key: bool,
    after_key: &'static [&'static str],
    /// What LiteLLM does with it.
    purpose: &'static str,
}

const fn on_key(
    name: &'static str,
    after_key: &'static [&'static str],
    purpose: &'static str,
) -> Used {
    Used { name, before_key: &[], key: true, after_key, purpose }
}

const fn alone(
    name: &'static str,
    arguments: &'static [&'static str],
    purpose: &'static str,
) -> Used {
    Used { name, before_key: arguments, key: false, after_key: &[], purpose }
}

/// Commands that LiteLLM 1.80.0 does not run and 1.109.1 does, in scripts of its rate limiters. Where
/// they came in between is not established, so that lacking them alone is not an error.
const RECENT: [&str; 9] =
    ["EXISTS", "INCRBY", "DECRBY", "ZADD", "ZCARD", "ZREM", "ZREMRANGEBYSCORE", "TIME", "EVAL"];

/// From LiteLLM's `caching/redis_cache.py`, `redis_batch.py`, `redis_cluster_cache.py`, the proxy's
/// spend queues and the scripts of its rate limiters.
const USED: &[Used] = &[
    on_key("MGET", &[], "batch lookups"),
    on_key("TTL", &[], "rate limits"),
    on_key("EXISTS", &[], "rate limits"),
    on_key("INCRBYFLOAT", &["1"], "rate limits, spend"),
    on_key("INCR", &[], "rate limits"),
    on_key("INCRBY", &["1"], "rate limits"),
    on_key("DECRBY", &["1"], "rate limits"),
    on_key("RPUSH", &["x"], "spend queue"),
    on_key("LPOP", &["1"], "spend queue"),
    on_key("SADD", &["x"], "response cache"),
    on_key("ZADD", &["1", "x"], "rate limits"),
    on_key("ZCARD", &[], "rate limits"),
    on_key("ZREM", &["x"], "rate limits"),
    on_key("ZREMRANGEBYSCORE", &["0", "1"], "rate limits"),
    // After all that may have written the key: it does not stay.
    on_key("EXPIRE", &["60"], "rate limits, cooldowns"),
    alone("SCAN", &["0", "MATCH", "redproof:probe:none", "COUNT", "1"], "deleting cached keys"),
    alone("EVAL", &["return 1", "0"], "rate limits, locks"),
    alone("SCRIPT LOAD", &["LOAD", "return 1"], "rate limits"),
    alone("EVALSHA", &["e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0"], "rate limits"),
    alone("TIME", &[], "rate limits"),
    alone("INFO", &["server"], "server version"),
];

/// The commands, on a key that holds text of the probe's own; without one, asked of `ACL DRYRUN`.
fn calls(key: Option<&str>, user: &str) -> Vec<Command> {
    let each = USED.iter().map(|used| match key {
        Some(key) => Command::quiet(used.name, used.words(key)),
        None => {
            let mut words = vec![b"ACL".to_vec(), b"DRYRUN".to_vec(), user.as_bytes().to_vec()];
            words.extend(used.words("redproof:probe:none"));
            Command::quiet(used.name, words)
        }
    });
    each.collect()
}

impl Session<'_> {
    /// Uses an open connection as LiteLLM does: writes, reads, every other command. With a key, all
    /// travels together, the key's removal included, so that nothing stays whatever happens here.
    /// Gives the replies to [`health::questions`].
    pub(crate) async fn use_it(
        &mut self,
        open: &mut Open,
        key: Option<&str>,
        user: &str,
    ) -> Result<Vec<Value>, Failure> {
        let mut batch = Vec::new();
        if let Some(key) = key {
            batch.extend(commands::write_and_read(key, "redproof"));
        }
        let before = batch.len();
        batch.extend(calls(key, user));
        let after = batch.len();
        batch.extend(key.map(commands::delete));
        let last = batch.len();
        batch.extend(health::questions());
        let started = Instant::now();
        let mut replies = self.run(open, &batch).await?;
        judge(self, started, key.is_some(), &replies[before..after]);
        Ok(replies.split_off(last))
    }
}

/// Takes note of what the replies say.
fn judge(session: &mut Session<'_>, started: Instant, called: bool, replies: &[Value]) {
    let mut missing = Vec::new();
    let mut known = called;
    for (used, reply) in USED.iter().zip(replies) {
        if let Some(why) = refused(reply) {
            missing.push((used, why));
        }
        // Where DRYRUN itself is refused or unknown, nothing is known.
        known |= matches!(reply, Value::Okay | Value::SimpleString(_) | Value::BulkString(_));
    }
    let names = missing.iter().map(|(used, _)| used.name).collect::<Vec<_>>().join(", ");
    let result = if !known {
        missing.clear();
        "not known: the user may not run ACL DRYRUN".to_owned()
    } else if missing.is_empty() {
        format!("{} commands of LiteLLM's", USED.len())
    } else {
        format!("not permitted: {names}")
    };
    session.note("permissions", started, &result);
    if let Some((_, why)) = missing.first() {
        let mut purposes: Vec<&str> = missing.iter().map(|(used, _)| used.purpose).collect();
        purposes.sort_unstable();
        purposes.dedup();
        let recent = missing.iter().all(|(used, _)| RECENT.contains(&used.name));
        let finding = findings::COMMAND_NOT_PERMITTED.found(format!(
            "{why}: {names}. {} {} for {}.",
            if recent { "Recent releases of LiteLLM use" } else { "LiteLLM uses" },
            if missing.len() == 1 { "it" } else { "them" },
            purposes.join(", ")
        ));
        let severity = if recent { Severity::Warning } else { finding.severity };
        session.seen.findings.push(finding.severity(severity));
    }
}

impl Used {
    fn words(&self, key: &str) -> Vec<Vec<u8>> {
        let name = self.name.split(' ').next().unwrap_or(self.name);
        let mut words = vec![name.as_bytes().to_vec()];
        words.extend(self.before_key.iter().map(|word| word.as_bytes().to_vec()));
        if self.key {
            words.push(key.as_bytes().to_vec());
        }
        words.extend(self.after_key.iter().map(|word| word.as_bytes().to_vec()));
        words
    }
}

/// Why a command may not be run, by its reply; `DRYRUN` says it as text.
fn refused(reply: &Value) -> Option<&'static str> {
    if let Value::ServerError(error) = reply {
        let text = error_text(error);
        if text.starts_with("NOPERM") {
            return Some("The user may not run");
        }
        let unknown = text.contains("unknown command") || text.contains("Unknown subcommand");
        return unknown.then_some("The server does not know");
    }
    let said = crate::redis::reply_failure::text_of(reply)?;
    said.contains("no permissions").then_some("The user may not run")
}

#[cfg(test)]
mod tests {
    use openssl::sha::sha1;

    use super::USED;
    use crate::tls::hex;

    #[test]
    fn the_script_is_the_loaded_one() {
        let evalsha = USED.iter().find(|used| used.name == "EVALSHA").expect("it is used");
        assert_eq!(evalsha.before_key[0], hex(&sha1(b"return 1")));
    }
}
