//! The single-page editor.

fn main() {}
