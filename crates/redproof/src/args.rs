//! The command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand, ValueEnum};
use redproof_core::asked::CallType;
use redproof_core::finding::Severity;
use redproof_core::releases::Python;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Tells what LiteLLM really does with a Redis configuration, before you deploy it.
#[derive(Debug, Parser)]
#[command(
    name = "redproof",
    version,
    styles = STYLES,
    propagate_version = true,
    after_help = "Examples:
  redproof check config.yaml
  redproof check config.yaml --env-file .env --litellm 1.80.0 --redis-py 5.3.1
  redproof explain config.yaml --env-file deployment.yaml
  redproof fix --diff config.yaml

Exit codes: 0 nothing found, 1 findings, 2 bad usage or unreadable input."
)]
pub(crate) struct Arguments {
    /// When to use colour; `auto` honours NO_COLOR
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find what is wrong with configurations
    #[command(after_help = "Examples:
  redproof check config.yaml
  redproof check deploy/                          every LiteLLM config below a directory
  kubectl get configmap litellm -o yaml | redproof check -
  redproof check config.yaml --env-file .env --env REDIS_SSL=true
  redproof check config.yaml --format sarif > redproof.sarif

Each PATH is a LiteLLM config, or a Kubernetes manifest or Helm values file that holds one.")]
    Check(CheckArgs),
    /// Show each connection that LiteLLM would open, and where every setting comes from
    #[command(after_help = "Examples:
  redproof explain config.yaml
  redproof explain config.yaml --env-file deployment.yaml --format json
  redproof explain config.yaml --request '{\"model\": \"gpt-4o\", \"cache\": {\"ttl\": 600}}'")]
    Explain(ExplainArgs),
    /// Say what an upgrade of LiteLLM or redis-py changes for a configuration
    #[command(after_help = "Examples:
  redproof compare config.yaml --from 1.80.0
  redproof compare config.yaml --env-file deployment.yaml          from the image's release to the newest
  redproof compare config.yaml --from 1.80.0 --to 1.80.0 --from-redis-py 5.3.1 --to-redis-py 8.1.0
  redproof compare config.yaml --from 1.80.0 --format json
  redproof compare --base origin/main --format markdown            what a pull request changes

Exit codes: 0 nothing breaks or weakens, 1 something does, 2 bad usage or unreadable input.")]
    Compare(CompareArgs),
    /// Say what every release of LiteLLM and redis-py does with a configuration
    #[command(after_help = "Examples:
  redproof releases config.yaml
  redproof releases config.yaml --env-file .env --redis-py 5.3.1
  redproof releases config.yaml --litellm 1.80.0        on each redis-py release
  redproof releases config.yaml --format json

✓ LiteLLM starts, and a check finds no error; ! it starts with errors; ✗ it does not start; ? that depends
on what is not known. --litellm and --redis-py leave out all other releases.

Exit codes: 0 some release is safe, 1 none is, 2 bad usage or unreadable input.")]
    Releases(ReleasesArgs),
    /// Name the cause of an error text: a traceback, log lines, or the answer of /cache/ping
    #[command(after_help = "Examples:
  redproof diagnose config.yaml --env-file .env < litellm.log
  kubectl logs deploy/litellm | redproof diagnose config.yaml --litellm 1.80.0
  curl -s localhost:4000/cache/ping | redproof diagnose config.yaml
  redproof diagnose < litellm.log                 the known causes, by likelihood
  redproof diagnose --list                        every text that is known

Nothing of the log is printed: it may hold secrets.

Exit codes: 0 no failure is recognised, 1 one is, 2 bad usage or unreadable input.")]
    Diagnose(DiagnoseArgs),
    /// Open the connections that LiteLLM would open, against the live servers
    #[command(after_help = "Examples:
  redproof probe config.yaml --env-file .env
  redproof probe config.yaml --env REDIS_PASSWORD --format json     takes its value from here
  redproof probe config.yaml --read-only          write no key of the probe's own
  redproof probe */config.yaml --format json      a list, in which each report names its config
  redproof probe config.yaml --tls-scan           and which TLS versions the servers offer

Exit codes: 0 all connections work as configured, 1 some do not, 2 bad usage or unreadable input,
130 interrupted.")]
    Probe(ProbeArgs),
    /// Keep proving the connections, for Prometheus and health checks
    #[command(after_help = "Examples:
  redproof monitor config.yaml --env-file .env
  redproof monitor config.yaml --interval 5m --listen 0.0.0.0:9469
  redproof monitor config.yaml --once --textfile /var/lib/node_exporter/redproof.prom

Every round reads config, environment files and certificates again; SIGHUP begins one at once.
`/metrics` is for Prometheus, `/healthz` says 200 or 503. Logs are lines of JSON.
With --once, exit codes: 0 healthy, 1 not, 2 bad usage or unreadable input.")]
    Monitor(MonitorArgs),
    /// Serve the editor on this machine, with live probes
    #[command(after_help = "Examples:
  redproof serve
  redproof serve --allow-files /etc/redis/tls              for configs that name certificates there
  redproof serve --listen 9000 --allow-origin https://redproof.example

It prints an address, with which the page that it serves works at once, and a pairing code, which
a page elsewhere asks for. Only this machine can reach it.")]
    Serve(ServeArgs),
    /// Fix configurations, comments and layout untouched
    #[command(after_help = "Examples:
  redproof fix --diff config.yaml                 show what would change
  redproof fix config.yaml
  redproof fix --unsafe config.yaml               also apply guesses at what was meant")]
    Fix(FixArgs),
    /// Write the configuration as it is deployed: manifests, compose, redis.conf, test commands
    #[command(after_help = "Examples:
  redproof export config config.yaml               the config, its secrets replaced by references
  redproof export env config.yaml --env-file deployment.yaml
  redproof export kubernetes config.yaml --env-file .env --output kubernetes.yaml
  redproof export compose config.yaml --env-file .env --output deploy/
  redproof export redis-conf config.yaml
  redproof export commands config.yaml | less
  redproof export patch config.yaml --output redproof/    over the deployment that is there

Secrets never leave: FILL_IN_ and a name stands for each, and for whatever is not known. What has
to be filled in is listed on standard error.")]
    Export(ExportArgs),
    /// Judge certificates and keys as OpenSSL does: chain, dates, names, key
    #[command(after_help = "Examples:
  redproof certificate ca.crt redis.crt redis.key --host redis.internal
  redproof certificate ca.crt redis.crt client.crt client.key --config config.yaml
  kubectl get secret redis-tls -o yaml | redproof certificate - --host redis.internal

Each FILE is PEM, a certificate or key in DER, or a Kubernetes Secret that holds such. Private keys
are compared with their certificates; nothing of them is printed.")]
    Certificate(CertificateArgs),
    /// Answer JSON Lines cases with what LiteLLM builds: the machine's interface
    #[command(
        after_help = "Each line in: {\"id\": 1, \"config\": \"…\", \"env\": {\"REDIS_HOST\": \"h\"}, \
\"litellm\": \"1.80.0\", \"redis_py\": \"5.3.1\"}
One line out for each, in the same order."
    )]
    Simulate(SimulateArgs),
    /// Print the JSON Schema of the config's Redis sections, for editors
    #[command(after_help = "Example, for the YAML language server:
  redproof schema --litellm 1.80.0 > litellm.schema.json
  # yaml-language-server: $schema=litellm.schema.json")]
    Schema(SchemaArgs),
    /// Print a rule's page, or the list of rules
    #[command(after_help = "Examples:
  redproof rule
  redproof rule RP301")]
    Rule {
        /// The rule's code or name
        rule: Option<String>,
    },
    /// Hold a running proxy against its files: what it uses, and what replaced the settings
    #[command(after_help = "Examples:
  redproof drift config.yaml --proxy http://localhost:4000 --key-env LITELLM_MASTER_KEY
  redproof drift config.yaml --proxy http://10.0.0.7:4000 --proxy http://10.0.0.8:4000 --key-env KEY

It asks /health/readiness, /cache/redis/info, /cache/settings, /coordination_redis/settings, \
/router/settings, and /cache/ping, which sets a key in Redis: --read-only leaves that out. Nothing \
of what they answer is shown but the settings that it compares; never a password.")]
    Drift(DriftArgs),
    /// Answer a Kubernetes cluster: refuse objects that LiteLLM would break on
    #[command(after_help = "Example:
  redproof admission --tls-cert /tls/tls.crt --tls-key /tls/tls.key --cluster

A ValidatingWebhookConfiguration names it: POST /validate takes an AdmissionReview of
admission.k8s.io/v1, GET /healthz says that it runs; both over TLS. It refuses what is new: an object
that was as bad before passes with a warning. With --cluster it asks the cluster for the ConfigMaps
of a workload, and for the workloads of a ConfigMap; never for a Secret. Certificate and key are
read again when they change. Logs are lines of JSON.")]
    Admission(AdmissionArgs),
    /// Serve an editor: findings, fixes, documentation, completion, over standard input and output
    #[command(
        after_help = "An editor starts it for YAML and `.env` files. Configs are checked as \
they are deployed, `redproof.toml` counts."
    )]
    Lsp(LspArgs),
    /// Print a shell's completion script
    #[command(after_help = "Example:
  redproof completions bash > /etc/bash_completion.d/redproof")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a directory
    Man {
        /// Where they go: `redproof.1`, and one for each command
        #[arg(value_name = "DIR")]
        directory: PathBuf,
    },
}

#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a flag of its own.
pub(crate) struct CheckArgs {
    /// Configs and directories; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: CheckFormat,
    /// The lowest severity that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    #[command(flatten)]
    pub(crate) selection: SelectionArgs,
    /// The name of what comes on standard input
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<String>,
    /// Pass over named files that hold no LiteLLM config, as hooks name them
    #[arg(long)]
    pub(crate) only_configs: bool,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Print findings alone: no notes, no summary
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say which files were read, what each gave, and which belong to no config
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Count findings by rule
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with = "update_baseline")]
    pub(crate) watch: bool,
}

/// Which findings are reported.
#[derive(Args, Debug, Default)]
pub(crate) struct SelectionArgs {
    /// Report these rules alone: codes, beginnings of codes, or names, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Leave out what a pattern such as `charts/**` names when directories are gone through
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Leave out the findings that this file lists
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// List today's findings in the file that --baseline names
    #[arg(long, requires = "baseline")]
    pub(crate) update_baseline: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The config; `-` is standard input
    pub(crate) config: PathBuf,
    /// What becomes of this request's answer: its JSON, such as '{"model": "gpt-4o", "cache": {"ttl": 600}}'
    #[arg(long, value_name = "JSON")]
    pub(crate) request: Option<String>,
    /// The endpoint of the request, such as /embeddings [default: the one that its JSON is for]
    #[arg(long, value_name = "PATH", requires = "request", value_parser = endpoint)]
    pub(crate) endpoint: Option<CallType>,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ExplainFormat,
    /// Print passwords instead of •••
    #[arg(long)]
    pub(crate) reveal_secrets: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// The config, `-` is standard input; with --base also a directory [default: the current one]
    pub(crate) config: Option<PathBuf>,
    /// Compare with what lies in this revision of the git repository: configs, environment and
    /// releases of both
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// The LiteLLM release that runs today [default: the image tag's, else that of a requirements or
    /// lock file beside the config]
    #[arg(long, value_name = "VERSION")]
    pub(crate) from: Option<String>,
    /// The LiteLLM release to upgrade to [default: the newest supported]
    #[arg(long, value_name = "VERSION")]
    pub(crate) to: Option<String>,
    /// The redis-py release that runs today [default: that of a requirements or lock file beside the
    /// config, else the one that LiteLLM's image ships]
    #[arg(long, value_name = "VERSION")]
    pub(crate) from_redis_py: Option<String>,
    /// The redis-py release to upgrade to [default: today's, where it is given or locked; else the one
    /// that LiteLLM's image ships]
    #[arg(long, value_name = "VERSION")]
    pub(crate) to_redis_py: Option<String>,
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: CompareFormat,
}

#[derive(Args, Debug)]
pub(crate) struct ReleasesArgs {
    /// The config; `-` is standard input
    pub(crate) config: PathBuf,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ExplainFormat,
}

#[derive(Args, Debug)]
pub(crate) struct ProbeArgs {
    /// The configs; `-` is standard input
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
    /// The config
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
    /// The config that the proxy should run
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
    pub(crate) format: DriftFormat,
}

/// How `drift` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DriftFormat {
    /// For people.
    Human,
    /// For machines.
    Json,
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

#[derive(Args, Debug)]
pub(crate) struct LspArgs {
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// What editors add; it is the only way there is
    #[arg(long)]
    pub(crate) stdio: bool,
}

#[derive(Args, Debug)]
pub(crate) struct FixArgs {
    /// Configs and directories; `-` fixes standard input to standard output
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// Pass over named files that hold no LiteLLM config, as hooks name them
    #[arg(long)]
    pub(crate) only_configs: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) diff: bool,
    /// Apply fixes that guess at what was meant, too
    #[arg(long = "unsafe")]
    pub(crate) also_unsafe: bool,
    /// Apply the fixes of these findings alone, by code or its beginning: RP301, RP3; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave out the fixes of these findings; may be repeated
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Apply the fix of one finding, and no other after it: RP201:12 is that of RP201 on line 12
    #[arg(long, value_name = "CODE:LINE", value_parser = code_and_line, conflicts_with_all = ["select", "ignore"])]
    pub(crate) only: Option<(String, u32)>,
}

fn code_and_line(text: &str) -> Result<(String, u32), String> {
    let parts = text.split_once(':').and_then(|(code, line)| Some((code, line.parse().ok()?)));
    let (code, line) = parts.ok_or("a code and a line are expected: RP201:12")?;
    Ok((code.to_owned(), line))
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    /// What to write
    pub(crate) format: ExportFormat,
    /// The config; `-` is standard input
    pub(crate) config: PathBuf,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// Write to this file, or into this directory [default: standard output]
    #[arg(long, short, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Replace files that are there
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CertificateArgs {
    /// Certificates, keys and Secrets; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// A host that the server's certificate has to name; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,
    /// A LiteLLM config: its hosts are checked, and its settings say what each file is for
    #[arg(long, value_name = "CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The LiteLLM release: from 1.110 on, its Rust client judges too [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub(crate) litellm: Option<String>,
    /// The redis-py release [default: the one that LiteLLM's image ships]
    #[arg(long, value_name = "VERSION")]
    pub(crate) redis_py: Option<String>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: CertificateFormat,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,
}

#[derive(Args, Debug)]
pub(crate) struct DiagnoseArgs {
    /// The config that LiteLLM runs with: says which causes apply to it [default: none]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// The log [default: standard input]
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
    /// List the texts that are known
    #[arg(long, conflicts_with_all = ["config", "log"])]
    pub(crate) list: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ExplainFormat,
}

#[derive(Args, Debug)]
pub(crate) struct SimulateArgs {
    /// Print passwords instead of •••
    #[arg(long)]
    pub(crate) reveal_secrets: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// The LiteLLM release [default: the newest supported]
    #[arg(long, value_name = "VERSION")]
    pub(crate) litellm: Option<String>,
    /// The redis-py release [default: the one that LiteLLM's image ships]
    #[arg(long, value_name = "VERSION")]
    pub(crate) redis_py: Option<String>,
    /// The schema of the values of LiteLLM's Helm chart, which hold the config
    #[arg(long)]
    pub(crate) helm_values: bool,
    /// The schema of redproof.toml
    #[arg(long, conflicts_with_all = ["litellm", "redis_py", "helm_values"])]
    pub(crate) settings: bool,
}

/// The environment and the releases.
#[derive(Args, Clone, Debug)]
pub(crate) struct SurroundingsArgs {
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// The LiteLLM release, or an image of it whose tag names one [default: the image tag's, else that
    /// of a requirements or lock file beside the config, else the newest known]
    #[arg(long, value_name = "VERSION", value_parser = release)]
    pub(crate) litellm: Option<String>,
    /// The redis-py release [default: that of a requirements or lock file beside the config, else the
    /// one that LiteLLM's image ships]
    #[arg(long, value_name = "VERSION")]
    pub(crate) redis_py: Option<String>,
}

/// The environment.
#[derive(Args, Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a flag of its own.
pub(crate) struct EnvironmentArgs {
    /// A file that sets LiteLLM's environment: .env, shell exports, Kubernetes manifest, Helm
    /// values or compose file; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,
    /// An environment variable; NAME alone takes the value from this command's own environment, so
    /// that no secret stands on a command line; may be given several times, and wins over files
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,
    /// The environment is this command's own, whole, as in a container that gets what LiteLLM gets
    #[arg(long)]
    pub(crate) own_env: bool,
    /// Take variables that are not given as unset, not as unknown
    #[arg(long)]
    pub(crate) require_env: bool,
    /// Don't look for the files that say how a config runs: compose files, manifests, values, lock
    /// files beside it and above it, up to the repository's root
    #[arg(long)]
    pub(crate) no_discover: bool,
    /// The settings' file [default: redproof.toml in the folder of the config, or above it up to the
    /// repository's root]
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: the place in the file, the consequence, the way out
    Human,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// `JUnit` XML
    Junit,
    /// A line for each finding
    Concise,
    /// GitLab's code quality report
    Gitlab,
    /// Reviewdog's diagnostics, as one JSON document
    Rdjson,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Tables
    Human,
    /// One JSON document
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CertificateFormat {
    /// For people: findings, and each chain from the certificate to its root
    Human,
    /// One JSON document
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// For people: before, after, why, and what to do
    Human,
    /// A pull request's comment
    Markdown,
    /// One JSON document
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// config.yaml, its literal secrets replaced by os.environ/ references
    Config,
    /// .env: each variable that is set or that the config names
    Env,
    /// The config, Secrets and a Deployment in one file, for kubectl apply
    Kubernetes,
    /// compose.yaml, with the config and the file of secrets that it names
    Compose,
    /// What the servers need for what the clients do: redis.conf, sentinel.conf
    RedisConf,
    /// redis-cli and openssl command lines for each connection
    Commands,
    /// What to change in the manifests, compose file or values that are there
    Patch,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOn {
    /// Errors alone
    Error,
    /// Errors and warnings
    Warning,
    /// Anything
    Hint,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Hint => Self::Hint,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Sets the choice for everything that is printed.
    pub(crate) fn write_global(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

fn python(text: &str) -> Result<Python, String> {
    Python::parse(text).ok_or_else(|| "write a release of Python 3, such as 3.13".to_owned())
}

/// `1.80.0`, or the name of an image whose tag says it.
fn release(text: &str) -> Result<String, String> {
    match redproof_core::environment::Image::parse(text, None) {
        Some(image) => image.release.ok_or_else(|| "the image's tag names no release".to_owned()),
        None => Ok(text.to_owned()),
    }
}

fn host_address(text: &str) -> Result<(String, IpAddr), String> {
    let parts = text.split_once('=').filter(|(host, _)| !host.is_empty());
    parts
        .and_then(|(host, address)| Some((host.to_owned(), address.parse().ok()?)))
        .ok_or_else(|| "write it as HOST=ADDRESS, such as redis.example=127.0.0.1".to_owned())
}

/// `90s`, `5m`, `1h`, `30d`
fn span(text: &str) -> Result<Duration, String> {
    let wrong = || "write a span such as 30s, 5m, 1h or 7d".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let seconds = number.checked_mul(unit).filter(|seconds| (1..=1 << 32).contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(wrong)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "write a number of seconds")?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero() && *duration <= Duration::from_hours(1))
        .ok_or_else(|| "write a number of seconds above 0, up to 3600".to_owned())
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = match text.parse::<u16>() {
        Ok(port) => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        Err(_) => text
            .replacen("localhost", "127.0.0.1", 1)
            .parse()
            .map_err(|_| "write a port, or an address with a port such as 127.0.0.1:8700")?,
    };
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("only loopback addresses: whoever reaches this server can probe from here".to_owned())
    }
}

/// `https://host` or `https://host:port`, as browsers write it.
fn origin(text: &str) -> Result<String, String> {
    let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(text),
        _ => Err("write it as https://host or https://host:port, without a path".to_owned()),
    }
}

/// The endpoint of this name, with or without `/v1`.
pub(crate) fn endpoint(text: &str) -> Result<CallType, String> {
    let bare = text.trim_start_matches('/');
    let bare = bare.strip_prefix("v1/").unwrap_or(bare);
    let found = CallType::ALL.into_iter().find(|call| {
        let path = call.endpoint().trim_start_matches('/');
        path == bare || path.strip_prefix("v1/") == Some(bare)
    });
    found.ok_or_else(|| {
        let known = CallType::ALL.map(CallType::endpoint).join(", ");
        format!("LiteLLM caches the answers of {known}")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
