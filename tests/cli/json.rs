//! What programs read of a run.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Run, Scratch};

const DOCS: &str = include_str!("../../src/show/json.md");

/// The document that a run printed.
fn document(run: &Run) -> Value {
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(run.stdout.starts_with("{\n  \"schema\": 1,\n"), "{}", run.stdout);
    document
}

/// The names of all fields in `value`; those of options and of verbs are not fields.
fn fields(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object {
                found.insert(name.clone());
                let is_map =
                    ["options", "changes", "files"].contains(&name.as_str()) && inner.is_object();
                if !is_map {
                    fields(inner, found);
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|inner| fields(inner, found)),
        _ => {}
    }
}

#[test]
fn every_field_of_every_document_is_told_of() {
    let (library, minimal) = (Scratch::of("library"), Scratch::added("minimal"));
    minimal.rewrite("src/main.rs", "mod ws;\n", "");
    let text = minimal.read("src/ws/handler.rs") + "// Mine.\n";
    minimal.write("src/ws/handler.rs", text.as_bytes());
    let runs = [
        library.add(&["--json", "-n"]).expect(0),
        library.rwx(&["infra", "list", "--json"]).expect(0),
        library.rwx(&["infra", "info", "websocket", "--json"]).expect(0),
        minimal.rwx(&["infra", "status", "--json"]).expect(0),
        minimal.rwx(&["infra", "diff", "--json"]).expect(0),
        minimal.add(&["-n", "-v", "--json"]).expect(0),
        minimal.rwx(&["infra", "remove", "websocket", "-n", "--json"]).expect(0),
        library.rwx(&["infra", "info", "none", "--json"]).expect(2),
        Scratch::empty().rwx(&["new", "test", "--json"]).expect(2),
    ];
    let mut found = BTreeSet::new();
    runs.iter().for_each(|run| fields(&document(run), &mut found));
    let told: BTreeSet<&str> = DOCS.split('`').skip(1).step_by(2).collect();
    let untold: Vec<&String> =
        found.iter().filter(|field| !told.contains(field.as_str())).collect();
    assert!(untold.is_empty(), "src/show/json.md says nothing of {untold:?}");
    let rows = DOCS.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let named = rows.flat_map(|row| row.split(['`', ',', ' ']).filter(|name| !name.is_empty()));
    let unknown: Vec<&str> = named.filter(|name| !found.contains(*name)).collect();
    assert!(unknown.is_empty(), "src/show/json.md tells of {unknown:?}");
}

#[test]
fn a_command_line_that_is_not_understood_is_told_in_json_too() {
    let scratch = Scratch::of("minimal");
    for (args, message) in [
        (&["infra", "add", "--json", "--fast"][..], "unexpected argument '--fast' found"),
        (
            &["infra", "remove", "--json"],
            "the following required arguments were not provided: <COMPONENT>",
        ),
        (&["infra", "ad", "--json"], "unrecognized subcommand 'ad'"),
        (
            &["infra", "add", "x", "--set", "a", "--json"],
            "invalid value 'a' for '--set <KEY=VALUE>': write it as KEY=true or KEY=false",
        ),
        (&["infra", "add", "none", "--json"], "there is no component `none`"),
    ] {
        let run = scratch.rwx(args).expect(2);
        let error = document(&run);
        assert_eq!(error["error"]["message"], message);
        assert_eq!(
            (&error["error"]["exit_code"], &error["written"]),
            (&Value::from(2), &Value::from(false))
        );
        assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    }
    for args in [
        &["infra", "add", "--fast"][..],
        &["infra", "add", "--", "--json", "x"],
        &["add", "--json", "--help"],
    ] {
        let run = scratch.rwx(args);
        assert!(!run.stdout.starts_with('{'), "{}", run.stdout);
    }
}

#[test]
fn what_stays_the_same_is_told_only_where_all_is_to_be_said() {
    let scratch = Scratch::added("minimal");
    let verbs = |args: &[&str]| -> BTreeSet<String> {
        let report = document(&scratch.add(&[&["--json"], args].concat()).expect(0));
        let unchanged = report["unchanged"].as_array().unwrap();
        unchanged.iter().map(|kept| kept["verb"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(verbs(&[]), BTreeSet::new());
    assert_eq!(verbs(&["-v"]), BTreeSet::from(["same".to_owned()]));
    scratch
        .write("src/ws/handler.rs", (scratch.read("src/ws/handler.rs") + "// Mine.\n").as_bytes());
    assert_eq!(verbs(&[]), BTreeSet::from(["keep".to_owned()]));
}

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
