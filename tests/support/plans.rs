//! What the tests of plans share.

use std::path::PathBuf;

use proptest::test_runner::{Config, RngSeed};
use rwx::project::{Project, Tree};

/// The project that `tree` holds.
pub fn project(tree: &Tree) -> Project {
    Project::of(PathBuf::new(), String::new(), tree.clone()).unwrap()
}

/// As many `cases` as are to be drawn at random, the same ones in every run; `PROPTEST_RNG_SEED`
/// draws others.
pub fn drawn(cases: u32) -> Config {
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let rng_seed =
        if config.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { config.rng_seed };
    Config { rng_seed, ..config }
}
