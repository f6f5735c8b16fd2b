//! Lines of a text by byte position, for the editors of formats that are made of lines.

use std::ops::Range;

use super::{Edit, line_ending};

/// Length of the byte order mark that `source` starts with, else 0.
pub(super) fn byte_order_mark(source: &str) -> usize {
    if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// Start of the line that holds byte `at`, behind a byte order mark.
pub(super) fn start_of(source: &str, at: usize) -> usize {
    source[..at].rfind('\n').map_or_else(|| byte_order_mark(source).min(at), |newline| newline + 1)
}

/// End of the line that holds byte `at`, behind its line ending where it has one.
pub(super) fn end_of(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |newline| at + newline + 1)
}

/// The whitespace at the start of the line that holds byte `at`.
pub(super) fn indent_of(source: &str, at: usize) -> &str {
    let line = &source[start_of(source, at)..end_of(source, at)];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// True when only whitespace stands between byte `at` and the start of its line.
pub(crate) fn is_first(source: &str, at: usize) -> bool {
    source[start_of(source, at)..at].trim().is_empty()
}

/// Start of the line that holds byte `at`, or of the comments (`#`) that stand directly above it.
pub(super) fn start_with_comments(source: &str, at: usize) -> usize {
    let mut start = start_of(source, at);
    while let Some(rest) = source[..start].strip_suffix('\n') {
        let above = start_of(source, rest.len());
        if !source[above..].trim_start_matches([' ', '\t']).starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// Inserts `lines` (joined by `\n`, none at the end) below the line that holds byte `at`, in the
/// text's line ending.
pub(super) fn insert_below(edit: &mut Edit, source: &str, at: usize, lines: &str) {
    let ending = line_ending(source);
    let lines = lines.replace('\n', ending);
    let end = end_of(source, at);
    let text =
        if source[..end].ends_with('\n') { lines + ending } else { format!("{ending}{lines}") };
    edit.insert(end, text);
}

/// An edit that takes the lines away that hold what is at `place` and nothing else.
pub(super) fn cut(source: &str, place: &Range<usize>) -> Option<Edit> {
    let end = end_of(source, place.end);
    let is_alone = is_first(source, place.start) && source[place.end..end].trim().is_empty();
    let mut edit = Edit::default();
    edit.replace(start_of(source, place.start)..end, "");
    is_alone.then_some(edit)
}

/// An edit that puts `lines` (joined by `\n`, none at the end) at the end, one blank line below
/// what is there.
///
/// A text without a final newline stays one.
pub(super) fn append_block(source: &str, lines: &str) -> Edit {
    let ending = line_ending(source);
    let lines = lines.replace('\n', ending);
    let content = &source[byte_order_mark(source)..];
    let terminated = content.is_empty() || content.ends_with('\n');
    let last_is_blank = content.lines().next_back().is_none_or(|line| line.trim().is_empty());
    let before = match (terminated, last_is_blank) {
        (true, true) => String::new(),
        (true, false) | (false, true) => ending.to_owned(),
        (false, false) => ending.repeat(2),
    };
    let after = if terminated { ending } else { "" };
    Edit::insertion(source.len(), format!("{before}{lines}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appended(source: &str) -> String {
        append_block(source, "x\ny").apply(source)
    }

    #[test]
    fn a_block_keeps_the_habit_of_the_end() {
        assert_eq!(appended(""), "x\ny\n");
        assert_eq!(appended("a\n"), "a\n\nx\ny\n");
        assert_eq!(appended("a\n\n"), "a\n\nx\ny\n");
        assert_eq!(appended("a\r\n"), "a\r\n\r\nx\r\ny\r\n");
        assert_eq!(appended("a"), "a\n\nx\ny");
        assert_eq!(appended("\u{feff}"), "\u{feff}x\ny\n");
    }

    #[test]
    fn the_first_line_starts_behind_the_byte_order_mark() {
        assert_eq!(start_of("\u{feff}ab\nc", 4), 3);
    }
}
