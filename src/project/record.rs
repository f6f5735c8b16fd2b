//! The record that rwx keeps in the user's project: what was added, from which rwx, and a pristine
//! copy of each file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use super::addition::Addition;
use super::tree::{Tree, join};
use super::written;
use crate::problem::Problem;

/// The record's folder, below the package's.
pub const FOLDER: &str = ".rwx";

/// File of a component's folder below [`FOLDER`] that says what was added.
pub const RECORD: &str = "record.toml";
/// Folder below [`FOLDER`] of the files that rwx keeps aside for their owner.
pub const BACKUP: &str = "backup";
/// Folder below [`FOLDER`] of an update that waits for its owner.
pub const PENDING: &str = "pending";
/// Folder below [`FOLDER`] of the owner's templates.
pub const TEMPLATES: &str = "templates";
/// Folder below [`TEMPLATES`] of the templates as they were before the owner edited them.
pub const PRISTINE: &str = ".pristine";

/// The folder of the owner's templates of `component` in the package at `folder`.
pub fn own_templates(folder: &str, component: &str) -> String {
    join(folder, &format!("{FOLDER}/{TEMPLATES}/{component}"))
}

/// The folder of the copies of the owner's templates of `component` as they were before she edited
/// them.
pub fn pristine_templates(folder: &str, component: &str) -> String {
    join(folder, &format!("{FOLDER}/{TEMPLATES}/{PRISTINE}/{component}"))
}

/// What a file below [`FOLDER`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Part of the record, which is rwx's own.
    Record,
    /// Part of an update that waits, which is rwx's own.
    Pending,
    /// A template of the owner's.
    Template,
    /// A file of the owner's that was kept aside.
    Backup,
}

impl Kept {
    /// What the file at `path` is; nothing for one that is not below [`FOLDER`].
    pub fn of(path: &str) -> Option<Self> {
        let mut parts = path.split('/').skip_while(|part| *part != FOLDER).skip(1);
        Some(match (parts.next()?, parts.next()) {
            (BACKUP, _) => Self::Backup,
            (PENDING, _) => Self::Pending,
            (TEMPLATES, Some(inner)) if inner != PRISTINE => Self::Template,
            _ => Self::Record,
        })
    }

    /// True for a file that is rwx's own.
    pub fn is_bookkeeping(path: &str) -> bool {
        matches!(Self::of(path), Some(Self::Record | Self::Pending))
    }
}

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
    /// The digest of how the component worded the wiring.
    pub wiring: Option<String>,
    /// The compose file that the user named (`--compose`), relative to the project's root.
    pub compose: Option<String>,
    /// The environment sample that the user named (`--env-file`), relative to the project's root.
    pub env_file: Option<String>,
    /// The digest of the `.gitattributes` that rwx has put into [`FOLDER`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<String>,
    /// The options with their values.
    #[serde(default)]
    pub options: BTreeMap<String, bool>,
    /// Paths of the rendered files, and of those that were and that the owner has edited, relative
    /// to the package's folder.
    #[serde(default)]
    pub files: Vec<String>,
    /// By the path of each of them, what tells its pristine text from others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digests: BTreeMap<String, String>,
    /// What was added to files of the user's.
    #[serde(default, rename = "addition")]
    pub additions: Vec<Addition>,
}

impl Record {
    /// The record of `component` in the package at `folder`, when it is installed.
    ///
    /// # Errors
    /// A [`Problem`] with the place when the record does not parse.
    pub fn read(tree: &Tree, folder: &str, component: &str) -> Result<Option<Self>, Problem> {
        written::read(tree, &Self::path(folder, component), "this record", component, Self::paths)
    }

    /// The paths that it names.
    fn paths(&self) -> Vec<&str> {
        let given = self.compose.iter().chain(&self.env_file).chain(&self.files);
        given
            .chain(self.additions.iter().map(|addition| &addition.path))
            .map(String::as_str)
            .collect()
    }

    /// The names of the components in the package at `folder`, sorted.
    pub fn installed(tree: &Tree, folder: &str) -> BTreeSet<String> {
        let top = format!("{}/", join(folder, FOLDER));
        let records = tree.iter().filter_map(|(path, _)| path.strip_prefix(&top)?.split_once('/'));
        records
            .filter(|(_, file)| *file == RECORD)
            .map(|(name, _)| name)
            .map(str::to_owned)
            .collect()
    }

    /// The rendered files of all components in the package at `folder`, relative to the project's
    /// root.
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

    /// True when none of the rendered files is where it was in the package at `folder`: the owner
    /// has moved or renamed the module.
    pub fn is_moved(&self, tree: &Tree, folder: &str) -> bool {
        !self.files.is_empty() && !self.files.iter().any(|path| tree.contains(&join(folder, path)))
    }

    /// The path of the record of `component`.
    pub fn path(folder: &str, component: &str) -> String {
        join(folder, &format!("{FOLDER}/{component}/{RECORD}"))
    }

    /// The path of the pristine copy of the rendered file at `path`, which is relative to the
    /// package's folder.
    pub fn base_path(folder: &str, component: &str, path: &str) -> String {
        join(folder, &format!("{FOLDER}/{component}/base/{path}"))
    }

    /// The record as it is written.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which no value of this shape is.
    pub fn text(&self) -> Result<String, Problem> {
        let head =
            "# Written by rwx. Commit this folder: with it `rwx infra update` keeps your edits.\n";
        let text = toml_edit::ser::to_string_pretty(self);
        let text =
            text.map_err(|error| Problem::new(format!("the record cannot be written: {error}")))?;
        Ok(format!("{head}{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Part, Trace};
    use crate::project::Used;

    #[test]
    fn a_record_reads_back_what_was_written() {
        let addition = Addition {
            path: "Cargo.toml".to_owned(),
            what: "a feature".to_owned(),
            created: false,
            request: Some("x 1".to_owned()),
            used: Some(Used { names: BTreeSet::from(["a".to_owned()]), ..Used::default() }),
            digest: Some("1-2".to_owned()),
            part: Part::Dependency {
                table: "dependencies".to_owned(),
                key: "x".to_owned(),
                gates: BTreeMap::new(),
            },
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
        assert_eq!(
            Record::all_rendered(&tree, "api").unwrap(),
            BTreeSet::from(["api/src/a.rs".to_owned()])
        );
        assert!(Record::all_rendered(&tree, "").unwrap().is_empty());
    }

    #[test]
    fn a_record_that_names_a_path_outside_of_the_project_is_not_read() {
        let outside = "x/../../a".to_owned();
        let addition = Addition {
            path: outside.clone(),
            what: String::new(),
            created: true,
            request: None,
            used: None,
            digest: None,
            part: Part::Comment,
            traces: Vec::new(),
        };
        for record in [
            Record { files: vec![outside.clone()], ..Record::default() },
            Record { compose: Some(outside.clone()), ..Record::default() },
            Record { env_file: Some(outside.clone()), ..Record::default() },
            Record { additions: vec![addition], ..Record::default() },
        ] {
            let mut tree = Tree::default();
            tree.put(".rwx/thing/record.toml", record.text().unwrap());
            let problem = Record::read(&tree, "", "thing").unwrap_err();
            assert_eq!(
                problem.message,
                "this record cannot be read: this path leads out of the project"
            );
            let excerpt = problem.excerpt.unwrap();
            assert_eq!(&excerpt.text[excerpt.at], outside);
        }
    }
}
