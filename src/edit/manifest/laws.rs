//! The laws of this editor on generated, mutated and arbitrary manifests; data is compared through
//! serde.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::Value;

use super::super::laws::{config, hold, mutated};
use super::*;

const PIECES: &[&str] = &[
    "axum = \"0.8\"",
    "axum={version='0.8'} # web",
    "axum = { version = \"0.8\", features = [\"json\", \"ws\"], default-features = false }",
    "axum.version = \"0.8\"\naxum.features = [\n  \"query\", # q\n  \"json\"\n]",
    "axum.workspace = true",
    "tokio = { version = \"1\", features = [\n\t\"full\",\n] }",
    "anyhow   = \"1\"",
    "# sqlx = \"0.8\"",
    "",
    "web = { package = \"axum\", version = \"0.8\" }",
    "[dependencies.axum]\nversion = \"0.8\" # pinned",
    "[dependencies.serde]\nversion = \"1\"\nfeatures = [\"derive\"]",
    "[dev-dependencies]\ntower = \"0.5\"",
    "[target.'cfg(unix)'.dependencies]\nnix = \"0.29\"",
    "[features]\ndefault = []",
    "[[bin]]\nname = \"a\"",
];

const WHOLE: &[&str] = &[
    "[package]\nname = \"a\"\n\n[dependencies]\naxum = \
    { version = \"0.8\", features = [\"json\"] } # web\ntokio = \"1\"\n",
    "\u{feff}[dependencies.axum]\r\nversion = \"0.8\"\r\nfeatures = [\r\n  \"json\",\r\n]\r\n\
    [dev-dependencies]\r\n",
    "[dependencies]\naxum.version = \"0.8\"\naxum.features = []\n\n# later\n[features]\nssr = \
    [\"dep:axum\"]",
];

fn manifest() -> impl Strategy<Value = String> {
    (
        proptest::collection::vec(proptest::sample::select(PIECES), 0..8),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(pieces, mark, carriage, newline)| {
            let mut text =
                format!("[package]\nname = \"a\"\n\n[dependencies]\n{}", pieces.join("\n"));
            if newline {
                text.push('\n');
            }
            if carriage {
                text = text.replace('\n', "\r\n");
            }
            if mark { format!("\u{feff}{text}") } else { text }
        })
}

fn requirement(name: &'static str, kind: Kind) -> Requirement<'static> {
    let features = if name == "axum" { &["ws", "macros"][..] } else { &["rt"] };
    Requirement {
        name,
        version: "1",
        features,
        implied_by: &["full"],
        default_features: true,
        kind,
        rename: None,
    }
}

fn data(source: &str) -> Value {
    toml_edit::de::from_str(source.trim_start_matches('\u{feff}')).unwrap()
}

/// Takes the entry of `name` out of the table and returns it as `{ version, features, … }`, the
/// features sorted.
fn take(data: &mut Value, table: &str, name: &str) -> Option<(Value, Vec<String>)> {
    let entries = data.get_mut(table)?.as_object_mut()?;
    let is_named = |(key, entry): &(&String, &Value)| match entry.get("package") {
        Some(package) => package == name,
        None => *key == name,
    };
    let key = entries.iter().filter(is_named).min_by_key(|(key, _)| *key != name)?.0.clone();
    let mut entry = match entries.shift_remove(&key)? {
        Value::String(version) => serde_json::json!({ "version": version }),
        other => other,
    };
    let features = entry.as_object_mut()?.shift_remove("features").unwrap_or_default();
    let features = features
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if entries.is_empty() {
        data.as_object_mut()?.shift_remove(table);
    }
    Some((entry, features))
}

/// True when an entry, under a target too, has all features on.
fn is_met(data: &Value, requirement: &Requirement) -> bool {
    let targets = data.get("target").and_then(Value::as_object);
    let roots = std::iter::once(data).chain(targets.into_iter().flat_map(serde_json::Map::values));
    let tables = [requirement.kind, Kind::Normal].map(Kind::table);
    let mut found =
        roots.flat_map(|root| tables.map(|table| take(&mut root.clone(), table, requirement.name)));
    found.any(|entry| {
        let on = entry.map_or_else(Vec::new, |(_, features)| features);
        let has = |feature: &&str| on.iter().any(|other| other == feature);
        requirement.features.iter().all(has) || requirement.implied_by.iter().any(has)
    })
}

fn check(source: &str, requirement: &Requirement) {
    let Some(output) = hold(source, &[], |source| require(source, requirement, None)) else {
        return;
    };
    let (mut before, mut after) = (data(source), data(&output));
    let table = requirement.kind.table();
    if before == after {
        assert!(is_met(&before, requirement), "nothing to do for {requirement:?} in {source:?}");
        return;
    }
    let old = take(&mut before, table, requirement.name);
    let (entry, features) = take(&mut after, table, requirement.name).expect("the entry is there");
    for feature in requirement.features {
        assert_eq!(
            features.iter().filter(|other| other == feature).count(),
            1,
            "{feature} in {output:?}"
        );
    }
    if let Some((old, kept)) = old {
        assert_eq!(entry, old);
        assert!(kept.iter().all(|feature| features.contains(feature)), "{kept:?} in {output:?}");
    }
    if before
        .get(table)
        .is_some_and(|entries| entries.as_object().is_some_and(serde_json::Map::is_empty))
    {
        before.as_object_mut().unwrap().shift_remove(table);
    }
    assert_eq!(after, before, "{source:?} became {output:?}");
}

fn check_all(source: &str) {
    for kind in [Kind::Normal, Kind::Dev] {
        check(source, &requirement("axum", kind));
        check(source, &requirement("tokio", kind));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn generated_manifests_gain_only_what_is_asked_for(source in manifest()) {
        check_all(&source);
    }

    #[test]
    fn mutated_manifests_keep_the_laws(source in mutated(WHOLE, "[]{}\"'=.,# \n\r\té\u{feff}\\")) {
        check_all(&source);
    }

    #[test]
    fn arbitrary_text_never_panics(source in "\\PC*|[\\[\\]{}=\"',.#a-c \r\n]*") {
        check_all(&source);
    }
}

#[test]
fn most_generated_manifests_are_edited() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let edited = (0..100)
        .filter(|_| {
            let source = manifest().new_tree(&mut runner).unwrap().current();
            require(&source, &requirement("tokio", Kind::Normal), None)
                .is_ok_and(|edit| !edit.is_empty())
        })
        .count();
    assert!(edited > 20, "only {edited} of 100");
}
