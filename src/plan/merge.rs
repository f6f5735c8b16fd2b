//! The three-way merge of one file, line by line.

use std::borrow::Cow;

use similar::{DiffableStr as _, MergeResolution, TextMerge};

use super::OnConflict;

/// First line of a conflict, before the owner's lines.
pub(super) const YOURS: &str = "<<<<<<< yours";
/// The line before what an earlier run rendered, where that is known.
const OLDER: &str = "||||||| older template";
/// The line before the template's lines.
pub(super) const BETWEEN: &str = "=======";
/// Last line of a conflict with a template of rwx's own.
pub(super) const RWX: &str = concat!(">>>>>>> rwx ", env!("CARGO_PKG_VERSION"));
/// Last line of a conflict with a template of somebody else's.
pub(super) const TEMPLATE: &str = ">>>>>>> template";
/// How [`RWX`] starts, whatever the version.
const OF_RWX: &str = ">>>>>>> rwx ";

/// What a merge starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base<'a> {
    /// The text.
    pub(super) text: Cow<'a, str>,
    /// True when an earlier run has rendered it. Else it tells nothing of a line in which the
    /// owner's text and the template's differ: either may be the old one.
    pub(super) is_sure: bool,
}

/// What a merge gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged {
    /// The text.
    pub(super) text: String,
    /// The line at which each conflict starts, counted from 1: of `text`, or of the owner's where
    /// the conflict forbids the run.
    pub(super) conflicts: Vec<usize>,
}

/// Merges the change from `base` to `template` into `yours`, whatever their line endings; those of
/// `yours` stay. Where both change the same lines, `on_conflict` says whether only `yours` are in
/// the text or both, between markers, of which `last` is the last.
pub(super) fn merge(
    base: &Base<'_>,
    yours: &str,
    (template, last): (&str, &'static str),
    on_conflict: OnConflict,
) -> Merged {
    let own = yours.tokenize_lines();
    // A carriage return before one that ends a line would come to end it.
    let plain = Some(fed(yours)).filter(|plain| plain.tokenize_lines().len() == own.len());
    let (plain_base, plain, template) =
        (fed(&base.text), plain.unwrap_or(Cow::Borrowed(yours)), fed(template));
    let merge = TextMerge::from_lines(&*plain_base, &*plain, &*template);
    let mut out = Writer { text: String::new(), newline: newline(yours), last, on_conflict };
    let mut conflicts = Vec::new();
    for region in merge.regions() {
        let lines = region.ours_range();
        let line =
            |index| Some(Line { own: own.get(index).copied()?, plain: merge.ours_line(index)? });
        let mine: Vec<Line<'_>> = lines.clone().filter_map(line).collect();
        let theirs: Vec<&str> =
            region.theirs_range().filter_map(|index| merge.theirs_line(index)).collect();
        let older: Vec<&str> =
            region.base_range().filter_map(|index| merge.base_line(index)).collect();
        let older = base.is_sure.then_some(&*older);
        match region.resolution() {
            MergeResolution::Theirs if base.is_sure => out.template(&theirs),
            MergeResolution::Theirs | MergeResolution::Conflict => {
                let line = out.conflict(&mine, older, &theirs);
                conflicts.push(if on_conflict == OnConflict::Abort {
                    lines.start + 1
                } else {
                    line
                });
            }
            _ => out.yours(&mine),
        }
    }
    Merged { text: out.text, conflicts }
}

/// `text` with a line feed for every carriage return and line feed.
pub(super) fn fed(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) }
}

/// The line ending of most lines of `text`.
pub(super) fn newline(text: &str) -> &'static str {
    if text.matches("\r\n").count() * 2 > text.matches('\n').count() { "\r\n" } else { "\n" }
}

/// A line of the owner's.
struct Line<'a> {
    /// As it stands.
    own: &'a str,
    /// As it is compared.
    plain: &'a str,
}

/// The merged text in the making.
struct Writer {
    text: String,
    newline: &'static str,
    last: &'static str,
    on_conflict: OnConflict,
}

/// True for a line of a conflict that is nobody's text; [`BETWEEN`] may be a heading's underline.
pub(super) fn is_marker(line: &str) -> bool {
    line.starts_with(YOURS) || line.starts_with(OF_RWX) || [OLDER, TEMPLATE].contains(&line)
}

impl Writer {
    fn yours(&mut self, lines: &[Line<'_>]) {
        for line in lines {
            self.end_line();
            self.text.push_str(line.own);
        }
    }

    fn template(&mut self, lines: &[&str]) {
        for line in lines {
            self.end_line();
            self.text.push_str(&line.replace('\n', self.newline));
        }
    }

    fn marker(&mut self, marker: &str) {
        self.begin_line();
        self.text.push_str(marker);
        self.text.push_str(self.newline);
    }

    /// Ends the last line, which a file without a final newline leaves open. A lone carriage return
    /// ends a line of the merge.
    fn end_line(&mut self) {
        if !self.text.ends_with('\r') {
            self.begin_line();
        }
    }

    /// Begins a line, for git and editors too.
    fn begin_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(self.newline);
        }
    }

    /// Writes a conflict and returns the line at which it starts. What both begin or end alike
    /// stands outside of the markers, as with git's `zdiff3`.
    fn conflict(&mut self, yours: &[Line<'_>], older: Option<&[&str]>, template: &[&str]) -> usize {
        let is_same = |(mine, line): &(&Line<'_>, &&str)| mine.plain == **line;
        let head = yours.iter().zip(template).take_while(is_same).count();
        let (yours_rest, template_rest) = (&yours[head..], &template[head..]);
        let tail =
            yours_rest.iter().rev().zip(template_rest.iter().rev()).take_while(is_same).count();
        self.yours(&yours[..head]);
        let is_told = self.on_conflict != OnConflict::Keep;
        if is_told {
            self.begin_line()
        } else {
            self.end_line()
        }
        let line = self.text.matches('\n').count() + 1;
        let (yours_own, yours_tail) = yours_rest.split_at(yours_rest.len() - tail);
        if is_told {
            self.marker(YOURS);
            self.yours(yours_own);
            if let Some(older) = older {
                self.marker(OLDER);
                self.template(older);
            }
            self.marker(BETWEEN);
            self.template(&template_rest[..template_rest.len() - tail]);
            self.marker(self.last);
        } else {
            self.yours(yours_own);
        }
        self.yours(yours_tail);
        line
    }
}
