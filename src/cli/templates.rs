//! `rwx templates …`

use clap::{Args, Subcommand};

use super::{Output, OwnEdits, Place};

/// `rwx templates …`
#[derive(Debug, Subcommand)]
pub enum Templates {
    /// Put a component's templates into the project, for you to edit
    #[command(after_help = "\
They go to .rwx/templates/COMPONENT, and `rwx infra add` and `rwx infra update` render them from \
there. A newer rwx merges its \
changes into them, as it does with rendered files.")]
    Eject(Eject),
    /// Bring the project's templates up to date and keep your edits
    #[command(after_help = "`rwx infra update` does this too, and then renders them.")]
    Update(UpdateTemplates),
}

/// `rwx templates eject`
#[derive(Debug, Args)]
pub struct Eject {
    /// The components, as in `rwx infra list`
    #[arg(value_name = "COMPONENT", required = true)]
    pub components: Vec<String>,
    /// Where and how.
    #[command(flatten)]
    pub run: TemplatesRun,
}

/// `rwx templates update`
#[derive(Debug, Args)]
pub struct UpdateTemplates {
    /// The components; all whose templates are in the project when none is named
    #[arg(value_name = "COMPONENT")]
    pub components: Vec<String>,
    /// Where and how.
    #[command(flatten)]
    pub run: TemplatesRun,
}

/// What the commands on templates share.
#[derive(Debug, Args)]
pub struct TemplatesRun {
    /// The package.
    #[command(flatten)]
    pub place: Place,
    /// What becomes of the owner's edits.
    #[command(flatten)]
    pub edits: OwnEdits,
    /// How the run shows itself.
    #[command(flatten)]
    pub output: Output,
}
