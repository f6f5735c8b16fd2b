//! What git says of the project's files.

use std::collections::{BTreeMap, BTreeSet};

use super::Project;
use super::git::Git;

impl Project {
    /// The bytes at the last commit of those files at `paths` that are in it. None outside a
    /// repository and before the first commit.
    ///
    /// # Errors
    /// Why git, which is asked where there is a repository, has no answer.
    pub fn committed(&self, paths: &[String]) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let Some(git) = Git::around(&self.root) else { return Ok(BTreeMap::new()) };
        let real: Vec<String> = paths.iter().map(|path| self.real_path(path)).collect();
        let committed = git.committed(&self.root, &real)?;
        let found = paths
            .iter()
            .zip(&real)
            .filter_map(|(path, real)| Some((path.clone(), committed.get(real)?.clone())));
        Ok(found.collect())
    }

    /// Those of `paths` that git would hide from its user when they are new. None without git or
    /// outside a repository.
    pub fn ignored(&self, paths: &[String]) -> BTreeSet<String> {
        let git = Git::around(&self.root).filter(|_| !paths.is_empty());
        git.and_then(|git| git.ignored(&self.root, paths).ok()).unwrap_or_default()
    }
}
