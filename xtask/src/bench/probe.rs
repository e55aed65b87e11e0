//! A live probe of a TLS Redis on this machine, beside `redis-cli`, and of a cluster of a thousand nodes.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::measure::{Call, time};
use super::report::{Row, Table, ratio};
use super::{Programs, write};
use crate::shell::{output, which};

/// A TLS Redis of the bench's own; it ends with this value.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One TLS server: what `redproof probe` takes, and what `redis-cli --tls PING`.
pub(super) fn measure(programs: &Programs) -> Result<Table, String> {
    let title = "Probe of one TLS Redis on loopback, whole process";
    let missing: Vec<&str> = ["redis-server", "redis-cli", "openssl"]
        .into_iter()
        .filter(|program| which(program).is_none())
        .collect();
    if !missing.is_empty() {
        return Ok(Table::new(title, vec![]).remark(format!(
            "Not measured: {} missing. `apt-get install redis-server openssl` installs them.",
            missing.join(", ")
        )));
    }
    let folder = programs.folder.join("tls");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let (certificate, key) = certificate(&folder)?;
    let server = start(&folder, &certificate, &key, "127.0.0.1", &[], |_| Ok(()))?;
    let config = folder.join("config.yaml");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
         host: 127.0.0.1\n    port: {}\n    ssl: true\n    ssl_ca_certs: {}\n",
        server.port,
        certificate.display()
    );
    write(&config, &text)?;
    let port = server.port.to_string();
    let own = Call::new(&programs.redproof, &["probe"]).paths([&config]);
    let redis_cli = Call::new("redis-cli", &["-h", "127.0.0.1", "-p", &port, "--tls", "--cacert"])
        .paths([certificate.as_os_str()])
        .paths(["PING"]);
    verify(programs, &config)?;
    let times = time(&[own.clone(), redis_cli], 101)?;
    let within = times[0].median <= times[1].median;
    drop(server);
    let nodes = Cluster::start(&folder, &certificate, &key)?;
    let config = folder.join("cluster.yaml");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
         redis_startup_nodes: [{{host: 127.0.3.1, port: {}}}]\n    ssl: true\n    ssl_ca_certs: {}\n    \
         ssl_check_hostname: false\n    password: '{}'\n",
        nodes.server.port,
        certificate.display(),
        nodes.password
    );
    write(&config, &text)?;
    let cluster = Call::new(&programs.redproof, &["probe", "--read-only"]).paths([&config]);
    verify_ends_with_ok(&programs.redproof, &config)?;
    let of_cluster = time(std::slice::from_ref(&cluster), 7)?[0];
    Ok(Table::new(
        title,
        vec![
            Row::new(format!(
                "redproof probe: a TLS cluster of {NODES} nodes, each by every client"
            ))
            .times(of_cluster)
            .peak(cluster.peak()?)
            .budget("≤ 1.2 s", of_cluster.median.as_secs_f64() <= 1.2),
            Row::new("redproof probe: TLS, HELLO, PING, SET, GET, DEL")
                .times(times[0])
                .peak(own.peak()?)
                .budget("≤ 1.0 × redis-cli", within),
            Row::new("redis-cli --tls PING").times(times[1]).figure(ratio(times[1], times[0])),
        ],
    ))
}

/// How many nodes the cluster has.
const NODES: u16 = 1000;

/// A cluster whose nodes are two servers, for real ones shake hands side by side, and one alone would do so one after
/// the other: each address of the loopback network leads to both, by their ports, and the second one's file of nodes
/// names a thousand.
struct Cluster {
    /// It is asked for the map.
    server: Server,
    _other: Server,
    /// They listen on every address, and for the bench alone.
    password: String,
    /// Where they believe the others' bus to be: a line that nobody answers.
    _bus: TcpListener,
}

impl Cluster {
    fn start(folder: &Path, certificate: &Path, key: &Path) -> Result<Self, String> {
        let said = |error: std::io::Error| error.to_string();
        let password = format!("{:016x}", RandomState::new().build_hasher().finish());
        let bus = TcpListener::bind(("0.0.0.0", 0)).map_err(said)?;
        let silent = bus.local_addr().map_err(said)?.port();
        // The nodes of the first half are at the first port, the others at the second; `own` is the server itself.
        let nodes = |own: u16, ports: [u16; 2]| {
            let slots = |index: u16| u32::from(index) * 16384 / u32::from(NODES);
            let mut text = String::new();
            for index in 0..NODES {
                let (net, host) = (1 + index / 250, 1 + index % 250);
                let myself = if index == own { "myself," } else { "" };
                let (first, last) = (slots(index), slots(index + 1) - 1);
                let port = ports[usize::from(index / (NODES / 2))];
                text += &format!(
                    "{index:040x} 127.0.{net}.{host}:{port}@{silent} {myself}master - 0 0 {} connected {first}-{last}\n",
                    index + 1
                );
            }
            text + &format!("vars currentEpoch {NODES} lastVoteEpoch 0\n")
        };
        let one = |own: u16, other: Option<u16>| {
            let file = format!("nodes-{own}.conf");
            let more = [
                "--cluster-enabled",
                "yes",
                "--tls-cluster",
                "yes",
                "--cluster-config-file",
                &file,
            ];
            let more = more.map(ToOwned::to_owned).into_iter();
            let more = more.chain(["--cluster-node-timeout", "100000000"].map(ToOwned::to_owned));
            let more: Vec<String> = more
                .chain(["--tls-ca-cert-file".to_owned(), certificate.display().to_string()])
                .chain(["--requirepass".to_owned(), password.clone()])
                .collect();
            start(folder, certificate, key, "0.0.0.0", &more, |port| {
                std::fs::write(folder.join(&file), nodes(own, [other.unwrap_or(port), port]))
            })
        };
        // It never asks where the second one is.
        let other = one(0, None)?;
        let server = one(NODES / 2, Some(other.port))?;
        for server in [&other, &server] {
            // It serves its slots two seconds after its start.
            let state = || {
                let port = server.port.to_string();
                let mut call = Command::new("redis-cli");
                call.args(["-p", &port, "--tls", "--cacert"]).arg(certificate);
                call.env("REDISCLI_AUTH", &password).args(["CLUSTER", "INFO"]);
                output(&mut call)
            };
            while !state()?.contains("cluster_state:ok") {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
        }
        Ok(Self { server, _other: other, password, _bus: bus })
    }
}

/// What works is said at the end; findings of a cluster such as this one do not count.
fn verify_ends_with_ok(redproof: &Path, config: &Path) -> Result<(), String> {
    let probed = Command::new(redproof)
        .args(["probe", "--read-only"])
        .arg(config)
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&probed.stdout);
    let last = text.lines().last().unwrap_or_default();
    if last.starts_with("ok ") { Ok(()) } else { Err(format!("the cluster's probe: {last}")) }
}

/// A probe that fails would be timed as one that works.
fn verify(programs: &Programs, config: &Path) -> Result<(), String> {
    output(Command::new(&programs.redproof).arg("probe").arg(config)).map(drop)
}

fn certificate(folder: &Path) -> Result<(PathBuf, PathBuf), String> {
    let (certificate, key) = (folder.join("server.crt"), folder.join("server.key"));
    output(
        Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=redis.test"])
            .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
            // The Rust client takes no certificate of an authority for a server's.
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate),
    )?;
    Ok((certificate, key))
}

fn start(
    folder: &Path,
    certificate: &Path,
    key: &Path,
    address: &str,
    more: &[String],
    prepare: impl Fn(u16) -> std::io::Result<()>,
) -> Result<Server, String> {
    // Another process may take the port before the server does.
    for _ in 0..5 {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| error.to_string())?
            .port();
        prepare(port).map_err(|error| error.to_string())?;
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--tls-port", &port.to_string(), "--bind", address])
            .args(["--protected-mode", "no"])
            .args(more)
            .args(["--save", "", "--tls-auth-clients", "no", "--tls-cert-file"])
            .arg(certificate)
            .arg("--tls-key-file")
            .arg(key)
            .arg("--dir")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("redis-server: {error}"))?;
        let lines = child.stdout.take().map(|out| BufReader::new(out).lines());
        let server = Server { child, port };
        let mut lines = lines.into_iter().flatten().map_while(Result::ok);
        if lines.any(|line| line.contains("eady to accept connections")) {
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(server);
        }
    }
    Err("redis-server ends at once, five times over".to_owned())
}
