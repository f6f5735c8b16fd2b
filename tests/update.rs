//! Updates without conflicts: what follows the templates, and what stays the owner's.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::Scratch;
use support::notes::Notes;

#[test]
fn update_takes_all_that_is_installed_and_nothing_else() {
    let project = Scratch::of("minimal");
    let none = project.rwx(&["infra", "update"]).expect(1);
    assert!(none.stderr.contains("rwx infra add"), "{}", none.stderr);
    project.add(&[]).expect(0);
    let before = (project.files(), project.times());
    for args in [
        &["infra", "update"][..],
        &["infra", "update", "websocket"],
        &["infra", "update", "--check"],
    ] {
        assert_eq!(project.rwx(args).expect(0).stdout, "nothing to do\n");
        assert!(before == (project.files(), project.times()));
    }
    project.rwx(&["infra", "update", "nothing"]).expect(2);
    let missing = Scratch::of("minimal").rwx(&["infra", "update", "websocket"]).expect(1);
    assert!(missing.stderr.contains("websocket is not installed here"), "{}", missing.stderr);
}

#[test]
fn an_edit_and_a_change_of_the_template_come_together() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\nthree\nfour\n"), ("b.txt", "one\n")]);
    notes.edit("a.txt", "mine\ntwo\nthree\nfour\n");
    notes.next("", &[("a.txt", "one\ntwo\nthree\nnew\n"), ("b.txt", "two\n")]);
    assert_eq!(notes.run(&["update", "--check"]).expect(4).code, 4);
    let run = notes.run(&["update"]).expect(0);
    assert!(
        run.stdout.contains("merge notes/a.txt") && run.stdout.contains("update notes/b.txt"),
        "{}",
        run.stdout
    );
    assert_eq!(
        (notes.text("a.txt"), notes.text("b.txt")),
        ("mine\ntwo\nthree\nnew\n".to_owned(), "two\n".to_owned())
    );
}

#[test]
fn files_that_git_gave_other_line_endings_are_not_taken_for_edited() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\nthree\n")]);
    let all = notes.project.files();
    let owned =
        all.iter().filter(|(path, _)| path.starts_with("notes/") || path.starts_with(".rwx/"));
    for (path, bytes) in owned {
        notes.project.write(
            path,
            String::from_utf8(bytes.clone()).unwrap().replace('\n', "\r\n").as_bytes(),
        );
    }
    let before = notes.project.files();
    assert_eq!(notes.run(&["update"]).expect(0).stdout, "nothing to do\n");
    assert!(before == notes.project.files());
    notes.next("", &[("a.txt", "one\ntwo\nnew\n")]);
    notes.run(&["update"]).expect(0);
    assert_eq!(notes.text("a.txt"), "one\r\ntwo\r\nnew\r\n");
}

#[test]
fn a_renamed_template_takes_the_owner_s_edits_with_it() {
    let notes =
        Notes::installed(&[("a.txt", "one\ntwo\nthree\n"), ("b.txt", "b\n"), ("c.txt", "c\n")]);
    notes.edit("a.txt", "mine\ntwo\nthree\n");
    std::fs::remove_file(notes.project.path().join("notes/c.txt")).unwrap();
    let renamed =
        "renamed = { \"a.txt\" = \"x.txt\", \"b.txt\" = \"y.txt\", \"c.txt\" = \"z.txt\" }\n";
    notes.next(renamed, &[("x.txt", "one\ntwo\nnew\n"), ("y.txt", "b\n"), ("z.txt", "c\n")]);
    let run = notes.run(&["update"]).expect(0);
    assert!(run.stdout.contains("merge notes/x.txt  renamed from notes/a.txt"), "{}", run.stdout);
    let files = notes.project.files();
    let names: Vec<&String> =
        files.keys().filter(|path| path.contains("notes/") && path.ends_with(".txt")).collect();
    let bases = ["x", "y", "z"].map(|name| format!(".rwx/notes/base/notes/{name}.txt"));
    assert_eq!(names, [&bases[0], &bases[1], &bases[2], "notes/x.txt", "notes/y.txt"]);
    assert_eq!(
        (notes.text("x.txt"), notes.text("y.txt")),
        ("mine\ntwo\nnew\n".to_owned(), "b\n".to_owned())
    );
    assert!(notes.run(&["update"]).expect(0).stdout.ends_with("nothing to do\n"));
}

#[test]
fn a_renamed_template_overwrites_no_file_of_the_owner_s() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    notes.edit("x.txt", "hers\n");
    notes.next("renamed = { \"a.txt\" = \"x.txt\" }\n", &[("x.txt", "two\n")]);
    let before = notes.project.files();
    let run = notes.run(&["update"]).expect(1);
    assert!(run.stderr.contains("notes/x.txt exists already"), "{}", run.stderr);
    assert!(before == notes.project.files());
}

#[test]
fn dropped_files_go_unless_they_are_edited_and_new_ones_come() {
    let notes = Notes::installed(&[("a.txt", "one\n"), ("b.txt", "two\n"), ("c.txt", "three\n")]);
    notes.edit("b.txt", "mine\n");
    notes.next("", &[("c.txt", "three\n"), ("d.txt", "new\n")]);
    let run = notes.run(&["update"]).expect(0);
    assert!(run.stdout.contains("remove notes/a.txt"), "{}", run.stdout);
    assert!(
        run.stdout.contains("keep notes/b.txt  edited by you, and not rendered any more"),
        "{}",
        run.stdout
    );
    assert_eq!(
        (notes.text("b.txt"), notes.text("d.txt")),
        ("mine\n".to_owned(), "new\n".to_owned())
    );
    assert!(!notes.project.path().join("notes/a.txt").exists());
    assert!(notes.run(&["update"]).expect(0).stdout.ends_with("nothing to do\n"));
}

#[test]
fn what_the_owner_deleted_stays_deleted_until_it_is_asked_for() {
    let notes = Notes::installed(&[("a.txt", "one\n"), ("b.txt", "two\n")]);
    std::fs::remove_file(notes.project.path().join("notes/a.txt")).unwrap();
    notes.next("", &[("a.txt", "new\n"), ("b.txt", "two\n")]);
    let run = notes.run(&["update"]).expect(0);
    assert!(run.stdout.contains("keep notes/a.txt  deleted by you"), "{}", run.stdout);
    assert!(!notes.project.path().join("notes/a.txt").exists());
    notes.run(&["update", "--restore"]).expect(0);
    assert_eq!(notes.text("a.txt"), "new\n");
}

#[test]
fn code_that_the_owner_s_formatter_has_been_over_is_not_in_conflict() {
    let notes = Notes::installed(&[("a.rs", "fn a() {\n    b(\n        1,\n    );\n}\n")]);
    let path = notes.project.path().join("notes/a.rs");
    let next = "fn a() {\n    b(\n        2,\n    );\n}\n";
    std::fs::write(&path, "fn a() {\n    b(1);\n}\n").unwrap();
    notes.next("", &[("a.rs", next)]);
    notes.run(&["update"]).expect(0);
    assert_eq!(notes.text("a.rs"), next);
    std::fs::write(&path, "fn a() {\n    b(2);\n}\n").unwrap();
    notes.project.rwx(&["infra", "remove", "notes"]).expect(0);
    assert!(!path.exists());
}

#[test]
fn a_file_in_the_way_is_replaced_by_force_and_kept() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    notes.edit("b.txt", "hers\n");
    notes.next("", &[("a.txt", "one\n"), ("b.txt", "new\n")]);
    notes.run(&["update"]).expect(1);
    notes.run(&["update", "--force"]).expect(0);
    assert_eq!(notes.text("b.txt"), "new\n");
    assert_eq!(notes.project.read(".rwx/backup/notes/b.txt"), "hers\n");
}

#[test]
fn a_backup_takes_no_other_s_place() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    for text in ["mine\n", "mine again\n"] {
        notes.edit("a.txt", text);
        notes.run(&["update", "--force"]).expect(0);
    }
    assert_eq!(notes.project.read(".rwx/backup/notes/a.txt"), "mine\n");
    assert_eq!(notes.project.read(".rwx/backup/notes/a.txt.2"), "mine again\n");
}

#[test]
fn a_record_of_a_newer_rwx_is_left_alone() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    let newer = "rwx = \"99.0.0\"";
    for version in [newer, &format!("{newer}\nrenamed = true")] {
        let record = notes.project.read(".rwx/notes/record.toml");
        notes.project.rewrite(".rwx/notes/record.toml", "rwx = \"0.2.0\"", version);
        for command in [&["update"][..], &["add", "notes"]] {
            let run = notes.run(command).expect(1);
            assert!(run.stderr.contains("notes was written by rwx 99.0.0"), "{}", run.stderr);
        }
        notes.project.write(".rwx/notes/record.toml", record.as_bytes());
    }
    notes.project.rewrite(".rwx/notes/record.toml", "rwx = \"0.2.0\"", newer);
    let own = b"name = \"notes\"\nsummary = \"notes\"\nfiles = { into = \"notes\" }\n";
    notes.project.write(".rwx/templates/notes/component.toml", own);
    let status = notes.project.rwx(&["infra", "status"]).expect(0).stdout;
    assert!(
        status.contains("update     not possible: notes was written by rwx 99.0.0"),
        "{status}"
    );
}

#[test]
fn a_component_without_templates_is_named() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    notes.project.add(&[]).expect(0);
    let run = notes.project.rwx(&["infra", "update"]).expect(1);
    assert!(
        run.stderr.contains("notes is installed here") && run.stderr.contains("--templates DIR"),
        "{}",
        run.stderr
    );
    notes.project.rwx(&["infra", "update", "websocket"]).expect(0);
}

#[test]
fn a_malformed_template_is_an_error_with_its_place() {
    let notes = Notes::installed(&[("a.txt", "one\n")]);
    notes.template("a.txt", "one\n{% if %}\n");
    let run = notes.run(&["update"]).expect(1);
    assert!(run.stderr.contains("notes/a.txt.jinja:2:"), "{}", run.stderr);
    notes.next("what = 1\n", &[]);
    let run = notes.run(&["update"]).expect(1);
    assert!(run.stderr.contains("notes/component.toml:6:1"), "{}", run.stderr);
}

#[test]
fn the_differences_are_the_owner_s_and_the_templates() {
    let notes = Notes::installed(&[("a.txt", "one\n"), ("b.txt", "one\n")]);
    assert!(notes.run(&["diff"]).expect(0).stdout.starts_with("no edits of yours"));
    notes.edit("a.txt", "mine\n");
    notes.template("b.txt", "two\n");
    let before = notes.project.files();
    let both = notes.run(&["diff"]).expect(0).stdout;
    let at = |text: &str| both.find(text).unwrap_or_else(|| panic!("{text:?} is missing:\n{both}"));
    assert!(
        at("# your edits") < at("+mine")
            && at("+mine") < at("# what `rwx infra update`")
            && at("+two") > at("-one")
    );
    assert!(!notes.run(&["diff", "--edits"]).expect(0).stdout.contains("+two"));
    assert!(!notes.run(&["diff", "--update"]).expect(0).stdout.contains("+mine"));
    assert!(before == notes.project.files());
    let taken_back = notes.run(&["diff", "--edits"]).expect(0).stdout;
    notes.project.git(&["init", "--quiet"]);
    notes.project.write(".git/patch", taken_back.as_bytes());
    notes.project.git(&["apply", "-R", ".git/patch"]);
    assert_eq!(notes.text("a.txt"), "one\n");
}

#[test]
fn a_dependency_that_both_sides_add_ends_as_one() {
    let dependency = "[[dependency]]\nname = \"serde\"\nversion = \"1\"\nfeatures = [\"derive\"]\n";
    for own in [
        "\n[dependencies.serde]\nversion = \"1\"\n",
        "serde = \"1\"\n",
        "serde = { version = \"1.0.200\" }\n",
    ] {
        let notes = Notes::installed(&[("a.txt", "one\n")]);
        let manifest = notes.project.read("Cargo.toml");
        notes.project.write("Cargo.toml", format!("{manifest}{own}").as_bytes());
        notes.next(dependency, &[("a.txt", "one\n")]);
        notes.run(&["update"]).expect(0);
        let manifest: toml_edit::DocumentMut =
            notes.project.read("Cargo.toml").parse().expect("one entry of a name");
        assert!(
            manifest["dependencies"]["serde"]["features"].to_string().contains("derive"),
            "{manifest}"
        );
        assert!(notes.run(&["update"]).expect(0).stdout.ends_with("nothing to do\n"));
    }
}

#[test]
fn an_option_is_switched_by_an_update_too() {
    let project = Scratch::of("minimal");
    project.add(&[]).expect(0);
    project.rwx(&["infra", "update", "--set", "client=false"]).expect(0);
    assert!(!project.path().join("src/ws/client.js").exists());
    assert!(project.rwx(&["infra", "update"]).expect(0).stdout.ends_with("nothing to do\n"));
}

#[test]
fn an_edited_file_that_is_rendered_no_more_is_named_until_it_goes() {
    let notes = Notes::installed(&[("a.txt", "one\n"), ("b.txt", "one\n")]);
    notes.edit("b.txt", "mine\n");
    notes.next("", &[("a.txt", "one\n")]);
    notes.run(&["update"]).expect(0);
    let before = notes.project.files();
    let report = notes.run(&["update"]).expect(0).stdout;
    assert!(report.contains("keep notes/b.txt") && report.ends_with("nothing to do\n"), "{report}");
    assert!(before == notes.project.files());
    let report = notes.project.rwx(&["infra", "remove", "notes"]).expect(0).stdout;
    assert!(
        report.contains("keep notes/b.txt  edited by you") && notes.text("b.txt") == "mine\n",
        "{report}"
    );
}

#[test]
fn a_module_that_is_moved_and_comes_back_is_followed_again() {
    let notes = Notes::installed(&[("a.txt", "one\ntwo\n")]);
    let (here, away) = (notes.project.path().join("notes"), notes.project.path().join("away"));
    std::fs::rename(&here, &away).unwrap();
    notes.next("renamed = { \"a.txt\" = \"b.txt\" }\n", &[("b.txt", "one\nnew\n")]);
    notes.run(&["update"]).expect(0);
    std::fs::rename(&away, &here).unwrap();
    notes.run(&["update"]).expect(0);
    assert_eq!(notes.text("b.txt"), "one\nnew\n");
    assert!(!here.join("a.txt").exists());
}
