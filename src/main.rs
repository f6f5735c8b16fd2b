//! The `rwx` binary.

use std::env;
use std::process::ExitCode;

fn main() -> ExitCode {
    rwx::start(env::args_os().collect())
}
