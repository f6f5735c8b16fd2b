//! Names among the tokens of a source, so that macros count too.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use syn::Attribute;
use syn::parse::Parser as _;

use super::scope::is_test;
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// Words after which a `::` leads.
const LEADERS: [&str; 13] = [
    "use", "as", "dyn", "else", "for", "if", "impl", "in", "match", "move", "mut", "return",
    "while",
];

/// A name among the tokens of its group.
pub(super) struct Found<'t> {
    tokens: &'t [TokenTree],
    at: usize,
    /// The segment before the braces of a `use` that it stands in.
    outer: Option<&'t str>,
    /// True in code that is compiled for tests only.
    pub(super) test: bool,
}

impl Found<'_> {
    pub(super) fn before(&self) -> &[TokenTree] {
        &self.tokens[..self.at]
    }

    pub(super) fn after(&self) -> &[TokenTree] {
        &self.tokens[self.at + 1..]
    }

    pub(super) fn is_after(&self, word: &str) -> bool {
        self.before().last().is_some_and(|token| is_ident(token, word))
    }

    pub(super) fn is_followed_by_colons(&self) -> bool {
        matches!(self.after(), [a, b, ..] if is_punct(a, ':') && is_punct(b, ':'))
    }

    /// The segment of the path before the name; nothing where it starts one.
    pub(super) fn root(&self) -> Option<String> {
        segment_before(self.before()).or_else(|| {
            let starts = matches!(self.before(), [] | [.., TokenTree::Punct(_)]);
            self.outer.filter(|_| starts).map(str::to_owned)
        })
    }
}

/// The segment of a path that ends `tokens` with its `::`; nothing where the `::` leads.
fn segment_before(tokens: &[TokenTree]) -> Option<String> {
    let [rest @ .., a, b] = tokens else { return None };
    if !is_punct(a, ':') || !is_punct(b, ':') {
        return None;
    }
    match rest {
        [.., TokenTree::Ident(segment)] if !LEADERS.iter().any(|word| segment == word) => {
            Some(segment.to_string())
        }
        [.., TokenTree::Punct(arrow), TokenTree::Punct(end)] if end.as_char() == '>' => {
            (!['-', '='].contains(&arrow.as_char())).then(|| ">".to_owned())
        }
        [.., TokenTree::Punct(end)] if end.as_char() == '>' => Some(">".to_owned()),
        _ => None,
    }
}

/// Tells `listener` every mention of `name` in `syntax`, in order.
pub(super) fn visit(
    syntax: &Syntax,
    name: &str,
    listener: &mut dyn FnMut(&Found<'_>, Range<usize>),
) {
    Visit { syntax, name, listener }.tokens(&syntax.tokens, None, false);
}

/// The walk over all tokens.
struct Visit<'v> {
    syntax: &'v Syntax,
    name: &'v str,
    listener: &'v mut dyn FnMut(&Found<'_>, Range<usize>),
}

impl Visit<'_> {
    fn tokens(&mut self, tokens: &TokenStream, outer: Option<&str>, mut test: bool) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let mut item = Item::default();
        for (at, token) in tokens.iter().enumerate() {
            let before = &tokens[..at];
            match token {
                TokenTree::Group(group) => {
                    let stream = group.stream();
                    self.tokens(&stream, segment_before(before).as_deref(), test || item.test);
                    test |= is_after(before, "#!") && is_for_tests(&stream);
                    item.test |= is_after(before, "#") && is_for_tests(&stream);
                    item.test &= group.delimiter() != Delimiter::Brace;
                }
                token if is_ident(token, self.name) => {
                    let found = Found { tokens: &tokens, at, outer, test: test || item.test };
                    (self.listener)(&found, self.syntax.span(token.span()));
                }
                TokenTree::Punct(mark) => item.pass(mark.as_char(), before),
                _ => {}
            }
        }
    }
}

/// What follows an attribute, up to its end.
#[derive(Default)]
struct Item {
    /// True where the attribute is for tests.
    test: bool,
    /// How many brackets of generics are open.
    generics: usize,
}

impl Item {
    /// Notes the punctuation `mark` behind `before`.
    fn pass(&mut self, mark: char, before: &[TokenTree]) {
        match mark {
            '<' => self.generics += 1,
            '>' if !is_after(before, "-") && !is_after(before, "=") => {
                self.generics = self.generics.saturating_sub(1)
            }
            ';' => *self = Self::default(),
            ',' if self.generics == 0 => self.test = false,
            _ => {}
        }
    }
}

/// True when `tokens` end with the punctuation `marks`.
fn is_after(tokens: &[TokenTree], marks: &str) -> bool {
    let mut last = tokens.iter().rev();
    marks.chars().rev().all(|mark| last.next().is_some_and(|token| is_punct(token, mark)))
}

/// True when an attribute of this content is for tests only.
fn is_for_tests(content: &TokenStream) -> bool {
    let attribute = quoted(content);
    Attribute::parse_outer.parse2(attribute).is_ok_and(|attributes| is_test(&attributes))
}

/// `#[content]`
fn quoted(content: &TokenStream) -> TokenStream {
    let group = Group::new(Delimiter::Bracket, content.clone());
    [TokenTree::from(Punct::new('#', Spacing::Alone)), TokenTree::from(group)].into_iter().collect()
}
