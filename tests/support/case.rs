//! One case: the starting tree, the arguments, and what is expected.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{Run, Scratch, files, succeed};

/// Exit code of a run that leaves conflicts in files.
const CONFLICTS: i32 = 3;

/// Arguments with which a run writes nothing.
const DRY: [&str; 5] = ["--dry-run", "-n", "--diff", "--check", "--help"];

/// `case.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Folder below `tests/projects`; nothing for an empty one.
    pub project: Option<String>,
    /// Folder below the tree's root that the project is put in.
    #[serde(default)]
    pub into: String,
    /// Folder below the tree's root to run in.
    #[serde(default)]
    pub folder: String,
    /// Arguments of a run before, after which the case starts.
    #[serde(default)]
    pub earlier: Vec<String>,
    /// Files that the user changes between the two runs: path → text.
    #[serde(default)]
    pub meanwhile: BTreeMap<String, String>,
    /// Edits that the user makes between the two runs: path → the text to replace and what replaces
    /// it.
    #[serde(default)]
    pub edits: BTreeMap<String, [String; 2]>,
    /// What a newer rwx has changed in the templates of websocket: path → the text to replace and
    /// what replaces it.
    #[serde(default)]
    pub next: BTreeMap<String, [String; 2]>,
    /// Arguments of rwx.
    pub args: Vec<String>,
    /// Expected exit code.
    #[serde(default)]
    pub exit: i32,
    /// True to keep the rendered files and the component's steps in the snapshot.
    #[serde(default)]
    pub full: bool,
    /// True to make the tree a git repository.
    #[serde(default)]
    pub git: bool,
    /// Files to put in place first: path → text.
    #[serde(default)]
    pub write: BTreeMap<String, String>,
    /// Files to put in place first, of bytes that need not be text: path → bytes.
    #[serde(default)]
    pub bytes: BTreeMap<String, Vec<u8>>,
    /// Files to take away first.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Files to rewrite first with CRLF line endings.
    #[serde(default)]
    pub crlf: Vec<String>,
    /// Symbolic links to make first: path → target.
    #[serde(default)]
    pub links: BTreeMap<String, String>,
    /// Files and folders to take the right to write from.
    #[serde(default)]
    pub read_only: Vec<String>,
    /// Lines of the user's that change their form, such as a string that becomes a table; all
    /// others stay.
    #[serde(default)]
    pub reshaped: Vec<String>,
}

impl Case {
    /// Reads `case.toml` in `folder`.
    pub fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("case.toml")).unwrap();
        toml_edit::de::from_str(&text).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The tree that the case starts from.
    pub fn start(&self) -> Scratch {
        let scratch = Scratch::empty();
        if let Some(project) = &self.project {
            scratch.below(&self.into).copy(project);
        }
        self.write.iter().for_each(|(path, text)| scratch.write(path, text.as_bytes()));
        self.bytes.iter().for_each(|(path, bytes)| scratch.write(path, bytes));
        self.remove.iter().for_each(|path| fs::remove_file(scratch.path().join(path)).unwrap());
        for path in &self.crlf {
            scratch.write(path, scratch.read(path).replace('\n', "\r\n").as_bytes());
        }
        self.links.iter().for_each(|(path, target)| scratch.link(path, target));
        if self.git {
            scratch.git(&["init", "--quiet"]);
        }
        if !self.earlier.is_empty() {
            scratch.rwx_in(&self.folder, &self.earlier).expect(0);
        }
        self.meanwhile.iter().for_each(|(path, text)| scratch.write(path, text.as_bytes()));
        self.edits.iter().for_each(|(path, [old, new])| scratch.rewrite(path, old, new));
        self.read_only.iter().for_each(|path| scratch.set_read_only(path, true));
        scratch
    }

    /// Runs rwx as the case says, with `more` arguments.
    pub fn run(&self, scratch: &Scratch, more: &[&str]) -> Run {
        let mut args: Vec<&str> =
            self.args.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let shelf = self.shelf();
        let place = shelf.path().display().to_string();
        if !self.next.is_empty() {
            args.extend(["--templates", &place]);
        }
        scratch.rwx_in(&self.folder, &args)
    }

    /// The templates of a newer rwx.
    fn shelf(&self) -> Scratch {
        let shelf = Scratch::empty();
        if !self.next.is_empty() {
            let own = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/websocket"));
            own.iter().for_each(|(path, bytes)| shelf.write(&format!("websocket/{path}"), bytes));
        }
        let changed = self.next.iter();
        changed
            .for_each(|(path, [old, new])| shelf.rewrite(&format!("websocket/{path}"), old, new));
        shelf
    }

    /// The arguments that take the component of this case out again.
    pub fn removal(&self) -> Vec<String> {
        let mut removal = vec!["infra".to_owned(), "remove".to_owned(), "websocket".to_owned()];
        for selecting in ["-C", "-p", "--package", "--manifest-path"] {
            if let Some(at) = self.args.iter().position(|arg| arg == selecting) {
                removal.extend(self.args[at..].iter().take(2).cloned());
            }
        }
        removal
    }

    /// True when the run is to leave the tree as it was.
    pub fn is_dry(&self) -> bool {
        ![0, CONFLICTS].contains(&self.exit)
            || self.args.iter().any(|arg| DRY.contains(&arg.as_str()))
    }
}

impl Scratch {
    /// Runs git in the folder.
    pub fn git(&self, args: &[&str]) {
        let mut git = std::process::Command::new("git");
        succeed(git.current_dir(self.path()).args(["-c", "core.autocrlf=false"]).args(args));
    }
}
