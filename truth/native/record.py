"""Records what LiteLLM's Rust client does with settings, certificates and servers: JSON Lines, a situation a line.

Usage: record.py [--known recording.jsonl] > more.jsonl [NAME…]

Situations that are known are not asked about again; NAMEs choose those whose name begins so.

Runs in a Python environment that holds LiteLLM 1.110.0 or newer and redis-py, with redis-server, redis-cli and openssl on the
PATH; it listens and connects on loopback alone. The client is made from a real `RedisCache` by LiteLLM's own
`litellm.redis.stores.connection.connect`, and then counts a budget. Beside it, redis-py's clients that LiteLLM makes of the same
settings send PING.
"""

import asyncio
import contextlib
import io
import json
import os
import pathlib
import re
import sys
import tempfile

for name in [name for name in os.environ if name.startswith(("REDIS_H", "REDIS_P", "REDIS_U", "SSL_"))]:
    del os.environ[name]

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import certificates  # noqa: E402
import rust_client  # noqa: E402
import servers  # noqa: E402
import situations  # noqa: E402

with contextlib.redirect_stdout(io.StringIO()):
    import litellm  # noqa: E402
    import redis  # noqa: E402
    from litellm.caching.redis_cache import RedisCache  # noqa: E402
    from litellm.caching.redis_cluster_cache import RedisClusterCache  # noqa: E402
    from litellm.redis.stores.connection import connect  # noqa: E402

LONGEST = 25
LINES = rust_client.Lines()


class Recorder:
    def __init__(self, folder):
        self.certificates = certificates.make(folder)
        self.socket = str(pathlib.Path(folder) / "redis.sock")
        self.servers = servers.Servers(folder, self.certificates)
        self.names = {}

    def filled(self, value, text=False):
        """Settings with what only this run knows."""
        if isinstance(value, dict):
            return {key: self.filled(one, text) for key, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one, text) for one in value]
        if not isinstance(value, str):
            return value
        if whole := re.fullmatch(r"\{port:([^}]+)\}", value):
            port = self.port(whole[1])
            return str(port) if text else port
        value = re.sub(r"\{port:([^}]+)\}", lambda found: str(self.port(found[1])), value)
        value = re.sub(r"\{text:([^}]+)\}", lambda found: self.certificates.at(found[1]).read_text(), value)
        return value.replace("{dir}", str(self.certificates.path)).replace("{socket}", self.socket)

    def port(self, name):
        port = self.servers.port(name)
        self.names[str(port)] = f"{{port:{name}}}"
        return port

    def told(self, text):
        """A message without what only this run knows."""
        for port, name in self.names.items():
            text = re.sub(rf"\b{port}\b", name, text)
        return text.replace(self.socket, "{socket}").replace(str(self.certificates.path), "{dir}")

    async def situation(self, name, server, settings):
        filled = self.filled(settings, text="text" in name)
        if server not in self.servers.running:
            self.port(server)
        LINES.clear()
        answer = {"name": name, "server": server, "settings": settings}
        made = None
        try:
            cache = self.cache(filled)
        except BaseException as error:
            return answer | {"cache": self.raised(error)}
        LINES.clear()
        try:
            made = connect(cache)
        except BaseException as error:
            answer |= {"stores": self.raised(error)}
        else:
            answer |= {"stores": "memory" if made.client is None else "redis"}
        answer |= rust_client.said([self.told(line) for line in LINES.lines])
        if made is not None and made.client is not None:
            answer |= await self.used(made, server, settings)
        answer["beside"] = await self.beside(cache)
        return answer

    @staticmethod
    def cache(settings):
        if nodes := settings.pop("redis_startup_nodes", None):
            return RedisClusterCache(startup_nodes=nodes, **settings)
        return RedisCache(**settings)

    def raised(self, error):
        said = rust_client.raised(error)
        return said | {"message": self.told(said["message"])}

    async def used(self, made, server, settings):
        LINES.clear()
        counters = made.spend_counters()
        try:
            await asyncio.wait_for(counters.increment("spend:key:x", 1.0), LONGEST)
            reading = await asyncio.wait_for(counters.read("spend:key:x"), LONGEST)
            used = {"use": "ok" if reading.from_redis else "memory"}
        except BaseException as error:
            used = {"use": self.raised(error)}
        failures = sorted({self.told(line) for line in LINES.lines})
        if failures:
            used["failures"] = failures
        if used["use"] == "ok":
            used["seen"] = self.seen(server)
        return used

    def seen(self, server):
        """What the server has of it: user, database, name and protocol of the connection, and the keys."""
        if server.startswith("sentinel:"):
            server = server.split(":")[1]
        if server.startswith("sentinel-over-tls:"):
            server = f"tls:{server.split(':')[-1]}"
        clients = [dict(word.split("=", 1) for word in line.split()) for line in self.servers.admin(server, "CLIENT", "LIST").splitlines()]
        theirs = [client for client in clients if client["cmd"] in ("get", "incrbyfloat", "expire", "mget", "eval", "evalsha")]
        keys = sorted(self.servers.admin(server, "-n", theirs[0]["db"] if theirs else "0", "KEYS", "*").split())
        self.servers.admin(server, "FLUSHALL")
        return {"clients": sorted({(c["user"], int(c["db"]), c["name"], int(c["resp"])) for c in theirs}), "keys": keys}

    async def beside(self, cache):
        said = {}
        try:
            await asyncio.wait_for(asyncio.to_thread(cache.redis_client.ping), LONGEST)
            said["sync"] = "ok"
        except BaseException as error:
            said["sync"] = type(error).__name__
        try:
            client = cache.init_async_client()
            await asyncio.wait_for(client.ping(), LONGEST)
            said["async"] = "ok"
        except BaseException as error:
            said["async"] = type(error).__name__
        with contextlib.suppress(BaseException):
            cache.redis_client.close()
        with contextlib.suppress(BaseException):
            await cache.async_redis_conn_pool.disconnect()
        litellm.in_memory_llm_clients_cache.flush_cache()
        return said


async def main(names, known):
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(folder)
        versions = {"litellm": rust_client.release(), "redis_py": redis.__version__}
        try:
            for name, server, settings in situations.all_of_them():
                if name not in known and (not names or any(name.startswith(one) for one in names)):
                    try:
                        recorder.port(server)
                    except servers.NoServer as error:
                        print(f"{name}: {error}", file=sys.stderr)
                        continue
                    answer = await recorder.situation(name, server, settings)
                    print(json.dumps(answer | versions, ensure_ascii=False), flush=True)
        finally:
            recorder.servers.end()


names, known = sys.argv[1:], set()
if names[:1] == ["--known"]:
    known = {json.loads(line)["name"] for line in open(names[1], encoding="utf-8")}
    names = names[2:]
asyncio.run(main(names, known))
