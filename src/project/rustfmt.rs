//! The only code that runs rustfmt: the owner's own, by name, on a text and far from her project.
//!
//! Rustup takes the toolchain that the folder at hand asks for, and would fetch one that is not
//! there; rustfmt given a file reads, and writes, the modules that this names. So it runs at the
//! top of the file system and gets its text on standard input; of the project it reads the
//! configuration alone.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::child::ask;

/// The Rust `source` of an `edition` as rustfmt lays it out by the configuration in the file
/// `config`; nothing where it cannot.
pub(super) fn rustfmt(config: &Path, edition: &str, source: &str) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt");
    rustfmt
        .args(["--emit", "stdout", "--color", "never", "--edition", edition, "--config-path"])
        .arg(config);
    rustfmt.current_dir(neutral()).env("RUSTUP_AUTO_INSTALL", "0");
    let answer = ask(rustfmt, source.as_bytes().to_vec()).ok()?;
    String::from_utf8(answer.said).ok().filter(|_| answer.status.success())
}

/// A folder that is in nobody's project.
fn neutral() -> PathBuf {
    if cfg!(unix) { PathBuf::from("/") } else { std::env::temp_dir() }
}
