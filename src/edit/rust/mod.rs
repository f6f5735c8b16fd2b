//! Editors of Rust source: each finds its anchor on the syntax tree or on tokens and describes insertions only.

mod imports;
mod lines;
mod module;
mod mount;
mod scope;
mod serve;
mod syntax;
#[cfg(test)]
pub(crate) mod testing;

pub use imports::Imports;
pub use module::declare_module;
pub use mount::{Mount, mount};
pub use scope::{Frame, is_test};
pub use serve::{Follow, ServeCall, serve_calls};
pub use syntax::Syntax;
