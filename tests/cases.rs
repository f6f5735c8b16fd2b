//! Walks `tests/cases`: a folder is a case, with the starting project, changes to it and the arguments in `case.toml`.
//!
//! What a run says and leaves is a snapshot. Besides, every case must obey the laws of the tool: a failure leaves the tree as
//! it was; a second run changes neither byte nor time; the dry run's patch makes the same tree; no line of the user's
//! is lost.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use support::{Files, Run, Scratch, succeed};

/// `case.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// Folder below `tests/projects`; nothing for an empty one.
    project: Option<String>,
    /// Folder below the project to run in.
    #[serde(default)]
    folder: String,
    /// Arguments of rwx.
    args: Vec<String>,
    /// Expected exit code.
    #[serde(default)]
    exit: i32,
    /// Files to put in place first: path → text.
    #[serde(default)]
    write: BTreeMap<String, String>,
    /// Files to put in place first, of bytes that need not be text: path → bytes.
    #[serde(default)]
    bytes: BTreeMap<String, Vec<u8>>,
    /// Files to rewrite first with CRLF line endings.
    #[serde(default)]
    crlf: Vec<String>,
    /// Lines of the user's that change their form, such as a string that becomes a table; all others stay.
    #[serde(default)]
    reshaped: Vec<String>,
}

#[test]
fn every_case_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap_or_else(|error| panic!("{name}: {error}"));
        let case: Case = toml_edit::de::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        println!("case {name}");
        check(&name, &case);
    }
}

fn check(name: &str, case: &Case) {
    let scratch = start(case);
    let before = scratch.files();
    let run = scratch.rwx_in(&case.folder, &case.args);
    let after = scratch.files();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/cases");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown(case, &run, &before, &after)));
    assert_eq!(run.code, case.exit, "{name}: {}{}", run.stdout, run.stderr);
    if case.exit != 0 || case.args.iter().any(|arg| ["--dry-run", "--diff", "--check"].contains(&arg.as_str())) {
        assert!(before == after, "{name}: the tree must be as it was");
        return;
    }
    if case.args.iter().any(|arg| arg == "add") {
        a_second_run_changes_nothing(name, case, &scratch);
        the_patch_makes_the_same_tree(name, case, &after);
    }
    no_line_is_lost(name, case, &before, &after);
}

fn start(case: &Case) -> Scratch {
    let scratch = case.project.as_deref().map_or_else(Scratch::empty, Scratch::of);
    case.write.iter().for_each(|(path, text)| scratch.write(path, text.as_bytes()));
    case.bytes.iter().for_each(|(path, bytes)| scratch.write(path, bytes));
    for path in &case.crlf {
        scratch.write(path, scratch.read(path).replace('\n', "\r\n").as_bytes());
    }
    scratch
}

fn a_second_run_changes_nothing(name: &str, case: &Case, scratch: &Scratch) {
    let (files, times) = (scratch.files(), scratch.times());
    let again = scratch.rwx_in(&case.folder, &case.args).expect(0);
    assert!(again.stdout.contains("nothing to do"), "{name}: {}", again.stdout);
    assert!(files == scratch.files(), "{name}: a second run changes bytes");
    assert_eq!(times, scratch.times(), "{name}: a second run touches files");
}

fn the_patch_makes_the_same_tree(name: &str, case: &Case, after: &Files) {
    let scratch = start(case);
    let mut args = case.args.clone();
    args.push("--diff".to_owned());
    let patch = scratch.rwx_in(&case.folder, &args).expect(0).stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), patch).unwrap();
    let git = |args: &[&str]| drop(succeed(Command::new("git").current_dir(scratch.path()).args(args)));
    git(&["init", "--quiet"]);
    git(&["-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", &file.path().to_string_lossy()]);
    assert!(after == &scratch.files(), "{name}: the patch makes another tree");
}

fn no_line_is_lost(name: &str, case: &Case, before: &Files, after: &Files) {
    for (path, bytes) in before {
        let (old, new) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&after[path]));
        for change in TextDiff::from_lines(&*old, &*new).iter_all_changes() {
            let lost = change.tag() == ChangeTag::Delete
                && !case.reshaped.iter().any(|line| line == change.value().trim_end());
            let only_a_newline = lost && new.contains(&format!("{}\n", change.value()));
            assert!(!lost || only_a_newline, "{name}: {path} lost the line {:?}", change.value());
        }
    }
}

/// What was said and what became of the tree: new files by name, changes to the user's files as a diff.
fn shown(case: &Case, run: &Run, before: &Files, after: &Files) -> String {
    let mut text = format!("$ rwx {}\nexit {}\n", case.args.join(" "), run.code);
    for (title, stream) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if !stream.is_empty() {
            let _ = write!(text, "---- {title}\n{stream}");
        }
    }
    let _ = writeln!(text, "---- tree");
    for (path, bytes) in after {
        match before.get(path) {
            Some(old) if old == bytes => {}
            Some(old) => text.push_str(&diff(path, old, bytes)),
            None => drop(writeln!(text, "new {path}")),
        }
    }
    text
}

fn diff(path: &str, old: &[u8], new: &[u8]) -> String {
    let visible = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\r', "␍").replace('\u{feff}', "[BOM]");
    let (old, new) = (visible(old), visible(new));
    TextDiff::from_lines(&old, &new).unified_diff().context_radius(2).header(path, path).to_string()
}
