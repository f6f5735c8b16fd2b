//! Laws of a plan, on projects that are put together at random from the shapes of [`parts`].
//!
//! A component is added or refused cleanly; adding it again changes nothing; every word of the
//! user's stays, in order; what is changed keeps its line endings and still parses.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "laws/parts.rs"]
mod parts;
mod support;
#[path = "laws/trees.rs"]
mod trees;

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::Index;
use rwx::component;
use rwx::plan::{Choices, Plan, add, remove};
use rwx::problem::Problem;
use rwx::project::{Project, Tree};
use support::plans::{drawn, project};
use trees::{main_file, parses, tree};

fn plan(tree: &Tree) -> Result<Plan, Problem> {
    let project = Project::of(PathBuf::new(), String::new(), tree.clone())?;
    add(&project, &component::find("websocket").unwrap(), &Choices::default())
}

/// The words of a text, in order: whatever stands between blanks and punctuation.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn keeps_its_form(path: &str, before: &str, after: &str) {
    keeps_its_words(path, before, after);
    let carriages = |text: &str| text.matches("\r\n").count();
    let all_carriages = carriages(before) > 0 && carriages(before) == before.matches('\n').count();
    assert!(!all_carriages || carriages(after) == after.matches('\n').count(), "{path}: {after:?}");
    assert!(
        carriages(before) > 0 || !before.contains('\n') || carriages(after) == 0,
        "{path}: {after:?}"
    );
    assert_eq!(before.starts_with('\u{feff}'), after.starts_with('\u{feff}'), "{path}");
    assert_eq!(before.ends_with('\n'), after.ends_with('\n'), "{path}: {after:?}");
    assert!(parses(path, after), "{path} does not parse:\n{after}");
}

/// The files of the user's that are added to.
const SHARED: [&str; 5] =
    ["Cargo.toml", "src/main.rs", "src/lib.rs", "compose.yaml", ".env.example"];
/// A comment of the owner's.
const NOTE: &str = "mine, of the owner";

/// `tree` with the component taken out again.
fn removed(tree: &Tree) -> Tree {
    remove(&project(tree), "websocket", &[]).unwrap().applied(tree)
}

/// The text at `path` with a comment on a line of its own.
fn noted(path: &str, text: &str, at: Index) -> String {
    let mark = if path.ends_with(".rs") { "//" } else { "#" };
    let own = format!("{mark} {NOTE}\n");
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let ended = text.matches('\n').count();
    if ended == 0 {
        return format!("{text}\n{own}");
    }
    // Above the first line there may be a byte order mark.
    lines.insert(1 + at.index(ended), &own);
    lines.concat()
}

fn without_a_line(text: &str, at: Index) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let gone = at.index(lines.len().max(1));
    lines.iter().enumerate().filter(|(index, _)| *index != gone).map(|(_, line)| *line).collect()
}

fn is_same(one: &Tree, other: &Tree) {
    let texts = |tree: &Tree| -> Vec<(String, String)> {
        tree.iter()
            .map(|(path, bytes)| (path.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
            .collect()
    };
    for (path, text) in texts(other) {
        assert_eq!(one.text(&path).unwrap(), Some(text.as_str()), "{path}");
    }
    assert_eq!(texts(one).len(), texts(other).len());
}

fn keeps_its_words(path: &str, before: &str, after: &str) {
    let mut left = words(after);
    for word in words(before) {
        assert!(left.any(|other| other == word), "{path}: {word:?} is gone\n{before}\n{after}");
    }
}

proptest! {
    #![proptest_config(drawn(160))]

    #[test]
    fn a_component_is_added_well_or_refused_well(tree in tree()) {
        let planned = match plan(&tree) {
            Ok(planned) => planned,
            Err(problem) => {
                prop_assert!(matches!(problem.code, 1 | 2) && problem.help.is_some(), "{problem:?}");
                return Ok(());
            }
        };
        let after = planned.applied(&tree);
        for (path, before) in tree.iter() {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let after = after.bytes(path).map(text).unwrap_or_default();
            if text(before) != after {
                keeps_its_form(path, &text(before), &after);
            }
        }
        let again = plan(&after).unwrap();
        prop_assert!(again.is_empty(), "a second run changes {:?}", again.changes.iter().map(|change| &change.path));
        let left = |plan: &Plan| plan.by_hand.iter().map(|edit| edit.snippet.clone()).collect::<Vec<_>>();
        let routes = |plan: &Plan| left(plan).iter().filter(|snippet| snippet.contains("merge(")).count();
        prop_assert_eq!(routes(&planned), routes(&again));
        is_same(&removed(&after), &tree);
    }

    #[test]
    fn what_the_owner_adds_elsewhere_survives_a_removal(tree in tree(), at in any::<Index>()) {
        let Ok(planned) = plan(&tree) else { return Ok(()) };
        let mut edited = planned.applied(&tree);
        for path in SHARED.into_iter().filter(|path| tree.contains(path)) {
            let text = edited.text(path).unwrap().unwrap().to_owned();
            edited.put(path, noted(path, &text, at));
        }
        let removed = removed(&edited);
        for path in SHARED.into_iter().filter(|path| tree.contains(path)) {
            let text = |tree: &Tree| tree.text(path).unwrap().unwrap_or_default().to_owned();
            prop_assert!(text(&removed).contains(NOTE), "{path}: {}", text(&removed));
            keeps_its_words(path, &text(&tree), &text(&removed));
            prop_assert!(parses(path, &text(&removed)), "{path}: {}", text(&removed));
        }
    }

    #[test]
    fn a_line_that_the_owner_takes_out_breaks_nothing(tree in tree(), at in any::<Index>()) {
        let Ok(planned) = plan(&tree) else { return Ok(()) };
        let mut edited = planned.applied(&tree);
        for path in SHARED {
            let text = edited.text(path).unwrap().unwrap_or_default().to_owned();
            let less = without_a_line(&text, at);
            if !text.is_empty() && parses(path, &less) {
                edited.put(path, less);
            }
        }
        let Ok(project) = Project::of(PathBuf::new(), String::new(), edited.clone()) else { return Ok(()) };
        let removed = remove(&project, "websocket", &[]);
        for after in [plan(&edited), removed].into_iter().flatten().map(|plan| plan.applied(&edited)) {
            for path in SHARED.into_iter().filter(|path| after.contains(path)) {
                let text = after.text(path).unwrap().unwrap();
                prop_assert!(parses(path, text), "{path}: {text}");
            }
        }
        if let Ok(again) = plan(&edited) {
            let after = again.applied(&edited);
            prop_assert!(plan(&after).is_ok_and(|plan| plan.is_empty()));
        }
    }
}

proptest! {
    #![proptest_config(drawn(40))]

    #[test]
    fn an_edit_of_a_rendered_file_stays_when_the_templates_are_the_same(
        at in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        is_more in any::<bool>(),
    ) {
        let mut tree = Tree::default();
        tree.put("Cargo.toml", "[package]\nname = \"app\"\n\n[dependencies]\naxum = \"0.8\"\n");
        tree.put("src/main.rs", main_file("", parts::SETTINGS[0], parts::ROUTERS[0]));
        let mut tree = plan(&tree).unwrap().applied(&tree);
        let rendered: Vec<String> = tree.iter().map(|(path, _)| path).filter(|path| path.starts_with("src/ws/")).map(str::to_owned).collect();
        let path = at.get(&rendered);
        let mut lines: Vec<String> = tree.text(path).unwrap().unwrap().lines().map(str::to_owned).collect();
        let line = line.index(lines.len());
        if is_more {
            lines.insert(line, "// the owner's".to_owned());
        } else {
            lines.remove(line);
        }
        tree.put(path.clone(), lines.join("\n"));
        let again = plan(&tree).unwrap();
        prop_assert!(again.is_empty(), "{:?}", again.changes.iter().map(|change| &change.path));
    }
}
