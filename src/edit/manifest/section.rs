//! A new line in a table of dependencies, which is made where it is missing.

use std::ops::Range;

use toml_edit::{Document, Item, Table};

use super::super::{Edit, Outcome, Refusal, line_ending, lines};
use super::dependency::{Entry, Kind};
use super::syntax::{Header, headers, span, statements};
use super::wanted::Wanted;
use super::{Requirement, features};

/// A line to be written into the table of `kind`.
pub(super) struct NewEntry {
    kind: Kind,
    key: String,
    value: String,
}

impl NewEntry {
    /// The entry for `wanted`. One for tests follows the normal entry, since two versions of a
    /// package would meet there.
    pub(super) fn of(wanted: &Wanted, entries: &[Entry]) -> Result<Self, Refusal> {
        let Requirement { name, version, default_features, kind, .. } = *wanted.requirement;
        let normal = wanted
            .find(entries, Kind::Normal)
            .map(|entry| &entry.dependency)
            .filter(|_| kind == Kind::Dev);
        if let Some(normal) = normal.filter(|normal| normal.path_or_git) {
            let reason =
                format!("`{name}` comes from a path or from git, and [{}] lacks it", kind.table());
            return Err(Refusal::not_safe(normal.range.clone(), reason));
        }
        let key = normal.map_or(wanted.key(), |normal| &normal.key);
        wanted.check_free(entries, key)?;
        let version = normal.and_then(|normal| normal.version.as_deref()).unwrap_or(version);
        let inherits = normal.map_or(wanted.workspace.is_some(), |normal| normal.workspace);
        let features = wanted.missing_from_new(inherits);
        let fields: Vec<String> = [
            inherits.then(|| "workspace = true".to_owned()),
            (!inherits && key != name).then(|| format!("package = \"{name}\"")),
            (!inherits).then(|| format!("version = \"{version}\"")),
            (!inherits && !default_features).then(|| "default-features = false".to_owned()),
            (!features.is_empty()).then(|| features::field(&features)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let value = match &fields[..] {
            [_] if !inherits => format!("\"{version}\""),
            _ => format!("{{ {} }}", fields.join(", ")),
        };
        Ok(Self { kind, key: key.to_owned(), value })
    }
}

/// Adds `entry` to its table.
pub(super) fn add(source: &str, document: &Document<&str>, entry: &NewEntry) -> Outcome {
    let line = format!("{} = {}", entry.key, entry.value);
    match find(document.as_table(), entry.kind) {
        Some(Item::Table(table)) if !table.is_implicit() => {
            Ok(add_line(source, table, entry, &line))
        }
        Some(Item::Table(table)) if table.is_dotted() => {
            Err(not_a_table(span(table.span()), entry))
        }
        Some(Item::Value(value)) => Err(not_a_table(span(value.span()), entry)),
        _ => Ok(add_table(source, &headers(document.as_table()), entry.kind, &format!("\n{line}"))),
    }
}

/// Adds an empty table of `kind` where there is none.
pub(super) fn make(source: &str, document: &Document<&str>, kind: Kind) -> Edit {
    match find(document.as_table(), kind) {
        Some(Item::Table(table)) if table.is_implicit() && !table.is_dotted() => {
            add_table(source, &headers(document.as_table()), kind, "")
        }
        Some(_) => Edit::default(),
        None => add_table(source, &headers(document.as_table()), kind, ""),
    }
}

fn not_a_table(at: Range<usize>, entry: &NewEntry) -> Refusal {
    Refusal::not_safe(
        at,
        format!("the dependencies do not stand under a [{}] header", entry.kind.table()),
    )
}

fn find(root: &Table, kind: Kind) -> Option<&Item> {
    match kind {
        Kind::Normal => root.get("dependencies"),
        Kind::Dev => root.get("dev-dependencies").or_else(|| root.get("dev_dependencies")),
        Kind::Workspace => {
            root.get("workspace").and_then(|workspace| workspace.get("dependencies"))
        }
    }
}

/// At its place where the table is sorted, else behind the last line; comments above a line stay
/// with that line.
fn add_line(source: &str, table: &Table, entry: &NewEntry, line: &str) -> Edit {
    let statements = statements(table);
    let sorted = statements.is_sorted_by_key(|statement| statement.name);
    let index = if sorted {
        statements.partition_point(|statement| statement.name <= entry.key.as_str())
    } else {
        statements.len()
    };
    let above = index.checked_sub(1).and_then(|above| statements.get(above));
    let indent = above
        .or(statements.first())
        .map_or("", |statement| lines::indent_of(source, statement.key.start));
    let at = above.map_or(span(table.span()).end, |statement| statement.value.end);
    let mut edit = Edit::default();
    lines::insert_below(&mut edit, source, at, &format!("{indent}{line}"));
    edit
}

/// A new table: before its own sub-tables, else before or behind its sister table, else at the end.
fn add_table(source: &str, headers: &[Header], kind: Kind, lines: &str) -> Edit {
    let block = format!("[{}]{lines}", kind.table());
    let own: Vec<&str> = kind.table().split('.').collect();
    let place = headers.iter().position(|header| {
        header.path.iter().map(String::as_str).take(own.len()).eq(own.iter().copied())
    });
    let place = place.or_else(|| match kind {
        Kind::Normal => headers.iter().position(|header| {
            is_any(
                header,
                &["dev-dependencies", "dev_dependencies", "build-dependencies", "target"],
            )
        }),
        Kind::Dev => headers
            .iter()
            .rposition(|header| is_any(header, &["dependencies"]))
            .map(|last| last + 1),
        Kind::Workspace => None,
    });
    match place.and_then(|index| headers.get(index)) {
        Some(header) => {
            insert_above(source, lines::start_with_comments(source, header.start), &block)
        }
        None => lines::append_block(source, &block),
    }
}

fn is_any(header: &Header, tables: &[&str]) -> bool {
    header.path.first().is_some_and(|first| tables.contains(&first.as_str()))
}

fn insert_above(source: &str, at: usize, block: &str) -> Edit {
    let ending = line_ending(source);
    let needs_blank = source[..at]
        .lines()
        .next_back()
        .is_some_and(|line| !line.trim_matches('\u{feff}').trim().is_empty());
    let before = if needs_blank { ending } else { "" };
    Edit::insertion(at, format!("{before}{}{ending}{ending}", block.replace('\n', ending)))
}
