//! What `rwx infra add` asks where no component is named.

use std::process::Stdio;

use crate::support::pty::on_terminal;
use crate::support::{Files, Run, Scratch, rwx};

const WHICH: &str = "add which one? [websocket] ";
const SWITCH: &str = "switch which of them? [none] ";
const WRITE: &str = "write this? [y/N] ";

/// Runs `rwx infra add` with `args` in a new project, somebody typing as `steps` say.
fn asked(args: &[&str], steps: &[(&str, &str)]) -> (Scratch, Run) {
    let scratch = Scratch::of("minimal");
    let run = on_terminal(&scratch.path(), &[&["rwx", "infra", "add"], args].concat(), steps);
    (scratch, run)
}

/// The project after `rwx infra add websocket` with `args`.
fn added(args: &[&str]) -> Files {
    let scratch = Scratch::of("minimal");
    scratch.add(args).expect(0);
    scratch.files()
}

#[test]
fn what_is_answered_is_what_is_added() {
    let (scratch, run) = asked(
        &["--route", "/live"],
        &[
            (WHICH, "web\r"),
            ("type a name or a number of the list", ""),
            (WHICH, "2\r"),
            ("type a name or a number of the list", ""),
            (WHICH, "1\r"),
            ("off  demo", ""),
            (SWITCH, "demo other\r"),
            ("there is no option other", ""),
            (SWITCH, "demo, tests\r"),
            ("create src/ws/", ""),
            (WRITE, "yes\r"),
        ],
    );
    let run = run.expect(0);
    assert!(run.stdout.contains("next steps"), "{}", run.stdout);
    let same = added(&["--route", "/live", "--set", "demo=true", "--set", "tests=false"]);
    assert!(scratch.files() == same);
    let (scratch, run) = asked(&["-y"], &[(WHICH, "\r"), (SWITCH, "\r")]);
    assert!(!run.expect(0).stdout.contains(WRITE));
    assert!(scratch.files() == added(&[]));
}

#[test]
fn the_options_are_told_as_they_are() {
    let scratch = Scratch::of("minimal");
    scratch.add(&["--set", "demo=true"]).expect(0);
    let steps =
        [(WHICH, "\r"), (" on  demo", ""), ("off  tests", ""), (SWITCH, "demo\r"), (WRITE, "y\r")];
    let command = ["rwx", "infra", "add", "--set", "tests=false"];
    on_terminal(&scratch.path(), &command, &steps).expect(0);
    let status = scratch.rwx(&["status"]).expect(0).stdout;
    assert!(status.contains("demo=false") && status.contains("tests=false"), "{status}");
}

#[test]
fn nothing_but_a_yes_is_one() {
    let before = Scratch::of("minimal").files();
    for steps in [
        &[(WHICH, "\u{4}")][..],
        &[(WHICH, "\r"), (SWITCH, "\u{4}")],
        &[(WHICH, "\r"), (SWITCH, "\r"), (WRITE, "\u{4}")],
        &[(WHICH, "\r"), (SWITCH, "\r"), (WRITE, "\r")],
        &[(WHICH, "\r"), (SWITCH, "\r"), (WRITE, "yellow\r")],
    ] {
        let (scratch, run) = asked(&[], steps);
        let run = run.expect(5);
        assert!(run.stdout.contains("nothing was written"), "{}", run.stdout);
        assert!(scratch.files() == before, "{steps:?}");
    }
    let (scratch, run) = asked(&["-n"], &[(WHICH, "\r"), (SWITCH, "\r")]);
    assert!(run.expect(0).stdout.contains("dry run"));
    assert!(scratch.files() == before);
}

#[test]
fn without_a_terminal_it_is_said_what_to_type() {
    let scratch = Scratch::of("minimal");
    for args in [&["infra", "add"][..], &["add", "--yes"]] {
        let mut command = rwx();
        command.current_dir(scratch.path()).args(args).stdin(Stdio::null());
        let run = Run::of(command.output().unwrap(), &scratch.path()).expect(2);
        assert!(run.stderr.contains("type `rwx infra add websocket`"), "{}", run.stderr);
    }
    // Somebody who reads the report elsewhere types all the same; who reads the questions, too.
    let script = "rwx infra add --templates . 2>/dev/null || rwx infra add </dev/null || rwx infra add 2>said";
    let run = on_terminal(&scratch.path(), &["bash", "-c", script], &[]).expect(2);
    assert!(run.stdout.contains("type `rwx infra add websocket`"), "{}", run.stdout);
    assert!(scratch.read("said").contains("type `rwx infra add websocket`"));
}
