//! Edits that are not committed: a run that would change such a file is refused.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::notes::Notes;
use support::{ADD, REMOVE, Run, Scratch};

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
    assert!(
        run.stderr.contains("src/main.rs") && run.stderr.contains("--allow-dirty"),
        "{}",
        run.stderr
    );
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
    staged.git(&[
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "--allow-empty",
        "--message=x",
    ]);
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
fn what_rwx_added_itself_is_no_edit() {
    for start in ["service", "minimal", "configured"] {
        let project = Scratch::of(start);
        project.write("compose.yaml", b"services:\n  web:\n    build: .\n");
        project.write(".env.example", b"PORT=3000\n");
        project.git(&["init", "--quiet"]);
        commit(&project);
        let before = project.files();
        project.add(&[]).expect(0);
        project.add(&["--route", "/live"]).expect(0);
        project.add(&["--set", "redis=false"]).expect(0);
        let added = project.files();
        project.rwx(&REMOVE).expect(0);
        assert!(project.files() == before, "{start}");
        project.add(&["--set", "redis=false", "--route", "/live"]).expect(0);
        let differs = |path: &&String| {
            !path.ends_with("record.toml") && added.get(*path) != project.files().get(*path)
        };
        assert_eq!(added.keys().find(differs), None, "{start}");
        commit(&project);
        project.add(&["--set", "redis=true"]).expect(0);
        project.rwx(&REMOVE).expect(0);
        project.add(&[]).expect(0);
    }
}

#[test]
fn her_edit_among_rwx_s_own_is_one() {
    let project = Scratch::of("minimal");
    project.git(&["init", "--quiet"]);
    commit(&project);
    project.add(&[]).expect(0);
    project.rewrite("src/main.rs", "hello", "hello there");
    let before = project.files();
    let run = project.rwx(&REMOVE).expect(5);
    assert!(
        run.stderr.contains("src/main.rs") && !run.stderr.contains("Cargo.toml"),
        "{}",
        run.stderr
    );
    assert!(project.files() == before);
    // Taking a committed line of rwx's out is an edit too.
    project.rewrite("src/main.rs", "hello there", "hello");
    commit(&project);
    project.rewrite("src/main.rs", "mod ws;\n", "");
    project.rwx(&REMOVE).expect(5);
}

#[test]
fn what_an_update_has_merged_is_no_edit() {
    let notes = Notes::installed(&[("a.txt", "one\n2\n3\n4\n")]);
    notes.edit("a.txt", "one\n2\n3\nmine\n");
    notes.project.git(&["init", "--quiet"]);
    commit(&notes.project);
    for text in ["two\n2\n3\n4\n", "three\n2\n3\n4\n"] {
        notes.template("a.txt", text);
        notes.run(&["update"]).expect(0);
    }
    assert_eq!(notes.text("a.txt"), "three\n2\n3\nmine\n");
    notes.edit("a.txt", "three\nmine too\n3\nmine\n");
    notes.template("a.txt", "four\n2\n3\n4\n");
    notes.run(&["update"]).expect(5);
}

/// Runs rwx in `project` with this environment, in which git has no answer.
fn refused(project: &Scratch, environment: &[(&str, &str)], told: &str) {
    let run = |args: &[&str]| {
        let mut rwx = support::rwx();
        rwx.current_dir(project.path()).args(args).envs(environment.iter().copied());
        Run::of(rwx.output().unwrap(), &project.path())
    };
    let before = project.files();
    let refused = run(&ADD).expect(5);
    assert!(
        refused.stderr.contains("git cannot say") && refused.stderr.contains(told),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("--allow-dirty") && before == project.files());
    run(&[&ADD[..], &["--dry-run"]].concat()).expect(0);
    run(&[&ADD[..], &["--allow-dirty"]].concat()).expect(0);
}

#[test]
fn where_git_cannot_answer_the_run_is_refused() {
    let start = || {
        let project = Scratch::of("minimal");
        project.git(&["init", "--quiet"]);
        commit(&project);
        project
    };
    refused(&start(), &[("PATH", "/nowhere")], "cannot run git");
    refused(&start(), &[("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")], "dubious ownership");
    let broken = start();
    broken.write(".git/HEAD", b"nothing\n");
    refused(&broken, &[], "not a git repository");
    let without_objects = start();
    std::fs::remove_dir_all(without_objects.path().join(".git/objects")).unwrap();
    std::fs::create_dir(without_objects.path().join(".git/objects")).unwrap();
    refused(&without_objects, &[], "");
}

#[test]
fn a_broken_index_hides_no_edit() {
    let project = Scratch::of("minimal");
    project.git(&["init", "--quiet"]);
    commit(&project);
    project.write(".git/index", b"x");
    project.rewrite("src/main.rs", "hello", "hello there");
    project.add(&[]).expect(5);
}

#[test]
fn without_a_repository_there_is_no_guard() {
    let project = Scratch::of("minimal");
    let output = support::rwx()
        .current_dir(project.path())
        .args(ADD)
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
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
