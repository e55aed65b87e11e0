//! Servers for tests: Debian's redis-server, and strangers that are not Redis.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use openssl::ssl::{SslAcceptor, SslMethod, SslStream};

use crate::certificates::{Identity, TlsFiles};

/// A `redis-server` of the test's own; it ends with this value.
#[derive(Debug)]
pub struct RedisServer {
    child: Child,
    /// The port that it listens on.
    pub port: u16,
}

impl RedisServer {
    /// Starts one with further arguments, and waits until it takes connections. The arguments'
    /// `{port}` becomes its port.
    ///
    /// # Panics
    /// When redis-server is not installed, or does not start.
    pub fn start(directory: &Path, arguments: &[&str]) -> Self {
        Self::start_with(directory, arguments, None)
    }

    /// [`Self::start`], with OpenSSL's security level 0 and TLS from 1.0 on: for certificates and
    /// protocols that a server has no business with.
    ///
    /// # Panics
    /// As [`Self::start`], and when the OpenSSL configuration can't be written.
    pub fn start_lenient(directory: &Path, arguments: &[&str]) -> Self {
        let path = directory.join("lenient-openssl.cnf");
        let text = "openssl_conf = conf\n[conf]\nssl_conf = ssl\n[ssl]\nsystem_default = any\n\
                    [any]\nCipherString = ALL:@SECLEVEL=0\nMinProtocol = TLSv1\n";
        std::fs::write(&path, text).expect("the test's directory can be written");
        Self::start_with(directory, arguments, Some(&path))
    }

    /// Starts a sentinel that watches the master at this port, as `main`.
    ///
    /// # Panics
    /// As [`Self::start`], and when its configuration can't be written.
    pub fn start_sentinel(directory: &Path, master: u16) -> Self {
        let text = format!("sentinel monitor main 127.0.0.1 {master} 1\n");
        Self::spawn("+monitor master main", None, |command, port| {
            let path = directory.join(format!("sentinel-{port}.conf"));
            std::fs::write(&path, &text).expect("the test's directory can be written");
            let port = port.to_string();
            command.arg(path).args(["--sentinel", "--bind", "127.0.0.1", "--port", &port]);
        })
    }

    /// Starts a sentinel over TLS that watches this master, as `main`, with a quorum of two.
    ///
    /// # Panics
    /// As [`Self::start`], and when its configuration can't be written.
    pub fn start_tls_sentinel(
        directory: &Path,
        certificates: &TlsFiles,
        master: &Self,
        password: &str,
    ) -> Self {
        let text = format!(
            "sentinel monitor main 127.0.0.1 {} 2\nsentinel auth-pass main {password}\n\
             sentinel down-after-milliseconds main 5000\n",
            master.port
        );
        let arguments = certificates.arguments();
        Self::spawn("+monitor master main", None, |command, port| {
            let path = directory.join(format!("sentinel-{port}.conf"));
            std::fs::write(&path, &text).expect("the test's directory can be written");
            let port = port.to_string();
            command
                .arg(path)
                .args(["--sentinel", "--bind", "127.0.0.1"])
                .args(arguments.iter().map(|text| text.replace("{port}", &port)));
        })
    }

    /// Starts one from the text of a `redis.conf`, whose `{port}` becomes its port.
    ///
    /// # Panics
    /// As [`Self::start`], and when its configuration can't be written.
    pub fn start_from(directory: &Path, text: &str) -> Self {
        Self::spawn("eady to accept connections", None, |command, port| {
            command.arg(write_configuration(directory, "redis", text, port));
            command.arg("--dir").arg(directory).args(["--save", "", "--bind", "127.0.0.1"]);
        })
    }

    /// Starts a sentinel from the text of a `sentinel.conf`, whose `{port}` becomes its port.
    ///
    /// # Panics
    /// As [`Self::start`], and when its configuration can't be written.
    pub fn start_sentinel_from(directory: &Path, text: &str) -> Self {
        Self::spawn("+monitor master", None, |command, port| {
            command.arg(write_configuration(directory, "sentinel", text, port));
            command.args(["--sentinel", "--bind", "127.0.0.1"]);
        })
    }

    fn start_with(directory: &Path, arguments: &[&str], openssl_conf: Option<&Path>) -> Self {
        Self::spawn("eady to accept connections", openssl_conf, |command, port| {
            let port = port.to_string();
            command
                .arg("--dir")
                .arg(directory)
                .args(["--save", "", "--bind", "127.0.0.1"])
                .args(arguments.iter().map(|text| text.replace("{port}", &port)));
        })
    }

    fn spawn(
        ready: &str,
        openssl_conf: Option<&Path>,
        arguments: impl Fn(&mut Command, u16),
    ) -> Self {
        for _ in 0..5 {
            let port = free_port();
            let mut command = Command::new("redis-server");
            arguments(&mut command, port);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
            if let Some(path) = openssl_conf {
                command.env("OPENSSL_CONF", path);
            }
            let mut child = match command.spawn() {
                Ok(child) => child,
                Err(error) => panic!(
                    "redis-server does not start ({error}); install it: apt-get install redis-server"
                ),
            };
            let Some(output) = child.stdout.take() else {
                unreachable!("standard output is piped");
            };
            let mut lines = BufReader::new(output).lines().map_while(Result::ok);
            if lines.any(|line| line.contains(ready)) {
                // Keep reading, or the server blocks on a full pipe.
                std::thread::spawn(move || lines.for_each(drop));
                return Self { child, port };
            }
            // Another process took the port in between.
            let _ = child.wait();
        }
        panic!("redis-server ends before it says `{ready}`, five times over");
    }

    /// Runs a command over a plaintext port, in inline form; the reply's first bytes.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn plain_command(&self, line: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(format!("{line}\r\n").as_bytes())?;
        let mut buffer = [0; 512];
        let read = stream.read(&mut buffer)?;
        Ok(String::from_utf8_lossy(&buffer[..read]).into_owned())
    }
}

fn write_configuration(directory: &Path, program: &str, text: &str, port: u16) -> PathBuf {
    let path = directory.join(format!("{program}-{port}.conf"));
    let text = text.replace("{port}", &port.to_string());
    std::fs::write(&path, text).expect("the test's directory can be written");
    path
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nothing listens on at the moment.
///
/// # Panics
/// When the system has no free port.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .expect("the system has free ports")
}

/// A server that is not a Redis; it ends with this value.
#[derive(Debug)]
pub struct Stranger {
    /// The port that it listens on.
    pub port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Stranger {
    /// Runs `serve` for each connection, in a thread of its own.
    ///
    /// # Panics
    /// When the system has no free port.
    pub fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the system has free ports");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let serve = Arc::new(serve);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(stream));
            }
        });
        Self { port, stop, thread: Some(thread) }
    }

    /// Takes connections and never answers.
    pub fn silent() -> Self {
        Self::start(|mut stream| {
            let _ = io::copy(&mut stream, &mut io::sink());
        })
    }

    /// Answers the first bytes with these, and closes.
    pub fn saying(answer: &'static [u8]) -> Self {
        Self::start(move |mut stream| {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer);
        })
    }

    /// Closes every connection at once.
    pub fn closing() -> Self {
        Self::start(drop)
    }

    /// Answers the first bytes with these, again and again, until nobody reads on.
    pub fn endless(answer: &'static [u8], again: &'static [u8]) -> Self {
        Self::start(move |mut stream| {
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer);
            while stream.write_all(again).is_ok() {}
        })
    }

    /// Answers with one byte at a time, this long after the one before.
    pub fn dripping(answer: &'static [u8], pause: Duration) -> Self {
        Self::start(move |mut stream| {
            let _ = stream.read(&mut [0; 1024]);
            for byte in answer {
                std::thread::sleep(pause);
                if stream.write_all(&[*byte]).is_err() {
                    return;
                }
            }
        })
    }

    /// Shakes hands over TLS with this certificate, and then does as `serve` says.
    ///
    /// # Panics
    /// When OpenSSL refuses the certificate.
    pub fn tls(
        identity: &Identity,
        serve: impl Fn(SslStream<TcpStream>) + Send + Sync + 'static,
    ) -> Self {
        let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())
            .expect("OpenSSL has its defaults");
        acceptor.set_certificate(&identity.certificate).expect("a good certificate");
        acceptor.set_private_key(&identity.key).expect("its key");
        let acceptor = acceptor.build();
        Self::start(move |stream| {
            if let Ok(stream) = acceptor.accept(stream) {
                serve(stream);
            }
        })
    }

    /// Speaks RESP2 without HELLO, as Redis 5 does, for a handful of commands.
    pub fn redis_5() -> Self {
        Self::redis_that(|command| match command {
            "PING" | "SELECT" | "SET" | "GET" | "DEL" => Answer::Usual,
            "CLIENT" => Answer::Says(
                "-ERR Syntax error, try CLIENT (LIST | KILL | GETNAME | SETNAME | PAUSE | REPLY)"
                    .to_owned(),
            ),
            other => Answer::Says(format!("-ERR unknown command `{other}`")),
        })
    }

    /// Answers commands as Redis does, as far as a probe looks at it, but where this says otherwise: as a proxy
    /// that does not pass all of them on.
    pub fn redis_that(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::start(move |stream| {
            let _ = serve(stream, &answer);
        })
    }
}

/// What comes back for a command.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What Redis says.
    Usual,
    /// This line.
    Says(String),
    /// The end of the connection.
    Closes,
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&str) -> Answer) -> io::Result<()> {
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let mut stored = String::new();
    loop {
        let Some(count) = read_count(&mut reader, '*')? else {
            return Ok(());
        };
        let mut arguments = Vec::with_capacity(count);
        for _ in 0..count {
            let length = read_count(&mut reader, '$')?.unwrap_or(0);
            let mut bytes = vec![0; length + 2];
            reader.read_exact(&mut bytes)?;
            arguments.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
        }
        let command = arguments.first().map(|text| text.to_uppercase()).unwrap_or_default();
        let said = match (answer(&command), command.as_str()) {
            (Answer::Says(line), _) => line,
            (Answer::Closes, _) => return Ok(()),
            (Answer::Usual, "PING") => "+PONG".to_owned(),
            (Answer::Usual, "HELLO") => "%1\r\n$6\r\nserver\r\n$5\r\nredis".to_owned(),
            (Answer::Usual, "SET") => {
                stored.clone_from(&arguments[2]);
                "+OK".to_owned()
            }
            (Answer::Usual, "AUTH" | "CLIENT" | "SELECT") => "+OK".to_owned(),
            (Answer::Usual, "GET") => format!("${}\r\n{stored}", stored.len()),
            (Answer::Usual, _) => ":1".to_owned(),
        };
        writer.write_all(format!("{said}\r\n").as_bytes())?;
    }
}

fn read_count(reader: &mut impl BufRead, sign: char) -> io::Result<Option<usize>> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(line.trim_end().strip_prefix(sign).and_then(|text| text.parse().ok()))
}
