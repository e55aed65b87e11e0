//! The kinds of findings.

use redproof_core::finding::Severity;
use redproof_core::releases::eviction;
use redproof_core::rule::{Category, Rule};

/// All kinds, by code.
pub static RULES: &[&Rule] = &[
    &IMPOSTOR_PASSES,
    &CERTIFICATE_EXPIRES,
    &PYTHON_DECIDES,
    &WEAK_TLS_OFFERED,
    &SENTINELS_DISAGREE,
    &NO_QUORUM,
    &REPLICA_LAGS,
    &NO_REPLICA,
    &SENTINEL_KEEPS_WAITING,
    &SERVER_IS_REPLICA,
    &COMMAND_NOT_PERMITTED,
    &OPEN_TO_ALL,
    &CHANNEL_NOT_PERMITTED,
    &SERVER_IS_OLD,
    &NO_MEMORY_LIMIT,
    &NO_EVICTION,
    &MEMORY_NEARLY_FULL,
    &TOO_FEW_CLIENTS,
    &SAVING_FAILS,
    &SLOW_ANSWERS,
    &LOW_HIT_RATIO,
    &CACHE_IS_SAVED,
];

pub(crate) static IMPOSTOR_PASSES: Rule = Rule {
    code: "RP351",
    name: "server-is-not-verified",
    former_names: &["impostor-passes"],
    category: Category::Tls,
    severity: Severity::Warning,
    summary: "The connection works, but a client that checks chain and name would refuse it.",
    why: "redis-py before 6.0 does not check the name unless it is set to, and `ssl_cert_reqs: none` checks nothing. \
        Whoever can redirect the traffic can then answer in the server's place and read the password. An \
        upgrade of redis-py, which checks more by default, breaks the connection.",
    remedy: Some(
        "Fix what the strict verdict names, then set `ssl_cert_reqs: required` and `ssl_check_hostname: true`.",
    ),
    ..Rule::SERVERS
};

pub(crate) static CERTIFICATE_EXPIRES: Rule = Rule {
    code: "RP352",
    name: "server-certificate-expires-soon",
    former_names: &["certificate-expires"],
    category: Category::Certificates,
    severity: Severity::Warning,
    summary: "A certificate of the server's chain expires soon.",
    why: "From that moment on each new connection of a client that verifies fails. Connections that are open \
        stay, so that the failure shows only bit by bit.",
    remedy: Some(
        "Renew the certificate, and make the server load it (`CONFIG SET tls-cert-file`, or a restart).",
    ),
    ..Rule::SERVERS
};

pub(crate) static PYTHON_DECIDES: Rule = Rule {
    code: "RP353",
    name: "python-decides-on-the-chain",
    category: Category::Certificates,
    severity: Severity::Warning,
    summary: "One Python takes the server's chain, another refuses it.",
    why: "From 3.13 on `ssl.create_default_context()`, which redis-py uses as it is, sets `VERIFY_X509_STRICT` and \
        `VERIFY_X509_PARTIAL_CHAIN`. Chains of home-made CAs and of some cloud services lack what RFC 5280 asks \
        for: a virtual environment connects, and LiteLLM's image does not. `--python` says which runs.",
    remedy: Some(
        "Issue the chain anew: the CA with critical basicConstraints and keyUsage, each certificate with its key \
         identifiers; and trust the root itself.",
    ),
    ..Rule::SERVERS
};

pub(crate) static WEAK_TLS_OFFERED: Rule = Rule {
    code: "RP354",
    name: "server-offers-weak-tls",
    category: Category::Tls,
    severity: Severity::Warning,
    summary: "The server also offers TLS versions or ciphers that are weak.",
    why: "LiteLLM's clients do not use them: Python offers TLS 1.2 and 1.3 with strong ciphers. Audits ask for \
        what a server offers to anyone. `redproof probe --tls-scan` looks.",
    remedy: Some(
        "Restrict the server: `tls-protocols \"TLSv1.2 TLSv1.3\"`, `tls-ciphers` of ECDHE with AES-GCM or ChaCha20.",
    ),
    ..Rule::SERVERS
};

pub(crate) static SENTINELS_DISAGREE: Rule = Rule {
    code: "RP551",
    name: "sentinels-disagree",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "The sentinels name different masters.",
    why: "redis-py takes the word of the first sentinel that answers. Which server LiteLLM writes to then depends \
        on which sentinel that is.",
    remedy: Some(
        "Wait until a failover is over; if it stays, reset the sentinel that is behind (`SENTINEL RESET`).",
    ),
    ..Rule::SERVERS
};

pub(crate) static NO_QUORUM: Rule = Rule {
    code: "RP552",
    name: "no-quorum",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "The sentinels could not fail over.",
    why: "Too few sentinels see each other to agree that the master is down and to choose another. Should it \
        fail, LiteLLM stays without Redis.",
    remedy: Some("Bring the missing sentinels back, or lower the quorum of `sentinel monitor`."),
    ..Rule::SERVERS
};

pub(crate) static REPLICA_LAGS: Rule = Rule {
    code: "RP553",
    name: "replica-lags",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "A replica is behind its master, or has lost it.",
    why: "After a failover the replica's data is what LiteLLM continues with: rate limits and spend that did not \
        reach it are gone.",
    remedy: Some(
        "See why the replica is behind (`INFO replication`): network, load, or a too small `repl-backlog-size`.",
    ),
    ..Rule::SERVERS
};

pub(crate) static NO_REPLICA: Rule = Rule {
    code: "RP554",
    name: "no-replica",
    category: Category::Topology,
    severity: Severity::Hint,
    summary: "A master has no replica.",
    why: "Behind Sentinel or in a cluster nothing takes over when this server fails.",
    remedy: Some("Give the master a replica."),
    ..Rule::SERVERS
};

pub(crate) static SENTINEL_KEEPS_WAITING: Rule = Rule {
    code: "RP555",
    name: "sentinel-keeps-waiting",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "A sentinel that does not answer is listed before one that does.",
    why: "redis-py asks the sentinels in their order for each new connection, and its client tries each several \
        times: four from 7.2 on, eleven from 8.0 on, with pauses between. LiteLLM then works, and each new \
        connection takes seconds.",
    remedy: Some("Bring the sentinel back, take it out of `sentinel_nodes`, or name it last."),
    ..Rule::SERVERS
};

pub(crate) static SERVER_IS_REPLICA: Rule = Rule {
    code: "RP556",
    name: "server-is-replica",
    category: Category::Topology,
    severity: Severity::Error,
    summary: "The server is a replica.",
    why: "LiteLLM writes to the server that it is given: answers, counters of rate limits and budgets, locks. A replica \
        refuses writes, or with `replica-read-only no` takes them and loses them when it copies its master anew.",
    remedy: Some(
        "Write the master's address, or name the sentinels (`sentinel_nodes`), which know who is master.",
    ),
    ..Rule::SERVERS
};

pub(crate) static COMMAND_NOT_PERMITTED: Rule = Rule {
    code: "RP651",
    name: "command-not-permitted",
    category: Category::Logins,
    severity: Severity::Error,
    summary: "The user may not run a command that LiteLLM uses.",
    why: "Start-up and a simple cache lookup work without it. Rate limits, spend tracking or the router's cooldowns \
        fail later, under load, with an error in LiteLLM's log that names the command.",
    remedy: Some("Grant the user the commands (`ACL SETUSER name +command`) on LiteLLM's keys."),
    ..Rule::SERVERS
};

pub(crate) static OPEN_TO_ALL: Rule = Rule {
    code: "RP652",
    name: "server-has-no-password",
    former_names: &["open-to-all"],
    category: Category::Logins,
    severity: Severity::Warning,
    summary: "The server asks for no password and is not in protected mode.",
    why: "Whoever reaches the port reads the cached answers and changes rate limits and spend.",
    remedy: Some(
        "Set a password (`requirepass`, or ACL users), or bind the server to a closed network.",
    ),
    ..Rule::SERVERS
};

pub(crate) static CHANNEL_NOT_PERMITTED: Rule = Rule {
    code: "RP653",
    name: "channel-not-permitted",
    category: Category::Logins,
    severity: Severity::Warning,
    summary: "The user may not use the channels on which LiteLLM's replicas tell each other of changes.",
    why: "New users of Redis 7 may use no channel. A proxy with a database subscribes to two, and publishes there \
        when a key, team, user or setting changes. Where it may not, a key that is blocked or deleted on one \
        replica works on the others until their copies are out of date, and the log says `auth cache \
        invalidation subscriber redis error` over and over.",
    remedy: Some(
        "Grant the channels and their commands (`ACL SETUSER name &litellm_proxy.* +publish +subscribe`; with \
         `namespace: ns`, `&ns:*`).",
    ),
    ..Rule::SERVERS
};

pub(crate) static SERVER_IS_OLD: Rule = Rule {
    code: "RP851",
    name: "server-is-old",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "The server is older than the commands that LiteLLM uses.",
    why: "LiteLLM assumes Redis 7 where it cannot ask for the version, and takes several items at once from \
        its queues: `LPOP` with a count, which Redis has from 6.2 on. On an older server spend updates fail.",
    remedy: Some("Upgrade the server to Redis 7 or later, or to Valkey."),
    ..Rule::SERVERS
};

pub(crate) static NO_MEMORY_LIMIT: Rule = Rule {
    code: "RP852",
    name: "no-memory-limit",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "The server has no `maxmemory`.",
    why: "A cache of answers grows with traffic. Without a limit the server takes all memory that there is, until \
        the system ends it.",
    remedy: Some(eviction::LIMIT_AND_EITHER),
    ..Rule::SERVERS
};

pub(crate) static NO_EVICTION: Rule = Rule {
    code: "RP853",
    name: "no-eviction",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "The server evicts nothing when it is full.",
    why: "With `maxmemory-policy noeviction` a full server refuses each write: nothing is cached any more, and \
        rate limits are not counted.",
    remedy: Some(eviction::EITHER),
    ..Rule::SERVERS
};

pub(crate) static MEMORY_NEARLY_FULL: Rule = Rule {
    code: "RP854",
    name: "memory-nearly-full",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "The server uses nearly all memory that it may.",
    why: "It then evicts keys, rate limits and router state among them, or refuses writes.",
    remedy: Some("Raise `maxmemory`, or lower `ttl` under `cache_params`."),
    ..Rule::SERVERS
};

pub(crate) static TOO_FEW_CLIENTS: Rule = Rule {
    code: "RP855",
    name: "too-few-clients",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "The server takes fewer clients than LiteLLM may open.",
    why: "Each worker process of each replica of LiteLLM has its own pools. Beyond `maxclients` the server closes \
        new connections with an error.",
    remedy: Some(
        "Raise the server's `maxclients`, or lower `max_connections` under `cache_params`.",
    ),
    ..Rule::SERVERS
};

pub(crate) static SAVING_FAILS: Rule = Rule {
    code: "RP856",
    name: "saving-fails",
    category: Category::Reliability,
    severity: Severity::Error,
    summary: "The server cannot save its data.",
    why: "With `stop-writes-on-bgsave-error yes`, the default, a server whose last snapshot failed refuses \
        writes. A failing append-only file does the same.",
    remedy: Some(
        "Fix the server's disk or its permissions, or switch saving off for a pure cache (`save \"\"`).",
    ),
    ..Rule::SERVERS
};

pub(crate) static SLOW_ANSWERS: Rule = Rule {
    code: "RP857",
    name: "slow-answers",
    category: Category::Reliability,
    severity: Severity::Warning,
    summary: "The server answers slowly.",
    why: "Each request waits for Redis several times: rate limits, router state, cache. What the server takes \
        longer is added to each.",
    remedy: Some(
        "Move the server nearer to LiteLLM, or find what blocks it (`SLOWLOG GET`, `LATENCY DOCTOR`).",
    ),
    ..Rule::SERVERS
};

pub(crate) static LOW_HIT_RATIO: Rule = Rule {
    code: "RP858",
    name: "low-hit-ratio",
    category: Category::Reliability,
    severity: Severity::Hint,
    summary: "Few lookups of keys find something.",
    why: "Other users of the server count, too. For a cache alone, few hits mean that `ttl` is short, that keys are \
        evicted, or that requests seldom repeat.",
    remedy: Some(
        "Look at `INFO stats` (`evicted_keys`, `expired_keys`), and at `ttl` under `cache_params`.",
    ),
    ..Rule::SERVERS
};

pub(crate) static CACHE_IS_SAVED: Rule = Rule {
    code: "RP859",
    name: "cache-is-saved",
    category: Category::Reliability,
    severity: Severity::Hint,
    summary: "The server writes its data to disk.",
    why: "A cache can do without. Forking for snapshots costs latency and, at worst, twice the memory. Where rate \
        limits and spend are to survive a restart, leave it on.",
    remedy: Some("For a pure cache, switch it off: `save \"\"` and `appendonly no`."),
    ..Rule::SERVERS
};

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn codes_are_sorted_and_from_fifty_on() {
        assert!(RULES.is_sorted_by_key(|rule| rule.code));
        for rule in RULES {
            let number: Option<u32> = rule.code.strip_prefix("RP").and_then(|n| n.parse().ok());
            assert!(number.is_some_and(|number| number % 100 > 50), "{}", rule.code);
        }
    }
}
