//! What programs read of a run.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::Scratch;

#[test]
fn json_holds_every_change_and_what_is_left() {
    let scratch = Scratch::of("library");
    let before = scratch.files();
    let report: Value = serde_json::from_str(&scratch.add(&["--json"]).expect(0).stdout).unwrap();
    let after = scratch.files();
    let told: BTreeSet<&str> = report["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["path"].as_str().unwrap())
        .collect();
    let changed = after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes));
    assert_eq!(told, changed.map(|(path, _)| path.as_str()).collect());
    assert_eq!(report["written"], true);
    assert_eq!(report["manual"][0]["place"], "src/lib.rs");
    assert!(report["manual"][0]["snippet"].as_str().unwrap().contains("ws::router"), "{report}");
    assert!(!report["next_steps"].as_array().unwrap().is_empty());
    let again: Value = serde_json::from_str(&scratch.add(&["--json"]).expect(0).stdout).unwrap();
    assert_eq!(again["changes"], Value::Array(Vec::new()));
}

#[test]
fn a_dry_run_in_json_says_that_nothing_was_written() {
    let scratch = Scratch::of("minimal");
    let before = scratch.files();
    let report: Value =
        serde_json::from_str(&scratch.add(&["--json", "--dry-run"]).expect(0).stdout).unwrap();
    assert_eq!(report["written"], false);
    assert!(!report["changes"].as_array().unwrap().is_empty());
    assert!(before == scratch.files());
}

#[test]
fn json_tells_an_error_with_its_place() {
    let scratch = Scratch::of("minimal");
    scratch.rewrite("Cargo.toml", "axum = \"0.8\"", "axum = \"0.6\"");
    let run = scratch.add(&["--json"]).expect(1);
    let error: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(error["error"]["place"], "Cargo.toml:7:1");
    assert_eq!(
        (&error["error"]["exit_code"], &error["written"]),
        (&Value::from(1), &Value::from(false))
    );
    assert!(run.stderr.contains("this project has axum 0.6"), "{}", run.stderr);
}
