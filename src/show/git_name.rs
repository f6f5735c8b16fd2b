//! Names of files as git writes them in a patch.

use std::fmt::Write as _;

/// `path` on the side `side` of a patch: quoted as a string of C where a byte of it is no plain
/// character.
pub(super) fn name(side: &str, path: &str) -> String {
    let path = format!("{side}/{path}");
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\';
    if path.bytes().all(is_plain) && !path.ends_with(' ') {
        return path;
    }
    let mut quoted = "\"".to_owned();
    for byte in path.bytes() {
        match byte {
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            b'\r' => quoted.push_str("\\r"),
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            byte if is_plain(byte) => quoted.push(char::from(byte)),
            byte => drop(write!(quoted, "\\{byte:03o}")),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_quoted_as_git_quotes_it() {
        for (path, wanted) in [
            ("src/a b.rs", "a/src/a b.rs"),
            ("a\tb", r#""a/a\tb""#),
            ("it's", "a/it's"),
            ("\"q\"\\", r#""a/\"q\"\\""#),
            ("ü\u{1}\n", r#""a/\303\274\001\n""#),
            ("end ", r#""a/end ""#),
        ] {
            assert_eq!(name("a", path), wanted);
        }
    }
}
