//! Cargo in a scratch project: one target directory for all of them, and pinned versions of what
//! they depend on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::{Scratch, succeed};

/// One project is built at a time.
static BUILDING: Mutex<()> = Mutex::new(());

/// Runs `cargo ARGS` in `scratch`, which depends on axum 0.`minor`.
#[track_caller]
pub fn cargo(scratch: &Scratch, minor: u8, args: &[&str]) {
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    run(scratch, minor, args, None);
}

/// As `cargo`, with a variable and its value.
#[track_caller]
pub fn cargo_with(scratch: &Scratch, minor: u8, args: &[&str], variable: (&str, &str)) {
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    run(scratch, minor, args, Some(variable));
}

/// The binary `name` of `scratch`, built.
#[track_caller]
pub fn build(scratch: &Scratch, minor: u8, name: &str) -> PathBuf {
    // Another project may have a binary of this name, so this one is taken out of the shared
    // directory before the next one is built.
    let _alone = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    run(scratch, minor, &["build", "--bin", name], None);
    let built = scratch.path().join("built");
    fs::copy(target().join("debug").join(name), &built).unwrap();
    built
}

#[track_caller]
fn run(scratch: &Scratch, minor: u8, args: &[&str], variable: Option<(&str, &str)>) {
    pin(&scratch.path(), minor);
    share_with_the_other_lane();
    // Cargo takes two projects of one name for the same, and files older than its last build of
    // either for built.
    for path in scratch.files().keys() {
        let file = File::options().append(true).open(scratch.path().join(path)).unwrap();
        file.set_modified(SystemTime::now()).unwrap();
    }
    succeed(command(&scratch.path()).args(args).envs(variable));
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        // Nobody debugs these builds, and what is kept for the next build of one folder is no use
        // to a project in another.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS")
        .arg("--quiet");
    command
}

/// Copies what cargo has built of libraries into a new target directory. Another cargo may be at
/// work there: what it has not finished is not in `.fingerprint`, which is copied first.
pub fn share(debug: &Path, target: &Path) {
    const SCRIPT: &str = r#"mkdir -p "$1/deps" && cp -a "$0/.fingerprint" "$0/build" "$1"
        cp -a "$0"/deps/lib* "$1/deps""#;
    // What was gone before it was copied is of no use.
    let mut copying = Command::new("sh");
    copying.arg("-c").arg(SCRIPT).arg(debug).arg(target.join("debug")).output().unwrap();
}

/// The target directory that all generated projects share, as far as their tests do not run beside
/// each other (tests/run.sh).
pub fn target() -> PathBuf {
    let name = std::env::var("GENERATED").unwrap_or_else(|_| "generated".to_owned());
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Begins with what the tests that run beside these have built so far.
fn share_with_the_other_lane() {
    let mine = target();
    let lane = ["generated", "served"].map(|name| mine.with_file_name(name));
    let other = lane.into_iter().find(|other| *other != mine && other.exists());
    if let Some(other) = other.filter(|_| !mine.exists()) {
        share(&other.join("debug"), &mine);
    }
}

/// Gives the project the lock file kept for its axum, so that a release of somebody else's changes
/// no test.
pub fn pin(folder: &Path, minor: u8) {
    let kept =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/locks/axum-0.{minor}.lock"));
    if !folder.join("Cargo.lock").exists() {
        fs::copy(kept, folder.join("Cargo.lock")).unwrap();
    }
}
