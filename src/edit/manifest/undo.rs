//! Entries of a manifest as they stand today, and what taking one away means.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value};

use super::super::{Edit, Refusal};
use super::dependency::{Dependency, dependencies, entries};
use super::features;
use super::syntax::parse;

/// Where the entry `key` of `table` stands; nothing unless it turns on one of `features`, where
/// there are any.
///
/// # Errors
/// Malformed when `manifest` is no TOML or an entry is no dependency.
pub fn find_entry(
    manifest: &str,
    table: &str,
    key: &str,
    features: &[String],
) -> Result<Vec<Range<usize>>, Refusal> {
    let own = dependencies(manifest)?.into_iter().filter(|entry| is_at(entry, table, key));
    let fits = own.filter(|entry| {
        features.is_empty() || features.iter().any(|one| entry.features.contains(one))
    });
    Ok(fits.map(|entry| entry.range).collect())
}

/// The features that the entry `key` of `table` turns on.
pub fn features_of(manifest: &str, table: &str, key: &str) -> BTreeSet<String> {
    let own = dependencies(manifest)
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| is_at(entry, table, key));
    own.flat_map(|entry| entry.features).collect()
}

/// The first of the package's own features that turns on the dependency `key`, or a feature of it.
pub fn feature_with(manifest: &str, key: &str) -> Option<String> {
    let data = data(manifest)?;
    let own = data.get("features")?.as_object()?;
    let is_use = |listed: &str| match listed.split_once('/') {
        Some((dependency, _)) => dependency.trim_end_matches('?') == key,
        None => listed.strip_prefix("dep:") == Some(key) || listed == key && !own.contains_key(key),
    };
    let is_user = |listed: &Value| {
        listed.as_array().is_some_and(|all| all.iter().filter_map(Value::as_str).any(is_use))
    };
    own.iter().find(|(_, listed)| is_user(listed)).map(|(name, _)| name.clone())
}

/// True for the entry `key` of `table`, which is under no target.
fn is_at(entry: &Dependency, table: &str, key: &str) -> bool {
    entry.target.is_none() && entry.kind.table() == table && entry.key == key
}

/// True when the manifests say the same but for the entry of `table`, or but for its features where
/// there are any; without an entry, but for an empty table.
pub fn differ_by(with: &str, without: &str, table: &str, entry: Option<(&str, &[String])>) -> bool {
    let (Some(mut with), Some(mut without)) = (data(with), data(without)) else { return false };
    match entry {
        Some((key, [])) => drop(rows(&mut with, table).and_then(|rows| rows.shift_remove(key))),
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

/// Takes `features` out of the array of an entry, whatever else it holds by now; nothing where
/// there is no such array.
pub fn without_features(
    manifest: &str,
    table: &str,
    key: &str,
    features: &[String],
) -> Option<Edit> {
    let document = parse(manifest).ok()?;
    let found = entries(&document).ok()?;
    let array = found
        .iter()
        .find(|entry| is_at(&entry.dependency, table, key))?
        .item
        .as_table_like()?
        .get("features")?
        .as_array()?;
    features::remove(manifest, array, features)
}

fn data(manifest: &str) -> Option<Value> {
    toml_edit::de::from_str(manifest.trim_start_matches('\u{feff}')).ok()
}

fn rows<'v>(data: &'v mut Value, table: &str) -> Option<&'v mut Map<String, Value>> {
    let (tables, name) = holder(data, table)?;
    tables.get_mut(&name)?.as_object_mut()
}

/// What holds `table`, and the name it has there: cargo reads `dev_dependencies` too.
fn holder<'v>(data: &'v mut Value, table: &str) -> Option<(&'v mut Map<String, Value>, String)> {
    let (tables, name) = match table.split_once('.') {
        Some((outer, name)) => (data.get_mut(outer)?, name),
        None => (data, table),
    };
    let tables = tables.as_object_mut()?;
    let name = [name.to_owned(), name.replace('-', "_")]
        .into_iter()
        .find(|name| tables.contains_key(name))?;
    Some((tables, name))
}

/// Takes `features` out of an entry, which becomes a table where it is only a version.
fn drop_features(data: &mut Value, table: &str, key: &str, features: &[String]) {
    let Some(entry) = rows(data, table).and_then(|rows| rows.get_mut(key)) else { return };
    if let Value::String(version) = entry {
        *entry = serde_json::json!({ "version": version });
    }
    let Some(fields) = entry.as_object_mut() else { return };
    if let Some(on) = fields.get_mut("features").and_then(Value::as_array_mut) {
        on.retain(|one| features.iter().all(|feature| one != feature));
    }
    if fields.get("features").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        fields.shift_remove("features");
    }
}

fn drop_empty(data: &mut Value, table: &str) {
    let Some((tables, name)) = holder(data, table) else { return };
    if tables.get(&name).and_then(Value::as_object).is_some_and(Map::is_empty) {
        tables.shift_remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(array: &str, features: &[&str]) -> Option<String> {
        let source =
            format!("[dependencies]\naxum = {{ version = \"0.8\", features = {array} }}\n");
        let features: Vec<String> = features.iter().map(|feature| (*feature).to_owned()).collect();
        let output = without_features(&source, "dependencies", "axum", &features)?.apply(&source);
        assert!(differ_by(&source, &output, "dependencies", Some(("axum", &features))), "{output}");
        let start = output.find("features = ").unwrap() + "features = ".len();
        Some(output[start..].trim_end().trim_end_matches(" }").to_owned())
    }

    #[test]
    fn features_go_with_their_commas_and_lines() {
        for (array, features, left) in [
            ("[\"a\", \"ws\"]", &["ws"][..], "[\"a\"]"),
            ("[\"a\", \"b\", \"ws\"]", &["b", "ws"], "[\"a\"]"),
            ("[\"ws\", \"a\"]", &["ws"], "[\"a\"]"),
            ("[\"ws\", \"a\", \"x\", ]", &["ws", "x"], "[\"a\", ]"),
            ("[\n  \"a\", # one\n  \"ws\",\n]", &["ws"], "[\n  \"a\", # one\n]"),
            ("[\"a\",\n  \"ws\"]", &["ws"], "[\"a\"]"),
            ("[\"ws\"]", &["ws"], "[]"),
            ("[\"a\"]", &["ws"], "[\"a\"]"),
        ] {
            assert_eq!(without(array, features).as_deref(), Some(left));
        }
    }

    #[test]
    fn features_stay_where_a_comment_would_go_with_them() {
        assert_eq!(without("[\"a\", # one\n  \"ws\"]", &["ws"]), None);
        assert_eq!(without("[\n  \"a\",\n  \"b\", # two\n  \"ws\",\n]", &["b", "ws"]), None);
    }

    #[test]
    fn a_table_is_known_in_each_of_its_spellings() {
        for (header, table) in [
            ("dependencies", "dependencies"),
            ("dev-dependencies", "dev-dependencies"),
            ("dev_dependencies", "dev-dependencies"),
            ("workspace.dependencies", "workspace.dependencies"),
        ] {
            let with = |entries: &str| format!("[workspace]\n[{header}]\n{entries}[features]\n");
            let (without, plain, more) = (
                with(""),
                with("a = \"1\"\n"),
                with("a = { version = \"1\", features = [\"b\"] }\n"),
            );
            assert!(differ_by(&plain, &without, table, Some(("a", &[]))), "{header}");
            assert!(differ_by(&more, &plain, table, Some(("a", &["b".to_owned()]))), "{header}");
            assert!(differ_by(&without, "[workspace]\n[features]\n", table, None), "{header}");
            assert!(!differ_by(&plain, &with("c = \"1\"\n"), table, Some(("a", &[]))), "{header}");
        }
    }

    #[test]
    fn a_feature_of_the_package_uses_what_it_turns_on() {
        let user = |listed: &str| {
            feature_with(
                &format!("[features]\na = []\ntls = [{listed}]\nqueue-tls = []\n"),
                "queue",
            )
        };
        for listed in ["'queue/tls'", "'a', 'queue?/tls'", "'dep:queue'", "'queue'"] {
            assert_eq!(user(listed).as_deref(), Some("tls"), "{listed}");
        }
        for listed in ["", "'a'", "'queue-tls'", "'queue-tls/queue'", "'dep:queue-tls'"] {
            assert_eq!(user(listed), None, "{listed}");
        }
        assert_eq!(feature_with("[features]\na = ['queue']\nqueue = []\n", "queue"), None);
    }

    #[test]
    fn an_entry_is_found_in_its_table_only() {
        let source = "[dependencies]\na = \"1\"\n[dev-dependencies]\nb = \
            { version = \"1\", features = [\"x\"] }\n";
        let is_found = |table, key, features: &[&str]| {
            let features: Vec<String> =
                features.iter().map(|feature| (*feature).to_owned()).collect();
            !find_entry(source, table, key, &features).unwrap().is_empty()
        };
        assert!(is_found("dependencies", "a", &[]) && !is_found("dev-dependencies", "a", &[]));
        assert!(
            is_found("dev-dependencies", "b", &["x", "y"])
                && !is_found("dev-dependencies", "b", &["y"])
        );
    }
}
