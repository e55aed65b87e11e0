//! What situations share: authorities, and TLS servers with certificates of theirs.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{Error, Server, merged};
use crate::certificates::{Files, Identity, TlsFiles, Wish};

/// Authorities, and a directory for their files.
pub(super) struct Pki {
    pub(super) directory: PathBuf,
    pub(super) root: Identity,
    root_files: Files,
    pub(super) other_root: Identity,
    count: Cell<usize>,
}

impl Pki {
    pub(super) fn new(directory: &Path) -> Result<Self, Error> {
        let root = Identity::new(&Wish::authority("Test Root"), None)?;
        let other_root = Identity::new(&Wish::authority("Other Root"), None)?;
        let root_files = root.write(directory, "root", &[])?;
        other_root.write(directory, "other-root", &[])?;
        let (directory, count) = (directory.to_owned(), Cell::new(0));
        Ok(Self { directory, root, root_files, other_root, count })
    }

    /// The path of a file in the directory.
    pub(super) fn path(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }

    /// Writes a file into the directory; its path.
    pub(super) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> Result<String, Error> {
        std::fs::write(self.directory.join(name), content)?;
        Ok(self.path(name))
    }

    /// A certificate of the root's.
    pub(super) fn leaf(&self, wish: &Wish) -> Result<Identity, Error> {
        Ok(Identity::new(wish, Some(&self.root))?)
    }

    /// A TLS server with this certificate and chain, which asks for no client certificate.
    pub(super) fn serve(&self, identity: &Identity, chain: &[&Identity]) -> Result<Server, Error> {
        self.serve_with(identity, chain, &[])
    }

    /// A TLS server with further arguments.
    pub(super) fn serve_with(
        &self,
        identity: &Identity,
        chain: &[&Identity],
        more: &[&str],
    ) -> Result<Server, Error> {
        self.arguments(identity, chain, more).map(Server::Redis)
    }

    /// A server with a certificate or a protocol that OpenSSL's defaults refuse.
    pub(super) fn serve_lenient(
        &self,
        identity: &Identity,
        chain: &[&Identity],
        more: &[&str],
    ) -> Result<Server, Error> {
        self.arguments(identity, chain, more).map(Server::Lenient)
    }

    /// A TLS client of this host that trusts the root.
    pub(super) fn client(&self, host: &str, more: Value) -> Map<String, Value> {
        let base = json!({"host": host, "ssl": true, "ssl_ca_certs": self.path("root.crt")});
        merged(base, more)
    }

    /// The files of a new identity.
    pub(super) fn write(&self, identity: &Identity, chain: &[&Identity]) -> Result<Files, Error> {
        let number = self.count.get() + 1;
        self.count.set(number);
        identity.write(&self.directory, &format!("identity-{number}"), chain)
    }

    fn arguments(
        &self,
        identity: &Identity,
        chain: &[&Identity],
        more: &[&str],
    ) -> Result<Vec<String>, Error> {
        let own = self.write(identity, chain)?;
        let files = TlsFiles::new(&own, &self.root_files);
        Ok(files.arguments().iter().chain(more).map(|&argument| argument.to_owned()).collect())
    }
}
