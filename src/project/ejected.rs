//! What rwx knows of the templates that it has put into the user's project:
//! `.rwx/templates/.pristine/<component>.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::pristine_templates;
use super::tree::Tree;
use super::written;
use crate::problem::Problem;

/// The templates of a component as rwx wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ejected {
    /// The version of rwx that wrote them.
    pub rwx: String,
    /// By the path of each below the component's folder, what tells its pristine text from others.
    #[serde(default)]
    pub digests: BTreeMap<String, String>,
}

impl Ejected {
    /// What is known of the templates of `component` in the package at `folder`.
    ///
    /// # Errors
    /// A [`Problem`] with the place when it does not parse.
    pub fn read(tree: &Tree, folder: &str, component: &str) -> Result<Option<Self>, Problem> {
        written::read(
            tree,
            &Self::path(folder, component),
            "this record of templates",
            component,
            |_| Vec::new(),
        )
    }

    /// The path of the file.
    pub fn path(folder: &str, component: &str) -> String {
        format!("{}.toml", pristine_templates(folder, component))
    }

    /// The file as it is written.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which no value of this shape is.
    pub fn text(&self) -> Result<String, Problem> {
        let text = toml_edit::ser::to_string_pretty(self);
        let text = text
            .map_err(|error| Problem::new(format!("the templates cannot be recorded: {error}")))?;
        Ok(format!(
            "# Written by rwx. It tells the pristine copies beside it from edited ones.\n{text}"
        ))
    }
}
