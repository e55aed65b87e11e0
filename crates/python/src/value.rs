//! Python values as LiteLLM handles them, each with its origin.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr as Text;

use super::integer::Integer;
use super::origin::Origin;
use base::secret::Secret;
use base::source::Span;

/// A Python value and where it came from.
///
/// Cloning is cheap: strings and collections are shared, as Python shares them, so that YAML
/// aliases stay linear in time and memory.
#[derive(Clone)]
pub struct Value {
    /// The value itself.
    pub data: Data,
    /// Where it came from.
    pub origin: Origin,
}

/// The shapes of Python values that a configuration can hold.
#[derive(Clone)]
pub enum Data {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An `int`, of any size.
    Int(Integer),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(Text),
    /// `bytes`, from YAML's `!!binary`.
    Bytes(Arc<[u8]>),
    /// A `datetime.date`, as `isoformat()` prints it.
    Date(Text),
    /// A `datetime.datetime`, as `isoformat()` prints it.
    DateTime(Text),
    /// A `list`.
    List(Arc<Vec<Value>>),
    /// A `tuple`, from YAML's `!!omap` and `!!pairs` (inside a list).
    Tuple(Arc<Vec<Value>>),
    /// A `set`, from YAML's `!!set`.
    Set(Arc<Vec<Value>>),
    /// A `dict`.
    Dict(Arc<Dict>),
    /// A collection that contains itself, by a YAML alias inside its own anchor.
    Recursive,
    /// An object that LiteLLM makes, not writable in a config.
    Object(Object),
    /// Set, but to what can't be known here (a Secret's key, an unset reference); the text says why.
    Unknown(Text),
}

/// Objects that LiteLLM makes and hands to redis-py.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// `create_gcp_iam_redis_connect_func(service_account)`
    GcpConnectFunc {
        /// The service account.
        service_account: Arc<str>,
    },
    /// `create_azure_ad_redis_connect_func(…)`
    AzureConnectFunc(Arc<AzureIam>),
    /// `GCPIAMCredentialProvider(service_account)`
    GcpCredentialProvider {
        /// The service account.
        service_account: Arc<str>,
    },
    /// `AzureADCredentialProvider(credential)`
    AzureCredentialProvider(Arc<AzureIam>),
    /// `ElastiCacheIAMCredentialProvider(…)`
    AwsCredentialProvider(Arc<AwsIam>),
}

/// Whom a credential of Microsoft Entra ID signs in, as far as it is known; what is not set comes
/// from the surroundings of the process (managed identity).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AzureIam {
    /// The application, or the user-assigned identity.
    pub client_id: Option<String>,
    /// The directory.
    pub tenant_id: Option<String>,
    /// The application's secret.
    pub client_secret: Option<Secret>,
}

/// Whom a credential provider of AWS signs in. (Shared: values are many, and stay small.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsIam {
    /// The IAM-enabled user.
    pub user_name: Arc<str>,
    /// The replication group or serverless cache.
    pub cache_name: Arc<str>,
    /// The region.
    pub region: Arc<str>,
    /// Whether the cache is serverless.
    pub serverless: bool,
}

impl Object {
    /// `type(object).__name__`
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::GcpConnectFunc { .. } | Self::AzureConnectFunc(_) => "function",
            Self::GcpCredentialProvider { .. } => "GCPIAMCredentialProvider",
            Self::AzureCredentialProvider(_) => "AzureADCredentialProvider",
            Self::AwsCredentialProvider(_) => "ElastiCacheIAMCredentialProvider",
        }
    }
}

/// A Python `dict`: insertion order, each key once.
#[derive(Clone, Default)]
pub struct Dict {
    /// The entries, in the order in which `dict` iterates.
    pub entries: Vec<Entry>,
}

/// One key of a [`Dict`] with its value.
#[derive(Clone)]
pub struct Entry {
    /// The key; its origin is the key's own span.
    pub key: Value,
    /// The value.
    pub value: Value,
    /// Where the same key stood before and was overwritten by this one (YAML keeps the last).
    pub overwritten: Vec<Span>,
    /// Set when the entry came in by a merge key (`<<`): the span of the merged alias or map.
    pub merged: Option<Span>,
}

/// What `bool(value)` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Truthy.
    True,
    /// Falsy.
    False,
    /// Hangs on a value that can't be known.
    Unknown,
}

impl Value {
    /// A value with its origin.
    pub fn new(data: Data, origin: Origin) -> Self {
        Self { data, origin }
    }

    /// A `str`.
    pub fn str(text: impl Into<Text>, origin: Origin) -> Self {
        Self::new(Data::Str(text.into()), origin)
    }

    /// `None`.
    pub fn none(origin: Origin) -> Self {
        Self::new(Data::None, origin)
    }

    /// A `bool`.
    pub fn bool(value: bool, origin: Origin) -> Self {
        Self::new(Data::Bool(value), origin)
    }

    /// An `int`.
    pub fn int(value: impl Into<Integer>, origin: Origin) -> Self {
        Self::new(Data::Int(value.into()), origin)
    }

    /// The place in the config that this value was written in, if it was.
    pub fn span(&self) -> Option<Span> {
        self.origin.span()
    }

    /// Whether this is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self.data, Data::None)
    }

    /// The text, if this is a `str`.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The dict, if this is one.
    pub fn as_dict(&self) -> Option<&Dict> {
        match &self.data {
            Data::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The elements, if this is a `list`.
    pub fn as_list(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// What tells one collection from another, as Python's `id()` does; `None` for other values.
    pub fn identity(&self) -> Option<*const ()> {
        Some(match &self.data {
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => Arc::as_ptr(items).cast(),
            Data::Dict(dict) => Arc::as_ptr(dict).cast(),
            _ => return None,
        })
    }

    /// `bool(value)`.
    pub fn truth(&self) -> Truth {
        let truth = match &self.data {
            Data::None => false,
            Data::Bool(value) => *value,
            Data::Int(value) => *value != Integer::ZERO,
            Data::Float(value) => *value != 0.0,
            Data::Str(value) => !value.is_empty(),
            Data::Bytes(value) => !value.is_empty(),
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => !items.is_empty(),
            Data::Dict(dict) => !dict.entries.is_empty(),
            Data::Date(_) | Data::DateTime(_) | Data::Recursive | Data::Object(_) => true,
            Data::Unknown(_) => return Truth::Unknown,
        };
        if truth { Truth::True } else { Truth::False }
    }

    /// `type(value).__name__`; `None` when it can't be known.
    pub fn type_name(&self) -> Option<&'static str> {
        Some(match &self.data {
            Data::None => "NoneType",
            Data::Bool(_) => "bool",
            Data::Int(_) => "int",
            Data::Float(_) => "float",
            Data::Str(_) => "str",
            Data::Bytes(_) => "bytes",
            Data::Date(_) => "datetime.date",
            Data::DateTime(_) => "datetime.datetime",
            Data::List(_) | Data::Recursive => "list",
            Data::Tuple(_) => "tuple",
            Data::Set(_) => "set",
            Data::Dict(_) => "dict",
            Data::Object(object) => object.type_name(),
            Data::Unknown(_) => return None,
        })
    }
}

impl Dict {
    /// The entry of a string key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.as_str() == Some(key))
    }

    /// The value of a string key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|entry| &entry.value)
    }
}

/// Strings stay out of debug output: any of them may be a password.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.data {
            Data::None => f.write_str("None"),
            Data::Bool(value) => write!(f, "{value}"),
            Data::Int(value) => write!(f, "{value}"),
            Data::Float(value) => write!(f, "{value:?}"),
            Data::Date(value) | Data::DateTime(value) => write!(f, "{value}"),
            Data::List(items) => f.debug_list().entries(items.iter()).finish(),
            Data::Dict(dict) => f
                .debug_map()
                .entries(dict.entries.iter().map(|entry| (entry.key.as_str(), &entry.value)))
                .finish(),
            Data::Unknown(why) => write!(f, "Unknown({why})"),
            Data::Str(_) => f.write_str("Str(…)"),
            Data::Bytes(_) => f.write_str("Bytes(…)"),
            Data::Tuple(_) => f.write_str("Tuple(…)"),
            Data::Set(_) => f.write_str("Set(…)"),
            Data::Recursive => f.write_str("Recursive"),
            Data::Object(object) => f.write_str(object.type_name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, Value};

    /// A long config is tens of thousands of values: their size is what a check of one waits for.
    #[test]
    fn values_stay_small() {
        assert!(size_of::<Data>() <= 40, "{}", size_of::<Data>());
        assert!(size_of::<Value>() <= 64, "{}", size_of::<Value>());
    }
}
