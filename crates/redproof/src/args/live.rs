//! What speaks with servers: `probe`, `monitor`, `serve`, `drift`, `admission`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use redproof_core::releases::Python;

use super::AnswerFormat;
use super::parsers::{host_address, loopback, origin, python, seconds, span};
use super::shared::{FailOn, SurroundingsArgs};

#[derive(Args, Debug)]
pub(crate) struct ProbeArgs {
    /// The configs, or folders that hold one; `-` is standard input
    #[arg(required = true, value_name = "CONFIG")]
    pub(crate) configs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// The Python that LiteLLM runs on, which decides how certificates are verified [default: that of
    /// LiteLLM's image, where that runs]
    #[arg(long, value_name = "VERSION", value_parser = python)]
    pub(crate) python: Option<Python>,
    /// The longest that one step may take
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// The longest that the whole probe may take [default: six times --timeout; with --samples, an
    /// hour]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Option<Duration>,
    /// Use this address for a host, such as a forwarded port's; may be given several times, also
    /// for one host
    #[arg(long, value_name = "HOST=ADDRESS", value_parser = host_address)]
    pub(crate) resolve: Vec<(String, IpAddr)>,
    /// Leave out SET, GET and DEL of a key of the probe's own
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Time PING, SET and GET so many times on each server
    #[arg(long, value_name = "COUNT", default_value = "0")]
    pub(crate) samples: usize,
    /// List which TLS versions and which weak ciphers each server offers, with a handshake for each
    #[arg(long)]
    pub(crate) tls_scan: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ProbeFormat,
}

#[derive(Args, Debug)]
pub(crate) struct MonitorArgs {
    /// The config, or a folder that holds one
    pub(crate) config: PathBuf,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// The Python that LiteLLM runs on, which decides how certificates are verified [default: that of
    /// LiteLLM's image, where that runs]
    #[arg(long, value_name = "VERSION", value_parser = python)]
    pub(crate) python: Option<Python>,
    /// How often to prove, such as 30s, 5m or 1h
    #[arg(long, value_name = "SPAN", default_value = "1m", value_parser = span)]
    pub(crate) interval: Duration,
    /// Where to serve /metrics and /healthz
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9469")]
    pub(crate) listen: SocketAddr,
    /// A name by which /metrics and /healthz may be asked for, besides addresses and names within a
    /// cluster or network; may be given several times
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
    /// Prove once and end
    #[arg(long)]
    pub(crate) once: bool,
    /// Write the metrics to this file, too, for the textfile collector of Prometheus' node exporter
    #[arg(long, value_name = "FILE")]
    pub(crate) textfile: Option<PathBuf>,
    /// Warn of certificates that end within this span
    #[arg(long, value_name = "SPAN", default_value = "30d", value_parser = span)]
    pub(crate) expiry_warn: Duration,
    /// Be unhealthy when a certificate ends within this span
    #[arg(long, value_name = "SPAN", default_value = "7d", value_parser = span)]
    pub(crate) expiry_fail: Duration,
    /// The longest that one step may take; a round may take six times as long
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// Use this address for a host, such as a forwarded port's; may be given several times, also
    /// for one host
    #[arg(long, value_name = "HOST=ADDRESS", value_parser = host_address)]
    pub(crate) resolve: Vec<(String, IpAddr)>,
    /// Leave out SET, GET and DEL of a key of the probe's own
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Time PING, SET and GET so many times on each server in each round
    #[arg(long, value_name = "COUNT", default_value = "5")]
    pub(crate) samples: usize,
}

#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// A port, or a loopback address with a port; port 0 takes a free one [default: 127.0.0.1:8700,
    /// where the published page looks; another port if it is taken]
    #[arg(long, value_name = "ADDRESS", value_parser = loopback)]
    pub(crate) listen: Option<SocketAddr>,
    /// The directory of the built site [default: the one that was installed beside this program,
    /// else the API alone]
    #[arg(long, value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    /// Let probes read certificate files and open Unix sockets below this directory; may be given
    /// several times
    #[arg(long, value_name = "DIR")]
    pub(crate) allow_files: Vec<PathBuf>,
    /// Let pages of this origin ask for live tests, too, once paired; may be given several times
    #[arg(long, value_name = "ORIGIN", value_parser = origin)]
    pub(crate) allow_origin: Vec<String>,
}

#[derive(Args, Debug)]
pub(crate) struct DriftArgs {
    /// The config that the proxy should run, or a folder that holds one
    #[arg(value_name = "CONFIG")]
    pub(crate) config: PathBuf,
    /// The proxy's address; several for its replicas
    #[arg(long, value_name = "URL", required = true)]
    pub(crate) proxy: Vec<String>,
    /// The variable that holds a key of the proxy
    #[arg(long, value_name = "NAME")]
    pub(crate) key_env: Option<String>,
    /// Ask nothing that writes
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Open the response cache's connection from here, too: is its Redis the one that the proxy uses?
    #[arg(long)]
    pub(crate) probe: bool,
    /// How long to wait for each answer
    #[arg(long, value_name = "SPAN", default_value = "10s", value_parser = span)]
    pub(crate) timeout: Duration,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// How to print what differs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: AnswerFormat,
}

#[derive(Args, Debug)]
pub(crate) struct AdmissionArgs {
    /// The server's certificate and its chain, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: PathBuf,
    /// The certificate's key, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: PathBuf,
    /// Answer only who shows a certificate of these authorities, PEM [default: whoever asks]
    #[arg(long, value_name = "FILE")]
    pub(crate) client_ca: Option<PathBuf>,
    /// Where to serve
    #[arg(long, value_name = "ADDRESS", default_value = "0.0.0.0:8443")]
    pub(crate) listen: SocketAddr,
    /// Ask the cluster for what belongs to an object
    #[arg(long)]
    pub(crate) cluster: bool,
    /// The service account's token and the cluster's authority: `token`, `ca.crt`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "/var/run/secrets/kubernetes.io/serviceaccount"
    )]
    pub(crate) service_account: PathBuf,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// Judge by these rules alone: codes, beginnings of codes, or names, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The lowest severity that refuses; what is below it is a warning
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProbeFormat {
    /// A timeline of each connection
    Human,
    /// One JSON document
    Json,
    /// `JUnit` XML: a case per connection
    Junit,
}
