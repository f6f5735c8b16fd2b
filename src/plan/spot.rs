//! Places in the user's files: found in a text as it was, told as they are once the plan is carried
//! out.

use std::ops::Range;

use similar::{DiffOp, TextDiff};

use crate::problem::{Excerpt, line_and_column};
use crate::project::Tree;

/// How many names a message has.
const NAMED: usize = 10;

/// `names` in words, the first few of many.
pub(super) fn named(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// A place in a file, kept with the text in which it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    /// The file as a whole.
    File(String),
    /// Some bytes of it.
    Bytes(Excerpt),
}

impl Spot {
    /// The bytes `at` of `text`, the file at `path`.
    pub(super) fn at(path: impl Into<String>, text: impl Into<String>, at: Range<usize>) -> Self {
        Self::Bytes(Excerpt { path: path.into(), text: text.into(), at })
    }

    /// `path` or `path:line:column`, as it is in `tree`: lines that were added above have moved it
    /// down.
    pub(super) fn shown(&self, tree: &Tree) -> String {
        let excerpt = match self {
            Self::File(path) => return path.clone(),
            Self::Bytes(excerpt) => excerpt,
        };
        let (line, column) = line_and_column(&excerpt.text, excerpt.at.start);
        let now = tree.text(&excerpt.path).ok().flatten().unwrap_or(&excerpt.text);
        format!("{}:{}:{column}", excerpt.path, moved(&excerpt.text, now, line))
    }
}

/// The number that line `line` of `before` has in `after`; the same where the line is gone.
fn moved(before: &str, after: &str, line: usize) -> usize {
    if before == after {
        return line;
    }
    let index = line - 1;
    let diff = TextDiff::from_lines(before, after);
    let kept = diff.ops().iter().find_map(|op| match *op {
        DiffOp::Equal { old_index, new_index, len }
            if (old_index..old_index + len).contains(&index) =>
        {
            Some(new_index + index - old_index + 1)
        }
        _ => None,
    });
    kept.unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_moves_with_the_lines_added_above_it() {
        let mut tree = Tree::default();
        tree.put("a.rs", "new\n\none\nadded\n  two\n");
        let spot = |text: &str, at| Spot::at("a.rs", text, at..at).shown(&tree);
        assert_eq!(spot("one\n  two\n", 6), "a.rs:5:3");
        assert_eq!(spot("new\n\none\nadded\n  two\n", 5), "a.rs:3:1");
        assert_eq!(spot("one\ngone\n", 4), "a.rs:2:1");
        assert_eq!(Spot::File("a.rs".to_owned()).shown(&tree), "a.rs");
    }
}
