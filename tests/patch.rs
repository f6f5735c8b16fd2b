//! A patch that rwx prints makes, by `git apply`, the tree that the run makes.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use rwx::plan::{Change, Plan, Verb};
use rwx::project::OnDisk;
use rwx::show::{Surroundings, patch};
use support::plans::drawn;
use support::{ADD, Run, Scratch, rwx};

/// A file with its name and whether it may be run, before and after.
#[derive(Debug, Clone)]
struct File {
    path: String,
    is_executable: bool,
    before: Option<String>,
    after: Option<String>,
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("(a|b|ü|\n|\r\n|\\+|-|\t| ){0,12}")
}

fn files() -> impl Strategy<Value = Vec<File>> {
    let name = "[a\\-\\.\\t \"'\\\\ü\n\r\u{1}\u{7f}$\u{202e}]{1,5}";
    let file = ([name, name], any::<bool>(), text(), text());
    let file = file.prop_map(|([folder, file], is_executable, before, after)| {
        (folder, file, is_executable, before, after)
    });
    proptest::collection::vec(file, 1..6).prop_map(|files| {
        let named = files.into_iter().enumerate().map(
            |(index, (folder, file, is_executable, before, after))| {
                // The number tells apart what would be one file, and what would be a file and a
                // folder.
                File {
                    path: format!("{index}{folder}/{file}{index}{file}"),
                    is_executable,
                    before,
                    after,
                }
            },
        );
        named.filter(|file| file.before != file.after).collect()
    })
}

fn plan(files: &[File]) -> Plan {
    let bytes = |text: &Option<String>| text.as_ref().map(|text| text.as_bytes().to_vec());
    let mut changes: Vec<Change> = files
        .iter()
        .map(|File { path, before, after, .. }| Change {
            path: path.clone(),
            verb: Verb::Update,
            before: bytes(before),
            after: bytes(after),
            details: Vec::new(),
            taken_out: Vec::new(),
        })
        .collect();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Plan { changes, ..Plan::default() }
}

/// Applies `patch` in the folder, as a user would who saved it.
fn apply(folder: &Scratch, patch: &str) {
    let saved = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(saved.path(), patch).unwrap();
    folder.git(&["apply", "--allow-empty", "--whitespace=nowarn", &saved.path().to_string_lossy()]);
}

proptest! {
    #![proptest_config(drawn(60))]

    #[test]
    fn whatever_files_are_called_the_patch_makes_the_tree_of_the_run(files in files()) {
        let folder = Scratch::in_memory();
        folder.git(&["init", "--quiet"]);
        for File { path, is_executable, before, .. } in &files {
            if let Some(before) = before {
                folder.write(path, before.as_bytes());
                if *is_executable {
                    std::process::Command::new("chmod").arg("+x").arg(folder.path().join(path)).status().unwrap();
                }
            }
        }
        let is_executable = |path: &str| {
            files.iter().any(|file| file.path == path && file.is_executable && file.before.is_some())
        };
        let real = |path: &str| OnDisk { path: path.to_owned(), is_executable: is_executable(path) };
        apply(&folder, &patch(&plan(&files), &Surroundings { real: &real, elsewhere: None }).unwrap());
        let wanted: support::Files =
            files.into_iter().filter_map(|file| Some((file.path, file.after?.into_bytes()))).collect();
        prop_assert_eq!(folder.files(), wanted);
    }
}

/// What rwx prints in the folder `below` of `scratch`.
fn printed(scratch: &Scratch, below: &str, args: &[&str]) -> Run {
    let mut command = rwx();
    command.current_dir(scratch.path().join(below)).args(args);
    Run::of(command.output().unwrap(), &PathBuf::from("/nowhere at all"))
}

/// The folder that a patch says it applies in; nothing where it says nothing.
fn told(patch: &str) -> Option<&str> {
    patch
        .strip_prefix("# the paths are relative to ")?
        .split_once(": run `git apply` there\n")
        .map(|(place, _)| place)
}

#[test]
fn the_patch_says_where_it_applies_and_applies_there() {
    let workspace = |odd: &str| {
        let root = Scratch::empty();
        root.write("Cargo.toml", b"[workspace]\nmembers = [\"*\"]\n");
        root.below(odd).copy("minimal");
        root.git(&["init", "--quiet"]);
        root
    };
    for odd in ["api", "srv er", "\"q\"\t\\", "ü\nx"] {
        let (run, dry) = (workspace(odd), workspace(odd));
        let (at, chosen) = (format!("{odd}/src"), &[&ADD[..], &["--diff", "-C"]].concat());
        printed(&run, &at, &ADD).expect(0);
        let root = dry.path().canonicalize().unwrap().display().to_string();
        for (below, args) in
            [(at.as_str(), [&ADD[..], &["--diff"]].concat()), (odd, [chosen, &["."][..]].concat())]
        {
            let patch = printed(&dry, below, &args).expect(0).stdout;
            assert_eq!(told(&patch), Some(root.as_str()), "{patch}");
        }
        let patch = printed(&dry, "", &[chosen, &[odd][..]].concat()).expect(0).stdout;
        assert_eq!(told(&patch), None);
        apply(&dry, &patch);
        assert!(run.files() == dry.files(), "{odd:?}");
        let (made, planned) = (Scratch::empty(), Scratch::empty());
        printed(&made, "", &["new", "app"]).expect(0);
        let patch = printed(&planned, "", &["new", "app", "--diff"]).expect(0).stdout;
        std::fs::create_dir(told(&patch).unwrap()).unwrap();
        let app = planned.below("app");
        app.git(&["init", "--quiet"]);
        apply(&app, &patch);
        assert!(made.below("app").files() == app.files());
    }
}

#[test]
fn a_file_that_may_be_run_keeps_that_or_goes_with_it() {
    let project = Scratch::added("minimal");
    let is_run = Command::new("chmod")
        .current_dir(project.path())
        .args(["+x", "src/main.rs", "src/ws/client.js"])
        .status();
    assert!(is_run.unwrap().success());
    let patch = project.rwx(&["infra", "remove", "websocket", "--diff"]).expect(0).stdout;
    assert!(
        patch.contains(
            "diff --git a/src/ws/client.js b/src/ws/client.js\ndeleted file mode 100755\n"
        )
    );
    project.git(&["init", "--quiet"]);
    apply(&project, &patch);
    assert!(!project.path().join("src/ws").exists());
}
