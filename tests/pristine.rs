//! Pristine copies that are lost, edited or laid out anew: what they are still good for, and what a
//! record without digests is.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;

use support::Scratch;
use support::notes::Notes;

const COPY: &str = ".rwx/notes/base/notes/a.txt";

/// A change of all files: a line above each.
fn head(project: &Scratch, paths: &[&str]) {
    paths
        .iter()
        .for_each(|path| project.write(path, format!("hers\n{}", project.read(path)).as_bytes()));
}

#[test]
fn where_the_old_text_is_not_known_both_texts_stand_in_the_file() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\nthree\n")]);
    head(&notes.project, &["notes/a.txt", COPY]);
    notes.next("", &[("a.txt", "one\n2\nthree\n")]);
    let run = notes.run(&["update"]).expect(3);
    assert!(
        run.stdout.contains(&format!(
            "a pristine copy is not as rwx wrote it, as after a change of all files, and is written anew: {COPY}"
        )),
        "{}",
        run.stdout
    );
    let text = notes.text("a.txt");
    assert!(
        text.starts_with("<<<<<<< yours\nhers\n=======\n>>>>>>> template\n")
            && text.contains("two\n=======\n2\n"),
        "{text}"
    );
    notes.edit("a.txt", "hers\none\n2\nthree\n");
    notes.project.rwx(&["infra", "update", "--continue"]).expect(0);
    assert!(notes.run(&["update"]).expect(0).stdout.ends_with("edited by you\nnothing to do\n"));
    assert_eq!(notes.text("a.txt"), "hers\none\n2\nthree\n");
}

#[test]
fn where_the_old_text_is_not_known_her_lines_can_be_kept() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\nthree\n")]);
    head(&notes.project, &["notes/a.txt", COPY]);
    notes.next("", &[("a.txt", "one\n2\nthree\n")]);
    let run = notes.run(&["update", "--on-conflict", "keep"]).expect(0);
    assert!(run.stdout.contains("keep notes/a.txt  your lines"), "{}", run.stdout);
    assert_eq!(notes.text("a.txt"), "hers\none\ntwo\nthree\n");
}

#[test]
fn a_lost_copy_of_a_file_that_nobody_edited_is_no_loss() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\n"), ("b.txt", "one\nto\ntwo\n")]);
    notes.edit("b.txt", "mine\nto\ntwo\n");
    for name in ["a", "b"] {
        fs::remove_file(notes.project.path().join(format!(".rwx/notes/base/notes/{name}.txt")))
            .unwrap();
    }
    let run = notes.run(&["update"]).expect(0);
    assert!(
        run.stdout.contains(&format!("2 pristine copies are gone, and are written anew: {COPY}")),
        "{}",
        run.stdout
    );
    assert_eq!(
        (notes.project.read(COPY), notes.text("b.txt")),
        ("one\ntwo\n".to_owned(), "mine\nto\ntwo\n".to_owned())
    );
    fs::remove_file(notes.project.path().join(COPY)).unwrap();
    notes.next("", &[("a.txt", "one\n2\n"), ("b.txt", "one\nto\n2\n")]);
    notes.run(&["update"]).expect(0);
    assert_eq!(
        (notes.text("a.txt"), notes.text("b.txt")),
        ("one\n2\n".to_owned(), "mine\nto\n2\n".to_owned())
    );
}

#[test]
fn a_file_that_the_owner_deleted_stays_deleted_without_its_copy() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    fs::remove_file(notes.project.path().join("notes/a.txt")).unwrap();
    fs::remove_file(notes.project.path().join(COPY)).unwrap();
    notes.edit("b.txt", "hers\n");
    notes.run(&["update"]).expect(0);
    assert!(!notes.project.path().join("notes/a.txt").exists());
}

#[test]
fn code_that_a_formatter_laid_out_anew_with_its_copy_is_not_edited() {
    let notes = Notes::installed(&[("a.rs", "fn a() {\n    b(1, 2);\n}\n")]);
    let copy = ".rwx/notes/base/notes/a.rs";
    let laid_out = "fn a() {\n\tb(\n\t\t1,\n\t\t2,\n\t);\n}\n";
    ["notes/a.rs", copy].iter().for_each(|path| notes.project.write(path, laid_out.as_bytes()));
    assert_eq!(notes.run(&["update"]).expect(0).stdout, "nothing to do\n");
    let status = notes.project.rwx(&["infra", "status", "notes"]).expect(0).stdout;
    assert!(!status.contains("edited"), "{status}");
    notes.next("", &[("a.rs", "fn a() {\n    b(1, 2);\n    c();\n}\n")]);
    notes.run(&["update"]).expect(0);
    assert!(
        notes.text("a.rs").contains("c();") && !notes.text("a.rs").contains("<<<"),
        "{}",
        notes.text("a.rs")
    );
}

/// Makes the record of `component` one of an rwx that kept no digests.
fn without_digests(project: &Scratch, component: &str) {
    let path = format!(".rwx/{component}/record.toml");
    let record = project.read(&path);
    let start = record.find("[digests]\n").unwrap();
    let end = record[start..].find("\n\n").map_or(record.len(), |end| start + end + 2);
    project.write(&path, format!("{}{}", &record[..start], &record[end..]).as_bytes());
}

#[test]
fn a_record_without_digests_is_read_as_ever() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\nthree\n"), ("b.txt", "one\n")]);
    without_digests(&notes.project, "notes");
    notes.edit("a.txt", "mine\ntwo\nthree\n");
    notes.next("", &[("a.txt", "one\ntwo\n3\n"), ("b.txt", "two\n")]);
    let run = notes.run(&["update"]).expect(0);
    assert!(!run.stdout.contains("warning"), "{}", run.stdout);
    assert_eq!(
        (notes.text("a.txt"), notes.text("b.txt")),
        ("mine\ntwo\n3\n".to_owned(), "two\n".to_owned())
    );
    assert!(notes.project.read(".rwx/notes/record.toml").contains("[digests]\n"));
}

#[test]
fn a_change_of_all_files_is_noticed_without_digests_where_the_text_can_be_rendered_again() {
    let project = Scratch::added("minimal");
    without_digests(&project, "websocket");
    head(&project, &["src/ws/engine/hub.rs", ".rwx/websocket/base/src/ws/engine/hub.rs"]);
    let text = project.read("src/ws/engine/hub.rs");
    let run = project.rwx(&["infra", "update"]).expect(0);
    assert!(run.stdout.contains("not as rwx wrote it"), "{}", run.stdout);
    assert_eq!(project.read("src/ws/engine/hub.rs"), text);
}
