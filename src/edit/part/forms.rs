//! The other forms in which a part may still stand: apart from its blank line, without its frame,
//! reworded.

use std::ops::Range;

use super::Part;
use crate::edit::trace::{self, Trace};
use crate::edit::{Edit, dotenv, lines, manifest, rust};

impl Part {
    /// Takes what cannot be anybody else's out of `text` in whatever form it stands at `places`.
    pub(super) fn cut_out(
        &self,
        text: &str,
        traces: &[Trace],
        places: &[Range<usize>],
    ) -> Option<Edit> {
        match (self, places) {
            (Self::Statement, _) => {
                if let Some(edit) = within_a_line(text, traces) {
                    return Some(edit);
                }
                let [trace] = traces else { return None };
                let place = rust::find_statements(text, &trace.after)?;
                (comments(&text[place.clone()]) == comments(&trace.after))
                    .then(|| lines::cut(text, &place))?
            }
            (Self::Features { table, key, features, .. }, _) => {
                manifest::without_features(text, table, key, features)
            }
            (Self::Field { .. }, _) => {
                let [trace] = traces else { return None };
                let is_ours = |code: &str| {
                    rust::is_same_code(code, &trace.after)
                        && comments(code) == comments(&trace.after)
                };
                let place = places.iter().find(|place| is_ours(&text[(*place).clone()]))?;
                let comma = usize::from(text[place.end..].starts_with(','));
                lines::cut(text, &(place.start..place.end + comma))
            }
            (Self::Module { .. }, [place]) => lines::cut(text, place),
            (Self::Variable { .. }, [place]) => {
                let [trace] = traces else { return None };
                dotenv::cut_out(text, place, &trace.in_ending_of(text).after)
            }
            _ => None,
        }
    }

    /// Takes the lines of the one trace out of `text`, where the owner has parted them from the
    /// blank line or the ending that came with them.
    pub(super) fn find_lines(&self, text: &str, traces: &[Trace]) -> Option<Edit> {
        let is_source = matches!(self, Self::Module { .. } | Self::Field { .. } | Self::Statement);
        let [trace] = traces else { return None };
        if is_source { None } else { trace::cut_lines(text, trace) }
    }

    /// Where the owner says in other words what the statement said.
    pub(super) fn reworded(&self, text: &str, traces: &[Trace]) -> Option<Range<usize>> {
        let is_source = matches!(self, Self::Statement);
        traces
            .iter()
            .filter(|_| is_source)
            .find_map(|trace| rust::find_reworded(text, &trace.after))
    }

    /// `traces` without the key of a section that came with them: others may have come to stand
    /// below it.
    pub(super) fn bare(&self, traces: &[Trace]) -> Option<Vec<Trace>> {
        let (Self::Service { .. } | Self::Volumes { .. }, [trace]) = (self, traces) else {
            return None;
        };
        let key = ["services:", "volumes:"]
            .into_iter()
            .find(|key| trace.after.trim_start().starts_with(key))?;
        let end = trace.after.find(key)? + key.len();
        let end = if trace.after.ends_with('\n') {
            end + trace.after[end..].find('\n')? + 1
        } else {
            end
        };
        let (frame, after) = trace.after.split_at(end);
        Some(vec![Trace {
            after: after.to_owned(),
            above: format!("{}{frame}", trace.above),
            ..trace.clone()
        }])
    }
}

/// Takes out of `text` what `traces` put around expressions and behind them, in whatever layout.
fn within_a_line(text: &str, traces: &[Trace]) -> Option<Edit> {
    let mut edit = Edit::default();
    let mut end = 0;
    for trace in traces {
        let place = if trace.before.is_empty() {
            rust::find_chained(text, &trace.after)?
        } else {
            rust::find_expression(text, &trace.after)?
        };
        if place.start < end {
            return None;
        }
        end = place.end;
        edit.replace(place, trace.before.clone());
    }
    Some(edit)
}

/// How many marks of comments `code` has, which its tokens do not tell of.
fn comments(code: &str) -> usize {
    code.matches("//").count() + code.matches("/*").count()
}
