//! `rwx infra list` and `rwx infra info`

use super::finish::DONE;
use crate::terminal::Terminal;
use crate::{component, show};

/// Prints what can be added.
pub(crate) fn list(json: bool, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let components = component::addable()?;
    let text = if json { show::catalog_json(&components) } else { show::catalog(&components) };
    out.print(&text)?;
    Ok(DONE)
}

/// Prints what the component called `name` needs, adds and offers.
pub(crate) fn info(name: &str, json: bool, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let component = component::find(name)?;
    let text = if json { show::info_json(&component) } else { show::info(&component) };
    out.print(&text)?;
    Ok(DONE)
}
