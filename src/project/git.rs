//! How git is run, with no trust in the repository: whoever unpacks an archive or clones a
//! repository and asks rwx about it must not run a program that it names.
//!
//! Git is asked for what is committed and for what is ignored, and never to compare the work tree:
//! that would run the filters, the monitors and the hooks which an unpacked `.git/config` can name.
//! It starts in the folder that holds `.git`, so that a folder which only looks like a repository
//! is never taken for one. The user's own settings count.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::child::{Answer, ask};

/// Settings that an unpacked repository could have set to run a program.
const SETTINGS: [&str; 3] =
    ["safe.bareRepository=explicit", "core.fsmonitor=false", "core.hooksPath=/dev/null"];
/// What tells git of another repository than the one around the folder.
const FOREIGN: [&str; 11] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_LITERAL_PATHSPECS",
];
/// Files of `.git` that git reads in every run; it waits for ever where an unpacked one holds a
/// pipe in the place of a file.
const READ: [&str; 6] =
    ["HEAD", "config", "commondir", "packed-refs", "info/exclude", "objects/info/alternates"];

/// Git in `folder`, without trust in what is there.
pub fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder)
        .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .arg("--no-pager");
    for name in FOREIGN {
        git.env_remove(name);
    }
    git.env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none");
    git
}

/// A work tree, by the folder that holds `.git`.
pub(super) struct Git {
    top: PathBuf,
}

impl Git {
    /// The work tree that `folder` is in, which is absolute and without links.
    pub(super) fn around(folder: &Path) -> Option<Self> {
        let top = folder.ancestors().find(|above| above.join(".git").symlink_metadata().is_ok())?;
        Some(Self { top: top.to_path_buf() })
    }

    /// The bytes at the last commit of those files at `paths`, relative to `root`, that are in it.
    /// None before the first commit.
    ///
    /// # Errors
    /// What git said, or why it cannot be run.
    pub(super) fn committed(
        &self,
        root: &Path,
        paths: &[String],
    ) -> Result<BTreeMap<String, Vec<u8>>, String> {
        // A line feed would be the end of the question.
        let asked: Vec<&String> = paths.iter().filter(|path| !path.contains('\n')).collect();
        let mut input = b"HEAD\n".to_vec();
        asked.iter().for_each(|path| {
            input.extend([b"HEAD:", self.inside(root, path).as_slice(), b"\n"].concat())
        });
        let answer = self.ask(&["cat-file", "--batch"], input)?;
        if !answer.status.success() {
            return Err(complaint(&answer));
        }
        let mut rest = answer.said.as_slice();
        if object(&mut rest)?.is_none() {
            return self.check_unborn().map(|()| BTreeMap::new());
        }
        let mut found = BTreeMap::new();
        for path in asked {
            found.extend(object(&mut rest)?.map(|bytes| (path.clone(), bytes.to_vec())));
        }
        Ok(found)
    }

    /// Those of `paths`, relative to `root`, that git would hide from its user when they are new.
    ///
    /// # Errors
    /// As [`Git::committed`].
    pub(super) fn ignored(
        &self,
        root: &Path,
        paths: &[String],
    ) -> Result<BTreeSet<String>, String> {
        // A path that begins otherwise could be a pattern.
        let asked = |path: &str| [b"./", self.inside(root, path).as_slice()].concat();
        let input = paths.iter().flat_map(|path| [asked(path), vec![0]].concat()).collect();
        let answer = self.ask(&["check-ignore", "--no-index", "--stdin", "-z"], input)?;
        if !matches!(answer.status.code(), Some(0 | 1)) {
            return Err(complaint(&answer));
        }
        let hidden: BTreeSet<&[u8]> = answer.said.split(|byte| *byte == 0).collect();
        let is_hidden = |path: &&String| hidden.contains(asked(path).as_slice());
        Ok(paths.iter().filter(is_hidden).cloned().collect())
    }

    /// Tells a branch without a commit from one whose commit is gone.
    fn check_unborn(&self) -> Result<(), String> {
        let answer = self.ask(&["rev-parse", "--verify", "--quiet", "HEAD"], Vec::new())?;
        if answer.status.code() == Some(1) { Ok(()) } else { Err(complaint(&answer)) }
    }

    /// `path`, relative to `root`, as git names it.
    fn inside(&self, root: &Path, path: &str) -> Vec<u8> {
        let place = root.join(path);
        let name = place.strip_prefix(&self.top).unwrap_or(&place).as_os_str().as_encoded_bytes();
        if cfg!(windows) {
            name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect()
        } else {
            name.to_vec()
        }
    }

    /// Runs git with `args` at the top of the work tree, and gives it `input`.
    fn ask(&self, args: &[&str], input: Vec<u8>) -> Result<Answer, String> {
        let odd = |name: &&str| {
            self.top.join(".git").join(name).metadata().is_ok_and(|data| !data.is_file())
        };
        if let Some(name) = READ.into_iter().find(odd) {
            return Err(format!(".git/{name} is no file"));
        }
        let mut git = git(&self.top);
        git.args(args).env("GIT_WORK_TREE", &self.top);
        // Where this `.git` is no repository, that of a folder above must not answer for it.
        git.envs(self.top.parent().map(|above| ("GIT_CEILING_DIRECTORIES", above)));
        ask(git, input)
    }
}

fn complaint(answer: &Answer) -> String {
    complaint_of(&answer.complained)
}

/// What git complains of in `stderr`, in a line.
pub fn complaint_of(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let line =
        said.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed and said nothing");
    line.trim_start_matches("fatal: ").to_owned()
}

/// The next object of what `git cat-file --batch` says, taken off `rest`; nothing for one that is
/// missing.
fn object<'a>(rest: &mut &'a [u8]) -> Result<Option<&'a [u8]>, String> {
    let garbled = || "git's answer cannot be read".to_owned();
    let end = rest.iter().position(|byte| *byte == b'\n').ok_or_else(garbled)?;
    let (head, body) = (String::from_utf8_lossy(&rest[..end]), &rest[end + 1..]);
    let mut words = head.rsplit(' ');
    let size = match words.next() {
        Some("missing") => {
            *rest = body;
            return Ok(None);
        }
        size => size.and_then(|size| size.parse::<usize>().ok()).ok_or_else(garbled)?,
    };
    *rest = body.get(size + 1..).ok_or_else(garbled)?;
    Ok(Some(&body[..size]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_told_from_missing_ones_by_their_heads() {
        let mut rest = b"1f blob 9\na\nmissing\nHEAD:a b missing\n2f blob 0\n\n".as_slice();
        let all = [(); 3].map(|()| object(&mut rest).unwrap());
        assert_eq!(all, [Some(b"a\nmissing".as_slice()), None, Some(b"".as_slice())]);
        assert!(object(&mut b"1f blob 9\nshort\n".as_slice()).is_err());
        assert!(object(&mut b"".as_slice()).is_err());
    }
}
