//! The kinds of findings.

use redproof_core::diagnostic::Severity;
use redproof_core::finding::FindingRule;

/// All kinds, by code.
pub static FINDING_RULES: &[&FindingRule] = &[
    &IMPOSTOR_PASSES,
    &CERTIFICATE_EXPIRES,
    &SENTINELS_DISAGREE,
    &NO_QUORUM,
    &REPLICA_LAGS,
    &NO_REPLICA,
    &COMMAND_NOT_PERMITTED,
    &OPEN_TO_ALL,
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

pub(crate) static IMPOSTOR_PASSES: FindingRule = FindingRule {
    code: "RP351",
    name: "impostor-passes",
    severity: Severity::Warning,
    summary: "The connection works, but a client that checks chain and name would refuse it.",
    why: "redis-py before 6.0 does not check the name unless told to, and `ssl_cert_reqs: none` checks nothing. \
        Whoever can redirect the traffic can then answer in the server's place and read the password. An \
        upgrade of redis-py, which checks more by default, breaks the connection.",
    mend: "Mend what the strict verdict names, then set `ssl_cert_reqs: required` and `ssl_check_hostname: true`.",
};

pub(crate) static CERTIFICATE_EXPIRES: FindingRule = FindingRule {
    code: "RP352",
    name: "certificate-expires",
    severity: Severity::Warning,
    summary: "A certificate of the server's chain expires soon.",
    why: "From that moment on each new connection of a client that verifies fails. Connections that are open \
        stay, so that the failure shows only bit by bit.",
    mend: "Renew the certificate, and make the server load it (`CONFIG SET tls-cert-file`, or a restart).",
};

pub(crate) static SENTINELS_DISAGREE: FindingRule = FindingRule {
    code: "RP551",
    name: "sentinels-disagree",
    severity: Severity::Warning,
    summary: "The sentinels name different masters.",
    why: "redis-py takes the word of the first sentinel that answers. Which server LiteLLM writes to then depends \
        on which sentinel that is.",
    mend: "Wait until a failover is over; if it stays, reset the sentinel that is behind (`SENTINEL RESET`).",
};

pub(crate) static NO_QUORUM: FindingRule = FindingRule {
    code: "RP552",
    name: "no-quorum",
    severity: Severity::Warning,
    summary: "The sentinels could not fail over.",
    why: "Too few sentinels see each other to agree that the master is down and to choose another. Should it \
        fail, LiteLLM stays without Redis.",
    mend: "Bring the missing sentinels back, or lower the quorum of `sentinel monitor`.",
};

pub(crate) static REPLICA_LAGS: FindingRule = FindingRule {
    code: "RP553",
    name: "replica-lags",
    severity: Severity::Warning,
    summary: "A replica is behind its master, or has lost it.",
    why: "After a failover the replica's data is what LiteLLM continues with: rate limits and spend that did not \
        reach it are gone.",
    mend: "See why the replica is behind (`INFO replication`): network, load, or a too small `repl-backlog-size`.",
};

pub(crate) static NO_REPLICA: FindingRule = FindingRule {
    code: "RP554",
    name: "no-replica",
    severity: Severity::Hint,
    summary: "A master has no replica.",
    why: "Behind Sentinel or in a cluster nothing takes over when this server fails.",
    mend: "Give the master a replica, or do without Sentinel.",
};

pub(crate) static COMMAND_NOT_PERMITTED: FindingRule = FindingRule {
    code: "RP651",
    name: "command-not-permitted",
    severity: Severity::Error,
    summary: "The user may not run a command that LiteLLM uses.",
    why: "Start-up and a simple cache lookup work without it. Rate limits, spend tracking or the router's cooldowns \
        fail later, under load, with an error in LiteLLM's log that names the command.",
    mend: "Grant the user the commands (`ACL SETUSER name +command`) on LiteLLM's keys.",
};

pub(crate) static OPEN_TO_ALL: FindingRule = FindingRule {
    code: "RP652",
    name: "open-to-all",
    severity: Severity::Warning,
    summary: "The server asks for no password and is not in protected mode.",
    why: "Whoever reaches the port reads the cached answers and changes rate limits and spend.",
    mend: "Set a password (`requirepass`, or ACL users), or bind the server to a closed network.",
};

pub(crate) static SERVER_IS_OLD: FindingRule = FindingRule {
    code: "RP851",
    name: "server-is-old",
    severity: Severity::Warning,
    summary: "The server is older than the commands that LiteLLM uses.",
    why: "LiteLLM assumes Redis 7 where it cannot ask for the version, and takes several items at once from \
        its queues: `LPOP` with a count, which Redis has from 6.2 on. On an older server spend updates fail.",
    mend: "Upgrade the server to Redis 7 or later, or to Valkey.",
};

pub(crate) static NO_MEMORY_LIMIT: FindingRule = FindingRule {
    code: "RP852",
    name: "no-memory-limit",
    severity: Severity::Warning,
    summary: "The server has no `maxmemory`.",
    why: "A cache of answers grows with traffic. Without a limit the server takes all memory that there is, until \
        the system ends it.",
    mend: "Set `maxmemory` below the memory of the machine or container, and `maxmemory-policy allkeys-lru`.",
};

pub(crate) static NO_EVICTION: FindingRule = FindingRule {
    code: "RP853",
    name: "no-eviction",
    severity: Severity::Warning,
    summary: "The server evicts nothing when it is full.",
    why: "With `maxmemory-policy noeviction` a full server refuses each write: nothing is cached any more, and \
        rate limits are not counted.",
    mend: "Set `maxmemory-policy allkeys-lru` (or `volatile-lru`, where other keys must stay).",
};

pub(crate) static MEMORY_NEARLY_FULL: FindingRule = FindingRule {
    code: "RP854",
    name: "memory-nearly-full",
    severity: Severity::Warning,
    summary: "The server uses nearly all memory that it may.",
    why: "It then evicts keys, rate limits and router state among them, or refuses writes.",
    mend: "Raise `maxmemory`, or lower `ttl` under `cache_params`.",
};

pub(crate) static TOO_FEW_CLIENTS: FindingRule = FindingRule {
    code: "RP855",
    name: "too-few-clients",
    severity: Severity::Warning,
    summary: "The server takes fewer clients than one LiteLLM worker may open.",
    why: "Each worker process of each replica of LiteLLM has its own pools. Beyond `maxclients` the server closes \
        new connections with an error.",
    mend: "Raise the server's `maxclients`, or lower `max_connections` under `cache_params`.",
};

pub(crate) static SAVING_FAILS: FindingRule = FindingRule {
    code: "RP856",
    name: "saving-fails",
    severity: Severity::Error,
    summary: "The server cannot save its data.",
    why: "With `stop-writes-on-bgsave-error yes`, the default, a server whose last snapshot failed refuses \
        writes. A failing append-only file does the same.",
    mend: "Mend the server's disk or its permissions, or switch saving off for a pure cache (`save \"\"`).",
};

pub(crate) static SLOW_ANSWERS: FindingRule = FindingRule {
    code: "RP857",
    name: "slow-answers",
    severity: Severity::Warning,
    summary: "The server answers slowly.",
    why: "Each request waits for Redis several times: rate limits, router state, cache. What the server takes \
        longer is added to each.",
    mend: "Move the server nearer to LiteLLM, or find what blocks it (`SLOWLOG GET`, `LATENCY DOCTOR`).",
};

pub(crate) static LOW_HIT_RATIO: FindingRule = FindingRule {
    code: "RP858",
    name: "low-hit-ratio",
    severity: Severity::Hint,
    summary: "Few lookups of keys find something.",
    why: "Other users of the server count, too. For a cache alone, few hits mean that `ttl` is short, that keys are \
        evicted, or that requests seldom repeat.",
    mend: "Look at `INFO stats` (`evicted_keys`, `expired_keys`), and at `ttl` under `cache_params`.",
};

pub(crate) static CACHE_IS_SAVED: FindingRule = FindingRule {
    code: "RP859",
    name: "cache-is-saved",
    severity: Severity::Hint,
    summary: "The server writes its data to disk.",
    why: "A cache can do without. Forking for snapshots costs latency and, at worst, twice the memory. Where rate \
        limits and spend are to survive a restart, leave it on.",
    mend: "For a pure cache, switch it off: `save \"\"` and `appendonly no`.",
};

#[cfg(test)]
mod tests {
    use super::FINDING_RULES;

    #[test]
    fn codes_are_sorted_and_from_fifty_on() {
        let codes: Vec<&str> = FINDING_RULES.iter().map(|rule| rule.code).collect();
        assert!(codes.is_sorted());
        for code in codes {
            let number: u32 = code[2..].parse().expect("RP and a number");
            assert!(number % 100 > 50, "{code}");
        }
    }
}
