//! What the tests share: scratch projects, running rwx in them, and comparing trees.
#![allow(dead_code, unreachable_pub)] // each test binary uses a part of it

pub mod cargo;
pub mod case;
pub mod clients;
pub mod journal;
pub mod notes;
pub mod plans;
pub mod pty;
pub mod recipe;
pub mod service;
pub mod shown;
pub mod strace;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;
use std::time::SystemTime;

/// What adds the component.
pub const ADD: [&str; 3] = ["infra", "add", "websocket"];
/// The arguments that take it out again.
pub const REMOVE: [&str; 3] = ["infra", "remove", "websocket"];

/// All files of a tree: path below its root → bytes. A symbolic link is told from a file by what it
/// says.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A copy of a starting project in a folder of its own.
pub struct Scratch {
    folder: Rc<tempfile::TempDir>,
    below: PathBuf,
}

impl Scratch {
    /// A folder with nothing in it.
    pub fn empty() -> Self {
        Self { folder: Rc::new(tempfile::tempdir().unwrap()), below: PathBuf::new() }
    }

    /// An empty folder in memory, where the system has such: flushing to the device costs nothing
    /// there.
    pub fn in_memory() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        Self { folder: Rc::new(folder), below: PathBuf::new() }
    }

    /// A copy of `tests/projects/<name>`.
    pub fn of(name: &str) -> Self {
        let scratch = Self::empty();
        scratch.copy(name);
        scratch
    }

    /// A copy of `tests/projects/<name>` to which the component is added.
    pub fn added(name: &str) -> Self {
        let scratch = Self::of(name);
        scratch.add(&[]).expect(0);
        scratch
    }

    /// Puts a copy of `tests/projects/<name>` here.
    pub fn copy(&self, name: &str) {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects").join(name);
        assert!(source.is_dir(), "there is no starting project {name}");
        files(&source).iter().for_each(|(path, bytes)| self.write(path, bytes));
    }

    /// The project in the folder `below` this one.
    pub fn below(&self, below: &str) -> Self {
        Self { folder: Rc::clone(&self.folder), below: self.below.join(below) }
    }

    /// The folder's path.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join(&self.below).components().collect()
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let full = self.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }

    /// Makes a symbolic link at `path`.
    pub fn link(&self, path: &str, target: &str) {
        let full = self.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, full).unwrap();
    }

    /// Takes the right to write a file or folder away, or gives it back.
    pub fn set_read_only(&self, path: &str, read_only: bool) {
        let full = self.path().join(path);
        let mut permissions = fs::metadata(&full).unwrap().permissions();
        permissions.set_mode(if read_only {
            permissions.mode() & !0o222
        } else {
            permissions.mode() | 0o200
        });
        fs::set_permissions(full, permissions).unwrap();
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces the one occurrence of `old` in a file.
    pub fn rewrite(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "{path} holds {old:?} once:\n{text}");
        self.write(path, text.replace(old, new).as_bytes());
    }

    /// Runs rwx in the folder.
    pub fn rwx<S: AsRef<str>>(&self, args: &[S]) -> Run {
        self.rwx_in("", args)
    }

    /// Runs `rwx infra add websocket` with `more` in the folder.
    pub fn add(&self, more: &[&str]) -> Run {
        self.rwx(&[&ADD, more].concat())
    }

    /// Runs rwx in a folder below.
    pub fn rwx_in<S: AsRef<str>>(&self, below: &str, args: &[S]) -> Run {
        let mut command = rwx();
        command.current_dir(self.path().join(below)).args(args.iter().map(AsRef::as_ref));
        Run::of(command.output().unwrap(), &self.path())
    }

    /// All files with their bytes.
    pub fn files(&self) -> Files {
        files(&self.path())
    }

    /// All files and links with the time of their last change.
    pub fn times(&self) -> BTreeMap<String, SystemTime> {
        let paths = self.files().into_keys();
        paths
            .map(|path| {
                (
                    path.clone(),
                    fs::symlink_metadata(self.path().join(&path)).unwrap().modified().unwrap(),
                )
            })
            .collect()
    }
}

/// The command `rwx` with an environment that is the same everywhere.
pub fn rwx() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rwx"));
    command.env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE").env("COLUMNS", "80");
    command
}

/// What a run of rwx said, with the scratch folder's path taken out.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Reads `output`, writing `[ROOT]` for `root`.
    pub fn of(output: Output, root: &Path) -> Self {
        let roots =
            [root.to_path_buf(), root.canonicalize().unwrap_or_else(|_| root.to_path_buf())];
        let clean = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            roots
                .iter()
                .fold(text, |text, root| text.replace(&root.display().to_string(), "[ROOT]"))
        };
        Self {
            code: output.status.code().expect("rwx ends by itself"),
            stdout: clean(&output.stdout),
            stderr: clean(&output.stderr),
        }
    }

    /// The same run, when its exit code is `code`.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// All files below `root`, git's own left out.
pub fn files(root: &Path) -> Files {
    let mut found = Files::new();
    collect(root, root, &mut found);
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        if let Ok(target) = fs::read_link(&path) {
            found.insert(name, format!("link to {}\n", target.display()).into_bytes());
        } else if path.is_dir() {
            if !path.ends_with(".git") && !path.ends_with("target") {
                collect(root, &path, found);
            }
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// Runs `command` and returns its output, when it succeeds.
#[track_caller]
pub fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    output
}
