//! The versions of a rendered file that an update brings together.

use std::borrow::Cow;

use super::Rendered;
use super::pristine::{Copy, Known, is_text, says};
use crate::edit::rust::same_but_for_layout;
use crate::plan::case::Case;
use crate::plan::merge::{Base, RWX, TEMPLATE, fed, newline};
use crate::problem::Problem;
use crate::project::tree::join;
use crate::project::{Record, Tree};

/// Where a file and its pristine copy are.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Place {
    /// The file.
    pub(in crate::plan) path: String,
    /// The pristine copy.
    pub(in crate::plan) base: String,
}

/// A rendered file as it was, as the owner has it and as it is to be. Line endings count for
/// nothing: she or git may have rewritten each text with others.
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
    pub(super) base: Option<Base<'a>>,
    /// What tells that text.
    pub(super) digests: Option<&'a str>,
    /// How its pristine copy stands.
    pub(super) copy: Copy,
    /// What the owner has.
    pub(super) yours: Option<&'a str>,
    /// What the templates render now.
    pub(super) template: &'a str,
    /// The same in the project's layout, where it has one.
    pub(super) laid_out: Option<String>,
    /// What an earlier run rendered in that layout.
    pub(super) laid_out_base: Option<String>,
    /// True when an earlier run wrote the file.
    pub(super) is_recorded: bool,
    /// True when the pristine copy is what the templates render now.
    pub(super) is_current: bool,
    /// True when the owner has another file where this one goes.
    pub(super) is_taken: bool,
    /// The line that ends a conflict with the template.
    pub(super) marker: &'static str,
}

impl<'a> Versions<'a> {
    /// Reads the versions of `file`, which is among the files that the templates render `again` for
    /// the choices of the earlier run.
    ///
    /// # Errors
    /// When one is not UTF-8.
    pub(super) fn read(
        case: &'a Case<'_>,
        file: &'a Rendered,
        again: &'a [Rendered],
    ) -> Result<Self, Problem> {
        let again =
            again.iter().find(|other| other.path == file.path).map(|other| other.text.as_str());
        let (tree, folder) = (&case.project.tree, &case.project.folder);
        let place = |path: &str| Place {
            path: join(folder, path),
            base: Record::base_path(folder, &case.component.spec.name, path),
        };
        let old = former(case, file).unwrap_or(file.path.as_str());
        let known = case.known(old);
        // A change of all files may have reached the paths in the record.
        let digests = known.digests.or_else(|| case.digests_of(&file.text));
        let known = Known { again, digests, ..known };
        let versions = Self::of(tree, place(&file.path), place(old), &file.text, &known)?;
        Ok(Self { marker: if case.component.is_embedded { RWX } else { TEMPLATE }, ..versions })
    }

    /// The versions of the file that is to be rwx's own `template` and to stand at `new`; an
    /// earlier run, of which `known` is known, put it at `old`.
    ///
    /// # Errors
    /// As [`Versions::read`].
    pub(in crate::plan) fn of(
        tree: &'a Tree,
        new: Place,
        old: Place,
        template: &'a str,
        known: &Known<'a>,
    ) -> Result<Self, Problem> {
        let Place { path, base: base_path } = new;
        let from = if tree.contains(&old.path) { old.path } else { path.clone() };
        let base_from = old.base;
        let (pristine, yours) = (tree.text(&base_from)?, tree.text(&from)?);
        let copy = known.look_at(&path, pristine);
        let is_as_before = || {
            copy == Copy::Sound && known.digests.is_some_and(|digests| is_text(digests, template))
        };
        let is_current =
            pristine.is_some_and(|pristine| fed(pristine) == fed(template) || is_as_before());
        let is_taken = from != path && tree.contains(&path);
        let base = known.base(&path, pristine, yours, template);
        let is_recorded = known.is_recorded || base.is_some();
        Ok(Self {
            path,
            from,
            base_path,
            base_from,
            base,
            digests: known.digests,
            copy,
            yours,
            template,
            laid_out: None,
            laid_out_base: None,
            is_recorded,
            is_current,
            is_taken,
            marker: RWX,
        })
    }

    /// True when the owner has the file where an older template had put it.
    pub(super) fn is_renamed(&self) -> bool {
        self.from != self.path
    }

    /// The template's text in the project's layout and in the line endings that the owner's file
    /// has.
    pub(super) fn written(&self) -> Cow<'_, str> {
        let text = self.laid_out.as_deref().unwrap_or(self.template);
        match self.yours.map(newline) {
            Some("\r\n") => Cow::Owned(fed(text).replace('\n', "\r\n")),
            Some(_) => fed(text),
            None => Cow::Borrowed(text),
        }
    }

    /// True when `yours` says what `base` says, in the layout of the owner's formatter.
    pub(super) fn is_laid_out_anew(&self, base: &Base<'_>, yours: &str) -> bool {
        match self.digests {
            Some(digests) => base.is_sure && says(digests, &self.path, yours),
            None => base.is_sure && is_laid_out_anew(&self.path, &base.text, yours),
        }
    }

    /// True when what the owner has is what the templates render, in any layout.
    pub(super) fn is_as_rendered(&self, yours: &str) -> bool {
        let is_as = |text: &str| fed(text) == fed(yours);
        is_as(self.template) || self.laid_out.as_deref().is_some_and(is_as)
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

/// True when both say the same, whatever their line endings.
pub(in crate::plan) fn same_lines(a: &[u8], b: &[u8]) -> bool {
    lines(a).eq(lines(b))
}

/// The lines of a text, without what ends them.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// True when the file at `path`, relative to the package's `folder`, is there and is not what rwx
/// wrote, as far as the `record` of `component` tells.
pub(in crate::plan) fn is_edited(
    tree: &Tree,
    folder: &str,
    component: &str,
    record: &Record,
    path: &str,
) -> bool {
    let place =
        Place { path: join(folder, path), base: Record::base_path(folder, component, path) };
    differs(tree, &place, record.digests.get(path).map(String::as_str))
}

/// True when the file at `place` is there and is not what rwx wrote, which has these `digests`;
/// without them, the pristine copy tells.
pub(super) fn differs(tree: &Tree, place: &Place, digests: Option<&str>) -> bool {
    let Some(disk) = tree.bytes(&place.path) else { return false };
    let Ok(yours) = std::str::from_utf8(disk) else { return true };
    match (digests, tree.text(&place.base).ok().flatten()) {
        (Some(digests), _) => !says(digests, &place.path, yours),
        (None, Some(copy)) => !is_written(&place.path, copy, yours),
        (None, None) => true,
    }
}

/// True when `yours`, the file at `path`, is the rendered `text`, in whatever layout and line
/// endings.
pub(in crate::plan) fn is_written(path: &str, text: &str, yours: &str) -> bool {
    fed(text) == fed(yours) || is_laid_out_anew(path, text, yours)
}

/// True when both texts of the file at `path` are the same code in other layouts.
fn is_laid_out_anew(path: &str, base: &str, yours: &str) -> bool {
    path.ends_with(".rs") && same_but_for_layout(base, yours)
}
