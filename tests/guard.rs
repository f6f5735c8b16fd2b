//! Edits that are not committed: a run that would change such a file is refused.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::notes::Notes;
use support::{ADD, Scratch};

fn commit(project: &Scratch) {
    project.git(&["add", "--all"]);
    project.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message=x"]);
}

#[test]
fn a_file_with_uncommitted_edits_is_named_and_nothing_is_written() {
    let project = Scratch::of("minimal");
    project.git(&["init", "--quiet"]);
    commit(&project);
    project.rewrite("src/main.rs", "hello", "hello there");
    project.write("README.md", b"not touched by the plan\n");
    let before = project.files();
    let run = project.add(&[]).expect(5);
    assert!(run.stderr.contains("src/main.rs") && run.stderr.contains("--allow-dirty"), "{}", run.stderr);
    assert!(!run.stderr.contains("README") && !run.stderr.contains("Cargo.toml"), "{}", run.stderr);
    project.add(&["--dry-run"]).expect(0);
    assert!(before == project.files());
    project.add(&["--allow-dirty"]).expect(0);
    assert!(project.read("src/main.rs").contains("hello there"));
}

#[test]
fn what_git_knows_nothing_of_is_no_reason_to_refuse() {
    let project = Scratch::of("minimal");
    project.git(&["init", "--quiet"]);
    project.rewrite("src/main.rs", "hello", "hello there");
    project.add(&[]).expect(0);
    let staged = Scratch::of("minimal");
    staged.git(&["init", "--quiet"]);
    staged.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--allow-empty", "--message=x"]);
    staged.git(&["add", "src/main.rs"]);
    staged.add(&[]).expect(0);
}

#[test]
fn what_rwx_wrote_itself_may_be_uncommitted() {
    let notes = Notes::installed(&[("a.txt", "one\n"), ("b.txt", "one\n")]);
    notes.project.git(&["init", "--quiet"]);
    commit(&notes.project);
    for text in ["two\n", "three\n"] {
        notes.template("a.txt", text);
        notes.run(&["update"]).expect(0);
    }
    notes.edit("b.txt", "one\nmine\n");
    notes.template("b.txt", "zero\none\n");
    let run = notes.run(&["update"]).expect(5);
    assert!(run.stderr.contains("notes/b.txt") && !run.stderr.contains("a.txt"), "{}", run.stderr);
}

#[test]
fn without_git_there_is_no_guard() {
    let project = Scratch::of("minimal");
    project.git(&["init", "--quiet"]);
    commit(&project);
    project.rewrite("src/main.rs", "hello", "hello there");
    let output = support::rwx().current_dir(project.path()).args(ADD).env("PATH", "").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn line_endings_that_git_turned_are_no_edit() {
    let project = Scratch::of("minimal");
    project.git(&["init", "--quiet"]);
    commit(&project);
    project.git(&["config", "core.autocrlf", "true"]);
    let turned = project.read("src/main.rs").replace('\n', "\r\n");
    project.write("src/main.rs", turned.as_bytes());
    project.add(&[]).expect(0);
}
