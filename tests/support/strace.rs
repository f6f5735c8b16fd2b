//! rwx under strace: which calls of a run change the disk, and a run in which one of them goes wrong.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// The system calls by which a file or folder can change.
const CALLS: &str = "openat,write,pwrite64,writev,copy_file_range,sendfile,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,\
                     symlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,ftruncate,fallocate,flock,fchmod,fchmodat,fchown,fchownat";

/// A call of a run: the `when`th of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub call: String,
    pub when: usize,
}

/// Runs `rwx args` in `folder` and returns the calls that change something, from the journal on.
pub fn points(folder: &Path, args: &[&str]) -> Vec<Point> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut strace = strace(folder, args, &["-o", log.path().to_str().unwrap()]);
    let output = strace.output().expect("strace is installed, see tests/run.sh");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = std::fs::read_to_string(log.path()).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    for line in log.lines() {
        let Some((call, arguments)) = line.split_once('(') else { continue };
        let when = counts.entry(call).or_default();
        *when += 1;
        let begins = arguments.contains(".rwx-journal") && arguments.contains("O_CREAT");
        let reads = call == "openat" && !arguments.contains("O_CREAT");
        if begins || !points.is_empty() && !reads {
            points.push(Point { call: call.to_owned(), when: *when });
        }
    }
    assert!(points.len() > 20, "the trace shows the run:\n{log}");
    points
}

/// Runs `rwx args` in `folder`; at `point`, `what` happens (`signal=…` or `error=…`).
pub fn run_with(folder: &Path, args: &[&str], point: &Point, what: &str) -> Output {
    inject(folder, args, point, what).output().unwrap()
}

/// The command of [`run_with`].
pub fn inject(folder: &Path, args: &[&str], point: &Point, what: &str) -> Command {
    let inject = format!("inject={}:{what}:when={}", point.call, point.when);
    strace(folder, args, &["-o", "/dev/null", "-e", &inject])
}

fn strace(folder: &Path, args: &[&str], options: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.current_dir(folder).env("NO_COLOR", "1").args(["-e", &format!("trace={CALLS}")]).args(options);
    command.arg(env!("CARGO_BIN_EXE_rwx")).args(args);
    command
}
