//! The plan as a patch that `git apply` and `patch -p1` take, run in the project's root.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::plan::{Change, Plan};
use crate::project::record::Kept;

/// The unified diff of all changes. `real` gives the path of the file that a path leads to: git follows no links.
pub fn patch(plan: &Plan, real: &dyn Fn(&str) -> String) -> String {
    plan.changes.iter().map(|change| file(change, &real(&change.path))).collect()
}

/// The owner's `edits` and what `update` would change, to be read: rwx's own files are left out.
pub fn differences(edits: &Plan, update: &Plan, real: &dyn Fn(&str) -> String) -> String {
    let parts = [("your edits since rwx wrote these files", edits), ("what `rwx infra update` would change", update)];
    let part = |(title, plan): (&str, &Plan)| {
        let files: String = readable(plan).map(|change| file(change, &real(&change.path))).collect();
        if files.is_empty() { files } else { format!("# {title}\n{files}") }
    };
    let text: String = parts.into_iter().map(part).collect();
    if text.is_empty() { "no edits of yours, and an update would change nothing\n".to_owned() } else { text }
}

/// The same for programs: a patch a file.
pub fn differences_json(edits: &Plan, update: &Plan, real: &dyn Fn(&str) -> String) -> String {
    let files = |plan: &Plan| -> Vec<Value> {
        let one = |change: &Change| json!({ "path": change.path, "verb": change.verb.word(), "patch": file(change, &real(&change.path)) });
        readable(plan).map(one).collect()
    };
    format!("{:#}\n", json!({ "edits": files(edits), "update": files(update), "conflicts": update.conflicts }))
}

fn readable(plan: &Plan) -> impl Iterator<Item = &Change> {
    plan.changes.iter().filter(|change| !Kept::is_bookkeeping(&change.path))
}

fn file(change: &Change, path: &str) -> String {
    let before = lossless(change.before.as_deref());
    let after = lossless(change.after.as_deref());
    let from = header("a", path, change.before.is_some());
    let to = header("b", path, change.after.is_some());
    let mut out = String::new();
    let _ = writeln!(out, "--- {from}\n+++ {to}");
    // To git a line ends at a line feed and nowhere else.
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let diff = similar::TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let _ = write!(out, "{hunk}");
    }
    out
}

/// What is planned is text that was read as UTF-8, so nothing is lost here.
fn lossless(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

fn header(side: &str, path: &str, exists: bool) -> String {
    // A tab ends the name, so that one with spaces is read whole.
    let end = if path.contains(' ') { "\t" } else { "" };
    if exists { format!("{side}/{path}{end}") } else { "/dev/null".to_owned() }
}
