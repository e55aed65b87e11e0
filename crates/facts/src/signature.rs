//! Signatures of classes in one release, from the extracted rows.

use super::asked::{self, List};
use super::data;
use super::fingerprint::fingerprint;
use super::row::{Head, Name, Parameter, Row, Table, UrlParser, UrlParserRow};

impl Table {
    /// The signature in one release; `None` where it has no such class.
    fn signature(&'static self, list: List, release: u16) -> Option<Signature> {
        asked::head(list);
        let head = self.heads.iter().find(|head| head.in_release(release))?;
        let Head { qualname, decorated, kwargs } = head.item;
        Some(Signature { qualname, decorated, kwargs, list, rows: self.rows, release })
    }
}

/// The signature of a class's `__init__`, without `self`.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// As Python names it in a `TypeError`: `Redis.__init__`.
    pub qualname: &'static str,
    /// Whether it takes `**kwargs`.
    pub kwargs: bool,
    decorated: bool,
    list: List,
    rows: &'static [Row<Parameter>],
    release: u16,
}

impl Signature {
    /// The named parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        asked::all_names(self.list);
        self.each()
    }

    fn each(&self) -> impl Iterator<Item = &'static Parameter> + use<> {
        let release = self.release;
        self.rows.iter().filter(move |row| row.in_release(release)).map(|row| &row.item)
    }

    /// The named parameter.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameter_of(name, fingerprint(name))
    }

    fn parameter_of(&self, name: &str, fingerprint: u32) -> Option<&'static Parameter> {
        row(self.list, self.rows, self.release, (name, fingerprint), |item| item.name)
    }

    /// The names that any release has, and whether this one does; it does not count as a question.
    pub fn ever(&self) -> impl Iterator<Item = (&'static str, bool)> + use<> {
        let release = self.release;
        self.rows.iter().map(move |row| (row.item.name, row.in_release(release)))
    }

    /// Whether there is a parameter of this name.
    pub fn names(&self, name: &str) -> bool {
        self.parameter(name).is_some()
    }

    /// As [`Self::names`], of a name whose [`fingerprint`] is known.
    pub fn names_known(&self, name: &str, fingerprint: u32) -> bool {
        self.parameter_of(name, fingerprint).is_some()
    }

    /// Whether a decorator hides the parameters from `inspect.getfullargspec(class)`.
    pub fn decorated(&self) -> bool {
        asked::decorated(self.list);
        self.decorated
    }

    /// Whether `inspect.getfullargspec(class).args` names the parameter: a decorator hides all.
    pub fn argspec_names(&self, name: &str) -> bool {
        !self.decorated() && self.names(name)
    }
}

/// What was extracted from one redis-py release: its classes' signatures, and its tables.
#[derive(Clone, Copy, Debug)]
pub struct RedisPyData {
    release: u16,
}

/// What was extracted from one LiteLLM release: its classes' signatures, and the cache types.
#[derive(Clone, Copy, Debug)]
pub struct LitellmData {
    release: u16,
}

/// Methods that give a class's signature.
macro_rules! signatures {
    ($($method:ident: $table:ident,)*) => {
        $(
            #[doc = concat!("The class of this name (`", stringify!($table), "`).")]
            pub fn $method(self) -> Signature {
                // Every supported release has the class; a table without one gives no names.
                data::redis_py::$table.signature(List::$table, self.release).unwrap_or(Signature {
                    qualname: "", decorated: false, kwargs: false, list: List::$table, rows: &[], release: 0,
                })
            }
        )*
    };
}

macro_rules! optional_signatures {
    ($($method:ident: $table:ident,)*) => {
        $(
            #[doc = concat!("The class of this name (`", stringify!($table), "`).")]
            pub fn $method(self) -> Option<Signature> {
                data::litellm::$table.signature(List::$table, self.release)
            }
        )*
    };
}

impl RedisPyData {
    pub(super) fn of(release: u16) -> Self {
        Self { release }
    }

    signatures! {
        redis: REDIS,
        connection: CONNECTION,
        ssl_connection: SSL_CONNECTION,
        unix_connection: UNIX_CONNECTION,
        abstract_connection: ABSTRACT_CONNECTION,
        connection_pool: CONNECTION_POOL,
        redis_cluster: REDIS_CLUSTER,
        cluster_node: CLUSTER_NODE,
        nodes_manager: NODES_MANAGER,
        sentinel: SENTINEL,
        async_redis: ASYNC_REDIS,
        async_connection: ASYNC_CONNECTION,
        async_ssl_connection: ASYNC_SSL_CONNECTION,
        async_unix_connection: ASYNC_UNIX_CONNECTION,
        async_abstract_connection: ASYNC_ABSTRACT_CONNECTION,
        async_connection_pool: ASYNC_CONNECTION_POOL,
        async_blocking_connection_pool: ASYNC_BLOCKING_CONNECTION_POOL,
        async_redis_cluster: ASYNC_REDIS_CLUSTER,
        async_sentinel: ASYNC_SENTINEL,
    }

    /// `redis.cluster.REDIS_ALLOWED_KEYS`
    pub fn cluster_allows(self, name: &str) -> bool {
        has(List::CLUSTER_ALLOWED_KEYS, data::redis_py::CLUSTER_ALLOWED_KEYS, self.release, name)
    }

    /// `redis.cluster.KWARGS_DISABLED_KEYS`
    pub fn cluster_disables(self, name: &str) -> bool {
        has(List::CLUSTER_DISABLED_KEYS, data::redis_py::CLUSTER_DISABLED_KEYS, self.release, name)
    }

    /// `redis.connection.URL_QUERY_ARGUMENT_PARSERS`
    pub fn url_parser(self, name: &str) -> Option<UrlParser> {
        parser(List::URL_PARSERS, data::redis_py::URL_PARSERS, self.release, name)
    }

    /// `redis.asyncio.connection.URL_QUERY_ARGUMENT_PARSERS`
    pub fn async_url_parser(self, name: &str) -> Option<UrlParser> {
        parser(List::ASYNC_URL_PARSERS, data::redis_py::ASYNC_URL_PARSERS, self.release, name)
    }
}

impl LitellmData {
    pub(super) fn of(release: u16) -> Self {
        Self { release }
    }

    optional_signatures! {
        cache: CACHE,
        redis_cache: REDIS_CACHE,
        redis_cluster_cache: REDIS_CLUSTER_CACHE,
        redis_semantic_cache: REDIS_SEMANTIC_CACHE,
        valkey_semantic_cache: VALKEY_SEMANTIC_CACHE,
        s3_cache: S3_CACHE,
        router: ROUTER,
    }

    /// The values of `LiteLLMCacheType`, in order.
    pub fn cache_types(self) -> Vec<&'static str> {
        asked::all_names(List::CACHE_TYPES);
        let rows = data::litellm::CACHE_TYPES.iter();
        rows.filter(|row| row.in_release(self.release)).map(|row| row.item).collect()
    }
}

fn has(list: List, names: &[Name], release: u16, name: &str) -> bool {
    row(list, names, release, (name, fingerprint(name)), |item| item).is_some()
}

fn parser(list: List, rows: &[UrlParserRow], release: u16, name: &str) -> Option<UrlParser> {
    row(list, rows, release, (name, fingerprint(name)), |item| item.0).map(|item| item.1)
}

/// The row about something that a release has. With the name comes its fingerprint.
fn row<'r, T>(
    list: List,
    rows: &'r [Row<T>],
    release: u16,
    (name, fingerprint): (&str, u32),
    own: impl Fn(&T) -> &str,
) -> Option<&'r T> {
    let is = |place: usize| rows.get(place).is_some_and(|row| own(&row.item) == name);
    let index = list.index();
    let first = index.first(fingerprint, is)?;
    asked::row(list, first);
    let mut named = index.same_name(first).filter_map(|place| rows.get(place));
    named.find(|row| row.in_release(release)).map(|row| &row.item)
}
