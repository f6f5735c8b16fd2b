//! What is published: all that the build needs and nothing else.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::process::Command;

/// What `program` says in this repository, by lines.
fn lines(program: &str, args: &[&str]) -> BTreeSet<String> {
    let output =
        Command::new(program).current_dir(env!("CARGO_MANIFEST_DIR")).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_package_has_the_source_the_templates_and_what_tells_of_it() {
    let listed = lines("cargo", &["package", "--list", "--allow-dirty", "--offline", "--quiet"]);
    let tracked = lines("git", &["ls-files", "src", "templates", "build.rs"]);
    let missing: Vec<&String> = tracked.difference(&listed).collect();
    assert!(missing.is_empty(), "{missing:#?} are not in the package");
    let others = [
        ".cargo_vcs_info.json",
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
    ];
    let odd: Vec<&String> =
        listed.difference(&tracked).filter(|path| !others.contains(&path.as_str())).collect();
    assert!(odd.is_empty(), "{odd:#?} are in the package");
}
