//! What an edit leaves behind to be found again and undone, whatever else the owner has changed
//! around it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Edit, Splice, line_ending, lines};

/// One splice as it stood right after the edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// What stood there before the edit; empty for an insertion.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What the edit put there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// The text ahead of it, from the start of the line above.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub above: String,
    /// The text behind it, to the end of its line, or of the line below where nothing follows on
    /// its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub below: String,
}

/// A part of an edit that stands or falls together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it leaves behind, in order of position.
    pub traces: Vec<Trace>,
    /// The text once it is made.
    pub text: String,
}

/// `edit` of `source` as steps, made one after the other: splices that have a line in common are
/// one, others are not, so that each can be undone without the rest.
pub fn steps(source: &str, edit: &Edit) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut text = source.to_owned();
    for group in groups(source, edit) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        // What the earlier steps have made longer or shorter lies ahead of this one.
        let tail = source.len() - last.range.end;
        let end = text.len() - tail;
        let head = text[..end - (last.range.end - first.range.start)].to_owned();
        let mut made = head;
        let mut ranges = Vec::new();
        let mut copied = first.range.start;
        for splice in group {
            made.push_str(&source[copied..splice.range.start]);
            ranges.push(made.len()..made.len() + splice.text.len());
            made.push_str(&splice.text);
            copied = splice.range.end;
        }
        made.push_str(&source[copied..]);
        let trace = |(splice, range): (&Splice, Range<usize>)| trace(source, &made, splice, range);
        steps.push(Step {
            traces: group.iter().zip(ranges).map(trace).collect(),
            text: made.clone(),
        });
        text = made;
    }
    steps
}

fn groups<'e>(source: &str, edit: &'e Edit) -> Vec<&'e [Splice]> {
    let are_lines =
        |a: &Splice, b: &Splice| a.text.contains('\n') && b.text.starts_with(['\n', '\r']);
    let together = |a: &Splice, b: &Splice| {
        let between = &source[a.range.end..b.range.start];
        !(between.contains('\n') || a.text.ends_with('\n') || between.is_empty() && are_lines(a, b))
    };
    edit.splices().chunk_by(together).collect()
}

fn trace(source: &str, made: &str, splice: &Splice, at: Range<usize>) -> Trace {
    let line = made[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let above = made[..line.saturating_sub(1)].rfind('\n').map_or(0, |newline| newline + 1);
    let next = lines::end_of(made, at.end);
    let below = if made[at.end..next].trim().is_empty() { lines::end_of(made, next) } else { next };
    Trace {
        before: source[splice.range.clone()].to_owned(),
        after: splice.text.clone(),
        above: made[above..at.start].to_owned(),
        below: made[at.end..below].to_owned(),
    }
}

/// Where all of `traces` stand in `text`; nothing when one of them is not there as it was written,
/// or not certain to be it. `inside` are the bytes of `text` that are known to be about.
pub(super) fn find(
    text: &str,
    traces: &[Trace],
    inside: &[Range<usize>],
) -> Option<Vec<Range<usize>>> {
    let mut from = 0;
    let mut found = Vec::new();
    for trace in traces {
        // As it was written it could begin between the two characters of a line ending.
        let range = trace
            .in_ending_of(text)
            .find(text, from, inside)
            .or_else(|| trace.find(text, from, inside))?;
        from = range.end;
        found.push(range);
    }
    Some(found)
}

/// The edit that takes back what was put at `ranges`, where [`find`] found `traces`.
pub(super) fn undo(text: &str, traces: &[Trace], ranges: &[Range<usize>]) -> Edit {
    let mut edit = Edit::default();
    for (trace, range) in traces.iter().zip(ranges) {
        let is_as_written = text[range.clone()] == trace.after;
        let before =
            if is_as_written { trace.before.clone() } else { trace.in_ending_of(text).before };
        edit.replace(range.clone(), before);
    }
    edit
}

/// The edit that takes the lines of `trace` out of `text`, with the blank lines that came above
/// them as far as they are still there; nothing where they stand nowhere or more than once.
pub(super) fn cut_lines(text: &str, trace: &Trace) -> Option<Edit> {
    let after = trace.in_ending_of(text).after;
    let content = after.trim_matches(['\n', '\r']);
    if !trace.before.is_empty() || content.trim().is_empty() {
        return None;
    }
    let is_whole = |range: &Range<usize>| {
        lines::start_of(text, range.start) == range.start
            && (range.end == text.len() || text[range.end..].starts_with(['\n', '\r']))
    };
    let all = text.match_indices(content).map(|(at, _)| at..at + content.len());
    let mut places = all.filter(is_whole);
    let (Some(place), None) = (places.next(), places.next()) else { return None };
    let ending = line_ending(text);
    let mut range = place.start..lines::end_of(text, place.end);
    let blank =
        after[..after.len() - after.trim_start_matches(['\n', '\r']).len()].matches(ending).count();
    for _ in 1..blank.max(1) {
        let above = text[..range.start].strip_suffix(ending).filter(|above| above.ends_with('\n'));
        range.start = above.map_or(range.start, str::len);
    }
    // A last line without an ending leaves none behind.
    if !text.ends_with('\n') && range.end == text.len() {
        range.start = text[..range.start].strip_suffix(ending).map_or(range.start, str::len);
    }
    let mut edit = Edit::default();
    edit.replace(range, "");
    Some(edit)
}

impl Trace {
    /// The same in the line ending of `text`, which a checkout may have changed.
    pub(super) fn in_ending_of(&self, text: &str) -> Self {
        let ending = line_ending(text);
        let turn = |part: &str| part.replace("\r\n", "\n").replace('\n', ending);
        Self {
            before: turn(&self.before),
            after: turn(&self.after),
            above: turn(&self.above),
            below: turn(&self.below),
        }
    }

    /// The one place that fits, by as much of the surroundings as still is there.
    fn find(&self, text: &str, from: usize, inside: &[Range<usize>]) -> Option<Range<usize>> {
        let Self { above, below, .. } = self;
        let line_above = &above[above.rfind('\n').map_or(0, |newline| newline + 1)..];
        let line_below = below.split_inclusive('\n').next().unwrap_or_default();
        let had_lines = self.had_lines_of_its_own();
        let surroundings = [
            (above.as_str(), below.as_str()),
            (above, ""),
            ("", below),
            (line_above, line_below),
            ("", ""),
        ];
        for (above, below) in surroundings {
            let mut places = self.places(text, from, above, below);
            places.retain(|place| !had_lines || self.is_on_lines_of_its_own(text, place));
            if above.trim().is_empty() || places.len() > 1 {
                let is_about =
                    |place: &Range<usize>| inside.iter().any(|part| touches(part, place));
                let is_sure = |place: &Range<usize>| {
                    places.len() == 1 && self.is_on_lines_of_its_own(text, place)
                };
                let sure: Vec<_> = places
                    .iter()
                    .filter(|place| is_about(place) || is_sure(place))
                    .cloned()
                    .collect();
                places = sure;
            }
            if let [place] = &places[..] {
                return Some(place.clone());
            }
        }
        None
    }

    /// The places of `after` between `above` and `below`.
    fn places(&self, text: &str, from: usize, above: &str, below: &str) -> Vec<Range<usize>> {
        let needle = format!("{above}{}{below}", self.after);
        if needle.trim().is_empty() {
            return Vec::new();
        }
        let starts = text.match_indices(&needle).map(|(at, _)| at + above.len());
        starts.filter(|start| *start >= from).map(|start| start..start + self.after.len()).collect()
    }

    /// True when it stood on lines of its own right after the edit.
    fn had_lines_of_its_own(&self) -> bool {
        let Self { above, after, below, .. } = self;
        self.is_on_lines_of_its_own(
            &format!("{above}{after}{below}"),
            &(above.len()..above.len() + after.len()),
        )
    }

    fn is_on_lines_of_its_own(&self, text: &str, place: &Range<usize>) -> bool {
        let starts = lines::start_of(text, place.start) == place.start;
        let ends = place.end == text.len() || text[place.end..].starts_with(['\n', '\r']);
        match (self.after.starts_with(['\n', '\r']), self.after.ends_with('\n')) {
            (true, _) => ends || (starts && self.after.ends_with('\n')),
            (false, true) => starts,
            (false, false) => starts && ends && !self.after.trim().is_empty(),
        }
    }
}

fn touches(part: &Range<usize>, place: &Range<usize>) -> bool {
    part.start <= place.end && place.start <= part.end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of `today` once the one step of `edit` of `source` is taken back.
    fn undone(source: &str, edit: &Edit, today: &str) -> Option<String> {
        let [step] = &steps(source, edit)[..] else { panic!("one step") };
        let ranges = find(today, &step.traces, &[])?;
        Some(undo(today, &step.traces, &ranges).apply(today))
    }

    #[test]
    fn a_line_is_found_wherever_it_has_gone() {
        let edit = Edit::insertion(2, "new\n");
        for (today, left) in [
            ("a\nnew\nb\n", Some("a\nb\n")),
            ("x\nnew\ny\n", Some("x\ny\n")),
            ("a\r\nnew\r\nb\r\n", Some("a\r\nb\r\n")),
            ("new\nx\na\nnew\nb\n", Some("new\nx\na\nb\n")),
            ("x\nnew\ny\nnew\nz\n", None),
            ("a\n// new\nb\n", None),
            ("a\nnewer\nb\n", None),
            ("a\nb\n", None),
        ] {
            assert_eq!(undone("a\nb\n", &edit, today).as_deref(), left, "{today:?}");
        }
    }

    #[test]
    fn the_pieces_of_one_line_go_together() {
        let mut edit = Edit::insertion(4, "{ v = ");
        edit.insert(5, " }");
        assert_eq!(
            undone("a = 1\n", &edit, "b\na = { v = 1 }\nc\n").as_deref(),
            Some("b\na = 1\nc\n")
        );
        assert_eq!(undone("a = 1\n", &edit, "a = { v = 2 }\n").as_deref(), None);
    }

    #[test]
    fn lines_can_be_undone_one_by_one() {
        let mut edit = Edit::insertion(2, "x\n");
        edit.insert(2, "y\n");
        edit.replace(2..3, "");
        let steps = steps("a\nb\n", &edit);
        let texts: Vec<&str> = steps.iter().map(|step| step.text.as_str()).collect();
        assert_eq!(texts, ["a\nx\nb\n", "a\nx\ny\nb\n", "a\nx\ny\n\n"]);
        let today = "a\nx\ny\n\n";
        let undone = steps.iter().map(|step| {
            let ranges = find(today, &step.traces, &[]).unwrap();
            undo(today, &step.traces, &ranges).apply(today)
        });
        assert_eq!(undone.collect::<Vec<_>>(), ["a\ny\n\n", "a\nx\n\n", "a\nx\ny\nb\n"]);
    }
}
