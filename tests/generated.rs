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

use std::path::Path;
use std::process::Command;

use support::cargo::{build, cargo};
use support::{Scratch, files};

const PEDANTIC: [&str; 7] =
    ["clippy", "--all-targets", "--", "-D", "warnings", "-W", "clippy::pedantic"];

const EVERY: [&str; 8] = [
    "tls=true",
    "cluster=true",
    "sentinel=true",
    "resume=true",
    "history=true",
    "demo=true",
    "metrics=true",
    "tickets=true",
];

/// A new project with the component and its options.
fn with(options: &[&str]) -> Scratch {
    let folder = Scratch::empty();
    let options = options.iter().flat_map(|option| ["--set", option]);
    let args: Vec<&str> =
        ["new", "app", "--with", "websocket"].into_iter().chain(options).collect();
    folder.rwx(&args).expect(0);
    folder.below("app")
}

/// The texts below a folder whose names end so, by their path in it.
fn sources(folder: &Path, end: &str) -> Vec<(String, String)> {
    let files = files(folder).into_iter().filter(|(path, _)| path.ends_with(end));
    files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

#[track_caller]
fn are_short(sources: &[(String, String)]) {
    assert!(!sources.is_empty());
    for (path, text) in sources {
        let count = text.lines().count();
        assert!(count <= 300, "{path} has {count} lines");
    }
}

#[test]
fn a_new_project_with_the_component_is_clean_and_its_tests_pass() {
    let project = with(&[]);
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
}

#[test]
fn a_new_project_alone_is_clean_and_names_the_line_of_its_environment_that_is_wrong() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "app"]).expect(0);
    let project = folder.below("app");
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
    let binary = build(&project, 8, "app");
    for (environment, told) in [
        ("A=1\n\nB=two words\nPORT=99999\n", ".env:3 is not NAME=value"),
        ("A=\"one\n\ntwo\"\nB\nPORT=99999\n", ".env:4 is not NAME=value"),
        ("A='never closed\nPORT=99999\n", ".env:1 is not NAME=value"),
        ("# x\nexport A=\"one\n\ntwo\" # y\nPORT=99999\n", "PORT=99999 is not valid"),
    ] {
        project.write(".env", environment.as_bytes());
        let mut run = Command::new(&binary);
        let run = run.current_dir(project.path().join("src")).env_remove("PORT").output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(!run.status.success() && said.contains(told), "{environment:?}: {said}");
        assert!(!said.contains("two words"), "it may be secret: {said}");
    }
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
    let project = with(&["redis=false", "client=false", "tests=false"]);
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
    let project = with(&["redis=false", "metrics=true", "tickets=true", "demo=true"]);
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
}

#[test]
fn with_every_option_it_is_clean_and_its_tests_pass() {
    let project = with(&EVERY);
    cargo(&project, 8, &["fmt", "--check"]);
    cargo(&project, 8, &PEDANTIC);
    cargo(&project, 8, &["test"]);
}

#[test]
fn the_layer_is_few_and_short_files() {
    let layer = sources(&with(&["redis=false"]).path().join("src/ws"), ".rs");
    let is_in_engine = |path: &&str| path.starts_with("engine/") && path.matches('/').count() == 1;
    let engine: Vec<&str> =
        layer.iter().map(|(path, _)| path.as_str()).filter(is_in_engine).collect();
    assert!(engine.len() <= 20, "{engine:#?}");
    let hers = ["handler.rs", "messages.rs", "auth.rs"];
    let hers = layer.iter().filter(|(path, _)| hers.contains(&path.as_str()));
    assert!(hers.map(|(_, text)| text.lines().count()).sum::<usize>() <= 450);
}

#[test]
fn no_file_of_the_layer_is_long_or_wide() {
    for options in [&["redis=false"][..], &[], &EVERY] {
        let layer = sources(&with(options).path().join("src/ws"), ".rs");
        are_short(&layer);
        for (path, text) in layer {
            let wide = text.lines().find(|line| line.chars().count() > 100);
            assert_eq!(wide, None, "{path}, with {options:?}");
        }
    }
    are_short(&sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), ".rs.jinja"));
}

#[test]
fn with_each_option_of_redis_alone_it_is_clean() {
    for option in ["tls=true", "cluster=true", "sentinel=true", "resume=true", "history=true"] {
        let project = with(&[option]);
        cargo(&project, 8, &["fmt", "--check"]);
        cargo(&project, 8, &PEDANTIC);
    }
}
