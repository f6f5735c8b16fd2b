//! The record that rwx keeps in the user's project: what was added, from which rwx, and a pristine copy of each file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::tree::{Tree, join};
use crate::edit::{Part, Trace};
use crate::problem::Problem;

/// The record's folder, below the package's.
pub const FOLDER: &str = ".rwx";

/// What rwx knows of an installed component: `.rwx/<component>/record.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of rwx that rendered the files.
    pub rwx: String,
    /// The module's name.
    pub module: Option<String>,
    /// The route.
    pub route: Option<String>,
    /// Whether the router is left alone (`--no-wire`).
    #[serde(default)]
    pub no_wire: bool,
    /// The compose file that the user named (`--compose`), relative to the project's root.
    pub compose: Option<String>,
    /// The environment sample that the user named (`--env-file`), relative to the project's root.
    pub env_file: Option<String>,
    /// The options with their values.
    #[serde(default)]
    pub options: BTreeMap<String, bool>,
    /// Paths of the rendered files, relative to the package's folder.
    #[serde(default)]
    pub files: Vec<String>,
    /// What was added to files of the user's.
    #[serde(default, rename = "addition")]
    pub additions: Vec<Addition>,
}

/// One thing that was added to a file of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// Path relative to the project's root.
    pub path: String,
    /// What was added, in the words of the report.
    pub what: String,
    /// True when the file was made for it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub created: bool,
    /// By what it is known.
    pub part: Part,
    /// The text that was put there, in order of position.
    #[serde(rename = "text")]
    pub traces: Vec<Trace>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Record {
    /// The record of `component` in the package at `folder`, when it is installed.
    ///
    /// # Errors
    /// A [`Problem`] with the place when the record does not parse.
    pub fn read(tree: &Tree, folder: &str, component: &str) -> Result<Option<Self>, Problem> {
        let path = Self::path(folder, component);
        let Some(text) = tree.text(&path)? else { return Ok(None) };
        toml_edit::de::from_str(text).map(Some).map_err(|error| {
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            Problem::new(format!("this record cannot be read: {message}"))
                .at(path, text, error.span().unwrap_or(0..0))
                .help("take it back from version control; rwx wrote it and nobody needs to edit it")
        })
    }

    /// The names of the components that are installed in the package at `folder`.
    pub fn installed(tree: &Tree, folder: &str) -> BTreeSet<String> {
        let top = format!("{}/", join(folder, FOLDER));
        let paths = tree.iter().filter_map(|(path, _)| path.strip_prefix(&top));
        let names = paths.filter_map(|path| path.strip_suffix("/record.toml")).filter(|name| !name.contains('/'));
        names.map(str::to_owned).collect()
    }

    /// The rendered files of all components in the package at `folder`, relative to the project's root.
    ///
    /// # Errors
    /// As [`Record::read`].
    pub fn all_rendered(tree: &Tree, folder: &str) -> Result<BTreeSet<String>, Problem> {
        let mut rendered = BTreeSet::new();
        for component in Self::installed(tree, folder) {
            let record = Self::read(tree, folder, &component)?.unwrap_or_default();
            rendered.extend(record.files.iter().map(|path| join(folder, path)));
        }
        Ok(rendered)
    }

    /// The path of the record of `component`.
    pub fn path(folder: &str, component: &str) -> String {
        join(folder, &format!("{FOLDER}/{component}/record.toml"))
    }

    /// The path of the pristine copy of the rendered file at `path`, which is relative to the package's folder.
    pub fn base_path(folder: &str, component: &str, path: &str) -> String {
        join(folder, &format!("{FOLDER}/{component}/base/{path}"))
    }

    /// The record as it is written.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which no value of this shape is.
    pub fn text(&self) -> anyhow::Result<String> {
        let head = "# Written by rwx. Commit this folder: with it a later `rwx infra add` keeps your edits.\n";
        Ok(format!("{head}{}", toml_edit::ser::to_string_pretty(self)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back_what_was_written() {
        let addition = Addition {
            path: "Cargo.toml".to_owned(),
            what: "a feature".to_owned(),
            created: false,
            part: Part::Dependency { table: "dependencies".to_owned(), key: "x".to_owned() },
            traces: vec![Trace {
                before: "\"0.8\"".to_owned(),
                after: "{ version = \"0.8\" }\r\n".to_owned(),
                above: "\u{feff}[dependencies]\r\n".to_owned(),
                below: String::new(),
            }],
        };
        let record = Record {
            rwx: "0.1.0".to_owned(),
            options: BTreeMap::from([("x".to_owned(), true)]),
            files: vec!["src/a.rs".to_owned()],
            additions: vec![addition],
            ..Record::default()
        };
        let mut tree = Tree::default();
        tree.put("api/.rwx/thing/record.toml", record.text().unwrap());
        assert_eq!(Record::read(&tree, "api", "thing").unwrap(), Some(record));
        assert_eq!(Record::all_rendered(&tree, "api").unwrap(), BTreeSet::from(["api/src/a.rs".to_owned()]));
        assert!(Record::all_rendered(&tree, "").unwrap().is_empty());
    }
}
