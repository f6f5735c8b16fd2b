//! On a terminal: the shells that complete, and what is asked.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "terminal/asked.rs"]
mod asked;
#[path = "terminal/shells.rs"]
mod shells;
mod support;
#[path = "terminal/verified.rs"]
mod verified;
