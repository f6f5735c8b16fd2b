//! A repository is input: whoever clones or unpacks one and asks rwx about it runs nothing of it,
//! and loses nothing to it.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "hostile/corpus.rs"]
mod corpus;
#[path = "hostile/git.rs"]
mod git;
#[path = "hostile/links.rs"]
mod links;
#[path = "hostile/places.rs"]
mod places;
mod support;
#[path = "hostile/texts.rs"]
mod texts;

use corpus::{COMMANDS, check_all};

#[test]
fn nothing_is_done_outside_of_the_project_for_paths_that_lead_there() {
    check_all(places::inputs(), &COMMANDS);
}

#[test]
fn nothing_is_done_outside_of_the_project_for_links_that_lead_there() {
    check_all(links::inputs(), &COMMANDS);
}

#[test]
fn texts_that_are_deep_or_speak_to_a_terminal_are_met() {
    check_all(
        texts::inputs(),
        &["infra status", "infra add websocket --diff", "infra update --force --allow-dirty"],
    );
}
