//! What others do to a project while rwx writes it: a second rwx, the owner's editor, a folder that
//! goes away.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "meanwhile/journals.rs"]
mod journals;
mod support;

use std::fs;
use std::path::Path;

use support::strace::{Point, Traced};
use support::{ADD, Files, Scratch, rwx};

/// Right after the first of the files is replaced.
fn first_rename() -> Point {
    Point::new("rename", 1)
}

fn adding(folder: &Path) -> Traced<'_> {
    Traced { folder, args: &ADD, tools: Path::new("/nowhere") }
}

/// What `infra add` makes of the project `minimal`.
fn added() -> Files {
    let scratch = Scratch::of("minimal");
    scratch.add(&[]).expect(0);
    scratch.files()
}

/// Kills `rwx args` in `scratch` when it has replaced two files.
fn kill(scratch: &Scratch, args: &[&str]) {
    let run = Traced { folder: &scratch.path(), args, tools: Path::new("/nowhere") };
    run.with(&Point::new("rename", 3), "signal=SIGKILL");
}

/// A project in which two files were replaced when the run was killed.
fn killed() -> Scratch {
    let scratch = Scratch::of("minimal");
    kill(&scratch, &ADD);
    assert!(scratch.files().contains_key(".rwx-journal"));
    scratch
}

fn is_litter(path: &str) -> bool {
    path.contains(".rwx-")
}

#[test]
fn a_second_run_waits_for_the_first_and_finds_nothing_left_to_do() {
    let scratch = Scratch::in_memory();
    scratch.copy("minimal");
    let folder = scratch.path();
    let first = adding(&folder).stopped_after(&first_rename());
    let second = adding(&folder).waiting();
    first.go_on().expect(0);
    let second = second.end().expect(0);
    assert_eq!((second.stdout.as_str(), second.stderr.as_str()), ("nothing to do\n", ""));
    assert!(scratch.files() == added());
}

#[test]
fn a_second_run_that_waits_too_long_says_so() {
    let scratch = Scratch::of("minimal");
    let folder = scratch.path();
    let first = adding(&folder).stopped_after(&first_rename());
    let second = scratch.add(&[]).expect(1);
    assert!(
        second.stderr.starts_with("error: another rwx is at work in [ROOT]"),
        "{}",
        second.stderr
    );
    assert!(second.stderr.contains("wait until it has ended"), "{}", second.stderr);
    first.go_on().expect(0);
    assert!(scratch.files() == added());
}

#[test]
fn of_many_runs_at_once_one_does_the_work() {
    let scratch = Scratch::of("minimal");
    let path = scratch.path();
    let start = |_| {
        rwx().current_dir(&path).args(ADD).stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..6).map(start).collect();
    let codes: Vec<_> =
        runs.into_iter().map(|run| run.wait_with_output().unwrap().status.code()).collect();
    assert!(
        codes.contains(&Some(0)) && codes.iter().all(|code| matches!(code, Some(0 | 1))),
        "{codes:?}"
    );
    assert!(scratch.files() == added());
}

#[test]
fn what_the_owner_saves_meanwhile_stays_and_the_rest_is_put_back() {
    let scratch = Scratch::of("minimal");
    let mut expected = scratch.files();
    let folder = scratch.path();
    let run = adding(&folder).stopped_after(&first_rename());
    let edited = scratch.read("src/main.rs") + "// Saved meanwhile.\n";
    scratch.write("src/main.rs.tmp", edited.as_bytes());
    fs::rename(scratch.path().join("src/main.rs.tmp"), scratch.path().join("src/main.rs")).unwrap();
    let run = run.go_on().expect(1);
    assert!(run.stderr.contains("error: src/main.rs was changed meanwhile"), "{}", run.stderr);
    expected.insert("src/main.rs".to_owned(), edited.into_bytes());
    assert!(scratch.files() == expected);
    scratch.add(&[]).expect(0);
}

#[test]
fn a_folder_that_vanishes_fails_the_run_and_the_rest_is_put_back() {
    let scratch = Scratch::of("minimal");
    let before = scratch.files();
    let folder = scratch.path();
    let run = adding(&folder).stopped_after(&first_rename());
    fs::remove_dir_all(scratch.path().join("src/ws")).unwrap();
    let run = run.go_on().expect(1);
    assert!(run.stderr.contains("error: cannot write src/ws/"), "{}", run.stderr);
    assert!(scratch.files() == before);
}

#[test]
fn a_folder_that_becomes_a_link_leads_no_write_out_of_the_project() {
    let scratch = Scratch::empty();
    let app = scratch.below("app");
    app.copy("minimal");
    scratch.write("outside/keep", b"");
    let folder = app.path();
    let run = adding(&folder).stopped_after(&Point::new("mkdir", 1));
    let made = app.path().join(".rwx");
    fs::remove_dir_all(&made).unwrap();
    app.link(".rwx", "../outside");
    let run = run.go_on().expect(1);
    assert!(run.stderr.contains("symbolic link"), "{}", run.stderr);
    let outside: Vec<String> = scratch.below("outside").files().into_keys().collect();
    assert_eq!(outside, ["keep"]);
}
