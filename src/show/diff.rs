//! The plan as a patch that `git apply` and `patch -p1` take, run in the project's root.

use std::fmt::Write as _;

use crate::plan::{Change, Plan};

/// The unified diff of all changes. `real` gives the path of the file that a path leads to: git follows no links.
pub fn patch(plan: &Plan, real: &dyn Fn(&str) -> String) -> String {
    plan.changes.iter().map(|change| file(change, &real(&change.path))).collect()
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
