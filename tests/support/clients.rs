//! Scripts of `tests/client`, which talk to running services.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use super::succeed;

/// Runs a script of `tests/client`, which says so when everything held; returns what else it said.
#[track_caller]
pub fn holds(script: &str, args: &[&OsStr]) -> String {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/client");
    assert!(
        clients.join("node_modules/ws").is_dir(),
        "the client library is missing: run bash tests/run.sh"
    );
    let mut node = with_many_sockets("node".as_ref());
    node.current_dir(clients).arg(script).args(args);
    let said = succeed(&mut node);
    assert_eq!(String::from_utf8_lossy(&said.stdout), "all held\n");
    String::from_utf8(said.stderr).unwrap()
}

/// The command `program` with more open files than many shells allow.
pub fn with_many_sockets(program: &OsStr) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 11000 && exec \"$0\" \"$@\""]).arg(program);
    shell
}
