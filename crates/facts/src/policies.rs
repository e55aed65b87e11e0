//! What the router's policies by kind of error may name: the fields of `AllowedFailsPolicy` and `RetryPolicy`.
//!
//! Pydantic drops other names without a word, and a release that has a field need not ask for it.

use crate::{Behaviour, Pair};

/// One policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// `allowed_fails_policy`
    AllowedFails,
    /// `retry_policy`, and each of `model_group_retry_policy`
    Retries,
}

/// The errors that both have always known, and heed.
const ALWAYS: [&str; 5] = [
    "BadRequestError",
    "AuthenticationError",
    "TimeoutError",
    "RateLimitError",
    "ContentPolicyViolationError",
];

impl Policy {
    /// How the name of each field ends.
    fn suffix(self) -> &'static str {
        match self {
            Self::AllowedFails => "AllowedFails",
            Self::Retries => "Retries",
        }
    }

    /// What newer releases brought.
    fn newer(self) -> &'static [(&'static str, Behaviour)] {
        match self {
            Self::AllowedFails => &[
                ("InternalServerError", Behaviour::AllowedFailsByMoreErrors),
                ("ServiceUnavailableError", Behaviour::AllowedFailsByMoreErrors),
                ("BadGatewayError", Behaviour::AllowedFailsByMoreErrors),
                ("NotFoundError", Behaviour::AllowedFailsByMoreErrors),
            ],
            Self::Retries => &[
                ("InternalServerError", Behaviour::RetriesByMoreErrors),
                ("ServiceUnavailableError", Behaviour::RetriesByMoreErrors),
                ("Default", Behaviour::RetriesByMoreErrors),
                ("NotFoundError", Behaviour::RetriesWhatIsNotFound),
            ],
        }
    }

    /// The fields that a release heeds.
    pub fn heeded(self, pair: Pair) -> Vec<String> {
        let newer = self.newer().iter().filter(|(_, brought)| pair.behaves(*brought));
        let names = ALWAYS.iter().chain(newer.map(|(name, _)| name));
        names.map(|name| format!("{name}{}", self.suffix())).collect()
    }

    /// What brought a field that not all releases heed.
    pub fn brought(self, field: &str) -> Option<Behaviour> {
        let error = field.strip_suffix(self.suffix())?;
        self.newer().iter().find(|(name, _)| *name == error).map(|(_, brought)| *brought)
    }
}
