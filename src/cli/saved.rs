//! `rwx apply`

use std::path::PathBuf;

use clap::Args;

use super::Output;

pub(super) const APPLY_HELP: &str = "\
    rwx infra add websocket --dry-run --json > plan.json
    rwx apply plan.json
It is planned anew from what was asked, and written only where that comes to the same: a file that \
is no longer what it was, or another rwx, and the plan is refused (exit code 5).";

/// `rwx apply`
#[derive(Debug, Args)]
pub struct Apply {
    /// The file with the plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Folder of templates that the plan was made with
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Change files that have uncommitted edits
    #[arg(long)]
    pub allow_dirty: bool,
    /// How the run shows itself.
    #[command(flatten)]
    pub output: Output,
}
