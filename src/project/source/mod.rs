//! What the package's Rust source says: its modules, where it serves, its routes and its settings.
//!
//! Input is text only. A file is parsed when its text can matter to a question, and at most once.

mod binding;
mod calls;
mod derives;
mod functions;
mod intact;
mod listen;
mod literal;
mod modules;
mod own_method;
mod package;
mod paths;
mod position;
mod router_calls;
mod routes;
mod serve;
mod settings;
mod target;
#[cfg(test)]
mod testing;
mod typing;

pub use binding::SettingsBinding;
pub use modules::{Module, Taken};
pub use package::{Package, Place, Root, RootKind};
pub use routes::Route;
pub use serve::{Serve, ServeSite};
pub use settings::{Fill, Settings, SettingsFact};
