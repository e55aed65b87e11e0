//! What an outcome means and what to do about it, as text.

pub(crate) mod advice;
pub(crate) mod findings;
pub(crate) mod outcomes;
pub(crate) mod retry_plaintext;
