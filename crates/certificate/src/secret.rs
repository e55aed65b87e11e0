//! Kubernetes Secrets in manifests: `kubernetes.io/tls`, and any other that holds PEM.

use zeroize::Zeroizing;

use base::base64;
use base::source::SourceId;
use deployment::environment::kubernetes::{at, items, text};
use deployment::manifest;

/// One entry of a Secret's `data` or `stringData`.
pub(super) struct Entry {
    /// The Secret's name.
    pub(super) secret: String,
    /// `tls.crt`
    pub(super) key: String,
    /// What it holds, or why it holds nothing.
    pub(super) value: Result<Zeroizing<Vec<u8>>, &'static str>,
}

impl Entry {
    /// Whether it is meant to be a certificate or key.
    pub(super) fn concerns(&self) -> bool {
        let named = [".crt", ".cer", ".pem", ".key"].iter().any(|end| self.key.ends_with(end));
        let pem = b"-----BEGIN ";
        named
            || self
                .value
                .as_ref()
                .is_ok_and(|bytes| bytes.windows(pem.len()).any(|window| window == pem))
    }
}

/// Whether a text looks like a manifest with a Secret, and is not a PEM file.
pub(super) fn is_manifest(text: &str) -> bool {
    text.contains("Secret")
        && text.contains("kind")
        && !text.lines().any(|line| line.starts_with("-----BEGIN "))
}

/// The entries of all Secrets in a manifest, or why it is not YAML.
pub(super) fn entries(manifest: &str) -> Result<Vec<Entry>, String> {
    let mut notes = vec![];
    let docs = manifest::documents(SourceId::CONFIG, "", manifest, &mut notes);
    let mut entries = vec![];
    for doc in &docs {
        for object in
            items(&doc.root).into_iter().filter(|object| text(object, "kind") == Some("Secret"))
        {
            let name = at(object, &["metadata", "name"]).and_then(|name| name.as_str());
            let secret = name.unwrap_or("without a name").to_owned();
            for (field, encoded) in [("data", true), ("stringData", false)] {
                let fields = at(object, &[field]).and_then(|value| value.as_dict());
                for entry in fields.into_iter().flat_map(|dict| &dict.entries) {
                    let (Some(key), Some(value)) = (entry.key.as_str(), entry.value.as_str())
                    else {
                        continue;
                    };
                    let value = match encoded {
                        false => Ok(value.as_bytes().to_vec()),
                        true if value.contains("-----BEGIN ") => {
                            Err("is under `data` as it is, where base64 belongs")
                        }
                        true => base64::bytes(value).ok_or("is under `data` and is not base64"),
                    };
                    entries.push(Entry {
                        secret: secret.clone(),
                        key: key.to_owned(),
                        value: value.map(Zeroizing::new),
                    });
                }
            }
        }
    }
    match notes.into_iter().next() {
        Some(note) if entries.is_empty() => Err(note.text),
        _ => Ok(entries),
    }
}
