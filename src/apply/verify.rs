//! `cargo check` in the project that was written, before it is decided that it stays.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::problem::{Problem, reason};

/// The check that decides whether a run stays.
#[derive(Debug, Clone, Copy)]
pub struct Verify<'a> {
    /// The manifest of the package that has to compile.
    pub manifest: &'a Path,
    /// True where cargo tells the user of its progress itself.
    pub is_shown: bool,
}

/// Checks the package of a manifest.
///
/// # Errors
/// A [`Problem`] with the compiler's first error, or with what cargo said.
pub(super) fn check(Verify { manifest, is_shown }: Verify<'_>) -> Result<(), Problem> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(manifest.parent().unwrap_or(Path::new("."))).stdin(Stdio::null());
    cargo.args(["check", "--message-format=json", "--manifest-path"]).arg(manifest);
    if is_shown {
        cargo.stderr(Stdio::inherit());
    }
    match cargo.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(failure(&output)),
        Err(error) => Err(Problem::new(format!("cannot run `cargo check`: {}", reason(&error)))
            .help("nothing was changed; install cargo, or run the command without --verify")),
    }
}

fn failure(output: &Output) -> Problem {
    if let Some(error) = first_error(&String::from_utf8_lossy(&output.stdout)) {
        return Problem::new("the project does not compile with these changes").output(error).help(
            "nothing was changed; if it did not compile before either, run the command \
                without --verify",
        );
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let error = said.find("error: ").and_then(|at| said.get(at..)).unwrap_or(&said);
    let problem = Problem::new("`cargo check` failed before it came to the code")
        .help("nothing was changed; mend the cause, or run the command without --verify");
    // What cargo told the user itself is not said twice.
    if error.is_empty() { problem } else { problem.output(error.trim_end()) }
}

/// The first error among the messages that cargo prints, a JSON object a line.
fn first_error(messages: &str) -> Option<String> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut errors = messages.filter(|message| message["message"]["level"] == "error");
    errors.find_map(|error| Some(error["message"]["rendered"].as_str()?.trim_end().to_owned()))
}
