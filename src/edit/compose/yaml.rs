//! YAML as a tree with byte positions; the only module that knows the parser.

use std::collections::HashSet;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, StructureStyle};

use super::super::Refusal;

/// A node of the tree. Nodes are equal when they hold the same data, wherever they stand.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    /// From its first byte to the end of its content; empty where nothing is written.
    pub(super) span: Range<usize>,
    /// The number of its anchor, 0 without one.
    pub(super) anchor: usize,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.anchor == other.anchor
    }
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Scalar(String),
    Sequence(Vec<Node>),
    Mapping(Mapping),
    /// The number of an anchor.
    Alias(usize),
}

/// Keys and values in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mapping {
    pub(super) flow: bool,
    pub(super) entries: Vec<(Node, Node)>,
}

impl Mapping {
    /// The value under `key`, merged ones apart.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
    }
}

impl Node {
    /// The text of a scalar.
    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The mapping that this node is.
    pub(super) fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// True when nothing is written here.
    pub(super) fn is_nothing(&self) -> bool {
        self.value == Value::Null && self.anchor == 0
    }

    fn children(&self) -> Vec<&Self> {
        match &self.value {
            Value::Sequence(items) => items.iter().collect(),
            Value::Mapping(mapping) => {
                mapping.entries.iter().flat_map(|(key, value)| [key, value]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The node below this one, or itself, that has the anchor with this number.
    pub(super) fn anchored(&self, anchor: usize) -> Option<&Self> {
        if self.anchor == anchor {
            return Some(self);
        }
        self.children().into_iter().find_map(|child| child.anchored(anchor))
    }
}

/// A parsed file.
#[derive(Debug)]
pub(super) struct Document {
    /// The top of each document; compose merges several. None in a file without content.
    pub(super) roots: Vec<Node>,
    /// Where the second document starts.
    second: Option<Range<usize>>,
    /// True when a block scalar ends the file without a newline: text below would change it for
    /// some parsers.
    pub(super) open_ended: bool,
    /// Where the block scalars end that keep the blank lines below them: another one would change
    /// what they say.
    pub(super) keeping: Vec<usize>,
}

impl Document {
    /// The top of the one document, where something is in it.
    ///
    /// # Errors
    /// Unsafe when there are several documents.
    pub(super) fn only(&self) -> Result<Option<&Node>, Refusal> {
        match &self.second {
            Some(second) => {
                Err(Refusal::not_safe(second.clone(), "the file holds several documents"))
            }
            None => Ok(self.roots.first().filter(|root| !root.is_nothing())),
        }
    }
}

/// Parses `source`, whose documents must have no duplicate keys.
pub(super) fn parse(source: &str) -> Result<Document, Refusal> {
    let mut reader = Reader {
        source,
        events: Parser::new_from_str(source),
        open_ended: false,
        keeping: Vec::new(),
    };
    let (mut roots, mut second) = (Vec::new(), None);
    while let Some((event, span)) = reader.next()? {
        match event {
            Event::DocumentStart(..) if !roots.is_empty() => second = second.or(Some(span)),
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(..)
            | Event::DocumentEnd => {}
            event => roots.push(reader.node(event, span)?),
        }
    }
    roots.iter().try_for_each(check_duplicates)?;
    let Reader { open_ended, keeping, .. } = reader;
    Ok(Document { roots, second, open_ended, keeping })
}

fn check_duplicates(node: &Node) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    for (key, _) in node.as_mapping().into_iter().flat_map(|mapping| &mapping.entries) {
        if let Some(name) = key.as_str().filter(|name| !seen.insert(*name)) {
            return Err(Refusal::not_safe(
                key.span.clone(),
                format!("the key `{name}` stands twice"),
            ));
        }
    }
    node.children().into_iter().try_for_each(check_duplicates)
}

struct Reader<'s> {
    source: &'s str,
    events: Parser<'s, StrInput<'s>>,
    open_ended: bool,
    keeping: Vec<usize>,
}

impl<'s> Reader<'s> {
    fn next(&mut self) -> Result<Option<(Event<'s>, Range<usize>)>, Refusal> {
        let event =
            self.events.next_event().transpose().map_err(|error| refusal(self.source, &error))?;
        Ok(event.map(|(event, span)| (event, self.range(span))))
    }

    fn range(&self, span: Span) -> Range<usize> {
        span.byte_range().unwrap_or(self.source.len()..self.source.len())
    }

    /// Reads the node that starts with `event`.
    fn node(&mut self, event: Event<'s>, span: Range<usize>) -> Result<Node, Refusal> {
        Ok(match event {
            Event::Scalar(text, style, anchor, _) => self.scalar(&text, style, anchor, span),
            Event::Alias(anchor) => Node { value: Value::Alias(anchor), span, anchor: 0 },
            Event::SequenceStart(_, anchor, _) => self.sequence(anchor, span)?,
            Event::MappingStart(style, anchor, _) => self.mapping(style, anchor, span)?,
            _ => return Err(Refusal::malformed(span, "expected a value")),
        })
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        span: Range<usize>,
    ) -> Node {
        let null =
            style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let value = if null { Value::Null } else { Value::Scalar(text.to_owned()) };
        let span = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block_scalar(text, span),
            _ => span,
        };
        Node { value, span, anchor }
    }

    /// Where the content of the block scalar `text` stands, for which the parser says `span`: one
    /// without any is anywhere between its header and what follows.
    fn block_scalar(&mut self, text: &str, span: Range<usize>) -> Range<usize> {
        let is_empty = text.trim_matches('\n').is_empty();
        let written = &self.source[span.clone()];
        self.open_ended |=
            span.end == self.source.len() && !written.ends_with('\n') && text.ends_with('\n');
        let above = if is_empty && written.starts_with(['|', '>']) { span.end } else { span.start };
        let header = self.source[..above].trim_end().len();
        let start = if is_empty { header } else { span.start };
        let rest = &self.source[start..];
        let blank = &rest[..rest.len() - rest.trim_start().len()];
        let written = if is_empty {
            blank.get(..=blank.rfind('\n').unwrap_or(0)).unwrap_or_default()
        } else {
            written
        };
        if !keeps_blank_lines(&self.source[..header]) {
            return start..start + written.trim_end().len();
        }
        let end = start + written.strip_suffix('\n').unwrap_or(written).len();
        self.keeping.push(end);
        start..end
    }

    fn sequence(&mut self, anchor: usize, start: Range<usize>) -> Result<Node, Refusal> {
        let mut items = Vec::new();
        let end = loop {
            match self.next()? {
                Some((Event::SequenceEnd, span)) => break span,
                Some((event, span)) => items.push(self.node(event, span)?),
                None => break start.clone(),
            }
        };
        let last = items.last().map(|item: &Node| item.span.end);
        let span = start.start..content_end(&start, &end, last);
        Ok(Node { value: Value::Sequence(items), span, anchor })
    }

    fn mapping(
        &mut self,
        style: StructureStyle,
        anchor: usize,
        start: Range<usize>,
    ) -> Result<Node, Refusal> {
        let mut entries = Vec::new();
        let end = loop {
            let key = match self.next()? {
                Some((Event::MappingEnd, span)) => break span,
                Some((event, span)) => self.node(event, span)?,
                None => break start.clone(),
            };
            if let Some((event, span)) = self.next()? {
                entries.push((key, self.node(event, span)?));
            }
        };
        let last =
            entries.last().map(|(key, value): &(Node, Node)| key.span.end.max(value.span.end));
        let span = start.start..content_end(&start, &end, last);
        let mapping = Mapping { flow: style == StructureStyle::Flow, entries };
        Ok(Node { value: Value::Mapping(mapping), span, anchor })
    }
}

/// True where the header of a block scalar, which stands last in `above`, says that it keeps the
/// blank lines at its end.
fn keeps_blank_lines(above: &str) -> bool {
    let line = above.lines().next_back().unwrap_or_default();
    let header = line.split(" #").next().unwrap_or_default().trim_end();
    header.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('+')
}

/// Where a collection ends: at its bracket, or with its last item since the end of a block is only
/// noticed below it.
fn content_end(start: &Range<usize>, end: &Range<usize>, last: Option<usize>) -> usize {
    if start.is_empty() { last.unwrap_or(start.end) } else { end.end }
}

fn refusal(source: &str, error: &ScanError) -> Refusal {
    let message = error.info();
    let mut characters = message.lines().next().unwrap_or_default().chars();
    let first = characters.next().into_iter().flat_map(char::to_lowercase);
    let at = error.marker().byte_offset().unwrap_or(source.len());
    Refusal::malformed(at..at, first.chain(characters).collect::<String>())
}
