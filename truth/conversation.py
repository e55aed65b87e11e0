"""What the recorders share: the test domain, and the conversation with the Rust side.

Reads one JSON object per line, {"name", "settings"}, and answers each with one line:
{"name", "sync": {"ok"} or {"exception", "message", "cause"}, "async": the same}.
"""

import asyncio
import json
import os
import socket
import sys

import redis

# Hosts of the test domain are this machine.
resolver = socket.getaddrinfo


def getaddrinfo(host, *arguments, **named):
    ours = isinstance(host, str) and host.lower().rstrip(".").endswith(".test")
    return resolver("127.0.0.1" if ours else host, *arguments, **named)


socket.getaddrinfo = getaddrinfo


def settled(error):
    if error is None:
        return {"ok": True}
    cause = error.__cause__ or error.__context__
    return {
        "exception": type(error).__name__,
        "message": str(error),
        "cause": None if cause is None else f"{type(cause).__name__}: {cause}",
    }


def answer_all(sync_client, async_client):
    # OpenSSL asks for an encrypted key's passphrase on standard input: nobody is there.
    questions = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    python = ".".join(str(number) for number in sys.version_info[:2])
    print(json.dumps({"release": redis.__version__, "python": python}), flush=True)
    for line in questions:
        case = json.loads(line)
        settings = case["settings"]
        answer = {
            "name": case["name"],
            "sync": sync_client(settings),
            "async": asyncio.run(async_client(settings)),
        }
        print(json.dumps(answer), flush=True)
