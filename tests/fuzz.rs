//! A short round of the fuzz targets on damaged seeds, the same in every run. The long one is
//! `tests/fuzz/run.sh`.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/seeds.rs"]
mod seeds;
#[path = "fuzz/targets.rs"]
mod targets;

use std::panic;
use std::path::Path;

/// Gives the target `name` so many damaged texts.
fn round(name: &str, texts: usize) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let seeds: Vec<String> = seeds::seeds(&tests).remove(name).unwrap().into_iter().collect();
    assert!(seeds.len() > 3, "{name} has seeds");
    seeds.iter().for_each(|seed| targets::run(name, seed.as_bytes()));
    let mut random = mutate::Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..texts {
        let text = mutate::mutated(&seeds, &mut random);
        let held = panic::catch_unwind(|| targets::run(name, text.as_bytes()));
        assert!(held.is_ok(), "with the input {text:?}");
    }
}

#[test]
fn manifests() {
    round("manifest", 3000);
}

#[test]
fn rust_sources() {
    round("rust", 3000);
}

#[test]
fn compose_files() {
    round("compose", 3000);
}

#[test]
fn dotenv_files() {
    round("dotenv", 3000);
}

#[test]
fn merges() {
    round("merge", 500);
}

#[test]
fn removals() {
    round("undo", 1500);
}
