//! TOML files of the user's and of rwx's own, with the place of what is wrong in them.

use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// What the TOML `text` says, with or without a byte order mark; `path` is only named in errors,
/// which `wrong` begins.
///
/// # Errors
/// A [`Problem`] with the place when `text` is not TOML or has not the shape of `T`.
pub fn parse<T: DeserializeOwned>(path: &str, text: &str, wrong: &str) -> Result<T, Problem> {
    let plain = text.trim_start_matches('\u{feff}');
    toml_edit::de::from_str(plain).map_err(|error| {
        let skipped = text.len() - plain.len();
        let span = error.span().unwrap_or(0..0);
        let message = error.message().lines().next().unwrap_or_default();
        Problem::new(format!("{wrong}: {message}")).at(
            path,
            text,
            span.start + skipped..span.end + skipped,
        )
    })
}
