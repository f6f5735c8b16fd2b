//! What the owner takes out of what rwx added comes back with `--restore`: as it was, once, and so
//! that a removal still leaves nothing behind.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rwx::component;
use rwx::edit::State;
use rwx::plan::{self, Choices, Plan, Policy};
use rwx::project::record::Addition;
use rwx::project::{Record, Tree};
use support::Scratch;
use support::plans::{drawn, project};

/// The starting projects whose package is at their root.
const PROJECTS: [&str; 7] =
    ["arguments", "binaries", "configured", "library", "minimal", "service", "strict"];

/// The files of the service that are added to.
const SHARED: [&str; 6] =
    ["Cargo.toml", ".env.example", "compose.yaml", "src/lib.rs", "src/main.rs", "src/settings.rs"];

fn tree_of(project: &str) -> Tree {
    let mut tree = Tree::default();
    for (path, bytes) in Scratch::of(project).files() {
        tree.put(path, bytes);
    }
    // Fewer features, so that some are added to what is there.
    let manifest = tree
        .text("Cargo.toml")
        .unwrap()
        .unwrap()
        .replace("\"full\"", "\"macros\", \"net\", \"rt-multi-thread\"");
    tree.put("Cargo.toml", manifest);
    tree
}

fn add(tree: &Tree, restore: bool) -> Plan {
    let choices = Choices { policy: Policy { restore, ..Policy::default() }, ..Choices::default() };
    plan::add(&project(tree), &component::find("websocket").unwrap(), &choices).unwrap()
}

fn removed(tree: &Tree) -> Tree {
    plan::remove(&project(tree), "websocket", &[]).unwrap().applied(tree)
}

fn text<'t>(tree: &'t Tree, path: &str) -> &'t str {
    tree.text(path).unwrap().unwrap_or_default()
}

/// Takes `addition` out of its file; false where it is not there.
fn take_out(tree: &mut Tree, addition: &Addition) -> bool {
    let before = text(tree, &addition.path).to_owned();
    let Ok(State::Standing(edit)) = addition.part.state(&before, &addition.traces) else {
        return false;
    };
    tree.put(addition.path.clone(), edit.apply(&before));
    true
}

/// The words of a line.
fn words(line: &str) -> Vec<&str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// Takes some lines that rwx has put into `path` out of it: `count` from the one at `first` on. One
/// that starts as one of the owner's has hers in it.
fn without_lines(start: &Tree, complete: &Tree, path: &str, first: Index, count: usize) -> String {
    let old: Vec<&str> = text(start, path).split_inclusive('\n').collect();
    let lines: Vec<&str> = text(complete, path).split_inclusive('\n').collect();
    let is_of_hers = |line: &str| {
        let mut reshaped = old.iter().filter(|old| !lines.contains(old)).map(|old| words(old));
        reshaped.any(|old| words(line).starts_with(&old[..old.len().min(2)]))
    };
    let is_new = |at: &usize| {
        !lines[*at].trim().is_empty() && !old.contains(&lines[*at]) && !is_of_hers(lines[*at])
    };
    let new: Vec<usize> = (0..lines.len()).filter(is_new).collect();
    let first = first.get(&new);
    let gone = |at: &usize| new.contains(at) && (*first..first + count).contains(at);
    (0..lines.len()).filter(|at| !gone(at)).map(|at| lines[at]).collect()
}

/// Checks that `less`, which the owner has made of `complete`, which was made of `start`, can be
/// restored.
fn check(start: &Tree, complete: &Tree, less: &Tree) {
    let restored = add(less, true);
    let after = restored.applied(less);
    for (path, _) in complete.iter() {
        assert!(text(&after, path) == text(complete, path), "{path}: {}", text(&after, path));
    }
    for again in [add(&after, true), add(&after, false)] {
        assert!(
            again.is_empty(),
            "a second run changes {:?}",
            again.changes.iter().map(|change| &change.path)
        );
    }
    let gone = removed(&after);
    for (path, _) in start.iter() {
        assert_eq!(text(&gone, path), text(start, path), "{path}");
    }
    assert_eq!(gone.iter().count(), start.iter().count());
}

#[test]
fn each_addition_comes_back() {
    for name in ["service", "strict"] {
        let start = tree_of(name);
        let complete = add(&start, false).applied(&start);
        let record = Record::read(&complete, "", "websocket").unwrap().unwrap();
        for addition in &record.additions {
            let mut less = complete.clone();
            if take_out(&mut less, addition) {
                check(&start, &complete, &less);
            }
        }
    }
}

proptest! {
    #![proptest_config(drawn(16))]

    #[test]
    fn several_additions_come_back(name in select(&PROJECTS[..]), taken in prop::collection::vec(any::<Index>(), 1..6)) {
        let start = tree_of(name);
        let complete = add(&start, false).applied(&start);
        let record = Record::read(&complete, "", "websocket").unwrap().unwrap();
        let mut less = complete.clone();
        for index in taken {
            take_out(&mut less, index.get(&record.additions));
        }
        check(&start, &complete, &less);
    }

    #[test]
    fn lines_come_back(path in select(&SHARED[..]), first in any::<Index>(), count in 1..5_usize) {
        let start = tree_of("service");
        let complete = add(&start, false).applied(&start);
        let mut less = complete.clone();
        less.put(path, without_lines(&start, &complete, path, first, count));
        let choices = Choices { policy: Policy { restore: true, ..Policy::default() }, ..Choices::default() };
        let component = component::find("websocket").unwrap();
        // What is left of the file need not parse.
        let Ok(restored) = plan::add(&project(&less), &component, &choices) else { return Ok(()) };
        let after = restored.applied(&less);
        let again = add(&after, false);
        prop_assert!(again.is_empty(), "a second run changes {:?}", again.changes.iter().map(|change| &change.path));
        let removal = plan::remove(&project(&after), "websocket", &[]).unwrap();
        if restored.remarks.iter().chain(&removal.remarks).all(|remark| !remark.reason.contains("by you")) {
            let gone = removal.applied(&after);
            prop_assert_eq!(text(&gone, path), text(&start, path));
        }
    }
}
