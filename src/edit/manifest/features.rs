//! Insertion into an array of features, in the form that the array has.

use std::ops::Range;

use toml_edit::{Array, Value};

use super::super::{line_ending, lines};
use super::Edit;
use super::syntax::span;

/// `features = ["a", "b"]`
pub(super) fn field(features: &[&str]) -> String {
    format!("features = [{}]", quoted(features).join(", "))
}

fn quoted(features: &[&str]) -> Vec<String> {
    features.iter().map(|feature| format!("\"{feature}\"")).collect()
}

/// Adds `missing` to `array`: each at its place where the array is sorted, else at the end.
pub(super) fn insert(source: &str, array: &Array, missing: &[&str]) -> Edit {
    let names: Vec<&str> = array.iter().filter_map(|value| value.as_str()).collect();
    let layout = Layout {
        source,
        array: span(array.span()),
        values: array.iter().map(|v| span(v.span())).collect(),
    };
    let mut edit = Edit::default();
    if !names.is_sorted() {
        layout.insert(&mut edit, names.len(), &quoted(missing));
        return edit;
    }
    let mut missing = missing.to_vec();
    missing.sort_unstable();
    for group in missing.chunk_by(|a, b| place(&names, a) == place(&names, b)) {
        layout.insert(&mut edit, place(&names, group[0]), &quoted(group));
    }
    edit
}

/// Takes `unwanted` out of `array`: lines that hold nothing else go whole. Nothing where a comment
/// would go with them.
pub(super) fn remove(source: &str, array: &Array, unwanted: &[String]) -> Option<Edit> {
    let is_unwanted = |value: &Value| unwanted.iter().any(|one| value.as_str() == Some(one));
    let values: Vec<(bool, Range<usize>)> =
        array.iter().map(|value| (is_unwanted(value), span(value.span()))).collect();
    let mut edit = Edit::default();
    let mut previous = None;
    for run in values.chunk_by(|(a, _), (b, _)| a == b) {
        let ([(true, first), ..], [.., (_, last)]) = (run, run) else {
            previous = run.last().map(|(_, value)| value.end);
            continue;
        };
        if !run.windows(2).all(|pair| is_bare(&source[pair[0].1.end..pair[1].1.start])) {
            return None;
        }
        edit.replace(extent(source, first.start..last.end, previous)?, "");
    }
    Some(edit)
}

/// True for what parts two values and says nothing.
fn is_bare(gap: &str) -> bool {
    gap.chars().all(|c| c == ',' || c.is_whitespace())
}

/// The bytes to take away with the values at `run`: their comma and, where they have lines of their
/// own, these; the comma ahead where they are the last, unless a comment stands between.
fn extent(source: &str, run: Range<usize>, previous: Option<usize>) -> Option<Range<usize>> {
    let rest = &source[run.end..];
    let blank = rest.len() - rest.trim_start().len();
    let comma = rest[blank..].starts_with(',').then_some(run.end + blank + 1);
    let end = comma.unwrap_or(run.end);
    let line_end = lines::end_of(source, end);
    Some(match (comma, previous) {
        _ if lines::is_first(source, run.start) && source[end..line_end].trim().is_empty() => {
            lines::start_of(source, run.start)..line_end
        }
        (Some(comma), _) => run.start..source.len() - source[comma..].trim_start_matches(' ').len(),
        (None, Some(previous)) => {
            is_bare(&source[previous..run.start]).then_some(previous..run.end)?
        }
        (None, None) => run,
    })
}

fn place(sorted: &[&str], name: &str) -> usize {
    sorted.partition_point(|other| *other < name)
}

/// Where the brackets and values of an array stand.
struct Layout<'s> {
    source: &'s str,
    array: Range<usize>,
    values: Vec<Range<usize>>,
}

impl Layout<'_> {
    /// Puts `new` before the value with this index, or at the end.
    fn insert(&self, edit: &mut Edit, index: usize, new: &[String]) {
        let previous = index.checked_sub(1).and_then(|previous| self.values.get(previous));
        let on_own_line = |value: &Range<usize>| lines::is_first(self.source, value.start);
        match (previous, self.values.get(index)) {
            (None, None) => self.fill(edit, new),
            (Some(previous), None) => self.insert_after(edit, previous, new),
            (Some(previous), Some(next)) if on_own_line(next) => {
                self.insert_after(edit, previous, new)
            }
            (None, Some(next)) if on_own_line(next) => {
                let lines = self.as_lines(new, self.indent(index)) + ",";
                lines::insert_below(edit, self.source, self.array.start, &lines);
            }
            (_, Some(next)) => edit.insert(next.start, new.join(", ") + ", "),
        }
    }

    /// Behind `previous`, which no value follows on its line: on lines of their own where
    /// `previous` ends its line.
    fn insert_after(&self, edit: &mut Edit, previous: &Range<usize>, new: &[String]) {
        let line_end = lines::end_of(self.source, previous.end).min(self.array.end);
        let rest = self.source[previous.end..line_end].trim();
        let own_lines = self.values.iter().any(|value| lines::is_first(self.source, value.start));
        let after = self.values.partition_point(|value| value.start <= previous.start);
        if own_lines && rest.starts_with(',') && !rest.ends_with(']') {
            let lines = self.as_lines(new, self.indent(after)) + ",";
            lines::insert_below(edit, self.source, previous.end, &lines);
        } else if own_lines
            && after == self.values.len()
            && (rest.is_empty() || rest.starts_with('#'))
        {
            edit.insert(previous.end, ",");
            let lines = self.as_lines(new, self.indent(after));
            lines::insert_below(edit, self.source, previous.end, &lines);
        } else {
            edit.insert(previous.end, format!(", {}", new.join(", ")));
        }
    }

    /// The first values of an empty array.
    fn fill(&self, edit: &mut Edit, new: &[String]) {
        let close = self.array.end - 1;
        if !self.source[self.array.clone()].contains('\n') {
            edit.insert(self.array.start + 1, new.join(", "));
        } else if lines::is_first(self.source, close) {
            let indent = format!("{}    ", lines::indent_of(self.source, close));
            let ending = line_ending(self.source);
            let lines = self.as_lines(new, &indent).replace('\n', ending);
            edit.insert(lines::start_of(self.source, close), format!("{lines},{ending}"));
        } else {
            edit.insert(close, new.join(", "));
        }
    }

    /// The indent of the value with this index, or of another that starts a line.
    fn indent(&self, index: usize) -> &str {
        let (before, from) = self.values.split_at(index.min(self.values.len()));
        from.iter()
            .chain(before.iter().rev())
            .find(|value| lines::is_first(self.source, value.start))
            .map_or("", |value| lines::indent_of(self.source, value.start))
    }

    fn as_lines(&self, new: &[String], indent: &str) -> String {
        new.iter().map(|value| format!("{indent}{value}")).collect::<Vec<_>>().join(",\n")
    }
}
