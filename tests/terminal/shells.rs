//! The shells complete with the script that rwx prints for them.

use std::path::Path;
use std::process::Command;

use crate::support::pty::on_terminal;
use crate::support::{Scratch, rwx, succeed};

/// What `rwx infra info` prints.
const TOLD: &str = "options (--set NAME=true|false)";

/// `command`, which finds rwx.
fn with_tools(command: &mut Command) -> &mut Command {
    let rwx = rwx();
    let tools = Path::new(rwx.get_program()).parent().unwrap();
    command.env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()))
}

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

/// From its release 2.12 on, bash-completion asks what is registered for `cargo-rwx`.
#[test]
fn bash_completes_the_command_of_cargo() {
    let folder = Scratch::empty();
    let start = ["env", "PS1=go> ", "bash", "--norc", "--noprofile", "-i"];
    let steps = [
        ("go> ", "source <(rwx completions bash)\r"),
        ("go> ", "cargo-rwx infr\tinfo web\t\r"),
        (TOLD, ""),
        ("go> ", "cargo-rwx add --set resu"),
        ("resu", "\t"),
        ("me=", "tr\t"),
        ("true ", "--help | head -n 1; echo ended$?\r"),
        ("ended0", ""),
        ("go> ", "exit\r"),
    ];
    on_terminal(&folder.path(), &start, &steps).expect(0);
}

/// cargo's completion does so, and counts the word that is typed from another place.
#[test]
fn bash_takes_the_word_at_hand_from_the_line_where_cargo_asks() {
    let script = "source <(rwx completions bash)
        asked() { COMP_WORDS=(cargo-rwx add --set \"$@\") COMP_CWORD=$(($# + 2)); \\
            _rwx cargo-rwx su --set; echo \"${COMPREPLY[*]}\"; }
        asked resu; asked resume =; asked resume = fa";
    let said = succeed(with_tools(Command::new("bash").args(["-c", script]))).stdout;
    let said = String::from_utf8(said).unwrap().replace('\u{b}', " ");
    assert_eq!(said, "resume=true resume=false\ntrue false\nfalse\n");
}

#[test]
fn zsh_completes_the_command_of_cargo() {
    let folder = Scratch::empty();
    let start = ["env", "PS1=go> ", "zsh", "-f", "-i"];
    let steps = [
        ("go> ", "fpath+=($(rustc --print sysroot)/share/zsh/site-functions)\r"),
        ("go> ", "autoload -U compinit; compinit -u -D\r"),
        ("go> ", "source <(rwx completions zsh)\r"),
        ("go> ", "cargo rwx infr\tinfo web\t\r"),
        (TOLD, ""),
        ("go> ", "exit\r"),
    ];
    on_terminal(&folder.path(), &start, &steps).expect(0);
}

#[test]
fn fish_completes_commands_components_and_options() {
    let folder = Scratch::empty();
    let complete = |line: &str| {
        let script = "rwx completions fish | source; complete -C $argv[1]";
        let mut fish = Command::new("fish");
        fish.args(["--no-config", "-c", script, line]).current_dir(folder.path());
        String::from_utf8(succeed(with_tools(&mut fish)).stdout).unwrap()
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
