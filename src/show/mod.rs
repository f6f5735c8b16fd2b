//! What a run says: the same plan as text, as a patch, as JSON. Strings only; `main` prints them.

mod catalog;
mod choose;
mod diff;
mod git_name;
mod json;
mod misuse;
mod problem;
mod status;
mod talk;
mod text;

pub use catalog::{catalog, catalog_json, info, info_json};
pub use choose::{components_to_choose, options_to_choose};
pub use diff::{Surroundings, differences, differences_json, patch};
pub use json::{json, problem_json};
pub use misuse::misuse;
pub use problem::{problem, warning};
pub use status::{status, status_json};
pub use talk::{recovery, unreported, unverified, verifying};
pub use text::{Tone, preview, text};
