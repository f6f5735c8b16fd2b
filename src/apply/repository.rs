//! The git repository of a new project.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Stdio;

use crate::problem::{Problem, reason};
use crate::project::{complaint_of, git, is_versioned, real};

/// Makes the folder `root` a git repository. Unless that is `asked` for, none is made inside of
/// another, or where there is no git.
///
/// # Errors
/// A [`Problem`] with what git said.
pub fn start_repository(root: &Path, asked: bool) -> Result<(), Problem> {
    let root = real(root).unwrap_or_else(|| root.to_path_buf());
    if !asked && is_versioned(&root) {
        return Ok(());
    }
    let said = match git(&root).args(["init", "--quiet"]).stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound && !asked => return Ok(()),
        Ok(output) => complaint_of(&output.stderr),
        Err(error) => reason(&error),
    };
    Err(Problem::new(format!("the project is there, but `git init` failed: {said}")))
}
