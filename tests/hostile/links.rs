//! Links that lead out of the project, and files without end.

use super::corpus::Input;
use crate::support::Scratch;

/// Files that rwx looks at, each of which a link can replace.
const READ: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "compose.yaml",
    ".env.example",
    "src/main.rs",
    "src/extra.rs",
    ".rwx/websocket/record.toml",
    ".rwx/websocket/base/src/ws/mod.rs",
    "src/ws/mod.rs",
    ".rwx/templates/websocket/component.toml",
    ".rwx/pending/update.toml",
    "rustfmt.toml",
];
/// Where a link can lead.
const TARGETS: [&str; 4] = ["outside/secret", "clone/.git/config", "/dev/zero", "/dev/stdin"];
/// Folders that rwx looks into, each of which a link can replace.
const FOLDERS: [&str; 6] =
    ["src", ".rwx", ".rwx/websocket", ".rwx/websocket/base", ".rwx/templates", "src/ws"];

pub(crate) fn inputs() -> Vec<Input> {
    let files = READ.iter().flat_map(|path| TARGETS.map(|target| replaced(path, target)));
    let folders = FOLDERS.iter().flat_map(|path| {
        ["outside", "clone/.git", "clone", "/proc/self"].map(|target| replaced(path, target))
    });
    let pipes = READ
        .iter()
        .map(|path| Input::new(format!("a pipe at {path}"), move |clone| pipe(clone, path)));
    files.chain(folders).chain(pipes).collect()
}

/// What is at `path` replaced by a link to `target`, which is below the scratch folder or absolute.
fn replaced(path: &'static str, target: &'static str) -> Input {
    Input::new(format!("{path} -> {target}"), move |clone| {
        clear(clone, path);
        let up = "../".repeat(path.matches('/').count() + 1);
        clone.link(
            path,
            &if target.starts_with('/') { target.to_owned() } else { format!("{up}{target}") },
        );
    })
}

fn pipe(clone: &Scratch, path: &str) {
    clear(clone, path);
    clone.write(&format!("{path}.keep"), b"");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(clone.path().join(path))
            .status()
            .unwrap()
            .success()
    );
}

fn clear(clone: &Scratch, path: &str) {
    let full = clone.path().join(path);
    if full.is_dir() {
        std::fs::remove_dir_all(full).unwrap();
    } else if full.exists() {
        std::fs::remove_file(full).unwrap();
    }
}
