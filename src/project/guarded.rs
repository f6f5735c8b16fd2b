//! What a version control system keeps for itself: a program that it runs can be named there, so
//! rwx neither reads nor writes it.

use std::path::Path;

/// Names of such folders, in lower case, with the short names that Windows gives them.
const NAMES: [&str; 9] = [".git", "git~1", ".hg", "hg~1", ".jj", "jj~1", ".svn", "svn~1", ".bzr"];

/// True when `folder`, or one that it is in, is the work tree of such a system.
pub fn is_versioned(folder: &Path) -> bool {
    let names = || NAMES.iter().filter(|name| name.starts_with('.'));
    folder.ancestors().any(|above| names().any(|name| above.join(name).symlink_metadata().is_ok()))
}

/// True when a part of `path` is a name by which some system finds such a folder, or a file that
/// stands for one.
pub fn is_guarded(path: &str) -> bool {
    let may_be = |part: &&str| part.starts_with('.') || part.contains('~') || !part.is_ascii();
    let mut parts = path.split(['/', '\\']).filter(may_be);
    parts.any(|part| NAMES.contains(&found_by(part).as_str()))
}

/// The name that a system finds by `part` at most: macOS passes over characters that are not seen,
/// Windows over dots and spaces at the end and over what follows a colon, and both over the case of
/// letters.
fn found_by(part: &str) -> String {
    let seen = part.chars().filter(|c| {
        !matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{206a}'..='\u{206f}' | '\u{feff}')
    });
    let seen: String = seen.flat_map(char::to_lowercase).collect();
    let name = seen.split_once(':').map_or(seen.as_str(), |(name, _)| name);
    name.trim_end_matches(['.', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_by_which_a_system_finds_the_folder_is_known() {
        let found = [
            ".git/config",
            "a/.GiT",
            "a/.git",
            ".git./x",
            ".git . .",
            ".git::$INDEX_ALLOCATION/x",
            "GIT~1/x",
            "a\\.git\\x",
        ];
        assert_eq!(found.into_iter().find(|path| !is_guarded(path)), None);
        let unseen =
            [".g\u{200c}it/x", "\u{feff}.git", ".gi\u{202e}t\u{206f}", "x/.\u{200d}Git .\u{200b}"];
        assert_eq!(unseen.map(is_guarded), [true, true, true, false]);
        assert!([".hg/hgrc", "a/.jj/x", ".SVN"].into_iter().all(is_guarded));
        assert!(
            ![
                ".github/x",
                ".gitignore",
                "git",
                "src/git.rs",
                ".gitattributes",
                "a.git/x",
                "git~10"
            ]
            .into_iter()
            .any(is_guarded)
        );
    }
}
