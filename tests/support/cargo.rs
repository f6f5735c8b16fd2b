//! Cargo in a scratch project: one target directory for all of them, and pinned versions of what they depend on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::{Scratch, succeed};

/// Runs `cargo ARGS` in `scratch`, which depends on axum 0.`minor`.
#[track_caller]
pub fn cargo(scratch: &Scratch, minor: u8, args: &[&str]) {
    pin(&scratch.path(), minor);
    succeed(command(&scratch.path()).args(args));
}

/// The binary `name` of `scratch`, built.
#[track_caller]
pub fn build(scratch: &Scratch, minor: u8, name: &str) -> PathBuf {
    // Another project may have a binary of this name, so this one is taken out of the shared directory before the next
    // one is built.
    static BUILDING: Mutex<()> = Mutex::new(());
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    cargo(scratch, minor, &["build", "--bin", name]);
    let built = scratch.path().join("built");
    fs::copy(target().join("debug").join(name), &built).unwrap();
    built
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(folder).env("CARGO_TARGET_DIR", target()).env_remove("RUSTFLAGS").arg("--quiet");
    command
}

/// The target directory that all generated projects share.
pub fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated")
}

/// Gives the project the lock file kept for its axum, so that a release of somebody else's changes no test.
pub fn pin(folder: &Path, minor: u8) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/locks/axum-0.{minor}.lock"));
    if !folder.join("Cargo.lock").exists() {
        fs::copy(kept, folder.join("Cargo.lock")).unwrap();
    }
}
