//! The three-way merge of one file, line by line.

use similar::{MergeResolution, TextMerge};

use super::OnConflict;

/// First line of a conflict, before the owner's lines.
pub(super) const YOURS: &str = "<<<<<<< yours";
/// The line between the owner's lines and the template's.
pub(super) const BETWEEN: &str = "=======";
/// Start of the last line of a conflict; the version of rwx follows.
pub(super) const TEMPLATE: &str = ">>>>>>> rwx ";

/// What a merge gives.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged {
    /// The text.
    pub(super) text: String,
    /// The line at which each conflict starts, counted from 1: of `text`, or of the owner's where the conflict forbids the run.
    pub(super) conflicts: Vec<usize>,
}

/// Merges the change from `base` to `template` into `yours`. Where both change the same lines, `on_conflict` says whether
/// only `yours` are in the text or both, between markers.
pub(super) fn merge(base: &str, yours: &str, template: &str, on_conflict: OnConflict) -> Merged {
    let merge = TextMerge::from_lines(base, yours, template);
    let mut out = Writer { text: String::new(), newline: newline(yours) };
    let mut conflicts = Vec::new();
    for region in merge.regions() {
        let mine: Vec<&str> = region.ours_range().filter_map(|index| merge.ours_line(index)).collect();
        let theirs: Vec<&str> = region.theirs_range().filter_map(|index| merge.theirs_line(index)).collect();
        match region.resolution() {
            MergeResolution::Theirs => out.lines(&theirs),
            MergeResolution::Conflict => {
                let line = out.conflict(&mine, &theirs, on_conflict);
                let forbids = on_conflict == OnConflict::Abort;
                conflicts.push(if forbids { region.ours_range().start + 1 } else { line });
            }
            _ => out.lines(&mine),
        }
    }
    Merged { text: out.text, conflicts }
}

/// The line ending of `text`.
fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The merged text in the making.
struct Writer {
    text: String,
    newline: &'static str,
}

impl Writer {
    fn lines(&mut self, lines: &[&str]) {
        for line in lines {
            self.end_line();
            self.text.push_str(line);
        }
    }

    fn marker(&mut self, marker: &str) {
        self.begin_line();
        self.text.push_str(marker);
        self.text.push_str(self.newline);
    }

    /// Ends the last line, which a file without a final newline leaves open. A lone carriage return ends a line of the merge.
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

    /// Writes a conflict and returns the line at which it starts. What both begin or end alike stands outside of the markers.
    fn conflict(&mut self, yours: &[&str], template: &[&str], on_conflict: OnConflict) -> usize {
        let alike = |a: &mut dyn Iterator<Item = (&&str, &&str)>| a.take_while(|(a, b)| a == b).count();
        let head = alike(&mut yours.iter().zip(template));
        let (yours_rest, template_rest) = (&yours[head..], &template[head..]);
        let tail = alike(&mut yours_rest.iter().rev().zip(template_rest.iter().rev()));
        self.lines(&yours[..head]);
        if on_conflict == OnConflict::Keep {
            self.end_line()
        } else {
            self.begin_line()
        }
        let line = self.text.matches('\n').count() + 1;
        let yours_own = &yours_rest[..yours_rest.len() - tail];
        if on_conflict == OnConflict::Keep {
            self.lines(yours_own);
        } else {
            self.marker(YOURS);
            self.lines(yours_own);
            self.marker(BETWEEN);
            self.lines(&template_rest[..template_rest.len() - tail]);
            self.marker(&format!("{TEMPLATE}{}", env!("CARGO_PKG_VERSION")));
        }
        self.lines(&yours_rest[yours_rest.len() - tail..]);
        line
    }
}
