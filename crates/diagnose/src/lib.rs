//! From an error text to its cause: a traceback, log lines or the answer of `/cache/ping` in, what
//! the texts mean out, and in a configuration at hand which of the known causes apply.
//!
//! [`ENTRIES`] is the table of texts. A text is found by its literal pieces, in time that is linear in
//! the log. Nothing of the log is ever shown but addresses that the configuration names too: what
//! is printed comes from the table and from the report.
#![forbid(unsafe_code)]

mod cause;
mod connection;
mod entry;
mod log;
mod matcher;
mod page;
mod pattern;
mod table;
mod when;
mod words;

pub use cause::{Answer, JudgedCause, diagnose, releases_looked_at};
pub use entry::{Cause, Entry, Kind, Speaker, Text};
pub use log::{Address, Diagnosis, Said, Unrecognised};
pub use page::{FOLDER, index, page};
pub use table::{entries, entry};
pub use when::{Evidence, Holds, When};
