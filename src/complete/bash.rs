//! bash, which splits a word at each `=` and wants what is behind the last one.

use std::ffi::OsString;

use clap_complete::engine;

use super::{NAME, VARIABLE, command};

/// What stands between two candidates.
const SEPARATOR: &str = "\u{b}";

/// The script that makes bash ask.
pub(super) fn script() -> String {
    // Globbing is harmless here: no candidate has a pattern in it. A bash without `compopt` never
    // puts a space. cargo's completion, which asks for `cargo-rwx`, has a bash with it, and counts
    // the word at hand wrongly.
    format!(
        r#"_{NAME}() {{
    local IFS=$'\013' words=("${{COMP_WORDS[@]:0:COMP_CWORD}}") word=$2
    [[ $1 == {NAME} ]] || word=${{COMP_WORDS[COMP_CWORD]#=}}
    [[ ${{COMP_WORDS[COMP_CWORD]}} != "=" ]] || words+=("=")
    # shellcheck disable=SC2207
    COMPREPLY=($({VARIABLE}=bash {NAME} -- "${{words[@]}}" "$word" 2>/dev/null))
    local space=+o
    [[ ${{COMPREPLY[0]-}} != *[=/] ]] || space=-o
    compopt $space nospace 2>/dev/null
}}
complete -o nospace -o bashdefault -F _{NAME} {NAME}
complete -o bashdefault -F _{NAME} cargo-{NAME}
"#
    )
}

/// The candidates for the last of `words`, without what bash has split off it.
pub(super) fn complete(words: Vec<OsString>) -> Option<Vec<u8>> {
    let (words, split_off) = joined(words);
    let last = words.len().checked_sub(1)?;
    let candidates = engine::complete(&mut command(&words), words, last, None).ok()?;
    let value = |candidate: &engine::CompletionCandidate| {
        let value = candidate.get_value().to_string_lossy().into_owned();
        value.get(split_off..).map(|value| format!("{value}{SEPARATOR}"))
    };
    Some(candidates.iter().filter_map(value).collect::<String>().into_bytes())
}

/// The words as they were typed, and the length of what comes before the last `=` in the last one,
/// that included.
fn joined(words: Vec<OsString>) -> (Vec<OsString>, usize) {
    let mut joined: Vec<OsString> = Vec::new();
    let (mut is_open, mut split_off) = (false, 0);
    for word in words {
        let is_sign = word == "=";
        match joined.last_mut().filter(|_| is_sign || is_open) {
            Some(last) => {
                split_off = if is_sign { 0 } else { last.len() };
                last.push(&word);
            }
            None => {
                split_off = 0;
                joined.push(word);
            }
        }
        is_open = is_sign;
    }
    (joined, split_off)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_where_bash_split_them() {
        for (split, whole, split_off) in [
            (&["rwx", "--set", "a", "=", "tr"][..], &["rwx", "--set", "a=tr"][..], 2),
            (&["rwx", "--set", "=", "a", "=", ""], &["rwx", "--set=a="], 8),
            (&["rwx", "--set", "a"], &["rwx", "--set", "a"], 0),
            (&["rwx", "a", "=", "b", "c"], &["rwx", "a=b", "c"], 0),
        ] {
            let (words, off) = joined(split.iter().map(OsString::from).collect());
            assert_eq!((words, off), (whole.iter().map(OsString::from).collect(), split_off));
        }
    }
}
