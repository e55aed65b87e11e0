//! What of a server's words is shown: its error code, and the words that Redis, Valkey, Sentinel and
//! the usual proxies use. A server that means harm may send back what it was given, cut, turned or
//! encoded; no list of what to hide would find that.

/// Error codes.
const CODES: &[&str] = &[
    "ASK",
    "BUSY",
    "BUSYGROUP",
    "BUSYKEY",
    "CLUSTERDOWN",
    "CROSSSLOT",
    "DENIED",
    "ERR",
    "EXECABORT",
    "INPROG",
    "INVALIDOBJ",
    "IOERR",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "MOVED",
    "NOADDR",
    "NOAUTH",
    "NOGOODSLAVE",
    "NOGROUP",
    "NOMASTERLINK",
    "NOPERM",
    "NOPROTO",
    "NOQUORUM",
    "NOREPLICAS",
    "NOREPLICA",
    "NOSCRIPT",
    "NOTBUSY",
    "NOTREADY",
    "OOM",
    "READONLY",
    "REDIRECT",
    "SYNTAX",
    "TRYAGAIN",
    "UNBLOCKED",
    "UNKILLABLE",
    "WRONGPASS",
    "WRONGTYPE",
];

/// Commands and their parts, as errors name them.
#[rustfmt::skip]
const COMMANDS: &[&str] = &[
    "ACL", "AUTH", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "DB", "DEL", "EVAL", "EXPIRE", "GET",
    "GETNAME", "HELLO", "ID", "INFO", "LATENCY", "NODES", "PING", "PROXY", "QUIT", "RESP", "RESP2",
    "RESP3", "ROLE", "SCRIPT", "SELECT", "SENTINEL", "SET", "SETINFO", "SETNAME", "SHARDS", "SLOTS",
    "TTL", "WHOAMI", "HTTP", "SSH", "SMTP", "FTP", "ESMTP", "TLS", "SSL", "ACLs", "TCP", "IP", "OK",
    "RDB", "AOF", "MGET", "INCR", "INCRBY", "INCRBYFLOAT", "RPUSH", "LPOP", "ZADD", "ZCARD", "ZREM",
    "ZREMRANGEBYSCORE", "LOAD", "EVALSHA", "TIME", "PUBLISH", "SUBSCRIBE",
];

/// The words of error texts, in the order of their letters.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a", "able", "about", "accept", "accepts", "access", "acl", "active", "after", "against", "all",
    "allowed", "already", "an", "and", "any", "are", "argument", "arguments", "as", "at", "auth",
    "authenticate", "authenticated", "authentication", "available", "backend", "background", "bad",
    "be", "because", "been", "being", "bind", "blocked", "bulk", "but", "by", "call", "called",
    "can", "can't", "cannot", "channel", "channels", "check", "client", "clients", "close",
    "closed", "closing", "cluster", "command", "commands", "configuration", "configured", "connect",
    "connected", "connecting", "connection", "connections", "content", "correct", "correctly",
    "count", "currently", "data", "dataset", "db", "debian", "default", "denied", "details",
    "directly", "disabled", "disk", "do", "does", "doesn't", "down", "due", "during", "empty",
    "enabled", "end", "enough", "error", "errors", "exceeded", "execute", "exist", "existing",
    "exists", "expected", "expire", "fail", "failed", "failing", "failover", "failure", "few",
    "file", "first", "float", "for", "forbidden", "format", "found", "from", "gateway", "good",
    "group", "handshake", "has", "hash", "have", "host", "if", "in", "inconsistent", "index",
    "info", "instance", "instances", "int", "integer", "interface", "interfaces", "internal",
    "internally", "invalid", "is", "isn't", "it", "its", "key", "keys", "kind", "large", "last",
    "length", "limit", "link", "list", "loading", "local", "log", "login", "logs", "long",
    "loopback", "lua", "many", "master", "max", "maximum", "maxmemory", "may", "memory", "method",
    "missing", "mode", "modify", "module", "more", "moved", "multi", "must", "name", "needs",
    "network", "no", "node", "nodes", "not", "number", "numkeys", "of", "off", "on", "one", "only",
    "open", "openssh", "operation", "option", "or", "order", "out", "pair", "parameter", "partial",
    "password", "passwords", "pattern", "permanently", "permission", "permissions", "permitted",
    "persist", "please", "policy", "port", "possible", "prefix", "primary", "progress", "protected",
    "protocol", "provided", "proxy", "quorum", "quotes", "range", "rdb", "reached", "read", "ready",
    "redirect", "refused", "remote", "replica", "replicas", "replication", "reply", "request",
    "requested", "require", "required", "requires", "reset", "resource", "response", "retry",
    "return", "run", "running", "same", "save", "saving", "script", "second", "security", "see",
    "select", "send", "sent", "served", "server", "server's", "servers", "serving", "set",
    "setname", "short", "shutdown", "since", "slave", "slaves", "slot", "slots", "snapshot",
    "snapshots", "socket", "some", "specified", "state", "stop", "stop-writes-on-bgsave-error",
    "string", "subcommand", "such", "support", "supported", "sure", "syntax", "temporary",
    "terminated", "that", "the", "there", "these", "this", "time", "timeout", "to", "token", "too",
    "transaction", "try", "type", "ubuntu", "unable", "unauthenticated", "unauthorized",
    "unavailable", "unbalanced", "undefined", "unix", "unknown", "unsupported", "up", "update",
    "upstream", "use", "used", "user", "user's", "username", "username-password", "using", "value",
    "version", "via", "wait", "was", "when", "while", "will", "with", "without", "write", "writes",
    "written", "wrong", "yet", "you", "your",
];

/// A server's words without any that only it knows: `…` stands for those.
pub(crate) fn known(text: &str) -> String {
    let mut shown = String::new();
    let mut hidden = false;
    for (at, word) in text.split_whitespace().take(60).enumerate() {
        let bare = word.trim_matches(|c: char| "'`\".,:;!?()".contains(c));
        let number =
            !bare.is_empty() && bare.len() <= 3 && bare.bytes().all(|c| c.is_ascii_digit());
        let code = at == 0 && CODES.contains(&bare);
        let listed = COMMANDS.contains(&bare.to_ascii_uppercase().as_str())
            || COMMANDS.contains(&bare)
            || WORDS.contains(&bare.to_ascii_lowercase().as_str());
        // `HTTP/1.1`, `SSH-2.0-OpenSSH`
        let banner = at == 0
            && (bare.starts_with("HTTP/1.") || bare.starts_with("SSH-2.0"))
            && bare.len() <= 8;
        let slot = matches!(text.split(' ').next(), Some("MOVED" | "ASK")) && is_address(bare);
        let plain = word.len() - bare.len() <= 3 && word.is_ascii();
        if plain && (code || listed || number || banner || slot || bare.is_empty()) {
            if !shown.is_empty() {
                shown.push(' ');
            }
            shown.push_str(word);
            hidden = false;
        } else if !hidden {
            shown.push_str(if shown.is_empty() { "…" } else { " …" });
            hidden = true;
        }
    }
    shown
}

/// A slot, or where a cluster sends a client: `127.0.0.1:7001`. The probe goes there next.
fn is_address(text: &str) -> bool {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let host = host.trim_matches(['[', ']']);
    port.parse::<u16>().is_ok() && (host.is_empty() || host.parse::<std::net::IpAddr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn what_redis_says_is_shown_and_nothing_else() {
        for text in [
            "WRONGPASS invalid username-password pair or user is disabled.",
            "NOAUTH Authentication required.",
            "ERR max number of clients reached",
            "ERR Client sent AUTH, but no password is set",
            "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
            "MOVED 866 127.0.0.1:7001",
            "ERR unknown command `HELLO`",
            "NOPERM this user has no permissions to run the 'client' command",
            "NOPERM this user has no permissions to run the 'incrbyfloat' command",
        ] {
            let shown = known(text);
            assert!(shown.matches('…').count() <= 3, "{shown}");
        }
        for (text, shown) in [
            ("WRONGPASS s3cret is wrong", "WRONGPASS … is wrong"),
            ("S3CRET", "…"),
            ("HUNTER no such user", "… no such user"),
            ("ERR czNjcmV0 terces s3cre", "ERR …"),
            ("ERR MOVED 12345", "ERR MOVED …"),
            ("HTTP/1.1 400 Bad Request", "HTTP/1.1 400 Bad Request"),
        ] {
            assert_eq!(known(text), shown);
        }
    }
}
