//! What others do between the kill of a run and the next one, and journals that are not this run's.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;

use crate::support::strace::Traced;
use crate::support::{ADD, Scratch, journal};
use crate::{added, first_rename, is_litter, kill, killed};

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
        assert!(run.stderr.contains("was not made by a run of rwx here"), "{}", run.stderr);
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
