//! Where lines begin and end around a node, so that whole lines can be inserted between the user's
//! own.

use crate::edit::line_ending;
use crate::edit::lines::start_of;

/// End of the line that holds `end`, before its line ending, when a node ending at `end` is the
/// last thing in it apart from a comment; `None` when code or an open block comment follows.
pub(super) fn line_tail(source: &str, end: usize) -> Option<usize> {
    let rest = &source[end..];
    let line = rest.split('\n').next().unwrap_or(rest);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut tail = line.trim_start();
    while let Some(comment) = tail.strip_prefix("/*") {
        if comment.contains("/*") {
            return None;
        }
        tail = comment.split_once("*/")?.1.trim_start();
    }
    (tail.is_empty() || tail.starts_with("//")).then_some(end + line.len())
}

/// Start of the block of `//` lines directly above the line that begins at `line`, not looking
/// above `floor`; `line` itself when there is none.
pub(super) fn comment_block(source: &str, line: usize, floor: usize) -> usize {
    let mut start = line;
    while start > floor {
        let above = start_of(source, start - 1).max(floor);
        let text = source[above..start].trim();
        if !text.starts_with("//") || text.contains("*/") {
            break;
        }
        start = above;
    }
    start
}

/// `lines` as whole lines at `indent`, each ended as the file's lines are; an empty line gets no
/// indent.
pub(super) fn block(source: &str, indent: &str, lines: &[String]) -> String {
    let eol = line_ending(source);
    let mut text = String::new();
    for line in lines.iter().flat_map(|statement| statement.split('\n')) {
        if !line.is_empty() {
            text.push_str(indent);
            text.push_str(line);
        }
        text.push_str(eol);
    }
    text
}

/// `lines` as [`block`] makes them, to stand behind a line that ends at `tail` without its line
/// ending.
pub(super) fn block_after(source: &str, indent: &str, lines: &[String]) -> String {
    let eol = line_ending(source);
    let text = block(source, indent, lines);
    format!("{eol}{}", text.strip_suffix(eol).unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_line_is_a_comment_or_nothing() {
        assert_eq!(line_tail("a; // b\nc", 2), Some(7));
        assert_eq!(line_tail("a; /* b */ \r\nc", 2), Some(11));
        assert_eq!(line_tail("a;", 2), Some(2));
        assert_eq!(line_tail("a; b", 2), None);
        assert_eq!(line_tail("a; /* b\n*/", 2), None);
        assert_eq!(line_tail("a; /* /* */ */", 2), None);
    }

    #[test]
    fn a_comment_block_ends_at_anything_else() {
        let source = "x\n\n// a\n  // b\ny";
        assert_eq!(comment_block(source, source.len() - 1, 0), 3);
        assert_eq!(comment_block("/*\n// a */\ny", 11, 0), 11);
    }
}
