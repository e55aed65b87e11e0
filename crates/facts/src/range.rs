//! From which to which release something is there.

use super::data;
use super::row::Table;
use super::version::Version;

/// Which of the two packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Software {
    /// LiteLLM.
    #[default]
    Litellm,
    /// redis-py.
    RedisPy,
}

impl Software {
    /// As people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Litellm => "LiteLLM",
            Self::RedisPy => "redis-py",
        }
    }
}

/// The releases that have something; without bounds, all that are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReleaseRange {
    /// Whose releases.
    pub software: Software,
    /// The first that has it, unless the oldest known one does.
    pub since: Option<Version>,
    /// The last that has it, unless the newest known one does.
    pub until: Option<Version>,
}

impl ReleaseRange {
    /// Those whose `redis.Redis` takes the parameter; `None` where no release does.
    pub fn of_redis_parameter(name: &str) -> Option<Self> {
        of(Software::RedisPy, &data::redis_py::REDIS, data::redis_py::RELEASES, name)
    }

    /// Those whose `Cache.__init__` takes the parameter; `None` where no release does.
    pub fn of_cache_parameter(name: &str) -> Option<Self> {
        of(Software::Litellm, &data::litellm::CACHE, data::litellm::RELEASES, name)
    }

    /// Those whose `Router.__init__` takes the parameter; `None` where no release does.
    pub fn of_router_parameter(name: &str) -> Option<Self> {
        of(Software::Litellm, &data::litellm::ROUTER, data::litellm::RELEASES, name)
    }
}

fn of(
    software: Software,
    table: &'static Table,
    releases: &[Version],
    name: &str,
) -> Option<ReleaseRange> {
    let rows = || table.rows.iter().filter(|row| row.item.name == name);
    let since = rows().map(|row| row.since).min().filter(|place| *place > 0);
    let until = Some(rows().map(|row| row.until).max()?);
    let at = |place: u16| releases.get(usize::from(place)).copied();
    // The end of a row that the newest release has lies beyond the list.
    Some(ReleaseRange { software, since: since.and_then(at), until: until.and_then(at) })
}
