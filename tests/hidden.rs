//! Files of rwx's that a commit or a package would leave out: the run says so.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod support;

use std::process::Command;

use support::{ADD, Scratch, succeed};

/// The warnings of a report.
fn warnings(report: &str) -> Vec<&str> {
    report.lines().filter_map(|line| line.trim_start().strip_prefix("warning ")).collect()
}

#[test]
fn what_git_ignores_is_named_with_the_command_that_adds_it() {
    for (ignored, groups) in [
        (
            ".*\n*.js\nredis/\ntarget/\n",
            ".env.example, .rwx/, src/ws/client.js, src/ws/engine/redis/",
        ),
        ("/src/ws/\n", "src/ws/"),
        ("*.d.ts\n!client.d.ts\n", ""),
        ("record.toml\n", ".rwx/websocket/record.toml"),
    ] {
        let project = Scratch::of("minimal");
        project.git(&["init", "--quiet"]);
        project.write(".git/info/exclude", ignored.as_bytes());
        let run = project.add(&[]).expect(0);
        let told = warnings(&run.stdout);
        if groups.is_empty() {
            assert!(told.is_empty(), "{told:?}");
            continue;
        }
        let [told] = told[..] else { panic!("one warning: {told:?}") };
        assert!(told.starts_with(&format!("git ignores {groups}: ")), "{told}");
        let command = told.rsplit('`').nth(1).unwrap();
        succeed(Command::new("bash").current_dir(project.path()).args(["-c", command]));
        project.git(&["add", "--all"]);
        let staged =
            succeed(Command::new("git").current_dir(project.path()).args(["ls-files", "-z"]))
                .stdout;
        let staged: Vec<String> =
            String::from_utf8(staged).unwrap().split('\0').map(str::to_owned).collect();
        let missing: Vec<String> =
            project.files().into_keys().filter(|path| !staged.contains(path)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(project.add(&["--allow-dirty"]).expect(0).stdout, "nothing to do\n");
    }
}

#[test]
fn a_new_project_in_a_repository_that_hides_it_says_so() {
    let folder = Scratch::empty();
    folder.git(&["init", "--quiet"]);
    folder.write(".gitignore", b"*.rs\n");
    let run = folder.rwx(&["new", "my-app"]).expect(0);
    assert!(warnings(&run.stdout)[0].contains("git add --force"), "{}", run.stdout);
}

#[test]
fn a_new_project_in_a_folder_that_git_ignores_is_named_as_one() {
    let folder = Scratch::empty();
    folder.git(&["init", "--quiet"]);
    folder.write(".gitignore", b"/out/\n");
    folder.write("out/kept", b"");
    let run = folder.rwx(&["new", "out/my-app", "--with", "websocket"]).expect(0);
    let wanted = "git ignores [ROOT]/out/my-app/: a clone of yours would lack what is there; add \
                  it all the same with `git add --force [ROOT]/out/my-app/`";
    assert_eq!(warnings(&run.stdout), [wanted]);
}

#[test]
fn what_the_manifest_leaves_out_of_the_package_is_named() {
    let project = Scratch::of("minimal");
    project.rewrite(
        "Cargo.toml",
        "edition",
        "include = [\"src/**/*.rs\", \"Cargo.toml\"]\nedition",
    );
    let run = project.add(&["--set", "demo=true"]).expect(0);
    let told = warnings(&run.stdout);
    let wanted = "`include` in Cargo.toml leaves out src/ws/client.js, src/ws/demo.html, without which the packaged crate does not \
                  build; add \"/src/ws/**\" to it";
    assert_eq!(told, [wanted]);
    let list = || {
        let package = Command::new(env!("CARGO"))
            .current_dir(project.path())
            .args(["package", "--list", "--allow-dirty"])
            .output();
        String::from_utf8(package.unwrap().stdout).unwrap()
    };
    assert!(!list().contains("client.js"));
    project.rewrite("Cargo.toml", "include = [", "include = [\"/src/ws/**\", ");
    assert!(
        list().contains("src/ws/client.js") && list().contains("src/ws/demo.html"),
        "{}",
        list()
    );
    let args = [&ADD[..], &["--json"]].concat();
    let excluding = Scratch::of("minimal");
    excluding.rewrite("Cargo.toml", "edition", "exclude = [\"*.js\"]\nedition");
    assert!(
        excluding
            .rwx(&args)
            .expect(0)
            .stdout
            .contains("\"`exclude` in Cargo.toml leaves out src/ws/client.js")
    );
}
