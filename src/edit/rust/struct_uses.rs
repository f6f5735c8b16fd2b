//! Where a struct is built and taken apart in one file.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Expr, ExprStruct, Member, Pat, Type};

use super::braces::Braces;
use super::context::{Context, Names};
use super::imports::segments;
use super::scope::{Frame, Listener, walk};
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// A place that names the struct's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructUse {
    /// From the struct's name to the closing brace.
    pub at: Range<usize>,
    /// The path as the file's imports resolve it.
    pub path: Vec<String>,
    /// The fields that are named.
    pub fields: Vec<String>,
    /// True when `..` stands for all fields that are not named.
    pub rest: bool,
    /// True for a pattern, false for a literal.
    pub pattern: bool,
    /// Where it stands.
    pub context: Context,
    /// True in a module that is written in place.
    pub is_nested: bool,
    pub(super) braces: Braces,
}

/// All literals and patterns of `strukt` in `syntax`, those in the arguments of macros too, in
/// order of position.
pub fn struct_uses(syntax: &Syntax, names: &Names, strukt: &str) -> Vec<StructUse> {
    let mut finder = Finder { syntax, names, strukt, lazy: false, found: Vec::new() };
    walk(&syntax.file, &mut finder);
    finder.found.sort_by_key(|found| found.at.start);
    finder.found
}

struct Finder<'s, 'ast> {
    syntax: &'s Syntax,
    names: &'s Names<'ast>,
    strukt: &'s str,
    /// True inside a macro whose statics are initialised by ordinary code.
    lazy: bool,
    found: Vec<StructUse>,
}

impl<'ast> Finder<'_, 'ast> {
    /// The path when it means the struct: by name, by an import's other name, or by `Self` in its
    /// own `impl`.
    fn means(&self, frames: &[Frame], segments: Vec<String>) -> Option<Vec<String>> {
        let resolved = self.names.imports.resolve_segments(segments);
        let last = resolved.last()?;
        (last == self.strukt || (last == "Self" && self.in_own_impl(frames))).then_some(resolved)
    }

    fn in_own_impl(&self, frames: &[Frame]) -> bool {
        let own = frames.iter().rev().find_map(|frame| match frame {
            Frame::Impl(item) => Some(&*item.self_ty),
            _ => None,
        });
        let Some(Type::Path(path)) = own else { return false };
        path.path.segments.last().is_some_and(|last| last.ident.unraw() == self.strukt)
    }

    fn literal(&mut self, frames: &[Frame], literal: &ExprStruct) {
        let Some(path) = self.means(frames, segments(&literal.path)) else { return };
        let fields = literal.fields.iter().map(|field| member(&field.member)).collect();
        let braces = Braces {
            open: self.syntax.span(literal.brace_token.span.open()).end,
            close: self.syntax.span(literal.brace_token.span.close()).start,
            entries: literal.fields.iter().map(|field| self.syntax.range(field)).collect(),
            trailing_comma: literal.fields.trailing_punct(),
            definition: false,
        };
        self.found.push(StructUse {
            at: self.syntax.range(&literal.path).start..braces.close + 1,
            path,
            fields,
            rest: literal.dot2_token.is_some(),
            pattern: false,
            context: self.names.context(frames),
            is_nested: is_nested(frames),
            braces,
        });
    }

    fn tokens(&mut self, frames: &[Frame], stream: &TokenStream, in_pattern: bool) {
        let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let (before, after) = (&tokens[..index], tokens.get(index + 1..).unwrap_or_default());
            if group.delimiter() == Delimiter::Brace {
                self.token_use(frames, before, group, after, in_pattern);
            }
            self.tokens(frames, &group.stream(), calls_matches(before));
        }
    }

    /// Reads `before { group } after` as a use of the struct, if it is one.
    fn token_use(
        &mut self,
        frames: &[Frame],
        before: &[TokenTree],
        group: &Group,
        after: &[TokenTree],
        matching: bool,
    ) {
        let (path, ahead) = path_before(before);
        let (Some(path), Some(parts)) = (self.means(frames, path), Parts::read(self.syntax, group))
        else {
            return;
        };
        let Some(name) = before.last().filter(|_| !defines(ahead)) else { return };
        let braces = Braces {
            open: self.syntax.span(group.span_open()).end,
            close: self.syntax.span(group.span_close()).start,
            entries: parts.entries,
            trailing_comma: parts.trailing_comma,
            definition: false,
        };
        self.found.push(StructUse {
            at: self.syntax.span(name.span()).start..braces.close + 1,
            path,
            fields: parts.fields,
            rest: parts.rest,
            pattern: matching || is_pattern(ahead, after),
            context: match self.names.context(frames) {
                Context::ItemMacro if self.lazy => Context::Infallible,
                context => context,
            },
            is_nested: is_nested(frames),
            braces,
        });
    }
}

fn is_nested(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| matches!(frame, Frame::Module(_)))
}

impl<'ast> Listener<'ast> for Finder<'_, 'ast> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        if let Expr::Struct(literal) = expression {
            self.literal(frames, literal);
        }
    }

    fn pattern(&mut self, frames: &[Frame<'ast>], pattern: &'ast Pat) {
        let Pat::Struct(pattern) = pattern else { return };
        let Some(path) = self.means(frames, segments(&pattern.path)) else { return };
        let braces = Braces {
            open: self.syntax.span(pattern.brace_token.span.open()).end,
            close: self.syntax.span(pattern.brace_token.span.close()).start,
            entries: Vec::new(),
            trailing_comma: false,
            definition: false,
        };
        self.found.push(StructUse {
            at: self.syntax.range(&pattern.path).start..braces.close + 1,
            path,
            fields: pattern.fields.iter().map(|field| member(&field.member)).collect(),
            rest: pattern.rest.is_some(),
            pattern: true,
            context: self.names.context(frames),
            is_nested: is_nested(frames),
            braces,
        });
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast syn::Macro) {
        let name =
            call.path.segments.last().map_or_else(String::new, |last| last.ident.to_string());
        self.lazy = name == "lazy_static" || name == "thread_local";
        self.tokens(frames, &call.tokens, is_matches(&name));
    }
}

/// The entries between the braces of what may be a literal or a pattern.
#[derive(Default)]
struct Parts {
    entries: Vec<Range<usize>>,
    fields: Vec<String>,
    rest: bool,
    trailing_comma: bool,
}

impl Parts {
    /// Reads `name: …, name, ..`; `None` when the braces hold something else, such as statements.
    fn read(syntax: &Syntax, group: &Group) -> Option<Self> {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut parts = Self::default();
        let is = |token: Option<&TokenTree>, mark: char| {
            token.is_some_and(|token| is_punct(token, mark))
        };
        parts.trailing_comma = is(tokens.last(), ',');
        for entry in tokens.split(|token| is(Some(token), ',')) {
            let (Some(first), Some(last)) = (entry.first(), entry.last()) else { continue };
            let end = syntax.span(last.span()).end;
            let at = attributes_len(entry);
            match (entry.get(at), entry.get(at + 1)) {
                (dot, next) if is(dot, '.') && is(next, '.') => parts.rest = true,
                (Some(TokenTree::Ident(name)), next)
                    if next.is_none() || (is(next, ':') && !is(entry.get(at + 2), ':')) =>
                {
                    parts.fields.push(name.unraw().to_string());
                    parts.entries.push(syntax.span(first.span()).start..end);
                }
                // A comma inside the value: `HashMap::<K, V>::new()`.
                _ => parts.entries.last_mut()?.end = end,
            }
        }
        Some(parts)
    }
}

/// How many tokens the attributes take that open an entry.
fn attributes_len(entry: &[TokenTree]) -> usize {
    let mut len = 0;
    while entry.get(len).is_some_and(|token| is_punct(token, '#')) {
        len += 2;
    }
    len
}

/// The path that ends `before`, and what stands ahead of it.
fn path_before(before: &[TokenTree]) -> (Vec<String>, &[TokenTree]) {
    let mut path = Vec::new();
    let mut rest = before;
    while let [ahead @ .., TokenTree::Ident(name)] = rest {
        path.insert(0, name.unraw().to_string());
        rest = ahead;
        match rest {
            [ahead @ .., a, b] if is_punct(a, ':') && is_punct(b, ':') => rest = ahead,
            _ => break,
        }
    }
    (path, rest)
}

/// True when the tokens ahead make `Name { … }` a definition or a body, not a use.
fn defines(ahead: &[TokenTree]) -> bool {
    const WORDS: [&str; 8] = ["struct", "enum", "union", "trait", "impl", "for", "mod", "dyn"];
    match ahead {
        [.., equals, arrow] if is_punct(arrow, '>') => !is_punct(equals, '='),
        [.., last] => is_punct(last, '>') || WORDS.iter().any(|word| is_ident(last, word)),
        [] => false,
    }
}

/// True when the tokens around make it a pattern.
fn is_pattern(ahead: &[TokenTree], after: &[TokenTree]) -> bool {
    let bound = ahead.last().is_some_and(|token| is_ident(token, "let"));
    let arm = match after {
        [first, second, ..] if is_punct(first, '=') => !is_punct(second, '='),
        [first, ..] => is_punct(first, '=') || is_ident(first, "if"),
        [] => false,
    };
    bound || arm
}

/// True when a group behind these tokens holds the arguments of `matches!`.
fn calls_matches(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(name), bang] => is_punct(bang, '!') && is_matches(&name.to_string()),
        _ => false,
    }
}

fn is_matches(name: &str) -> bool {
    matches!(name, "matches" | "assert_matches" | "debug_assert_matches")
}

fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}
