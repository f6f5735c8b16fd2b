//! `load GENERATED [ROUNDS [ROW]]`: compares the server GENERATED with those beside this program,
//! in all rows or those whose names have ROW in them, and prints the table. Exit code 1: it misses
//! a figure.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use load::{contest, contestant, report};

/// How long one server is measured in one row.
const DURATION: Duration = Duration::from_millis(1500);

fn main() -> Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let generated = PathBuf::from(arguments.next().context("name the program of the generated server")?);
    let rounds: usize = arguments.next().map_or(Ok(3), |rounds| rounds.parse()).context("ROUNDS is a number")?;
    let filter = arguments.next().unwrap_or_default();

    let program = env::current_exe()?;
    let contestants = contestant::contestants(program.parent().context("this program has no folder")?, &generated);
    let rows = contest::run(&contestants, rounds.max(1), DURATION, &filter)?;

    println!("Server CPU per delivery as a ratio to the limit; medians of {rounds} rounds, servers in turn\n");
    print!("{}", report::table(&contestants, &rows));
    let misses = report::misses(&contestants, &rows);
    for miss in &misses {
        eprintln!("missed: {miss}");
    }
    Ok(if misses.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
