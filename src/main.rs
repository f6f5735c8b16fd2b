//! The `rwx` binary.

fn main() {}
