//! What the binaries do: parse, run, print the error, exit code.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::STACK;
use crate::cli::{Cli, Color};
use crate::complete;
use crate::problem::{FAILED, Problem, USAGE, reason};
use crate::show;
use crate::terminal::Terminal;

/// Does what the arguments say, of which the first is the program's name.
pub fn start(arguments: Vec<OsString>) -> ExitCode {
    stacker::grow(STACK, || match asking_shell() {
        Some(shell) => complete(&shell, &arguments),
        None => run(arguments),
    })
}

/// The shell that asks for completions, where one does.
#[expect(clippy::disallowed_methods, reason = "this is how a shell asks")]
fn asking_shell() -> Option<OsString> {
    env::var_os(complete::VARIABLE).filter(|shell| !shell.is_empty())
}

fn complete(shell: &OsStr, arguments: &[OsString]) -> ExitCode {
    // There is nobody left to tell when this is closed.
    let _ = io::stdout().write_all(&complete::complete(shell, arguments));
    ExitCode::SUCCESS
}

fn run(arguments: Vec<OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return misused(&error, &arguments),
    };
    choose_colour(cli.global.color);
    let json = cli.is_json();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr());
    let for_program = !out.is_terminal();
    let mut answers = io::stdin().lock();
    let is_live = err.is_terminal();
    let is_answered = answers.is_terminal() && is_live;
    let mut terminal = Terminal::new(&mut out, for_program, &mut err).live(is_live);
    if is_answered {
        terminal = terminal.answered(&mut answers);
    }
    let outcome =
        crate::run(cli, &mut terminal).and_then(|code| Ok(terminal.flush().map(|()| code)?));
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => report(&error, json, &mut terminal),
    }
}

/// Tells of a command line that is not understood, or what it asks of clap, such as help.
fn misused(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let json = arguments
        .iter()
        .take_while(|argument| *argument != "--")
        .any(|argument| argument == "--json");
    // There is nobody left to tell when these are closed.
    if error.use_stderr() && json {
        let _ = io::stdout().write_all(show::problem_json(&show::misuse(error)).as_bytes());
    }
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(USAGE))
}

fn choose_colour(color: Color) {
    if color != Color::Auto {
        console::set_colors_enabled(color == Color::Always);
        console::set_colors_enabled_stderr(color == Color::Always);
    }
}

/// Tells the error to the user, and to programs with `json`.
fn report(error: &anyhow::Error, json: bool, terminal: &mut Terminal<'_>) -> ExitCode {
    let problem = match error.downcast_ref::<io::Error>() {
        Some(error) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Some(error) => Problem::new(format!("cannot print: {}", reason(error))),
        None => error
            .downcast_ref::<Problem>()
            .cloned()
            .unwrap_or_else(|| Problem::new(format!("{error:#}"))),
    };
    if json {
        // There is nobody left to tell when this is closed.
        let _ = terminal.print(&show::problem_json(&problem)).and_then(|()| terminal.flush());
    }
    terminal.talk(&show::problem(&problem));
    ExitCode::from(if problem.code == 0 { FAILED } else { problem.code })
}
