//! The rows of the extracted tables: something, with the releases that have it.

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

/// The last release of a row that the newest release still has.
pub(super) const END: u16 = u16::MAX;

/// Something with the first and the last release that has it, as places in the list of releases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<T> {
    pub(super) item: T,
    pub(super) since: u16,
    pub(super) until: u16,
}

impl<T> Row<T> {
    pub(super) fn in_release(&self, release: u16) -> bool {
        (self.since..=self.until).contains(&release)
    }

    /// Whether one of two releases has it, and the other has not.
    pub(super) fn tells_apart(&self, [one, other]: [u16; 2]) -> bool {
        self.in_release(one) != self.in_release(other)
    }
}

/// A name that releases came to have, or lost.
pub(super) type Name = Row<&'static str>;
/// How redis-py converts the value of this name.
pub(super) type UrlParserRow = Row<(&'static str, UrlParser)>;

/// A class's `__init__` through the releases.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) heads: &'static [Row<Head>],
    pub(super) rows: &'static [Row<Parameter>],
}

/// What a signature is apart from its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) qualname: &'static str,
    pub(super) decorated: bool,
    pub(super) kwargs: bool,
}

// The rows' names are short, since the generated tables hold hundreds.

pub(super) const fn h(
    qualname: &'static str,
    decorated: bool,
    kwargs: bool,
    since: u16,
    until: u16,
) -> Row<Head> {
    Row { item: Head { qualname, decorated, kwargs }, since, until }
}

pub(super) const fn p(
    name: &'static str,
    default: DefaultValue,
    since: u16,
    until: u16,
) -> Row<Parameter> {
    Row { item: Parameter { name, default }, since, until }
}

pub(super) const fn n(name: &'static str, since: u16, until: u16) -> Name {
    Row { item: name, since, until }
}

pub(super) const fn u(
    name: &'static str,
    parser: UrlParser,
    since: u16,
    until: u16,
) -> UrlParserRow {
    Row { item: (name, parser), since, until }
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
