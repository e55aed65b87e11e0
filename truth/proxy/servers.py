"""Redis servers on loopback, each watched by MONITOR."""

import hashlib
import re
import socket
import subprocess
import tempfile
import threading
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Watched:
    """One redis-server and what it was asked."""

    def __init__(self, program):
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
            + ["--appendonly", "no", "--dir", self.folder.name],
            stdout=subprocess.DEVNULL,
        )
        self.lines = []
        self.last = time.monotonic()
        self.monitor = self.dial()
        self.control = self.dial()
        self.send(self.monitor, "MONITOR")
        threading.Thread(target=self.watch, daemon=True).start()

    def dial(self):
        for _ in range(500):
            try:
                return socket.create_connection(("127.0.0.1", self.port))
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise RuntimeError("redis-server does not start")

    @staticmethod
    def send(connection, *words):
        connection.sendall((" ".join(words) + "\r\n").encode())

    def watch(self):
        rest = b""
        mine = str(self.control.getsockname()[1]).encode()
        while True:
            data = self.monitor.recv(1 << 16)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\r\n")
            theirs = [line for line in lines if b":" + mine + b"]" not in line and b" [" in line]
            if theirs:
                self.lines.extend(theirs)
                self.last = time.monotonic()

    def ask(self, *words):
        """A simple command's first reply line, or the bulk text."""
        self.send(self.control, *words)
        data = b""
        while True:
            data += self.control.recv(1 << 20)
            head, _, body = data.partition(b"\r\n")
            if head[:1] != b"$":
                return head.decode()
            if len(body) >= int(head[1:]) + 2:
                return body[: int(head[1:])].decode()

    def clear(self):
        self.ask("FLUSHALL")
        self.ask("SCRIPT", "FLUSH")
        self.lines.clear()

    def take(self):
        """The commands since the last take, canonical and without repetition."""
        lines, self.lines[:] = list(self.lines), []
        return sorted({words for words in map(canonical, lines) if words})

    def clients(self):
        """The number of connections and their names, without ours."""
        ours = {str(one.getsockname()[1]) for one in (self.monitor, self.control)}
        found = []
        for line in self.ask("CLIENT", "LIST").splitlines():
            fields = dict(field.split("=", 1) for field in line.split() if "=" in field)
            if fields.get("addr", "").rsplit(":", 1)[-1] not in ours:
                found.append(fields.get("name", ""))
        return sorted(found)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


LINE = re.compile(rb'^\+?[\d.]+ \[(\d+) ([^\]]+)\] (.*)$', re.S)
WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.S)
NAMED = {}


def name_key(key):
    NAMED[hashlib.sha256(key.encode()).hexdigest()] = f"<{key}>"


def plain(text):
    """A key without what differs from run to run."""
    text = re.sub(r"[0-9a-f]{64}", lambda match: NAMED.get(match[0], "<sha256>"), text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>", text)
    text = re.sub(r"\b[0-9a-f]{40}\b", "<sha1>", text)
    text = re.sub(r"\d{4}-\d{2}-\d{2}-\d{2}-\d{2}", "<minute>", text)
    text = re.sub(r"\d{4}-\d{2}-\d{2}", "<date>", text)
    text = re.sub(r"(?<![\d-])\d{2}-\d{2}(-\d{2})?(?![\d-])", "<minute>", text)
    text = re.sub(r"\b\d{10,13}\b", "<time>", text)
    return re.sub(r"\bd-(fail|pair)-\d", r"d-\1-?", text)


WITH_KEY = {
    "GET", "SET", "INCRBYFLOAT", "INCRBY", "INCR", "EXPIRE", "PEXPIRE", "TTL", "DEL", "RPUSH",
    "LPUSH", "LPOP", "SADD", "SREM", "SMEMBERS", "EXISTS", "DECRBY", "ZADD", "ZREM", "ZCARD",
    "ZREMRANGEBYSCORE", "HSET", "HGET", "HGETALL", "HINCRBY", "HINCRBYFLOAT", "LLEN", "TYPE",
    "SETEX", "SETNX", "PTTL", "EXPIREAT", "MGET", "UNLINK", "HDEL", "LRANGE", "GETDEL", "MSET",
}


def canonical(line):
    """One MONITOR line as text: [lua] [db] COMMAND key options."""
    found = LINE.match(line)
    if not found:
        return None
    db, source, rest = found.groups()
    words = [
        re.sub(rb"\\(.)", rb"\1", word).decode("utf-8", "replace") for word in WORD.findall(rest)
    ]
    command = words[0].upper()
    shown = [command]
    if command in ("EVALSHA", "EVAL") and len(words) > 2:
        count = int(words[2])
        shown += [plain(key) for key in words[3 : 3 + count]]
    elif command == "MGET":
        shown += sorted({plain(key) for key in words[1:]})
    elif command in WITH_KEY:
        shown.append(plain(words[1]))
        options = [word.upper() for word in words[3:]] if command in ("SET",) else []
        for option in ("EX", "PX"):
            if option in options:
                shown += [option, words[3 + options.index(option) + 1]]
        if "NX" in options:
            shown.append("NX")
        if command in ("EXPIRE", "PEXPIRE", "SETEX"):
            shown += words[2:3]
    elif command in ("CLIENT", "CLUSTER", "SCRIPT"):
        shown += [word.upper() for word in words[1:2]]
    elif command in ("PUBLISH", "SUBSCRIBE", "PSUBSCRIBE", "SELECT", "SCAN"):
        shown += [plain(word) for word in words[1:2]]
    before = ["lua"] if source == b"lua" else []
    if db != b"0":
        before.append(f"db{db.decode()}")
    return " ".join(before + shown)
