//! Completion: what a shell may offer for the word at hand. The shell asks by running rwx with
//! [`VARIABLE`] set and the words of its command line; what it is given is text for its command
//! line, so nothing is offered that the shell would read as more than a word.

mod bash;
mod values;

use std::ffi::{OsStr, OsString};
use std::panic;

use clap::{Arg, Command, CommandFactory as _, ValueHint};
use clap_complete::Shell;
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::env::Shells;

use crate::cli::Cli;
use values::Values;

/// Set to a shell's name where that asks for completions.
pub(crate) const VARIABLE: &str = "RWX_COMPLETE";
/// The command that is completed, and the one that completes it.
const NAME: &str = "rwx";
/// What zsh's completion of cargo calls for `cargo rwx`, where it is there.
const ZSH_OF_CARGO: &str = r#"_cargo-rwx() { _clap_dynamic_completer_rwx "$@"; }
"#;

/// The script that makes `shell` ask.
///
/// # Errors
/// When there is none for that shell.
pub(crate) fn script(shell: Shell) -> anyhow::Result<String> {
    let mut script = Vec::new();
    match Shells::builtins().completer(&shell.to_string()) {
        _ if shell == Shell::Bash => return Ok(bash::script()),
        Some(completer) => {
            completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
        }
        None => anyhow::bail!("there are no completions for {shell}"),
    }
    if shell == Shell::Zsh {
        script.extend_from_slice(ZSH_OF_CARGO.as_bytes());
    }
    Ok(String::from_utf8(script)?)
}

/// What `shell` is told of the words of its command line, the last of which is to be completed;
/// nothing where there is nothing to say. Whoever types must not be told of errors, nor of a
/// defect.
pub(crate) fn complete(shell: &OsStr, arguments: &[OsString]) -> Vec<u8> {
    panic::set_hook(Box::new(|_| {}));
    panic::catch_unwind(|| answer(shell, arguments)).ok().flatten().unwrap_or_default()
}

fn answer(shell: &OsStr, arguments: &[OsString]) -> Option<Vec<u8>> {
    let start = arguments.iter().position(|argument| argument == "--")? + 1;
    let words = arguments.get(start..).filter(|words| !words.is_empty())?.to_vec();
    let mut said = Vec::new();
    if shell == "bash" {
        return bash::complete(words);
    }
    let shells = Shells::builtins();
    shells
        .completer(shell.to_str()?)?
        .write_complete(&mut command(&words), words, None, &mut said)
        .ok()?;
    Some(said)
}

/// The command line's definition with what its arguments may be, given the words that are typed.
fn command(words: &[OsString]) -> Command {
    with_values(Cli::command(), &Values::of(words))
}

fn with_values(command: Command, values: &Values) -> Command {
    let name = command.get_name().to_owned();
    command
        .mut_args(|argument| with_value(&name, argument, values))
        .mut_subcommands(|inner| with_values(inner, values))
}

fn with_value(command: &str, argument: Arg, values: &Values) -> Arg {
    let values = values.clone();
    let is_file = argument.get_value_hint() == ValueHint::AnyPath;
    match argument.get_id().as_str() {
        "component" | "components" | "with" => {
            let is_installed = ["remove", "update", "diff", "status"].contains(&command);
            offer(argument, move |_: &OsStr| values.components(is_installed))
        }
        "settings" => offer(argument, move |typed: &OsStr| values.settings(typed)),
        "package" => offer(argument, move |_: &OsStr| values.packages()),
        "compose" | "env_file" => offer(argument, PathCompleter::file()),
        _ if is_file && command != "new" => offer(argument, PathCompleter::any()),
        _ => argument,
    }
}

/// `argument`, for which those of `completer`'s candidates are offered that begin as typed.
fn offer(argument: Arg, completer: impl ValueCompleter + 'static) -> Arg {
    let fitting = move |typed: &OsStr| {
        let is_fitting = |candidate: &CompletionCandidate| {
            let value = candidate.get_value().to_string_lossy();
            value.starts_with(&*typed.to_string_lossy()) && value.chars().all(is_plain)
        };
        let mut candidates = completer.complete(typed);
        candidates.retain(is_fitting);
        candidates
    };
    argument.add(ArgValueCompleter::new(fitting))
}

/// True for a character that every shell takes as it is in a word: a file of a repository from
/// elsewhere may be called `$(…)`, and bash puts names into its line without quotes.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "_@%+:,.-/=".contains(c)
}
