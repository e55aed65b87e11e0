//! `redproof certificate`.

mod human;

use redproof_core::certificate::{
    Demands, Holding, HostDemand, Inspection, NamedBytes, Role, assign, concerns, inspect, read,
};
use redproof_core::finding::Severity;
use redproof_core::{Releases, check};

use crate::Ending;
use crate::args::{CertificateArgs, EnvironmentArgs};
use crate::files;
use crate::input::Surroundings;
use crate::output::Failure;

/// What is judged, and the judgement.
pub(crate) struct Judged {
    pub(crate) holdings: Vec<Holding>,
    pub(crate) roles: Vec<(Role, Option<&'static str>)>,
    pub(crate) inspection: Inspection,
    pub(crate) now: i64,
    /// Whether a finding reaches `--fail-on`.
    pub(crate) fails: bool,
}

impl Judged {
    /// A file's name.
    pub(crate) fn name(&self, place: usize) -> &str {
        self.holdings.get(place).map_or("", |holding| &holding.name)
    }
}

/// Judges the files against each other and the hosts.
///
/// # Errors
/// When a file can't be read, or holds neither certificate nor key.
pub(crate) fn run(args: &CertificateArgs) -> Result<Ending, Failure> {
    let demands = demands(args)?;
    let mut files = vec![];
    for path in &args.files {
        let file = NamedBytes::new(files::name(path), files::read_bytes(path)?);
        if !concerns(&file.bytes) {
            let name = &file.name;
            return Err(Failure::Said(format!("{name} holds no certificate and no key")));
        }
        files.push(file);
    }
    let holdings = read(&files);
    // What holds private keys is wiped here.
    drop(files);
    let now = files::now().ok_or_else(|| Failure::Said("the clock is before 1970".to_owned()))?;
    let roles = assign(&holdings, &demands);
    let bare: Vec<Role> = roles.iter().map(|(role, _)| *role).collect();
    let inspection = inspect(&holdings, &bare, &demands, now);
    let severity = Severity::from(args.fail_on);
    let fails = inspection.findings.iter().any(|finding| finding.severity >= severity);
    args.format.print(&Judged { holdings, roles, inspection, now, fails })?;
    Ok(if fails { Ending::Findings } else { Ending::Clean })
}

/// What the config wants of the files, and the hosts that are named beside it.
fn demands(args: &CertificateArgs) -> Result<Demands, Failure> {
    let releases = Releases::parse(args.litellm.as_deref(), args.redis_py.as_deref())?;
    let mut demands = match &args.config {
        None => Demands::without_config(releases.pair()),
        Some(config) => {
            let none = EnvironmentArgs {
                env_file: vec![],
                env: vec![],
                own_env: false,
                require_env: false,
                no_discover: false,
                settings: None,
            };
            let mut surroundings = Surroundings::new(&none, releases, config)?;
            let (config, text) = surroundings.config(config)?;
            let report = surroundings.with_input(&config, &text, check);
            Demands::of(&report.outcome, report.pair)
        }
    };
    for host in &args.host {
        demands.hosts.retain(|known| known.host != *host);
        let host = host.clone();
        if let Some(rust) = &mut demands.rust
            && !rust.hosts.iter().any(|known| known.host == host)
        {
            // It checks no name unless the configuration asks for it.
            let unchecked =
                HostDemand { host: host.clone(), tls: true, verified: true, name_checked: false };
            rust.hosts.push(unchecked);
        }
        demands.hosts.push(HostDemand { host, tls: true, verified: true, name_checked: true });
    }
    Ok(demands)
}
