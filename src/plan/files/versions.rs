//! The versions of a rendered file that an update brings together.

use std::borrow::Cow;

use super::Rendered;
use crate::edit::rust::same_but_for_layout;
use crate::plan::case::Case;
use crate::problem::Problem;
use crate::project::tree::join;
use crate::project::{Record, Tree};

/// Where a file and its pristine copy are.
pub(in crate::plan) struct Place {
    /// The file.
    pub(in crate::plan) path: String,
    /// The pristine copy.
    pub(in crate::plan) base: String,
}

/// A rendered file as it was, as the owner has it and as it is to be. The texts have the owner's line endings, so that a
/// file that she or git has rewritten with others is not taken for edited.
pub(in crate::plan) struct Versions<'a> {
    /// Where it goes.
    pub(super) path: String,
    /// Where the owner has it: `path`, or where an older template had put it.
    pub(super) from: String,
    /// Where its pristine copy goes.
    pub(super) base_path: String,
    /// Where its pristine copy is.
    pub(super) base_from: String,
    /// What an earlier run rendered.
    pub(super) base: Option<Cow<'a, str>>,
    /// What the owner has.
    pub(super) yours: Option<&'a str>,
    /// What the templates render now, as they do.
    pub(super) text: &'a str,
    /// The same with the owner's line endings.
    pub(super) template: Cow<'a, str>,
    /// True when the pristine copy is what the templates render now, whatever its line endings.
    pub(super) is_current: bool,
    /// True when the owner has another file where this one goes.
    pub(super) is_taken: bool,
}

impl<'a> Versions<'a> {
    /// Reads the versions of `file`.
    ///
    /// # Errors
    /// When one is not UTF-8.
    pub(super) fn read(case: &Case<'a>, file: &'a Rendered) -> Result<Self, Problem> {
        let (tree, folder) = (&case.project.tree, &case.project.folder);
        let place = |path: &str| Place {
            path: join(folder, path),
            base: Record::base_path(folder, &case.component.spec.name, path),
        };
        let old = former(case, file).unwrap_or(file.path.as_str());
        Self::of(tree, place(&file.path), place(old), &file.text)
    }

    /// The versions of the file that is to be `text` and to stand at `new`; an earlier run put it at `old`.
    ///
    /// # Errors
    /// As [`Versions::read`].
    pub(in crate::plan) fn of(tree: &'a Tree, new: Place, old: Place, text: &'a str) -> Result<Self, Problem> {
        let Place { path, base: base_path } = new;
        let from = if tree.contains(&old.path) { old.path } else { path.clone() };
        let base_from = old.base;
        let (base, yours) = (tree.text(&base_from)?, tree.text(&from)?);
        let is_current = base.is_some_and(|base| same_lines(base.as_bytes(), text.as_bytes()));
        let is_taken = from != path && tree.contains(&path);
        let with_ending = |text| if yours.is_some_and(has_carriages) { carried(text) } else { Cow::Borrowed(text) };
        let (base, template) = (base.map(with_ending), with_ending(text));
        Ok(Self { path, from, base_path, base_from, base, yours, text, template, is_current, is_taken })
    }

    /// True when the owner has the file where an older template had put it.
    pub(super) fn is_renamed(&self) -> bool {
        self.from != self.path
    }
}

/// Where an earlier run put `file`, when its template has another name since.
fn former<'a>(case: &'a Case<'_>, file: &Rendered) -> Option<&'a str> {
    let before = case.before.as_ref()?;
    if before.files.contains(&file.path) {
        return None;
    }
    let olds = file.formerly.iter().filter_map(|old| before.files.iter().find(|path| *path == old));
    olds.map(String::as_str).next()
}

/// True when every line of `text` ends with a carriage return and a line feed.
fn has_carriages(text: &str) -> bool {
    let feeds = text.matches('\n').count();
    feeds > 0 && text.matches("\r\n").count() == feeds
}

/// `text` with a carriage return before every line feed.
fn carried(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.replace("\r\n", "\n").replace('\n', "\r\n"))
}

/// True when both say the same, whatever their line endings.
pub(in crate::plan) fn same_lines(a: &[u8], b: &[u8]) -> bool {
    lines(a).eq(lines(b))
}

/// The lines of a text, without what ends them.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// True when the file at `path` is there and does not say what its pristine copy at `base` says.
pub(in crate::plan) fn is_edited(tree: &Tree, path: &str, base: &str) -> bool {
    let (disk, base) = (tree.bytes(path), tree.bytes(base).unwrap_or_default());
    let texts = || Some((std::str::from_utf8(base).ok()?, std::str::from_utf8(disk?).ok()?));
    let is_same =
        |disk| same_lines(disk, base) || texts().is_some_and(|(base, disk)| is_laid_out_anew(path, base, disk));
    disk.is_some_and(|disk| !is_same(disk))
}

/// True when what the owner has of the file at `path` is what rwx wrote, in the layout of her own formatter.
pub(super) fn is_laid_out_anew(path: &str, base: &str, yours: &str) -> bool {
    path.ends_with(".rs") && same_but_for_layout(base, yours)
}
