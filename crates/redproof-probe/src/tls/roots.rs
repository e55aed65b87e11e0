//! The roots that a client trusts without being told of any: `SSLContext.load_default_certs()`, as it
//! goes where LiteLLM runs.

use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;
use openssl::ssl::{SslContextBuilder, SslFiletype};
use openssl::x509::store::{X509Lookup, X509StoreBuilder};
use redproof_core::environment::{Environment, VariableValue};
use rustls::pki_types::CertificateDer;

use crate::options::FileAccess;
use crate::small_file;

/// Bundles, where no directory has names that OpenSSL finds.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
];

/// Where OpenSSL finds roots: by `SSL_CERT_FILE` and `SSL_CERT_DIR` of LiteLLM's environment, else where
/// this machine keeps them. What the prober's own environment says is the prober's.
#[derive(Clone, Debug, Default)]
pub(crate) struct DefaultRoots {
    files: Vec<PathBuf>,
    directories: Vec<PathBuf>,
    named: Named,
    /// In words, for people: which they are.
    pub(crate) sources: Vec<String>,
}

/// What the environment names.
#[derive(Clone, Debug, Default)]
struct Named {
    is_given: bool,
    files: Vec<PathBuf>,
    directories: Vec<PathBuf>,
    /// What is not there, which OpenSSL passes over.
    missing: Option<String>,
}

impl DefaultRoots {
    /// Those of a client in this environment.
    pub(crate) fn of(environment: &Environment, access: &FileAccess) -> Self {
        let mut roots = Self::default();
        let variable = |name| environment.get(name).map(|variable| &variable.value);
        let (file, directories) = (variable("SSL_CERT_FILE"), variable("SSL_CERT_DIR"));
        match file {
            Some(VariableValue::Known(path)) => {
                let path = PathBuf::from(path.reveal());
                let there =
                    access.allows(&path) && path.is_file() && small_file::check(&path).is_ok();
                roots.say("SSL_CERT_FILE", &path, there);
                roots.named.is_given = true;
                roots.named.files.extend(there.then(|| path.clone()));
                roots.files.extend(there.then_some(path));
            }
            Some(VariableValue::Unknown(why)) => roots.unknown("SSL_CERT_FILE", why),
            None => {}
        }
        match directories {
            Some(VariableValue::Known(paths)) => {
                for path in paths.reveal().split(':').filter(|path| !path.is_empty()) {
                    let path = PathBuf::from(path);
                    let there = access.allows(&path) && path.is_dir();
                    roots.say("SSL_CERT_DIR", &path, there);
                    roots.named.is_given = true;
                    roots.named.directories.extend(there.then(|| path.clone()));
                    roots.directories.extend(there.then_some(path));
                }
            }
            Some(VariableValue::Unknown(why)) => roots.unknown("SSL_CERT_DIR", why),
            None => roots.of_this_machine(file.is_some()),
        }
        roots
    }

    /// The prober's own, for its own requests.
    pub(crate) fn own() -> Self {
        let variables = ["SSL_CERT_FILE", "SSL_CERT_DIR"]
            .into_iter()
            .filter_map(|name| Some((name, std::env::var(name).ok()?)));
        Self::of(&Environment::exactly(variables), &FileAccess::All)
    }

    /// Adds them to what a context trusts. What can't be read leaves it as it is, as in CPython.
    pub(crate) fn trust(&self, builder: &mut SslContextBuilder) -> Result<(), ErrorStack> {
        for file in &self.files {
            let _ = builder.set_ca_file(file);
        }
        for directory in &self.directories {
            builder.load_verify_locations(None, Some(directory))?;
        }
        Ok(())
    }

    /// [`Self::trust`], for a store.
    pub(crate) fn keep_in(&self, store: &mut X509StoreBuilder) -> Result<(), ErrorStack> {
        for file in &self.files {
            let lookup = store.add_lookup(X509Lookup::file())?;
            let _ = lookup.load_cert_file(file, SslFiletype::PEM);
        }
        for directory in self.directories.iter().filter_map(|path| path.to_str()) {
            store.add_lookup(X509Lookup::hash_dir())?.add_dir(directory, SslFiletype::PEM)?;
        }
        Ok(())
    }

    /// The same as rustls-native-certs has them: what the environment names, and that alone; or why it gives up. What
    /// this machine's lack is not the image's.
    pub(crate) fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let named = &self.named;
        let (files, directories) = match named.is_given {
            true => (&named.files, &named.directories),
            false => (&self.files, &self.directories),
        };
        let files = files.iter().map(|file| (Some(file.as_path()), None));
        let directories = directories.iter().map(|folder| (None, Some(folder.as_path())));
        let mut found = vec![];
        for (file, directory) in files.chain(directories) {
            let mut loaded = rustls_native_certs::load_certs_from_paths(file, directory);
            if let Some(error) = loaded.errors.pop().filter(|_| named.is_given) {
                return Err(error.to_string());
            }
            found.append(&mut loaded.certs);
        }
        match &named.missing {
            Some(missing) => Err(missing.clone()),
            None => Ok(found),
        }
    }

    /// Whether the environment names them.
    pub(crate) fn are_named(&self) -> bool {
        self.named.is_given
    }

    /// A directory of hashed names is preferred: OpenSSL opens just the file that it needs.
    fn of_this_machine(&mut self, has_file: bool) {
        let hashed =
            openssl_probe::candidate_cert_dirs().find(|directory| has_hashed_names(directory));
        let path = match hashed {
            Some(directory) => {
                self.directories.push(directory.to_owned());
                directory
            }
            None if has_file => return,
            None => match BUNDLES.iter().map(Path::new).find(|path| path.is_file()) {
                Some(bundle) => {
                    self.files.push(bundle.to_owned());
                    bundle
                }
                None => return,
            },
        };
        self.sources.push(format!("{} of this machine", path.display()));
    }

    fn say(&mut self, name: &str, path: &Path, there: bool) {
        let but = if there { "" } else { ", which is not there" };
        let said = format!("{name} {}{but}", path.display());
        if !there {
            self.named.missing.get_or_insert_with(|| said.clone());
        }
        self.sources.push(said);
    }

    fn unknown(&mut self, name: &str, why: &str) {
        self.sources.push(format!("{name}, whose value is not known here ({why})"));
    }
}

fn has_hashed_names(directory: &Path) -> bool {
    let Ok(entries) = directory.read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| Path::new(&entry.file_name()).extension() == Some("0".as_ref()))
}

#[cfg(test)]
mod tests {
    use redproof_core::environment::Environment;

    use super::DefaultRoots;
    use crate::options::FileAccess;

    #[test]
    fn the_deployment_says_where_roots_are() {
        let environment = Environment::exactly([
            ("SSL_CERT_FILE", "/nowhere/ca.pem"),
            ("SSL_CERT_DIR", "/nowhere/one::/etc"),
        ]);
        let roots = DefaultRoots::of(&environment, &FileAccess::All);
        let said = [
            "SSL_CERT_FILE /nowhere/ca.pem, which is not there",
            "SSL_CERT_DIR /nowhere/one, which is not there",
            "SSL_CERT_DIR /etc",
        ];
        assert_eq!(roots.sources, said);
        assert!(roots.files.is_empty() && roots.directories.len() == 1);
        // Whether a file out of bounds exists is not told.
        let access = FileAccess::Under(vec!["/nowhere".into()]);
        let roots =
            DefaultRoots::of(&Environment::exactly([("SSL_CERT_FILE", "/etc/passwd")]), &access);
        assert_eq!(roots.sources[0], "SSL_CERT_FILE /etc/passwd, which is not there");
    }
}
