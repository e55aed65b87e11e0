//! Clusters and sentinels to probe, of which it is recorded what LiteLLM's own clients make of them.

use std::net::IpAddr;
use std::path::Path;

use redproof_probe::ProbeOutcome as O;
use serde_json::{Map, Value, json};

use crate::certificates::{Identity, Purpose, TlsFiles, Wish};
use crate::servers::RedisServer;
use crate::situations::TEST_DOMAIN;
use crate::topologies::{Cluster, Watched, redis_cli, wait_until};

/// One case.
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// `cache_params`, without `type`.
    pub settings: Map<String, Value>,
    /// The outcome of the asyncio client on redis-py 5.3.1 and on 8.1.0, each with its LiteLLM.
    pub expected: [O; 2],
    /// The sync client's.
    pub sync: [O; 2],
}

/// What runs while the cases are tried.
pub struct Servers {
    by_address: Cluster,
    _by_name: Cluster,
    _lone: RedisServer,
    watched: Watched,
    files: TlsFiles,
    places: Places,
}

/// Where the servers are, and the authorities' files.
#[derive(Clone, Debug, Default)]
pub struct Places {
    by_address: u16,
    by_name: u16,
    lone: u16,
    sentinels: [u16; 3],
    authority: String,
    other_authority: String,
    named_authority: String,
}

/// A server's certificate with these names, and the authority that signed it.
///
/// # Panics
/// When OpenSSL or the file system refuses.
pub fn certificates(directory: &Path, dns: &[&'static str], ips: &[&'static str]) -> TlsFiles {
    std::fs::create_dir_all(directory).expect("the directory is made");
    let root = Identity::new(&Wish::authority("Test Root"), None).expect("a CA");
    let authority = root.write(directory, "root", &[]).expect("its files");
    // On the cluster's bus each node is the other's client.
    let wish = Wish { purpose: Purpose::Both, ..Wish::server() }.named(dns, ips);
    let server = Identity::new(&wish, Some(&root)).expect("a certificate");
    let server = server.write(directory, "server", &[]).expect("its files");
    TlsFiles::new(&server, &authority)
}

impl Servers {
    /// Starts two clusters, a server on its own, and a watched master.
    ///
    /// # Panics
    /// When one does not come up.
    pub fn start(directory: &Path) -> Self {
        let files = certificates(&directory.join("a"), &["localhost"], &["127.0.0.1"]);
        let named = certificates(&directory.join("b"), &["redis.test"], &[]);
        let other = certificates(&directory.join("c"), &["localhost"], &[]);
        let by_address = Cluster::start(&directory.join("a"), &files, &[]);
        let by_name = Cluster::start(&directory.join("b"), &named, &[]);
        let lone = RedisServer::start(directory, &files.arguments());
        let watched = Watched::start(directory, &files, "secret");
        let places = Places {
            by_address: by_address.nodes[0].port,
            by_name: by_name.nodes[0].port,
            lone: lone.port,
            sentinels: [0, 1, 2].map(|index| watched.sentinels[index].port),
            authority: files.authority.clone(),
            other_authority: other.authority,
            named_authority: named.authority,
        };
        Self { by_address, _by_name: by_name, _lone: lone, watched, files, places }
    }

    /// The cases that leave the servers as they are.
    pub fn cases(&self) -> Vec<Case> {
        self.places.cases()
    }

    /// Takes a slot and the master away; the cases that then are.
    ///
    /// # Panics
    /// When the sentinels do not notice.
    pub fn break_down(self) -> (Vec<Case>, impl Sized) {
        self.by_address.command(&["CLUSTER", "DELSLOTS", "0"]);
        let cases = self.places.broken();
        let Self { by_address, watched: Watched { sentinels, master, replica }, files, .. } = self;
        drop((master, replica));
        wait_until("the sentinels notice", || {
            sentinels.iter().all(|sentinel| {
                redis_cli(sentinel.port, &files, &["SENTINEL", "MASTERS"]).contains("s_down")
            })
        });
        (cases, (by_address, sentinels))
    }
}

impl Places {
    /// The cases while all is well.
    pub fn cases(&self) -> Vec<Case> {
        let mut list = self.clusters();
        list.extend(self.sentinels());
        list
    }

    fn clusters(&self) -> Vec<Case> {
        let port = self.by_address;
        let node = |host: &str, port: u16| json!({"host": host, "port": port});
        let tls = |nodes: &[Value]| json!({"redis_startup_nodes": nodes, "ssl": true, "ssl_ca_certs": self.authority});
        let with = |mut settings: Value, key: &str, value: Value| {
            settings[key] = value;
            settings
        };
        let named = tls(&[node("redis.test", self.by_name)]);
        let named = with(named, "ssl_ca_certs", json!(self.named_authority));
        let good = tls(&[node("127.0.0.1", port)]);
        let gone = node("127.0.0.1", 1);
        // Another failure of the same startup nodes.
        let other = with(good.clone(), "ssl_ca_certs", json!(self.other_authority));
        let checked = with(named.clone(), "ssl_check_hostname", json!(true));
        vec![
            case("cluster", good.clone(), [O::Ok; 2]),
            case("cluster, by the name localhost", tls(&[node("localhost", port)]), [O::Ok; 2]),
            case(
                "cluster, first startup node gone",
                tls(&[gone.clone(), node("127.0.0.1", port)]),
                [O::Ok; 2],
            ),
            case("cluster, startup nodes gone", tls(&[gone]), [O::Refused; 2]),
            case("cluster, unknown root", other, [O::UnknownCa; 2]),
            case(
                "cluster, announced addresses not in the certificate",
                named,
                [O::Ok, O::HostnameMismatch],
            ),
            case(
                "cluster, announced addresses not in the certificate, checked",
                checked,
                [O::HostnameMismatch; 2],
            )
            // Before redis-py 6.1, the sync cluster client drops `ssl_check_hostname`.
            .sync([O::Ok, O::HostnameMismatch]),
            case(
                "cluster, plaintext client",
                json!({"redis_startup_nodes": [node("127.0.0.1", port)]}),
                [O::TlsRequired; 2],
            ),
            case(
                "cluster client, lone server",
                tls(&[node("127.0.0.1", self.lone)]),
                [O::ClusterDisabled; 2],
            ),
        ]
    }

    fn sentinels(&self) -> Vec<Case> {
        let nodes = self.sentinels.map(|port| json!(["127.0.0.1", port]));
        let good = json!({
            "sentinel_nodes": nodes, "service_name": "main", "password": "secret",
            "ssl": true, "ssl_ca_certs": self.authority,
        });
        let with = |key: &str, value: Value| {
            let mut settings = good.clone();
            settings[key] = value;
            settings
        };
        let gone = json!(["127.0.0.1", 1]);
        let first_gone = json!([gone, nodes[0], nodes[1]]);
        // LiteLLM 1.80.0 drops TLS and password of sentinels.
        let old = O::TlsRequired;
        let case = |name, settings, new| case(name, settings, [old, new]);
        let mut list = vec![
            case("sentinel", good.clone(), O::Ok),
            case(
                "sentinel, another master's name",
                with("service_name", json!("other")),
                O::SentinelUnknownMaster,
            ),
            case(
                "sentinel, unknown root",
                with("ssl_ca_certs", json!(self.other_authority)),
                O::UnknownCa,
            ),
            case(
                "sentinel, wrong password of the master",
                with("password", json!("guess")),
                O::AuthFailed,
            ),
        ];
        let first_gone = with("sentinel_nodes", first_gone);
        let unreachable = O::SentinelUnreachable;
        list.push(self::case("sentinel, first one gone", first_gone, [unreachable, O::Ok]));
        let all_gone = with("sentinel_nodes", json!([gone]));
        list.push(self::case("sentinel, all gone", all_gone, [unreachable; 2]));
        list
    }

    /// The cases once a slot and the master are gone.
    pub fn broken(&self) -> Vec<Case> {
        let (cluster, sentinel) = (self.clusters().swap_remove(0), self.sentinels().swap_remove(0));
        let unknown = [O::TlsRequired, O::SentinelUnknownMaster];
        vec![
            Case {
                name: "cluster, a slot without a master",
                expected: [O::ClusterDown; 2],
                sync: [O::ClusterDown; 2],
                ..cluster
            },
            Case { name: "sentinel, master down", expected: unknown, sync: unknown, ..sentinel },
        ]
    }
}

fn case(name: &'static str, settings: Value, expected: [O; 2]) -> Case {
    let Value::Object(settings) = settings else {
        unreachable!("{name}: settings are a table");
    };
    Case { name, settings, expected, sync: expected }
}

impl Case {
    fn sync(self, sync: [O; 2]) -> Self {
        Self { sync, ..self }
    }

    /// The addresses of the hosts that no resolver knows.
    pub fn hosts(&self) -> Vec<(String, IpAddr)> {
        vec![(format!("redis{TEST_DOMAIN}"), IpAddr::from([127, 0, 0, 1]))]
    }
}
