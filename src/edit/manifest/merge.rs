//! Features merged into a dependency that stands in the manifest already.

use toml_edit::{InlineTable, Item, Table, Value};

use super::super::{Edit, Outcome, Refusal, lines};
use super::dependency::Entry;
use super::features;
use super::syntax::{Statement, end_of_value, span, statements};
use super::wanted::Wanted;

/// Adds what is missing to `entry`.
pub(super) fn merge(source: &str, wanted: &Wanted, entry: &Entry) -> Outcome {
    if entry.dependency.optional {
        let reason = format!(
            "`{}` is optional here, and the new code always needs it",
            entry.dependency.key
        );
        return Err(Refusal::not_safe(entry.dependency.range.clone(), reason));
    }
    let missing = wanted.missing(&entry.dependency);
    if missing.is_empty() {
        return Ok(Edit::default());
    }
    let array = entry
        .item
        .as_table_like()
        .and_then(|fields| fields.get("features"))
        .and_then(Item::as_array);
    if let Some(array) = array {
        return Ok(features::insert(source, array, &missing));
    }
    let field = features::field(&missing);
    Ok(match entry.item {
        Item::Value(Value::InlineTable(table)) if !table.is_dotted() => {
            into_inline_table(table, &field)
        }
        Item::Value(Value::String(_)) => around_version(entry.item, &field),
        Item::Table(table) => into_table(source, table, &field),
        _ => {
            let reason = format!(
                "`{}` stands in an inline table of dependencies, without {field}",
                entry.dependency.key
            );
            return Err(Refusal::not_safe(entry.dependency.range.clone(), reason));
        }
    })
}

fn around_version(item: &Item, field: &str) -> Edit {
    let version = span(item.span());
    let mut edit = Edit::insertion(version.start, "{ version = ");
    edit.insert(version.end, format!(", {field} }}"));
    edit
}

fn into_inline_table(table: &InlineTable, field: &str) -> Edit {
    match table.iter().map(|(_, value)| end_of_value(value)).max() {
        Some(last) => Edit::insertion(last, format!(", {field}")),
        None => Edit::insertion(span(table.span()).start + 1, format!(" {field} ")),
    }
}

/// Below the last statement of the table, with that line's indent and leading key parts (`axum.`).
fn into_table(source: &str, table: &Table, field: &str) -> Edit {
    let mut edit = Edit::default();
    match statements(table).last() {
        Some(Statement { key, value, .. }) => {
            let prefix = &source[lines::start_of(source, key.start)..key.start];
            lines::insert_below(&mut edit, source, value.end, &format!("{prefix}{field}"));
        }
        None => lines::insert_below(&mut edit, source, span(table.span()).end, field),
    }
    edit
}
