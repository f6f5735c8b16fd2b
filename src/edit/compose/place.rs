//! Where a new entry of a mapping goes, and in which indent.

use super::super::{Edit, Refusal, line_ending, lines};
use super::yaml::{Document, Mapping, Node, Value};

/// New entries for the mapping under a top-level key.
pub(super) struct Entries<'a> {
    /// The top-level key.
    pub(super) section: &'a str,
    /// The entries as lines, for an indent and a step in spaces.
    pub(super) lines: &'a dyn Fn(usize, usize) -> String,
    /// The entries inside of braces, where they can be written so.
    pub(super) flow: Option<String>,
}

/// A block mapping at the top of a file that is to be edited.
pub(super) struct File<'a> {
    source: &'a str,
    root: &'a Mapping,
    open_ended: bool,
    keeping: &'a [usize],
}

impl<'a> File<'a> {
    /// Refuses where the top of `document` is not a mapping in lines.
    pub(super) fn new(
        source: &'a str,
        document: &'a Document,
        root: &'a Node,
    ) -> Result<Self, Refusal> {
        match root.as_mapping() {
            Some(mapping) if !mapping.flow && starts_lines(source, mapping) => Ok(Self {
                source,
                root: mapping,
                open_ended: document.open_ended,
                keeping: &document.keeping,
            }),
            _ => Err(Refusal::not_safe(
                root.span.clone(),
                "the top of the file is not a mapping in lines",
            )),
        }
    }

    /// Adds `new` to the mapping under its top-level key, which is made where it is missing.
    pub(super) fn insert(&self, edit: &mut Edit, new: &Entries) -> Result<(), Refusal> {
        let Some((key, value)) =
            self.root.entries.iter().find(|(key, _)| key.as_str() == Some(new.section))
        else {
            return self.insert_section(edit, new);
        };
        let refuse = |what: &str| {
            let at = if value.span.is_empty() { key.span.clone() } else { value.span.clone() };
            Err(Refusal::not_safe(at, format!("`{}` is {what}", new.section)))
        };
        match &value.value {
            _ if value.anchor != 0 => {
                refuse("anchored, so an entry there may appear elsewhere too")
            }
            Value::Null => self.fill(edit, key, value, new),
            Value::Mapping(mapping) if mapping.entries.is_empty() && self.is_bare(value) => {
                self.fill(edit, key, value, new)
            }
            Value::Mapping(mapping) if mapping.flow => match &new.flow {
                Some(text) => {
                    into_braces(edit, mapping, text);
                    Ok(())
                }
                None => refuse("written in braces"),
            },
            Value::Mapping(mapping) if starts_lines(self.source, mapping) => {
                let indent = first_column(self.source, mapping);
                let step = step_below(self.source, mapping)
                    .unwrap_or(indent.saturating_sub(self.indent()));
                self.insert_into(edit, mapping, &(new.lines)(indent, step), false);
                Ok(())
            }
            Value::Mapping(_) => refuse("a mapping whose keys do not start lines"),
            Value::Alias(_) => refuse("an alias"),
            Value::Scalar(_) | Value::Sequence(_) => refuse("not a mapping"),
        }
    }

    fn indent(&self) -> usize {
        first_column(self.source, self.root)
    }

    /// The step of the first nested mapping, else two spaces.
    fn step(&self) -> usize {
        step_below(self.source, self.root).unwrap_or(2)
    }

    fn insert_section(&self, edit: &mut Edit, new: &Entries) -> Result<(), Refusal> {
        if let Some((key, _)) = self.root.entries.iter().find(|(key, _)| key.as_str() == Some("<<"))
        {
            let reason =
                format!("`{}` may come from a merge, which a new one would hide", new.section);
            return Err(Refusal::not_safe(key.span.clone(), reason));
        }
        let (indent, step) = (self.indent(), self.step());
        let text =
            format!("{}{}:\n{}", " ".repeat(indent), new.section, (new.lines)(indent + step, step));
        self.insert_into(edit, self.root, &text, true);
        Ok(())
    }

    /// True for `{}` with nothing but whitespace inside.
    fn is_bare(&self, value: &Node) -> bool {
        self.source[value.span.clone()].trim_matches(['{', '}']).trim().is_empty()
    }

    /// Puts the first entries below their key; a written `{}`, `~` or `null` goes.
    fn fill(
        &self,
        edit: &mut Edit,
        key: &Node,
        value: &Node,
        new: &Entries,
    ) -> Result<(), Refusal> {
        if !value.span.is_empty() {
            let before = self.source[..value.span.start].trim_end_matches(' ').len();
            edit.replace(before..value.span.end, "");
        }
        let (indent, step) = (self.indent() + self.step(), self.step());
        let at = below(self.source, value.span.end.max(key.span.end), indent);
        lines::insert_below(edit, self.source, at, &(new.lines)(indent, step));
        Ok(())
    }

    /// Adds `text` behind the last entry of `mapping`, or before it where it must stay last.
    fn insert_into(&self, edit: &mut Edit, mapping: &Mapping, text: &str, apart: bool) {
        let Some((key, value)) = mapping.entries.last() else {
            return;
        };
        let last = key.span.end.max(value.span.end);
        let apart =
            separated(self.source, mapping).unwrap_or(apart) && !self.keeping.contains(&last);
        if self.open_ended && lines::end_of(self.source, last) == self.source.len() {
            let ending = line_ending(self.source);
            let text = text.replace('\n', ending) + &ending.repeat(if apart { 2 } else { 1 });
            return edit.insert(lines::start_with_comments(self.source, key.span.start), text);
        }
        let at = below(self.source, last, first_column(self.source, mapping));
        let blank = if apart { "\n" } else { "" };
        lines::insert_below(edit, self.source, at, &format!("{blank}{text}"));
    }
}

/// Adds `text` to a mapping in braces: last, or first where the last key has no value, whose place
/// is not known.
fn into_braces(edit: &mut Edit, mapping: &Mapping, text: &str) {
    match (mapping.entries.first(), mapping.entries.last()) {
        (_, Some((_, value))) if !value.span.is_empty() => {
            edit.insert(value.span.end, format!(", {text}"))
        }
        (Some((key, _)), _) => edit.insert(key.span.start, format!("{text}, ")),
        _ => {}
    }
}

/// True when each key of `mapping` is the first on its line.
fn starts_lines(source: &str, mapping: &Mapping) -> bool {
    !mapping.flow && mapping.entries.iter().all(|(key, _)| lines::is_first(source, key.span.start))
}

fn first_column(source: &str, mapping: &Mapping) -> usize {
    mapping.entries.first().map_or(0, |(key, _)| column(source, key))
}

fn column(source: &str, key: &Node) -> usize {
    key.span.start - lines::start_of(source, key.span.start)
}

/// How much deeper than the keys of `mapping` the keys of the first mapping below them stand.
fn step_below(source: &str, mapping: &Mapping) -> Option<usize> {
    mapping.entries.iter().find_map(|(key, value)| {
        let below = value
            .as_mapping()
            .filter(|below| !below.entries.is_empty() && starts_lines(source, below))?;
        first_column(source, below).checked_sub(column(source, key))
    })
}

/// Whether a blank line stands between the last two entries of `mapping`; None with fewer.
fn separated(source: &str, mapping: &Mapping) -> Option<bool> {
    let [.., (key, value), (next, _)] = &mapping.entries[..] else {
        return None;
    };
    let end = key.span.end.max(value.span.end);
    let between = source.get(end..lines::start_of(source, next.span.start)).unwrap_or_default();
    Some(between.lines().skip(1).any(|line| line.trim().is_empty()))
}

/// Start of the last line of what ends at byte `end`, with the comments below that belong to it at
/// `indent`.
fn below(source: &str, end: usize, indent: usize) -> usize {
    let mut at = end;
    let mut next = lines::end_of(source, end);
    let mut adjoining = true;
    while next < source.len() {
        let line = &source[next..lines::end_of(source, next)];
        match line.trim_start().strip_prefix('#') {
            Some(text) if belongs(line, text, indent, adjoining) => (at, adjoining) = (next, true),
            None if line.trim().is_empty() => adjoining = false,
            _ => break,
        }
        next += line.len();
    }
    at
}

/// True for a comment that stands at `indent` or deeper. Without a blank line above, what it
/// comments out counts: `#    image: queue` comments out a line at four spaces.
fn belongs(line: &str, text: &str, indent: usize, adjoining: bool) -> bool {
    let mark = line.len() - line.trim_start().len();
    let spaces = text.len() - text.trim_start_matches(' ').len();
    mark >= indent || (adjoining && mark + spaces >= indent)
}
