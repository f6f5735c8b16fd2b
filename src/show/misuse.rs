//! A command line that clap does not understand, as a problem.

use clap::Error;

use crate::problem::Problem;

/// The problem that `error` is: its first paragraph, and the rest as help.
pub fn misuse(error: &Error) -> Problem {
    let text = error.render().to_string();
    let (what, more) = text.split_once("\n\n").unwrap_or((&text, ""));
    let words: Vec<&str> = what.trim_start_matches("error: ").split_whitespace().collect();
    let problem = Problem::usage(words.join(" "));
    match more.trim() {
        "" => problem,
        more => problem.help(more),
    }
}
