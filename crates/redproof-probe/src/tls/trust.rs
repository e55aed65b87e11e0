//! The contexts of a probe: what its clients trust, and how their Python verifies.

use std::sync::{Arc, Mutex, PoisonError};

use openssl::error::ErrorStack;
use openssl::ssl::SslContext;
use openssl::x509::store::X509Store;
use openssl::x509::verify::X509VerifyParam;
use redproof_core::environment::Environment;
use redproof_core::releases::Python;

use super::certificate::Described;
use super::judged::Judged;
use super::roots::DefaultRoots;
use super::{context, rust_client};
use crate::options::FileAccess;
use crate::outcome::Failure;
use crate::tls_settings::TlsSettings;

/// Which roots a context trusts beside those of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The default ones, as CPython does.
    Default,
    /// None: where the configured authorities do, the others change nothing.
    ConfiguredOnly,
}

/// What clients trust, and the contexts made so far: many connections share their settings, and a file
/// of a hundred certificates takes longer to read than a handshake.
pub(crate) struct Trust {
    roots: DefaultRoots,
    files: FileAccess,
    python: Option<Python>,
    /// What servers sent so far.
    pub(super) described: Arc<Described>,
    made: Mutex<Vec<(TlsSettings, Roots, SslContext)>>,
    /// Those of the Rust client.
    rustls: Mutex<Vec<(TlsSettings, Arc<rust_client::Client>)>>,
    /// Those that hold authorities alone, for the other era of Python.
    authorities: Mutex<Vec<(TlsSettings, Roots, Arc<X509Store>)>>,
    /// What that era says.
    pub(super) eras: Judged,
}

impl Trust {
    pub(crate) fn new(
        environment: &Environment,
        files: &FileAccess,
        python: Option<Python>,
    ) -> Self {
        let roots = DefaultRoots::of(environment, files);
        Self {
            roots,
            files: files.clone(),
            python,
            described: Arc::default(),
            made: Mutex::default(),
            rustls: Mutex::default(),
            authorities: Mutex::default(),
            eras: Judged::default(),
        }
    }

    /// Whether the clients' Python verifies strictly. Where it is not known which runs, they are taken
    /// to have one before it did, and a finding says what changes.
    pub(crate) fn is_strict(&self) -> bool {
        self.python.is_some_and(Python::verifies_strictly)
    }

    /// Whether it is known which Python runs.
    pub(crate) fn is_known(&self) -> bool {
        self.python.is_some()
    }

    /// The authorities that settings name, in a store that verifies by these parameters.
    pub(super) fn authorities(
        &self,
        settings: &TlsSettings,
        roots: Roots,
        parameters: impl Fn() -> Result<X509VerifyParam, ErrorStack>,
    ) -> Option<Arc<X509Store>> {
        let mut made = self.authorities.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().find(|(of, beside, _)| *beside == roots && of == settings);
        if let Some((.., store)) = known {
            return Some(Arc::clone(store));
        }
        let beside = (roots == Roots::Default).then_some(&self.roots);
        let parameters = parameters().ok()?;
        let store = Arc::new(context::authorities(settings, beside, &parameters).ok()?);
        made.push((settings.clone(), roots, Arc::clone(&store)));
        Some(store)
    }

    /// The context that redis-py builds from these settings.
    ///
    /// # Errors
    /// What redis-py would stop at.
    pub(crate) fn context(
        &self,
        settings: &TlsSettings,
        roots: Roots,
    ) -> Result<SslContext, Failure> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().find(|(of, beside, _)| *beside == roots && of == settings);
        if let Some((.., context)) = known {
            return Ok(context.clone());
        }
        let beside = (roots == Roots::Default).then_some(&self.roots);
        let flags = settings.verification.flags(self.is_strict());
        let context = context::build(settings, beside, flags, &self.files)?;
        made.push((settings.clone(), roots, context.clone()));
        Ok(context)
    }

    /// What LiteLLM's Rust client makes of these settings.
    ///
    /// # Errors
    /// What it would stop at.
    pub(crate) fn rustls(
        &self,
        settings: &TlsSettings,
    ) -> Result<Arc<rust_client::Client>, Failure> {
        let mut made = self.rustls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = made.iter().find(|(of, _)| of == settings) {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(rust_client::Client::new(
            settings,
            &self.roots,
            &self.files,
            self.sources(settings),
            &self.described,
        )?);
        made.push((settings.clone(), Arc::clone(&client)));
        Ok(client)
    }

    /// What a client of these settings trusts, in words.
    pub(crate) fn sources(&self, settings: &TlsSettings) -> Vec<String> {
        let named = [("ssl_ca_certs", &settings.ca_file), ("ssl_ca_path", &settings.ca_path)];
        let named = named
            .into_iter()
            .filter_map(|(name, path)| path.as_ref().map(|path| format!("{name} {path}")));
        let data = settings.ca_data.as_ref().map(|_| "ssl_ca_data".to_owned());
        named.chain(data).chain(self.roots.sources.iter().cloned()).collect()
    }
}
