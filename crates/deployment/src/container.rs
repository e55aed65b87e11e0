//! The container that a config runs in, as files describe it: what is mounted, who runs beside it, and
//! what the files say that won't do.

use base::source::Span;
use facts::{Version, Workers, default_workers};

use crate::fault::{Fault, Mode};
use crate::model::{Form, MountFrom, Patience, Values};
use crate::network::{Network, Reach};

/// What runs a config.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Container {
    /// The form of the file that says so.
    pub form: Form,
    /// `Deployment litellm`
    pub name: String,
    /// Its name within its pod, in Kubernetes; `controller/container` of app-template's values.
    pub within: Option<String>,
    /// What brings its config, where that is mounted.
    pub config: Option<ConfigMount>,
    /// The chart's values that describe it.
    pub values: Option<Values>,
    /// Nothing else than `mounts`, and LiteLLM's own image, brings files.
    pub whole: bool,
    /// The image is LiteLLM's own.
    pub official: bool,
    /// When Kubernetes restarts it, where it does not answer from its start on.
    pub patience: Option<Patience>,
    /// What is mounted.
    pub mounts: Vec<Mounted>,
    /// How many replicas run, at least.
    pub replicas: Option<u64>,
    /// How many an autoscaler lets there be.
    pub replicas_at_most: Option<u64>,
    /// How many worker processes each replica has, where that is said: `--num_workers`.
    pub workers: Option<u64>,
    /// The user that runs it is not root.
    pub unprivileged: bool,
    /// Kubernetes gives mounted Secrets to a group of the container's.
    pub has_fs_group: bool,
    /// The Redis servers in the same files.
    pub servers: Vec<RedisServer>,
    /// What its network is, as far as files say.
    pub network: Network,
    /// What the files say that won't do.
    pub faults: Vec<Fault>,
    /// Where it is described.
    pub span: Option<Span>,
}

impl Container {
    /// How many processes run a release of LiteLLM, where they are several: `3 replicas of 2 workers`.
    pub fn running(&self, litellm: Version) -> Option<String> {
        let replicas = match (self.replicas, self.replicas_at_most) {
            (Some(least), Some(most)) if least > 1 && most > least => {
                Some(format!("{least} to {most} replicas"))
            }
            (Some(least), _) if least > 1 => Some(format!("{least} replicas")),
            (_, Some(most)) if most > 1 => Some(format!("up to {most} replicas")),
            _ => None,
        };
        let workers = match self.workers_on(litellm) {
            Workers::Number(1) => None,
            Workers::Number(count) if self.workers.is_some() => Some(format!("{count} workers")),
            Workers::Number(count) => Some(format!("{count} workers, this release's default,")),
            Workers::OnePerCpu => Some("as many workers as CPUs".to_owned()),
        };
        match (replicas, workers) {
            (Some(replicas), Some(workers)) => Some(format!("{replicas} of {workers}")),
            (one, other) => one.or(other),
        }
    }

    /// How many workers each replica has: as is said, else as the release has it.
    fn workers_on(&self, litellm: Version) -> Workers {
        self.workers.map_or_else(|| default_workers(litellm), Workers::Number)
    }

    /// How many processes run a release of LiteLLM at most; `None` where files say neither replicas nor
    /// workers, or the number of CPUs decides.
    pub fn processes(&self, litellm: Version) -> Option<u64> {
        let replicas = self.replicas_at_most.max(self.replicas);
        let said = replicas.is_some() || self.workers.is_some();
        let Workers::Number(workers) = self.workers_on(litellm) else { return None };
        said.then(|| replicas.unwrap_or(1).saturating_mul(workers))
    }

    /// Whether one replica alone runs, with one worker.
    pub fn runs_alone(&self, litellm: Version) -> bool {
        let at_most = self.replicas_at_most.or(self.replicas);
        self.replicas == Some(1) && at_most == Some(1) && self.running(litellm).is_none()
    }
}

/// What brings a config into its container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigMount {
    /// Where the config is in the container, if the command line says so; else where it is mounted.
    pub target: String,
    /// Where it comes from.
    pub from: ConfigFrom,
}

/// Where a mounted config comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFrom {
    /// A file on the host.
    File,
    /// A key of a `ConfigMap` or Secret.
    Object {
        /// It is a Secret.
        secret: bool,
        /// The object's name.
        name: String,
        /// The key.
        key: String,
        /// A kustomization generates it.
        generated: bool,
    },
    /// Something else.
    Other,
}

/// A mounted file or directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mounted {
    /// Where in the container.
    pub target: String,
    /// What is mounted.
    pub from: MountFrom,
    /// The files that it brings, their paths in the container; `None` where that is not known.
    pub files: Option<Vec<MountedFile>>,
    /// The mode that its files get: `defaultMode` of a Secret or `ConfigMap`.
    pub mode: Option<Mode>,
    /// Where that is said.
    pub span: Option<Span>,
}

/// A file that a mount brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountedFile {
    /// In the container.
    pub path: String,
    /// Whether its text holds a PEM block; `None` where it is not known.
    pub is_pem: Option<bool>,
    /// Where its text is.
    pub span: Option<Span>,
}

/// The host of the Redis that LiteLLM's chart installs beside it, as far as its values tell.
pub const CHART_REDIS: &str = "the Redis that the Helm chart installs";

/// A Redis server that runs beside LiteLLM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisServer {
    /// Its host names for its neighbours.
    pub hosts: Vec<String>,
    /// `redis:7.4`
    pub image: String,
    /// The words of its command line.
    pub command: Vec<String>,
    /// Its settings are the defaults and what the command line says: no file and no variable says more.
    pub plain: bool,
    /// Its ports on the host, each with the container's.
    pub published: Vec<(u16, u16)>,
    /// How LiteLLM's container reaches it.
    pub reach: Reach,
    /// Where it is said.
    pub span: Option<Span>,
}

impl RedisServer {
    /// The values of an option of the command line, `--requirepass`; what a variable fills in is not known.
    pub fn option(&self, name: &str) -> Option<&str> {
        let at = self.command.iter().rposition(|word| word.eq_ignore_ascii_case(name))?;
        self.command.get(at + 1).map(String::as_str)
    }

    /// Whether it is started as the replica of another one.
    pub fn is_replica(&self) -> bool {
        let of = ["--replicaof", "--slaveof"].into_iter().find_map(|name| self.option(name));
        of.is_some_and(|master| !master.eq_ignore_ascii_case("no"))
    }

    /// The port that it listens on without TLS; `None` for none.
    pub fn port(&self) -> Option<u16> {
        self.option("--port").map_or(Some(6379), |port| port.parse().ok()).filter(|port| *port != 0)
    }

    /// The port that it listens on with TLS.
    pub fn tls_port(&self) -> Option<u16> {
        self.option("--tls-port")?.parse().ok().filter(|port| *port != 0)
    }
}

impl Container {
    /// All places.
    pub(crate) fn places_mut(&mut self) -> impl Iterator<Item = &mut Option<Span>> {
        let mounts = self.mounts.iter_mut().flat_map(|mount| {
            let mode = mount.mode.as_mut().map(|mode| &mut mode.span);
            let files = mount.files.iter_mut().flatten().map(|file| &mut file.span);
            std::iter::once(&mut mount.span).chain(mode).chain(files)
        });
        let servers = self.servers.iter_mut().map(|server| &mut server.span);
        let faults = self.faults.iter_mut().flat_map(Fault::places_mut);
        let services = self.network.services.iter_mut().map(|service| &mut service.span);
        mounts.chain(servers).chain(faults).chain(services).chain(std::iter::once(&mut self.span))
    }
}

/// What Kubernetes makes of a plain scalar that is not text: it reads YAML 1.1 as Go does, where `y` and
/// `on` are booleans, too, and `1:30` is text.
pub(crate) fn read_by_kubernetes(written: &str) -> Option<&'static str> {
    const TRUTH: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];
    let written = written.trim();
    let lower = written.to_ascii_lowercase();
    let capital = written.chars().skip(1);
    let cased = written == lower
        || written == lower.to_ascii_uppercase()
        || capital.eq(lower.chars().skip(1));
    if TRUTH.contains(&lower.as_str()) && cased {
        return Some("a boolean");
    }
    let digits = lower.trim_start_matches(['+', '-']).replace('_', "");
    let radix = |prefix: &str, radix: u32| {
        digits
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix)))
    };
    let whole = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    let float = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.parse::<f64>().is_ok();
    (whole || float || radix("0x", 16) || radix("0b", 2) || radix("0o", 8)).then_some("a number")
}

#[cfg(test)]
mod tests {
    use super::{Reach, RedisServer, read_by_kubernetes};

    #[test]
    fn kubernetes_reads_scalars_as_go_does() {
        for (written, read) in [
            ("true", Some("a boolean")),
            ("True", Some("a boolean")),
            ("YES", Some("a boolean")),
            ("y", Some("a boolean")),
            ("tRue", None),
            ("6379", Some("a number")),
            ("1e3", Some("a number")),
            ("0x1F", Some("a number")),
            ("1_000", Some("a number")),
            ("1:30", None),
            ("redis", None),
            ("10.0.0.1", None),
            ("nan", None),
            ("", None),
            ("null", None),
        ] {
            assert_eq!(read_by_kubernetes(written), read, "{written}");
        }
    }

    #[test]
    fn a_servers_options() {
        let server = |command: &str| RedisServer {
            hosts: vec![],
            image: "redis:7".to_owned(),
            command: command.split(' ').map(str::to_owned).collect(),
            plain: true,
            published: vec![],
            reach: Reach::ByName,
            span: None,
        };
        assert_eq!(server("redis-server").port(), Some(6379));
        assert_eq!(server("redis-server --port 0 --tls-port 6380").port(), None);
        assert_eq!(server("redis-server --port 0 --tls-port 6380").tls_port(), Some(6380));
        assert_eq!(server("redis-server --requirepass x").option("--requirepass"), Some("x"));
        assert_eq!(server("redis-server --requirepass").option("--requirepass"), None);
        assert!(server("redis-server --replicaof main 6379").is_replica());
        assert!(!server("redis-server --replicaof no one").is_replica());
    }
}
