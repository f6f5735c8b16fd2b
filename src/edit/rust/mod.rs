//! Editors of Rust source: each finds its anchor on the syntax tree or on tokens, and what adds
//! something only inserts.

mod braces;
mod context;
mod crate_uses;
mod depth;
mod field;
mod graceful;
mod imports;
mod init;
#[cfg(test)]
mod laws;
mod layout;
mod lines;
mod mentions;
mod module;
mod mount;
mod patterns;
mod reworded;
mod scope;
mod serve;
mod standing;
mod state;
mod struct_uses;
mod syntax;
#[cfg(test)]
pub(crate) mod testing;
mod tokens;
mod unclosed;
mod undo;
mod uses;

pub use context::{Context, Names, type_arguments};
pub use crate_uses::{ANYTHING, CrateUse, Sought, uses_of_crates};
pub use field::{Field, add_field, structs};
pub use graceful::{BY_HANDLE, GRACEFUL, given};
pub use imports::{Imports, segments};
pub use init::init_field;
pub use layout::{outline, same_but_for_layout};
pub use module::declare_module;
pub use mount::{Mount, mount};
pub use patterns::{binds, bound_names, let_name, let_names, plain_name};
pub use reworded::find_reworded;
pub use scope::{Frame, Listener, in_test, is_test, walk};
pub use serve::{MacroCall, PlainCall, ServeCall, serve_calls};
pub use standing::{Anchor, blocks_around, frames_of, function_around};
pub use struct_uses::{StructUse, struct_uses};
pub use syntax::Syntax;
pub use tokens::{TokenPath, is_ident, is_punct, token_paths};
pub use undo::{
    find_chained, find_expression, find_field, find_module, find_statements, is_same_code,
};
pub use uses::uses_of_binding;
