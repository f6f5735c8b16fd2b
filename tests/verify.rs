//! `--verify`: what is written stays only when `cargo check` is content with it.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Output;

use serde_json::Value;
use support::cargo::{pin, target};
use support::{Run, Scratch, rwx};

const ADD: [&str; 4] = ["infra", "add", "websocket", "--verify"];
/// What cargo does in every project: it writes the lock file, and marks its output.
const BUILD: &str =
    "echo changed >> Cargo.lock; mkdir -p target/debug; touch target/CACHEDIR.TAG target/debug/x;";

/// Runs rwx in `scratch` with a cargo that does what `script` says.
fn output_with(scratch: &Scratch, script: &str, args: &[&str]) -> Output {
    let tools = tempfile::tempdir().unwrap();
    let cargo = tools.path().join("cargo");
    fs::write(&cargo, format!("#!/bin/sh\n[ \"$1\" = check ] || exit 9\n{script}\n")).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", tools.path().display(), std::env::var("PATH").unwrap());
    rwx().current_dir(scratch.path()).env("PATH", path).args(args).output().unwrap()
}

/// As [`output_with`], for a run that ends by itself.
fn run_with(scratch: &Scratch, script: &str, args: &[&str]) -> Run {
    Run::of(output_with(scratch, script, args), &scratch.path())
}

/// A project with a lock file.
fn locked() -> Scratch {
    let scratch = Scratch::of("minimal");
    pin(&scratch.path(), 8);
    scratch
}

#[test]
fn a_project_that_compiles_is_kept_and_one_that_does_not_comes_back_byte_for_byte() {
    let verify = |scratch: &Scratch| {
        let mut command = rwx();
        command.current_dir(scratch.path()).env("CARGO_TARGET_DIR", target()).args(ADD);
        Run::of(command.output().unwrap(), &scratch.path())
    };
    let good = locked();
    verify(&good).expect(0);
    assert!(good.files().contains_key("src/ws/mod.rs"));
    let bad = locked();
    let broken = bad.read("src/main.rs") + "\nfn broken() -> u8 {\n    \"text\"\n}\n";
    bad.write("src/main.rs", broken.as_bytes());
    let before = bad.files();
    let run = verify(&bad).expect(1);
    assert!(
        run.stderr.contains("error[E0308]: mismatched types") && run.stderr.contains("\"text\""),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("error: the project does not compile with these changes"),
        "{}",
        run.stderr
    );
    assert!(bad.files() == before);
}

#[test]
fn what_cargo_wrote_comes_back_too() {
    for start in [locked(), Scratch::of("minimal")] {
        let before = start.files();
        let run =
            run_with(&start, &format!("{BUILD} echo 'error: no network' >&2; exit 101"), &ADD)
                .expect(1);
        assert!(run.stderr.contains("error: no network"), "{}", run.stderr);
        assert!(
            run.stderr.contains("error: `cargo check` failed before it came to the code"),
            "{}",
            run.stderr
        );
        assert!(start.files() == before && !start.path().join("target").exists());
    }
    let scratch = Scratch::empty();
    run_with(&scratch, &format!("{BUILD} exit 101"), &["new", "app", "--verify"]).expect(1);
    assert!(!scratch.path().join("app").exists());
}

#[test]
fn build_output_that_was_there_stays() {
    let scratch = locked();
    scratch.write("target/mine", b"");
    run_with(&scratch, &format!("{BUILD} exit 101"), &ADD).expect(1);
    assert!(scratch.path().join("target/mine").exists());
}

#[test]
fn what_cargo_wrote_stays_when_it_is_content() {
    let scratch = locked();
    let run = run_with(&scratch, BUILD, &ADD).expect(0);
    assert_eq!(
        run.stderr,
        "note: running `cargo check` on what was written, which runs the project's build scripts and macros\n"
    );
    assert!(
        scratch.read("Cargo.lock").ends_with("changed\n")
            && scratch.path().join("target/debug/x").exists()
    );
    assert!(!scratch.files().keys().any(|path| path.contains(".rwx-")));
    assert_eq!(run_with(&scratch, "exit 101", &ADD).expect(0).stdout, "nothing to do\n");
}

#[test]
fn a_run_that_is_killed_while_cargo_works_is_undone() {
    for start in [locked(), Scratch::of("minimal")] {
        let before = start.files();
        let killed = output_with(&start, &format!("{BUILD} kill -KILL $PPID"), &ADD);
        assert_eq!(killed.status.code(), None);
        assert!(start.files().contains_key("src/ws/mod.rs"));
        let next = start.rwx(&["infra", "add", "unknown"]).expect(2);
        assert!(next.stderr.contains("is undone first"), "{}", next.stderr);
        assert!(start.files() == before && !start.path().join("target").exists());
    }
}

#[test]
fn a_run_that_could_not_be_put_back_does_not_say_that_nothing_is_written() {
    let scratch = locked();
    let args = [&ADD[..], &["--json"]].concat();
    // What was kept is gone, so that neither this run nor the next one can put it back.
    for (script, told) in [
        ("rm .rwx-*-old; exit 101", "finishes or undoes first"),
        ("", "cannot be finished or undone"),
    ] {
        let run = run_with(&scratch, script, &args).expect(1);
        let json: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(json["written"], Value::Null);
        assert!(
            run.stderr.contains(told) && !run.stderr.contains("nothing was changed"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn without_cargo_nothing_is_written() {
    let scratch = Scratch::of("minimal");
    let before = scratch.files();
    let args = [&ADD[..], &["--json"]].concat();
    let output =
        rwx().current_dir(scratch.path()).env("PATH", "/nowhere").args(args).output().unwrap();
    let run = Run::of(output, &scratch.path()).expect(1);
    assert!(
        run.stderr.contains("error: cannot run `cargo check`: no such file or directory"),
        "{}",
        run.stderr
    );
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(
        told["error"]["help"].as_str().unwrap().contains("without --verify")
            && told["written"] == false
    );
    assert!(scratch.files() == before);
}

/// A saving of the file `path` while cargo is at work, and what is in it afterwards: where cargo is
/// content, and where not.
struct Saving {
    /// What the shell does to the file.
    script: &'static str,
    path: &'static str,
    kept: fn(&str, &str) -> String,
    back: fn(&str) -> String,
}

#[test]
fn what_is_saved_meanwhile_stays_with_all_of_the_run_or_with_nothing_of_it() {
    let savings = [
        Saving {
            script: "echo '// Mine.' >> src/main.rs",
            path: "src/main.rs",
            kept: |_, after| format!("{after}// Mine.\n"),
            back: |before| format!("{before}// Mine.\n"),
        },
        // From an editor that has not seen what the run wrote.
        Saving {
            script: "grep -v 'ws' src/main.rs | sed '1d' > x; echo '// Mine.' >> x; mv x src/main.rs",
            path: "src/main.rs",
            kept: |_, after| format!("{after}// Mine.\n"),
            back: |before| format!("{before}// Mine.\n"),
        },
        Saving {
            script: "sed -i 's/    let app/  let app/' src/main.rs",
            path: "src/main.rs",
            kept: |_, after| after.replace("    let app", "  let app"),
            back: str::to_owned,
        },
    ];
    for Saving { script, path, kept, back } in savings {
        let start = Scratch::of("minimal").read(path);
        let good = locked();
        let run = run_with(&good, script, &[&ADD[..], &["--json"]].concat()).expect(0);
        let told: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(told["written"], true);
        assert!(
            run.stderr.contains("warning: src/main.rs was saved while cargo was at work"),
            "{}",
            run.stderr
        );
        let after = Scratch::added("minimal").read(path);
        assert_eq!(good.read(path), kept(&start, &after), "{script}");
        assert_eq!(good.add(&[]).expect(0).stdout, "nothing to do\n");
        let bad = locked();
        let mut wanted = bad.files();
        wanted.insert(path.to_owned(), back(&start).into_bytes());
        let run = run_with(&bad, &format!("{script}; exit 101"), &[&ADD[..], &["--json"]].concat())
            .expect(1);
        let told: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(told["written"], false);
        assert!(
            run.stderr.contains("nothing of rwx's was kept") || wanted == bad.files(),
            "{}",
            run.stderr
        );
        assert!(bad.files() == wanted, "{script}: {}", bad.read(path));
        bad.add(&[]).expect(0);
    }
}

#[test]
fn where_it_cannot_be_taken_out_all_of_it_stays_and_that_is_said() {
    for script in
        ["echo '// Mine.' >> src/ws/handler.rs", "sed -i 's/^mod ws;/pub mod ws;/' src/main.rs"]
    {
        let scratch = locked();
        let run =
            run_with(&scratch, &format!("{script}; exit 101"), &[&ADD[..], &["--json"]].concat())
                .expect(1);
        let told: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            (&told["written"], &told["error"]["exit_code"]),
            (&Value::Bool(true), &Value::from(1))
        );
        assert!(run.stderr.contains("all of it stays, as you saved src/"), "{}", run.stderr);
        let added = Scratch::added("minimal").files();
        let is_hers = |path: &String| scratch.files().get(path) != added.get(path);
        let differing: Vec<&String> = added.keys().filter(|path| is_hers(path)).collect();
        assert_eq!(differing.len(), 1, "{differing:?}");
        assert!(!scratch.files().keys().any(|path| path.contains(".rwx-")));
    }
}

#[test]
fn a_file_that_was_saved_without_what_is_added_and_changed_there_is_named() {
    let scratch = locked();
    let script = "sed -i '/ws/d; s/^use axum.*/\\/\\/ Mine.\\nuse axum::{routing::get, Router};/' src/main.rs; sed -i '1d' src/main.rs";
    let run = run_with(&scratch, script, &[&ADD[..], &["--json"]].concat()).expect(1);
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told["written"], true);
    assert!(
        run.stderr.contains("without what rwx adds there") && run.stderr.contains("--restore"),
        "{}",
        run.stderr
    );
    scratch.add(&["--restore"]).expect(0);
    assert!(scratch.read("src/main.rs").contains("mod ws;"));
}
