"""A Redis that answers: one server on loopback that every connection of redis-py is led to.

It stands for a lone server, for the only node of a cluster, and for a sentinel of any master: it says yes to
whatever start-up asks. Certificates, passwords and names are not looked at, so that what a real server would refuse
is taken for granted.
"""

import asyncio
import socket
import threading

import redis
import redis.asyncio.cluster
import redis.asyncio.connection
import redis.asyncio.sentinel
import redis.cluster
import redis.connection
import redis.sentinel


class Asked:
    """What a question does not tell: which master, and the address that redis-py means."""

    service = "mymaster"
    address = ("127.0.0.1", 6379)


def bulk(text):
    data = text.encode()
    return b"$%d\r\n%s\r\n" % (len(data), data)


def array(items):
    return b"*%d\r\n" % len(items) + b"".join(items)


INFO = "# Server\r\nredis_version:7.4.0\r\nredis_mode:standalone\r\nrun_id:0\r\n# Cluster\r\ncluster_enabled:1\r\n"


HELLO = b"".join(bulk(word) for word in ("server", "redis", "version", "7.4.0", "proto"))


def slots():
    host, port = Asked.address
    return array([array([b":0\r\n", b":16383\r\n", array([bulk(host), b":%d\r\n" % port, bulk("a" * 40)])])])


def masters(protocol):
    host, port = Asked.address
    fields = {
        "name": str(Asked.service), "ip": host, "port": str(port), "flags": "master", "num-slaves": "0",
        "num-other-sentinels": "2", "quorum": "1", "last-ping-sent": "0", "last-ok-ping-reply": "1",
        "down-after-milliseconds": "5000", "config-epoch": "0", "failover-timeout": "1000", "parallel-syncs": "1",
    }
    words = b"".join(bulk(word) for pair in fields.items() for word in pair)
    head = b"%%%d\r\n" % len(fields) if protocol == 3 else b"*%d\r\n" % (2 * len(fields))
    return array([head + words])


def reply(words, protocol):
    name = words[0].upper()
    second = words[1].upper() if len(words) > 1 else ""
    match name, second:
        case "PING", _:
            return b"+PONG\r\n"
        case "HELLO", "3":
            return b"%3\r\n" + HELLO + b":3\r\n"
        case "HELLO", _:
            return b"*6\r\n" + HELLO + b":2\r\n"
        case "INFO", _:
            return bulk(INFO)
        case "CLUSTER", "SLOTS":
            return slots()
        case "SENTINEL", "MASTERS":
            return masters(protocol)
        case "SENTINEL", "GET-MASTER-ADDR-BY-NAME":
            host, port = Asked.address
            return array([bulk(host), bulk(str(port))])
        case "SENTINEL" | "COMMAND" | "KEYS" | "SCAN", _:
            return array([])
        case "ROLE", _:
            return array([bulk("master"), b":0\r\n", array([])])
        case "GET" | "MGET" | "LPOP", _:
            return b"$-1\r\n"
        case "INCR" | "INCRBY" | "EXPIRE" | "TTL" | "DEL" | "EXISTS" | "RPUSH" | "SADD", _:
            return b":1\r\n"
    return b"+OK\r\n"


def serve(connection):
    stream, protocol = connection.makefile("rb"), 2
    try:
        while line := stream.readline():
            words = []
            for _ in range(int(line[1:])):
                length = int(stream.readline()[1:])
                words.append(stream.read(length + 2)[:-2].decode(errors="replace"))
            if words[0].upper() == "HELLO":
                protocol = int(words[1]) if len(words) > 1 else 2
            connection.sendall(reply(words, protocol))
    except (OSError, ValueError):
        pass
    finally:
        connection.close()


def listen():
    """Its address."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[:2]


def lead_redis_py():
    """Leads every connection of redis-py to a server, whose address it gives."""
    address = listen()

    def meant(connection):
        host, port = getattr(connection, "host", None), getattr(connection, "port", None)
        if isinstance(host, str) and isinstance(port, int):
            Asked.address = (host, port)

    def opened(connection):
        meant(connection)
        stream = socket.create_connection(address)
        # What is not a timeout is refused before anyone is asked.
        for name in ("socket_connect_timeout", "socket_timeout"):
            stream.settimeout(getattr(connection, name, None) or None)
        stream.settimeout(None)
        return stream

    sync = redis.connection
    for kind in (sync.Connection, sync.SSLConnection, sync.UnixDomainSocketConnection):
        kind._connect = opened

    def arguments(connection):
        meant(connection)
        return {"host": address[0], "port": address[1]}

    for kind in (redis.asyncio.connection.Connection, redis.asyncio.connection.SSLConnection):
        kind._connection_arguments = arguments

    async def opened_soon(connection):
        connection._reader, connection._writer = await asyncio.open_connection(*address)
        await connection.on_connect()

    redis.asyncio.connection.UnixDomainSocketConnection._connect = opened_soon
    note_what_is_configured()
    return address


def note_what_is_configured():
    """Notes sentinels and nodes as they were given, before servers name others."""
    for kind in (redis.sentinel.Sentinel, redis.asyncio.sentinel.Sentinel):
        note_the_master(kind)
    for kind in (redis.cluster.NodesManager, redis.asyncio.cluster.NodesManager):
        note_the_nodes(kind)


def note_the_master(kind):
    """Which master is asked for, and the sentinels in the order given: whoever answers goes to the front."""
    discover = kind.discover_master

    def noted(self, service_name):
        Asked.service = service_name
        if not hasattr(self, "configured_sentinels"):
            self.configured_sentinels = list(self.sentinels)
        return discover(self, service_name)

    kind.discover_master = noted


NODES = {}


def configured_nodes(manager):
    """The nodes that a cluster's client was given."""
    return NODES.get(id(manager), (manager, list(manager.startup_nodes.values())))[1]


def note_the_nodes(kind):
    """The nodes in the order given: those that a cluster names take their place."""
    initialize = kind.initialize

    def noted(self, *args, **kwargs):
        # asyncio's has slots, and stays alive here.
        NODES.setdefault(id(self), (self, list(self.startup_nodes.values())))
        return initialize(self, *args, **kwargs)

    kind.initialize = noted
