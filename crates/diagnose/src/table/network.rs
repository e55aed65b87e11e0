//! Names, routes and connections: what the operating system and its resolver say.

use super::{cause, defect, native, python, redis_py, system};
use crate::{Entry, When};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "name-not-known",
        "The host's name is not known",
        &[
            system("Name or service not known", "glibc gai_strerror(EAI_NONAME)"),
            redis_py("Error -2 connecting to", "redis/connection.py Connection._error_message"),
            system("Name does not resolve", "musl gai_strerror(EAI_NONAME)"),
            system("nodename nor servname provided, or not known", "macOS gai_strerror"),
            system("[Errno 11001] getaddrinfo failed", "Windows WSAHOST_NOT_FOUND"),
            system("getaddrinfo ENOTFOUND", "Node.js: another program's client"),
            system("lookup {}: no such host", "Go: another program's client"),
            native("failed to lookup address information", "std::net, by redis-rs"),
        ],
        "The resolver of the machine or container that LiteLLM runs in has no address for the host.",
        &[
            cause(
                When::HostIsOdd,
                "The host holds what no host name has: a port, a scheme, a space or a quote.",
                "Write the bare name under `host` and the number under `port`, or use `url`.",
            )
            .codes(&["RP111", "RP112", "RP207", "RP725"]),
            cause(
                When::Found(&["RP724"]),
                "No service or container that LiteLLM can reach has this name.",
                "Do as RP724 says.",
            )
            .codes(&["RP724"]),
            cause(
                When::HostIsShort,
                "The host is a short name, which resolves only in the same compose project or Kubernetes namespace.",
                "Name the service as it is called there; across namespaces write `service.namespace.svc`.",
            ),
            cause(
                When::HostEnds(&[".svc", ".svc.cluster.local", ".local", ".internal"]),
                "The name is known inside its cluster or private network alone.",
                "Run LiteLLM where the name resolves, or link its private DNS zone to the network of LiteLLM.",
            ),
            cause(
                When::Always,
                "The name is misspelled, its server was deleted, or its DNS zone is not linked to the network.",
                "Correct the host, or create its DNS record.",
            ),
        ],
        "Resolve the name inside the container: `getent hosts NAME`.",
    )
    .outcome("dns"),
    Entry::new(
        "name-for-now-not-known",
        "The resolver does not answer",
        &[
            system("Temporary failure in name resolution", "glibc gai_strerror(EAI_AGAIN)"),
            system("getaddrinfo EAI_AGAIN", "Node.js: another program's client"),
            redis_py("Error -3 connecting to", "redis/connection.py Connection._error_message"),
        ],
        "The name server gave no answer; the name itself may be right.",
        &[
            cause(
                When::HostIsShort,
                "In compose and Docker, a service that is not running has no name: the question goes on to a server outside.",
                "Start the service, and put both containers on one network.",
            ),
            cause(
                When::Always,
                "The container has no network, or its DNS server is not reachable: a network policy without port 53, or CoreDNS down.",
                "Allow UDP and TCP port 53 to the cluster's DNS, and look at its pods.",
            ),
        ],
        "`cat /etc/resolv.conf` inside the container, and a query to the server that it names.",
    )
    .outcome("dns"),
    Entry::new(
        "name-without-address",
        "The name has no address of this family",
        &[
            system("No address associated with hostname", "glibc gai_strerror(EAI_NODATA)"),
            redis_py("Error -5 connecting to", "redis/connection.py Connection._error_message"),
            system("Address family for hostname not supported", "glibc gai_strerror(EAI_ADDRFAMILY)"),
            system("Name has no usable address", "musl gai_strerror(EAI_NODATA)"),
        ],
        "The name exists, and not with an address that can be used here.",
        &[cause(
            When::Always,
            "The record is IPv6 alone on a machine without IPv6, or there is a record of another type alone.",
            "Give the name an address record that LiteLLM's machine can use.",
        )],
        "`getent ahosts NAME` inside the container.",
    )
    .outcome("dns"),
    Entry::new(
        "host-is-no-name",
        "The host can't be a name",
        &[
            python("encoding with 'idna' codec failed", "Python encodings/idna.py"),
            python("label empty or too long", "Python encodings/idna.py"),
            python("label too long", "Python encodings/idna.py"),
        ],
        "Python can't turn the host into a DNS name: a label between two dots is empty or over 63 characters.",
        &[
            cause(
                When::HostIsOdd,
                "The host holds a port, a scheme, a space or a quote.",
                "Write the bare name under `host` and the number under `port`.",
            )
            .codes(&["RP111"]),
            cause(
                When::Always,
                "The host begins with a dot, holds two dots in a row, or is a secret or a path that was put in its place.",
                "Write the bare name of the server under `host`.",
            ),
        ],
        "Print the variable that the host comes from, between brackets: `echo \"[$REDIS_HOST]\"`.",
    )
    .outcome("dns"),
    Entry::new(
        "connection-refused",
        "Connection refused",
        &[
            system("Connection refused", "ECONNREFUSED, glibc strerror"),
            redis_py("Error 111 connecting to", "redis/connection.py Connection._error_message"),
            redis_py("Error 61 connecting to", "redis/connection.py on macOS"),
            redis_py("Error 10061 connecting to", "redis/connection.py on Windows"),
            system("connect ECONNREFUSED", "Node.js: another program's client"),
            python("[WinError 10061]", "Python on Windows, in the system's language"),
            python("ConnectionRefusedError:", "Python, whatever language the system speaks"),
            python("[Errno 111] Connect call failed", "asyncio/base_events.py create_connection"),
            python("Multiple exceptions: [Errno 111]", "asyncio/base_events.py create_connection"),
            native("Connection refused (os error 111)", "std::io::Error, by redis-rs"),
        ],
        "The host answers, and nothing listens on that port; or a firewall refuses on its behalf.",
        &[
            cause(
                When::Loopback,
                "The host is `localhost`: in a container that is the container itself, where no Redis runs.",
                "Name the service (`redis` in compose, `redis.namespace.svc` in Kubernetes), or `host.docker.internal` for Redis on the Docker host.",
            ),
            cause(
                When::Found(&["RP113"]),
                "A character of the URL's password ends its host: the client goes to another one, often `localhost`.",
                "Do as RP113 says.",
            )
            .codes(&["RP113"]),
            cause(
                When::Found(&["RP723"]),
                "`localhost` is LiteLLM's own container, and Redis runs in another one.",
                "Do as RP723 says.",
            )
            .codes(&["RP723"]),
            cause(
                When::Found(&["RP722", "RP724"]),
                "The Redis or Service in the same files listens on another port.",
                "Do as the finding says: between containers the container's port counts.",
            )
            .codes(&["RP722", "RP724"]),
            cause(
                When::UnixSocket,
                "Nobody listens on the Unix socket.",
                "Mount the directory of the server's `unixsocket` into LiteLLM's container.",
            ),
            cause(
                When::SentinelPort,
                "The port is a sentinel's, and no sentinel runs there.",
                "Write the port of Redis, or `sentinel_nodes` and `service_name`.",
            ),
            cause(
                When::Tls,
                "The server listens for TLS on a port other than this one.",
                "Use the server's `tls-port`: often 6380 or 6379, `redis-cli CONFIG GET tls-port` says which.",
            ),
            cause(
                When::Always,
                "Redis is not running, is not ready yet, listens on another port, or is bound to 127.0.0.1 on its machine.",
                "Start Redis and wait for it before LiteLLM, check the port inside the network (not the published one), and set `bind` in redis.conf.",
            ),
        ],
        "`redis-cli -h HOST -p PORT PING` from LiteLLM's container; `redproof probe` tries each client's address.",
    )
    .outcome("refused"),
    Entry::new(
        "no-route",
        "No route to the host",
        &[
            system("No route to host", "EHOSTUNREACH, glibc strerror"),
            system("Network is unreachable", "ENETUNREACH, glibc strerror"),
            redis_py("Error 113 connecting to", "redis/connection.py Connection._error_message"),
            redis_py("Error 101 connecting to", "redis/connection.py Connection._error_message"),
            system("Host is down", "EHOSTDOWN, glibc strerror"),
        ],
        "No path leads to the address.",
        &[
            cause(
                When::HostIsAddress,
                "The address is no longer the server's: pods and containers get another one at each start.",
                "Use the name of the service instead of the address.",
            ),
            cause(
                When::Always,
                "The networks are not connected, the name leads to an IPv6 address on a machine without IPv6, or a firewall rejects.",
                "Connect the networks (peering, a private endpoint), or correct the address.",
            ),
        ],
        "`ip route get ADDRESS` inside the container.",
    )
    .outcome("refused"),
    Entry::new(
        "connecting-times-out",
        "Timeout while connecting",
        &[
            redis_py("Timeout connecting to server", "redis/connection.py AbstractConnection.connect").seen("4.6.0", "8.1.0"),
            redis_py("Error 110 connecting to", "redis/connection.py Connection._error_message"),
            system("Connection timed out", "ETIMEDOUT, glibc strerror"),
            python("The handshake operation timed out", "Python _ssl.c"),
            system("Operation timed out", "ETIMEDOUT, musl and macOS strerror"),
            native("connection timed out", "redis-rs"),
        ],
        "No connection came about in time. redis-py counts the TLS handshake in.",
        &[
            cause(
                When::All(&[When::Tls, When::TlsToPlaintextPort]),
                "The server speaks plaintext on this port: it takes the TLS greeting for the start of a command and waits for its end.",
                "Use the server's TLS port, give the server TLS (`tls-port`), or turn TLS off for this client if the server has none.",
            )
            .codes(&["RP301"]),
            cause(
                When::HostEnds(&[".cache.amazonaws.com", ".amazonaws.com"]),
                "ElastiCache and MemoryDB are reachable from inside their VPC alone.",
                "Run LiteLLM in that VPC or a peered one, and let its security group in on the port.",
            ),
            cause(
                When::HostEnds(&[".redis.cache.windows.net", ".redis.azure.net"]),
                "A firewall rule or a private endpoint keeps LiteLLM out.",
                "Add LiteLLM's address to the firewall rules, or resolve the name to the private endpoint.",
            ),
            cause(
                When::ShortTimeout,
                "The timeout is shorter than a connection with its handshake takes.",
                "Set `socket_timeout` and `socket_connect_timeout` to 5.",
            )
            .codes(&["RP802"]),
            cause(
                When::Tls,
                "What answers on the port speaks no TLS, and waits.",
                "Use the server's TLS port, or turn TLS off for this client if the server has none.",
            ),
            cause(
                When::Always,
                "A firewall, security group or network policy drops the packets, or the address is nobody's.",
                "Let LiteLLM in on that port, and check the address.",
            ),
            cause(
                When::Always,
                "Where it works at other times: many connections are opened at once, as after a start or when LiteLLM builds its pool anew, or the worker's event loop was blocked.",
                "Give the worker CPU, bound the pool with `max_connections`, and set `socket_connect_timeout: 5` or more.",
            ),
        ],
        "`redproof probe` tells a silent firewall from a server that waits: it looks at the port in plaintext too.",
    )
    .outcome("timeout"),
    Entry::new(
        "reading-times-out",
        "Timeout while waiting for an answer",
        &[
            redis_py("Timeout reading from", "redis/connection.py AbstractConnection.read_response").seen("4.6.0", "8.1.0"),
            redis_py("Timeout writing to socket", "redis/connection.py AbstractConnection.send_packed_command").seen("4.6.0", "8.1.0"),
            python("The read operation timed out", "Python _ssl.c"),
            python("The write operation timed out", "Python _ssl.c"),
        ],
        "The connection is open, and the server's answer did not come within `socket_timeout`.",
        &[
            cause(
                When::ShortTimeout,
                "The timeout is below half a second: one busy moment is enough.",
                "Set `socket_timeout` to 5.",
            )
            .codes(&["RP802"]),
            cause(
                When::Found(&["RP310"]),
                "The service speaks TLS and the client plaintext: each waits for the other.",
                "Turn TLS on: `ssl: true`, or a `rediss://` URL.",
            )
            .codes(&["RP310"]),
            cause(
                When::SentinelPort,
                "A sentinel or another program listens on that port.",
                "Write the port of Redis.",
            ),
            cause(
                When::Always,
                "The server is busy: a slow command, a fork for saving, swapped memory; or LiteLLM's own event loop was blocked and read the answer late.",
                "Look at `SLOWLOG GET` and `INFO commandstats`; give the worker CPU, since a blocked event loop looks the same.",
            ),
            cause(
                When::Always,
                "A load balancer or NAT forgot an idle connection without closing it.",
                "Set `health_check_interval` below the idle time of the balancer, and `socket_keepalive: true`.",
            ),
        ],
        "`redis-cli --latency` from LiteLLM's container, and the CPU of the LiteLLM worker.",
    )
    .outcome("timeout"),
    Entry::new(
        "connection-reset",
        "Connection reset by the other side",
        &[
            system("Connection reset by peer", "ECONNRESET, glibc strerror"),
            redis_py("Error 104 connecting to", "redis/connection.py Connection._error_message"),
            redis_py("(104, 'Connection reset", "redis/connection.py AbstractConnection.read_response"),
            native("Connection reset by peer (os error 104)", "std::io::Error, by redis-rs"),
        ],
        "The other side closed the connection at once, without a word that redis-py understands.",
        &[
            cause(
                When::Any(&[When::PlaintextToTlsPort, When::Found(&["RP310"])]),
                "The port speaks TLS, and this client greets it in plaintext.",
                "Turn TLS on: `ssl: true` under `cache_params` (for the router `cache_kwargs: {ssl: true}`), or a `rediss://` URL.",
            )
            .codes(&["RP301", "RP302", "RP310"]),
            cause(
                When::Allows(&When::Plaintext),
                "The server speaks TLS, and this client greets it in plaintext.",
                "Turn TLS on: `ssl: true` under `cache_params` (for the router `cache_kwargs: {ssl: true}`), or a `rediss://` URL.",
            )
            .codes(&["RP301", "RP302", "RP310"]),
            cause(
                When::Allows(&When::All(&[When::Tls, When::NoClientCertificate])),
                "The server requires a client certificate, and closes without one.",
                "Set `ssl_certfile` and `ssl_keyfile`, or let the server do without (`tls-auth-clients no`).",
            )
            .codes(&["RP306"]),
            cause(
                When::Always,
                "Nothing is behind the load balancer or port-forward, the server is full (`maxclients`), in protected mode, or keeps this address out.",
                "Look at the balancer's backends and at `INFO stats`: `rejected_connections`.",
            ),
            cause(
                When::Always,
                "The connection had worked, and a server, balancer or NAT dropped it while it was idle, or the server restarted.",
                "Set `health_check_interval: 30`, below the idle time of what lies between.",
            ),
        ],
        "`redproof probe` looks at the port in TLS and in plaintext and says which one the server speaks.",
    )
    .outcome("tls_required"),
    Entry::new(
        "connection-closed",
        "Connection closed by the server",
        &[
            redis_py("Connection closed by server.", "redis/_parsers/base.py SERVER_CLOSED_CONNECTION_ERROR").seen("4.6.0", "8.1.0"),
            python("0 bytes read on a total of undefined expected bytes", "asyncio/streams.py StreamReader.readuntil"),
            redis_py("Error 32 while writing to socket. Broken pipe", "redis/connection.py AbstractConnection.send_packed_command"),
            redis_py("Error 104 while writing to socket", "redis/connection.py AbstractConnection.send_packed_command"),
            system("Error 104 while writing to socket. Connection reset by peer", "ECONNRESET, in redis-py's words"),
            redis_py("Error UNKNOWN while writing to socket. Connection lost", "redis/asyncio/connection.py AbstractConnection.send_packed_command"),
            system("Broken pipe", "EPIPE, glibc strerror"),
            native("broken pipe (os error 32)", "std::io::Error, by redis-rs"),
        ],
        "The server ended the connection: one that had worked, or a new one at its first command.",
        &[
            cause(
                When::Any(&[When::PlaintextToTlsPort, When::Found(&["RP310"])]),
                "The port speaks TLS: it closes on a greeting in plaintext.",
                "Turn TLS on: `ssl: true`, or a `rediss://` URL.",
            )
            .codes(&["RP301", "RP302", "RP310"]),
            cause(
                When::Always,
                "The server restarted or failed over, or a server or balancer closes idle connections (`timeout` in redis.conf; Azure after 10 minutes).",
                "Set `health_check_interval: 30`, and `timeout 0` where the server is yours.",
            ),
            cause(
                When::Allows(&When::Plaintext),
                "The server speaks TLS, and this client plaintext.",
                "Turn TLS on: `ssl: true`, or a `rediss://` URL.",
            )
            .codes(&["RP301", "RP302", "RP310"]),
        ],
        "Whether it happens at once (a wrong protocol) or after minutes (idle connections).",
    )
    .outcome("tls_required"),
    Entry::new(
        "no-free-port",
        "No local port is free",
        &[
            system("Cannot assign requested address", "EADDRNOTAVAIL, glibc strerror"),
            redis_py("Error 99 connecting to", "redis/connection.py Connection._error_message"),
        ],
        "The machine has no local address or port left for another connection.",
        &[
            cause(
                When::Loopback,
                "The name leads to the IPv6 address `::1`, which the container has not.",
                "Write `127.0.0.1` instead of `localhost`, or the name of the service.",
            ),
            cause(
                When::Always,
                "Connections are opened and closed so fast that all ports are still waiting.",
                "Keep connections: raise `max_connections`, and do not turn the pool off.",
            ),
        ],
        "`ss -s` inside the container: how many connections are in TIME-WAIT.",
    )
    .outcome("refused"),
    Entry::new(
        "too-many-files",
        "Too many open files",
        &[system("Too many open files", "EMFILE, glibc strerror")],
        "The process may open no more files, and connections are files.",
        &[
            cause(
                When::LimitedPool,
                "Each client of each worker opens up to `max_connections`; together they pass the limit.",
                "Lower `max_connections`, or raise the limit (`ulimit -n`, `LimitNOFILE`).",
            ),
            cause(
                When::Always,
                "The limit of open files is too low for the number of workers and connections.",
                "Raise `ulimit -n` of the container, and set `max_connections`.",
            ),
        ],
        "`ls /proc/PID/fd | wc -l` beside `ulimit -n`.",
    )
    .outcome("other"),
    Entry::new(
        "no-socket-permission",
        "No permission to connect",
        &[
            redis_py("Error 13 connecting to", "redis/connection.py AbstractConnection._error_message"),
            system("[Errno 13] Permission denied", "EACCES, Python OSError"),
        ],
        "The process may not open the Unix socket or the certificate file.",
        &[
            cause(
                When::UnixSocket,
                "The socket belongs to another user.",
                "Set `unixsocketperm 770` and a common group, or run both as one user.",
            ),
            cause(
                When::Any(&[When::ClientCertificate, When::OwnRoots]),
                "The user that LiteLLM runs as may not read a certificate or key: Secrets are mounted for root.",
                "Set `defaultMode: 0440` on the volume and `fsGroup` in the pod's securityContext.",
            ),
            cause(
                When::Always,
                "A file or socket belongs to another user.",
                "Give the user that LiteLLM runs as permission to read it.",
            ),
        ],
        "`id` and `ls -l` of the path inside the container.",
    )
    .outcome("cert_file_missing"),
    Entry::new(
        "no-address",
        "The resolver answers without an address",
        &[redis_py("socket.getaddrinfo returned an empty list", "redis/connection.py Connection._connect").seen("4.6.0", "8.1.0")],
        "The name is known and has no address of the wanted kind.",
        &[cause(When::Always, "The name has only IPv6 addresses where IPv4 is asked for, or the other way round; or a headless Service has no pod that is ready.", "Look at the name's records, and whether the Redis pods are ready.")],
        "`getent ahosts HOST` inside the container.",
    )
    .outcome("dns"),
    Entry::new(
        "other-event-loop",
        "An asyncio client is used in another event loop",
        &[
            python("Event loop is closed", "Python asyncio/base_events.py _check_closed"),
            python("attached to a different loop", "Python asyncio/tasks.py"),
            python("is bound to a different event loop", "Python asyncio/mixins.py"),
        ],
        "LiteLLM's async client was made in one event loop and is used in another one: a script that calls `asyncio.run` more than once, or tests.",
        &[
            cause(
                When::Always,
                "The process uses one LiteLLM cache from two event loops, or ends while a request runs.",
                "Use one event loop for the life of the process; in a script, call `asyncio.run` once.",
            ),
            defect("LD38992"),
            defect("LD31501"),
        ],
        "Where the loop is made: in the proxy uvicorn makes one a worker, so that the text there comes at shutdown alone.",
    )
    .outcome("other"),
];
