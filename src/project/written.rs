//! Files that rwx itself wrote into the user's project, perhaps a newer one.

use std::cmp::Ordering;

use semver::Version;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::guarded::is_guarded;
use super::toml;
use super::tree::{Tree, is_below};
use crate::problem::Problem;

/// What rwx wrote at `path`, when it is there; `what` names the file in errors, and `subject` what
/// it tells of. `paths` are those that it names: it may come with a repository from elsewhere, and
/// must not lead a run out of the project.
///
/// # Errors
/// A [`Problem`] with the place when it does not parse, or names a path that is not below the
/// project's root. Where it is of a newer rwx and does not parse, as [`check_not_newer`].
pub(super) fn read<T: DeserializeOwned>(
    tree: &Tree,
    path: &str,
    what: &str,
    subject: &str,
    paths: fn(&T) -> Vec<&str>,
) -> Result<Option<T>, Problem> {
    let Some(text) = tree.text(path)? else { return Ok(None) };
    // The line ends of its strings are those of the checkout; a carriage return that is part of one
    // stands escaped.
    let text = &text.replace("\r\n", "\n");
    let wrong = format!("{what} cannot be read");
    let help = "take it back from version control; rwx wrote it and nobody needs to edit it";
    let parsed: T = toml::parse(path, text, &wrong).map_err(|problem| {
        let newer = version(text).and_then(|version| check_not_newer(&version, subject).err());
        newer.unwrap_or_else(|| problem.help(help))
    })?;
    for named in paths(&parsed) {
        let leads = match () {
            () if !is_below(named) => "leads out of the project",
            () if is_guarded(named) => "belongs to version control",
            () => continue,
        };
        let at = text.find(named).map_or(0..0, |start| start..start + named.len());
        return Err(Problem::new(format!("{wrong}: this path {leads}"))
            .at(path, text, at)
            .help(help));
    }
    Ok(Some(parsed))
}

/// The version of the rwx that wrote `text`, whatever else is in it.
fn version(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Author {
        rwx: String,
    }
    toml_edit::de::from_str(text).ok().map(|author: Author| author.rwx)
}

/// Refuses what the rwx of `version`, if that is a newer one, has written of `subject`: this one
/// would take it back.
///
/// # Errors
/// A [`Problem`] that names both versions.
pub fn check_not_newer(version: &str, subject: &str) -> Result<(), Problem> {
    let this = env!("CARGO_PKG_VERSION");
    let versions = Version::parse(version).ok().zip(Version::parse(this).ok());
    if versions.is_none_or(|(version, this)| version.cmp_precedence(&this) != Ordering::Greater) {
        return Ok(());
    }
    Err(Problem::new(format!("{subject} was written by rwx {version}, and this is rwx {this}"))
        .help(
            "install that version of rwx, or a newer one, and run the command again; nothing \
            was written",
        ))
}
