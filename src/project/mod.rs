//! A read-only picture of the user's project.

pub mod source;
