//! Laws that every editor obeys, for property tests.

use proptest::prelude::*;
use proptest::sample::Index;

use super::{Edit, Outcome, trace};

/// A moderate number of cases, and no file of failures: a failure becomes a table test instead.
pub(super) fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) }
}

/// Checks an editor on `source`: it takes nothing away but `removable` (blanks apart), and applied
/// to its own output it changes nothing.
pub(super) fn hold(
    source: &str,
    removable: &[&str],
    editor: impl Fn(&str) -> Outcome,
) -> Option<String> {
    let edit = editor(source).ok()?;
    for splice in edit.splices() {
        let gone: String = source[splice.range.clone()].split_whitespace().collect();
        assert!(
            gone.is_empty() || removable.contains(&gone.as_str()),
            "{splice:?} takes bytes away from {source:?}"
        );
    }
    check_undo(source, &edit);
    let output = edit.apply(source);
    assert_eq!(editor(&output), Ok(Edit::default()), "not stable: {output:?}");
    Some(output)
}

/// Checks that what an edit leaves behind, taken back the last first, gives the text before; only
/// where its place is not certain, nothing is taken back.
pub(super) fn check_undo(source: &str, edit: &Edit) {
    let steps = trace::steps(source, edit);
    assert_eq!(steps.last().map_or(source, |step| &step.text), edit.apply(source));
    for (index, step) in steps.iter().enumerate().rev() {
        let before = index.checked_sub(1).map_or(source, |earlier| &steps[earlier].text);
        let found = trace::find(&step.text, &step.traces, &[]);
        if let Some(ranges) = found {
            assert_eq!(trace::undo(&step.text, &step.traces, &ranges).apply(&step.text), before);
        } else {
            let is_certain = |trace: &trace::Trace| {
                let whole = format!("{}{}{}", trace.above, trace.after, trace.below);
                !trace.above.trim().is_empty() && step.text.matches(&whole).count() == 1
            };
            assert!(
                !step.traces.iter().all(is_certain),
                "{:?} is not found in {:?}",
                step.traces,
                step.text
            );
        }
    }
}

/// Checks that every line of `source` stands whole and in order in `output`.
pub(super) fn lines_stay(source: &str, output: &str) {
    let bare =
        |line: &'_ str| line.trim_start_matches('\u{feff}').trim_end_matches('\r').to_owned();
    let mut lines = output.lines().map(bare);
    for line in source.lines().map(bare) {
        assert!(lines.any(|other| other == line), "{line:?} is gone from {output:?}");
    }
}

/// Any of `texts`, with a few characters taken out, doubled or put in from `alphabet`.
pub(super) fn mutated(
    texts: &'static [&'static str],
    alphabet: &'static str,
) -> impl Strategy<Value = String> {
    (proptest::sample::select(texts), mutations(alphabet))
        .prop_map(|(text, changes)| mutate(text, &changes))
}

/// A place, what is done there, and the character for it.
type Mutation = (Index, i32, char);

/// A few mutations with characters from `alphabet`.
pub(super) fn mutations(alphabet: &'static str) -> impl Strategy<Value = Vec<Mutation>> {
    let letters: Vec<char> = alphabet.chars().collect();
    proptest::collection::vec((any::<Index>(), 0..3, proptest::sample::select(letters)), 0..6)
}

/// `text` with `mutations`: characters taken out, doubled or put in.
pub(super) fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (index, kind, letter) in mutations {
        let at = index.index(characters.len() + 1);
        match (kind, characters.get(at).copied()) {
            (0, Some(_)) => drop(characters.remove(at)),
            (1, Some(there)) => characters.insert(at, there),
            _ => characters.insert(at, *letter),
        }
    }
    characters.into_iter().collect()
}
