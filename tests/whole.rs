//! What an owner does to a whole repository reaches the record and the pristine copies too; her
//! text stays all the same.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "whole/changes.rs"]
mod changes;
mod support;

use changes::{Added, Change, SCOPES, SMALL, WEBSOCKET, change, changed};
use proptest::prelude::*;
use proptest::sample::select;
use rwx::plan::{Choices, Policy, add, status};
use rwx::project::Tree;
use support::plans::{drawn, project};

pub(crate) fn is_rendered(path: &str) -> bool {
    path.starts_with("src/ws/") || path.starts_with("notes/")
}

/// The files that are not rwx's own.
pub(crate) fn owned(tree: &Tree) -> Vec<(&str, &[u8])> {
    tree.iter().filter(|(path, _)| !path.starts_with(".rwx/")).collect()
}

/// Checks that an update after `change` leaves every byte of the owner's, and a removal what she
/// has changed.
fn check(added: &Added, change: &Change, scope: &[&str]) {
    let tree = changed(added, change, scope);
    let update = match added.plan(&tree) {
        Ok(update) => update,
        // A word may be one without which there is no such project; nothing is written then.
        Err(problem) => {
            assert!(
                matches!(change, Change::Rename { .. } | Change::NoBlankLines | Change::Joined),
                "{problem:?}"
            );
            return;
        }
    };
    let after = update.applied(&tree);
    let text = |bytes| String::from_utf8_lossy(bytes);
    for (path, bytes) in owned(&tree) {
        assert_eq!(after.bytes(path).map(text), Some(text(bytes)), "{path}");
    }
    assert_eq!(owned(&tree).len(), owned(&after).len());
    let again = added.plan(&after).unwrap();
    let paths: Vec<&String> = again.changes.iter().map(|change| &change.path).collect();
    assert!(paths.is_empty(), "{paths:?}");
    for (path, bytes) in owned(&added.remove(&tree)) {
        assert!(!is_rendered(path) || tree.bytes(path) == Some(bytes), "{path}");
    }
}

proptest! {
    #![proptest_config(drawn(200))]

    #[test]
    fn an_update_after_a_change_of_all_files_keeps_every_byte(change in change(), scope in select(SCOPES.to_vec())) {
        check(&SMALL, &change, scope);
    }
}

proptest! {
    #![proptest_config(drawn(6))]

    #[test]
    fn a_layer_stays_as_a_change_of_all_files_left_it(change in change(), scope in select(SCOPES.to_vec())) {
        check(&WEBSOCKET, &change, scope);
    }
}

/// `tree` as a checkout with other line endings has it, in the files that are `meant`.
fn carried(tree: &Tree, meant: &dyn Fn(&str) -> bool) -> Tree {
    let mut carried = tree.clone();
    for (path, _) in tree.iter().filter(|(path, _)| meant(path)) {
        carried.put(path, tree.text(path).unwrap().unwrap().replace('\n', "\r\n"));
    }
    carried
}

#[test]
fn a_checkout_with_other_line_endings_is_as_it_was() {
    let is_ours = |path: &str| path.starts_with(".rwx/");
    let all = (|_: &str| true, "all");
    for (meant, what) in [
        (&all.0 as &dyn Fn(&str) -> bool, all.1),
        (&is_ours, "rwx's"),
        (&|path| !is_ours(path), "hers"),
    ] {
        for added in [&SMALL, &WEBSOCKET] {
            let tree = carried(&added.tree, meant);
            let update = added.plan(&tree).unwrap();
            let paths: Vec<&String> = update.changes.iter().map(|change| &change.path).collect();
            assert!(
                paths.is_empty() && update.by_hand.is_empty() && update.warnings.is_empty(),
                "{what}: {paths:?}"
            );
            let status =
                status(&project(&tree), &added.component.spec.name, Ok(&added.component)).unwrap();
            assert!(
                status.edited.is_empty()
                    && status.changed.is_empty()
                    && status.taken_out.is_empty(),
                "{what}"
            );
            assert_eq!(added.remove(&tree), carried(&added.before, meant), "{what}");
        }
    }
}

/// What is renamed in all files, rwx's own among them.
const RENAMED: [(&str, &str); 10] = [
    ("WS_", "CHAT_"),
    ("hub", "center"),
    ("Hub", "Center"),
    ("redis:7-alpine", "redis:8-alpine"),
    ("getrandom", "entropy"),
    ("example", "sample"),
    ("join_room", "enter_room"),
    ("handler", "processor"),
    ("add", "insert"),
    ("2", "3"),
];

#[test]
fn a_rename_that_also_reaches_the_record_takes_nothing_back() {
    for (old, new) in RENAMED {
        let mut tree = Tree::default();
        for (path, _) in WEBSOCKET.tree.iter() {
            tree.put(path, WEBSOCKET.tree.text(path).unwrap().unwrap().replace(old, new));
        }
        let update = match WEBSOCKET.plan(&tree) {
            Ok(update) => update,
            Err(problem) => {
                let is_told = ["this record cannot be read", "websocket was written by rwx 0.3.0"];
                assert!(
                    is_told.iter().any(|told| problem.message.starts_with(told)),
                    "{old}: {problem:?}"
                );
                continue;
            }
        };
        let after = update.applied(&tree);
        for (path, bytes) in owned(&tree) {
            let text = |bytes| String::from_utf8_lossy(bytes);
            assert_eq!(after.bytes(path).map(text), Some(text(bytes)), "{old}: {path}");
        }
        assert_eq!(owned(&tree).len(), owned(&after).len(), "{old}");
        assert!(WEBSOCKET.plan(&after).unwrap().is_empty(), "{old}");
    }
}

#[test]
fn pristine_copies_that_a_change_of_all_files_has_reached_are_told_and_written_anew() {
    let tree = changed(&SMALL, &Change::Head, &[".rs"]);
    let update = SMALL.plan(&tree).unwrap();
    assert!(
        update.warnings.iter().any(|warning| warning.contains("not as rwx wrote it")),
        "{:?}",
        update.warnings
    );
    let after = update.applied(&tree);
    for (path, bytes) in SMALL.tree.iter().filter(|(path, _)| path.starts_with(".rwx/")) {
        assert_eq!(after.bytes(path), Some(bytes), "{path}");
    }
    assert!(SMALL.plan(&after).unwrap().warnings.is_empty());
}

#[test]
fn what_a_change_of_all_files_has_reached_stays_when_the_component_goes() {
    let tree = changed(&SMALL, &Change::Head, &[".rs"]);
    let after = SMALL.remove(&tree);
    let names: Vec<&str> =
        owned(&after).iter().map(|(path, _)| *path).filter(|path| is_rendered(path)).collect();
    assert_eq!(names, ["notes/call.rs", "notes/list.rs"]);
}

#[test]
fn force_takes_the_template_s_text_and_keeps_hers() {
    let tree = changed(&SMALL, &Change::Head, &[".rs"]);
    let choices =
        Choices { policy: Policy { force: true, ..Policy::default() }, ..Choices::default() };
    let after = add(&project(&tree), &SMALL.component, &choices).unwrap().applied(&tree);
    assert_eq!(after.bytes("notes/list.rs"), SMALL.tree.bytes("notes/list.rs"));
    assert_eq!(after.bytes(".rwx/backup/notes/list.rs"), tree.bytes("notes/list.rs"));
}
