//! What each file is for: as the configuration names it, else as its contents suggest.

use super::demands::Demands;
use super::files::Holding;
use super::x509::{Authority, Certificate};

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Trusted certificates: `ssl_ca_certs`.
    Authorities,
    /// The server's certificate, with what it sends beside it.
    Server,
    /// The client's certificate: `ssl_certfile`.
    Client,
    /// A private key: `ssl_keyfile`.
    Key,
    /// Nothing that is looked at.
    Nothing,
}

impl Role {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authorities => "trusted certificates",
            Self::Server => "server's certificate",
            Self::Client => "client's certificate",
            Self::Key => "private key",
            Self::Nothing => "not used",
        }
    }
}

/// The role of each file, and the setting that says so where one does.
pub fn assign(holdings: &[Holding], demands: &Demands) -> Vec<(Role, Option<&'static str>)> {
    holdings.iter().map(|holding| assign_one(holding, demands)).collect()
}

fn assign_one(holding: &Holding, demands: &Demands) -> (Role, Option<&'static str>) {
    let named = |paths: &[String]| is_among(holding, paths);
    // One name may stand for two files in two folders: what the file holds has to fit.
    if named(&demands.ca_files) && !holding.certificates.is_empty() {
        return (Role::Authorities, Some("ssl_ca_certs"));
    }
    if named(&demands.cert_files) && (!holding.certificates.is_empty() || holding.keys.is_empty()) {
        return (Role::Client, Some("ssl_certfile"));
    }
    if named(&demands.key_files) && (!holding.keys.is_empty() || holding.certificates.is_empty()) {
        return (Role::Key, Some("ssl_keyfile"));
    }
    if named(&demands.ca_files) {
        return (Role::Authorities, Some("ssl_ca_certs"));
    }
    (by_contents(holding, demands), None)
}

/// Whether one of the configuration's paths has the file's name.
pub(super) fn is_among(holding: &Holding, paths: &[String]) -> bool {
    paths.iter().any(|path| path.rsplit(['/', '\\']).next() == Some(&holding.short_name))
}

fn by_contents(holding: &Holding, demands: &Demands) -> Role {
    let Some(first) = holding.certificates.first() else {
        return if holding.keys.is_empty() { Role::Nothing } else { Role::Key };
    };
    if holding.keys.is_empty() && is_root(first) {
        return Role::Authorities;
    }
    let is_for = |purpose: &str| {
        first.purposes.as_ref().is_some_and(|list| list.iter().any(|one| one == purpose))
    };
    let name = holding.short_name.to_ascii_lowercase();
    match (is_for("serverAuth"), is_for("clientAuth")) {
        (true, false) => Role::Server,
        (false, true) => Role::Client,
        _ if demands.hosts.iter().any(|host| first.fits(&host.host).is_some()) => Role::Server,
        _ if name.contains("client") => Role::Client,
        _ if name.contains("server") || first.names.is_some() => Role::Server,
        _ => Role::Client,
    }
}

/// Whether it looks like the certificate of a CA, home-made ones included. A server's may say that it is a
/// CA by mistake: the names of hosts, and another issuer, tell it apart.
fn is_root(certificate: &Certificate) -> bool {
    let self_signed = certificate.is_self_signed();
    if certificate.authority() == Authority::Yes {
        return self_signed || certificate.names.is_none();
    }
    self_signed && certificate.purposes.is_none() && certificate.names.is_none()
}
