//! The certificate files that settings name: what is in them ends, too.

use std::path::Path;

use super::certificate::all_of_file;
use crate::options::FileAccess;
use crate::plan::{Plan, Settings, Target};
use crate::report::{CertificateReport, ConnectionReport, FileReport};

/// A bundle of a system's roots holds some 150.
const MOST: usize = 1000;
/// So many are shown where nothing tells which of them matter.
const SHOWN: usize = 20;

/// Each file once.
pub(crate) fn files(
    plans: &[Plan],
    connections: &[ConnectionReport],
    access: &FileAccess,
) -> Vec<FileReport> {
    let mut found: Vec<FileReport> = Vec::new();
    for settings in plans.iter().flat_map(settings) {
        let Some(tls) = &settings.tls else {
            continue;
        };
        let own = tls.client_certificate.as_ref().and_then(|own| own.certfile.as_deref());
        for (setting, path) in [("ssl_certfile", own), ("ssl_ca_certs", tls.ca_file.as_deref())] {
            let Some(path) = path else {
                continue;
            };
            let known = found.iter().any(|file| file.setting == setting && file.path == path);
            if known || !access.allows(Path::new(path)) {
                continue;
            }
            let mut certificates = all_of_file(Path::new(path), MOST);
            if setting == "ssl_ca_certs" {
                certificates = that_matter(certificates, connections);
            }
            if !certificates.is_empty() {
                found.push(FileReport { setting, path: path.to_owned(), certificates });
            }
        }
    }
    found
}

/// The authorities that chains lead to. One that signs a root anew has the root's name.
fn that_matter(
    mut all: Vec<CertificateReport>,
    connections: &[ConnectionReport],
) -> Vec<CertificateReport> {
    let chains = connections.iter().filter_map(|connection| connection.tls.as_ref());
    let seen: Vec<&CertificateReport> = chains.flat_map(|tls| &tls.chain).collect();
    let matters = |one: &CertificateReport| {
        seen.iter().any(|sent| sent.issuer == one.subject || sent.subject == one.subject)
    };
    if all.iter().any(matters) {
        all.retain(matters);
    }
    all.truncate(SHOWN);
    all
}

fn settings(plan: &Plan) -> Vec<&Settings> {
    match &plan.target {
        Ok(Target::Server(settings) | Target::Cluster { settings, .. }) => vec![settings],
        Ok(Target::Sentinel { sentinels, master, .. }) => {
            sentinels.iter().chain([master]).collect()
        }
        Err(_) => vec![],
    }
}
