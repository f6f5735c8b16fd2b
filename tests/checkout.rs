//! Checkouts in which git has rewritten line endings, and what keeps it from that in rwx's own
//! folder.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::process::Command;

use support::notes::Notes;
use support::{Files, REMOVE, Scratch, succeed};

const ATTRIBUTES: &str = ".rwx/.gitattributes";

fn commit(project: &Scratch) {
    project.git(&["init", "--quiet"]);
    project.git(&["add", "--all"]);
    project.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message=x"]);
}

/// A clone of `project` as git makes it on Windows.
fn cloned(project: &Scratch) -> Scratch {
    commit(project);
    let clone = Scratch::empty();
    let mut git = Command::new("git");
    succeed(
        git.args(["clone", "--quiet", "-c", "core.autocrlf=true"])
            .arg(project.path())
            .arg(clone.path()),
    );
    clone
}

fn with_carriages(files: &Files) -> usize {
    files.values().filter(|bytes| bytes.windows(2).any(|pair| pair == b"\r\n")).count()
}

/// Makes the project one of an rwx that made no `.gitattributes`.
fn without_attributes(project: &Scratch) {
    fs::remove_file(project.path().join(ATTRIBUTES)).unwrap();
    let record = project.read(".rwx/websocket/record.toml");
    let lines = record.split_inclusive('\n').filter(|line| !line.starts_with("attributes = "));
    project.write(".rwx/websocket/record.toml", lines.collect::<String>().as_bytes());
}

#[test]
fn a_clone_with_other_line_endings_is_as_it_was_and_loses_no_trace() {
    for is_old in [false, true] {
        let project = Scratch::of("service");
        let before = cloned(&project).files();
        project.add(&[]).expect(0);
        if is_old {
            without_attributes(&project);
        }
        let clone = cloned(&project);
        let files = clone.files();
        assert_eq!(files[".rwx/websocket/record.toml"].contains(&b'\r'), is_old);
        assert!(with_carriages(&files) > before.len());
        clone.rwx(&["infra", "add", "websocket", "--check"]).expect(0);
        assert_eq!(clone.rwx(&["infra", "update"]).expect(0).stdout, "nothing to do\n");
        let status = clone.rwx(&["infra", "status"]).expect(0).stdout;
        assert!(!status.contains("edited") && status.ends_with("nothing to do\n"), "{status}");
        assert_eq!(clone.rwx(&["infra", "diff"]).expect(0).stdout.matches("@@").count(), 0);
        assert!(files == clone.files());
        clone.rwx(&REMOVE).expect(0);
        let after = clone.files();
        for path in before.keys().chain(after.keys()) {
            let text = |files: &support::Files| {
                files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            assert_eq!(text(&after), text(&before), "is_old: {is_old}: {path}");
        }
    }
}

#[test]
fn an_update_in_such_a_clone_writes_the_line_endings_of_each_file() {
    let notes = Notes::installed(&[
        ("a.txt", "one\nto\ntwo\nto\nthree\n"),
        ("b.txt", "one\n"),
        ("c.txt", "one\ntwo\n"),
    ]);
    notes.edit("a.txt", "mine\r\nto\r\ntwo\r\nto\r\nthree\r\n");
    notes.edit("b.txt", "one\r\n");
    notes.edit("c.txt", "one\r\ntwo\nmore\n");
    notes.next(
        "",
        &[("a.txt", "one\nto\n2\nto\n3\n"), ("b.txt", "two\n"), ("c.txt", "1\nnew\ntwo\n")],
    );
    notes.run(&["update"]).expect(0);
    assert_eq!(notes.text("a.txt"), "mine\r\nto\r\n2\r\nto\r\n3\r\n");
    assert_eq!(notes.text("b.txt"), "two\r\n");
    assert_eq!(notes.text("c.txt"), "1\nnew\ntwo\nmore\n");
}

#[test]
fn the_folder_s_attributes_come_with_the_first_component_and_go_with_the_last() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    let written = notes.project.read(ATTRIBUTES);
    assert!(written.starts_with("* -text linguist-generated\n"), "{written}");
    notes.project.add(&[]).expect(0);
    notes.project.rwx(&["infra", "remove", "notes"]).expect(0);
    assert_eq!(notes.project.read(ATTRIBUTES), written);
    notes.project.rwx(&REMOVE).expect(0);
    assert!(!notes.project.path().join(".rwx").exists());
}

#[test]
fn her_own_attributes_are_kept() {
    let edited = Scratch::added("minimal");
    edited.write(ATTRIBUTES, b"* text\n");
    assert_eq!(edited.rwx(&["infra", "update"]).expect(0).stdout, "nothing to do\n");
    edited.rwx(&REMOVE).expect(0);
    assert_eq!(edited.read(ATTRIBUTES), "* text\n");
    let deleted = Scratch::added("minimal");
    fs::remove_file(deleted.path().join(ATTRIBUTES)).unwrap();
    assert_eq!(deleted.rwx(&["infra", "update"]).expect(0).stdout, "nothing to do\n");
    let own = Scratch::of("minimal");
    own.write(ATTRIBUTES, b"* -diff\n");
    own.add(&[]).expect(0);
    own.rwx(&REMOVE).expect(0);
    assert_eq!(own.read(ATTRIBUTES), "* -diff\n");
}
