//! Editors: one text in, one [`Edit`] out, nothing read and nothing written.
//!
//! Every editor parses its format only to learn byte positions and then describes splices, so all
//! bytes that it does not name stay as they are (line endings, byte order mark, comments, order, a
//! missing final newline). What adds something inserts; what takes a [`Part`] out again deletes.
//!
//! Laws, held by property tests: applying an editor to its own output changes nothing; the output
//! parses where the input did; the output without what was inserted is the input.

pub mod compose;
pub mod dotenv;
#[cfg(test)]
mod laws;
mod lines;
pub mod manifest;
pub mod markdown;
mod part;
mod put_back;
pub mod rust;
mod splice;
mod trace;

pub(crate) use lines::is_first;
pub use part::{Part, State, together};
pub use splice::{Edit, Splice};
pub use trace::{Step, Trace, steps};

use std::ops::Range;

/// What an editor answers: the edit to make (empty when everything asked for is there already), or
/// why it makes none.
pub type Outcome = Result<Edit, Refusal>;

/// Why an editor makes no edit, and the bytes of its input that are the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whether the text is broken or merely not safe to edit.
    pub kind: RefusalKind,
    /// Byte range of the input to show to the user; empty at the position where something is
    /// missing.
    pub at: Range<usize>,
    /// What is wrong, in lower case without a trailing dot.
    pub reason: String,
}

/// The two ways in which an editor refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The text does not parse: the run ends with an error and nothing is written.
    Malformed,
    /// The text is valid but has no place where the edit is certain to be right: it becomes a
    /// by-hand notice.
    Unsafe,
}

impl Refusal {
    /// A refusal because the text does not parse.
    pub fn malformed(at: Range<usize>, reason: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Malformed, at, reason: reason.into() }
    }

    /// A refusal because no safe place was found.
    pub fn not_safe(at: Range<usize>, reason: impl Into<String>) -> Self {
        Self { kind: RefusalKind::Unsafe, at, reason: reason.into() }
    }
}

/// The line ending that `source` uses: `"\r\n"` when its first line ends so, `"\n"` otherwise.
pub fn line_ending(source: &str) -> &'static str {
    match source.find('\n') {
        Some(at) if source[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
