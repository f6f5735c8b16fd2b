//! A command on a terminal, with somebody who types.

use std::path::Path;
use std::process::Command;

use super::{Run, rwx};

/// Runs `command` in `folder` on a terminal: waits until the first text of each step is shown, and
/// types the second.
#[track_caller]
pub fn on_terminal(folder: &Path, command: &[&str], steps: &[(&str, &str)]) -> Run {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/on_terminal.py");
    let rwx = rwx();
    let tools = Path::new(rwx.get_program()).parent().unwrap();
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
    let mut python = Command::new("python3");
    python.current_dir(folder).arg(script).arg(serde_json::to_string(steps).unwrap()).args(command);
    python.env("PATH", path).env("NO_COLOR", "1").env("TERM", "xterm");
    Run::of(python.output().unwrap(), folder)
}
