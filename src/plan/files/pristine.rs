//! The pristine text of a rendered file, which is the base of a merge.
//!
//! What reaches all files of a repository (a licence line, a rename, a formatter, a hook) reaches
//! the pristine copies too. So a copy counts only where it has the digests that the record holds;
//! else the text is rendered again, if it still can be.

use crate::edit::rust::outline;
use crate::plan::merge::{Base, fed};
use crate::project::{Record, digest};

/// What is known of the text that an earlier run rendered for a file.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::plan) struct Known<'a> {
    /// True when the record names the file.
    pub(in crate::plan) is_recorded: bool,
    /// Its [`digests`], where the record has them.
    pub(in crate::plan) digests: Option<&'a str>,
    /// True when the record has digests: a file without them is none that it tells of.
    pub(in crate::plan) has_digests: bool,
    /// What the templates render today for the choices of that run.
    pub(in crate::plan) again: Option<&'a str>,
    /// True when that run had the templates of today.
    pub(in crate::plan) is_same: bool,
}

/// How the pristine copy of a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Copy {
    /// It says what an earlier run rendered, as far as can be told.
    Sound,
    /// Somebody else has written it.
    Altered,
    /// It is not there.
    Gone,
}

/// What tells the pristine `text` of the file at `path`: a digest of it, and those of what counts
/// as unedited besides, which is the same code in any layout and the text as it was `written`.
/// Those that were found `earlier` save work where they are the same.
pub(in crate::plan) fn digests(
    path: &str,
    text: &str,
    written: &str,
    earlier: Option<&str>,
) -> String {
    let of_text = |text: &str| digest(fed(text).as_bytes());
    let written = Some(written).filter(|written| fed(written) != fed(text)).map(of_text);
    if let Some(same) = earlier.filter(|earlier| is_text(earlier, text) && written.is_none()) {
        return same.to_owned();
    }
    [Some(of_text(text)), said(path, text), written]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The digest of what the code in the file at `path` says in any layout.
fn said(path: &str, text: &str) -> Option<String> {
    let words = path.ends_with(".rs").then(|| outline(text))??;
    Some(digest(words.join("\n").as_bytes()))
}

/// True when `digests` are those of the pristine `text`.
pub(in crate::plan) fn is_text(digests: &str, text: &str) -> bool {
    digests.split(' ').next() == Some(&digest(fed(text).as_bytes()))
}

/// True when `text`, the file at `path`, counts as unedited by its `digests`.
pub(super) fn says(digests: &str, path: &str, text: &str) -> bool {
    let known: Vec<&str> = digests.split(' ').collect();
    known.contains(&&*digest(fed(text).as_bytes()))
        || said(path, text).is_some_and(|said| known[1..].contains(&&*said))
}

impl<'a> Known<'a> {
    /// What `record` tells of the file at `path`, relative to the package's folder.
    pub(in crate::plan) fn of(record: &'a Record, path: &str) -> Self {
        Self {
            is_recorded: record.files.iter().any(|file| file == path),
            digests: record.digests.get(path).map(String::as_str),
            has_digests: !record.digests.is_empty(),
            again: None,
            is_same: false,
        }
    }

    /// How `copy` of the file at `path` stands.
    pub(in crate::plan) fn look_at(&self, path: &str, copy: Option<&str>) -> Copy {
        let Some(copy) = copy else { return Copy::Gone };
        let is_sound = match (self.digests, self.again) {
            (Some(digests), _) => says(digests, path, copy),
            (None, Some(again)) if self.is_same => fed(copy) == fed(again),
            (None, _) => !self.has_digests,
        };
        if is_sound { Copy::Sound } else { Copy::Altered }
    }

    /// The base of a merge of `template` into `yours`, the file at `path`, of which `copy` is the
    /// pristine one; nothing for a file of which nothing is known.
    pub(in crate::plan) fn base(
        &self,
        path: &str,
        copy: Option<&'a str>,
        yours: Option<&'a str>,
        template: &'a str,
    ) -> Option<Base<'a>> {
        let sure = |text: &'a str| Base { text: fed(text), is_sure: true };
        let is_it = |text: &&'a str| self.digests.is_some_and(|digests| is_text(digests, text));
        let says_it =
            |text: &&'a str| self.digests.is_some_and(|digests| says(digests, path, text));
        let exact = [copy, Some(template), self.again].into_iter().flatten().find(is_it);
        let certain = exact.or(self.again.filter(|_| self.is_same));
        let certain = certain.or(copy.filter(|_| !self.has_digests));
        if let Some(text) = certain.or_else(|| [copy, yours].into_iter().flatten().find(says_it)) {
            return Some(sure(text));
        }
        let text = copy.or(yours.filter(|_| self.is_recorded))?;
        Some(Base { is_sure: false, ..sure(text) })
    }
}
