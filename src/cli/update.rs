//! The commands on what is installed.

use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::{Output, setting};
use crate::plan::OnConflict;

pub(super) const UPDATE_HELP: &str = "\
Your edits and the new templates are merged line by line. Where both change the same lines the \
file gets both, and the older template's, between markers, the exit code is 3, and the update \
waits: resolve each place, then run `rwx infra update --continue`. `rwx infra update --abort` puts \
every file back as it was, and keeps what you have edited since under \
.rwx/backup.";
pub(super) const DIFF_HELP: &str = "\
Without a flag both are shown, to be read. `--edits` and `--update` print one alone, as a patch \
for `git apply`. Nothing is written.";

/// `rwx infra update`
#[derive(Debug, Args)]
pub struct Update {
    /// The components; all that are installed when none is named
    #[arg(value_name = "COMPONENT", conflicts_with_all = ["resume", "abort"])]
    pub components: Vec<String>,
    /// The package.
    #[command(flatten)]
    pub place: Place,
    /// Switch an option of the component on or off
    #[arg(
        long = "set",
        value_name = "KEY=VALUE",
        value_parser = setting,
        conflicts_with_all = ["resume", "abort"]
    )]
    pub settings: Vec<(String, bool)>,
    /// Put back what you have taken out of files of yours, and deleted
    #[arg(long, conflicts_with_all = ["resume", "abort"])]
    pub restore: bool,
    /// End an update whose conflicts you have resolved
    #[arg(long = "continue", conflicts_with_all = ["abort", "on_conflict", "force", "templates"])]
    pub resume: bool,
    /// Take back an update that left conflicts
    #[arg(long, conflicts_with_all = ["on_conflict", "force", "templates"])]
    pub abort: bool,
    /// What becomes of the owner's edits.
    #[command(flatten)]
    pub edits: Edits,
    /// How the run shows itself.
    #[command(flatten)]
    pub output: Output,
}

/// `rwx infra diff`
#[derive(Debug, Args)]
pub struct Diff {
    /// The components; all that are installed when none is named
    #[arg(value_name = "COMPONENT")]
    pub components: Vec<String>,
    /// The package.
    #[command(flatten)]
    pub place: Place,
    /// Only your edits since rwx wrote the files
    #[arg(long, conflicts_with = "update")]
    pub edits: bool,
    /// Only what an update would change
    #[arg(long)]
    pub update: bool,
    /// Folder of templates to use instead of rwx's own
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Print JSON: both
    #[arg(long, conflicts_with_all = ["edits", "update"])]
    pub json: bool,
}

/// `rwx infra status`
#[derive(Debug, Args)]
pub struct Status {
    /// The component; all that are installed when none is named
    pub component: Option<String>,
    /// The package.
    #[command(flatten)]
    pub place: Place,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `rwx infra remove`
#[derive(Debug, Args)]
pub struct Remove {
    /// The component to take out
    pub component: String,
    /// The package.
    #[command(flatten)]
    pub place: Place,
    /// Change files that have uncommitted edits
    #[arg(long)]
    pub allow_dirty: bool,
    /// How the run shows itself.
    #[command(flatten)]
    pub output: Output,
}

/// Which package is meant.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The package's manifest
    #[arg(long, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,
    /// The package of the workspace
    #[arg(short, long, value_name = "PKG")]
    pub package: Option<String>,
}

impl Place {
    /// The path that the user named; empty for where she stands.
    pub fn path(&self) -> &Path {
        self.manifest_path.as_deref().unwrap_or(Path::new(""))
    }
}

/// What becomes of the owner's edits, and where the templates come from.
#[derive(Debug, Args)]
pub struct Edits {
    /// What becomes of the owner's edits.
    #[command(flatten)]
    pub own: OwnEdits,
    /// Folder of templates to use in this run instead of rwx's own
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
}

/// What becomes of the owner's edits.
#[derive(Debug, Args)]
pub struct OwnEdits {
    /// Where you and the template change the same lines: merge (both, between markers), keep
    /// (yours) or abort
    #[arg(
        long,
        value_enum,
        value_name = "HOW",
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub on_conflict: OnConflict,
    /// Write the template's text over your edits; your files are kept under .rwx/backup
    #[arg(long)]
    pub force: bool,
    /// Change files that have uncommitted edits
    #[arg(long)]
    pub allow_dirty: bool,
}

impl ValueEnum for OnConflict {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Merge, Self::Keep, Self::Abort]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Merge => ("merge", "Leave both in the file, between markers"),
            Self::Keep => ("keep", "Keep the owner's lines"),
            Self::Abort => ("abort", "Fail and write nothing"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}
