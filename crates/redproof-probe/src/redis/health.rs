//! The server's state, by its own word: INFO, and what CONFIG GET adds where the user may ask.

use std::collections::HashMap;

use redis::Value;
use redproof_core::Running;
use redproof_core::finding::{Finding, Severity};

use crate::diagnosis::findings;
use crate::redis::commands::Command;
use crate::redis::reply_failure::text_of;
use crate::report::{Health, Part};

/// Seconds that a replica may be behind.
const LAG: u64 = 10;

/// The questions. Where the user may not ask, the answer is an error, and nothing is known.
pub(crate) fn questions() -> [Command; 3] {
    let words = |words: &[&str]| words.iter().map(|word| word.as_bytes().to_vec()).collect();
    [
        Command::quiet("INFO", words(&["INFO"])),
        Command::quiet("CONFIG GET", words(&["CONFIG", "GET", "save"])),
        Command::quiet("CONFIG GET", words(&["CONFIG", "GET", "protected-mode"])),
    ]
}

/// The answers, in the same order, and what is wrong by them.
pub(crate) fn judge(
    replies: &[Value],
    part: Part,
    logged_in: bool,
    opens: &Opens<'_>,
) -> Option<(Health, Vec<Finding>)> {
    let text = text_of(replies.first()?)?;
    let info = Info::of(&text)?;
    let save = replies.get(1).and_then(config_value);
    let protected = replies.get(2).and_then(config_value);
    let health = info.health(save.as_deref());
    let mut list = info.findings(&health, part, opens);
    if !logged_in && protected.as_deref() == Some("no") {
        list.push(
            findings::OPEN_TO_ALL.found(
                "The server let this client in without a password, and protected mode is off.",
            ),
        );
    }
    Some((health, list))
}

/// What LiteLLM's processes open to a server at most.
pub(crate) struct Opens<'a> {
    /// Each of them.
    pub(crate) in_each: u64,
    /// How many there are, where files say so.
    pub(crate) running: Option<&'a Running>,
}

impl Opens<'_> {
    /// Whether a server that takes `most` clients and has `now` is too small.
    fn finding(&self, most: u64, now: u64) -> Option<Finding> {
        let (in_each, all) = (self.in_each, self.all());
        let whose = match self.running {
            Some(running) if running.processes > 1 => {
                format!(
                    "LiteLLM's pools open up to {all} ({}, {in_each} in each process)",
                    running.words
                )
            }
            _ => format!("the pools of each LiteLLM process open up to {in_each}"),
        };
        let message = format!("The server takes {most} clients and has {now}; {whose}.");
        if all > most {
            return Some(findings::TOO_FEW_CLIENTS.found(message));
        }
        // LiteLLM's own connections are among those that it has, if LiteLLM runs.
        (all > most.saturating_sub(now))
            .then(|| findings::TOO_FEW_CLIENTS.found(message).severity(Severity::Hint))
    }

    fn all(&self) -> u64 {
        self.in_each.saturating_mul(self.running.map_or(1, |running| running.processes))
    }
}

/// A field of INFO as Redis writes them: numbers, releases, addresses and its own short words. The
/// reply is a server's that was given the password.
fn fact(value: &str) -> String {
    const WORDS: [&str; 24] = [
        "master",
        "slave",
        "replica",
        "up",
        "down",
        "ok",
        "err",
        "on",
        "off",
        "yes",
        "no",
        "noeviction",
        "allkeys-lru",
        "allkeys-lfu",
        "allkeys-lrm",
        "allkeys-random",
        "volatile-lru",
        "volatile-lfu",
        "volatile-lrm",
        "volatile-random",
        "volatile-ttl",
        "standalone",
        "cluster",
        "sentinel",
    ];
    const FIELDS: [&str; 6] = ["ip", "port", "state", "offset", "lag", "online"];
    let part = |part: &str| {
        let number =
            part.len() <= 39 && part.chars().all(|c| c.is_ascii_digit() || ".:-%".contains(c));
        number
            || WORDS.contains(&part)
            || FIELDS.contains(&part)
            || ["wait_bgsave", "send_bulk"].contains(&part)
    };
    let shown = |one: &str| if part(one) { one.to_owned() } else { "…".to_owned() };
    // `ip=10.0.0.1,port=6379,state=online,lag=0`
    let pairs = value.split(',').map(|pair| match pair.split_once('=') {
        Some((name, value)) => format!("{}={}", shown(name), shown(value)),
        None => shown(pair),
    });
    pairs.collect::<Vec<_>>().join(",")
}

/// Forty hexadecimal digits, as Redis makes them; else nothing.
fn run_id(value: &str) -> String {
    let is_id = value.len() == 40 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { value.to_owned() } else { String::new() }
}

/// The fields of INFO as the server writes them: many, of which few are read.
struct Info<'a>(HashMap<&'a str, &'a str>);

impl<'a> Info<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let fields = text.lines().filter_map(|line| line.split_once(':'));
        let fields: HashMap<_, _> = fields.map(|(key, value)| (key, value.trim())).collect();
        fields.contains_key("redis_version").then_some(Self(fields))
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = self.0.get(name)?;
        Some(if name == "run_id" { run_id(value) } else { fact(value) })
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.parse().ok()
    }

    fn health(&self, save: Option<&str>) -> Health {
        let valkey = self.text("valkey_version");
        let (hits, misses) = (self.number("keyspace_hits"), self.number("keyspace_misses"));
        Health {
            server: if valkey.is_some() { "valkey" } else { "redis" }.to_owned(),
            version: valkey.or_else(|| self.text("redis_version")).unwrap_or_default(),
            role: self.text("role").unwrap_or_default(),
            used_memory: self.number("used_memory"),
            maxmemory: self.number("maxmemory"),
            maxmemory_policy: self.text("maxmemory_policy"),
            connected_clients: self.number("connected_clients"),
            max_clients: self.number("maxclients"),
            hit_ratio: hits.zip(misses).and_then(|(hits, misses)| ratio(hits, hits + misses)),
            evicted_keys: self.number("evicted_keys"),
            snapshots: save.map(|save| !save.is_empty()),
            append_only: self.number("aof_enabled").map(|enabled| enabled == 1),
            snapshot_ok: self.text("rdb_last_bgsave_status").map(|status| status == "ok"),
            append_only_ok: (self.number("aof_enabled") == Some(1))
                .then(|| self.text("aof_last_write_status").map(|status| status == "ok"))
                .flatten(),
            rejected_connections: self.number("rejected_connections"),
            blocked_clients: self.number("blocked_clients"),
            replicas: self.number("connected_slaves"),
            replica_lag: self.replicas().filter_map(|replica| replica.lag).max(),
            master_link_up: self.text("master_link_status").map(|status| status == "up"),
            run_id: self.text("run_id").filter(|id| !id.is_empty()),
            latency: None,
        }
    }

    fn findings(&self, health: &Health, part: Part, opens: &Opens<'_>) -> Vec<Finding> {
        let mut list = Vec::new();
        if health.server == "redis" && version(&health.version) < (6, 2) {
            list.push(findings::SERVER_IS_OLD.found(format!(
                "The server is Redis {}; `LPOP` with a count needs 6.2.",
                health.version
            )));
        }
        memory(health, &mut list);
        if let (Some(most), Some(now)) = (health.max_clients, health.connected_clients) {
            list.extend(opens.finding(most, now));
        }
        for (field, what) in [
            ("rdb_last_bgsave_status", "The last snapshot failed."),
            ("aof_last_write_status", "The last write to the append-only file failed."),
            ("aof_last_bgrewrite_status", "The append-only file could not be rewritten."),
        ] {
            if self.text(field).is_some_and(|status| status == "err") {
                list.push(findings::SAVING_FAILS.found(what));
            }
        }
        if health.snapshots == Some(true) || health.append_only == Some(true) {
            let how = if health.append_only == Some(true) { "appendonly yes" } else { "save" };
            list.push(
                findings::CACHE_IS_SAVED
                    .found(format!("The server writes its data to disk (`{how}`).")),
            );
        }
        let lookups = self.number("keyspace_hits").zip(self.number("keyspace_misses"));
        if let (Some((hits, misses)), Some(ratio)) = (lookups, health.hit_ratio)
            && hits + misses >= 1000
            && ratio < 0.2
        {
            list.push(findings::LOW_HIT_RATIO.found(format!(
                "{:.0} % of {} lookups found a key.",
                ratio * 100.0,
                hits + misses
            )));
        }
        self.replication(health, part, &mut list);
        list
    }

    fn replication(&self, health: &Health, part: Part, list: &mut Vec<Finding>) {
        if part == Part::Server && health.role == "slave" {
            let takes_writes = self.text("slave_read_only").as_deref() == Some("0");
            list.push(if takes_writes {
                let found = findings::SERVER_IS_REPLICA.found(
                    "This server is a replica that takes writes: the next copy of its master removes what \
                     LiteLLM wrote, and no other server has it.",
                );
                found.severity(Severity::Warning)
            } else {
                // A probe that writes does not come so far.
                findings::SERVER_IS_REPLICA
                    .found("This server is a replica, and refuses what LiteLLM writes.")
            });
        }
        if self.text("master_link_status").is_some_and(|status| status != "up") {
            list.push(findings::REPLICA_LAGS.found("This replica has lost its master."));
        }
        let watched = matches!(part, Part::Master | Part::ClusterNode);
        if watched && health.role == "master" && health.replicas == Some(0) {
            list.push(findings::NO_REPLICA.found("This master has no replica."));
        }
        for replica in self.replicas() {
            let (lag, state) = (replica.lag.unwrap_or(0), replica.state);
            if state != "online" || lag > LAG {
                list.push(
                    findings::REPLICA_LAGS.found(format!(
                        "The replica {} is {state}, {lag} s behind.",
                        replica.address
                    )),
                );
            }
        }
    }

    /// `slave0:ip=10.0.0.1,port=6379,state=online,offset=1,lag=0`
    fn replicas(&self) -> impl Iterator<Item = Replica> {
        let count = self.number("connected_slaves").unwrap_or(0).min(100);
        (0..count).filter_map(|index| {
            let replica = self.text(&format!("slave{index}"))?;
            let get = |name: &str| {
                replica.split(',').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            };
            Some(Replica {
                address: format!("{}:{}", get("ip").unwrap_or("?"), get("port").unwrap_or("?")),
                state: get("state").unwrap_or("online").to_owned(),
                lag: get("lag").and_then(|lag| lag.parse().ok()),
            })
        })
    }
}

/// A replica, as its master knows it.
struct Replica {
    address: String,
    state: String,
    /// Seconds since it was heard of.
    lag: Option<u64>,
}

fn memory(health: &Health, list: &mut Vec<Finding>) {
    let policy = health.maxmemory_policy.as_deref().unwrap_or("unknown");
    match health.maxmemory {
        Some(0) => list.push(
            findings::NO_MEMORY_LIMIT.found("The server may use all memory (`maxmemory 0`)."),
        ),
        Some(most) => {
            if policy == "noeviction" {
                list.push(findings::NO_EVICTION.found(format!(
                    "The server may use {most} bytes, and then refuses writes (`maxmemory-policy noeviction`)."
                )));
            }
            let used = health.used_memory.unwrap_or(0);
            if let Some(share) = ratio(used, most).filter(|share| *share >= 0.9) {
                list.push(findings::MEMORY_NEARLY_FULL.found(format!(
                    "The server uses {:.0} % of {most} bytes, with `maxmemory-policy {policy}`; it has evicted {} keys.",
                    share * 100.0,
                    health.evicted_keys.unwrap_or(0)
                )));
            }
        }
        None => {}
    }
}

/// The value of a reply to `CONFIG GET name`: a map in RESP 3, a list in RESP 2.
fn config_value(reply: &Value) -> Option<String> {
    match reply {
        Value::Map(entries) => entries.first().and_then(|(_, value)| text_of(value)),
        Value::Array(items) => items.get(1).and_then(text_of),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use redis::Value;

    use redproof_core::Running;

    use super::{Opens, judge};
    use crate::report::Part;

    fn codes(info: &str, part: Part) -> Vec<&'static str> {
        let reply = Value::BulkString(info.as_bytes().to_vec());
        let opens = Opens { in_each: 150, running: None };
        let (_, found) = judge(&[reply], part, true, &opens).expect("INFO");
        found.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn states_that_no_test_server_has_are_found() {
        assert_eq!(codes("redis_version:5.0.7\r\n", Part::Server), ["RP851"]);
        assert_eq!(
            codes("redis_version:255.255.255\r\nvalkey_version:8.0.1\r\n", Part::Server),
            Vec::<&str>::new()
        );
        let broken = "redis_version:7.2.4\r\nrdb_last_bgsave_status:err\r\n";
        assert_eq!(codes(broken, Part::Server), ["RP856"]);
        let idle = "redis_version:7.2.4\r\nkeyspace_hits:10\r\nkeyspace_misses:990\r\n";
        assert_eq!(codes(idle, Part::Server), ["RP858"]);
        let behind = "redis_version:7.2.4\r\nrole:master\r\nconnected_slaves:1\r\n\
                      slave0:ip=10.0.0.1,port=6379,state=online,offset=1,lag=60\r\n";
        assert_eq!(codes(behind, Part::Master), ["RP553"]);
        let full = "redis_version:7.2.4\r\nused_memory:95\r\nmaxmemory:100\r\n\
                    maxmemory_policy:allkeys-lru\r\n";
        assert_eq!(codes(full, Part::Server), ["RP854"]);
        let lonely = "redis_version:7.2.4\r\nrole:master\r\nconnected_slaves:0\r\n";
        assert_eq!(codes(lonely, Part::Master), ["RP554"]);
        assert_eq!(codes(lonely, Part::Server), Vec::<&str>::new());
        let replica = "redis_version:7.2.4\r\nrole:slave\r\nslave_read_only:0\r\n";
        assert_eq!(codes(replica, Part::Server), ["RP556"]);
        assert_eq!(codes(replica, Part::ClusterReplica), Vec::<&str>::new());
    }

    #[test]
    fn clients_are_counted_as_explain_counts_them() {
        let running = Running { words: "2 replicas of 3 workers".to_owned(), processes: 6 };
        let said = |in_each, running, most, now| {
            let finding = Opens { in_each, running }.finding(most, now)?;
            Some((finding.severity.name(), finding.message))
        };
        assert_eq!(said(50, None, 1000, 10), None);
        assert_eq!(said(50, Some(&running), 400, 10), None);
        let (severity, message) = said(50, Some(&running), 299, 10).expect("300 are opened");
        assert_eq!(severity, "warning");
        assert!(message.contains("300 (2 replicas of 3 workers, 50 in each process)"), "{message}");
        // LiteLLM may be who has them.
        let (severity, _) = said(50, Some(&running), 400, 200).expect("200 are left");
        assert_eq!(severity, "hint");
    }

    #[test]
    fn what_is_no_info_says_nothing() {
        let error = Value::BulkString(b"what?".to_vec());
        let opens = Opens { in_each: 0, running: None };
        assert!(judge(&[error], Part::Server, true, &opens).is_none());
        assert!(judge(&[], Part::Server, true, &opens).is_none());
    }
}
