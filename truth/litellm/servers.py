"""Real servers on loopback, of Debian's redis-server: alone, with a password, a cluster of three, and a sentinel that watches the first."""

import atexit
import pathlib
import subprocess
import tempfile
import time

ALONE, GUARDED, CLUSTER, SENTINEL = 17379, 17380, (17381, 17382, 17383), 17384
PASSWORD, MASTER, SOCKET = "pw", "mymaster", "/tmp/redproof-oracle-redis.sock"


def ask(port, *words):
    return subprocess.run(["redis-cli", "-p", str(port), *words], capture_output=True, text=True).stdout


def until(what, seconds=30):
    """Waits for something that servers take a moment for."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise SystemExit("the servers do not come up")
        time.sleep(0.05)


def start():
    """Starts them all, and ends them with this process."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="redproof-servers-"))
    running = []

    def end():
        for one in running:
            one.terminate()
        for one in running:
            one.wait()
        subprocess.run(["rm", "-rf", str(folder)])

    atexit.register(end)

    def run(port, *lines):
        place = folder / str(port)
        place.mkdir()
        config = place / "redis.conf"
        config.write_text("\n".join([f"port {port}", "bind 127.0.0.1", f"dir {place}", "save ''", *lines]) + "\n")
        extra = ["--sentinel"] if port == SENTINEL else []
        running.append(subprocess.Popen(["redis-server", str(config), *extra], stdout=subprocess.DEVNULL))

    run(ALONE, f"unixsocket {SOCKET}")
    run(GUARDED, f"requirepass {PASSWORD}")
    for port in CLUSTER:
        run(port, "cluster-enabled yes")
    until(lambda: all("PONG" in ask(port, "PING") or "NOAUTH" in ask(port, "PING") for port in (ALONE, GUARDED, *CLUSTER)))
    run(SENTINEL, f"sentinel monitor {MASTER} 127.0.0.1 {ALONE} 1")
    nodes = [f"127.0.0.1:{port}" for port in CLUSTER]
    subprocess.run(["redis-cli", "--cluster", "create", *nodes, "--cluster-yes"], check=True, stdout=subprocess.DEVNULL)
    until(lambda: all("cluster_state:ok" in ask(port, "CLUSTER", "INFO") for port in CLUSTER))
    until(lambda: str(ALONE) in ask(SENTINEL, "SENTINEL", "get-master-addr-by-name", MASTER))
