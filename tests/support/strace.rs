//! rwx under strace: which calls of a run change the disk, and a run in which one of them goes wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use super::Run;

/// The system calls by which a file or folder can change.
const CALLS: &str = "openat,write,pwrite64,writev,copy_file_range,sendfile,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,\
                     symlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,ftruncate,fallocate,flock,fchmod,fchmodat,fchown,fchownat";

/// A call of a run: the `when`th of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub call: String,
    pub when: usize,
}

impl Point {
    /// The `when`th `call`.
    pub fn new(call: &str, when: usize) -> Self {
        Self { call: call.to_owned(), when }
    }
}

/// Runs `rwx args` in `folder` and returns the calls that change something, from the journal on.
pub fn points(folder: &Path, args: &[&str]) -> Vec<Point> {
    let log = NamedTempFile::new().unwrap();
    let mut strace = strace(folder, args, &["-o", log.path().to_str().unwrap()]);
    let output = strace.output().expect("strace is installed, see tests/run.sh");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = fs::read_to_string(log.path()).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    for line in log.lines() {
        let Some((call, arguments)) = line.split_once('(') else { continue };
        let when = counts.entry(call).or_default();
        *when += 1;
        let begins = arguments.contains(".rwx-journal") && arguments.contains("O_CREAT");
        let reads = call == "openat" && !arguments.contains("O_CREAT");
        if begins || !points.is_empty() && !reads {
            points.push(Point::new(call, *when));
        }
    }
    assert!(points.len() > 20, "the trace shows the run:\n{log}");
    points
}

/// Runs `rwx args` in `folder`; at `point`, `what` happens (`signal=…` or `error=…`).
pub fn run_with(folder: &Path, args: &[&str], point: &Point, what: &str) -> Output {
    let inject = format!("inject={}:{what}:when={}", point.call, point.when);
    strace(folder, args, &["-o", "/dev/null", "-e", &inject]).output().unwrap()
}

fn strace(folder: &Path, args: &[&str], options: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.current_dir(folder).env("NO_COLOR", "1").args(["-e", &format!("trace={CALLS}")]).args(options);
    command.arg(env!("CARGO_BIN_EXE_rwx")).args(args);
    command
}

/// A run that stands still right after a call.
pub struct Stopped {
    strace: Child,
    log: NamedTempFile,
    folder: PathBuf,
}

impl Stopped {
    /// Runs `rwx args` in `folder` until `point` is done.
    pub fn after(folder: &Path, args: &[&str], point: &Point) -> Self {
        let log = NamedTempFile::new().unwrap();
        let inject = format!("inject={}:signal=SIGSTOP:when={}", point.call, point.when);
        let mut command = strace(folder, args, &["-o", log.path().to_str().unwrap(), "-e", &inject]);
        let strace = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        while !fs::read_to_string(log.path()).unwrap().contains("--- stopped by SIGSTOP ---") {
            assert!(Instant::now() < until, "the run comes to {point:?}");
            sleep(Duration::from_millis(5));
        }
        Self { strace, log, folder: folder.to_path_buf() }
    }

    /// Lets it run to its end.
    pub fn go_on(self) -> Run {
        let children = format!("/proc/{0}/task/{0}/children", self.strace.id());
        let rwx = fs::read_to_string(children).unwrap();
        super::succeed(Command::new("kill").args(["-CONT", rwx.trim()]));
        let output = self.strace.wait_with_output().unwrap();
        drop(self.log);
        Run::of(output, &self.folder)
    }
}
