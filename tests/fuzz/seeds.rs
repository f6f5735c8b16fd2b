//! The texts that fuzzing starts from: the files of `tests/projects`, and those that the cases put
//! in place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The seeds of each target; `tests` is the folder of this package's tests.
pub(crate) fn seeds(tests: &Path) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut seeds: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut add = |path: &str, text: String| {
        if let Some(target) = target(path) {
            seeds.entry(target).or_default().insert(text);
        }
    };
    for path in files(&tests.join("projects")) {
        add(&path.to_string_lossy(), fs::read_to_string(&path).unwrap_or_default());
    }
    for path in files(&tests.join("cases")) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        let case = text.parse::<toml_edit::DocumentMut>().unwrap_or_default();
        let written = ["write", "meanwhile"].iter().filter_map(|table| case.get(table)?.as_table());
        for (name, value) in written.flat_map(toml_edit::Table::iter) {
            add(name, value.as_str().unwrap_or_default().to_owned());
        }
    }
    let letters = [("c", "compose"), ("d", "dotenv"), ("m", "manifest"), ("r", "rust")];
    let lettered = letters.iter().flat_map(|(letter, target)| {
        let texts = seeds.get(target).into_iter().flatten();
        texts.map(move |text| format!("{letter}{text}"))
    });
    let lettered = lettered.collect();
    let texts = seeds.values().flatten();
    let edited =
        texts.map(|text| format!("{text}\0// Mine.\n{text}\0{text}// The template's.\n")).collect();
    seeds.insert("merge", edited);
    seeds.insert("undo", lettered);
    seeds
}

/// The target that a file of this name is for.
fn target(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit('.').next() {
        Some("rs") => Some("rust"),
        Some("toml") => Some("manifest"),
        Some("yaml" | "yml") => Some("compose"),
        _ if name.contains("env") => Some("dotenv"),
        _ => None,
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}
