//! What is left when a run is killed, or a call fails, at each of the calls by which it changes the disk.
//!
//! The calls are found by tracing a run, so that none is missed. After a kill, the next run finds the tree as it was or as it was to
//! be, byte for byte; after a failure, it is as it was at once. `RWX_EVERY_CALL=1` goes through all
//! calls of the long runs too, with every error.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use support::strace::{Point, Traced};
use support::{Run, Scratch};

const ADD: [&str; 3] = ["infra", "add", "websocket"];
/// The calls of which one is gone through, in a run that writes many files.
const STRIDE: usize = 29;

/// Files and folders with their modes.
type Tree = BTreeMap<String, (u32, Vec<u8>)>;

/// A run, and the tree that it starts from.
struct Scene {
    start: Tree,
    args: Vec<&'static str>,
    /// Of so many calls one is gone through.
    stride: usize,
    /// Where it finds its tools: cargo, or nothing.
    tools: Scratch,
    /// True for a run that ends well.
    succeeds: bool,
}

impl Scene {
    fn of(start: &Scratch, args: &[&'static str]) -> Self {
        let tools = Scratch::empty();
        Self { start: tree(&start.path()), args: args.to_vec(), stride: 1, tools, succeeds: true }
    }

    /// A component is added.
    fn add() -> Self {
        let scratch = Scratch::of("minimal");
        fs::set_permissions(scratch.path().join("src/main.rs"), fs::Permissions::from_mode(0o640)).unwrap();
        Self { stride: STRIDE, ..Self::of(&scratch, &ADD) }
    }

    /// An option is switched off where the owner has edited: files are merged, replaced and deleted.
    fn update() -> Self {
        let scratch = Scratch::of("minimal");
        scratch.rwx(&ADD).expect(0);
        let edited = scratch.read("src/ws/mod.rs") + "\n// Mine.\n";
        scratch.write("src/ws/mod.rs", edited.as_bytes());
        Self::of(&scratch, &[&ADD[..], &["--set", "client=false"]].concat())
    }

    /// A component is removed, with its folders.
    fn remove() -> Self {
        let scratch = Scratch::of("minimal");
        scratch.rwx(&ADD).expect(0);
        Self { stride: STRIDE, ..Self::of(&scratch, &["infra", "remove", "websocket"]) }
    }

    /// A project is made where there is none.
    fn new() -> Self {
        Self::of(&Scratch::empty(), &["new", "app"])
    }

    /// A project is made and checked by a cargo that writes the lock file and build output, and ends with `code`.
    fn verify(code: i32) -> Self {
        let tools = Scratch::empty();
        let script =
            format!("#!/bin/sh\necho 1 > Cargo.lock; /bin/mkdir target; echo > target/CACHEDIR.TAG; exit {code}\n");
        tools.write("cargo", script.as_bytes());
        fs::set_permissions(tools.path().join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        Self { tools, succeeds: code == 0, ..Self::of(&Scratch::empty(), &["new", "app", "--verify"]) }
    }

    fn scratch(&self) -> Scratch {
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
        scratch
    }

    fn traced<R>(&self, scratch: &Scratch, look: impl FnOnce(&Traced<'_>) -> R) -> R {
        look(&Traced { folder: &scratch.path(), args: &self.args, tools: &self.tools.path() })
    }

    /// The calls to go through, each with its number, and the tree that the run makes.
    fn points(&self) -> (Vec<(usize, Point)>, Tree) {
        let scratch = self.scratch();
        let points = self.traced(&scratch, |run| run.points());
        let stride = if is_long() { 1 } else { self.stride };
        let last = points.len() - 1;
        let chosen = points.into_iter().enumerate().filter(|(index, _)| index % stride == 0 || *index == last);
        (chosen.collect(), tree(&scratch.path()))
    }

    /// Lets a run find what the one before has left; it writes nothing itself.
    fn find(&self, scratch: &Scratch) -> Run {
        let args = self.args.iter().copied().filter(|arg| *arg != "--verify");
        scratch.rwx(&args.chain(["--dry-run"]).collect::<Vec<_>>())
    }
}

/// True when all is to be gone through, which takes some minutes.
fn is_long() -> bool {
    std::env::var_os("RWX_EVERY_CALL").is_some()
}

fn is_folder(mode: u32) -> bool {
    mode & 0o170_000 == 0o040_000
}

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode();
            let bytes = if is_folder(mode) { Vec::new() } else { fs::read(&path).unwrap() };
            found.insert(path.strip_prefix(root).unwrap().to_string_lossy().into_owned(), (mode, bytes));
            if is_folder(mode) {
                folders.push(path);
            }
        }
    }
    found
}

/// What is different between two trees, for messages.
fn difference(one: &Tree, other: &Tree) -> Vec<String> {
    let paths = one.keys().chain(other.keys());
    paths.filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}

fn every_kill_leaves_one_of_two_trees(scene: &Scene) {
    let (points, after) = scene.points();
    let mut finished = Vec::new();
    for (_, point) in &points {
        let scratch = scene.scratch();
        let killed = scene.traced(&scratch, |run| run.with(point, "signal=SIGKILL"));
        assert_eq!(killed.status.signal(), Some(9), "{point:?} is met");
        let journal = fs::metadata(scratch.path().join(".rwx-journal")).is_ok_and(|data| data.len() > 0);
        let next = scene.find(&scratch);
        let now = tree(&scratch.path());
        let is_after = scene.succeeds && now == after;
        assert!(is_after || now == scene.start, "{point:?}: {:?}\n{}", difference(&now, &scene.start), next.stderr);
        let told = match (journal, is_after) {
            (true, true) => "note: a run of rwx in [ROOT] was interrupted, and is finished first",
            (true, false) => "note: a run of rwx in [ROOT] was interrupted, and is undone first",
            (false, _) => "",
        };
        assert!(
            next.stderr.starts_with(told) && next.stderr.contains("note:") == journal,
            "{point:?}: {}",
            next.stderr
        );
        finished.push(is_after);
    }
    assert!(finished.is_sorted() && !finished[0], "decided once: {finished:?}");
    assert_eq!(finished[finished.len() - 1], scene.succeeds);
}

/// What can become of a call: a full disk, missing rights, a folder that has vanished, a pipe that nobody reads, a broken disk.
fn errors(point: &Point) -> &'static [&'static str] {
    match point.call.as_str() {
        "write" => &["ENOSPC", "EIO", "EPIPE"],
        "unlink" | "unlinkat" | "rmdir" => &["EACCES", "EROFS", "EIO"],
        _ => &["ENOSPC", "EACCES", "EROFS", "ENOENT", "EIO"],
    }
}

fn every_failure_leaves_the_tree_as_it_was(scene: &Scene) {
    let (points, after) = scene.points();
    for (index, point) in &points {
        let errors = errors(point);
        let chosen = if is_long() { errors } else { &errors[index % errors.len()..][..1] };
        chosen.iter().for_each(|error| a_failure_leaves_the_tree_as_it_was(scene, point, error, &after));
    }
}

fn a_failure_leaves_the_tree_as_it_was(scene: &Scene, point: &Point, error: &str, after: &Tree) {
    let scratch = scene.scratch();
    let output = scene.traced(&scratch, |run| run.with(point, &format!("error={error}")));
    let run = Run::of(output, &scratch.path());
    let now = tree(&scratch.path());
    if run.code == 0 {
        assert!(now == *after || run.stderr.contains("warning: "), "{point:?} {error}: {:?}", difference(&now, after));
        scene.find(&scratch);
        let now = tree(&scratch.path());
        assert!(now == *after, "{point:?} {error}: {:?}", difference(&now, after));
    } else {
        assert_eq!(run.code, 1, "{point:?} {error}");
        assert!(now == scene.start, "{point:?} {error}: {:?}\n{}", difference(&now, &scene.start), run.stderr);
        assert!(run.stderr.contains("error: ") && run.stderr.contains("nothing was changed"), "{}", run.stderr);
    }
}

#[test]
fn killed_while_adding() {
    every_kill_leaves_one_of_two_trees(&Scene::add());
}

#[test]
fn killed_while_updating() {
    every_kill_leaves_one_of_two_trees(&Scene::update());
}

#[test]
fn killed_while_removing() {
    every_kill_leaves_one_of_two_trees(&Scene::remove());
}

#[test]
fn killed_while_making_a_project() {
    every_kill_leaves_one_of_two_trees(&Scene::new());
}

#[test]
fn killed_while_verifying() {
    every_kill_leaves_one_of_two_trees(&Scene::verify(0));
}

#[test]
fn killed_while_putting_back() {
    every_kill_leaves_one_of_two_trees(&Scene::verify(101));
}

#[test]
fn failing_while_adding() {
    every_failure_leaves_the_tree_as_it_was(&Scene::add());
}

#[test]
fn failing_while_updating() {
    every_failure_leaves_the_tree_as_it_was(&Scene::update());
}

#[test]
fn failing_while_making_a_project() {
    every_failure_leaves_the_tree_as_it_was(&Scene::new());
}
