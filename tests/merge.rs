//! The three-way merge, against what `git merge-file` makes of the same three texts.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::process::Command;

use proptest::prelude::*;
use rwx::component::{self, Component};
use rwx::plan::{Choices, Plan, abort, add, resume, suspend};
use rwx::problem::CONFLICTS;
use rwx::project::Tree;
use support::plans::{drawn, project};

/// What an earlier rwx rendered.
const BASE: &str = "\
//! A file.

use std::fmt;

/// Says one.
fn one() -> u32 {
    1
}

/// Says two.
fn two() -> u32 {
    let two = 2;
    two
}

/// Says three.
fn three() -> u32 {
    3
}
";

/// What a hand or a new template makes of a text.
type Change = (&'static str, fn(&str) -> String);

/// Changes of one side; each pair of them meets in the matrix.
const CHANGES: [Change; 19] = [
    ("nothing", str::to_owned),
    ("a line more at the top", |text| format!("// first\n{text}")),
    ("another line more at the top", |text| format!("// before all\n{text}")),
    ("a line more in the middle", |text| {
        text.replace("    let two = 2;\n", "    let two = 2;\n    let two = two + 0;\n")
    }),
    ("a line more at the end", |text| format!("{text}// last\n")),
    ("another line more at the end", |text| format!("{text}// after all\n")),
    ("a line less", |text| text.replace("use std::fmt;\n", "")),
    ("a function less", |text| {
        text.replace("/// Says two.\nfn two() -> u32 {\n    let two = 2;\n    two\n}\n\n", "")
    }),
    ("a function moved", |text| {
        let one = "/// Says one.\nfn one() -> u32 {\n    1\n}\n";
        format!("{}\n{one}", text.replace(&format!("{one}\n"), ""))
    }),
    ("a function renamed", |text| text.replace("fn two()", "fn deux()")),
    ("the same function renamed otherwise", |text| text.replace("fn two()", "fn zwei()")),
    ("the line below changed", |text| text.replace("    let two = 2;", "    let two = 1 + 1;")),
    ("a line further below changed", |text| text.replace("    two\n", "    two + 0\n")),
    ("the last function changed", |text| text.replace("    3\n", "    4 - 1\n")),
    ("reformatted", |text| text.replace("    ", "\t")),
    ("no final newline", |text| text.trim_end().to_owned()),
    ("no final newline and a line more", |text| format!("{text}// last")),
    ("all replaced", |_| "// nothing is left\n".to_owned()),
    ("emptied", |_| String::new()),
];

fn notes(text: &str) -> Component {
    let mut tree = Tree::default();
    tree.put(
        "component.toml",
        "name = \"notes\"\nsummary = \"notes\"\n[files]\ninto = \"notes\"\n",
    );
    tree.put("a.txt.jinja", text);
    component::read(&tree, "", "notes").unwrap()
}

fn plan(tree: &Tree, template: &str) -> Plan {
    add(&project(tree), &notes(template), &Choices::default()).unwrap()
}

/// A project in which an earlier rwx rendered `base`, and the owner has made `yours` of it.
fn edited_tree(base: &str, yours: &str) -> Tree {
    let mut tree = Tree::default();
    tree.put("Cargo.toml", "[package]\nname = \"a\"\n");
    let mut tree = plan(&tree, base).applied(&tree);
    tree.put("notes/a.txt", yours);
    tree
}

/// The text after an update from `base` to `template` where the owner has `yours`, and whether it
/// has conflicts.
fn updated(base: &str, yours: &str, template: &str) -> (String, bool) {
    let tree = edited_tree(base, yours);
    let update = plan(&tree, template);
    let text = update.applied(&tree).text("notes/a.txt").unwrap().unwrap_or_default().to_owned();
    (text, !update.conflicts.is_empty())
}

/// The same by git.
fn merged_by_git(base: &str, yours: &str, template: &str) -> (String, bool) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("base", base), ("yours", yours), ("template", template)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut git = Command::new("git");
    let output = git
        .current_dir(folder.path())
        .args(["merge-file", "-p", "--zdiff3", "-L", "yours", "-L", "older template"])
        .args(["-L", "template", "yours", "base", "template"])
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    assert!(code < 128, "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), code > 0)
}

fn carried(text: &str) -> String {
    text.replace('\n', "\r\n")
}

#[track_caller]
fn assert_like_git(base: &str, yours: &str, template: &str, what: &str) {
    let (text, conflicts) = updated(base, yours, template);
    let (expected, expected_conflicts) = merged_by_git(base, yours, template);
    assert_eq!(conflicts, expected_conflicts, "{what}\n--- rwx\n{text}\n--- git\n{expected}");
    assert!(text == expected, "{what}\n--- rwx\n{text}\n--- git\n{expected}");
}

#[test]
fn edits_and_changes_of_the_template_come_together_as_git_merges_them() {
    for (edit, yours) in CHANGES {
        for (change, template) in CHANGES {
            assert_like_git(
                BASE,
                &yours(BASE),
                &template(BASE),
                &format!("the owner: {edit}; the template: {change}"),
            );
        }
    }
}

#[test]
fn a_file_with_other_line_endings_merges_like_the_one_without() {
    for (edit, yours) in CHANGES {
        for (change, template) in CHANGES {
            let (yours, template) = (yours(BASE), template(BASE));
            let is_carried = yours.contains('\n');
            let (text, conflicts) = updated(BASE, &carried(&yours), &template);
            let (expected, expected_conflicts) = updated(BASE, &yours, &template);
            assert_eq!(conflicts, expected_conflicts, "the owner: {edit}; the template: {change}");
            assert!(
                !is_carried || text == carried(&expected),
                "the owner: {edit}; the template: {change}\n{text:?}"
            );
        }
    }
}

#[test]
fn a_carriage_return_within_a_line_stays_alone() {
    let base = "one\rand the same\ntwo\nthree\n";
    let merged = |yours: &str| updated(base, yours, &base.replace("three", "3"));
    assert_eq!(
        merged("// mine\none\rand the same\ntwo\nthree\n").0,
        "// mine\none\rand the same\ntwo\n3\n"
    );
    let (text, conflicts) = merged("one\rand the same\ntwo\nthree of mine\n");
    assert!(conflicts && text.starts_with("one\rand the same\ntwo\n<<<<<<< yours\n"), "{text:?}");
}

/// What one side does to a line.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Keep,
    Delete,
    Change,
    /// Both sides that do this do the same.
    ChangeAlike,
    Insert,
    InsertAlike,
}

/// The edits of a text of 16 lines, and whether it ends its last line.
fn edits() -> impl Strategy<Value = (Vec<Edit>, bool)> {
    let one = prop_oneof![
        8 => Just(Edit::Keep),
        1 => Just(Edit::Delete),
        1 => Just(Edit::Change),
        1 => Just(Edit::ChangeAlike),
        1 => Just(Edit::Insert),
        1 => Just(Edit::InsertAlike),
    ];
    (prop::collection::vec(one, 16), prop::bool::weighted(0.8))
}

/// A text whose lines are all different, so that only one diff is right.
fn edited(side: &str, (edits, ends): &(Vec<Edit>, bool)) -> String {
    let line = |(at, edit): (usize, &Edit)| match edit {
        Edit::Keep => format!("{at}\n"),
        Edit::Delete => String::new(),
        Edit::Change => format!("{at} by {side}\n"),
        Edit::ChangeAlike => format!("{at} by both\n"),
        Edit::Insert => format!("{at}\nmore after {at} by {side}\n"),
        Edit::InsertAlike => format!("{at}\nmore after {at} by both\n"),
    };
    let text: String = edits.iter().enumerate().map(line).collect();
    if *ends { text } else { text.strip_suffix('\n').unwrap_or_default().to_owned() }
}

proptest! {
    #![proptest_config(drawn(200))]

    #[test]
    fn any_edits_merge_as_git_merges_them(yours in edits(), template in edits(), ends in any::<bool>()) {
        let base = edited("rwx", &(vec![Edit::Keep; 16], ends));
        let (yours, template) = (edited("the owner", &yours), edited("the template", &template));
        assert_like_git(&base, &yours, &template, &format!("{base:?} {yours:?} {template:?}"));
    }

    #[test]
    fn an_update_with_conflicts_is_taken_back_whole_or_ended_for_good(
        yours in edits(),
        template in edits(),
        ends in any::<bool>(),
    ) {
        let (yours, template) = (edited("the owner", &yours), edited("the template", &template));
        let tree = edited_tree(&edited("rwx", &(vec![Edit::Keep; 16], ends)), &yours);
        let update = suspend(&project(&tree), plan(&tree, &template)).unwrap();
        prop_assume!(!update.conflicts.is_empty());
        let mut waiting = update.applied(&tree);
        prop_assert_eq!(abort(&project(&waiting)).unwrap().applied(&waiting), tree);
        prop_assert_eq!(resume(&project(&waiting)).unwrap_err().code, CONFLICTS);
        waiting.put("notes/a.txt", "resolved\n");
        let ended = resume(&project(&waiting)).unwrap().applied(&waiting);
        prop_assert!(plan(&ended, &template).is_empty());
        prop_assert_eq!(ended.text("notes/a.txt").unwrap(), Some("resolved\n"));
    }

    #[test]
    fn an_edit_where_the_template_does_not_change_survives(
        edited in prop::collection::btree_set(0_usize..20, 0..6),
        changed in prop::collection::btree_set(0_usize..20, 0..6),
    ) {
        // A line of the owner's, then one of the template's, then one that stays, all over again.
        let text = |edits: &str, changes: &str| -> String {
            let block = |at: usize| {
                let edit = if edited.contains(&at) { edits } else { "old" };
                let change = if changed.contains(&at) { changes } else { "old" };
                format!("{at} hers: {edit}\n{at} a\n{at} template's: {change}\n{at} b\n")
            };
            (0..20).map(block).collect()
        };
        let base = text("old", "old");
        let (merged, conflicts) = updated(&base, &text("mine", "old"), &text("old", "new"));
        prop_assert!(!conflicts);
        prop_assert_eq!(merged, text("mine", "new"));
        let (same, conflicts) = updated(&base, &text("mine", "old"), &base);
        prop_assert!(!conflicts);
        prop_assert_eq!(same, text("mine", "old"));
    }
}
