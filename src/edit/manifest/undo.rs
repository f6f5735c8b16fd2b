//! Entries of a manifest as they stand today, and what taking one away means.

use std::ops::Range;

use serde_json::{Map, Value};

use super::super::Refusal;
use super::dependency::dependencies;

/// Where the entry `key` of `table` stands; nothing unless it turns on one of `features`, where there are any.
///
/// # Errors
/// Malformed when `manifest` is no TOML or an entry is no dependency.
pub fn find_entry(manifest: &str, table: &str, key: &str, features: &[String]) -> Result<Vec<Range<usize>>, Refusal> {
    let entries = dependencies(manifest)?.into_iter();
    let own = entries.filter(|entry| entry.target.is_none() && entry.kind.table() == table && entry.key == key);
    let fits = own.filter(|entry| features.is_empty() || features.iter().any(|one| entry.features.contains(one)));
    Ok(fits.map(|entry| entry.range).collect())
}

/// True when the manifests say the same but for the entry of `table`, or but for its features where there are any; without an
/// entry, but for an empty table.
pub fn differ_by(with: &str, without: &str, table: &str, entry: Option<(&str, &[String])>) -> bool {
    let (Some(mut with), Some(mut without)) = (data(with), data(without)) else { return false };
    match entry {
        Some((key, [])) => drop(entries(&mut with, table).and_then(|entries| entries.remove(key))),
        Some((key, features)) => {
            drop_features(&mut with, table, key, features);
            drop_features(&mut without, table, key, features);
        }
        None => {}
    }
    drop_empty(&mut with, table);
    drop_empty(&mut without, table);
    with == without
}

fn data(manifest: &str) -> Option<Value> {
    toml_edit::de::from_str(manifest.trim_start_matches('\u{feff}')).ok()
}

fn entries<'v>(data: &'v mut Value, table: &str) -> Option<&'v mut Map<String, Value>> {
    data.get_mut(table)?.as_object_mut()
}

/// Takes `features` out of an entry, which becomes a table where it is only a version.
fn drop_features(data: &mut Value, table: &str, key: &str, features: &[String]) {
    let Some(entry) = entries(data, table).and_then(|entries| entries.get_mut(key)) else { return };
    if let Value::String(version) = entry {
        *entry = serde_json::json!({ "version": version });
    }
    let Some(fields) = entry.as_object_mut() else { return };
    if let Some(on) = fields.get_mut("features").and_then(Value::as_array_mut) {
        on.retain(|one| features.iter().all(|feature| one != feature));
    }
    if fields.get("features").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        fields.remove("features");
    }
}

fn drop_empty(data: &mut Value, table: &str) {
    if entries(data, table).is_some_and(|entries| entries.is_empty())
        && let Some(top) = data.as_object_mut()
    {
        top.shift_remove(table);
    }
}
