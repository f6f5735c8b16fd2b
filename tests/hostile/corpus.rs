//! Hostile repositories, and what every command must keep to in one.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::thread;

use crate::support::{Scratch, rwx};

/// What stands in the files that no run may read.
pub(crate) const SECRET: &str = "canary-5f1e9c";
/// The clone, below the scratch folder; what is beside it is not the project's.
pub(crate) const CLONE: &str = "clone";
/// Kilobytes of memory that a run may ask for.
const MEMORY: u32 = 200 * 1024;
/// Seconds after which a run is taken to have no end; it has to end far sooner, and the machine can
/// be busy.
const PATIENCE: &str = "30";

/// The commands, each of which is run in a clone as it was at first.
pub(crate) const COMMANDS: [&str; 9] = [
    "infra status",
    "infra diff --update",
    "infra add websocket --diff",
    "infra update --json --dry-run",
    "new inside --dry-run",
    "infra update --force --allow-dirty --restore",
    "infra update --abort",
    "infra remove websocket",
    "templates eject websocket",
];

/// Path → what is there.
type State = BTreeMap<String, String>;

/// A hostile repository, by what it does.
pub(crate) struct Input {
    name: String,
    make: Box<dyn Fn(&Scratch) + Send + Sync>,
}

impl Input {
    /// One that `make` makes of an honest project, in a folder that is a git repository.
    pub(crate) fn new(
        name: impl Into<String>,
        make: impl Fn(&Scratch) + Send + Sync + 'static,
    ) -> Self {
        Self { name: name.into(), make: Box::new(make) }
    }
}

/// Runs every one of `commands` on every one of `inputs`.
pub(crate) fn check_all(inputs: Vec<Input>, commands: &[&str]) {
    let honest = honest();
    let folder = &honest.path();
    let (queue, failed) = (Mutex::new(inputs), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(input) = { queue.lock().unwrap().pop() } {
                    if catch_unwind(std::panic::AssertUnwindSafe(|| {
                        check(&input, folder, commands)
                    }))
                    .is_err()
                    {
                        failed.lock().unwrap().push(input.name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "these inputs are not met: {failed:#?}");
}

/// An honest project to which the component is added, below a folder that holds secrets.
fn honest() -> Scratch {
    let scratch = Scratch::in_memory();
    scratch.write("outside/secret", format!("{SECRET}\n").as_bytes());
    scratch.write(
        "outside/Cargo.toml",
        format!("# {SECRET}\n[package]\nname = \"{SECRET}\"\n").as_bytes(),
    );
    scratch.write("outside/src/main.rs", format!("fn main() {{}} // {SECRET}\n").as_bytes());
    fs::create_dir(scratch.path().join("outside/empty")).unwrap();
    let clone = scratch.below(CLONE);
    clone.copy("minimal");
    clone.add(&[]).expect(0);
    clone.git(&["init", "--quiet"]);
    clone.write(".git/config", format!("{}# {SECRET}\n", clone.read(".git/config")).as_bytes());
    scratch
}

/// A copy of `folder`, with the links and pipes that are in it.
fn copy(folder: &Path) -> Scratch {
    let scratch = Scratch::in_memory();
    let all = folder.join(".");
    assert!(Command::new("cp").arg("-a").arg(all).arg(scratch.path()).status().unwrap().success());
    scratch
}

fn check(input: &Input, honest: &Path, commands: &[&str]) {
    let model = copy(honest);
    (input.make)(&model.below(CLONE));
    let found = state(&model);
    let mut unchanged = None;
    for command in commands {
        let scratch = unchanged.take().unwrap_or_else(|| copy(&model.path()));
        if check_run(input, &scratch, &found, command) == found[1] {
            unchanged = Some(scratch);
        }
    }
}

/// Runs `command` where `before` is found, and returns what is the project's then.
fn check_run(input: &Input, scratch: &Scratch, before: &[State; 2], command: &str) -> State {
    let output = run(&scratch.path().join(CLONE), command);
    let told = format!(
        "{}: `rwx {command}`: {}{}",
        input.name,
        lossy(&output.stdout),
        lossy(&output.stderr)
    );
    assert!(
        (0..=5).contains(&output.status.code().unwrap_or(-1)),
        "ended with {}: {told}",
        output.status
    );
    check_said(&output.stdout, &told);
    check_said(&output.stderr, &told);
    let [after, inside] = state(scratch);
    let changed = before[0].iter().find(|(path, what)| after.get(*path) != Some(what));
    assert_eq!(
        changed.or_else(|| after.iter().find(|(path, _)| !before[0].contains_key(*path))),
        None,
        "{told}"
    );
    assert_eq!(inside.iter().find(|(_, held)| held.contains(SECRET)), None, "{told}");
    inside
}

/// Runs rwx in `folder` with bounded memory and time.
fn run(folder: &Path, command: &str) -> Output {
    let program = rwx().get_program().to_owned();
    let mut bounded = Command::new("timeout");
    bounded
        .args([PATIENCE, "bash", "-c", &format!("ulimit -v {MEMORY} -c 0; exec \"$0\" \"$@\"")])
        .arg(program);
    bounded.args(command.split(' ')).current_dir(folder).env("NO_COLOR", "1").output().unwrap()
}

/// Finds neither the secret nor a control character in what was said.
fn check_said(said: &[u8], told: &str) {
    let text = lossy(said);
    assert!(!text.contains(SECRET), "a secret is told: {told}");
    let is_raw = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t' | '\r')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(text.chars().find(|c| is_raw(*c)), None, "{told}");
}

/// What is not the project's, and what is.
fn state(scratch: &Scratch) -> [State; 2] {
    let mut found = [State::new(), State::new()];
    let mut open = vec![scratch.path()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(scratch.path()).unwrap().to_string_lossy().into_owned();
            let data = path.symlink_metadata().unwrap();
            // Reading a pipe would wait for ever.
            let held =
                if data.is_file() { lossy(&fs::read(&path).unwrap()) } else { String::new() };
            let is_git_s = name.contains(".git") && !name.ends_with(".rwx/.gitattributes");
            let is_project = name.starts_with(CLONE) && !is_git_s;
            found[usize::from(is_project)]
                .insert(name, format!("{:o} {held}", data.permissions().mode()));
            if data.is_dir() {
                open.push(path);
            }
        }
    }
    found
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
