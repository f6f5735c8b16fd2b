//! What is left when a run is killed, or a call fails, at each of the calls by which it changes the
//! disk.
//!
//! The calls are found by tracing a run, so that none is missed. After a kill, the next run finds
//! the tree as it was or as it was to be, byte for byte; after a failure, it is as it was at once,
//! or the run says that the next one puts it right. `RWX_EVERY_CALL=1` goes through all calls of
//! the long runs too, with every error.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "crash/scene.rs"]
mod scene;
mod support;

use std::fs;

use scene::{Scene, Tree, difference, is_long, tree};
use support::Run;
use support::strace::Point;

fn every_kill_leaves_one_of_two_trees(scene: &Scene) {
    let (points, after) = scene.points();
    let mut finished = Vec::new();
    for (_, point) in &points {
        let scratch = scene.killed_at(point);
        let journal =
            fs::metadata(scratch.path().join(".rwx-journal")).is_ok_and(|data| data.len() > 0);
        let left = tree(&scratch.path());
        let looked = scene.look(&scratch);
        assert!(
            !journal || looked.code == 1 && looked.stderr.contains("was interrupted"),
            "{point:?}: {}",
            looked.stderr
        );
        assert!(tree(&scratch.path()) == left, "{point:?}");
        let next = scene.find(&scratch);
        let now = tree(&scratch.path());
        let is_after = scene.succeeds && now == after;
        assert!(
            is_after || now == scene.start,
            "{point:?}: {:?}\n{}",
            difference(&now, &scene.start),
            next.stderr
        );
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

/// However often the recovery of what a kill at `point` leaves is killed itself, it ends with the
/// tree `settled`.
fn every_kill_of_the_recovery_leaves_one_tree(scene: Scene, point: &Point, settled: &Tree) {
    let recovery = scene.recovery(point);
    let (points, recovered) = recovery.points();
    assert!(recovered == *settled, "{:?}", difference(&recovered, settled));
    for (_, again) in &points {
        let scratch = recovery.killed_at(again);
        let next = recovery.find(&scratch);
        let now = tree(&scratch.path());
        assert!(now == *settled, "{again:?}: {:?}\n{}", difference(&now, settled), next.stderr);
    }
}

/// What can become of a call: a full disk, missing rights, a folder that has vanished, a pipe that
/// nobody reads, a broken disk.
fn errors(point: &Point) -> &'static [&'static str] {
    match point.call.as_str() {
        "write" => &["ENOSPC", "EIO", "EPIPE"],
        // An empty folder that stays does no harm.
        "rmdir" => &[],
        "unlink" | "unlinkat" => &["EACCES", "EROFS", "EIO"],
        _ => &["ENOSPC", "EACCES", "EROFS", "ENOENT", "EIO"],
    }
}

/// Those of the [`errors`] that are tried on the call numbered `index`.
fn tried(index: usize, point: &Point) -> impl Iterator<Item = &'static str> {
    let errors = errors(point);
    let count = if is_long() { errors.len() } else { 1 };
    errors.iter().copied().cycle().skip(index % errors.len().max(1)).take(count)
}

fn every_failure_leaves_the_tree_as_it_was(scene: &Scene) {
    let (points, after) = scene.points();
    for (index, point) in &points {
        tried(*index, point)
            .for_each(|error| a_failure_leaves_the_tree_as_it_was(scene, point, error, &after));
    }
}

fn a_failure_leaves_the_tree_as_it_was(scene: &Scene, point: &Point, error: &str, after: &Tree) {
    let scratch = scene.scratch();
    let output = scene.traced(&scratch, |run| run.with(point, &format!("error={error}")));
    let run = Run::of(output, &scratch.path());
    let now = tree(&scratch.path());
    if run.code == 0 {
        assert!(
            now == *after || run.stderr.contains("warning: "),
            "{point:?} {error}: {:?}",
            difference(&now, after)
        );
        scene.find(&scratch);
        let now = tree(&scratch.path());
        assert!(now == *after, "{point:?} {error}: {:?}", difference(&now, after));
    } else {
        assert_eq!(run.code, 1, "{point:?} {error}");
        assert!(
            now == scene.start,
            "{point:?} {error}: {:?}\n{}",
            difference(&now, &scene.start),
            run.stderr
        );
        assert!(
            run.stderr.contains("error: ") && run.stderr.contains("nothing was changed"),
            "{}",
            run.stderr
        );
    }
}

/// Where a run fails anyhow and something else fails too, the next run leaves the tree as it was.
fn every_failure_of_putting_back_is_mended_by_the_next_run(scene: &Scene) {
    let (points, _) = scene.points();
    let mut unfinished = 0;
    let tries = points
        .iter()
        .flat_map(|(index, point)| tried(*index, point).map(move |error| (point, error)));
    for (point, error) in tries {
        let scratch = scene.scratch();
        let output = scene.traced(&scratch, |run| run.with(point, &format!("error={error}")));
        let run = Run::of(output, &scratch.path()).expect(1);
        let left = difference(&tree(&scratch.path()), &scene.start);
        let told = run.stderr.contains("finishes or undoes first what it had begun");
        assert!(told || left.is_empty(), "{point:?} {error}: {left:?}\n{}", run.stderr);
        assert!(!told || !run.stderr.contains("nothing was changed"), "{}", run.stderr);
        unfinished += usize::from(!left.is_empty());
        scene.find(&scratch);
        let now = tree(&scratch.path());
        assert!(now == scene.start, "{point:?} {error}: {:?}", difference(&now, &scene.start));
    }
    assert!(unfinished > 0, "a put-back failed");
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

#[test]
fn failing_while_removing() {
    every_failure_leaves_the_tree_as_it_was(&Scene::remove());
}

#[test]
fn failing_while_verifying() {
    every_failure_leaves_the_tree_as_it_was(&Scene::verify(0));
}

#[test]
fn failing_while_putting_back() {
    every_failure_of_putting_back_is_mended_by_the_next_run(&Scene::verify(101));
}

#[test]
fn killed_while_an_earlier_run_is_finished() {
    let (_, after) = Scene::add().points();
    every_kill_of_the_recovery_leaves_one_tree(Scene::add(), &Point::new("rename", 3), &after);
}

#[test]
fn killed_while_an_earlier_run_is_undone() {
    // Cargo has failed, and two of the files are taken away again.
    every_kill_of_the_recovery_leaves_one_tree(
        Scene::verify(101),
        &Point::new("unlink", 3),
        &Tree::new(),
    );
}

#[test]
fn what_the_owner_edits_after_a_kill_in_the_clean_up_of_a_finished_run_stays() {
    let scene = Scene::add();
    let scratch = scene.killed_at(&Point::new("unlink", 1));
    let edited = scratch.read("src/main.rs") + "// Mine.\n";
    scratch.write("src/main.rs", edited.as_bytes());
    let next = scene.find(&scratch);
    assert!(next.stderr.contains("is finished first"), "{}", next.stderr);
    assert_eq!(scratch.read("src/main.rs"), edited);
    let (_, after) = scene.points();
    assert_eq!(difference(&tree(&scratch.path()), &after), ["src/main.rs"]);
}

#[test]
fn what_the_owner_builds_after_a_kill_in_the_clean_up_of_an_undone_run_stays() {
    let scene = Scene::verify(101);
    let scratch = scene.killed_at(&Point::new("unlinkat", 1));
    let built = ["app/Cargo.lock", "app/target/CACHEDIR.TAG"];
    built.iter().for_each(|path| scratch.write(path, b"mine"));
    // An interrupted run is looked for before the folder is found to be taken.
    let next = scene.find(&scratch);
    assert!(next.stderr.contains("is undone first"), "{}", next.stderr);
    assert_eq!(
        difference(&tree(&scratch.path()), &scene.start),
        ["app", built[0], "app/target", built[1]]
    );
}
