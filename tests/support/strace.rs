//! rwx under strace: which calls of a run change the disk, and a run in which one of them goes
//! wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

use super::Run;

/// The system calls by which a file or folder can change.
const CALLS: &str = "openat,write,pwrite64,writev,copy_file_range,sendfile,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,\
                     symlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,ftruncate,fallocate,flock,fchmod,fchmodat,fchown,fchownat";

/// A call of a run: the `when`th of this name.
#[derive(Debug)]
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

/// A run of rwx under strace.
pub struct Traced<'a> {
    pub folder: &'a Path,
    pub args: &'a [&'a str],
    /// The only folder in which it finds programs.
    pub tools: &'a Path,
}

impl<'a> Traced<'a> {
    /// The calls that change something, from the journal on.
    pub fn points(&self) -> Vec<Point> {
        let log = NamedTempFile::new().unwrap();
        let mut strace = self.strace(&["-o", log.path().to_str().unwrap()]);
        strace.output().expect("strace is installed, see tests/run.sh");
        points(&fs::read_to_string(log.path()).unwrap())
    }

    /// What comes of it when `what` happens at `point`: `signal=…` or `error=…`.
    pub fn with(&self, point: &Point, what: &str) -> Output {
        let log = NamedTempFile::new().unwrap();
        let inject = format!("inject={}:{what}:when={}", point.call, point.when);
        let output =
            self.strace(&["-o", log.path().to_str().unwrap(), "-e", &inject]).output().unwrap();
        let log = fs::read_to_string(log.path()).unwrap();
        assert!(
            log.contains("(INJECTED)") || log.contains("+++ killed by SIGKILL +++"),
            "the run comes to {point:?}"
        );
        output
    }

    /// Lets it run until `point` is done: there it stands still.
    pub fn stopped_after(&self, point: &Point) -> Started<'a> {
        let inject = format!("inject={}:signal=SIGSTOP:when={}", point.call, point.when);
        self.started(&["-e", &inject], &|line| line.contains("--- stopped by SIGSTOP ---"))
    }

    /// Lets it run until it waits for another run.
    pub fn waiting(&self) -> Started<'a> {
        self.started(&[], &|line| line.starts_with("flock(") && line.contains("EAGAIN"))
    }

    /// Starts it, and waits for the line of the trace that `is_there` tells.
    fn started(&self, options: &[&str], is_there: &dyn Fn(&str) -> bool) -> Started<'a> {
        let log = NamedTempFile::new().unwrap();
        let mut command = self.strace(&[&["-o", log.path().to_str().unwrap()], options].concat());
        let strace = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let started = Started { strace: Some(strace), folder: self.folder };
        let until = Instant::now() + Duration::from_secs(60);
        while !fs::read_to_string(log.path()).unwrap().lines().any(is_there) {
            assert!(Instant::now() < until, "the run comes there");
            sleep(Duration::from_millis(5));
        }
        started
    }

    fn strace(&self, options: &[&str]) -> Command {
        let mut command = Command::new("strace");
        command.current_dir(self.folder).env("NO_COLOR", "1");
        command
            .args([
                "-E",
                &format!("PATH={}", self.tools.display()),
                "-e",
                &format!("trace={CALLS}"),
            ])
            .args(options);
        command.arg(env!("CARGO_BIN_EXE_rwx")).args(self.args);
        command
    }
}

/// The points of a trace.
fn points(log: &str) -> Vec<Point> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut points = Vec::new();
    for line in log.lines() {
        let Some((call, arguments)) = line.split_once('(') else { continue };
        let when = counts.entry(call).or_default();
        *when += 1;
        let begins = call == "openat" && arguments.contains(".rwx-journal");
        let reads = call == "openat" && !arguments.contains("O_CREAT");
        if begins || !points.is_empty() && !reads {
            points.push(Point::new(call, *when));
        }
    }
    assert!(points.len() > 20, "the trace shows the run, not {log}");
    points
}

/// A run that is not waited for; it is killed where the test fails before its end.
pub struct Started<'a> {
    strace: Option<Child>,
    folder: &'a Path,
}

impl Started<'_> {
    /// Lets a run go on that stands still.
    pub fn go_on(self) -> Run {
        assert!(self.signal("-CONT"), "it stands still");
        self.end()
    }

    /// Waits for its end.
    pub fn end(mut self) -> Run {
        Run::of(self.strace.take().unwrap().wait_with_output().unwrap(), self.folder)
    }

    /// Sends a signal to rwx, which is strace's one child; false when it has ended.
    fn signal(&self, signal: &str) -> bool {
        let children =
            self.strace.iter().map(|strace| format!("/proc/{0}/task/{0}/children", strace.id()));
        let mut rwx = children.filter_map(|children| fs::read_to_string(children).ok());
        rwx.any(|rwx| {
            Command::new("kill").args([signal, rwx.trim()]).output().unwrap().status.success()
        })
    }
}

impl Drop for Started<'_> {
    fn drop(&mut self) {
        self.signal("-KILL");
        if let Some(strace) = &mut self.strace {
            let _ = strace.kill();
            let _ = strace.wait();
        }
    }
}
