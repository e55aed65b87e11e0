//! The rules: an outcome becomes findings with fixes.
#![forbid(unsafe_code)]

mod check;
pub mod defects;
pub mod fix;
mod prove;
pub mod rules;
mod silenced;
pub mod together;

pub use check::{check, errors, judged};
pub use prove::offered;
