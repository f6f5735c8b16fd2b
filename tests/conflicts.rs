//! Updates in which the owner and the templates have changed the same lines.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;
use support::notes::Notes;
use support::{Files, succeed};

const CONTINUE: [&str; 3] = ["infra", "update", "--continue"];
const ABORT: [&str; 3] = ["infra", "update", "--abort"];

/// A text with `count` places that the owner and the template change, each as `word` says.
fn places(count: usize, word: &str) -> String {
    (0..count)
        .map(|place| format!("{word} {place}\nsame {place} a\nsame {place} b\nsame {place} c\n"))
        .collect()
}

/// A project whose file `a.txt` has `count` conflicts after an update.
fn conflicted(count: usize) -> (Notes, Files) {
    let notes = Notes::installed(&[("a.txt", &places(count, "old")), ("b.txt", "one\n")]);
    notes.edit("a.txt", &places(count, "mine"));
    notes.next("", &[("a.txt", &places(count, "new")), ("b.txt", "two\n")]);
    let before = notes.project.files();
    (notes, before)
}

fn record(files: &Files) -> BTreeMap<&String, &Vec<u8>> {
    files.iter().filter(|(path, _)| path.starts_with(".rwx/notes/")).collect()
}

#[test]
fn a_check_that_conflicts_stand_in_the_way_of_is_named() {
    let (notes, _) = conflicted(1);
    let run = notes.run(&["update", "--verify"]).expect(3);
    assert!(
        run.stderr.contains("end the update with `rwx infra update --continue --verify`"),
        "{}",
        run.stderr
    );
}

#[test]
fn every_conflict_is_listed_and_the_update_waits_until_each_is_resolved() {
    for count in [1, 2, 3, 128] {
        let (notes, before) = conflicted(count);
        let run = notes.run(&["update"]).expect(3);
        let listed =
            run.stdout.lines().filter(|line| line.starts_with("conflict notes/a.txt:")).count();
        assert_eq!(listed, count, "{}", run.stdout);
        assert!(
            run.stdout.contains("update notes/b.txt")
                && run.stdout.contains("rwx infra update --continue")
        );
        let text = notes.text("a.txt");
        let first = "<<<<<<< yours\nmine 0\n||||||| older template\nold 0\n\
            =======\nnew 0\n>>>>>>> template\n";
        assert!(text.starts_with(first), "{text}");
        assert_eq!(text.matches("<<<<<<< yours\nmine ").count(), count);
        let after = notes.project.files();
        assert_eq!(record(&before), record(&after), "the record does not advance");

        let refused = notes.project.rwx(&CONTINUE).expect(3);
        assert!(refused.stderr.contains("notes/a.txt:1"), "{}", refused.stderr);
        assert!(after == notes.project.files());

        let status = notes.project.rwx(&["infra", "status"]).expect(0).stdout;
        assert_eq!(status.matches("notes/a.txt:").count(), count, "{status}");
        notes.edit("a.txt", &places(count, "both"));
        let status = notes.project.rwx(&["infra", "status"]).expect(0).stdout;
        assert!(
            status.contains("every conflict is resolved") && !status.contains("a.txt"),
            "{status}"
        );
        notes.project.rwx(&CONTINUE).expect(0);
        let done = notes.project.files();
        assert!(done.keys().all(|path| !path.contains("pending")), "{:?}", done.keys());
        assert_eq!(done[".rwx/notes/base/notes/a.txt"], places(count, "new").into_bytes());
        assert_eq!(notes.text("a.txt"), places(count, "both"));
        assert!(notes.run(&["update"]).expect(0).stdout.ends_with("nothing to do\n"));
        assert!(done == notes.project.files());
    }
}

#[test]
fn a_commit_of_everything_has_nothing_of_an_update_that_waits() {
    let (notes, _) = conflicted(1);
    notes.run(&["update"]).expect(3);
    notes.project.git(&["init", "--quiet"]);
    let run = succeed(
        Command::new("git")
            .args(["ls-files", "--others", "--exclude-standard"])
            .current_dir(notes.project.path()),
    );
    let text = String::from_utf8(run.stdout).unwrap();
    assert!(text.contains(".rwx/notes/record.toml\n") && !text.contains(".rwx/pending"), "{text}");
    notes.project.rwx(&ABORT).expect(0);
    assert!(!notes.project.path().join(".rwx/pending").exists());
}

#[test]
fn an_aborted_update_leaves_every_byte_as_it_was() {
    for count in [1, 3, 128] {
        let (notes, before) = conflicted(count);
        notes.run(&["update"]).expect(3);
        notes.project.rwx(&ABORT).expect(0);
        assert!(before == notes.project.files());
    }
}

#[test]
fn what_the_owner_edited_while_the_update_waited_is_kept_aside_when_it_is_taken_back() {
    let (notes, mut before) = conflicted(1);
    notes.run(&["update"]).expect(3);
    notes.edit("a.txt", "half resolved\n");
    std::fs::remove_file(notes.project.path().join("notes/b.txt")).unwrap();
    let run = notes.project.rwx(&ABORT).expect(0);
    assert!(
        run.stdout.contains("what you edited since is now .rwx/backup/notes/a.txt"),
        "{}",
        run.stdout
    );
    before.insert(".rwx/backup/notes/a.txt".to_owned(), b"half resolved\n".to_vec());
    assert!(before == notes.project.files());
}

#[test]
fn nothing_else_is_written_while_an_update_waits() {
    let (notes, _) = conflicted(2);
    notes.run(&["update"]).expect(3);
    let waiting = notes.project.files();
    for args in
        [&["update"][..], &["add", "notes"], &["add", "notes", "--force"], &["diff", "--update"]]
    {
        let run = notes.run(args).expect(5);
        assert!(
            run.stderr.contains("--continue") && run.stderr.contains("--abort"),
            "{}",
            run.stderr
        );
        assert!(waiting == notes.project.files());
    }
}

#[test]
fn programs_read_the_place_of_each_conflict() {
    let (notes, before) = conflicted(2);
    let dry: Value =
        serde_json::from_str(&notes.run(&["update", "-n", "--json"]).expect(0).stdout).unwrap();
    assert!(before == notes.project.files());
    let report: Value =
        serde_json::from_str(&notes.run(&["update", "--json"]).expect(3).stdout).unwrap();
    assert_eq!(
        report["conflicts"],
        serde_json::json!([{ "path": "notes/a.txt", "lines": [1, 11] }])
    );
    assert_eq!(report["conflicts"], dry["conflicts"]);
    assert_eq!(report["written"], true);
    for line in [1, 11] {
        assert_eq!(notes.text("a.txt").lines().nth(line - 1), Some("<<<<<<< yours"));
    }
}

#[test]
fn markers_have_the_file_s_line_endings_and_lines_of_their_own() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\nthree")]);
    notes.edit("a.txt", "one\r\ntwo\r\nmine");
    notes.next("", &[("a.txt", "one\ntwo\nnew")]);
    notes.run(&["update"]).expect(3);
    let expected = "one\ntwo\n<<<<<<< yours\nmine\n||||||| older template\nthree\n=======\nnew\n\
        >>>>>>> template\n";
    assert_eq!(notes.text("a.txt"), expected.replace('\n', "\r\n"));
}

#[test]
fn a_marker_that_is_left_alone_is_found() {
    let (notes, _) = conflicted(1);
    notes.run(&["update"]).expect(3);
    for marker in ["<<<<<<< yours", "||||||| older template", "=======", ">>>>>>> template"] {
        notes.edit("a.txt", &format!("both\n{marker}\nold 0\n"));
        let refused = notes.project.rwx(&CONTINUE).expect(3);
        assert!(refused.stderr.contains("markers are left: notes/a.txt:2"), "{}", refused.stderr);
    }
}

#[test]
fn lines_that_look_like_markers_and_are_the_owner_s_end_no_update() {
    let notes = Notes::installed(&[("a.txt", "Title\n=======\none\n"), ("b.txt", "one\n")]);
    notes.edit("a.txt", "Title\n=======\nmine\n");
    notes.edit("b.txt", "mine\n>>>>>>> rwx is a tool\n");
    notes.next("", &[("a.txt", "Title\n=======\ntwo\n"), ("b.txt", "two\n")]);
    notes.run(&["update"]).expect(3);
    notes.edit("a.txt", "Title\n=======\nboth\n");
    notes.edit("b.txt", "both\n>>>>>>> rwx is a tool\n");
    notes.project.rwx(&CONTINUE).expect(0);
}

#[test]
fn the_user_says_who_yields() {
    let (kept, _) = conflicted(2);
    let run = kept.run(&["update", "--on-conflict", "keep"]).expect(0);
    assert!(
        run.stdout.contains("keep notes/a.txt  your lines, not the template's, at line 1, 5"),
        "{}",
        run.stdout
    );
    assert_eq!((kept.text("a.txt"), kept.text("b.txt")), (places(2, "mine"), "two\n".to_owned()));
    assert!(kept.run(&["update"]).expect(0).stdout.ends_with("nothing to do\n"));

    let (aborted, before) = conflicted(2);
    let run = aborted.run(&["update", "--on-conflict", "abort"]).expect(1);
    assert!(
        run.stderr.contains("notes/a.txt:1") && run.stderr.contains("notes/a.txt:5"),
        "{}",
        run.stderr
    );
    assert!(before == aborted.project.files());

    let (forced, before) = conflicted(2);
    let run = forced.run(&["update", "--force"]).expect(0);
    assert!(run.stdout.contains("your file is now .rwx/backup/notes/a.txt"), "{}", run.stdout);
    assert_eq!(forced.text("a.txt"), places(2, "new"));
    assert_eq!(forced.project.files()[".rwx/backup/notes/a.txt"], before["notes/a.txt"]);
}

#[test]
fn there_is_nothing_to_end_or_take_back_without_an_update_that_waits() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    for args in [CONTINUE, ABORT] {
        let run = notes.project.rwx(&args).expect(1);
        assert!(run.stderr.contains("no update waits"), "{}", run.stderr);
    }
}

#[test]
fn no_file_is_touched_where_the_copies_of_an_update_that_waits_are_gone() {
    for (args, copies) in [(ABORT, "before"), (CONTINUE, "after")] {
        let (notes, _) = conflicted(1);
        notes.run(&["update"]).expect(3);
        notes.edit("a.txt", "both\n");
        std::fs::remove_dir_all(notes.project.path().join(".rwx/pending").join(copies)).unwrap();
        let left = notes.project.files();
        let run = notes.project.rwx(&args).expect(1);
        assert!(
            run.stderr.contains("that the update kept in .rwx/pending is gone"),
            "{}",
            run.stderr
        );
        assert!(left == notes.project.files());
    }
}

#[test]
fn what_is_left_of_an_update_whose_state_is_gone_is_in_nobody_s_way() {
    let (notes, _) = conflicted(2);
    notes.run(&["update"]).expect(3);
    std::fs::remove_file(notes.project.path().join(".rwx/pending/update.toml")).unwrap();
    notes.edit("a.txt", &places(2, "mine"));
    notes.next("", &[("a.txt", &places(2, "newer"))]);
    notes.run(&["update"]).expect(3);
    assert!(notes.text("a.txt").contains("newer 0"));
    assert!(notes.project.rwx(&CONTINUE).expect(3).stderr.contains("markers are left"));
    notes.edit("a.txt", &places(2, "both"));
    notes.project.rwx(&CONTINUE).expect(0);
    assert!(!notes.project.path().join(".rwx/pending").exists());
    assert!(notes.run(&["update"]).expect(0).stdout.ends_with("nothing to do\n"));
}
