//! What the owner writes beside what rwx added: as long as she touches no line of rwx's, a later
//! run changes no byte, and a removal leaves what she wrote and nothing of rwx's.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "laws/parts.rs"]
mod parts;
mod support;
#[path = "laws/trees.rs"]
mod trees;

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use rwx::component;
use rwx::edit::compose;
use rwx::plan::{Choices, Plan, add, remove};
use rwx::problem::Problem;
use rwx::project::{Project, Tree};
use support::plans::drawn;
use trees::{parses, tree};

/// A feature that she puts first into an array in one line.
const FEATURE: &str = "\"fs\", ";
/// Lines that she puts into a manifest.
const MANIFEST: &[&str] = &[
    "anyhow = \"1\"\n",
    "zerocopy = { version = \"0.8\", features = [\"derive\"] }\n",
    "# a note of hers\n",
    "\n",
    "[features]\nextra = []\n",
    "[dev-dependencies]\ntempfile = \"3\"\n",
    "[dev-dependencies.insta]\nversion = \"1\"\n",
    "[target.'cfg(unix)'.dependencies]\nnix = \"0.29\"\n",
    "    \"fs\",\n",
    "    \"zz\", # hers\n",
    FEATURE,
];

/// Lines that she puts into a compose file.
const COMPOSE: &[&str] = &[
    "  mail:\n    image: mailpit\n",
    "    mail:\n        image: mailpit\n",
    "  other-data:\n",
    "  other-data: {}\n",
    "    other-data:\n",
    "  cache:\n    image: redis:6\n",
    "# a note of hers\n",
    "    # a note of hers\n",
    "\n",
    "volumes:\n  other-data:\n",
    "networks:\n  inner:\n",
    "x-text: |+\n  hers\n\n",
];

/// Lines that she puts into an environment sample.
const SAMPLE: &[&str] = &[
    "OTHER=1\n",
    "# a note of hers\n",
    "\n",
    "export OTHER = 'a b'\n",
    "# OTHER=\n",
    "WS_OTHER=\n",
];

/// Lines that she puts into source.
const SOURCE: &[&str] = &[
    "mod zebra;\n",
    "pub mod aaa;\n",
    "use std::fmt;\n",
    "// a note of hers\n",
    "\n",
    "    pub other: u8,\n",
    "            other: 1,\n",
    "    let other = 1;\n",
    "    println!(\"hers\");\n",
    "#[derive(Debug)]\nstruct Other;\n",
];

/// The files that are added to.
const SHARED: [&str; 5] =
    ["Cargo.toml", "compose.yaml", ".env.example", "src/main.rs", "src/lib.rs"];

/// Some lines of hers, and where they go.
type Hers = (&'static str, Index, Index);

fn edits() -> impl Strategy<Value = Vec<Hers>> {
    prop::collection::vec((select(&SHARED[..]), any::<Index>(), any::<Index>()), 1..5)
}

fn snippets(path: &str) -> &'static [&'static str] {
    match path {
        "Cargo.toml" => MANIFEST,
        "compose.yaml" => COMPOSE,
        ".env.example" => SAMPLE,
        _ => SOURCE,
    }
}

/// True for a line that starts a table of a manifest or a section of a compose file.
fn is_head(path: &str, line: &str) -> bool {
    match path {
        "Cargo.toml" => line.starts_with('['),
        "compose.yaml" => line.starts_with(|c: char| c.is_alphanumeric()),
        _ => false,
    }
}

/// `text` with the line ending of its first line.
fn ended(text: &str, like: &str) -> String {
    if like.contains("\r\n") { text.replace('\n', "\r\n") } else { text.to_owned() }
}

/// `manifest` with a feature in one of the arrays that have any.
fn with_feature(manifest: &str, at: usize) -> String {
    let starts: Vec<usize> = manifest
        .match_indices("features = [\"")
        .map(|(start, array)| start + array.len() - 1)
        .collect();
    let Some(start) = starts.get(at % starts.len().max(1)) else { return manifest.to_owned() };
    format!("{}{FEATURE}{}", &manifest[..*start], &manifest[*start..])
}

/// True for a compose file with a Redis: a line at the wrong place can make another key of it.
fn runs_redis(path: &str, text: &str) -> bool {
    path == "compose.yaml"
        && compose::find_service(text, &["redis", "valkey/valkey"]).unwrap().is_some()
}

/// Puts her lines in where the file parses with them; the answer is what was put in, by path.
fn edit(tree: &mut Tree, edits: &[Hers]) -> Vec<(&'static str, String)> {
    let mut made = Vec::new();
    for (path, what, at) in edits {
        let Ok(Some(text)) = tree.text(path) else { continue };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let snippets: &[&str] = snippets(path);
        let new = ended(what.get::<&str>(snippets), text);
        let mut at = at.index(lines.len() + 1);
        // A header or key among the lines of a table would take those below it out of that.
        while is_head(path, &new) && at < lines.len() && !is_head(path, lines[at]) {
            at += 1;
        }
        // A last line without an ending stays the last, and a byte order mark the first.
        if at == 0 && text.starts_with('\u{feff}') || at == lines.len() && !text.ends_with('\n') {
            continue;
        }
        let edited = match *what.get::<&str>(snippets) {
            FEATURE => with_feature(text, at),
            _ => [lines[..at].concat(), new.clone(), lines[at..].concat()].concat(),
        };
        if parses(path, &edited) && runs_redis(path, text) == runs_redis(path, &edited) {
            tree.put(*path, edited);
            made.push((*path, new));
        }
    }
    made
}

fn planned(tree: &Tree) -> Result<Plan, Problem> {
    let project = Project::of(PathBuf::new(), String::new(), tree.clone())?;
    add(&project, &component::find("websocket").unwrap(), &Choices::default())
}

proptest! {
    #![proptest_config(drawn(50))]

    #[test]
    fn what_she_writes_beside_changes_nothing_more(tree in tree(), edits in edits()) {
        let Ok(first) = planned(&tree) else { return Ok(()) };
        let mut edited = first.applied(&tree);
        edit(&mut edited, &edits);
        if let Ok(again) = planned(&edited) {
            let changed: Vec<_> = again.changes.iter().map(|change| (&change.path, &change.details)).collect();
            prop_assert!(changed.is_empty(), "{changed:?}");
        }
    }

    #[test]
    fn what_she_writes_beside_is_all_that_a_removal_leaves(tree in tree(), edits in edits()) {
        let Ok(first) = planned(&tree) else { return Ok(()) };
        let mut edited = first.applied(&tree);
        let made = edit(&mut edited, &edits);
        let Ok(project) = Project::of(PathBuf::new(), String::new(), edited.clone()) else { return Ok(()) };
        let removal = remove(&project, "websocket", &[]).unwrap();
        if removal.remarks.iter().any(|remark| remark.reason.contains("changed by you")) {
            return Ok(());
        }
        let after = removal.applied(&edited);
        for path in SHARED.into_iter().filter(|path| tree.contains(path)) {
            let text = |tree: &Tree| tree.text(path).unwrap().unwrap_or_default().to_owned();
            let mut left = text(&after);
            for (_, new) in made.iter().filter(|(of, _)| *of == path) {
                let new = new.trim_end();
                prop_assert!(left.contains(new), "{path}: {new:?} is gone from {left:?}");
                left = left.replacen(new, "", 1);
            }
            // What she puts behind the last entry of an array leaves that its comma.
            let word = |word: &str| word.strip_suffix(',').filter(|rest| !rest.is_empty()).unwrap_or(word).to_owned();
            let words = |text: &str| text.trim_start_matches('\u{feff}').split_whitespace().map(word).collect::<Vec<_>>();
            let (left, before) = (words(&left), words(&text(&tree)));
            // The key of a section that she has come to use stays hers.
            let frames = ["services:", "volumes:", "[dev-dependencies]"];
            let more: Vec<_> = left.iter().filter(|word| !before.contains(word) && !frames.contains(&word.as_str())).collect();
            prop_assert!(more.is_empty(), "{path}: {more:?} is left");
            prop_assert!(before.iter().all(|word| left.contains(word)), "{path}: {left:?}");
        }
    }
}
