//! The name of an argument.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use facts::{Signature, fingerprint};

use crate::Text;

/// The name of a keyword argument: most are those that LiteLLM and redis-py know.
#[derive(Clone)]
pub struct Name {
    text: Text,
    pub(super) fingerprint: u32,
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self { text: Text::new_static(name), fingerprint: fingerprint(name) }
    }
}

impl From<Text> for Name {
    fn from(name: Text) -> Self {
        Self { fingerprint: fingerprint(&name), text: name }
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Text::from(name).into()
    }
}

impl From<&Name> for Name {
    fn from(name: &Name) -> Self {
        name.clone()
    }
}

impl Name {
    /// Whether a function has a parameter of this name.
    pub(super) fn is_of(&self, signature: &Signature) -> bool {
        signature.names_known(self, self.fingerprint)
    }

    /// A name that is written somewhere.
    pub fn written(name: &str) -> Self {
        Text::from(name).into()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint && **self == **other
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self
    }
}
