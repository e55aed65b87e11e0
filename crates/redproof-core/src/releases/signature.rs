//! The shape of extracted signatures.

/// A parameter's default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// No default: the argument must be given.
    Required,
    /// `None`
    None,
    /// A `bool`.
    Bool(bool),
    /// An `int`.
    Int(i64),
    /// A `float`.
    Float(f64),
    /// A `str`.
    Str(&'static str),
    /// Some other object; its value does not matter here.
    Object,
}

/// A parameter by name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its default.
    pub default: DefaultValue,
}

/// A parameter: short, since the generated tables hold hundreds.
pub(super) const fn p(name: &'static str, default: DefaultValue) -> Parameter {
    Parameter { name, default }
}

/// The signature of a class's `__init__`, without `self`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signature {
    /// As Python names it in a `TypeError`: `Redis.__init__`.
    pub qualname: &'static str,
    /// Whether a decorator hides the parameters from `inspect.getfullargspec(class)`.
    pub decorated: bool,
    /// Whether it takes `**kwargs`.
    pub kwargs: bool,
    /// The named parameters.
    pub parameters: &'static [Parameter],
}

impl Signature {
    /// The named parameter.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Whether there is a parameter of this name.
    pub fn names(&self, name: &str) -> bool {
        self.parameter(name).is_some()
    }

    /// Whether `inspect.getfullargspec(class).args` names the parameter: a decorator hides all.
    pub fn argspec_names(&self, name: &str) -> bool {
        !self.decorated && self.names(name)
    }
}

/// How redis-py converts a value of a URL's query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlParser {
    /// `int`
    Int,
    /// `float`
    Float,
    /// `to_bool`
    Bool,
    /// `list`: the characters.
    List,
    /// `parse_ssl_verify_flags`
    VerifyFlags,
}

/// What was extracted from one redis-py release.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the redis-py class or table of that name")]
pub struct RedisPyData {
    pub version: &'static str,
    pub redis: Signature,
    pub connection: Signature,
    pub ssl_connection: Signature,
    pub unix_connection: Signature,
    pub abstract_connection: Signature,
    pub connection_pool: Signature,
    pub redis_cluster: Signature,
    pub cluster_node: Signature,
    pub nodes_manager: Signature,
    pub sentinel: Signature,
    pub async_redis: Signature,
    pub async_connection: Signature,
    pub async_ssl_connection: Signature,
    pub async_unix_connection: Signature,
    pub async_abstract_connection: Signature,
    pub async_connection_pool: Signature,
    pub async_blocking_connection_pool: Signature,
    pub async_redis_cluster: Signature,
    pub async_sentinel: Signature,
    pub cluster_allowed_keys: &'static [&'static str],
    pub cluster_disabled_keys: &'static [&'static str],
    pub url_parsers: &'static [(&'static str, UrlParser)],
    pub async_url_parsers: &'static [(&'static str, UrlParser)],
}

/// What was extracted from one LiteLLM release.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each field is the LiteLLM class of that name")]
pub struct LitellmData {
    pub version: &'static str,
    pub cache: Option<Signature>,
    pub redis_cache: Option<Signature>,
    pub redis_cluster_cache: Option<Signature>,
    pub redis_semantic_cache: Option<Signature>,
    pub valkey_semantic_cache: Option<Signature>,
    pub s3_cache: Option<Signature>,
    pub router: Option<Signature>,
    /// The values of `LiteLLMCacheType`.
    pub cache_types: &'static [&'static str],
}
