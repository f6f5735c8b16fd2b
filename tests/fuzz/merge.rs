//! What an update holds on any three texts: what an earlier rwx rendered, what the owner made of
//! it, and what the template is now.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rwx::component::{self, Component};
use rwx::plan::{Choices, OnConflict, Plan, Policy, abort, add, suspend};
use rwx::project::{Project, Tree};

const PATH: &str = "notes/a.txt";
/// How conflicts begin.
const MARKER: &str = "<<<<<<< ";

/// Updates from the first text of `input` to the third where the owner has the second; NUL is
/// between them.
pub(crate) fn target(input: &str) {
    let mut texts = input.splitn(3, '\0');
    let [base, yours, template] = [(); 3].map(|()| texts.next().unwrap_or_default());
    let Some((old, new)) = notes(base).zip(notes(template)) else { return };
    let empty = tree_of_package();
    let Some(rendered) = plan(&empty, &old, OnConflict::Merge) else { return };
    let untouched = rendered.applied(&empty);
    let fresh = text_of(&updated(&untouched, &new, OnConflict::Merge));
    let mut tree = untouched.clone();
    tree.put(PATH, yours);
    assert!(
        updated(&tree, &old, OnConflict::Merge) == tree,
        "an update without a new template changes a byte"
    );
    let Some(update) = plan(&tree, &new, OnConflict::Merge) else { return };
    if update.conflicts.is_empty() {
        let merged = update.applied(&tree);
        lines_come_from(&text_of(&merged), [yours, &fresh]);
        assert!(updated(&merged, &new, OnConflict::Merge) == merged, "not stable");
    } else {
        assert!(text_of(&update.applied(&tree)).contains(MARKER), "a conflict without a marker");
        lines_come_from(&text_of(&updated(&tree, &new, OnConflict::Keep)), [yours, &fresh]);
        let waiting = suspend(&project(&tree), update).unwrap().applied(&tree);
        assert!(abort(&project(&waiting)).unwrap().applied(&waiting) == tree, "not put back");
    }
}

/// A component of one file, when `text` is a template without anything to fill in.
fn notes(text: &str) -> Option<Component> {
    let mut tree = Tree::default();
    tree.put(
        "component.toml",
        "name = \"notes\"\nsummary = \"notes\"\n[files]\ninto = \"notes\"\n",
    );
    tree.put("a.txt.jinja", text);
    let fills_in = ["{{", "{%", "{#"].iter().any(|opening| text.contains(opening));
    component::read(&tree, "", "notes").ok().filter(|_| !fills_in)
}

fn tree_of_package() -> Tree {
    let mut tree = Tree::default();
    tree.put("Cargo.toml", "[package]\nname = \"a\"\n");
    tree
}

fn project(tree: &Tree) -> Project {
    Project::of(PathBuf::new(), String::new(), tree.clone()).unwrap()
}

fn plan(tree: &Tree, component: &Component, on_conflict: OnConflict) -> Option<Plan> {
    let policy = Policy { on_conflict, force: false, restore: false };
    add(&project(tree), component, &Choices { policy, ..Choices::default() }).ok()
}

fn updated(tree: &Tree, component: &Component, on_conflict: OnConflict) -> Tree {
    plan(tree, component, on_conflict).map_or_else(|| tree.clone(), |plan| plan.applied(tree))
}

fn text_of(tree: &Tree) -> String {
    tree.text(PATH).unwrap().unwrap_or_default().to_owned()
}

/// Checks that the merge makes no line up; line endings apart. A lone carriage return ends a line
/// of the merge.
fn lines_come_from(merged: &str, sides: [&str; 2]) {
    let known: BTreeSet<&str> = sides.iter().flat_map(|side| side.split(['\n', '\r'])).collect();
    assert!(
        merged.split(['\n', '\r']).all(|line| known.contains(line)),
        "{merged:?} has a line of nobody's"
    );
}
