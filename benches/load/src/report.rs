//! The table, and what in it must not be.

use crate::contest::Row;
use crate::contestant::Contestant;

/// The column of the limit.
const LIMIT: usize = 0;
/// The column of the generated server; those after it must cost more.
const GENERATED: usize = 1;

/// The table, in Markdown.
pub fn table(contestants: &[Contestant], rows: &[Row]) -> String {
    let names: Vec<&str> = contestants.iter().map(|contestant| contestant.name).collect();
    let head = format!("| | {} | limit, absolute |\n|---|{}---|\n", names.join(" | "), "---|".repeat(names.len()));
    rows.iter().fold(head, |table, row| {
        let cells = if row.scenario.is_idle() { bytes(row) } else { ratios(row) };
        format!("{table}| {} | {} |\n", row.scenario.name, cells.join(" | "))
    })
}

fn ratios(row: &Row) -> Vec<String> {
    let limit = row.medians[LIMIT];
    let ratios = row.medians.iter().map(|figure| format!("{:.2}", figure / limit));
    ratios.chain([format!("{limit:.2} s a million")]).collect()
}

fn bytes(row: &Row) -> Vec<String> {
    let bytes = row.medians.iter().map(|figure| format!("{:.1} kB", figure / 1000.0));
    bytes.chain([String::new()]).collect()
}

/// What the generated server misses, a line each.
pub fn misses(contestants: &[Contestant], rows: &[Row]) -> Vec<String> {
    rows.iter().flat_map(|row| over_bound(row).into_iter().chain(behind(contestants, row))).collect()
}

fn over_bound(row: &Row) -> Option<String> {
    let bound = row.scenario.bound?;
    let (figure, name) = (row.medians[GENERATED], row.scenario.name);
    if row.scenario.is_idle() {
        return (figure > bound).then(|| format!("{name}: {figure:.0}, more than {bound}"));
    }
    let ratio = figure / row.medians[LIMIT];
    (ratio > bound).then(|| format!("{name}: {ratio:.2} times the limit, more than {bound}"))
}

fn behind(contestants: &[Contestant], row: &Row) -> Vec<String> {
    let others = contestants.iter().zip(&row.medians).skip(GENERATED + 1);
    let ahead = others.filter(|(_, figure)| **figure < row.medians[GENERATED]);
    ahead.map(|(contestant, _)| format!("{}: behind {}", row.scenario.name, contestant.name)).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::contestant::contestants;
    use crate::scenario::SCENARIOS;

    fn misses_of(medians: [f64; 4]) -> Vec<String> {
        let row = Row { scenario: SCENARIOS[0], medians: medians.to_vec() };
        misses(&contestants(Path::new(""), Path::new("")), &[row])
    }

    #[test]
    fn a_server_within_its_bound_and_ahead_misses_nothing() {
        assert!(misses_of([2.0, 2.7, 4.0, 4.0]).is_empty());
    }

    #[test]
    fn a_bound_that_is_passed_and_a_server_that_is_ahead_are_named() {
        let name = SCENARIOS[0].name;
        assert_eq!(misses_of([2.0, 3.2, 4.0, 4.0]), [format!("{name}: 1.60 times the limit, more than 1.5")]);
        assert_eq!(misses_of([2.0, 2.7, 2.6, 4.0]), [format!("{name}: behind naive port")]);
    }
}
