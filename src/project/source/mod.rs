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
mod merge_place;
mod modules;
mod own_method;
mod package;
mod paths;
mod position;
mod resolve;
mod router_calls;
mod routes;
mod serve;
mod servers;
mod settings;
mod shadow;
mod site;
mod target;
#[cfg(test)]
mod testing;
mod typing;
mod uses;
mod visibility;

pub use binding::SettingsBinding;
pub use merge_place::MergePlace;
pub use modules::{Module, Taken};
pub use package::{Package, Place, Root, RootKind};
pub use resolve::{ItemPath, Lead, Resolver};
pub use routes::Route;
pub use serve::{Serve, ServeSite, Served, has_word};
pub use settings::{Fill, Settings, SettingsFact};
pub use uses::{Use, UseKind};
