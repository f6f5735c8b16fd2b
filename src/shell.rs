//! Words of commands for the user to paste: whatever a file is called, her shell takes it as one
//! word and runs nothing in it.

use std::fmt::Write as _;
use std::path::Path;

use crate::visible::is_control;

/// `word`, quoted where a POSIX shell would take it for something else; each part of a path on its
/// own, so that it stays legible.
pub fn quoted(word: &str) -> String {
    if word.is_empty() {
        return "''".to_owned();
    }
    word.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The path of a file, quoted, and never taken for an option.
pub fn path(path: &str) -> String {
    let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
    quoted(&path)
}

/// The path of the file at `path` below the folder `root`, for a command that is typed in the
/// folder `here`: relative where that is the root, else absolute. Both folders are absolute.
pub fn path_from(here: &Path, root: &Path, below: &str) -> String {
    let full = root.join(below);
    path(if here == root { Path::new(below) } else { &full }.to_string_lossy().as_ref())
}

fn part(part: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+:,.-".contains(c);
    if part.chars().all(is_plain) {
        part.to_owned()
    } else if part.contains(is_control) {
        // No other quotes can hold them without showing them.
        let mut word = "$'".to_owned();
        part.chars().for_each(|c| escape(&mut word, c));
        word + "'"
    } else {
        format!("'{}'", part.replace('\'', r"'\''"))
    }
}

/// Adds `c` as it stands between `$'` and `'`.
fn escape(word: &mut String, c: char) {
    match c {
        '\n' => word.push_str("\\n"),
        '\t' => word.push_str("\\t"),
        '\'' | '\\' => word.extend(['\\', c]),
        c if is_control(c) => {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(word, "\\{byte:03o}");
            }
        }
        c => word.push(c),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_word_stays_and_any_other_is_quoted() {
        for (word, wanted) in [
            ("src/ws/handler.rs", "src/ws/handler.rs"),
            ("", "''"),
            ("srv er/a.rs", "'srv er'/a.rs"),
            ("it's", r"'it'\''s'"),
            ("$(touch x)/`y`", "'$(touch x)'/'`y`'"),
            ("a\nb\u{85}'\\", r"$'a\nb\302\205\'\\'"),
            ("~", "'~'"),
        ] {
            assert_eq!(quoted(word), wanted);
        }
        assert_eq!(path("-rf/a b"), "./-rf/'a b'");
        let at = |here| path_from(Path::new(here), Path::new("/p q"), "-a");
        assert_eq!((at("/p q").as_str(), at("/").as_str()), ("./-a", "/'p q'/-a"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn a_shell_reads_every_word_as_it_is(word in "[^\0]*|[-$'\"`\\\\ \t\n!*?~&;|<>(){}#=a/]*") {
            let read = Command::new("bash").arg("-c").arg(format!("printf %s {}", quoted(&word))).output().unwrap();
            let as_path = Command::new("bash").arg("-c").arg(format!("printf %s {}", path(&word))).output().unwrap();
            prop_assert_eq!(String::from_utf8(read.stdout).unwrap(), word.clone());
            let plain = String::from_utf8(as_path.stdout).unwrap();
            prop_assert!(!plain.starts_with('-') && plain.ends_with(&word));
        }
    }
}
