//! Who uses a crate or a module: paths, found among the tokens so that macros count too.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::Stmt;

use super::patterns::{binds_anywhere, let_name};
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// Words after which a `::` leads.
const LEADERS: [&str; 13] =
    ["use", "as", "dyn", "else", "for", "if", "impl", "in", "match", "move", "mut", "return", "while"];

/// The first place in `source` that names the crate `name`, or, with `item`, a path into it that has this segment. Of a
/// source that does not parse, any mention.
pub fn use_of_crate(source: &str, name: &str, item: Option<&str>) -> Option<Range<usize>> {
    let syntax = match parsed(source, name)? {
        Ok(syntax) => syntax,
        Err(mention) => return Some(mention),
    };
    find(&syntax, name, &|found| {
        let is_named = found.is_followed_by_colons() || ["use", "crate"].iter().any(|word| found.is_after(word));
        found.root().is_none() && is_named && item.is_none_or(|item| path_has(found.after(), item))
    })
}

/// The first use of the variable that the removed `statement` bound; nothing where it bound none, or `source` binds that name
/// elsewhere.
pub fn use_of_binding(source: &str, statement: &str) -> Option<Range<usize>> {
    let statement = syn::parse_str::<Stmt>(statement).ok()?;
    let name = let_name(&statement)?.to_string();
    let syntax = Syntax::parse(source).ok()?;
    if binds_anywhere(&syntax.file, &name) {
        return None;
    }
    find(&syntax, &name, &|found| {
        let is_member = match found.before() {
            [.., a, b] if is_punct(a, ':') && is_punct(b, ':') => true,
            [.., last] => is_punct(last, '.') || is_ident(last, "mod") || is_ident(last, "fn"),
            [] => false,
        };
        // `hub: x` is a field, and `hub::x` a path.
        !is_member && !found.after().first().is_some_and(|next| is_punct(next, ':'))
    })
}

/// The syntax of `source`, or the first mention of `name` where it does not parse; nothing when there is none.
fn parsed(source: &str, name: &str) -> Option<Result<Syntax, Range<usize>>> {
    let at = source.find(name)?;
    Some(Syntax::parse(source).map_err(|_| at..at + name.len()))
}

/// A name among the tokens of its group.
struct Found<'t> {
    tokens: &'t [TokenTree],
    at: usize,
    /// The segment before the braces of a `use` that it stands in.
    outer: Option<&'t str>,
}

impl Found<'_> {
    fn before(&self) -> &[TokenTree] {
        &self.tokens[..self.at]
    }

    fn after(&self) -> &[TokenTree] {
        &self.tokens[self.at + 1..]
    }

    fn is_after(&self, word: &str) -> bool {
        self.before().last().is_some_and(|token| is_ident(token, word))
    }

    fn is_followed_by_colons(&self) -> bool {
        matches!(self.after(), [a, b, ..] if is_punct(a, ':') && is_punct(b, ':'))
    }

    /// The segment of the path before the name; nothing where it starts one.
    fn root(&self) -> Option<String> {
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
        [.., TokenTree::Ident(segment)] if !LEADERS.iter().any(|word| segment == word) => Some(segment.to_string()),
        [.., TokenTree::Punct(arrow), TokenTree::Punct(end)] if end.as_char() == '>' => {
            (!['-', '='].contains(&arrow.as_char())).then(|| ">".to_owned())
        }
        [.., TokenTree::Punct(end)] if end.as_char() == '>' => Some(">".to_owned()),
        _ => None,
    }
}

fn find(syntax: &Syntax, name: &str, fits: &dyn Fn(&Found<'_>) -> bool) -> Option<Range<usize>> {
    find_in(syntax, &syntax.tokens, None, name, fits)
}

fn find_in(
    syntax: &Syntax,
    tokens: &TokenStream,
    outer: Option<&str>,
    name: &str,
    fits: &dyn Fn(&Found<'_>) -> bool,
) -> Option<Range<usize>> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().find_map(|(at, token)| match token {
        TokenTree::Group(group) => {
            find_in(syntax, &group.stream(), segment_before(&tokens[..at]).as_deref(), name, fits)
        }
        token => {
            let found = Found { tokens: &tokens, at, outer };
            (is_ident(token, name) && fits(&found)).then(|| syntax.span(token.span()))
        }
    })
}

/// True when the path that `tokens` go on with, or the group it ends in, has the segment `item`.
fn path_has(tokens: &[TokenTree], item: &str) -> bool {
    match tokens {
        [a, b, TokenTree::Group(group), ..] if is_punct(a, ':') && is_punct(b, ':') => has(&group.stream(), item),
        [a, b, segment, rest @ ..] if is_punct(a, ':') && is_punct(b, ':') => {
            is_ident(segment, item) || path_has(rest, item)
        }
        _ => false,
    }
}

fn has(tokens: &TokenStream, item: &str) -> bool {
    tokens.clone().into_iter().any(|token| match &token {
        TokenTree::Group(group) => has(&group.stream(), item),
        token => is_ident(token, item),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_into_a_crate_is_a_use_of_it() {
        let is_used = |source: &str, item| use_of_crate(source, "axum", item).is_some();
        assert!(is_used("use axum::Router;", None));
        assert!(is_used("fn a() { vec![axum::a()]; }", None));
        assert!(!is_used("/// axum\nfn a() { \"axum\"; } // axum", None));
        for source in ["use axum::extract::ws::Message;", "use axum::{a, extract::{ws::X}};", "fn a() -> axum::ws {}"] {
            assert!(is_used(source, Some("ws")), "{source}");
        }
        assert!(!is_used("use axum::Router; fn a() { ws::a(); }", Some("ws")));
        for source in ["use axum;", "extern crate axum;", "fn a() -> ::axum::B {}", "use {b::c, axum::D};"] {
            assert!(is_used(source, None), "{source}");
        }
        for source in ["use b::axum::C;", "use b::{axum::C};", "use b::{c, axum::C};", "struct A { axum: B }"] {
            assert!(!is_used(source, None), "{source}");
        }
    }

    #[test]
    fn a_variable_whose_let_is_gone_is_found_where_it_is_used() {
        let is_used = |source: &str| use_of_binding(source, "let hub = ws::Hub::start();").is_some();
        for source in ["fn a() { b(hub.clone()); }", "fn a() { S { hub: hub.clone() }; }", "fn a() { c!(\"\", hub); }"]
        {
            assert!(is_used(source), "{source}");
        }
        for source in ["fn a() { let hub = 1; b(hub); }", "fn a(hub: u8) { b(hub); }", "fn a() { b.hub; hub::c(); }"] {
            assert!(!is_used(source), "{source}");
        }
        assert!(use_of_binding("fn a() { b(c); }", "c(d);").is_none());
    }
}
