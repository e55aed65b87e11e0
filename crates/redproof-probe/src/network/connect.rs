//! From a host's name to a connected socket.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use redproof_core::outcome::Api;

use crate::network::socket::{self, Socket};
use crate::network::timeout::{Over, interrupted, no_connection};
use crate::outcome::{Failure, ProbeOutcome};
use crate::plan::{Address, Settings};
use crate::session::{Place, Session};

impl Session<'_> {
    /// Resolves the host and connects.
    pub(crate) async fn socket(&mut self, settings: &Settings) -> Result<(Socket, Place), Failure> {
        let limit = self.limit(settings.connect_timeout.or(settings.timeout));
        match &settings.address {
            Address::Tcp { host, port } => {
                let started = Instant::now();
                let resolved = self.resolve(host, *port, limit).await;
                let addresses = self.step("resolve", started, resolved, |addresses| {
                    let texts: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
                    texts.join(", ")
                })?;
                let started = Instant::now();
                let target = crate::target_text(host, *port);
                let connected = self.connect(&target, &addresses, limit).await;
                let (socket, address) =
                    self.step("connect", started, connected, |(_, a)| a.to_string())?;
                self.seen.address = Some(address);
                Ok((socket, Place::Tcp(vec![address], host.clone())))
            }
            Address::Unix(path) => {
                self.options.files.check("unix_socket_path", Path::new(path))?;
                let started = Instant::now();
                let connected = self
                    .within(limit, socket::connect_unix(path))
                    .await
                    .unwrap_or_else(|over| Err(over.failure(limit, &no_connection(path))));
                let socket = self.step("connect", started, connected, |_| path.clone())?;
                Ok((socket, Place::Unix))
            }
            Address::Discovered => {
                Err(Failure::new(ProbeOutcome::InvalidConfig, "There is no host to connect to."))
            }
        }
    }

    async fn resolve(
        &self,
        host: &str,
        port: u16,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, Failure> {
        let given = socket::given(host, port, &self.options.hosts);
        if !given.is_empty() {
            return Ok(given);
        }
        if self.api == Api::Native && !host.is_ascii() {
            return Err(socket::unresolved(
                host,
                "LiteLLM's Rust client asks for it as it is written",
            )
            .help("Write the name in its ASCII form, `xn--…`."));
        }
        match self.within(limit, socket::resolve(host, port)).await {
            Ok(resolved) => resolved,
            Err(Over::Interrupted) => Err(interrupted()),
            Err(_) => {
                let why = format!("no answer within {:.1} s", limit.as_secs_f64());
                Err(socket::unresolved(host, &why))
            }
        }
    }

    /// Connects to the first address that takes the connection, as both clients do. The asyncio
    /// one has its time limit for all of them, the sync one for each. The last one's failure is
    /// the failure.
    async fn connect(
        &self,
        target: &str,
        addresses: &[SocketAddr],
        limit: Duration,
    ) -> Result<(Socket, SocketAddr), Failure> {
        let until = Instant::now() + limit;
        let mut last = None;
        for address in addresses {
            let limit = match self.api {
                Api::Async | Api::Native => until.saturating_duration_since(Instant::now()),
                Api::Sync => self.limit(Some(limit)),
            };
            match self.within(limit, socket::connect(target, *address)).await {
                Ok(Ok(socket)) => return Ok((socket, *address)),
                Ok(Err(failure)) => last = Some(failure),
                Err(over) => {
                    let failure = over.failure(limit, &no_connection(target));
                    if self.api == Api::Async || over != Over::Limit {
                        return Err(failure);
                    }
                    last = Some(failure);
                }
            }
        }
        let mut failure =
            last.unwrap_or_else(|| Failure::new(ProbeOutcome::Dns, "There is no address."));
        if addresses.len() > 1 {
            let tried: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
            failure = failure.presented(format!("no connection to any of {}", tried.join(", ")));
        }
        Err(failure)
    }
}
