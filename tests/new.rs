//! What `rwx new` makes besides the files of its components.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use support::{ADD, REMOVE, Run, Scratch, rwx, succeed};

const NEW: [&str; 2] = ["new", "app"];

/// Runs rwx in `folder` with the variable `name`.
fn with(folder: &Scratch, (name, value): (&str, &Path), args: &[&str]) -> Run {
    let mut command = rwx();
    command.current_dir(folder.path()).env(name, value).args(args);
    Run::of(command.output().unwrap(), &folder.path())
}

fn is_repository(project: &Scratch) -> bool {
    project.path().join(".git/HEAD").is_file()
}

#[test]
fn a_new_project_is_a_repository_with_nothing_in_it_yet() {
    let folder = Scratch::empty();
    let elsewhere = folder.path().join("elsewhere");
    let run = with(&folder, ("GIT_DIR", &elsewhere), &NEW).expect(0);
    assert_eq!(run.stderr, "");
    assert!(!elsewhere.exists());
    let project = folder.below("app");
    let mut status = std::process::Command::new("git");
    let said = succeed(status.current_dir(project.path()).args(["status", "--porcelain"])).stdout;
    assert!(said.starts_with(b"?? .") && !said.windows(2).any(|two| two == b"A "));
    project.rwx(&ADD).expect(0);
}

#[test]
fn no_repository_is_made_in_another_unless_asked_for() {
    for mark in [".git", ".hg", ".jj", ".svn"] {
        let folder = Scratch::empty();
        folder.write(&format!("{mark}/x"), b"");
        folder.write("apps/README.md", b"");
        folder.rwx_in("apps", &NEW).expect(0);
        assert!(!is_repository(&folder.below("apps/app")), "in {mark}");
        folder.rwx_in("apps", &["new", "own", "--vcs", "git"]).expect(0);
        assert!(is_repository(&folder.below("apps/own")), "in {mark}");
    }
}

#[test]
fn no_repository_is_made_where_none_is_wanted_or_nothing_is_written() {
    for more in ["--vcs=none", "--dry-run", "--diff", "--check"] {
        let folder = Scratch::empty();
        let code = if more == "--check" { 4 } else { 0 };
        folder.rwx(&[&NEW[..], &[more]].concat()).expect(code);
        assert!(!folder.path().join("app/.git").exists(), "{more}");
    }
}

#[test]
fn without_git_there_is_a_project_and_a_warning_only_for_who_asked_for_it() {
    let folder = Scratch::empty();
    let nothing = ("PATH", Path::new("/nowhere"));
    assert_eq!(with(&folder, nothing, &NEW).expect(0).stderr, "");
    let asked = with(&folder, nothing, &["new", "other", "--vcs", "git"]).expect(0);
    assert!(asked.stderr.starts_with("warning: the project is there, but `git init` failed: "));
    for name in ["app", "other"] {
        let project = folder.below(name);
        assert!(project.read("src/main.rs").contains("fn main()") && !is_repository(&project));
    }
}

#[test]
fn a_git_that_fails_leaves_a_project_and_a_warning() {
    let folder = Scratch::empty();
    folder.write("bin/git", b"#!/bin/sh\necho fatal: the disk is full >&2\nexit 128\n");
    let git = folder.path().join("bin/git");
    std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = with(&folder, ("PATH", git.parent().unwrap()), &NEW).expect(0);
    let warning = "warning: the project is there, but `git init` failed: the disk is full\n";
    assert_eq!(run.stderr, warning);
    assert!(folder.path().join("app/Cargo.toml").is_file());
}

/// A new project with the component and `more`.
fn with_component(more: &[&str]) -> Scratch {
    let folder = Scratch::empty();
    folder.rwx(&[&NEW[..], &["--with", "websocket"], more].concat()).expect(0);
    folder.below("app")
}

fn alone() -> Scratch {
    let folder = Scratch::empty();
    folder.rwx(&NEW).expect(0);
    folder.below("app")
}

#[test]
fn the_readme_names_what_was_added() {
    let readme = with_component(&[]).read("README.md");
    let (_, chapter) = readme.split_once("\n## WebSocket\n").unwrap();
    for told in ["`src/ws/README.md`", "cargo run\n", "/ws/demo>", "`docker compose up -d redis`"] {
        assert!(chapter.contains(told), "{told}: {chapter}");
    }
    let readme = with_component(&["--set", "demo=false", "--set", "redis=false"]).read("README.md");
    assert!(readme.contains("## WebSocket") && !readme.contains("/ws/demo"));
    assert!(!readme.contains("Redis"));
}

#[test]
fn the_container_finds_the_service_that_the_compose_file_got() {
    let before = alone().read("compose.env");
    let added = "\nWS_REDIS_URL=redis://redis:6379\n";
    assert_eq!(with_component(&[]).read("compose.env"), before.clone() + added);
    assert_eq!(with_component(&["--set", "redis=false"]).read("compose.env"), before);
    let project = alone();
    project.rwx(&ADD).expect(0);
    assert_eq!(project.read("compose.env"), before.clone() + added);
    let hers = "  cache:\n    image: redis:7\n    command: redis-server --requirepass hers\n";
    let project = alone();
    project.write("compose.yaml", (project.read("compose.yaml") + hers).as_bytes());
    project.rwx(&ADD).expect(0);
    assert_eq!(project.read("compose.env"), before, "nobody knows her password");
}

#[test]
fn removal_gives_back_what_is_made_without_the_component() {
    let project = with_component(&[]);
    let readme = project.read("README.md").replace("An axum service.", "Hers.");
    project.write("README.md", readme.as_bytes());
    project.rwx(&REMOVE).expect(0);
    let mut expected = alone().files();
    let readme = String::from_utf8(expected["README.md"].clone()).unwrap();
    expected.insert("README.md".to_owned(), readme.replace("An axum service.", "Hers.").into());
    assert_eq!(project.files(), expected);
}

#[test]
fn the_chapter_follows_its_options_until_its_owner_changes_it() {
    let off = [&ADD[..], &["--set", "demo=false"]].concat();
    let project = with_component(&[]);
    project.rwx(&off).expect(0);
    let without_demo = with_component(&["--set", "demo=false"]);
    assert_eq!(project.read("README.md"), without_demo.read("README.md"));
    let project = with_component(&[]);
    project.rewrite("README.md", "in two windows", "in three windows");
    let run = project.rwx(&off).expect(0);
    assert!(run.stdout.contains("chapter WebSocket: changed by you"), "{}", run.stdout);
    let run = project.rwx(&REMOVE).expect(0);
    assert!(run.stdout.contains("chapter WebSocket"), "{}", run.stdout);
    assert!(project.read("README.md").contains("in three windows"));
}

#[test]
fn the_readme_of_another_project_is_its_owners_alone() {
    let project = alone();
    let readme = project.read("README.md");
    project.rwx(&ADD).expect(0);
    assert_eq!(project.read("README.md"), readme);
}
