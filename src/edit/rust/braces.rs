//! One more entry, last, in a list between braces: the fields of a struct or of its literal.

use std::ops::Range;

use super::lines::{block_after, line_tail};
use crate::edit::lines::{indent_of, is_first};
use crate::edit::{Edit, line_ending};

/// Widest list of fields that rustfmt leaves on one line.
const ONE_LINE_FIELDS: usize = 18;
/// Widest line that rustfmt writes.
const LINE: usize = 100;

/// The braces of a list and the entries between them, as byte ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Braces {
    /// First byte behind `{`.
    pub(super) open: usize,
    /// The byte of `}`.
    pub(super) close: usize,
    /// The entries with their attributes, without commas.
    pub(super) entries: Vec<Range<usize>>,
    /// Whether a comma follows the last entry.
    pub(super) trailing_comma: bool,
    /// True for the definition of a struct, whose fields have a line each, false for a literal.
    pub(super) definition: bool,
}

impl Braces {
    /// Inserts `entry`, of one line or several and without a comma, behind the last entry.
    pub(super) fn append(&self, edit: &mut Edit, source: &str, entry: &[String]) {
        let Some(last) = self.entries.last() else { return self.open_up(edit, source, entry) };
        if source[self.open..self.close].contains('\n') {
            self.append_line(edit, source, last, entry);
        } else if self.fits(source, entry) {
            let comma = if self.trailing_comma { "" } else { "," };
            let end = self.end_of(source, last);
            edit.insert(
                end,
                format!(
                    "{comma} {}{}",
                    entry.join(" "),
                    if self.trailing_comma { "," } else { "" }
                ),
            );
        } else {
            self.spread(edit, source, entry);
        }
    }

    /// End of the last entry, its comma included.
    fn end_of(&self, source: &str, last: &Range<usize>) -> usize {
        if !self.trailing_comma {
            return last.end;
        }
        comma_after(source, last.end).unwrap_or(last.end)
    }

    /// `{}` becomes three lines or more.
    fn open_up(&self, edit: &mut Edit, source: &str, entry: &[String]) {
        let empty = source[self.open..self.close].is_empty();
        if let ([only], true, false) = (entry, empty, self.definition)
            && only.len() <= ONE_LINE_FIELDS
        {
            return edit.insert(self.open, format!(" {only} "));
        }
        let base = indent_of(source, self.open);
        let text = block_after(source, &inner_indent(base), &with_comma(entry));
        let rest = if source[self.open..self.close].contains('\n') {
            String::new()
        } else {
            format!("{}{base}", line_ending(source))
        };
        edit.insert(self.open, text + &rest);
    }

    /// The list already has a line for each entry.
    fn append_line(&self, edit: &mut Edit, source: &str, last: &Range<usize>, entry: &[String]) {
        let own_line = is_first(source, last.start);
        let inner = inner_indent(indent_of(source, self.open));
        let indent = if own_line { indent_of(source, last.start) } else { &inner };
        if !self.trailing_comma {
            edit.insert(last.end, ",");
        }
        let end = self.end_of(source, last);
        match line_tail(source, end) {
            Some(tail) if tail < self.close => {
                let gap = if self.spaced(source) { vec![String::new()] } else { Vec::new() };
                let lines: Vec<String> = gap.into_iter().chain(with_comma(entry)).collect();
                edit.insert(tail, block_after(source, indent, &lines));
            }
            _ if self.trailing_comma => {
                edit.insert(end, block_after(source, indent, &with_comma(entry)))
            }
            _ => edit.insert(end, block_after(source, indent, entry)),
        }
    }

    /// True when an empty line parts every two entries.
    fn spaced(&self, source: &str) -> bool {
        let gap =
            |pair: &[Range<usize>]| source[pair[0].end..pair[1].start].matches('\n').count() > 1;
        self.entries.len() > 1 && self.entries.windows(2).all(gap)
    }

    /// True when rustfmt leaves the longer list on one line, or has not been here: code at column 0
    /// has no literals.
    fn fits(&self, source: &str, entry: &[String]) -> bool {
        let [entry] = entry else { return false };
        let old = self.entries.last().map_or(0, |last| last.end)
            - self.entries.first().map_or(0, |first| first.start);
        let line = source[..self.open].rfind('\n').map_or(0, |newline| newline + 1);
        let end =
            source[self.close..].find('\n').map_or(source.len(), |newline| self.close + newline);
        if indent_of(source, self.open).is_empty() && !self.definition {
            return true;
        }
        let roomy = old > ONE_LINE_FIELDS || old + 2 + entry.len() <= ONE_LINE_FIELDS;
        !self.definition && roomy && end - line + 2 + entry.len() <= LINE
    }

    /// Gives each entry of a one-line list a line of its own, by insertions only: the spaces that
    /// are there become the last column of each indent.
    fn spread(&self, edit: &mut Edit, source: &str, entry: &[String]) {
        let eol = line_ending(source);
        let base = indent_of(source, self.open);
        let inner = inner_indent(base);
        let ahead = |at: usize, indent: &str| {
            let kept = source[at..].starts_with(' ') && indent.ends_with(' ');
            format!("{eol}{}", if kept { &indent[..indent.len() - 1] } else { indent })
        };
        edit.insert(self.open, ahead(self.open, &inner));
        for (entry, next) in self.entries.iter().zip(&self.entries[1..]) {
            let comma = comma_after(source, entry.end).unwrap_or(entry.end);
            if comma <= next.start {
                edit.insert(comma, ahead(comma, &inner));
            }
        }
        let Some(last) = self.entries.last() else { return };
        let end = self.end_of(source, last);
        let comma = if self.trailing_comma { "" } else { "," };
        let lines = block_after(source, &inner, &with_comma(entry));
        edit.insert(end, format!("{comma}{lines}{}", ahead(end, base)));
    }
}

/// End of the comma that follows `at` behind nothing but white space and comments.
fn comma_after(source: &str, at: usize) -> Option<usize> {
    let mut rest = &source[at..];
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n')?.1;
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
        } else {
            return rest.starts_with(',').then(|| source.len() - rest.len() + 1);
        }
    }
}

fn inner_indent(base: &str) -> String {
    format!("{base}{}", if base.contains('\t') { "\t" } else { "    " })
}

fn with_comma(entry: &[String]) -> Vec<String> {
    let mut lines = entry.to_vec();
    if let Some(last) = lines.last_mut() {
        last.push(',');
    }
    lines
}
