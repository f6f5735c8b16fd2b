//! Walks `tests/cases`: a folder is a case, with the starting project, changes to it and the
//! arguments in `case.toml`.
//!
//! What a run says and leaves is a snapshot. Besides, every case must obey the laws of the tool: a
//! failure leaves the tree as it was; a second run changes neither byte nor time; the dry run's
//! patch makes the same tree; no line of the user's is lost. `CASES=compose` runs those alone whose
//! name has that in it.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use similar::{ChangeTag, TextDiff};
use support::case::Case;
use support::shown::{is_rwx_s, shown};
use support::{Files, Scratch};

/// Cases at a time: they wait for the disk most of the time.
const WORKERS: usize = 4;

#[test]
fn every_case_holds() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
    let only = std::env::var("CASES").unwrap_or_default();
    folders.retain(|folder| folder.to_string_lossy().contains(&only));
    assert!(!folders.is_empty());
    folders.sort();
    let (queue, failed) = (Mutex::new(folders), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(folder) = { queue.lock().unwrap().pop() } {
                    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
                    if catch_unwind(|| check(&name, &Case::read(&folder))).is_err() {
                        failed.lock().unwrap().push(name);
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    assert!(failed.is_empty(), "these cases do not hold: {failed:#?}");
}

fn check(name: &str, case: &Case) {
    let scratch = case.start();
    let before = scratch.files();
    let run = case.run(&scratch, &[]);
    let after = scratch.files();
    case.read_only.iter().for_each(|path| scratch.set_read_only(path, false));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/cases");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown(case, &run, &before, &after)));
    assert_eq!(run.code, case.exit, "{name}: {}{}", run.stdout, run.stderr);
    if case.is_dry() {
        assert!(before == after, "{name}: the tree must be as it was");
        return;
    }
    let is = |command: &str| case.args.iter().any(|arg| arg == command);
    if is("remove") {
        return the_patch_makes_the_same_tree(name, case, &after);
    }
    if is("add") || is("update") {
        the_patch_makes_the_same_tree(name, case, &after);
    }
    if case.exit == 0 && (is("add") || is("update")) {
        a_second_run_changes_nothing(name, case, &scratch);
        if case.earlier.is_empty() {
            removing_gives_every_byte_back(name, case, &scratch, &before);
        }
    }
    // An option that is switched off takes its lines with it.
    let drops = !case.earlier.is_empty() && case.args.iter().any(|arg| arg.ends_with("=false"));
    if !drops {
        no_line_is_lost(name, case, &before, &after);
    }
}

fn a_second_run_changes_nothing(name: &str, case: &Case, scratch: &Scratch) {
    let (files, times) = (scratch.files(), scratch.times());
    let again = case.run(scratch, &[]).expect(0);
    let is_told = again.stdout.contains("nothing to do") || case.args.iter().any(|arg| arg == "-q");
    assert!(is_told, "{name}: {}", again.stdout);
    assert!(files == scratch.files(), "{name}: a second run changes bytes");
    assert_eq!(times, scratch.times(), "{name}: a second run touches files");
}

fn the_patch_makes_the_same_tree(name: &str, case: &Case, after: &Files) {
    let scratch = case.start();
    let patch = case.run(&scratch, &["--diff"]).expect(0).stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), patch).unwrap();
    let project = scratch.below(&case.into);
    project.git(&["init", "--quiet"]);
    project.git(&["apply", "--allow-empty", "--whitespace=nowarn", &file.path().to_string_lossy()]);
    assert!(after == &scratch.files(), "{name}: the patch makes another tree");
}

fn removing_gives_every_byte_back(name: &str, case: &Case, scratch: &Scratch, before: &Files) {
    let run = scratch.rwx_in(&case.folder, &case.removal()).expect(0);
    let after = scratch.files();
    let differing: Vec<&String> = before
        .keys()
        .chain(after.keys())
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!(
        differing.is_empty(),
        "{name}: removing leaves other bytes in {differing:?}\n{}",
        run.stdout
    );
}

/// What extends a router that has no name, where that stands.
const EXTENDED: [&str; 2] =
    [".merge(ws::router(hub.clone()))", ".merge(crate::ws::router(hub.clone()))"];

/// `text` with the owner's router without a name as it was: what is behind that stays in its line.
fn bare_router(text: &str) -> String {
    EXTENDED.iter().fold(text.to_owned(), |text, call| text.replace(call, ""))
}

/// `text` with the owner's signals as they were: what is around them stays in its line.
fn bare_signal(text: &str) -> String {
    let call = ".clone().shutdown_after(";
    let Some((head, rest)) = text.split_once(call) else { return text.to_owned() };
    let start = head.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let mut depth = 0;
    let end = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0
    });
    let (signal, tail) = rest.split_at(end.unwrap());
    format!("{start}{signal}{}", bare_signal(&tail[1..]))
}

fn no_line_is_lost(name: &str, case: &Case, before: &Files, after: &Files) {
    for (path, bytes) in before.iter().filter(|(path, _)| !is_rwx_s(path, before)) {
        let text = |bytes| String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned();
        let (old, new) =
            (bare_router(&text(bytes)), bare_router(&bare_signal(&text(&after[path]))));
        for change in TextDiff::from_lines(&*old, &*new).iter_all_changes() {
            let lost = change.tag() == ChangeTag::Delete
                && !case.reshaped.iter().any(|line| line == change.value().trim_end());
            let only_a_newline = lost && new.contains(&format!("{}\n", change.value()));
            assert!(!lost || only_a_newline, "{name}: {path} lost the line {:?}", change.value());
        }
    }
}
