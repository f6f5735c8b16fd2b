//! The whole run: in each round, for each row, one server after the other.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::contestant::Contestant;
use crate::scenario::{SCENARIOS, Scenario};

/// What was measured in one row: for each server the middle one of its rounds.
#[derive(Debug)]
pub struct Row {
    /// The row.
    pub scenario: Scenario,
    /// One number a server, in the order of the servers.
    pub medians: Vec<f64>,
}

/// Measures all rows whose names have `filter` in them, and says on standard error how far it is.
///
/// # Errors
/// A server does not do what it should.
pub fn run(contestants: &[Contestant], rounds: usize, duration: Duration, filter: &str) -> Result<Vec<Row>> {
    let scenarios: Vec<Scenario> = SCENARIOS.into_iter().filter(|scenario| scenario.name.contains(filter)).collect();
    let mut figures = vec![vec![Vec::new(); contestants.len()]; scenarios.len()];
    for round in 1..=rounds {
        for (scenario, figures) in scenarios.iter().zip(&mut figures) {
            for (contestant, figures) in contestants.iter().zip(figures) {
                let figure = measure(scenario, contestant, duration)?;
                eprintln!("round {round}: {}: {}: {figure:.2}", scenario.name, contestant.name);
                figures.push(figure);
            }
        }
    }
    let rows = scenarios.into_iter().zip(figures);
    Ok(rows.map(|(scenario, figures)| Row { scenario, medians: figures.into_iter().map(median).collect() }).collect())
}

fn measure(scenario: &Scenario, contestant: &Contestant, duration: Duration) -> Result<f64> {
    let server = contestant.start()?;
    scenario.run(&server, duration).with_context(|| format!("{}: {}", contestant.name, scenario.name))
}

/// The middle one; the mean of the middle two of an even number.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let half = figures.len() / 2;
    if figures.len() % 2 == 1 { figures[half] } else { f64::midpoint(figures[half - 1], figures[half]) }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 9.0, 2.0]), 3.0);
    }
}
