//! Splices: replacements by byte range, the only way in which an editor changes a text.

use std::ops::Range;

/// One replacement: the bytes in `range` of the source become `text`. An empty range is an
/// insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Byte range of the source, on character boundaries.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// A set of splices of one source. Invariant: sorted by position, disjoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    splices: Vec<Splice>,
}

impl Edit {
    /// An edit of one insertion.
    pub fn insertion(at: usize, text: impl Into<String>) -> Self {
        let mut edit = Self::default();
        edit.insert(at, text);
        edit
    }

    /// Adds an insertion at byte `at`, behind earlier insertions at the same place.
    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    /// Adds a replacement of `range` by `text`.
    ///
    /// # Panics
    /// When `range` overlaps a splice that is already there: two editors claiming the same bytes is
    /// a defect of theirs.
    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        let place = self.splices.partition_point(|other| {
            other.range.start <= range.start && other.range.end <= range.end
        });
        let free = self.splices.get(place).is_none_or(|next| range.end <= next.range.start)
            && place
                .checked_sub(1)
                .and_then(|before| self.splices.get(before))
                .is_none_or(|last| last.range.end <= range.start);
        assert!(free, "overlapping splices at byte {}", range.start);
        self.splices.insert(place, Splice { range, text: text.into() });
    }

    /// True when the edit changes nothing.
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty()
    }

    /// The splices, sorted and disjoint.
    pub fn splices(&self) -> &[Splice] {
        &self.splices
    }

    /// The text that this edit makes of `source`, which must be the text it was computed from.
    pub fn apply(&self, source: &str) -> String {
        let mut result = String::with_capacity(
            source.len() + self.splices.iter().map(|splice| splice.text.len()).sum::<usize>(),
        );
        let mut copied = 0;
        for splice in &self.splices {
            result.push_str(&source[copied..splice.range.start]);
            result.push_str(&splice.text);
            copied = splice.range.end;
        }
        result.push_str(&source[copied..]);
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splices_apply_in_order_of_position() {
        let mut edit = Edit::insertion(3, "X");
        edit.replace(0..1, "A");
        edit.insert(3, "Y");
        assert_eq!(edit.apply("abcd"), "AbcXYd");
    }

    #[test]
    #[should_panic(expected = "overlapping splices at byte 1")]
    fn overlapping_splices_are_refused() {
        let mut edit = Edit::default();
        edit.replace(0..2, "x");
        edit.replace(1..3, "y");
    }
}
