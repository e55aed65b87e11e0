//! `redproof explain --request`: what becomes of one request's answer.

mod human;

use redproof_core::asked::{Asked, CallType, Unusable};
use redproof_core::{Report, asked};

use super::Explained;
use crate::output::Failure;

/// One request to a configuration.
pub(crate) struct Requested<'a> {
    pub(crate) explained: &'a Explained,
    /// `None` where LiteLLM does not start.
    pub(crate) asked: Option<Asked>,
}

/// What becomes of a request; `None` where LiteLLM does not start.
///
/// # Errors
/// When the text is not a request.
pub(crate) fn answer(
    report: &Report,
    text: &str,
    endpoint: Option<CallType>,
    reveal: bool,
) -> Result<Option<Asked>, Failure> {
    match asked(report, text, endpoint, reveal) {
        Ok(asked) => Ok(Some(asked)),
        Err(Unusable::NotServing) => Ok(None),
        Err(Unusable::NotJson(why)) => {
            Err(Failure::Said(format!("--request is not JSON: {why}")))
        }
        Err(Unusable::NotAMapping) => Err(Failure::Said(
            "--request is not a mapping, such as {\"model\": \"gpt-4o\", \"cache\": {\"ttl\": 600}}"
                .to_owned(),
        )),
    }
}
