//! Cuts a program of WebAssembly in two files that stay one program: one memory, one table, each function once.
//!
//! What runs early stays. In the place of any other function that it may call stands one that has the rest loaded,
//! then calls the real one through the table, which the rest fills. The rest takes what it needs from the first
//! file's exports. Data that nothing but the rest reads goes with it. So whatever is not foreseen is slower once, and right.

mod linked;
mod module;
mod noted;
mod parts;

pub use linked::Linked;
pub use module::{Fault, Module};
pub use noted::noted;
pub use parts::{Parts, cut};
