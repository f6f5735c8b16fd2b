//! What is offered to a shell that completes a command line.

use std::process::Command;

use serde_json::Value;

use crate::support::{Run, Scratch, rwx};
use crate::{run, snapshot};

/// Runs rwx in `scratch` as `shell` does to complete the last of `words`.
fn ask(scratch: &Scratch, shell: &str, words: &[&str]) -> Run {
    let mut command = rwx();
    command.current_dir(scratch.path()).env("RWX_COMPLETE", shell);
    command.env("_CLAP_COMPLETE_INDEX", words.len().saturating_sub(2).to_string());
    let run = Run::of(command.args(words).output().unwrap(), &scratch.path()).expect(0);
    assert_eq!(run.stderr, "", "{words:?}");
    run
}

/// What may stand for the last of `words`.
fn offered(scratch: &Scratch, words: &[&str]) -> Vec<String> {
    let said = ask(scratch, "fish", &[&["--", "rwx"], words].concat()).stdout;
    said.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&run(args).expect(0).stdout).unwrap()
}

/// The `name` of each of `values`, with `end`.
fn names(values: &Value, end: &str) -> Vec<String> {
    let name = |value: &Value| format!("{}{end}", value["name"].as_str().unwrap());
    values.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn every_shell_has_a_script_and_an_install_line() {
    let help = run(&["completions", "--help"]).expect(0).stdout;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]).expect(0).stdout;
        assert!(script.contains("RWX_COMPLETE"), "{shell}");
        assert!(help.contains(&format!("rwx completions {shell}")), "{shell}");
    }
    snapshot("completions-bash", &run(&["completions", "bash"]).expect(0).stdout);
    run(&["completions", "tcsh"]).expect(2);
}

#[test]
fn components_are_offered_wherever_one_is_named() {
    let scratch = Scratch::of("minimal");
    let all = names(&json(&["list", "--json"])["components"], "");
    let name = all[0].as_str();
    for words in [
        &["infra", "add"][..],
        &["infra", "info"],
        &["infra", "remove"],
        &["infra", "update"],
        &["infra", "diff"],
        &["infra", "status"],
        &["templates", "eject"],
        &["templates", "update"],
        &["add"],
        &["remove"],
        &["new", "app", "--with"],
    ] {
        let ask = |typed| offered(&scratch, &[words, &[typed]].concat());
        assert!(all.iter().all(|name| ask("").contains(name)), "{words:?}");
        assert_eq!(ask(&name[..3]), [name], "{words:?}");
        assert!(ask("no-such").is_empty(), "{words:?}");
    }
    assert_eq!(offered(&scratch, &["new", "app", "--with=w"]), [format!("--with={name}")]);
}

#[test]
fn what_is_installed_is_offered_to_the_commands_on_it() {
    let scratch = Scratch::added("minimal");
    scratch.write(".rwx/their-own/record.toml", b"");
    assert_eq!(offered(&scratch, &["remove", "t"]), ["their-own"]);
    assert!(offered(&scratch, &["add", "t"]).is_empty());
}

#[test]
fn the_options_of_a_component_are_offered_with_their_values() {
    let scratch = Scratch::empty();
    let mut keys = names(&json(&["info", "websocket", "--json"])["options"], "=");
    for words in [
        &["add", "websocket", "--set"][..],
        &["new", "app", "--with=websocket", "--set"],
        &["update", "--set"],
    ] {
        let ask = |typed| offered(&scratch, &[words, &[typed]].concat());
        assert_eq!(ask(""), keys, "{words:?}");
        assert_eq!(ask("redis="), ["redis=true", "redis=false"], "{words:?}");
        assert_eq!(ask("redis=t"), ["redis=true"], "{words:?}");
        assert_eq!(ask("redi"), ["redis=true", "redis=false"], "{words:?}");
        assert!(ask("none=").is_empty() && ask("redis=x").is_empty(), "{words:?}");
    }
    keys.retain(|key| key.starts_with("re"));
    assert!(keys.len() > 1);
    assert_eq!(offered(&scratch, &["add", "--set", "re"]), keys);
}

#[test]
fn the_packages_of_the_workspace_are_offered() {
    let scratch = Scratch::of("workspace");
    let all = offered(&scratch, &["add", "websocket", "-p", ""]);
    assert!(all.len() > 1, "{all:?}");
    for name in &all {
        let below = offered(&scratch.below("crates"), &["status", "--package", name]);
        assert!(below.contains(name), "{below:?}");
    }
    let outside = Scratch::empty();
    let root = scratch.path();
    let root = root.to_str().unwrap();
    assert_eq!(offered(&outside, &["-C", root, "status", "-p", ""]), all);
    let manifest = format!("--manifest-path={root}/Cargo.toml");
    assert_eq!(offered(&outside, &["status", &manifest, "-p", ""]), all);
    assert!(offered(&outside, &["status", "-p", ""]).is_empty());
    assert_eq!(offered(&Scratch::of("minimal"), &["status", "-p", ""]), ["minimal"]);
}

#[test]
fn bash_gets_what_is_behind_the_last_sign_where_it_splits_words() {
    let ask = |words: &[&str]| {
        ask(&Scratch::empty(), "bash", &[&["--", "rwx", "add", "websocket"], words].concat()).stdout
    };
    assert_eq!(ask(&["--set", "redis", "=", ""]), "true\u{b}false\u{b}");
    assert_eq!(ask(&["--set", "redis", "=", "tr"]), "true\u{b}");
    assert_eq!(ask(&["--set", "=", "redis", "=", "f"]), "false\u{b}");
    assert_eq!(ask(&["--set", "metri"]), "metrics=true\u{b}metrics=false\u{b}");
}

#[test]
fn nothing_is_said_of_what_is_wrong_and_nothing_is_written() {
    let fifo = Scratch::empty();
    let made = Command::new("mkfifo").arg(fifo.path().join("Cargo.toml")).status();
    assert!(made.unwrap().success());
    let broken = Scratch::of("minimal");
    broken.write("Cargo.toml", b"[package\n\xff");
    let interrupted = Scratch::of("minimal");
    interrupted.write(".rwx-journal", b"nonsense");
    for scratch in [fifo, broken, interrupted, Scratch::empty()] {
        let before = scratch.path().read_dir().unwrap().count();
        for words in [
            &[][..],
            &["--"],
            &["--", "rwx"],
            &["--", "rwx", "add", "-p", ""],
            &["--", "rwx", "remove", ""],
            &["--", "rwx", "nothing", "such", ""],
            &["--", "rwx", "add", "--set"],
            &["--", "rwx", "-C", "/nowhere", "remove", ""],
        ] {
            for shell in ["bash", "zsh", "fish", "elvish", "powershell", "tcsh"] {
                ask(&scratch, shell, words);
            }
        }
        assert_eq!(scratch.path().read_dir().unwrap().count(), before);
    }
}

#[test]
fn a_repository_from_elsewhere_puts_nothing_on_the_command_line() {
    let scratch = Scratch::of("workspace");
    let member = |folder: &str, name: &str| {
        let manifest = format!(
            "[package]\nname = {}\nversion = \"0.1.0\"\n[dependencies]\naxum = \"0.8\"\n",
            Value::from(name)
        );
        scratch.write(&format!("crates/{folder}/Cargo.toml"), manifest.as_bytes());
    };
    let odd = ["$(touch x)", "a;b", "`c`", "d\ne", "\u{1b}[2J", "*", "x y"];
    for (index, name) in odd.into_iter().enumerate() {
        member(&format!("odd{index}"), name);
        if !name.contains('\n') {
            scratch.write(&format!(".rwx/{name}/record.toml"), b"");
            scratch.write(&format!("folder/{name}/templates"), b"");
        }
    }
    member("plain", "a-plain_name");
    let before = scratch.files();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ask = |words: &[&str]| ask(&scratch, shell, &[&["--", "rwx"], words].concat()).stdout;
        let packages = ask(&["status", "-p", ""]);
        assert!(packages.contains("a-plain_name"), "{shell}: {packages:?}");
        for said in [packages, ask(&["remove", ""]), ask(&["add", "--templates", "folder/"])] {
            assert!(!odd.iter().any(|name| said.contains(name)), "{shell}: {said:?}");
        }
    }
    assert!(before == scratch.files());
}
