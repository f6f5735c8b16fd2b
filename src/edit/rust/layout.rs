//! Whether two sources say the same in other lines, as one that rustfmt has been over with the
//! project's own settings.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};

use super::depth::MAX_NESTING;
use super::syntax;
use super::tokens::is_punct;

/// Words after which parentheses are a tuple: one with a comma is another than one without.
const BEFORE_A_TUPLE: [&str; 9] =
    ["as", "break", "else", "if", "in", "let", "match", "mut", "return"];

/// True when `a` and `b` have the same tokens and comments but for what rustfmt adds and takes away
/// to break lines: white space, last commas, and braces around the one expression of a closure or
/// an arm. False where one is not tokens.
pub fn same_but_for_layout(a: &str, b: &str) -> bool {
    matches!((outline(a), outline(b)), (Some(a), Some(b)) if a == b)
}

/// The tokens and comments of `source` but for its layout, as [`same_but_for_layout`] compares
/// them; nothing where it is not tokens.
pub fn outline(source: &str) -> Option<Vec<String>> {
    Outline::of(source)
}

/// The tokens and comments of a source.
struct Outline<'s> {
    source: &'s str,
    offset: usize,
    end: usize,
    words: Vec<String>,
    /// True after a token that a doc comment stands for.
    is_doc: bool,
}

impl<'s> Outline<'s> {
    fn of(source: &'s str) -> Option<Vec<String>> {
        let (tokens, offset) = syntax::lexed(source).ok()?;
        let mut outline = Self { source, offset, end: offset, words: Vec::new(), is_doc: false };
        outline.stream(tokens, false, MAX_NESTING)?;
        outline.comments(source.len());
        Some(outline.words)
    }

    /// Takes in `stream`; where one `may_end` it, without its last comma. Nothing where brackets are
    /// nested more than `deep`.
    fn stream(&mut self, stream: TokenStream, may_end: bool, deep: usize) -> Option<()> {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let (before, after) = (&tokens[..at], &tokens[at + 1..]);
            match token {
                TokenTree::Group(group) => {
                    self.group(group, before, after, deep.checked_sub(1)?)?
                }
                token if is_punct(token, ',') && may_end && after.is_empty() => {
                    self.word(token.span(), ",", false);
                }
                token => self.word(token.span(), &token.to_string(), true),
            }
        }
        Some(())
    }

    fn group(
        &mut self,
        group: &Group,
        before: &[TokenTree],
        after: &[TokenTree],
        deep: usize,
    ) -> Option<()> {
        let is_arm = is_arrow(before);
        let is_bare = (is_arm || is_closure(before)) && is_single(group);
        let may_end =
            group.delimiter() != Delimiter::Parenthesis || !is_tuple(before) || commas(group) > 1;
        let (open, close) = match group.delimiter() {
            Delimiter::Brace => ("{", "}"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Parenthesis | Delimiter::None => ("(", ")"),
        };
        self.word(group.span_open(), open, !is_bare);
        self.stream(group.stream(), may_end, deep)?;
        self.word(group.span_close(), close, !is_bare);
        if is_bare && is_arm && after.first().is_some_and(|next| !is_punct(next, ',')) {
            self.words.push(",".to_owned());
        }
        Some(())
    }

    /// Takes in the token `text` at `span`, if it `counts`, with the comments before it.
    fn word(&mut self, span: Span, text: &str, counts: bool) {
        if let Some(end) = self.end_of_next(text) {
            self.end = end;
        } else {
            let range = span.byte_range();
            let (start, end) = (range.start + self.offset, range.end + self.offset);
            self.comments(start);
            self.end = self.end.max(end);
            self.is_doc = self.source.get(start..end) != Some(text);
        }
        if counts {
            self.words.push(text.to_owned());
        }
    }

    /// Where the token `text` ends, if nothing but white space stands before it. That is told
    /// without its span, whose bytes are slow to find.
    fn end_of_next(&self, text: &str) -> Option<usize> {
        let rest = self.source.get(self.end..)?.trim_start();
        let is_next = !self.is_doc && !text.starts_with('/') && rest.starts_with(text);
        is_next.then(|| self.source.len() - rest.len() + text.len())
    }

    /// Takes in the comments up to the byte `end`, each line without the white space around it.
    fn comments(&mut self, end: usize) {
        if end <= self.end {
            return;
        }
        let between = self.source.get(self.end..end).unwrap_or_default();
        let lines = between.lines().map(str::trim).filter(|line| !line.is_empty());
        self.words.extend(lines.map(str::to_owned));
    }
}

fn is_arrow(before: &[TokenTree]) -> bool {
    matches!(before, [.., a, b] if is_punct(a, '=') && is_punct(b, '>'))
}

fn is_closure(before: &[TokenTree]) -> bool {
    before.last().is_some_and(|token| is_punct(token, '|'))
}

/// True for braces around one expression.
fn is_single(group: &Group) -> bool {
    let mut tokens = group.stream().into_iter().peekable();
    let is_block = group.delimiter() == Delimiter::Brace && tokens.peek().is_some();
    is_block && tokens.all(|token| !is_punct(&token, ';') && !is_punct(&token, ','))
}

/// True where parentheses are no list of parameters or arguments.
fn is_tuple(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(word)] => BEFORE_A_TUPLE.iter().any(|other| word == other),
        [.., a, b] if is_punct(b, '>') => is_punct(a, '-') || is_punct(a, '='),
        _ => true,
    }
}

fn commas(group: &Group) -> usize {
    group.stream().into_iter().filter(|token| is_punct(token, ',')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustfmt_does_is_layout() {
        for (a, b) in [
            ("fn a(x: u8) {}", "fn a(\n    x: u8,\n) {}\n"),
            (
                "fn a() { b(1, [2, 3], C { d: 4 }); }",
                "fn a() {\n b(\n 1,\n [\n 2,\n 3,\n ],\n C {\n d: 4,\n },\n );\n}",
            ),
            ("fn a() { let b = |c| c.d(); }", "fn a() { let b = |c| {\n c.d()\n }; }"),
            (
                "fn a() { match b { C => d(), E => f() } }",
                "fn a() { match b { C => {\n d()\n }\n E => f(), } }",
            ),
            ("// a\nfn b() {}", "  // a\r\nfn b() {\r\n}\r\n"),
        ] {
            assert!(same_but_for_layout(a, b), "{a}\n{b}");
        }
    }

    #[test]
    fn brackets_in_brackets_are_read_to_a_bound() {
        let nested = |depth: usize| format!("fn a() {}", "(".repeat(depth) + &")".repeat(depth));
        assert!(outline(&nested(MAX_NESTING)).is_some());
        assert!(outline(&nested(MAX_NESTING + 1)).is_none());
        assert!(outline(&nested(100_000)).is_none());
    }

    #[test]
    fn what_says_something_else_is_none() {
        for (a, b) in [
            ("fn a() { [1, 2]; }", "fn a() { [12]; }"),
            ("fn a() { \"b c\"; }", "fn a() { \"bc\"; }"),
            ("// a\nfn b() {}", "// c\nfn b() {}"),
            ("/// a\nfn b() {}", "/// c\nfn b() {}"),
            ("fn a() { // b\n}", "fn a() {}"),
            ("fn a() { let b = (c,); }", "fn a() { let b = (c); }"),
            ("fn a() { if b { c; } d; }", "fn a() { if b { c; d; } }"),
            ("fn a() { |b| c; d }", "fn a() { |b| { c; d } }"),
            ("fn a() {}", "fn a( {"),
            ("m! {\n/// a]\n[b] // c\n}", "m! {\n/// a]\n[b]\n}"),
            ("m! {\n/// a\n[b]\n}", "m! {\n/// a\n[c]\n}"),
            ("m! { a /* b */ / c }", "m! { a / c }"),
        ] {
            assert!(!same_but_for_layout(a, b), "{a}\n{b}");
        }
    }
}
