//! How a run shows itself.

use clap::Args;

/// How a run shows itself, and whether it writes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Output {
    /// Show what would change and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Print the changes as a patch for `git apply` and write nothing
    #[arg(long)]
    pub diff: bool,
    /// Write nothing and exit with 4 if something would change
    #[arg(long)]
    pub check: bool,
    /// Run `cargo check` on what was written, which runs the project's build scripts and macros; if
    /// it fails, put every byte back
    #[arg(long, conflicts_with_all = ["dry_run", "diff", "check"])]
    pub verify: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "diff")]
    pub json: bool,
}

impl Output {
    /// True when the run writes nothing.
    pub fn is_dry(self) -> bool {
        self.dry_run || self.diff || self.check
    }
}
