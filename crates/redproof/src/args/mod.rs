//! The command line.

mod live;
mod parsers;
mod shared;

use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand, ValueEnum};
use redproof_core::asked::CallType;

use crate::format::Chosen;
pub(crate) use live::{AdmissionArgs, DriftArgs, MonitorArgs, ProbeArgs, ProbeFormat, ServeArgs};
pub(crate) use parsers::endpoint;
pub(crate) use shared::{Color, EnvironmentArgs, FailOn, SelectionArgs, SurroundingsArgs};

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
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = Chosen::parser())]
    pub(crate) format: Chosen,
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

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The config, or a folder that holds one; `-` is standard input
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
    pub(crate) format: AnswerFormat,
    /// Print passwords instead of •••
    #[arg(long)]
    pub(crate) reveal_secrets: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// The config, or a folder that holds one; `-` is standard input [default with --base: the
    /// current directory]
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
    /// The config, or a folder that holds one; `-` is standard input
    pub(crate) config: PathBuf,
    #[command(flatten)]
    pub(crate) surroundings: SurroundingsArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: AnswerFormat,
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
    /// The config, or a folder that holds one; `-` is standard input
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
    pub(crate) format: AnswerFormat,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,
}

#[derive(Args, Debug)]
pub(crate) struct DiagnoseArgs {
    /// The config that LiteLLM runs with, or a folder that holds one: says which causes apply to it
    /// [default: none]
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
    pub(crate) format: AnswerFormat,
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
    /// The schema of what a command prints as JSON instead: check, explain, compare, probe, simulate …
    #[arg(long, value_name = "OUTPUT", conflicts_with_all = ["litellm", "redis_py", "helm_values", "settings"])]
    pub(crate) of: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Arguments::command().debug_assert();
    }
}
