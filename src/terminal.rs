//! Where a run prints: what it was asked for on one stream, talk on the other.

use std::io::{self, Write};

/// The two streams of a run. Writing to it writes what was asked for.
pub struct Terminal<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Terminal<'a> {
    /// Prints to `out`, and talks on `err`.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err }
    }

    /// Says `text` to the user.
    pub fn talk(&mut self, text: &str) {
        // There is nobody left to tell when this is closed.
        let _ = self.err.write_all(text.as_bytes());
    }
}

impl Write for Terminal<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
