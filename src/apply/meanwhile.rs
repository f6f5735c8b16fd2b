//! Files that somebody saved while cargo was at work on what the run had written there.

use std::path::Path;

use similar::{MergeResolution, TextDiff, TextMerge};

use super::disk::{self, failed};
use super::job::{Job, Placed};
use crate::edit::rust::same_but_for_layout;
use crate::plan::Change;
use crate::problem::Problem;

/// A file that is no longer as the run has written it.
pub(super) struct Saved<'a> {
    /// Its number in the job.
    index: usize,
    path: &'a str,
    change: &'a Change,
    now: Option<Vec<u8>>,
}

/// What is to be done about such a file.
#[derive(Debug, PartialEq, Eq)]
enum Mend {
    /// Nothing: it is as it has to be.
    Leave,
    /// These bytes are to be in it.
    Write(Vec<u8>),
    /// It is to go.
    Remove,
}

/// The files of `job` that are no longer as it has written them.
///
/// # Errors
/// When one cannot be read.
pub(super) fn saved<'a>(
    base: &Path,
    job: &Job,
    changes: &'a [Placed<'_>],
) -> Result<Vec<Saved<'a>>, Problem> {
    let mut saved = Vec::new();
    for (index, (entry, (path, change))) in job.entries.iter().zip(changes).enumerate() {
        let now = disk::read(&entry.place(base)?).map_err(|error| failed("read", path, &error))?;
        if now != change.after {
            saved.push(Saved { index, path, change, now });
        }
    }
    Ok(saved)
}

/// The paths of `saved`, for a message.
pub(super) fn named<'s>(saved: impl IntoIterator<Item = &'s Saved<'s>>) -> String {
    saved.into_iter().map(|saved| saved.path).collect::<Vec<_>>().join(", ")
}

/// Takes what the run has added out of the files `saved`, where that is certain for all of them;
/// else nothing is written, and the answer is the files for which it is not.
///
/// # Errors
/// When a file cannot be written, or is saved once more.
pub(super) fn take_out<'s>(
    base: &Path,
    job: &Job,
    saved: &'s [Saved<'s>],
) -> Result<Vec<&'s Saved<'s>>, Problem> {
    mend(base, job, saved, |saved| saved.without())
}

/// Puts what the run adds into those of the files `saved` that have nothing of it, where that is
/// certain for all of them; else nothing is written, and the answer is the files for which it is
/// not.
///
/// # Errors
/// When a file cannot be written, or is saved once more.
pub(super) fn put_in<'s>(
    base: &Path,
    job: &Job,
    saved: &'s [Saved<'s>],
) -> Result<Vec<&'s Saved<'s>>, Problem> {
    mend(base, job, saved, |saved| saved.with())
}

fn mend<'s>(
    base: &Path,
    job: &Job,
    saved: &'s [Saved<'s>],
    mended: impl Fn(&Saved<'_>) -> Option<Mend>,
) -> Result<Vec<&'s Saved<'s>>, Problem> {
    let mends: Vec<Option<Mend>> = saved.iter().map(mended).collect();
    let uncertain: Vec<&Saved<'_>> =
        saved.iter().zip(&mends).filter(|(_, mend)| mend.is_none()).map(|(one, _)| one).collect();
    if uncertain.is_empty() {
        for (one, mend) in saved.iter().zip(mends.into_iter().flatten()) {
            job.mend(base, one.index, one.now.as_deref(), mend.into_bytes())?;
        }
    }
    Ok(uncertain)
}

impl Mend {
    /// The bytes to be in the file, nothing for one that goes; nothing at all where it stays.
    fn into_bytes(self) -> Option<Option<Vec<u8>>> {
        match self {
            Self::Leave => None,
            Self::Write(bytes) => Some(Some(bytes)),
            Self::Remove => Some(None),
        }
    }
}

impl Saved<'_> {
    /// The file without what the run has added; nothing where that is not certain.
    fn without(&self) -> Option<Mend> {
        let Change { path, before, after, .. } = self.change;
        let Some(now) = self.now.as_deref() else {
            // One that was new is gone already, and one that was hers she has deleted.
            return Some(Mend::Leave);
        };
        let (Some(after), now) = (after.as_deref().and_then(text), text(now)?) else {
            return Some(Mend::Leave);
        };
        let is_ours = path.ends_with(".rs") && same_but_for_layout(after, now);
        match before.as_deref() {
            None if is_ours => Some(Mend::Remove),
            None => None,
            Some(before) if is_ours => Some(Mend::Write(before.to_vec())),
            Some(before) => match merged(after, now, text(before)?) {
                Some(without) => Some(written(now, without)),
                None => is_nearer(now, text(before)?, after).then_some(Mend::Leave),
            },
        }
    }

    /// The file with what the run adds, where nothing of it is in there; nothing where that cannot
    /// be told.
    fn with(&self) -> Option<Mend> {
        let Change { before, after, .. } = self.change;
        let texts = (
            before.as_deref().and_then(text),
            after.as_deref().and_then(text),
            self.now.as_deref().and_then(text),
        );
        let (Some(before), Some(after), Some(now)) = texts else { return Some(Mend::Leave) };
        if !is_nearer(now, before, after) {
            return Some(Mend::Leave);
        }
        Some(written(now, merged(before, now, after)?))
    }
}

/// True when `now` has more in common with `one` than with `other`: that is what it began as.
fn is_nearer(now: &str, one: &str, other: &str) -> bool {
    let likeness = |text| TextDiff::from_words(text, now).ratio();
    likeness(one) > likeness(other)
}

fn written(now: &str, mended: String) -> Mend {
    if mended == now { Mend::Leave } else { Mend::Write(mended.into_bytes()) }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// `now`, which began as `base`, with what leads from `base` to `other`; nothing where both change
/// the same lines.
fn merged(base: &str, now: &str, other: &str) -> Option<String> {
    let merge = TextMerge::from_lines(base, now, other);
    let mut text = String::new();
    for region in merge.regions() {
        match region.resolution() {
            MergeResolution::Conflict => return None,
            MergeResolution::Theirs => {
                region
                    .theirs_range()
                    .filter_map(|index| merge.theirs_line(index))
                    .for_each(|line| text.push_str(line));
            }
            _ => region
                .ours_range()
                .filter_map(|index| merge.ours_line(index))
                .for_each(|line| text.push_str(line)),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Verb;

    const BEFORE: &str = "//! A.\n\nfn f() {}\n";
    const AFTER: &str = "//! A.\n\nmod ws;\n\nfn f() {}\n";

    fn mend(before: Option<&str>, now: Option<&str>) -> (Option<Mend>, Option<Mend>) {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let change = Change {
            path: "src/a.rs".to_owned(),
            verb: Verb::Update,
            before: before.map(bytes),
            after: Some(bytes(AFTER)),
            details: Vec::new(),
            taken_out: Vec::new(),
        };
        let saved = Saved { index: 0, path: "", change: &change, now: now.map(bytes) };
        (saved.without(), saved.with())
    }

    fn write(text: &str) -> Option<Mend> {
        Some(Mend::Write(text.as_bytes().to_vec()))
    }

    #[test]
    fn what_was_added_goes_out_of_what_she_saved_and_in_where_it_is_missing() {
        let leave = || Some(Mend::Leave);
        for (now, without, with) in [
            (
                "//! A.\n\nmod ws;\n\nfn f() {}\n// Mine.\n",
                write("//! A.\n\nfn f() {}\n// Mine.\n"),
                leave(),
            ),
            (
                "//! A.\n\nfn f() {}\n// Mine.\n",
                leave(),
                write("//! A.\n\nmod ws;\n\nfn f() {}\n// Mine.\n"),
            ),
            ("//! A.\nmod   ws;\nfn f() {}\n", write(BEFORE), leave()),
            ("//! A.\n\npub mod ws;\n\nfn f() {}\n", None, leave()),
            ("//! A.\n// Mine.\nfn f() {}\n", leave(), None),
            (BEFORE, leave(), write(AFTER)),
        ] {
            assert_eq!(mend(Some(BEFORE), Some(now)), (without, with), "{now}");
        }
        assert_eq!(mend(Some(BEFORE), None), (leave(), leave()));
    }

    #[test]
    fn a_new_file_goes_unless_she_has_edited_it() {
        assert_eq!(
            mend(None, Some("//! A.\nmod ws; fn f() {}\n")),
            (Some(Mend::Remove), Some(Mend::Leave))
        );
        assert_eq!(mend(None, Some("//! A.\nmod ws; fn g() {}\n")), (None, Some(Mend::Leave)));
        assert_eq!(mend(None, None), (Some(Mend::Leave), Some(Mend::Leave)));
    }
}
