//! A repository is input: whoever clones or unpacks one and asks rwx about it runs nothing of it, and loses nothing to it.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "hostile/git.rs"]
mod git;
mod support;
