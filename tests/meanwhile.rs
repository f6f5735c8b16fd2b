//! What others do to a project while rwx writes it: a second rwx, the owner's editor, a folder that
//! goes away.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;

use support::journal;
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

#[test]
fn a_file_that_was_edited_after_the_kill_is_left_alone_until_it_is_put_back() {
    let scratch = killed();
    let main = scratch.read("src/main.rs");
    scratch.write("src/main.rs", b"// Mine.\n");
    let before = scratch.files();
    let refused = scratch.add(&[]).expect(1);
    assert!(
        refused.stderr.contains("cannot be finished or undone: src/main.rs was changed meanwhile"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("remove .rwx-journal and the files called .rwx-"),
        "{}",
        refused.stderr
    );
    assert!(scratch.files() == before);
    scratch.write("src/main.rs", main.as_bytes());
    let run = scratch.add(&[]).expect(0);
    assert_eq!(
        run.stderr,
        "note: a run of rwx in [ROOT] was interrupted, and is finished first: all that it was to write is written\n"
    );
    assert!(scratch.files() == added());
}

#[test]
fn a_run_is_found_from_a_folder_below_and_by_a_new_project_beside_it() {
    let scratch = killed();
    scratch.rwx_in("src", &ADD).expect(0);
    assert!(!scratch.files().keys().any(|path| is_litter(path)));
    let scratch = Scratch::empty();
    kill(&scratch, &["new", "one"]);
    let other = scratch.rwx(&["new", "two"]).expect(0);
    assert!(other.stderr.contains("is finished first"), "{}", other.stderr);
    assert!(scratch.below("one").files().contains_key("src/main.rs"));
    assert!(!scratch.files().keys().any(|path| is_litter(path)));
}

/// A journal of a run that has come to `phase`, and has the empty file at `path` still to delete.
fn deleting(path: &str, phase: char) -> String {
    let entry = format!("{{\"path\":\"{path}\",\"before\":\"0-cbf29ce484222325\",\"after\":null}}");
    let rest = format!("\"run\":\"0\",\"folders\":[],\"entries\":[{entry}],\"lent\":null");
    format!("{{\"rwx-journal\":2,\"made\":\"MARK\",{rest}}}\n{phase}")
}

#[test]
fn a_run_in_the_folder_above_concerns_a_project_only_when_it_has_files_there() {
    for (path, concerns) in
        [("b/notes", false), ("app/notes", true), ("app/src/notes", true), ("notes", true)]
    {
        let scratch = Scratch::empty();
        let app = scratch.below("app");
        app.copy("minimal");
        scratch.write(path, b"");
        journal::leave(&scratch, &deleting(path, 'f'));
        let looked = app.rwx(&["infra", "status"]).expect(i32::from(concerns));
        assert_eq!(
            looked.stderr.contains("was interrupted"),
            concerns,
            "{path}: {}",
            looked.stderr
        );
        let run = app.add(&[]).expect(0);
        assert_eq!(run.stderr.contains("is finished first"), concerns, "{path}: {}", run.stderr);
        assert_eq!(scratch.files().contains_key(path), !concerns, "{path}");
    }
}

#[test]
fn a_new_project_that_is_being_made_stops_nobody_beside_it() {
    let scratch = Scratch::empty();
    let app = scratch.below("app");
    app.copy("minimal");
    let folder = scratch.path();
    let new = Traced { folder: &folder, args: &["new", "other"], tools: Path::new("/nowhere") };
    let new = new.stopped_after(&first_rename());
    assert_eq!(app.add(&[]).expect(0).stderr, "");
    new.go_on().expect(0);
}

#[test]
fn the_journal_of_another_user_is_not_followed() {
    let scratch = Scratch::empty();
    let app = scratch.below("app");
    app.copy("minimal");
    app.write("notes", b"");
    journal::leave(&scratch, &deleting("app/notes", 'f'));
    // Only root may give a file away.
    if chown(scratch.path().join(".rwx-journal"), Some(12_345), None).is_err() {
        return;
    }
    assert_eq!(app.rwx(&["infra", "status"]).expect(0).stderr, "");
    let refused = scratch.rwx(&["new", "other"]).expect(1);
    let told = "error: cannot open [ROOT]/.rwx-journal: it belongs to another user";
    assert!(refused.stderr.starts_with(told), "{}", refused.stderr);
    assert!(app.files().contains_key("notes"));
}

#[test]
fn commands_that_look_at_no_project_leave_a_journal_alone() {
    let scratch = killed();
    let before = scratch.files();
    for args in [
        &["infra", "list"][..],
        &["infra", "info", "websocket"],
        &["completions", "bash"],
        &["--version"],
    ] {
        assert_eq!(scratch.rwx(args).expect(0).stderr, "");
    }
    assert!(scratch.files() == before);
}

#[test]
fn a_file_that_is_no_journal_is_not_touched() {
    let text = |version: u8, path: &str, phase: &str| {
        let entry =
            format!("{{\"path\":\"{path}\",\"before\":null,\"after\":\"1-af63dc4c8601ec8c\"}}");
        let rest = format!("\"run\":\"0\",\"folders\":[],\"entries\":[{entry}],\"lent\":null");
        format!("{{\"rwx-journal\":{version},\"made\":\"MARK\",{rest}}}\n{phase}")
    };
    let mut texts =
        vec!["mine".to_owned(), "mine\n".to_owned(), "{\"rwx-journal\":2}\ns".to_owned()];
    texts.extend([text(2, "a", "x"), text(2, "a", "sr"), text(3, "a", "s")]);
    texts.extend(
        ["/etc/rwx", "../a", "src/../../a", ".git/HEAD", "a/.Git/x"].map(|path| text(2, path, "r")),
    );
    let sound = Scratch::of("minimal");
    journal::leave(&sound, &text(2, "a", "r"));
    sound.add(&[]).expect(0);
    for mine in texts {
        let scratch = Scratch::of("minimal");
        journal::leave(&scratch, &mine);
        let before = scratch.files();
        for args in [&ADD[..], &["infra", "status"]] {
            let run = scratch.rwx(args).expect(1);
            assert!(run.stderr.contains("[ROOT]/.rwx-journal is "), "{}", run.stderr);
            assert!(scratch.files() == before);
        }
    }
}

#[test]
fn the_journal_of_another_checkout_is_not_followed() {
    let scratch = killed();
    let copy = Scratch::empty();
    scratch.files().iter().for_each(|(path, bytes)| copy.write(path, bytes));
    let before = copy.files();
    for args in [&ADD[..], &["infra", "status"], &["infra", "remove", "websocket"]] {
        let run = copy.rwx(args).expect(1);
        assert!(
            run.stderr.contains("was not made by a run of rwx in this folder"),
            "{}",
            run.stderr
        );
        assert!(copy.files() == before);
    }
}

#[test]
fn a_link_leads_no_recovery_out_of_the_project() {
    let lent = |root: &str| format!("{{\"root\":\"{root}\",\"lock\":null,\"had_target\":false}}");
    let entry = "{\"path\":\"x/notes\",\"before\":\"0-cbf29ce484222325\",\"after\":null}";
    for (folders, entries, lent) in [
        ("\"x/empty\"", "", "null"),
        ("", entry, "null"),
        ("", "", &lent("x")),
        ("", "", &lent("x/empty")),
    ] {
        for phase in ['s', 'r', 'f', 'd'] {
            let outer = Scratch::empty();
            let scratch = outer.below("app");
            scratch.copy("minimal");
            scratch.link("x", "../outside");
            let outside = outer.below("outside");
            ["notes", "Cargo.lock", "target/CACHEDIR.TAG", ".rwx-0-target/a"]
                .iter()
                .for_each(|path| outside.write(path, b""));
            fs::create_dir(outside.path().join("empty")).unwrap();
            let rest = format!(
                "\"run\":\"0\",\"folders\":[{folders}],\"entries\":[{entries}],\"lent\":{lent}"
            );
            journal::leave(
                &scratch,
                &format!("{{\"rwx-journal\":2,\"made\":\"MARK\",{rest}}}\n{phase}"),
            );
            scratch.add(&[]);
            assert!(outside.path().join("empty").is_dir(), "{rest} {phase}");
            assert!(
                outside.files().len() == 3 && outside.path().join("target").is_dir(),
                "{rest} {phase}"
            );
        }
    }
}
