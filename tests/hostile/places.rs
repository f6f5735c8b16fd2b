//! Paths that lead out of the project, or into what git keeps.

use super::corpus::{Input, SECRET};
use crate::support::Scratch;

/// Where a path must not lead: out of the project, and to what version control keeps, by every name
/// of it.
const LEADING: [&str; 12] = [
    "../outside/secret",
    "src/../../outside/new",
    "/tmp/rwx-hostile-canary",
    ".git/config",
    ".git/hooks/post-checkout",
    ".GIT/config",
    ".git./config",
    "git~1/config",
    ".g\u{200c}it/config",
    "sub/.git/config",
    "link/config",
    ".hg/hgrc",
];

/// The manifests of workspaces that do not contain the package, or are not there.
const WORKSPACES: [&str; 5] = ["..", "../..", "../outside", "/", "src"];

pub(crate) fn inputs() -> Vec<Input> {
    let record = LEADING.iter().flat_map(|path| {
        ["env_file", "compose", "file", "addition", "pending", "into"]
            .map(|field| of_record(field, path))
    });
    record.chain(WORKSPACES.iter().map(|given| workspace(given))).chain(members()).collect()
}

/// A record, or what stands beside it, that names `path` in `field`.
fn of_record(field: &'static str, path: &'static str) -> Input {
    Input::new(format!("{field} = {path:?}"), move |clone| {
        clone.link("link", ".git");
        clone.write("sub/.keep", b"");
        match field {
            "env_file" | "compose" => in_record(clone, &format!("{field} = {path:?}\n")),
            "file" => {
                clone.rewrite(
                    ".rwx/websocket/record.toml",
                    "files = [\n",
                    &format!("files = [\n    {path:?},\n"),
                );
                if !path.starts_with(['/', '.']) {
                    clone.write(&format!(".rwx/websocket/base/{path}"), b"x\n");
                }
            }
            "addition" => {
                let record = clone.read(".rwx/websocket/record.toml");
                let from =
                    record.find("[[addition]]\npath = ").unwrap() + "[[addition]]\npath = ".len();
                let to = from + record[from..].find('\n').unwrap();
                let changed = format!("{}{path:?}{}", &record[..from], &record[to..]);
                clone.write(".rwx/websocket/record.toml", changed.as_bytes());
            }
            "pending" => pending(clone, path),
            _ => own_component(clone, path),
        }
    })
}

fn in_record(clone: &Scratch, line: &str) {
    let record = clone.read(".rwx/websocket/record.toml");
    clone.write(".rwx/websocket/record.toml", format!("{line}{record}").as_bytes());
}

/// An update that waits, and on its end puts a file to `path`.
fn pending(clone: &Scratch, path: &str) {
    let held =
        format!("rwx = \"0.1.0\"\n[[written]]\npath = {path:?}\nbefore = true\nafter = true\n");
    clone.write(".rwx/pending/update.toml", held.as_bytes());
    if !path.starts_with('/') && !path.contains("..") && !path.contains(".git/") {
        clone.write(&format!(".rwx/pending/before/{path}"), b"[core]\n\tfsmonitor = evil\n");
    }
}

/// A component of the repository's own that puts a file to `path`.
fn own_component(clone: &Scratch, path: &str) {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let spec = format!("name = \"evil\"\nsummary = \"x\"\n[files]\ninto = {folder:?}\n");
    clone.write(
        ".rwx/evil/record.toml",
        format!("rwx = \"0.1.0\"\nfiles = [{path:?}]\n").as_bytes(),
    );
    clone.write(".rwx/templates/evil/component.toml", spec.as_bytes());
    clone.write(&format!(".rwx/templates/evil/{name}.jinja"), b"evil\n");
}

fn workspace(given: &'static str) -> Input {
    Input::new(format!("workspace = {given:?}"), move |clone| {
        clone.write("src/Cargo.toml", b"[workspace]\nmembers = []\n");
        clone.rewrite("Cargo.toml", "[package]\n", &format!("[package]\nworkspace = {given:?}\n"));
        in_record(clone, "env_file = \"outside/secret\"\n");
    })
}

/// Workspaces whose members are elsewhere.
fn members() -> Vec<Input> {
    let patterns = ["../outside", "../*", "../../**", "/**", "x/../../outside", "linked", "**"];
    let workspace = |pattern: &'static str| {
        Input::new(format!("members = [{pattern:?}]"), move |clone| {
            clone.link("linked", "../outside");
            clone.link("loop", ".");
            let manifest = clone.read("Cargo.toml");
            clone.write(
                "Cargo.toml",
                format!("{manifest}\n[workspace]\nmembers = [{pattern:?}]\n").as_bytes(),
            );
        })
    };
    let dependency = Input::new("a dependency by a path that leads out", |clone| {
        let manifest = clone.read("Cargo.toml");
        let added = format!("\n[dependencies.{SECRET}]\npath = \"../outside\"\n[workspace]\n");
        clone.write(
            "Cargo.toml",
            format!("{manifest}{}", added.replace(SECRET, "other")).as_bytes(),
        );
    });
    patterns.into_iter().map(workspace).chain([dependency]).collect()
}
