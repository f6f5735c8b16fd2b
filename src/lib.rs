//! rwx adds infrastructure to an axum project in code that its owner keeps.

pub mod edit;
pub mod project;
