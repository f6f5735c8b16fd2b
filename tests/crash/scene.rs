//! The runs that are killed or fail, and the trees that they start from and make.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use crate::support::strace::{Point, Traced};
use crate::support::{ADD, Run, Scratch, journal};

/// The calls of which one is gone through, in a run that writes many files.
const STRIDE: usize = 61;

/// Files and folders with their modes.
pub(crate) type Tree = BTreeMap<String, (u32, Vec<u8>)>;

/// A run, and the tree that it starts from.
pub(crate) struct Scene {
    pub(crate) start: Tree,
    args: Vec<&'static str>,
    /// Of so many calls one is gone through.
    stride: usize,
    /// Where it finds its tools: cargo, or nothing.
    tools: Scratch,
    /// True for a run that ends well.
    pub(crate) succeeds: bool,
}

impl Scene {
    fn of(start: &Scratch, args: &[&'static str]) -> Self {
        let tools = Scratch::empty();
        Self { start: tree(&start.path()), args: args.to_vec(), stride: 1, tools, succeeds: true }
    }

    /// A component is added.
    pub(crate) fn add() -> Self {
        let scratch = Scratch::of("minimal");
        fs::set_permissions(scratch.path().join("src/main.rs"), fs::Permissions::from_mode(0o640))
            .unwrap();
        Self { stride: STRIDE, ..Self::of(&scratch, &ADD) }
    }

    /// An option is switched off where the owner has edited: files are merged, replaced and
    /// deleted.
    pub(crate) fn update() -> Self {
        let scratch = Scratch::of("minimal");
        // Of what is rendered only a part changes: without the rest each run is half as long.
        scratch.add(&["--set", "redis=false", "--set", "tests=false"]).expect(0);
        let edited = scratch.read("src/ws/mod.rs") + "\n// Mine.\n";
        scratch.write("src/ws/mod.rs", edited.as_bytes());
        Self::of(&scratch, &[&ADD[..], &["--set", "client=false"]].concat())
    }

    /// A component is removed, with its folders.
    pub(crate) fn remove() -> Self {
        let scratch = Scratch::of("minimal");
        scratch.add(&[]).expect(0);
        Self { stride: STRIDE, ..Self::of(&scratch, &["infra", "remove", "websocket"]) }
    }

    /// A project is made where there is none.
    pub(crate) fn new() -> Self {
        Self::of(&Scratch::empty(), &["new", "app"])
    }

    /// A project is made and checked by a cargo that writes the lock file and build output, and
    /// ends with `code`.
    pub(crate) fn verify(code: i32) -> Self {
        let tools = Scratch::empty();
        let script = format!(
            "#!/bin/sh\necho 1 > Cargo.lock; /bin/mkdir target; echo > target/CACHEDIR.TAG; exit {code}\n"
        );
        tools.write("cargo", script.as_bytes());
        fs::set_permissions(tools.path().join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            tools,
            succeeds: code == 0,
            ..Self::of(&Scratch::empty(), &["new", "app", "--verify"])
        }
    }

    /// What is killed at `point` is found by the next run, which writes nothing else.
    pub(crate) fn recovery(self, point: &Point) -> Self {
        let scratch = self.killed_at(point);
        Self { start: tree(&scratch.path()), args: self.finding(), ..self }
    }

    /// What a kill at `point` leaves.
    pub(crate) fn killed_at(&self, point: &Point) -> Scratch {
        let scratch = self.scratch();
        let killed = self.traced(&scratch, |run| run.with(point, "signal=SIGKILL"));
        assert_eq!(killed.status.signal(), Some(9), "{point:?} is met");
        scratch
    }

    pub(crate) fn scratch(&self) -> Scratch {
        let scratch = Scratch::in_memory();
        for (path, (mode, bytes)) in &self.start {
            let full = scratch.path().join(path);
            if is_folder(*mode) {
                fs::create_dir(&full).unwrap()
            } else {
                fs::write(&full, bytes).unwrap()
            }
            fs::set_permissions(&full, fs::Permissions::from_mode(*mode)).unwrap();
        }
        journal::adopt(&scratch.path());
        scratch
    }

    pub(crate) fn traced<R>(&self, scratch: &Scratch, look: impl FnOnce(&Traced<'_>) -> R) -> R {
        look(&Traced { folder: &scratch.path(), args: &self.args, tools: &self.tools.path() })
    }

    /// The calls to go through, each with its number, and the tree that the run makes.
    pub(crate) fn points(&self) -> (Vec<(usize, Point)>, Tree) {
        let scratch = self.scratch();
        let points = self.traced(&scratch, |run| run.points());
        let stride = if is_long() { 1 } else { self.stride };
        let last = points.len() - 1;
        let chosen = points
            .into_iter()
            .enumerate()
            .filter(|(index, _)| index % stride == 0 || *index == last);
        (chosen.collect(), tree(&scratch.path()))
    }

    /// Lets a run find what the one before has left; it fails then, and writes nothing itself.
    pub(crate) fn find(&self, scratch: &Scratch) -> Run {
        scratch.rwx(&self.finding()).expect(2)
    }

    fn finding(&self) -> Vec<&'static str> {
        let place = if self.args[0] == "new" {
            ["new", "app", "--with"]
        } else {
            ["infra", "add", "--route=/"]
        };
        place.into_iter().chain(["unknown"]).collect()
    }

    /// Lets a run look at what the one before has left.
    pub(crate) fn look(&self, scratch: &Scratch) -> Run {
        let args = self.args.iter().copied().filter(|arg| *arg != "--verify");
        scratch.rwx(&args.chain(["--dry-run"]).collect::<Vec<_>>())
    }
}

/// True when all is to be gone through, which takes some minutes.
pub(crate) fn is_long() -> bool {
    std::env::var_os("RWX_EVERY_CALL").is_some()
}

fn is_folder(mode: u32) -> bool {
    mode & 0o170_000 == 0o040_000
}

pub(crate) fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode();
            let bytes = if is_folder(mode) { Vec::new() } else { fs::read(&path).unwrap() };
            found.insert(
                path.strip_prefix(root).unwrap().to_string_lossy().into_owned(),
                (mode, bytes),
            );
            if is_folder(mode) {
                folders.push(path);
            }
        }
    }
    found
}

/// What is different between two trees, for messages.
pub(crate) fn difference(one: &Tree, other: &Tree) -> Vec<String> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    paths.into_iter().filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}
