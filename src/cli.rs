//! The command line: clap's types and nothing else.

mod output;
mod saved;
mod templates;
mod update;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use output::Output;
pub use saved::Apply;
pub use templates::{Eject, Templates, TemplatesRun, UpdateTemplates};
pub use update::{Diff, Edits, OwnEdits, Place, Remove, Status, Update};

const COMPLETIONS_HELP: &str = "\
Install it once, and every rwx to come is completed as it is then:
  bash        echo 'source <(rwx completions bash)' >> ~/.bashrc
  zsh         echo 'source <(rwx completions zsh)' >> ~/.zshrc (below compinit)
  fish        rwx completions fish > ~/.config/fish/completions/rwx.fish
  powershell  Add-Content $PROFILE 'rwx completions powershell | Out-String | iex'
  elvish      echo 'eval (rwx completions elvish | slurp)' >> ~/.config/elvish/rc.elv

`cargo rwx` is completed too where cargo's own completion is there: in zsh, and in bash with \
bash-completion 2.12 or later.
";

/// Add production infrastructure to an axum project, in code that you own.
#[derive(Debug, Parser)]
#[command(
    name = "rwx",
    version,
    max_term_width = 100,
    propagate_version = true,
    after_help = "The commands of `rwx infra` can be typed without `infra`: `rwx add websocket`."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
}

impl Cli {
    /// True when the outcome is for another program to read.
    pub fn is_json(&self) -> bool {
        self.output_and_place().0.json
    }

    /// True when the command writes nothing.
    pub fn is_dry(&self) -> bool {
        self.output_and_place().0.is_dry()
    }

    /// Where the project is that the command works on, seen from the folder it runs in; nothing for
    /// a command that works on none.
    pub fn place(&self) -> Option<&Path> {
        self.output_and_place().1
    }

    fn output_and_place(&self) -> (Output, Option<&Path>) {
        let reading = |json: bool| Output { dry_run: true, json, ..Output::default() };
        match &self.command {
            Command::New(new) => (new.output, Some(&new.path)),
            Command::Infra(infra) | Command::Short(infra) => match infra {
                Infra::List { json } | Infra::Info { json, .. } => (reading(*json), None),
                Infra::Add(add) => (add.output, Some(add.place.path())),
                Infra::Remove(remove) => (remove.output, Some(remove.place.path())),
                Infra::Status(status) => (reading(status.json), Some(status.place.path())),
                Infra::Update(update) => (update.output, Some(update.place.path())),
                Infra::Diff(diff) => (reading(diff.json), Some(diff.place.path())),
            },
            Command::Templates(
                Templates::Eject(Eject { run, .. })
                | Templates::Update(UpdateTemplates { run, .. }),
            ) => (run.output, Some(run.place.path())),
            Command::Apply(apply) => (apply.output, Some(Path::new(""))),
            Command::Man { folder } => (Output::default(), Some(folder)),
            Command::Completions { .. } => (reading(false), None),
        }
    }
}

/// Flags of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Global options")]
    pub directory: Option<PathBuf>,
    /// Say more: also what stays the same
    #[arg(short, long, global = true, conflicts_with = "quiet", help_heading = "Global options")]
    pub verbose: bool,
    /// Say only what is left for you to do
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Use colour: auto, always or never
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = true,
        global = true,
        help_heading = "Global options"
    )]
    pub color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a small axum project to start from
    New(New),
    /// List, inspect, add and remove components
    #[command(subcommand)]
    Infra(Infra),
    /// Those of `rwx infra`, typed without it.
    #[command(flatten)]
    Short(Infra),
    /// Make a component's templates your own
    #[command(subcommand)]
    Templates(Templates),
    /// Do what a plan says that `rwx infra add --dry-run --json` printed
    #[command(after_help = saved::APPLY_HELP)]
    Apply(Apply),
    /// Print the script by which a shell completes rwx's command lines
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages into a folder, one a command
    #[command(after_help = "`man rwx` finds them with `rwx man ~/.local/share/man/man1`.")]
    Man {
        /// The folder, which is made where there is none
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// `rwx infra …`
#[derive(Debug, Subcommand)]
pub enum Infra {
    /// List the components
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a component needs, adds and offers
    Info {
        /// The component
        component: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Add components to the axum project at hand
    #[command(
        after_help = "Run again on an installed component, it brings it up to date and keeps your \
            edits."
    )]
    Add(Box<Add>),
    /// Show what is installed, what you have done to it, and what an update would do
    Status(Status),
    /// Take a component out of the project again
    #[command(
        after_help = "What you have edited, and what your own code uses, stays and is named."
    )]
    Remove(Remove),
    /// Bring installed components up to date and keep your edits
    #[command(after_help = update::UPDATE_HELP)]
    Update(Box<Update>),
    /// Show your edits, and what an update would change
    #[command(after_help = update::DIFF_HELP)]
    Diff(Diff),
}

/// `rwx new`
#[derive(Debug, Args)]
pub struct New {
    /// The folder to make; its last part is the project's name
    pub path: PathBuf,
    /// Add a component in the same run; may be repeated
    #[arg(long, value_name = "COMPONENT")]
    pub with: Vec<String>,
    /// Switch an option of a component on or off
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = setting, requires = "with")]
    pub settings: Vec<(String, bool)>,
    /// Version control to start there: git, which is the default outside of a repository, or none
    #[arg(long, value_enum, value_name = "VCS", hide_possible_values = true)]
    pub vcs: Option<Vcs>,
    /// How the run shows itself.
    #[command(flatten)]
    pub output: Output,
}

/// The version control of a new project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Vcs {
    /// A git repository
    Git,
    /// Nothing
    None,
}

/// `rwx infra add`
#[derive(Debug, Args)]
pub struct Add {
    /// The components to add, as in `rwx infra list`; on a terminal you are asked when none is
    /// named
    #[arg(value_name = "COMPONENT")]
    pub components: Vec<String>,
    /// The package.
    #[command(flatten)]
    pub place: Place,
    /// Switch an option of the component on or off
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = setting)]
    pub settings: Vec<(String, bool)>,
    /// Name of the module to write
    #[arg(long, value_name = "NAME")]
    pub module: Option<String>,
    /// Path that the component answers on
    #[arg(long, value_name = "PATH")]
    pub route: Option<String>,
    /// Leave the router and the settings struct alone
    #[arg(long)]
    pub no_wire: bool,
    /// Wire it after all, where an earlier --no-wire or you left it unwired
    #[arg(long, conflicts_with = "no_wire")]
    pub wire: bool,
    /// Put back what you have taken out of files of yours, and deleted
    #[arg(long)]
    pub restore: bool,
    /// Answer yes to the last question, where no component is named
    #[arg(short, long)]
    pub yes: bool,
    /// Compose file to add services to
    #[arg(long, value_name = "FILE")]
    pub compose: Option<String>,
    /// Environment sample to add lines to
    #[arg(long, value_name = "FILE")]
    pub env_file: Option<String>,
    /// What becomes of the owner's edits.
    #[command(flatten)]
    pub edits: Edits,
    /// How the run shows itself.
    #[command(flatten)]
    pub output: Output,
}

fn setting(text: &str) -> Result<(String, bool), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=true or KEY=false")?;
    let value = match value {
        "true" | "on" | "yes" => true,
        "false" | "off" | "no" => false,
        other => return Err(format!("`{other}` is neither true nor false")),
    };
    Ok((key.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        super::Cli::command().debug_assert();
    }
}
