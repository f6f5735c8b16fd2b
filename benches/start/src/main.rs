//! The command line of rwx and nothing behind it: what starting cannot cost less than.

#[path = "../../../src/cli.rs"]
pub mod cli;

use clap::Parser as _;

fn main() {
    std::hint::black_box(cli::Cli::parse());
}
