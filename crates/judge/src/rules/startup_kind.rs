//! Which rule speaks of a start-up exception.

use super::Context;
use simulate::outcome::{PyException, Startup};

/// What kind of start-up exception it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The text is no YAML.
    NotYaml,
    /// redis-py does not take an argument of this name.
    UnexpectedArgument(String),
    /// No host, url or nodes.
    NoTarget,
    /// The cache type is not one of LiteLLM's.
    UnknownCacheType,
    /// A setting of the sentinels' clients is given twice.
    GivenTwice(String),
    /// `cache` is no boolean.
    CacheNotBoolean,
    /// Something else.
    Other,
}

/// The exception that stops the proxy, and its kind.
pub(super) fn startup_exception<'a>(context: &Context<'a>) -> Option<(&'a PyException, Kind)> {
    let Startup::Exception(exception) = &context.outcome.startup else {
        return None;
    };
    let message = exception.message.as_str();
    let unexpected = "got an unexpected keyword argument '";
    let kind = if context.document.is_err() {
        Kind::NotYaml
    } else if let Some((_, rest)) = message.split_once(unexpected) {
        Kind::UnexpectedArgument(rest.trim_end_matches('\'').to_owned())
    } else if let Some((_, rest)) = message.split_once("got multiple values for argument '")
        && matches!(rest, "host'" | "port'")
    {
        Kind::GivenTwice(rest.trim_end_matches('\'').to_owned())
    } else if message.starts_with("Either 'host' or 'url' must be specified")
        || message.starts_with("either host or url must be specified")
    {
        Kind::NoTarget
    } else if message.starts_with("Unsupported cache type")
        || message == "'Cache' object has no attribute 'cache'"
    {
        Kind::UnknownCacheType
    } else if message.ends_with("object has no attribute 'cache'") {
        Kind::CacheNotBoolean
    } else {
        Kind::Other
    };
    Some((exception, kind))
}
