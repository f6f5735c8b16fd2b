//! The pictures in the README are what the tool prints, and what it does to a project, today.
//! `PICTURES=1 cargo test --test pictures` makes them anew.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Scratch, rwx, succeed};

/// Compares a picture with the one that is kept, or keeps it.
#[track_caller]
fn matches(name: &str, ansi: &[u8]) {
    let svg = anstyle_svg::Term::new().render_svg(&String::from_utf8_lossy(ansi));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/pictures").join(name);
    if std::env::var_os("PICTURES").is_some() {
        std::fs::write(&path, &svg).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == svg, "{name} is another now: PICTURES=1 cargo test --test pictures");
}

fn git(project: &Path, args: &[&str]) -> Vec<u8> {
    let mut git = Command::new("git");
    git.current_dir(project).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let who = ["-c", "user.name=ann", "-c", "user.email=ann@example.com", "-c", "color.ui=always"];
    succeed(git.args(who).args(args)).stdout
}

#[test]
fn they_show_a_run_and_its_diff() {
    let folder = Scratch::empty();
    folder.rwx(&["new", "my-app"]).expect(0);
    let project = folder.path().join("my-app");
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message", "start"]);
    let mut add = rwx();
    add.current_dir(&project).env("CLICOLOR_FORCE", "1").env("COLUMNS", "100");
    let said = succeed(add.args(["infra", "add", "websocket"])).stdout;
    let typed = b"\x1b[1m$ rwx infra add websocket\x1b[0m\n".to_vec();
    matches("add.svg", &[typed, said].concat());
    let typed = b"\x1b[1m$ git diff src/\x1b[0m\n".to_vec();
    matches("diff.svg", &[typed, git(&project, &["diff", "--", "src"])].concat());
}
