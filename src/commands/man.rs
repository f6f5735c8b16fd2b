//! `rwx man`

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use super::finish::DONE;
use crate::cli::Cli;
use crate::project::{self, Selection};
use crate::show::Tone;
use crate::terminal::Terminal;
use crate::{apply, plan, show};

/// What the pages are of.
const SOURCE: &str = concat!("rwx ", env!("CARGO_PKG_VERSION"));

/// Writes a page for every command into the folder that the user typed as `directory`.
pub(crate) fn man(
    directory: &Path,
    selection: &Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut pages = BTreeMap::new();
    collect(&command, &mut pages)?;
    let folder = project::typed_folder(selection, directory)?;
    let before = project::files_in(&folder, pages.keys().cloned())?;
    let plan = plan::pages(&before, pages);
    let left = apply::apply(&folder, &plan, None)?;
    left.iter().for_each(|left| out.talk(&show::warning(left)));
    out.print(&show::text(&plan, tone))?;
    Ok(DONE)
}

/// The pages of `command` and of those below it: file name → text.
fn collect(command: &Command, pages: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let page = Man::new(command.clone()).source(SOURCE);
    let mut text = Vec::new();
    page.render(&mut text)?;
    pages.insert(page.get_filename(), String::from_utf8(text)?);
    let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
    inner.into_iter().try_for_each(|inner| collect(inner, pages))
}
