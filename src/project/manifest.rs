//! What a Cargo.toml says of its package and workspace, as far as rwx needs it.

use std::path::Path;

use serde::Deserialize;

use super::toml;
use super::typed::plain;
use crate::problem::Problem;

/// File name of a manifest.
pub const MANIFEST: &str = "Cargo.toml";

/// What to do with a manifest that is a template.
pub const FILL_IN: &str = "this manifest is a template: make a project from it, and run this there";

/// The parts of a manifest that rwx reads; everything else in it is left to cargo.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// `[package]`
    pub package: Option<PackageTable>,
    /// `[workspace]`
    pub workspace: Option<WorkspaceTable>,
    /// `[lib]`
    pub lib: Option<TargetTable>,
    /// `[[bin]]`
    #[serde(default)]
    pub bin: Vec<TargetTable>,
}

/// `[package]` or `[workspace.package]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PackageTable {
    /// The package's name; absent in `[workspace.package]`.
    pub name: Option<String>,
    /// `edition`
    pub edition: Option<Inherited>,
    /// `rust-version`
    pub rust_version: Option<Inherited>,
    /// `default-run`
    pub default_run: Option<String>,
    /// `autobins`
    pub autobins: Option<bool>,
    /// `autolib`
    pub autolib: Option<bool>,
    /// `workspace`: path of the workspace's root
    pub workspace: Option<String>,
}

/// A value, or `{ workspace = true }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Inherited {
    /// The value itself.
    Value(String),
    /// Taken from `[workspace.package]`.
    Workspace {
        /// Always true in a valid manifest.
        #[serde(rename = "workspace")]
        _workspace: bool,
    },
}

/// `[workspace]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WorkspaceTable {
    /// `members`: paths with wildcards
    #[serde(default)]
    pub members: Vec<String>,
    /// `default-members`: paths with wildcards
    #[serde(default)]
    pub default_members: Vec<String>,
    /// `exclude`: paths
    #[serde(default)]
    pub exclude: Vec<String>,
    /// `[workspace.package]`
    pub package: Option<PackageTable>,
}

/// `[lib]` or one `[[bin]]`
#[derive(Debug, Clone, Deserialize)]
pub struct TargetTable {
    /// `name`
    pub name: Option<String>,
    /// `path`
    pub path: Option<String>,
}

impl Manifest {
    /// Reads the manifest `text`; `path` is only named in errors.
    ///
    /// # Errors
    /// A [`Problem`] with the place when the text is not TOML or not a manifest.
    pub fn parse(path: &str, text: &str) -> Result<Self, Problem> {
        let help = if is_template(text) {
            FILL_IN
        } else {
            "mend this line; `cargo check` must get past it too"
        };
        toml::parse(path, text, "this manifest cannot be read")
            .map_err(|problem| problem.help(help))
    }

    /// The package's name, when this is not a virtual manifest.
    pub fn name(&self) -> Option<&str> {
        self.package.as_ref().and_then(|package| package.name.as_deref())
    }
}

impl WorkspaceTable {
    /// True when the package in `folder`, relative to the workspace's, is not part of the workspace
    /// although it is below: a member that is named stays one.
    pub fn excludes(&self, folder: &str) -> bool {
        let is_above = |path: &String| Path::new(folder).starts_with(plain(Path::new(path)));
        self.exclude.iter().any(is_above) && !self.members.iter().any(is_above)
    }
}

/// True when `text` holds placeholders, which some program has still to fill in.
pub fn is_template(text: &str) -> bool {
    ["{{", "{%"].iter().any(|opening| text.contains(opening))
}

/// The value of a field that may be inherited from `[workspace.package]`.
pub fn inherited(
    own: &Manifest,
    root: &Manifest,
    field: fn(&PackageTable) -> &Option<Inherited>,
) -> Option<String> {
    match field(own.package.as_ref()?).as_ref()? {
        Inherited::Value(value) => Some(value.clone()),
        Inherited::Workspace { .. } => {
            match field(root.workspace.as_ref()?.package.as_ref()?).as_ref()? {
                Inherited::Value(value) => Some(value.clone()),
                Inherited::Workspace { .. } => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_inherited_from_the_workspace() {
        let own =
            Manifest::parse("a", "[package]\nname = \"a\"\nedition.workspace = true\n").unwrap();
        let root = Manifest::parse("b", "[workspace.package]\nedition = \"2021\"\n").unwrap();
        assert_eq!(inherited(&own, &root, |package| &package.edition).as_deref(), Some("2021"));
    }

    #[test]
    fn a_broken_manifest_is_shown_with_its_place_behind_a_byte_order_mark() {
        let problem = Manifest::parse("Cargo.toml", "\u{feff}[package]\nname = \n").unwrap_err();
        assert!(
            problem.to_string().starts_with("Cargo.toml:2:8: this manifest cannot be read"),
            "{problem}"
        );
    }
}
