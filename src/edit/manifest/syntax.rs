//! Byte positions of a TOML document's keys, statements and table headers.

use std::ops::Range;

use toml_edit::{Document, Item, Key, Table, TomlError, Value};

use super::super::Refusal;

/// Parses `source`; positions count from its first byte, a byte order mark included.
pub(super) fn parse(source: &str) -> Result<Document<&str>, Refusal> {
    Document::parse(source).map_err(|error| refusal(source, &error))
}

fn refusal(source: &str, error: &TomlError) -> Refusal {
    let message = error.message().lines().next().unwrap_or_default();
    let mut characters = message.chars();
    let first = characters.next().into_iter().flat_map(char::to_lowercase);
    let at = error.span().unwrap_or(source.len()..source.len());
    Refusal::malformed(at, first.chain(characters).collect::<String>())
}

/// The span of something that was parsed, which always has one.
pub(super) fn span(of: Option<Range<usize>>) -> Range<usize> {
    of.unwrap_or_default()
}

/// Where the last value of `item` ends.
pub(super) fn end_of(item: &Item) -> usize {
    match item {
        Item::Table(table) => table
            .iter()
            .map(|(_, child)| end_of(child))
            .max()
            .unwrap_or_else(|| span(table.span()).end),
        Item::Value(value) => end_of_value(value),
        _ => span(item.span()).end,
    }
}

/// Where `value` ends; the table of a dotted key has no end of its own.
pub(super) fn end_of_value(value: &Value) -> usize {
    match value {
        Value::InlineTable(table) if table.is_dotted() => table
            .iter()
            .map(|(_, child)| end_of_value(child))
            .max()
            .unwrap_or_else(|| span(table.span()).end),
        _ => span(value.span()).end,
    }
}

/// One `key = value` of a table.
pub(super) struct Statement<'d> {
    /// The first part of a dotted key, the whole of another.
    pub(super) name: &'d str,
    /// Where the last part of the key stands.
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
}

/// The statements of `table` in order of position, without those of tables that have a header of
/// their own.
pub(super) fn statements(table: &Table) -> Vec<Statement<'_>> {
    let mut found = Vec::new();
    collect_statements(table, None, &mut found);
    found.sort_by_key(|statement| statement.value.start);
    found
}

fn collect_statements<'d>(table: &'d Table, name: Option<&'d str>, found: &mut Vec<Statement<'d>>) {
    for (key, item) in children(table) {
        let name = name.unwrap_or(key.get());
        match item {
            Item::Value(value) => {
                found.push(Statement { name, key: span(key.span()), value: span(value.span()) });
            }
            Item::Table(dotted) if dotted.is_dotted() => {
                collect_statements(dotted, Some(name), found)
            }
            _ => {}
        }
    }
}

/// The keys of `table` with their items.
pub(super) fn children(table: &Table) -> impl Iterator<Item = (&Key, &Item)> {
    table.iter().filter_map(|(name, _)| table.get_key_value(name))
}

/// One `[table]` or `[[table]]` line.
pub(super) struct Header {
    pub(super) path: Vec<String>,
    pub(super) start: usize,
}

/// All headers in order of position.
pub(super) fn headers(root: &Table) -> Vec<Header> {
    let mut found = Vec::new();
    collect_headers(root, &[], &mut found);
    found.sort_by_key(|header| header.start);
    found
}

fn collect_headers(table: &Table, path: &[String], found: &mut Vec<Header>) {
    for (key, item) in children(table) {
        let path = [path, &[key.get().to_owned()]].concat();
        let tables: Vec<&Table> = match item {
            Item::Table(table) => vec![table],
            Item::ArrayOfTables(tables) => tables.iter().collect(),
            _ => continue,
        };
        for table in tables {
            if !table.is_implicit() && !table.is_dotted() {
                found.push(Header { path: path.clone(), start: span(table.span()).start });
            }
            collect_headers(table, &path, found);
        }
    }
}
