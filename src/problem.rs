//! What went wrong, where, and what to type next: the one error type that a user sees.

use std::fmt;
use std::io;
use std::ops::Range;

use crate::edit::Refusal;

/// Exit code of a run that failed.
pub const FAILED: u8 = 1;
/// Exit code of a command line that cannot be understood.
pub const USAGE: u8 = 2;
/// Exit code of a run that left conflicts in files, or found them left.
pub const CONFLICTS: u8 = 3;
/// Exit code of a run that was refused to keep something of the user's safe.
pub const REFUSED: u8 = 5;

/// What to do about a file that cannot be read as it stands.
pub const MEND: &str = "mend this line and run the command again; nothing was written";

/// An error for the user. `message` and `help` are lower case without a trailing dot.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// The place in a file of the user's, when there is one.
    pub excerpt: Option<Box<Excerpt>>,
    /// What another program said, which the problem comes from.
    pub output: Option<String>,
    /// What to do or type next.
    pub help: Option<String>,
    /// The process's exit code.
    pub code: u8,
    /// Whether something was written; nothing when that is not known.
    pub written: Option<bool>,
}

/// A place in a text, with the text, so that its line can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Path relative to the project's root.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// The bytes of `text` to point at.
    pub at: Range<usize>,
}

impl Problem {
    /// A failure (exit code 1) without a place, of a run that wrote nothing.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            excerpt: None,
            output: None,
            help: None,
            code: FAILED,
            written: Some(false),
        }
    }

    /// A command line that cannot be understood (exit code 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self { code: USAGE, ..Self::new(message) }
    }

    /// The same problem with what to type next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same problem of a run that may have written something.
    #[must_use]
    pub fn maybe_written(mut self) -> Self {
        self.written = None;
        self
    }

    /// The same problem with what another program said.
    #[must_use]
    pub fn output(mut self, output: impl Into<String>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// The same problem at bytes `at` of `text`, the file at `path`.
    #[must_use]
    pub fn at(
        mut self,
        path: impl Into<String>,
        text: impl Into<String>,
        at: Range<usize>,
    ) -> Self {
        self.excerpt = Some(Box::new(Excerpt { path: path.into(), text: text.into(), at }));
        self
    }

    /// The problem that an editor's refusal is, for the file at `path` with content `text`.
    pub fn refused(path: &str, text: &str, refusal: Refusal) -> Self {
        Self::new(refusal.reason).at(path, text, refusal.at)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(excerpt) = &self.excerpt {
            write!(f, "{}: ", excerpt.place())?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Excerpt {
    /// `path:line:column`, both counted from 1, the column in characters.
    pub fn place(&self) -> String {
        let (line, column) = line_and_column(&self.text, self.at.start);
        format!("{}:{line}:{column}", self.path)
    }

    /// `path:line`, counted from 1.
    pub fn line(&self) -> String {
        format!("{}:{}", self.path, line_and_column(&self.text, self.at.start).0)
    }
}

/// What `error` says, as part of a message: lower case, without the system's number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string().to_lowercase();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// Line and column of byte `at` in `text`, counted from 1, the column in characters; a byte order
/// mark counts as nothing.
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_the_byte_order_mark() {
        assert_eq!(line_and_column("\u{feff}äb\ncd", 5), (1, 2));
        assert_eq!(line_and_column("ab\r\ncd", 5), (2, 2));
        assert_eq!(line_and_column("ab", 99), (1, 3));
    }
}
