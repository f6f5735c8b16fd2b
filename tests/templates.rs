//! The owner's templates: ejected, edited, rendered, and kept up with rwx's.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use support::Scratch;

const UPDATE: [&str; 2] = ["infra", "update"];
const MESSAGES: &str = ".rwx/templates/websocket/messages.rs.jinja";
const PRISTINE: &str = ".rwx/templates/.pristine/websocket/messages.rs.jinja";

/// A project with websocket in it and its templates ejected.
fn ejected() -> Scratch {
    let project = Scratch::of("minimal");
    project.add(&[]).expect(0);
    project.rwx(&["templates", "eject", "websocket"]).expect(0);
    project
}

fn first_line(project: &Scratch, path: &str) -> String {
    project.read(path).lines().next().unwrap().to_owned()
}

/// A project whose templates an rwx of old has ejected, which kept no digests.
fn ejected_of_old() -> Scratch {
    let project = ejected();
    project.write(".rwx/templates/.pristine/websocket.toml", b"rwx = \"0.1.0\"\n");
    project
}

/// Makes the first line of a file another.
fn set_first_line(project: &Scratch, path: &str, line: &str) {
    let rest = project.read(path).split_once('\n').unwrap().1.to_owned();
    project.write(path, format!("{line}\n{rest}").as_bytes());
}

#[test]
fn ejected_templates_change_nothing_until_they_are_edited() {
    let project = ejected();
    let before = project.files();
    assert!(
        before.contains_key(".rwx/templates/websocket/component.toml")
            && before[MESSAGES] == before[PRISTINE]
    );
    for args in [
        &UPDATE[..],
        &["infra", "add", "websocket"],
        &["templates", "update"],
        &["templates", "eject", "websocket"],
    ] {
        let run = project.rwx(args).expect(0);
        assert!(run.stdout.contains("nothing to do"), "{}", run.stdout);
        assert!(before == project.files());
    }
}

#[test]
fn an_edited_template_is_what_add_and_update_render() {
    let project = ejected();
    set_first_line(&project, MESSAGES, "//! The messages of {{ package }}.");
    let run = project.rwx(&UPDATE).expect(0);
    assert!(run.stdout.contains("update src/ws/messages.rs"), "{}", run.stdout);
    assert_eq!(first_line(&project, "src/ws/messages.rs"), "//! The messages of minimal.");
    let fresh = Scratch::of("minimal");
    fresh.rwx(&["templates", "eject", "websocket"]).expect(0);
    set_first_line(&fresh, MESSAGES, "//! Mine.");
    fresh.add(&[]).expect(0);
    assert_eq!(first_line(&fresh, "src/ws/messages.rs"), "//! Mine.");
}

#[test]
fn a_newer_rwx_merges_its_changes_into_edited_templates() {
    let project = ejected_of_old();
    let new = first_line(&project, MESSAGES);
    for path in [MESSAGES, PRISTINE] {
        set_first_line(&project, path, "//! As an older rwx had it.");
    }
    project.write(MESSAGES, format!("{}\n// The owner's.\n", project.read(MESSAGES)).as_bytes());
    let run = project.rwx(&UPDATE).expect(0);
    assert!(run.stdout.contains(&format!("merge {MESSAGES}")), "{}", run.stdout);
    assert_eq!(first_line(&project, MESSAGES), new);
    assert!(project.read(MESSAGES).ends_with("// The owner's.\n"));
    assert!(project.read("src/ws/messages.rs").ends_with("// The owner's.\n"));
    assert!(project.rwx(&UPDATE).expect(0).stdout.contains("nothing to do"));
}

#[test]
fn a_conflict_in_a_template_is_resolved_before_anything_is_rendered() {
    let project = ejected_of_old();
    set_first_line(&project, PRISTINE, "//! As an older rwx had it.");
    set_first_line(&project, MESSAGES, "//! Mine.");
    let before = project.files();
    let run = project.rwx(&UPDATE).expect(3);
    assert!(run.stdout.contains(&format!("conflict {MESSAGES}:1")), "{}", run.stdout);
    assert_eq!(before["src/ws/messages.rs"], project.files()["src/ws/messages.rs"]);
    project.rwx(&["infra", "update", "--abort"]).expect(0);
    assert!(before == project.files());
    project.rwx(&["templates", "update"]).expect(3);
    let resolved = project.read(MESSAGES).split_once(">>>>>>> rwx 0.2.0\n").unwrap().1.to_owned();
    project.write(MESSAGES, format!("//! Ours.\n{resolved}").as_bytes());
    project.rwx(&["infra", "update", "--continue"]).expect(0);
    project.rwx(&UPDATE).expect(0);
    assert_eq!(first_line(&project, "src/ws/messages.rs"), "//! Ours.");
}

#[test]
fn a_conflict_with_a_template_of_the_owner_s_is_not_told_to_be_with_rwx_s() {
    let rendered = "src/ws/messages.rs";
    let project = ejected();
    set_first_line(&project, rendered, "//! Mine.");
    set_first_line(&project, MESSAGES, "//! My template's.");
    project.rwx(&UPDATE).expect(3);
    let text = project.read(rendered);
    let (yours, rest) = text.split_once("||||||| older template\n").unwrap();
    let (older, rest) = rest.split_once("=======\n").unwrap();
    let (template, rest) = rest.split_once(">>>>>>> template\n").unwrap();
    assert_eq!((yours, template), ("<<<<<<< yours\n//! Mine.\n", "//! My template's.\n"), "{text}");
    assert!(older.starts_with("//! ") && older.lines().count() == 1, "{text}");
    let left = project.rwx(&["infra", "update", "--continue"]).expect(3).stderr;
    assert!(left.contains("src/ws/messages.rs:1"), "{left}");
    project.write(rendered, format!("//! Both.\n{rest}").as_bytes());
    project.rwx(&["infra", "update", "--continue"]).expect(0);
    assert_eq!(first_line(&project, rendered), "//! Both.");
}

#[test]
fn templates_that_rwx_dropped_go_unless_they_are_edited() {
    let project = ejected();
    for name in ["old.rs.jinja", "edited.rs.jinja"] {
        for folder in [".rwx/templates/websocket", ".rwx/templates/.pristine/websocket"] {
            project.write(&format!("{folder}/{name}"), b"// old\n");
        }
    }
    project.write(".rwx/templates/websocket/edited.rs.jinja", b"// mine\n");
    project.rwx(&["templates", "update", "websocket"]).expect(0);
    let files = project.files();
    assert!(!files.contains_key(".rwx/templates/websocket/old.rs.jinja"));
    assert!(files.contains_key(".rwx/templates/websocket/edited.rs.jinja"));
}

#[test]
fn a_malformed_template_is_shown_with_its_place() {
    let project = ejected();
    project.write(MESSAGES, b"// one\nfn x() {{ what }}\n");
    let run = project.rwx(&UPDATE).expect(1);
    assert!(run.stderr.contains(&format!("{MESSAGES}:2:11")), "{}", run.stderr);
    let fresh = Scratch::of("minimal");
    fresh.rwx(&["templates", "eject", "websocket"]).expect(0);
    let spec = ".rwx/templates/websocket/component.toml";
    fresh.rewrite(
        spec,
        "let {{ hub }} = {{ path }}::Hub::start",
        "let {{ hubb }} = {{ path }}::Hub::start",
    );
    let line = fresh
        .read(spec)
        .lines()
        .position(|line| line.starts_with("start = \"let {{ hubb }}"))
        .unwrap()
        + 1;
    let run = fresh.add(&[]).expect(1);
    assert!(run.stderr.contains(&format!("{spec}:{line}:17")), "{}", run.stderr);
}

#[test]
fn there_is_nothing_to_update_before_templates_are_ejected() {
    let project = Scratch::of("minimal");
    let run = project.rwx(&["templates", "update", "websocket"]).expect(1);
    assert!(run.stderr.contains("rwx templates eject websocket"), "{}", run.stderr);
    project.rwx(&["templates", "eject", "nothing"]).expect(2);
}
