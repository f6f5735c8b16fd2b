//! Folders that the user may not read.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use support::{ADD, REMOVE, Run, Scratch};

/// Runs rwx with `args` as a user who may not read what is called `folder`. For root nothing is
/// closed, so it runs as nobody.
fn run_without(project: &Scratch, folder: &str, args: &[&str]) -> Run {
    let mode = |path: &str, mode| {
        set_permissions(project.path().join(path), Permissions::from_mode(mode)).unwrap()
    };
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let rwx = env!("CARGO_BIN_EXE_rwx");
    let mut command = Command::new(if is_root { "setpriv" } else { rwx });
    let tools = tempfile::tempdir().unwrap();
    if is_root {
        let copy = tools.path().join("rwx");
        std::fs::copy(rwx, &copy).unwrap();
        set_permissions(tools.path(), Permissions::from_mode(0o755)).unwrap();
        let owned =
            Command::new("chown").args(["-R", "65534:65534"]).arg(project.path()).status().unwrap();
        assert!(owned.success());
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
    }
    mode("", 0o755);
    mode(folder, 0);
    let output =
        command.current_dir(project.path()).args(args).env("NO_COLOR", "1").output().unwrap();
    mode(folder, 0o755);
    Run::of(output, &project.path())
}

#[test]
fn one_that_holds_source_or_what_rwx_wrote_is_an_error_that_names_it() {
    for folder in ["src/ws", "src", "tests", ".rwx/websocket"] {
        let project = Scratch::added("minimal");
        project.write("tests/a.rs", b"");
        let before = project.files();
        for args in [&REMOVE[..], &ADD, &["infra", "status"]] {
            let run = run_without(&project, folder, args).expect(1);
            assert!(
                run.stderr.contains(&format!("{folder}: permission denied")),
                "{folder}: {}",
                run.stderr
            );
        }
        assert!(project.files() == before, "{folder}");
    }
}

#[test]
fn another_is_passed_over_with_a_warning() {
    let project = Scratch::of("minimal");
    project.write("data/pg/file", b"");
    let start = project.files();
    for args in [ADD, REMOVE] {
        let run = run_without(&project, "data/pg", &args).expect(0);
        assert!(run.stdout.contains("warning data/pg/ cannot be read"), "{}", run.stdout);
    }
    assert!(project.files() == start);
}
