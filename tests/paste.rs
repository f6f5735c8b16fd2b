//! Commands that rwx tells to type do what they say, whatever folders and files are called.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::process::Command;

use support::{ADD, REMOVE, Scratch, succeed};

const NAMES: [&str; 6] =
    ["srv er", "$(touch pwned)", "it's `touch pwned`", "-rf", "tab\tfeed\nü", "a;touch pwned;b"];

/// A workspace with a package in the folder `name`.
fn member(name: &str) -> (Scratch, Scratch) {
    let root = Scratch::empty();
    root.write("Cargo.toml", b"[workspace]\nmembers = [\"*\"]\n");
    let member = root.below(name);
    member.copy("minimal");
    (root, member)
}

/// Types `command` in the folder of `place`.
fn paste(place: &Scratch, command: &str) {
    succeed(Command::new("bash").current_dir(place.path()).args(["-c", command]));
}

/// The text as it was printed, with the place of the scratch folder back in it.
fn printed(text: &str, place: &Scratch) -> String {
    text.replace("[ROOT]", &place.path().display().to_string())
}

#[test]
fn what_is_left_is_deleted_from_where_rwx_ran_and_from_the_root() {
    for name in NAMES {
        for from_root in [true, false] {
            let (root, member) = member(name);
            member.rwx(&ADD).expect(0);
            member.write("src/ws/handler.rs", b"// mine\n");
            let at = if from_root { &root } else { &member };
            let report = printed(&at.rwx(&REMOVE).expect(0).stdout, at);
            let command = report.split_once("    rm ").unwrap().1;
            paste(at, &format!("rm {command}"));
            assert!(!member.path().join("src/ws/handler.rs").exists(), "{name:?}: {report}");
            assert!(
                !root.path().join("pwned").exists() && !member.path().join("pwned").exists(),
                "{report}"
            );
        }
    }
}

#[test]
fn a_read_only_file_is_made_writable_and_a_missing_folder_made() {
    for name in NAMES {
        let (_, member) = member(name);
        member.set_read_only("src/main.rs", true);
        let told = printed(&member.rwx(&ADD).expect(1).stderr, &member);
        let command =
            told.split_once("help: run `").unwrap().1.split_once("` and try again").unwrap().0;
        paste(&member, command);
        member.rwx(&ADD).expect(0);
        let place = Scratch::empty();
        let path = format!("{name}/x/app");
        if name.starts_with('-') {
            continue;
        }
        let told = printed(&place.rwx(&["new", &path]).expect(1).stderr, &place);
        paste(&place, told.split_once("help: run `").unwrap().1.rsplit_once("` first").unwrap().0);
        let report = place.rwx(&["new", &path]).expect(0).stdout;
        let cd = report.split_once("    cd ").unwrap().1.split("\n         cp ").next().unwrap();
        paste(&place, &format!("cd {cd}\ntest -f Cargo.toml"));
    }
}
