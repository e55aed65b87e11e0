//! The `redproof` command.

fn main() {}
