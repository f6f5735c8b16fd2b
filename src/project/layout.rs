//! How the project's own rustfmt lays out code, where it has a configuration for it.

use std::path::Path;

use super::Project;
use super::tree::{Tree, join, parent};
use crate::edit::rust::Syntax;

/// Names of rustfmt's configuration; of two in one folder the first counts.
pub(super) const CONFIGS: [&str; 2] = [".rustfmt.toml", "rustfmt.toml"];
/// What divides texts that are laid out in one run: no layout touches it, and nothing moves across
/// it.
const BOUNDARY: &str = "rwx_end_of_file!();";

/// Lays out a source: the path of the configuration, the edition, the text. Nothing where that
/// cannot be.
pub type Layout = fn(&Path, &str, &str) -> Option<String>;

impl Project {
    /// True when a rustfmt.toml says how the Rust file at `path` is laid out.
    pub fn has_layout(&self, path: &str) -> bool {
        path.ends_with(".rs") && config(&self.tree, path).is_some()
    }

    /// The texts of `files`, path and text, as the project's rustfmt lays them out; nothing for one
    /// for which [`has_layout`] is not true, and for what rustfmt cannot lay out, or where there is
    /// none.
    ///
    /// [`has_layout`]: Self::has_layout
    pub fn laid_out(&self, files: &[(&str, &str)]) -> Vec<Option<String>> {
        let mut laid_out = vec![None; files.len()];
        let Some(run) = self.layout else { return laid_out };
        let configs: Vec<Option<String>> =
            files.iter().map(|(path, _)| config(&self.tree, path)).collect();
        for (first, config) in configs.iter().enumerate() {
            let Some(config) = config.as_ref().filter(|_| !configs[..first].contains(config))
            else {
                continue;
            };
            let place = self.root.join(config);
            let run = |text: &str| run(&place, &self.edition, text);
            let same: Vec<usize> =
                (first..files.len()).filter(|at| configs[*at].as_ref() == Some(config)).collect();
            let texts: Vec<&str> = same.iter().map(|at| files[*at].1).collect();
            for (at, text) in same.into_iter().zip(all(&run, &texts)) {
                laid_out[at] = text;
            }
        }
        laid_out
    }
}

/// The paths of the configurations in the folders above `folder`, up to the project's root.
pub(super) fn configs_above(folder: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut below = folder;
    while !below.is_empty() {
        below = parent(below);
        paths.extend(CONFIGS.map(|name| join(below, name)));
    }
    paths
}

/// The configuration that counts for the file at `path`: the nearest above it.
fn config(tree: &Tree, path: &str) -> Option<String> {
    let mut folder = parent(path);
    loop {
        let mut paths = CONFIGS.iter().map(|name| join(folder, name));
        match paths.find(|path| tree.contains(path)) {
            None if !folder.is_empty() => folder = parent(folder),
            found => return found.filter(|_| path.ends_with(".rs")),
        }
    }
}

/// The `texts` as `run` lays each out, in one run where that can be.
fn all(run: &dyn Fn(&str) -> Option<String>, texts: &[&str]) -> Vec<Option<String>> {
    let parts: Vec<Option<Parts<'_>>> = texts.iter().map(|text| Parts::of(text)).collect();
    let joined: String =
        parts.iter().flatten().map(|part| format!("{}\n\n{BOUNDARY}\n\n", part.body)).collect();
    let Some(together) = run(&joined) else {
        // Where it lays out nothing at all, it need not be asked for each.
        return texts.iter().map(|text| run("").and_then(|_| run(text))).collect();
    };
    let newline = if together.contains("\r\n") { "\r\n" } else { "\n" };
    let bodies: Vec<&str> = together.split(BOUNDARY).collect();
    // What stands behind the last boundary is empty.
    if bodies.len() != parts.iter().flatten().count() + 1 {
        return texts.iter().map(|text| run(text)).collect();
    }
    let mut bodies = bodies.into_iter();
    let one = |(part, text): (&Option<Parts<'_>>, &&str)| match part {
        Some(part) => bodies.next().map(|body| part.with(body, newline)),
        None => run(text),
    };
    parts.iter().zip(texts).map(one).collect()
}

/// A source that can be laid out together with others.
struct Parts<'t> {
    /// The comments that only the head of a file may have. No layout changes them.
    head: &'t str,
    body: &'t str,
}

impl<'t> Parts<'t> {
    /// Nothing for a source with an inner attribute, or that would keep others from being read.
    fn of(text: &'t str) -> Option<Self> {
        let is_head = |line: &&str| line.starts_with("//!") || line.trim().is_empty();
        let head = text.split_inclusive('\n').take_while(is_head).map(str::len).sum();
        let (head, body) = text.split_at(head);
        let is_inner = |line: &str| ["//!", "/*!", "#!"].iter().any(|mark| line.starts_with(mark));
        let is_plain =
            !body.lines().any(is_inner) && !text.contains(BOUNDARY) && !text.contains('\r');
        (is_plain && Syntax::parse(text).is_ok()).then_some(Self { head, body })
    }

    /// The source with the laid out `body` in the line ending `newline`.
    fn with(&self, body: &str, newline: &str) -> String {
        let text = format!("{}{}", self.head, body.trim_start_matches(['\r', '\n']));
        text.trim_end().replace("\r\n", "\n").replace('\n', newline) + newline
    }
}
