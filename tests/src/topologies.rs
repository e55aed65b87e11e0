//! Real clusters and sentinels on this machine.

use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::certificates::TlsFiles;
use crate::servers::RedisServer;

/// A Redis Cluster over TLS: three masters with a replica each.
#[derive(Debug)]
pub struct Cluster {
    /// Its nodes, masters first.
    pub nodes: Vec<RedisServer>,
    certificates: TlsFiles,
}

/// Waits until a condition holds.
///
/// # Panics
/// When it does not within half a minute.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not within half a minute");
        std::thread::yield_now();
    }
}

/// Runs a command over TLS with `redis-cli`; its output.
///
/// # Panics
/// When redis-cli is not installed.
pub fn redis_cli(port: u16, certificates: &TlsFiles, arguments: &[&str]) -> String {
    // Joining a cluster waits for ever when the nodes do not find each other.
    let mut child = Command::new("timeout")
        .args([
            "30",
            "redis-cli",
            "-h",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "--tls",
            "--no-auth-warning",
        ])
        .args(["--cacert", &certificates.authority])
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("redis-cli starts; install it: apt-get install redis-tools");
    let mut text = String::new();
    let output = child.stdout.as_mut().expect("standard output is piped");
    output.read_to_string(&mut text).expect("redis-cli writes text");
    child.wait().expect("redis-cli ends");
    text
}

impl Cluster {
    /// Starts six nodes and joins them. `more` are further arguments, such as what they announce.
    ///
    /// # Panics
    /// When the cluster does not come up.
    pub fn start(directory: &Path, certificates: &TlsFiles, more: &[&str]) -> Self {
        let nodes: Vec<RedisServer> = (0..6)
            .map(|index| {
                let file = format!("nodes-{index}.conf");
                let mut arguments = certificates.arguments();
                arguments.extend(["--cluster-enabled", "yes", "--tls-cluster", "yes"]);
                arguments.extend([
                    "--cluster-node-timeout",
                    "5000",
                    "--cluster-config-file",
                    &file,
                ]);
                arguments.extend(more);
                RedisServer::start(directory, &arguments)
            })
            .collect();
        let cluster = Self { nodes, certificates: certificates.clone() };
        let addresses: Vec<String> =
            cluster.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        let mut create = vec!["--cluster", "create"];
        create.extend(addresses.iter().map(String::as_str));
        create.extend(["--cluster-replicas", "1", "--cluster-yes"]);
        let said = redis_cli(cluster.nodes[0].port, certificates, &create);
        assert!(said.contains("All 16384 slots covered"), "{said}");
        wait_until("the cluster comes up", || cluster.is_up());
        cluster
    }

    fn is_up(&self) -> bool {
        self.nodes.iter().all(|node| {
            let slots = redis_cli(node.port, &self.certificates, &["CLUSTER", "SLOTS"]);
            let ports = self.nodes.iter().filter(|other| slots.contains(&other.port.to_string()));
            redis_cli(node.port, &self.certificates, &["CLUSTER", "INFO"]).contains("state:ok")
                && ports.count() == self.nodes.len()
        })
    }

    /// Runs a command on the first node.
    pub fn command(&self, arguments: &[&str]) -> String {
        redis_cli(self.nodes[0].port, &self.certificates, arguments)
    }
}

/// A master with a replica, watched by three sentinels, all over TLS.
#[derive(Debug)]
pub struct Watched {
    /// The sentinels.
    pub sentinels: Vec<RedisServer>,
    /// The master, called `main`.
    pub master: RedisServer,
    /// Its replica.
    pub replica: RedisServer,
}

impl Watched {
    /// Starts them, the servers with this password.
    ///
    /// # Panics
    /// When the sentinels do not see each other in time.
    pub fn start(directory: &Path, certificates: &TlsFiles, password: &str) -> Self {
        let mut arguments = certificates.arguments();
        arguments.extend(["--requirepass", password, "--masterauth", password]);
        let master = RedisServer::start(directory, &arguments);
        let port = master.port.to_string();
        arguments.extend(["--replicaof", "127.0.0.1", &port]);
        let replica = RedisServer::start(directory, &arguments);
        let sentinels: Vec<RedisServer> = (0..3)
            .map(|_| RedisServer::start_tls_sentinel(directory, certificates, &master, password))
            .collect();
        wait_until("the sentinels see each other", || {
            sentinels.iter().all(|sentinel| {
                redis_cli(sentinel.port, certificates, &["SENTINEL", "CKQUORUM", "main"])
                    .starts_with("OK 3")
            })
        });
        let check = ["-a", password, "INFO", "replication"];
        wait_until("the replica follows", || {
            redis_cli(master.port, certificates, &check).contains("state=online")
        });
        Self { sentinels, master, replica }
    }
}
