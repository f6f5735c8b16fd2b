//! A record that is gone, as where `.rwx/` is deleted or git ignores it: what is said, and how the
//! record is made again.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;

use support::notes::Notes;
use support::{Files, REMOVE, Scratch};

fn lose(project: &Scratch) {
    fs::remove_dir_all(project.path().join(".rwx")).unwrap();
}

fn owned(files: &Files) -> Files {
    files
        .iter()
        .filter(|(path, _)| !path.starts_with(".rwx/"))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

/// The starting projects, and what the component is added with.
const ADDED: [(&str, &[&str]); 5] = [
    ("minimal", &[]),
    ("service", &["--set", "demo=true", "--set", "history=true"]),
    ("configured", &["--set", "redis=false"]),
    ("library", &[]),
    ("plain-07", &["--set", "client=false"]),
];

#[test]
fn files_that_are_as_rendered_are_recorded_again_and_nothing_is_doubled() {
    for (name, options) in ADDED {
        let project = Scratch::of(name);
        project.add(options).expect(0);
        let before = project.files();
        lose(&project);
        let run = project.add(&[]).expect(0);
        assert!(
            run.stdout.contains("the record of websocket is gone, and is made again"),
            "{name}: {}",
            run.stdout
        );
        assert!(!run.stdout.contains("edited by you"), "{name}: {}", run.stdout);
        let after = project.files();
        assert!(owned(&before) == owned(&after), "{name}: {}", run.stdout);
        let copies = |files: &Files| {
            files.keys().filter(|path| path.contains("/base/")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(copies(&before), copies(&after), "{name}");
        project.rwx(&["infra", "update", "--check"]).expect(0);
    }
}

#[test]
fn a_file_that_differs_is_named_and_stays() {
    let project = Scratch::added("service");
    project.rewrite("src/ws/handler.rs", "\"connected\");", "\"client connected\");");
    let before = project.files();
    lose(&project);
    let run = project.add(&[]).expect(0);
    assert!(
        run.stdout.contains("the others count as edited by you: src/ws/handler.rs\n"),
        "{}",
        run.stdout
    );
    assert!(owned(&before) == owned(&project.files()));
    let diff = project.rwx(&["infra", "diff"]).expect(0).stdout;
    assert!(
        diff.contains("+")
            && diff.contains("client connected")
            && diff.matches("@@ -").count() == 1,
        "{diff}"
    );
    project.rwx(&REMOVE).expect(0);
    let kept = project.files();
    assert_eq!(
        kept.keys().filter(|path| path.starts_with("src/ws/")).collect::<Vec<_>>(),
        ["src/ws/handler.rs"]
    );
}

#[test]
fn the_module_s_declaration_goes_with_it_and_its_uses_are_named() {
    let project = Scratch::added("minimal");
    lose(&project);
    project.add(&[]).expect(0);
    let run = project.rwx(&REMOVE).expect(0);
    assert!(!project.read("src/main.rs").contains("mod ws;"), "{}", project.read("src/main.rs"));
    assert!(run.stdout.contains("manual src/main.rs"), "{}", run.stdout);
}

#[test]
fn every_command_says_that_the_record_is_gone_and_how_to_get_it_back() {
    let project = Scratch::added("minimal");
    lose(&project);
    let before = project.files();
    for args in [
        &["status"][..],
        &["update"],
        &["diff"],
        &["remove", "websocket"],
        &["update", "websocket"],
    ] {
        let run = project.rwx(&[&["infra"], args].concat()).expect(1);
        let stderr = run.stderr;
        assert!(
            stderr.contains("the files of websocket are here, and their record in .rwx/ is gone"),
            "{args:?}: {stderr}"
        );
        assert!(
            stderr.contains("version control") && stderr.contains("`rwx infra add websocket`"),
            "{args:?}: {stderr}"
        );
    }
    assert!(before == project.files());
    let other = Scratch::of("minimal");
    other.rwx(&["infra", "update"]).expect(1);
    assert!(!other.rwx(&["infra", "status"]).expect(0).stdout.contains("gone"));
}

#[test]
fn a_module_of_another_name_is_found_and_not_added_beside() {
    let project = Scratch::of("minimal");
    project.add(&["--module", "live"]).expect(0);
    let before = project.files();
    lose(&project);
    let lost = project.files();
    let run = project.add(&[]).expect(1);
    assert!(
        run.stderr.contains("src/live/") && run.stderr.contains("--module live"),
        "{}",
        run.stderr
    );
    assert!(lost == project.files());
    project.add(&["--module", "live"]).expect(0);
    assert!(owned(&before) == owned(&project.files()));
}

#[test]
fn files_of_another_version_are_named_and_left_alone() {
    let notes = Notes::installed(&[("a.txt", "one\n"), ("b.txt", "one\n"), ("c.txt", "one\n")]);
    lose(&notes.project);
    notes.next("", &[("a.txt", "two\n"), ("b.txt", "two\n"), ("c.txt", "one\n")]);
    let before = notes.project.files();
    let run = notes.run(&["add", "notes"]).expect(1);
    assert!(
        run.stderr.contains("notes/a.txt, notes/b.txt")
            && run.stderr.contains("take .rwx/ back from version control"),
        "{}",
        run.stderr
    );
    assert!(before == notes.project.files());
    notes.run(&["add", "notes", "--force"]).expect(0);
    assert_eq!(notes.text("a.txt"), "two\n");
    assert_eq!(notes.project.read(".rwx/backup/notes/a.txt"), "one\n");
}

#[test]
fn files_of_the_owner_s_are_no_lost_component() {
    let project = Scratch::of("minimal");
    project.write("src/ws/engine/hub.rs", b"//! Hers.\n");
    let run = project.add(&[]).expect(1);
    assert!(
        run.stderr.contains("src/ws/engine/hub.rs exists already and rwx did not write it"),
        "{}",
        run.stderr
    );
}
