//! What git would run for the repository that it is asked about.

use crate::support::Scratch;

/// Every command that asks git.
const ASKING: [&[&str]; 6] = [
    &["add", "websocket", "--dry-run"],
    &["add", "websocket"],
    &["status"],
    &["diff"],
    &["update", "--set", "demo=true"],
    &["remove", "websocket"],
];

fn commit_all(project: &Scratch) {
    project.git(&["add", "--all"]);
    project.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message=x"]);
}

/// Runs every command in the folder `below`, and finds that no program has left `ran` in the
/// scratch folder.
fn check_nothing_runs(project: &Scratch, below: &str) {
    for args in ASKING {
        let run = project.rwx_in(below, &[&["infra"], args].concat());
        assert!([0, 5].contains(&run.code), "{}", run.stderr);
        assert!(
            !project.path().join("ran").exists(),
            "`rwx infra {}` ran a program",
            args.join(" ")
        );
    }
}

/// Finds that the trap works: git by itself falls into it.
fn check_trap(project: &Scratch, below: &str) {
    let _ = std::process::Command::new("git")
        .current_dir(project.path().join(below))
        .arg("status")
        .output()
        .unwrap();
    assert!(project.path().join("ran").exists());
}

#[test]
fn an_unpacked_repository_names_programs_and_none_is_run() {
    let project = Scratch::of("minimal");
    project.write(".gitattributes", b"* filter=evil diff=evil\n");
    std::fs::remove_file(project.path().join(".env.example")).unwrap_or_default();
    project.git(&["init", "--quiet"]);
    commit_all(&project);
    let program = project.path().join("program");
    let evil = format!("#!/bin/sh\necho x >> {}\ncat\n", project.path().join("ran").display());
    std::fs::write(&program, evil).unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let run = program.display();
    let config = format!(
        "[core]\n\tfsmonitor = {run}\n\thooksPath = hooks\n\tpager = {run}\n\tsshCommand = {run}\n\talternateRefsCommand = {run}\n\
         [filter \"evil\"]\n\tclean = {run}\n\tsmudge = {run}\n\tprocess = {run}\n\trequired = true\n\
         [diff]\n\texternal = {run}\n[diff \"evil\"]\n\tcommand = {run}\n\ttextconv = {run}\n\
         [pager]\n\tcat-file = {run}\n\tcheck-ignore = {run}\n[alias]\n\tcat-file = !{run}\n\tcheck-ignore = !{run}\n\
         [remote \"origin\"]\n\turl = ext::{run}\n\tpromisor = true\n[protocol]\n\tallow = always\n\
         [extensions]\n\tpartialClone = origin\n"
    );
    let old = project.read(".git/config");
    project.write(".git/config", format!("{old}{config}").as_bytes());
    project.write(".git/info/attributes", b"* filter=evil diff=evil\n");
    for hook in ["post-index-change", "post-checkout", "fsmonitor-watchman"] {
        std::fs::create_dir_all(project.path().join("hooks")).unwrap();
        std::fs::copy(&program, project.path().join("hooks").join(hook)).unwrap();
        std::fs::copy(&program, project.path().join(".git/hooks").join(hook)).unwrap();
    }
    project.write("src/main.rs", project.read("src/main.rs").as_bytes());
    check_nothing_runs(&project, "");
    check_trap(&project, "");
}

#[test]
fn a_folder_that_only_looks_like_a_repository_is_none() {
    let outer = Scratch::empty();
    let project = outer.below("api");
    project.copy("minimal");
    let run = outer.path().join("ran");
    project.write("HEAD", b"ref: refs/heads/main\n");
    project.write("objects/info/x", b"");
    project.write("refs/heads/x", b"");
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = \"touch {}; false\"\n",
        run.display()
    );
    project.write("config", config.as_bytes());
    outer.git(&["init", "--quiet"]);
    check_nothing_runs(&outer, "api");
    check_trap(&outer, "api");
}

#[test]
fn a_repository_without_end_is_given_up() {
    let project = Scratch::of("minimal");
    std::fs::create_dir(project.path().join(".git")).unwrap();
    for name in ["HEAD", "config"] {
        let pipe = project.path().join(".git").join(name);
        assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    }
    project.add(&["--dry-run"]).expect(0);
}
