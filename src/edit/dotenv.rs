//! The editor of dotenv files: keys that are missing are appended as one block with their comments.

use std::ops::Range;

use super::lines::{append_block, byte_order_mark, end_of, insert_below, start_of};
use super::{Edit, Outcome, Refusal};

/// A variable that a dotenv file must show.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Name of the variable.
    pub key: &'a str,
    /// What stands behind the `=`, in quotes where it needs them.
    pub value: &'a str,
    /// Comment lines above it, without `#`.
    pub comment: &'a [&'a str],
}

/// Appends those of `wanted` that `source` does not name, below a blank line and the comment
/// `header` (without `#`).
///
/// A key that is there in any form (`export KEY=`, `KEY = value`, `KEY: value`, `# KEY=`) is left
/// alone, and so is a line that is none of these. Where an earlier block with this header holds
/// some of the keys, the new ones follow these.
///
/// # Errors
/// Unsafe when a quote stays open, as what follows may be taken for its value, and when a wanted
/// line is not one assignment, which is a defect of the caller.
pub fn add(source: &str, header: &str, wanted: &[Line]) -> Outcome {
    let (found, open_quote) = read(source);
    let missing: Vec<&Line> = wanted.iter().filter(|line| !names(&found, line.key)).collect();
    if missing.is_empty() {
        return Ok(Edit::default());
    }
    open_quote.map_or(Ok(()), Err)?;
    let block: Vec<String> = missing.iter().flat_map(|line| rendered(line)).collect();
    let edit = match end_of_block(source, header, wanted, &found) {
        Some(end) => {
            let mut edit = Edit::default();
            insert_below(&mut edit, source, end, &block.join("\n"));
            edit
        }
        None => append_block(source, &comment(header).chain(block).collect::<Vec<_>>().join("\n")),
    };
    verify(source, &edit, &found, &missing)?;
    Ok(edit)
}

/// Adds the comment `header` (without `#`) at the end, below a blank line, unless `source` has it.
///
/// # Errors
/// Unsafe when a quote stays open.
pub fn add_header(source: &str, header: &str) -> Outcome {
    read(source).1.map_or(Ok(()), Err)?;
    Ok(match end_of_header(source, header) {
        Some(_) => Edit::default(),
        None => append_block(source, &comment(header).collect::<Vec<_>>().join("\n")),
    })
}

/// Where the assignments of `key` stand; those that are commented out, where there is no other.
pub fn find(source: &str, key: &str) -> Vec<Range<usize>> {
    let mut found = assignments(source);
    found.retain(|assignment| assignment.key == key);
    let is_set = found.iter().any(|assignment| !assignment.commented);
    let found = found.into_iter().filter(|assignment| !(is_set && assignment.commented));
    found.map(|assignment| start_of(source, assignment.start)..assignment.end).collect()
}

/// Takes the assignment at `place` out of `source` where it is the last line of `written`, and
/// those lines of its comment that stand above it, whatever the owner has put between them.
pub(super) fn cut_out(source: &str, place: &Range<usize>, written: &str) -> Option<Edit> {
    let mut wanted = written.lines().filter(|line| !line.trim().is_empty()).rev();
    if wanted.next() != Some(&source[place.clone()]) {
        return None;
    }
    let mut edit = Edit::default();
    edit.replace(place.start..end_of(source, place.end), "");
    let mut comment = wanted.next();
    let mut at = place.start;
    while let (Some(line), Some(above)) = (comment, source[..at].strip_suffix('\n')) {
        let start = start_of(source, above.len());
        if source[start..at].trim_end() == line {
            edit.replace(start..at, "");
            comment = wanted.next();
        }
        at = start;
    }
    Some(edit)
}

/// True when both texts assign the same but for the variable `key`.
pub fn differ_by(with: &str, without: &str, key: Option<&str>) -> bool {
    let lines = |source: &str| -> Vec<String> {
        let found = assignments(source).into_iter();
        let others =
            found.filter(|assignment| !assignment.commented && Some(assignment.key) != key);
        others.map(|assignment| source[assignment.start..assignment.end].to_owned()).collect()
    };
    lines(with) == lines(without)
}

fn names(found: &[Assignment], key: &str) -> bool {
    found.iter().any(|assignment| assignment.key == key)
}

fn comment(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned())
}

fn rendered(line: &Line) -> Vec<String> {
    let assignment = format!("{}={}", line.key, line.value);
    line.comment.iter().flat_map(|text| comment(text)).chain([assignment]).collect()
}

/// Where the last of the wanted keys below an existing `header` ends; without one, where the header
/// does.
fn end_of_block(
    source: &str,
    header: &str,
    wanted: &[Line],
    found: &[Assignment],
) -> Option<usize> {
    let at = end_of_header(source, header)?;
    let of_block =
        |other: &&Assignment| other.end > at && wanted.iter().any(|line| line.key == other.key);
    found.iter().filter(of_block).map(|last| last.end).max().or(Some(at))
}

/// The end of the line, without its ending, that is the first of `header`'s.
fn end_of_header(source: &str, header: &str) -> Option<usize> {
    let first = comment(header).next()?;
    let mut at = byte_order_mark(source);
    while at < source.len() {
        let line = &source[at..end_of(source, at)];
        if line.trim() == first {
            return Some(at + line.trim_end().len());
        }
        at += line.len();
    }
    None
}

/// Parses the result again: the missing keys are there once each, and the others are as they were.
fn verify(
    source: &str,
    edit: &Edit,
    before: &[Assignment],
    missing: &[&Line],
) -> Result<(), Refusal> {
    let output = edit.apply(source);
    let (after, open_quote) = read(&output);
    let is_new = |other: &&Assignment| missing.iter().any(|line| line.key == other.key);
    let once = |line: &&Line| {
        after.iter().filter(|other| other.key == line.key && !other.commented).count() == 1
    };
    let keys = |of: &[Assignment]| -> Vec<String> {
        of.iter()
            .filter(|other| !other.commented && !is_new(other))
            .map(|other| other.key.to_owned())
            .collect()
    };
    if open_quote.is_none() && missing.iter().all(once) && keys(before) == keys(&after) {
        return Ok(());
    }
    let lines: Vec<String> =
        missing.iter().map(|line| format!("{}={}", line.key, line.value)).collect();
    let reason = format!("the file would not say what is meant with {} added", lines.join(", "));
    Err(Refusal::not_safe(source.len()..source.len(), reason))
}

/// A variable that a line names.
#[derive(Debug, PartialEq, Eq)]
struct Assignment<'s> {
    key: &'s str,
    /// True for `# KEY=`.
    commented: bool,
    /// Where its line's text begins.
    start: usize,
    /// Where its value ends, which may be some lines below.
    end: usize,
}

fn assignments(source: &str) -> Vec<Assignment<'_>> {
    read(source).0
}

/// The assignments of `source`, and where the first quote stands that is never closed. Lines that
/// assign nothing are passed over: other readers of the file may know what they mean.
fn read(source: &str) -> (Vec<Assignment<'_>>, Option<Refusal>) {
    let (mut found, mut open_quote) = (Vec::new(), None);
    let mut at = byte_order_mark(source);
    while at < source.len() {
        let line = source[at..end_of(source, at)].trim();
        let mut end = at + source[at..end_of(source, at)].trim_end().len();
        let start = end - line.len();
        if let Some(text) = line.strip_prefix('#') {
            let assignment =
                split(text.trim_start_matches('#'), &['=']).filter(|(_, value)| value.is_some());
            found.extend(assignment.map(|(key, _)| Assignment {
                key,
                commented: true,
                start,
                end,
            }));
        } else if let Some((key, value)) = split(line, &['=', ':']) {
            if let Some(value) = value {
                match end_of_value(source, key, end - value.trim_start().len()..end) {
                    Ok(value) => end = value,
                    Err(refusal) => open_quote = open_quote.or(Some(refusal)),
                }
            }
            found.push(Assignment { key, commented: false, start, end });
        }
        at = end_of(source, end);
    }
    (found, open_quote)
}

/// The key of `[export] KEY [= value]`, with what stands behind the first of `signs`; a colon needs
/// a blank behind it.
fn split<'s>(text: &'s str, signs: &[char]) -> Option<(&'s str, Option<&'s str>)> {
    let text = text.trim();
    let text = text
        .strip_prefix("export")
        .filter(|rest| rest.starts_with([' ', '\t']))
        .unwrap_or(text)
        .trim_start();
    let is_key = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    let (key, rest) =
        text.split_at(text.find(|character| !is_key(character)).unwrap_or(text.len()));
    let value = rest.trim_start().strip_prefix(signs);
    let is_colon = rest.trim_start().starts_with(':');
    match value {
        _ if key.is_empty() => None,
        None if !rest.is_empty() => None,
        Some(value) if is_colon && !value.is_empty() && !value.starts_with([' ', '\t']) => None,
        value => Some((key, value)),
    }
}

/// Where the value that starts in `value` on its key's line ends: at the line's end, or behind the
/// line where its quote closes.
fn end_of_value(source: &str, key: &str, value: Range<usize>) -> Result<usize, Refusal> {
    let text = &source[value.start..];
    let Some(quote) =
        text.chars().next().filter(|first| value.start < value.end && "\"'".contains(*first))
    else {
        return Ok(value.end);
    };
    let close = value.start + closing(text, quote).unwrap_or(text.len());
    if close < value.end {
        return Ok(value.end);
    }
    let rest = source.get(close + 1..end_of(source, close)).map(str::trim);
    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('#')) {
        return Ok(close + 1);
    }
    Err(Refusal::not_safe(
        value,
        format!("the quote that opens the value of `{key}` is never closed"),
    ))
}

/// Position of the quote that closes `text`, which starts with one.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(at, character)| {
        let closes = character == quote && !escaped;
        escaped = character == '\\' && quote == '"' && !escaped;
        closes.then_some(at)
    })
}

#[cfg(test)]
mod tests;
