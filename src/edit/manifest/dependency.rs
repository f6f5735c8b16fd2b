//! The dependencies of a manifest as they stand.

use std::ops::Range;

use toml_edit::{Document, Item, Key, TableLike};

use super::super::Refusal;
use super::syntax::{end_of, parse, span};

/// Which table a dependency stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Dev,
    /// `[workspace.dependencies]`
    Workspace,
}

impl Kind {
    /// The table as its header names it.
    pub fn table(self) -> &'static str {
        match self {
            Self::Normal => "dependencies",
            Self::Dev => "dev-dependencies",
            Self::Workspace => "workspace.dependencies",
        }
    }
}

/// One dependency as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The key, which is the name that code uses.
    pub key: String,
    /// The package's name; the key of an inherited one, whose package is known to the workspace
    /// only.
    pub package: String,
    /// The version requirement, where there is one.
    pub version: Option<String>,
    /// The features that this entry turns on.
    pub features: Vec<String>,
    /// False where the entry says `default-features = false`.
    pub default_features: bool,
    /// True where only a feature of the package turns it on.
    pub optional: bool,
    /// True where it inherits from `[workspace.dependencies]`.
    pub workspace: bool,
    /// True where its code comes from a path or from git.
    pub path_or_git: bool,
    /// The table it stands in.
    pub kind: Kind,
    /// The target (`cfg(unix)`) whose table it stands in.
    pub target: Option<String>,
    /// From its key or header to the end of its value, in bytes.
    pub range: Range<usize>,
}

/// The dependencies of `manifest`: normal, development, the workspace's and those under a target.
///
/// # Errors
/// Malformed when `manifest` is no TOML or an entry is no dependency, with its bytes.
pub fn dependencies(manifest: &str) -> Result<Vec<Dependency>, Refusal> {
    let document = parse(manifest)?;
    Ok(entries(&document)?.into_iter().map(|entry| entry.dependency).collect())
}

/// A dependency and the syntax it was read from.
pub(super) struct Entry<'d> {
    pub(super) dependency: Dependency,
    pub(super) item: &'d Item,
}

/// All dependencies of `document`.
pub(super) fn entries<'d>(document: &'d Document<&str>) -> Result<Vec<Entry<'d>>, Refusal> {
    let root: &dyn TableLike = document.as_table();
    let mut found = Vec::new();
    collect(root, None, &mut found)?;
    if let Some(item) =
        table_in(root, "workspace").and_then(|workspace| workspace.get("dependencies"))
    {
        collect_table(item, Kind::Workspace, None, &mut found)?;
    }
    for (target, item) in table_in(root, "target").into_iter().flat_map(TableLike::iter) {
        if let Some(tables) = item.as_table_like() {
            collect(tables, Some(target), &mut found)?;
        }
    }
    Ok(found)
}

fn table_in<'d>(table: &'d dyn TableLike, key: &str) -> Option<&'d dyn TableLike> {
    table.get(key).and_then(Item::as_table_like)
}

fn collect<'d>(
    tables: &'d dyn TableLike,
    target: Option<&str>,
    found: &mut Vec<Entry<'d>>,
) -> Result<(), Refusal> {
    for (name, kind) in [
        ("dependencies", Kind::Normal),
        ("dev-dependencies", Kind::Dev),
        ("dev_dependencies", Kind::Dev),
    ] {
        if let Some(item) = tables.get(name) {
            collect_table(item, kind, target, found)?;
        }
    }
    Ok(())
}

fn collect_table<'d>(
    item: &'d Item,
    kind: Kind,
    target: Option<&str>,
    found: &mut Vec<Entry<'d>>,
) -> Result<(), Refusal> {
    let Some(table) = item.as_table_like() else {
        return Err(Refusal::malformed(
            span(item.span()),
            format!("[{}] must be a table", kind.table()),
        ));
    };
    for (name, _) in table.iter() {
        if let Some((key, item)) = table.get_key_value(name) {
            let target = target.map(str::to_owned);
            found.push(Entry { dependency: read(key, item, kind, target)?, item });
        }
    }
    Ok(())
}

fn read(key: &Key, item: &Item, kind: Kind, target: Option<String>) -> Result<Dependency, Refusal> {
    let range = extent(key, item);
    let name = key.get().to_owned();
    let mut dependency = Dependency {
        package: name.clone(),
        key: name,
        version: item.as_str().map(str::to_owned),
        features: Vec::new(),
        default_features: true,
        optional: false,
        workspace: false,
        path_or_git: false,
        kind,
        target,
        range: range.clone(),
    };
    match item.as_table_like() {
        Some(fields) => read_fields(fields, &mut dependency)?,
        None if dependency.version.is_some() => {}
        None => {
            let reason =
                format!("the dependency `{}` must be a version or a table", dependency.key);
            return Err(Refusal::malformed(range, reason));
        }
    }
    Ok(dependency)
}

fn read_fields(fields: &dyn TableLike, dependency: &mut Dependency) -> Result<(), Refusal> {
    let text = |name: &str| fields.get(name).and_then(Item::as_str).map(str::to_owned);
    let flag = |name: &str| fields.get(name).and_then(Item::as_bool);
    dependency.version = text("version");
    dependency.package = text("package").unwrap_or_else(|| dependency.key.clone());
    dependency.optional = flag("optional").unwrap_or(false);
    dependency.workspace = flag("workspace").unwrap_or(false);
    dependency.default_features =
        flag("default-features").or(flag("default_features")).unwrap_or(true);
    dependency.path_or_git = fields.contains_key("path") || fields.contains_key("git");
    if let Some(features) = fields.get("features") {
        dependency.features = strings(features).ok_or_else(|| {
            let reason =
                format!("the features of `{}` must be an array of strings", dependency.key);
            Refusal::malformed(span(features.span()), reason)
        })?;
    }
    Ok(())
}

fn strings(item: &Item) -> Option<Vec<String>> {
    item.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// From the key, or the header of a table of its own, to the end of the last value.
fn extent(key: &Key, item: &Item) -> Range<usize> {
    let start = match item {
        Item::Table(table) if !table.is_dotted() && !table.is_implicit() => {
            span(table.span()).start
        }
        _ => span(key.span()).start,
    };
    start..end_of(item).max(span(key.span()).end)
}
