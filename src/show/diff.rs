//! The plan as a patch that `git apply` and `patch -p1` take, run in the project's root.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::git_name::name;
use super::json::document;
use crate::plan::{Change, Plan};
use crate::problem::Problem;
use crate::project::OnDisk;
use crate::project::record::Kept;
use crate::visible::{is_control, visible};

/// What a patch has to know of the disk.
pub struct Surroundings<'a> {
    /// The file that a path leads to: git follows no links.
    pub real: &'a dyn Fn(&str) -> OnDisk,
    /// The project's root, where that is not the folder that the user's shell is in.
    pub elsewhere: Option<String>,
}

/// The unified diff of all changes.
///
/// # Errors
/// A [`Problem`] where a line of it holds a control character, which a patch cannot hold escaped; a
/// carriage return may stand in it, as a terminal does nothing with one at the end of a line.
pub fn patch(plan: &Plan, surroundings: &Surroundings<'_>) -> Result<String, Problem> {
    let mut files = String::new();
    for change in &plan.changes {
        let diff = file(change, surroundings);
        if diff.contains(|c| is_control(c) && !matches!(c, '\n' | '\t' | '\r')) {
            return Err(unprintable(change));
        }
        files += &diff;
    }
    Ok(if files.is_empty() { files } else { surroundings.head() + &files })
}

/// The problem that the patch of `change` would hold a control character.
fn unprintable(change: &Change) -> Problem {
    Problem::new(format!(
        "the patch of {} would hold control characters, and is not printed",
        change.path
    ))
    .help(
        "take them out of the file or of the template; `--dry-run` shows what would change, and \
        `rwx infra diff` where",
    )
}

/// The owner's `edits` and what `update` would change, to be read: rwx's own files are left out.
pub fn differences(edits: &Plan, update: &Plan, surroundings: &Surroundings<'_>) -> String {
    let parts = [
        ("your edits since rwx wrote these files", edits),
        ("what `rwx infra update` would change", update),
    ];
    let part = |(title, plan): (&str, &Plan)| {
        let files: String = readable(plan).map(|change| file(change, surroundings)).collect();
        if files.is_empty() { files } else { format!("# {title}\n{files}") }
    };
    let text: String = parts.into_iter().map(part).collect();
    if text.is_empty() {
        return "no edits of yours, and an update would change nothing\n".to_owned();
    }
    visible(&(surroundings.head() + &text)).into_owned()
}

/// The same for programs: a patch a file.
pub fn differences_json(edits: &Plan, update: &Plan, surroundings: &Surroundings<'_>) -> String {
    let files = |plan: &Plan| -> Vec<Value> {
        let one = |change: &Change| {
            json!({
                "path": change.path,
                "verb": change.verb.word(),
                "patch": file(change, surroundings),
            })
        };
        readable(plan).map(one).collect()
    };
    let (edited, updated) = (files(edits), files(update));
    document(json!({ "edits": edited, "update": updated, "conflicts": update.conflicts }))
}

fn readable(plan: &Plan) -> impl Iterator<Item = &Change> {
    plan.changes.iter().filter(|change| !Kept::is_bookkeeping(&change.path))
}

impl Surroundings<'_> {
    /// Where the patch applies; git passes over what stands before the first file.
    fn head(&self) -> String {
        let place =
            |root: &String| format!("# the paths are relative to {root}: run `git apply` there\n");
        self.elsewhere.as_ref().map_or_else(String::new, place)
    }
}

fn file(change: &Change, surroundings: &Surroundings<'_>) -> String {
    let OnDisk { path, is_executable } = (surroundings.real)(&change.path);
    let (old, new) = (name("a", &path), name("b", &path));
    let mode = if is_executable { "100755" } else { "100644" };
    let kind = match (&change.before, &change.after) {
        (None, _) => "new file mode 100644\n".to_owned(),
        (_, None) => format!("deleted file mode {mode}\n"),
        _ => String::new(),
    };
    let hunks = hunks(change);
    let mut out = format!("diff --git {old} {new}\n{kind}");
    if !hunks.is_empty() {
        let from = side(&old, change.before.is_some());
        let to = side(&new, change.after.is_some());
        let _ = write!(out, "--- {from}\n+++ {to}\n{hunks}");
    }
    out
}

fn hunks(change: &Change) -> String {
    let (before, after) = (lossless(change.before.as_deref()), lossless(change.after.as_deref()));
    // To git a line ends at a line feed and nowhere else.
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let diff = similar::TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    diff.unified_diff().context_radius(3).iter_hunks().map(|hunk| hunk.to_string()).collect()
}

/// What is planned is text that was read as UTF-8, so nothing is lost here.
fn lossless(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

/// `name` at the head of its side of the hunks.
fn side(name: &str, exists: bool) -> String {
    // A tab ends the name, so that one with spaces is read whole.
    let end = if name.contains(' ') && !name.starts_with('"') { "\t" } else { "" };
    if exists { format!("{name}{end}") } else { "/dev/null".to_owned() }
}
