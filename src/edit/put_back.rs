//! What an edit had put into a text, put back where the owner took it out.

use super::part::{Part, State};
use super::trace::{self, Trace};
use super::{Edit, Refusal, lines};

impl Part {
    /// `text` with this part as it left `traces` when it was added; nothing where it is not certain
    /// where it stood.
    ///
    /// # Errors
    /// When `text` does not parse.
    pub fn put_back(&self, text: &str, traces: &[Trace]) -> Result<Option<String>, Refusal> {
        // Where some features still stand, their editor puts the others beside them.
        if self.rest(text).is_some() {
            return Ok(None);
        }
        let mut today = text.to_owned();
        for trace in traces {
            if trace::find(&today, std::slice::from_ref(trace), &[]).is_none() {
                let Some(edit) = put_back(&today, &trace.in_ending_of(&today)) else {
                    return Ok(None);
                };
                today = edit.apply(&today);
            }
        }
        let is_back = matches!(self.state(&today, traces), Ok(State::Standing(_)))
            && self.is_complete(&today)?;
        Ok(is_back.then_some(today))
    }
}

/// The edit that makes `trace` stand in `text` again: all of it, or the lines that are missing
/// where others of it are still there. None where its place is not certain.
fn put_back(text: &str, trace: &Trace) -> Option<Edit> {
    let Trace { above, below, .. } = trace;
    let line_above =
        &above[above.trim_end_matches('\n').rfind('\n').map_or(0, |newline| newline + 1)..];
    let line_below = below.split_inclusive('\n').next().unwrap_or_default();
    let between = [(above.as_str(), below.as_str()), (line_above, line_below)];
    let at_one_side = [(above.as_str(), ""), (line_above, ""), ("", below), ("", line_below)];
    let whole = |(above, below): &(&str, &str)| {
        let at = place(text, above, &format!("{}{below}", trace.before), trace)?;
        let mut edit = Edit::default();
        edit.replace(at..at + trace.before.len(), trace.after.as_str());
        Some(edit)
    };
    let was_between = |edit: &Edit| {
        let place = &edit.splices()[0].range;
        let is_first = place.start == lines::byte_order_mark(text);
        (!above.is_empty() || is_first) && (!below.is_empty() || place.end == text.len())
    };
    let lines = || {
        between
            .iter()
            .chain(&at_one_side)
            .find_map(|(above, below)| missing(text, trace, (above, below)))
    };
    let at_the_top = || {
        let is_first = above.is_empty() && trace.before.is_empty();
        is_first.then(|| Edit::insertion(lines::byte_order_mark(text), trace.after.as_str()))
    };
    let there = between.iter().find_map(|around| whole(around).filter(was_between));
    there
        .or_else(lines)
        .or_else(|| between.iter().chain(&at_one_side).find_map(whole))
        .or_else(at_the_top)
}

/// The edit that puts back the lines of `trace` that are missing between those of it that stand in
/// `text`.
fn missing(text: &str, trace: &Trace, (above, below): (&str, &str)) -> Option<Edit> {
    let all: Vec<&str> = trace.after.split_inclusive('\n').collect();
    for size in 1..all.len() {
        for start in 0..=all.len() - size {
            let (head, tail) = (all[..start].concat(), all[start + size..].concat());
            // The blank lines of it are only told from others by what stands above.
            let is_telling = !above.is_empty() || !format!("{head}{tail}").trim().is_empty();
            let place = || place(text, &format!("{above}{head}"), &format!("{tail}{below}"), trace);
            if let Some(at) = is_telling.then(place).flatten() {
                return Some(Edit::insertion(at, all[start..start + size].concat()));
            }
        }
    }
    None
}

/// The one place in `text` between `head` and `tail`, which say something.
fn place(text: &str, head: &str, tail: &str, trace: &Trace) -> Option<usize> {
    let needle = format!("{head}{tail}");
    let mut places = text.match_indices(&needle).map(|(at, _)| at + head.len());
    let place = places.next()?;
    let has_lines = trace.above.ends_with('\n') && trace.after.ends_with('\n');
    let fits = needle.chars().any(char::is_alphanumeric) && places.next().is_none();
    (fits && (!has_lines || lines::start_of(text, place) == place)).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::super::trace::steps;
    use super::super::{Edit, dotenv};
    use super::*;

    /// `today`, with the one step of `edit` of `source` put back.
    fn restored(source: &str, edit: &Edit, today: &str) -> Option<String> {
        let [step] = &steps(source, edit)[..] else { panic!("one step") };
        put_back(today, &step.traces[0].in_ending_of(today)).map(|edit| edit.apply(today))
    }

    #[test]
    fn what_is_missing_comes_back_where_it_was() {
        let edit = Edit::insertion(4, "\n# x\nX=\n");
        for (today, whole) in [
            ("A=1\nB=2\n", "A=1\n\n# x\nX=\nB=2\n"),
            ("A=1\n\n# x\nB=2\n", "A=1\n\n# x\nX=\nB=2\n"),
            ("A=1\n\nX=\nB=2\n", "A=1\n\n# x\nX=\nB=2\n"),
            ("A=1\n\nB=2\n", "A=1\n\n# x\nX=\nB=2\n"),
            ("A=1\nC=3\nB=2\n", "A=1\n\n# x\nX=\nC=3\nB=2\n"),
            ("A=1\r\nB=2\r\n", "A=1\r\n\r\n# x\r\nX=\r\nB=2\r\n"),
        ] {
            assert_eq!(restored("A=1\nB=2\n", &edit, today).as_deref(), Some(whole), "{today:?}");
        }
        for today in ["A=1\nB=2\nA=1\nB=2\n", "C=3\n", ""] {
            assert_eq!(restored("A=1\nB=2\n", &edit, today), None, "{today:?}");
        }
    }

    #[test]
    fn the_first_lines_of_a_file_come_back_first() {
        let edit = dotenv::add_header("", "Sockets").unwrap();
        assert_eq!(restored("", &edit, "X=\n").as_deref(), Some("# Sockets\nX=\n"));
    }
}
