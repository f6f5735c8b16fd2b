//! What the README shows and tells to type is run.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use support::cargo::share;
use support::{Scratch, rwx, succeed};

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The indented blocks, without their indent.
fn blocks() -> Vec<String> {
    let readme = readme();
    let mut blocks = vec![String::new()];
    for line in readme.lines() {
        match line.strip_prefix("    ") {
            Some(code) => *blocks.last_mut().unwrap() += &format!("{code}\n"),
            None if line.is_empty() && !blocks.last().unwrap().is_empty() => {
                *blocks.last_mut().unwrap() += "\n"
            }
            None if line.is_empty() => {}
            None => blocks.push(String::new()),
        }
    }
    blocks
        .into_iter()
        .map(|block| block.trim_end().to_owned())
        .filter(|block| !block.is_empty())
        .collect()
}

#[test]
fn the_run_that_it_shows_is_what_the_tool_prints() {
    let block = blocks().into_iter().find(|block| block.starts_with("$ rwx ")).unwrap();
    let (command, shown) = block.split_once('\n').unwrap();
    let folder = Scratch::empty();
    folder.rwx(&["new", "my-app"]).expect(0);
    let args: Vec<&str> = command.trim_start_matches("$ rwx ").split(' ').collect();
    let run = folder.below("my-app").rwx(&args).expect(0);
    assert_eq!(run.stdout.trim_end(), shown);
}

#[test]
fn its_first_command_makes_a_project_ready_to_run() {
    let block = blocks().into_iter().find(|block| block.starts_with("cargo run")).unwrap();
    let folder = Scratch::empty();
    unpack_what_is_published(&folder.path().join("clone"));
    let args: Vec<&str> = block.trim_start_matches("cargo ").split(' ').collect();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clone");
    if !target.exists() {
        share(&Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("debug"), &target);
    }
    succeed(
        Command::new("cargo")
            .current_dir(folder.path().join("clone"))
            .env("CARGO_TARGET_DIR", target)
            .args(args),
    );
    let project = folder.below("my-app");
    assert!(project.read("src/main.rs").contains("ws::router("));
    assert!(project.files().contains_key("src/ws/mod.rs"));
}

/// The package as it is published: what a clone has, without what the build does not need.
fn unpack_what_is_published(folder: &Path) {
    let target = tempfile::tempdir().unwrap();
    let mut packing = Command::new("cargo");
    packing.current_dir(env!("CARGO_MANIFEST_DIR")).env("CARGO_TARGET_DIR", target.path());
    succeed(packing.args(["package", "--allow-dirty", "--no-verify", "--offline", "--quiet"]));
    let package = concat!("cargo-rwx-", env!("CARGO_PKG_VERSION"), ".crate");
    std::fs::create_dir(folder).unwrap();
    let mut unpacking = Command::new("tar");
    unpacking.arg("xf").arg(target.path().join("package").join(package));
    succeed(unpacking.args(["--strip-components=1", "-C"]).arg(folder));
}

/// What runs the tests.
const SCRIPT: &str = include_str!("run.sh");

#[test]
fn its_second_command_is_the_test_script() {
    assert!(blocks().iter().any(|block| block == "bash tests/run.sh"));
}

/// The flags among the words of a text.
fn flags(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("--") && word.contains(char::is_alphabetic)).collect()
}

#[test]
fn every_command_and_flag_that_it_names_exists() {
    let (readme, blocks) = (readme().replace('\n', " "), blocks().join("\n"));
    let code = readme.split('`').skip(1).step_by(2);
    let lines = blocks.lines().filter_map(|line| line.split('#').next()).map(str::trim);
    let commands: BTreeSet<&str> =
        code.chain(lines).filter(|code| *code == "rwx" || code.starts_with("rwx ")).collect();
    assert!(commands.len() > 12, "{commands:?}");
    // Those of cargo, and of this project's scripts.
    let mut known = "--locked --path ".to_owned() + SCRIPT;
    for command in commands {
        let is_help = command.starts_with("rwx help");
        let args = command.split_whitespace().skip(1).chain((!is_help).then_some("--help"));
        let help = String::from_utf8(succeed(rwx().args(args)).stdout).unwrap();
        assert!(flags(command).is_subset(&flags(&help)), "{command}\n{help}");
        known += &help;
    }
    let unknown: Vec<_> = flags(&readme).difference(&flags(&known)).copied().collect();
    assert!(unknown.is_empty(), "the README names {unknown:?}");
}

#[test]
fn every_link_into_the_repository_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let here = ["README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"];
    for page in here.map(|page| root.join(page)) {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            let is_outside = link.is_empty() || link.contains(':');
            let target = page.parent().unwrap().join(link);
            assert!(is_outside || target.exists(), "{}: {link}", page.display());
        }
    }
}
