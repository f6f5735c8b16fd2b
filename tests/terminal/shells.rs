//! The shells complete with the script that rwx prints for them.

use std::path::Path;
use std::process::Command;

use crate::support::pty::on_terminal;
use crate::support::{Scratch, rwx, succeed};

/// What `rwx infra info` prints.
const TOLD: &str = "options (--set NAME=true|false)";

#[test]
fn bash_completes_commands_components_and_options() {
    let folder = Scratch::of("minimal");
    let start = ["env", "PS1=go> ", "bash", "--norc", "--noprofile", "-i"];
    let steps = [
        ("go> ", "source <(rwx completions bash)\r"),
        ("go> ", "rwx infr\tinfo web\t\r"),
        (TOLD, ""),
        ("go> ", "rwx add websocket -n --set resu"),
        ("resu", "\t"),
        ("me=", "tr\t"),
        ("true", "-q; echo ended$?\r"),
        ("ended0", ""),
        ("go> ", "exit\r"),
    ];
    on_terminal(&folder.path(), &start, &steps).expect(0);
}

#[test]
fn zsh_completes_commands_components_and_options() {
    let folder = Scratch::of("minimal");
    let start = ["env", "PS1=go> ", "zsh", "-f", "-i"];
    let steps = [
        ("go> ", "autoload -U compinit; compinit -u -D\r"),
        ("go> ", "source <(rwx completions zsh)\r"),
        ("go> ", "rwx infr\tinfo web\t\r"),
        (TOLD, ""),
        ("go> ", "rwx add websocket -n --set resu"),
        ("resu", "\t"),
        ("me=", "tr\t"),
        ("true", " -q; echo ended$?\r"),
        ("ended0", ""),
        ("go> ", "exit\r"),
    ];
    on_terminal(&folder.path(), &start, &steps).expect(0);
}

#[test]
fn fish_completes_commands_components_and_options() {
    let (folder, rwx) = (Scratch::empty(), rwx());
    let tools = Path::new(rwx.get_program()).parent().unwrap();
    let complete = |line: &str| {
        let script = "rwx completions fish | source; complete -C $argv[1]";
        let mut fish = Command::new("fish");
        fish.args(["--no-config", "-c", script, line]).current_dir(folder.path());
        fish.env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()));
        String::from_utf8(succeed(&mut fish).stdout).unwrap()
    };
    assert!(complete("rwx infr").starts_with("infra\t"));
    assert!(complete("rwx infra info web").starts_with("websocket\t"));
    assert!(complete("rwx add --set redis=").starts_with("redis=true\t"));
}

#[test]
fn the_script_for_bash_is_clean() {
    let folder = Scratch::empty();
    let script = folder.rwx(&["completions", "bash"]).expect(0).stdout;
    folder.write("rwx.bash", script.as_bytes());
    succeed(Command::new("shellcheck").args(["--shell=bash"]).arg(folder.path().join("rwx.bash")));
}
