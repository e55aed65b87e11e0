"""Real redis-servers on loopback, one for each way in which the situations need one."""

import pathlib
import socket
import subprocess
import time

PASSWORD = "pw"


def free_port():
    """A port that leaves room for a cluster's own, 10,000 above."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            if (port := one.getsockname()[1]) < 55000:
                return port


def wait_for(port, process, at_most=30):
    until = time.monotonic() + at_most
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise NoServer(f"redis-server does not listen on {port}")


class NoServer(Exception):
    """redis-server itself refuses the certificate."""


class Servers:
    """Each is started when a situation names it first, and all end with the recorder."""

    def __init__(self, folder, certificates):
        self.folder, self.certificates, self.running, self.refused = pathlib.Path(folder), certificates, {}, set()

    def port(self, name):
        """The port of the server of this name, which is started where it does not run."""
        if name in self.refused:
            raise NoServer(f"no server for {name}")
        if name not in self.running:
            try:
                self.running[name] = self.start(name)
            except NoServer:
                self.refused.add(name)
                raise
        return self.running[name][0]

    def admin(self, name, *command):
        """A command's answer, by redis-cli, on the plain port that every server has beside the one that is tried."""
        port = self.running[name][1]
        auth = ["-a", PASSWORD, "--no-auth-warning"] if "password" in name else []
        said = subprocess.run(["redis-cli", "-p", str(port), *auth, *command], capture_output=True, text=True)
        if said.returncode:
            raise NoServer(f"{name}: {command}: {said.stdout}{said.stderr}")
        return said.stdout

    def start(self, name):
        """`plain`, `password`, `acl`, `cluster`, `sentinel…`, `nobody`, `silent`, or `tls:CERTIFICATE[:OPTION…]`."""
        if name == "nobody":
            return free_port(), None, None
        if name == "silent":
            # The kernel accepts, and nobody reads.
            self.silent = socket.create_server(("127.0.0.1", 0))
            self.running[name] = (self.silent.getsockname()[1], None, None)
            return self.running[name]
        kind, *words = name.split(":")
        port, admin = free_port(), free_port()
        home = self.folder / name.replace(":", "_").replace("=", "_").replace(",", "_").replace("/", "_")
        home.mkdir()
        options = ["--dir", home, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--logfile", home / "log", "--databases", "16"]
        if kind.startswith("tls") or "tls" in words:
            certificate = words[0]
            at = self.certificates.at
            options += ["--tls-port", port, "--port", admin, "--tls-cert-file", at(f"{certificate}.pem"), "--tls-key-file", at(f"{certificate}.key")]
            if certificate == "sha1":
                # Its OpenSSL refuses to serve it otherwise.
                options += ["--tls-ciphers", "DEFAULT:@SECLEVEL=0"]
            authority = "both-ca.pem" if "client-cas" in words else "ca.pem"
            options += ["--tls-ca-cert-file", at(authority), "--tls-auth-clients", "yes" if "clients" in words else "no"]
            for word in words:
                if "=" in word:
                    option, value = word.split("=")
                    options += [f"--tls-{option}", value.replace("_", " ").replace(",", ":")]
            if "cluster" in words:
                options += ["--tls-cluster", "yes", "--tls-replication", "yes"]
        else:
            # One port for both.
            options += ["--port", port]
            admin = port
        if "cluster" in (kind, *words):
            options += ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1", "--cluster-config-file", home / "nodes.conf"]
        if "password" in name:
            options += ["--requirepass", PASSWORD]
        if kind == "acl":
            users = ["user default on nopass ~* &* +@all", f"user only on >{PASSWORD} ~ns:* &* +@all -@dangerous",
                     f"user all on >{PASSWORD} ~* &* +@all", f"user few on >{PASSWORD} ~* &* +ping +get", "user none on nopass ~* &* +@all"]
            (home / "users.acl").write_text("\n".join(users) + "\n")
            options += ["--aclfile", home / "users.acl"]
        if kind == "socket":
            options += ["--unixsocket", self.folder / "redis.sock"]
        program = "redis-server"
        if kind == "sentinel":
            port = admin = free_port()
            master = self.port(words[0])
            lines = [f"port {port}", "bind 127.0.0.1", f"dir {home}", f"logfile {home}/log", f"sentinel monitor mymaster 127.0.0.1 {master} 1"]
            if "password" in words[0]:
                lines.append(f"sentinel auth-pass mymaster {PASSWORD}")
            if "auth" in words:
                lines.append("requirepass sp")
            (home / "sentinel.conf").write_text("\n".join(lines) + "\n")
            options, program = [home / "sentinel.conf", "--sentinel"], "redis-server"
        if kind == "sentinel-over-tls":
            # The sentinel's certificate, then the master's.
            admin, master, at = free_port(), self.port(f"tls:{words[-1]}"), self.certificates.at
            lines = [f"port {admin}", f"tls-port {port}", "bind 127.0.0.1", f"dir {home}", f"logfile {home}/log", "tls-replication yes", "tls-auth-clients no",
                     f"tls-cert-file {at(words[0] + '.pem')}", f"tls-key-file {at(words[0] + '.key')}", f"tls-ca-cert-file {at('ca.pem')}",
                     f"sentinel monitor mymaster 127.0.0.1 {master} 1"]
            (home / "sentinel.conf").write_text("\n".join(lines) + "\n")
            options, program = [home / "sentinel.conf", "--sentinel"], "redis-server"
        process = subprocess.Popen([program, *map(str, options)], stdin=subprocess.DEVNULL)
        wait_for(port, process)
        wait_for(admin, process)
        self.running[name] = (port, admin, process)
        if "cluster" in (kind, *words):
            self.admin(name, "CLUSTER", "ADDSLOTSRANGE", "0", "16383")
            self.wait_for_cluster(name)
        return port, admin, process

    def wait_for_cluster(self, name, at_most=30):
        """A cluster is down for two seconds after it has its slots."""
        until = time.monotonic() + at_most
        while "cluster_state:ok" not in self.admin(name, "CLUSTER", "INFO"):
            if time.monotonic() > until:
                raise NoServer(f"{name}: the cluster does not come up")
            time.sleep(0.02)

    def end(self):
        for _, _, process in self.running.values():
            if process is not None:
                process.terminate()
        for _, _, process in self.running.values():
            if process is not None:
                process.wait()
