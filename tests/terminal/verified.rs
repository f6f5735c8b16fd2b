//! `--verify` on a terminal: what cargo is about to run is said, and its progress is seen.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::pty::on_terminal;
use crate::support::{Run, Scratch};

/// Runs `rwx infra add websocket --verify` with a cargo that ends with `code`, in a project that is
/// returned too.
fn verified(code: i32, args: &str) -> (Scratch, Run) {
    let (scratch, tools) = (Scratch::of("minimal"), Scratch::empty());
    let script = format!("#!/bin/sh\n[ -t 2 ] && echo \"Building $2\" >&2\nexit {code}\n");
    tools.write("cargo", script.as_bytes());
    let cargo = tools.path().join("cargo");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    let line = format!("PATH=\"$0:$PATH\" rwx infra add websocket --verify {args}");
    let command = ["bash", "-c", &line, tools.path().to_str().unwrap()].map(str::to_owned);
    let run = on_terminal(&scratch.path(), &command.each_ref().map(String::as_str), &[]);
    (scratch, run)
}

#[test]
fn it_is_said_that_the_project_s_own_code_runs_and_cargo_s_progress_is_shown() {
    let (scratch, run) = verified(0, "");
    let shown = run.expect(0).stdout;
    let warned = shown.find("which runs the project's build scripts and macros").unwrap();
    assert!(warned < shown.find("Building --message-format").unwrap(), "{shown}");
    assert!(scratch.files().contains_key("src/ws/mod.rs"));
    let (scratch, run) = verified(101, "");
    let shown = run.expect(1).stdout;
    assert_eq!(shown.matches("Building").count(), 1, "{shown}");
    assert!(shown.contains("error: `cargo check` failed before it came to the code"), "{shown}");
    assert!(scratch.files() == Scratch::of("minimal").files());
    let shown = verified(0, "--quiet").1.expect(0).stdout;
    assert!(!shown.contains("Building"), "{shown}");
}
