//! What a run says besides its report.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::apply::Recovery;
use crate::problem::reason;
use crate::visible::one_line;

/// What became of a run that was interrupted in `folder`.
pub fn recovery(folder: &Path, recovery: Recovery) -> String {
    let became = match recovery {
        Recovery::Finished => "finished first: all that it was to write is written",
        Recovery::Undone => "undone first: nothing of it is written",
    };
    format!(
        "note: a run of rwx in {} was interrupted, and is {became}\n",
        one_line(&folder.to_string_lossy())
    )
}

/// What cargo is about to do, which is not harmless and can take a while.
pub fn verifying() -> &'static str {
    "note: running `cargo check` on what was written, which runs the project's build scripts and \
    macros\n"
}

/// That cargo was not asked, and when it will be.
pub fn unverified() -> &'static str {
    "note: `cargo check` is not run on files with conflicts; end the update with `rwx infra \
    update --continue --verify`\n"
}

/// That the report of a run that has written cannot be printed; nothing where its reader has gone.
pub fn unreported(error: &Error) -> String {
    if error.kind() == ErrorKind::BrokenPipe {
        return String::new();
    }
    format!("warning: all is written, but the report cannot be printed: {}\n", reason(error))
}
