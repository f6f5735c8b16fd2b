//! What rwx generates is compiled, linted with warnings denied, checked for its format, and its own
//! tests are run.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use support::cargo::cargo;
use support::{Scratch, files};

const PEDANTIC: [&str; 7] =
    ["clippy", "--all-targets", "--", "-D", "warnings", "-W", "clippy::pedantic"];

#[test]
fn a_new_project_with_the_component_is_clean_and_its_tests_pass() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket"]).expect(0);
    let project = folder.below("app");
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
}

#[test]
fn a_new_project_alone_is_clean() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app"]).expect(0);
    let project = folder.below("app");
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
}

#[test]
fn on_axum_0_7_and_edition_2021_it_is_clean_and_its_tests_pass() {
    let project = Scratch::of("plain-07");
    project.add(&["--set", "demo=true"]).expect(0);
    cargo(&project, 7, &["fmt", "--check"]);
    cargo(&project, 7, &PEDANTIC);
    cargo(&project, 7, &["test"]);
}

#[test]
fn the_strictest_lints_of_a_project_find_nothing() {
    let project = Scratch::of("strict");
    let args = ["infra", "add", "websocket", "--module", "realtime", "--route", "/api/live"];
    project.rwx(&args).expect(0);
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
}

#[test]
fn options_that_are_off_leave_no_trace_and_the_rest_is_clean() {
    let folder = Scratch::empty();
    let off =
        ["redis=false", "client=false", "tests=false"].map(|option| ["--set", option]).concat();
    folder.rwx(&[&["new", "app", "--with", "websocket"], off.as_slice()].concat()).expect(0);
    let project = folder.below("app");
    let traces = [
        "redis",
        "client.js",
        "demo",
        "pages::",
        "cfg(test)",
        "testing",
        "metrics",
        "stats",
        "ticket",
    ];
    for (path, bytes) in project.files() {
        let text = String::from_utf8(bytes).unwrap().to_lowercase();
        let trace = traces.into_iter().find(|trace| text.contains(trace));
        assert!(
            trace.is_none() || path.starts_with(".rwx/websocket/record"),
            "{path} has {trace:?}"
        );
    }
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
}

#[test]
fn it_compiles_with_the_redis_crate_of_an_older_rust_version() {
    for (version, redis) in [("1.80", "0.32"), ("1.75", "0.29")] {
        let folder = Scratch::empty();
        folder.rwx(&["new", "app"]).expect(0);
        let project = folder.below("app");
        project.rewrite(
            "Cargo.toml",
            "rust-version = \"1.85\"",
            &format!("rust-version = \"{version}\""),
        );
        project.rewrite("Cargo.toml", "edition = \"2024\"", "edition = \"2021\"");
        project
            .add(&["--set", "cluster=true", "--set", "sentinel=true", "--set", "history=true"])
            .expect(0);
        assert!(project.read("Cargo.toml").contains(&format!("redis = {{ version = \"{redis}\"")));
        cargo(&project, 8, &["check", "--all-targets"]);
    }
}

#[test]
fn with_all_that_needs_no_redis_it_is_clean_and_its_tests_pass() {
    let folder = Scratch::empty();
    let on = ["redis=false", "metrics=true", "tickets=true", "demo=true"]
        .map(|option| ["--set", option])
        .concat();
    folder.rwx(&[&["new", "app", "--with", "websocket"], on.as_slice()].concat()).expect(0);
    let project = folder.below("app");
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
}

#[test]
fn with_every_option_it_is_clean_and_its_tests_pass() {
    let folder = Scratch::empty();
    let on = ["tls", "cluster", "sentinel", "resume", "history", "demo", "metrics", "tickets"];
    let on: Vec<String> = on.iter().map(|option| format!("{option}=true")).collect();
    let on = on.iter().flat_map(|option| ["--set", option]);
    let args: Vec<&str> = ["new", "app", "--with", "websocket"].into_iter().chain(on).collect();
    folder.rwx(&args).expect(0);
    let project = folder.below("app");
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
}

#[test]
fn the_layer_is_few_and_short_files() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app", "--with", "websocket", "--set", "redis=false"]).expect(0);
    let sources = files(&folder.path().join("app/src/ws"));
    let sources: Vec<_> = sources.iter().filter(|(path, _)| path.ends_with(".rs")).collect();
    let engine = sources
        .iter()
        .filter(|(path, _)| path.starts_with("engine/") && path.matches('/').count() == 1);
    assert!(
        engine.clone().count() <= 20,
        "{:#?}",
        engine.map(|(path, _)| path).collect::<Vec<_>>()
    );
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count();
    for (path, bytes) in &sources {
        assert!(lines(bytes) <= 300, "{path} has {} lines", lines(bytes));
    }
    let hers = sources
        .iter()
        .filter(|(path, _)| ["handler.rs", "messages.rs", "auth.rs"].contains(&path.as_str()));
    assert!(hers.map(|(_, bytes)| lines(bytes)).sum::<usize>() <= 450);
}

#[test]
fn with_each_option_of_redis_alone_it_is_clean() {
    for option in ["tls=true", "cluster=true", "sentinel=true", "resume=true", "history=true"] {
        let folder = Scratch::empty();
        folder.rwx(&["new", "app", "--with", "websocket", "--set", option]).expect(0);
        let project = folder.below("app");
        cargo(&project, 8, &["fmt", "--check"]);
        cargo(&project, 8, &PEDANTIC);
    }
}
