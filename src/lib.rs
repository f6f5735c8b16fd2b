//! rwx adds infrastructure to an axum project in code that its owner keeps.
//!
//! Every command is one pipeline with some part switched off: parse arguments ([`cli`]) → read the
//! project ([`project`]) → plan ([`plan`]) → show ([`show`]) → apply ([`apply`]) → report. What the
//! parts may do:
//!
//! - [`component`] holds what `templates/` says. Architecture invariant: nothing here knows a
//!   component by name; a second one is a folder under `templates/` and no line of code.
//! - [`project`] reads the disk and never writes. It is the only room that reads, but for what
//!   [`apply`] is about to replace.
//! - [`edit`] turns one text into the splices to make in it. It knows no paths; every byte that is
//!   not planned stays.
//! - [`plan`] is pure: a project and a component in, at most one change a path out. What cannot be
//!   done safely becomes a by-hand edit and is never guessed. A plan that is kept in a file is input:
//!   what it asks for is planned anew, and nothing else in it is written.
//! - `commands` holds one file a command; each is the pipeline with a plan of its own, and most
//!   share an end. What is asked is asked there, of a [`terminal`] that somebody is at.
//! - `complete` answers a shell that completes a command line: it reads the project and says nothing
//!   of what is wrong there. Names of files it has from clap.
//! - [`show`] turns plans and problems into text and decides nothing.
//! - [`shell`] quotes what stands in a command for the user to paste.
//! - [`apply`] writes all of a plan or nothing, and nothing where the disk is no longer what was
//!   planned for. Every command that writes in a project first finishes or undoes what an
//!   interrupted run left there, and says so on stderr; one that only reads says so and stops.

pub mod apply;
pub mod cli;
mod commands;
mod complete;
pub mod component;
pub mod edit;
pub mod plan;
pub mod problem;
pub mod project;
pub mod shell;
pub mod show;
mod start;
pub mod terminal;
pub mod visible;

use std::path::Path;

pub use start::start;

use cli::{Cli, Command, Infra};
use problem::Problem;
use project::Selection;
use show::Tone;
use terminal::Terminal;

/// The stack that [`run`] wants, in bytes: parsers recurse into what a project holds, as deep as
/// their bounds let them.
pub const STACK: usize = 64 << 20;

/// Does what the command line says, prints the outcome to `out` and returns the exit code.
///
/// # Errors
/// A [`Problem`] for the user, an I/O error of `out` where the run writes nothing, or a defect of
/// the embedded components.
pub fn run(cli: Cli, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    if let Some(place) = cli.place() {
        settle(&cli, place, out)?;
    }
    let Cli { command, global } = cli;
    let tone = Tone { dry: false, verbose: global.verbose, quiet: global.quiet };
    let selection = Selection { directory: global.directory, ..Selection::default() };
    match command {
        Command::New(args) => commands::new(&args, &selection, tone, out),
        Command::Infra(infra) | Command::Short(infra) => match infra {
            Infra::List { json } => commands::list(json, out),
            Infra::Info { component, json } => commands::info(&component, json, out),
            Infra::Add(args) => commands::add(*args, selection, tone, out),
            Infra::Status(args) => commands::status(args, selection, out),
            Infra::Remove(args) => commands::remove(args, selection, tone, out),
            Infra::Update(args) => commands::update(*args, selection, tone, out),
            Infra::Diff(args) => commands::diff(args, selection, out),
        },
        Command::Templates(command) => commands::templates(command, selection, tone, out),
        Command::Apply(args) => commands::apply(args, selection, tone, out),
        Command::Man { folder } => commands::man(&folder, &selection, tone, out),
        Command::Completions { shell } => commands::completions(shell, out),
    }
}

/// Puts right what an interrupted run left where the command works, or stops there when the command
/// only reads.
fn settle(cli: &Cli, place: &Path, out: &mut Terminal<'_>) -> Result<(), Problem> {
    let place = cli.global.directory.as_deref().unwrap_or(Path::new(".")).join(place);
    if cli.is_dry() {
        return apply::check_settled(&place);
    }
    for (folder, recovery) in apply::recover(&place)? {
        out.talk(&show::recovery(&folder, recovery));
    }
    Ok(())
}
