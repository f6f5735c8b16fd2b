//! Projects with a rustfmt.toml: what rwx writes is laid out by it, and no layout is taken for an
//! edit.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::notes::Notes;
use support::{ADD, REMOVE, Run, Scratch, files, rwx, succeed};

/// Starting projects, each with a configuration that it may have; all kinds of options together.
const CONFIGURED: [(&str, &str, &str); 7] = [
    ("minimal", "rustfmt.toml", "hard_tabs = true\n"),
    ("configured", ".rustfmt.toml", "tab_spaces = 2\nuse_small_heuristics = \"Off\"\n"),
    ("service", "rustfmt.toml", "max_width = 50\n"),
    ("strict", "rustfmt.toml", "max_width = 140\nuse_small_heuristics = \"Max\"\n"),
    (
        "library",
        "src/rustfmt.toml",
        "newline_style = \"Windows\"\nfn_params_layout = \"Compressed\"\n",
    ),
    ("binaries", "rustfmt.toml", "edition = \"2024\"\nmax_width = 60\nhard_tabs = true\n"),
    ("arguments", "rustfmt.toml", "imports_granularity = \"Crate\"\nreorder_imports = false\n"),
];

fn cargo_fmt(folder: &Path, more: &[&str]) {
    succeed(Command::new("cargo").current_dir(folder).arg("fmt").args(more));
}

/// A copy of a starting project that has a configuration and is laid out by it.
fn laid_out(name: &str, config: &str, text: &str) -> Scratch {
    let project = Scratch::of(name);
    project.write(config, text.as_bytes());
    cargo_fmt(&project.path(), &[]);
    project
}

#[test]
fn what_is_added_is_as_cargo_fmt_leaves_it() {
    for (name, config, text) in CONFIGURED {
        let project = laid_out(name, config, text);
        let before = project.files();
        let run = project.add(&[]).expect(0);
        assert!(!run.stdout.contains("cargo fmt"), "{name}: {}", run.stdout);
        cargo_fmt(&project.path(), &["--check"]);
        let status = project.rwx(&["infra", "status"]).expect(0).stdout;
        assert!(
            !status.contains("edited") && status.ends_with("nothing to do\n"),
            "{name}: {status}"
        );
        project.rwx(&["infra", "update", "--check"]).expect(0);
        project.rwx(&REMOVE).expect(0);
        assert!(before == project.files(), "{name}: removing leaves other bytes");
    }
}

/// Servers whose router or signal stands in the owner's own line.
const SERVERS: [&str; 4] = [
    "axum::serve(listener, app().into_make_service_with_connect_info::<std::net::SocketAddr>()).await.unwrap();",
    "axum::serve(listener, app()).with_graceful_shutdown(stop()).await.unwrap();",
    "let service = app().into_make_service(); axum::serve(listener, service).await.unwrap();",
    "let app = app(); if std::env::args().count() > 1 { axum::serve(listener, app).with_graceful_shutdown(stop()).await.unwrap(); } \
     else { axum::serve(listener, app.layer(axum::extract::DefaultBodyLimit::disable())).with_graceful_shutdown(stop()).await.unwrap(); }",
];

#[test]
fn what_is_added_within_a_line_goes_from_whatever_it_became() {
    for server in SERVERS {
        for config in ["", "max_width = 50\n", "max_width = 140\n"] {
            let project = Scratch::of("minimal");
            project.write("rustfmt.toml", config.as_bytes());
            let main = format!(
                "fn app() -> axum::Router {{ axum::Router::new() }} async fn stop() {{}} \
                 #[tokio::main] async fn main() {{ let listener = \
                 tokio::net::TcpListener::bind(\"127.0.0.1:3000\").await.unwrap(); {server} }}"
            );
            project.write("src/main.rs", main.as_bytes());
            cargo_fmt(&project.path(), &[]);
            let before = project.files();
            let report = project.add(&[]).expect(0).stdout;
            assert!(!report.contains("  manual "), "{server} {config}: {report}");
            cargo_fmt(&project.path(), &["--check"]);
            let again = project.add(&[]).expect(0).stdout;
            assert!(again.ends_with("nothing to do\n"), "{server} {config}: {again}");
            let report = project.rwx(&REMOVE).expect(0).stdout;
            assert!(before == project.files(), "{server} {config}: {report}");
        }
    }
}

#[test]
fn a_member_is_laid_out_by_the_configuration_of_its_workspace() {
    let project = laid_out("workspace", "rustfmt.toml", "hard_tabs = true\n");
    project.rwx(&[&ADD[..], &["-p", "api"]].concat()).expect(0);
    cargo_fmt(&project.path(), &["--check", "--all"]);
    let rendered = files(&project.path().join("crates/api/src/ws"));
    assert!(String::from_utf8_lossy(&rendered["engine/hub.rs"]).contains("\n\t"));
}

/// Runs rwx where no program can be found.
fn without_programs(project: &Scratch, args: &[&str]) -> Run {
    let mut command = rwx();
    command.env("PATH", "").current_dir(project.path()).args(args);
    Run::of(command.output().unwrap(), &project.path())
}

#[test]
fn where_there_is_no_rustfmt_the_steps_say_cargo_fmt() {
    let project = laid_out("minimal", "rustfmt.toml", "hard_tabs = true\n");
    let before = project.files();
    let run = without_programs(&project, &ADD).expect(0);
    assert!(run.stdout.contains("\n         cargo fmt\n"), "{}", run.stdout);
    cargo_fmt(&project.path(), &[]);
    let status = without_programs(&project, &["infra", "status"]).expect(0).stdout;
    assert!(!status.contains("edited") && status.ends_with("nothing to do\n"), "{status}");
    assert_eq!(
        without_programs(&project, &["infra", "update"]).expect(0).stdout,
        "nothing to do\n"
    );
    without_programs(&project, &REMOVE).expect(0);
    assert!(before == project.files());
    let unset = Scratch::of("minimal");
    assert!(!without_programs(&unset, &ADD).expect(0).stdout.contains("cargo fmt"));
}

#[test]
fn sources_that_are_not_laid_out_stay_so_and_the_steps_say_cargo_fmt() {
    let project = Scratch::of("minimal");
    project.write("rustfmt.toml", b"hard_tabs = true\n");
    let run = project.add(&[]).expect(0);
    assert!(run.stdout.contains("\n         cargo fmt\n"), "{}", run.stdout);
    assert!(
        project.read("src/main.rs").contains("\n    let app")
            && project.read("src/ws/engine/hub.rs").contains("\n\t")
    );
}

#[test]
fn the_toolchain_that_a_repository_asks_for_is_not_fetched() {
    let project = laid_out("minimal", "rustfmt.toml", "hard_tabs = true\n");
    project.write("rust-toolchain.toml", b"[toolchain]\nchannel = \"nightly-2015-01-01\"\n");
    project.add(&[]).expect(0);
    assert!(project.read("src/ws/engine/hub.rs").contains("\n\t"));
}

#[test]
fn modules_that_a_file_names_are_not_written() {
    let notes =
        Notes::installed(&[("a.rs", "fn a() {\n    one();\n}\n\nfn b() {\n    two();\n}\n")]);
    notes.project.write("rustfmt.toml", b"hard_tabs = true\n");
    notes.project.write("other.rs", b"fn   other( ) { }\n");
    notes.edit(
        "a.rs",
        "#[path = \"../other.rs\"]\nmod other;\n\nfn a() {\n\tone();\n}\n\nfn b() {\n\ttwo();\n}\n",
    );
    notes.next("", &[("a.rs", "fn a() {\n    one();\n}\n\nfn b() {\n    three();\n}\n")]);
    notes.run(&["update"]).expect(0);
    assert!(
        notes.text("a.rs").contains("mod other;") && notes.text("a.rs").contains("\tthree();"),
        "{}",
        notes.text("a.rs")
    );
    assert_eq!(notes.project.read("other.rs"), "fn   other( ) { }\n");
}

#[test]
fn an_edit_in_her_layout_and_a_change_of_the_template_come_together() {
    let notes = Notes::installed(&[(
        "a.rs",
        "fn a() {\n    one(1, 2);\n    to();\n    two(\"two\");\n}\n",
    )]);
    notes.project.write("rustfmt.toml", b"hard_tabs = true\nmax_width = 20\n");
    let copy = ".rwx/notes/base/notes/a.rs";
    for path in ["notes/a.rs", copy] {
        succeed(Command::new("rustfmt").current_dir(notes.project.path()).arg(path));
    }
    notes.project.rewrite("notes/a.rs", "two(\"two\")", "two(\"mine\")");
    notes.next(
        "",
        &[("a.rs", "fn a() {\n    one(1, 2, 3333333333);\n    to();\n    two(\"two\");\n}\n")],
    );
    let run = notes.run(&["update"]).expect(0);
    assert!(run.stdout.contains("merge notes/a.rs"), "{}", run.stdout);
    assert_eq!(
        notes.text("a.rs"),
        "fn a() {\n\tone(\n\t\t1, 2,\n\t\t3333333333,\n\t);\n\tto();\n\ttwo(\"mine\");\n}\n"
    );
}
