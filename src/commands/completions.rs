//! `rwx completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::finish::DONE;
use crate::cli::Cli;
use crate::terminal::Terminal;

/// Prints the completion script for `shell`.
pub(crate) fn completions(shell: Shell, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    // The generator panics where its writer fails, so it gets one that cannot.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "rwx", &mut script);
    out.print(&String::from_utf8_lossy(&script))?;
    Ok(DONE)
}
