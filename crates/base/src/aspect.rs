//! What a glance at a configuration asks of it.

/// A question that a rule's findings answer with no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// Do the clients connect?
    Connects,
    /// Do they speak TLS?
    Encrypted,
    /// Do they know that it is the server?
    Verified,
    /// Do they log in, with what nobody else has?
    LoggedIn,
    /// Are answers cached?
    Cached,
    /// Do replicas share what they count?
    Shared,
}
