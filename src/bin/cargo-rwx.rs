//! The `cargo-rwx` binary, for `cargo rwx …`: the same, without the name that cargo puts first.

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "rwx") {
        arguments.remove(1);
    }
    rwx::start(arguments)
}
