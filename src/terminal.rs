//! Where a run prints, what it was asked for on one stream and talk on the other, and whom it asks.

use std::io::{self, BufRead, Write};

use crate::visible::screened;

/// The two streams of a run. Whatever is printed is screened: what comes from a project must not
/// steer the user's terminal.
pub struct Terminal<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// True when a program reads `out`.
    for_program: bool,
    /// What the user types, where she is there to be asked.
    answers: Option<&'a mut dyn BufRead>,
    /// True when `err` is a terminal itself.
    is_live: bool,
}

impl<'a> Terminal<'a> {
    /// Prints to `out`, which a program reads or a user, and talks on `err`.
    pub fn new(out: &'a mut dyn Write, for_program: bool, err: &'a mut dyn Write) -> Self {
        Self { out, err, for_program, answers: None, is_live: false }
    }

    /// The same where `err` is a terminal itself, for programs that show their progress there.
    #[must_use]
    pub fn live(self, is_live: bool) -> Self {
        Self { is_live, ..self }
    }

    /// True when another program can show its progress to the user.
    pub fn is_live(&self) -> bool {
        self.is_live
    }

    /// The same with a user who answers.
    #[must_use]
    pub fn answered(self, answers: &'a mut dyn BufRead) -> Self {
        Self { answers: Some(answers), ..self }
    }

    /// True when there is somebody to ask.
    pub fn is_answered(&self) -> bool {
        self.answers.is_some()
    }

    /// Asks the user; nothing where she says nothing more.
    ///
    /// # Errors
    /// The stream's.
    pub fn ask(&mut self, question: &str) -> io::Result<Option<String>> {
        self.talk(question);
        let _ = self.err.flush();
        let mut line = String::new();
        let Some(answers) = &mut self.answers else { return Ok(None) };
        Ok((answers.read_line(&mut line)? > 0).then_some(line))
    }

    /// Prints `text`, which was asked for.
    ///
    /// # Errors
    /// The stream's.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(screened(text, console::colors_enabled(), self.for_program).as_bytes())
    }

    /// Makes sure that all that was printed has left.
    ///
    /// # Errors
    /// The stream's.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Says `text` to the user.
    pub fn talk(&mut self, text: &str) {
        // There is nobody left to tell when this is closed.
        let _ =
            self.err.write_all(screened(text, console::colors_enabled_stderr(), false).as_bytes());
    }
}
