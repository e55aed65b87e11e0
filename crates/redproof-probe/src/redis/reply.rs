//! What a server's error replies mean.

use redproof_core::visible::is_hidden;

use super::known_words::known;
use crate::outcome::{Failure, ProbeOutcome, Side};

/// Words from outside, fit to be shown: short, without what acts on a terminal, and without the
/// arguments that Redis repeats from a command that it does not know, for one may be a password.
/// What a server says of a command is shown by [`known`] alone.
pub(crate) fn presentable(text: &str) -> String {
    let without_arguments = text.split(", with args beginning with").next().unwrap_or(text);
    without_arguments.chars().filter(|c| !is_hidden(*c)).take(200).collect()
}

pub(crate) const READ_ONLY: &str = "Read-only replica: the server takes no writes";

/// The cure that needs no upgrade comes first.
const WITHOUT_HELLO: &str = "Set `protocol: 2` under `cache_params` (in a url: `?protocol=2`), with which \
    redis-py sends no HELLO; or upgrade the server to Redis 6 or later.";

/// What Envoy and Predixy say where they have no server to pass a command to.
const NOTHING_BEHIND: [&str; 4] = [
    "no upstream host",
    "upstream failure",
    "upstream protocol error",
    "err no server connection avaliable",
];

const REACH_REDIS: &str = "Look into the proxy (Envoy, Istio, Predixy): is the Redis behind it there and healthy; does it want TLS or a password of the proxy?";

fn without_hello(failure: Failure) -> Failure {
    failure
        .presented("a server without HELLO: Redis before 6.0, or a proxy")
        .expected("RESP3, which this client begins with")
        .help(WITHOUT_HELLO)
}

fn sent_proxy_protocol(failure: Failure) -> Failure {
    failure
        .presented("a Redis that is sent the PROXY protocol")
        .expected("Redis commands alone")
        .help(
            "Take the PROXY protocol out of the balancer before the Redis (`send-proxy` of haproxy, `proxy_protocol on` \
             of nginx, the target group's attribute): Redis does not speak it.",
        )
        .side(Side::Network)
}

/// A command's error reply, named.
pub(crate) fn failure(command: &str, error: &str) -> Failure {
    let failure = named(command, error);
    if is_passed_over(error) { failure.response() } else { failure }
}

fn named(command: &str, error: &str) -> Failure {
    use ProbeOutcome as O;
    let said = format!("{command}: the server says `{}`.", known(error));
    let plain = |outcome| Failure::new(outcome, said.clone());
    let state = |state: &str, help: &str| {
        Failure::new(O::ServerState, format!("{state}. {said}")).help(help)
    };
    let code = error.split(' ').next().unwrap_or("");
    let lower = error.to_ascii_lowercase();
    if let Some(failure) = of_a_value(command, &lower, &plain) {
        return failure;
    }
    if NOTHING_BEHIND.contains(&lower.as_str()) {
        return state("Nothing behind the proxy: it answers, and reaches no Redis", REACH_REDIS)
            .presented("a proxy that reaches no Redis");
    }
    match code {
        "NOAUTH" => plain(O::AuthRequired).presented("no password").expected("a login"),
        "WRONGPASS" => plain(O::AuthFailed),
        "NOPERM" => plain(O::NoPermission),
        "CLUSTERDOWN" => plain(O::ClusterDown),
        "LOADING" => state(
            "Loading: the server still reads its data set",
            "Wait until the server has loaded its data; its `INFO persistence` shows how far it is.",
        ),
        "OOM" => state(
            "Out of memory: the server takes no writes",
            redproof_core::releases::eviction::RAISE_OR_EITHER,
        ),
        "READONLY" => state(READ_ONLY, "Connect to the master."),
        "MISCONF" => state(
            "Misconf: the server can't save its data and takes no writes",
            "Fix the server's disk or permissions, or set `stop-writes-on-bgsave-error no`.",
        ),
        "MASTERDOWN" => {
            state("Replica without its master", "Connect to the master, or bring it back.")
        }
        "NOREPLICAS" => state(
            "Too few replicas: the server takes no writes",
            "Bring the replicas back, or lower `min-replicas-to-write`.",
        ),
        "BUSY" => state("Busy: a script runs and runs", "Wait, or end it with `SCRIPT KILL`."),
        "DENIED" => state(
            "Protected mode: the server takes connections from its own machine only",
            "Set a password at the server (`requirepass`), or `bind` and `protected-mode no` in a closed network.",
        ),
        "MOVED" | "ASK" | "TRYAGAIN" | "CROSSSLOT" => state(
            "Cluster node: the server is part of a cluster, and this client is not made for one",
            "Write `redis_startup_nodes` under `cache_params` instead of `host` and `port`.",
        )
        .presented("a node of a cluster")
        .expected("a server on its own")
        .side(Side::Client)
        .redirected(),
        "NOPROTO" => plain(O::ProtocolError)
            .presented("a server without RESP3")
            .expected("RESP3, which this client begins with")
            .help(WITHOUT_HELLO),
        _ if lower.contains("max number of clients") => state(
            "Too many clients: the server takes no more connections",
            "Raise `maxclients`, or find out who holds the connections (`CLIENT LIST`).",
        ),
        _ if lower.contains("without any password configured") => plain(O::AuthFailed)
            .presented("a password")
            .expected("no password: the server's default user has none")
            .help("Leave `password` out, or give the server one (`requirepass`)."),
        _ if lower.contains("client sent auth, but no password is set") => plain(O::AuthFailed)
            .presented("a password")
            .expected("no password: the server has none")
            .help("Leave `password` out, or give the server one (`requirepass`)."),
        _ if lower.contains("invalid password") || lower.contains("invalid username") => {
            plain(O::AuthFailed)
        }
        _ if lower.contains("operation not permitted") => plain(O::AuthRequired),
        _ if no_such_database(&lower) => plain(O::WrongDb),
        _ if lower.contains("cluster support disabled") => plain(O::ClusterDisabled),
        _ if lower.contains("unknown command 'proxy'")
            || lower.contains("unknown command `proxy`") =>
        {
            sent_proxy_protocol(plain(O::ProtocolError))
        }
        _ if no_hello(command, &lower) => without_hello(plain(O::ProtocolError)),
        // A Redis always has it, unless it was renamed; LiteLLM sends `db` to the sentinels, too.
        _ if lower.contains("unknown command") && command == "SELECT" => state(
            "Unknown command SELECT: a Sentinel has none",
            "Leave `db` out with Sentinel. Where no sentinel is meant, write the address of the Redis: `redis-cli INFO server` says `redis_mode:sentinel` of a sentinel.",
        ),
        _ if lower.contains("unknown command") => state(
            "Renamed or unknown command",
            "Take back the server's `rename-command` for the commands that LiteLLM uses. If this is a sentinel (`redis-cli INFO server` says `redis_mode:sentinel`), write the address of the Redis, or name it in `sentinel_nodes`.",
        ),
        _ if is_unsupported(&lower) && (code == "ERR" || command == "SELECT") => {
            unsupported(command, &said)
        }
        // A service's own words: no other command is about a login.
        _ if command == "AUTH" => plain(O::AuthFailed),
        _ if lower.contains("unbalanced quotes") || lower.contains("protocol error") => {
            plain(O::ProtocolError)
        }
        _ => plain(O::Other),
    }
}

fn no_such_database(lower: &str) -> bool {
    let words = ["db index", "select is not allowed", "only 0 database is allowed"];
    words.iter().any(|words| lower.contains(words))
}

/// Proxies and services say in their own words what they do not pass on.
fn no_hello(command: &str, lower: &str) -> bool {
    lower.contains("unsupported command 'hello'")
        || (command == "HELLO" && (lower.contains("unknown command") || is_unsupported(lower)))
}

/// What answers takes less than Redis does: Envoy, Codis, a service's plan.
pub(crate) fn is_unsupported(lower: &str) -> bool {
    const WORDS: [&str; 7] = [
        "unsupported",
        "not supported",
        "not available",
        "not allowed",
        "not permitted",
        "disabled",
        "forbidden",
    ];
    WORDS.iter().any(|words| lower.contains(words))
}

/// A proxy or a service that does not know a command which LiteLLM's clients begin with.
fn unsupported(command: &str, said: &str) -> Failure {
    if command == "SELECT" {
        return Failure::new(ProbeOutcome::WrongDb, said)
            .presented("a proxy or service without SELECT")
            .expected("a server with numbered databases")
            .help("Leave `db` out: what answers there has one database.");
    }
    Failure::new(ProbeOutcome::ServerState, format!("Unsupported command. {said}"))
        .help(WITHOUT_PROXY)
}

/// The cure where a proxy or a service does not pass commands on.
pub(crate) const WITHOUT_PROXY: &str = "Connect LiteLLM to the Redis itself: a proxy before it (Codis, Envoy, \
    twemproxy), or a service's plan, keeps commands from it.";

/// What is about one value of the configuration, or about the service's plan.
fn of_a_value(
    command: &str,
    lower: &str,
    plain: &dyn Fn(ProbeOutcome) -> Failure,
) -> Option<Failure> {
    if command == "SELECT" && lower.contains("not an integer") {
        let failure = plain(ProbeOutcome::WrongDb)
            .presented("a `db` that is not a whole number")
            .expected("a whole number")
            .help("Write `db` as a whole number, or leave it out.");
        return Some(failure.side(Side::Client));
    }
    if command == "CLIENT SETNAME" && lower.contains("client names cannot contain") {
        let failure = plain(ProbeOutcome::InvalidConfig)
            .presented("a `client_name` with a blank or a special character")
            .expected("printable characters without blanks")
            .help("Take blanks, line ends and special characters out of `client_name`.");
        return Some(failure.side(Side::Client));
    }
    let quota = ["request limit exceeded", "requests limit exceeded", "quota exceeded"];
    quota.iter().any(|words| lower.contains(words)).then(|| {
        plain(ProbeOutcome::ServerState)
            .presented("a service whose plan answers no more requests")
            .help("Raise the plan's limit at the service, or wait until its count begins anew.")
    })
}

/// Whether redis-py's parser makes a `ResponseError` of it, which `on_connect` passes over after
/// CLIENT SETINFO, rather than a `ConnectionError`.
pub(crate) fn is_passed_over(error: &str) -> bool {
    let code = error.split(' ').next().unwrap_or("");
    !matches!(code, "NOAUTH" | "WRONGPASS" | "LOADING" | "MASTERDOWN" | "DENIED")
        && !error.contains("max number of clients")
        && !error.contains("invalid password")
}

#[cfg(test)]
mod tests {
    use super::{failure, is_passed_over, presentable};
    use crate::outcome::ProbeOutcome as O;

    /// Redis 5 has no HELLO, and repeats what came with it.
    #[test]
    fn a_password_is_not_repeated() {
        let said =
            "ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `app`, `s3cret`, ";
        assert_eq!(presentable(said), "ERR unknown command `HELLO`");
        assert_eq!(presentable("ERR \u{1b}[31mred"), "ERR [31mred");
    }

    /// Error texts of Redis 3 to 7, as its source prints them.
    #[test]
    fn errors_are_named() {
        let cases = [
            ("PING", "NOAUTH Authentication required.", O::AuthRequired),
            (
                "AUTH",
                "WRONGPASS invalid username-password pair or user is disabled.",
                O::AuthFailed,
            ),
            ("AUTH", "ERR invalid password", O::AuthFailed),
            ("AUTH", "ERR Client sent AUTH, but no password is set", O::AuthFailed),
            (
                "SET",
                "NOPERM this user has no permissions to access one of the keys used as arguments",
                O::NoPermission,
            ),
            ("SELECT", "ERR DB index is out of range", O::WrongDb),
            ("SELECT", "ERR SELECT is not allowed in cluster mode", O::WrongDb),
            ("CLUSTER SLOTS", "ERR This instance has cluster support disabled", O::ClusterDisabled),
            ("SET", "CLUSTERDOWN Hash slot not served", O::ClusterDown),
            (
                "HELLO",
                "ERR unknown command `HELLO`, with args beginning with: `3`, ",
                O::ProtocolError,
            ),
            ("PING", "ERR unknown command 'PING', with args beginning with: ", O::ServerState),
            ("PING", "ERR max number of clients reached", O::ServerState),
            ("SET", "OOM command not allowed when used memory > 'maxmemory'.", O::ServerState),
            ("SET", "MOVED 866 127.0.0.1:7001", O::ServerState),
            ("SELECT", "ERR value is not an integer or out of range", O::WrongDb),
            (
                "CLIENT SETNAME",
                "ERR Client names cannot contain spaces, newlines or special characters.",
                O::InvalidConfig,
            ),
            (
                "PING",
                "ERR max requests limit exceeded. Limit: 500000, Usage: 500001.",
                O::ServerState,
            ),
            ("HELLO", "ERR handle request, command 'HELLO' is not allowed", O::ProtocolError),
            ("SELECT", "ERR unsupported command 'select'", O::WrongDb),
            ("PING", "ERR handle request, command 'PING' is not allowed", O::ServerState),
            ("AUTH", "ERR AUTH failed: invalid token", O::AuthFailed),
            ("PING", "no upstream host", O::ServerState),
            ("SET", "upstream failure", O::ServerState),
            ("PING", "ERR Command is not available: 'PING'.", O::ServerState),
            ("SET", "ERR something else", O::Other),
        ];
        for (command, error, expected) in cases {
            assert_eq!(failure(command, error).outcome, expected, "{error}");
        }
    }

    #[test]
    fn redis_py_passes_over_response_errors_only() {
        assert!(is_passed_over(
            "ERR Unknown subcommand or wrong number of arguments for 'SETINFO'"
        ));
        assert!(is_passed_over("NOPERM this user has no permissions to run the 'client' command"));
        assert!(!is_passed_over("NOAUTH Authentication required."));
    }
}
