//! A live probe of a TLS Redis on this machine, beside `redis-cli`.

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
    let server = start(&folder, &certificate, &key)?;
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
    Ok(Table::new(
        title,
        vec![
            Row::new("redproof probe: TLS, HELLO, PING, SET, GET, DEL")
                .times(times[0])
                .peak(own.peak()?)
                .budget("≤ 1.0 × redis-cli", within),
            Row::new("redis-cli --tls PING").times(times[1]).figure(ratio(times[1], times[0])),
        ],
    ))
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

fn start(folder: &Path, certificate: &Path, key: &Path) -> Result<Server, String> {
    // Another process may take the port before the server does.
    for _ in 0..5 {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| error.to_string())?
            .port();
        let mut child = Command::new("redis-server")
            .args(["--port", "0", "--tls-port", &port.to_string(), "--bind", "127.0.0.1"])
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
