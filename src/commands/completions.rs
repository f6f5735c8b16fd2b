//! `rwx completions`

use clap_complete::Shell;

use super::finish::DONE;
use crate::complete;
use crate::terminal::Terminal;

/// Prints the script that lets `shell` complete.
pub(crate) fn completions(shell: Shell, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    out.print(&complete::script(shell)?)?;
    Ok(DONE)
}
