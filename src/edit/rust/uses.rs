//! Who uses a crate or a module: paths, found among the tokens so that macros count too.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{PatIdent, Stmt};

use super::patterns::let_name;
use super::syntax::Syntax;

/// The first place in `source` that names the crate `name`, or, with `item`, a path into it that has this segment. Of a
/// source that does not parse, any mention.
pub fn use_of_crate(source: &str, name: &str, item: Option<&str>) -> Option<Range<usize>> {
    find(source, name, &|tokens, at| {
        let rest = &tokens[at + 1..];
        item.is_none_or(|item| path_has(rest, item))
    })
}

/// The first place in `source` that has a path into the module `name` of this crate, or of the crate `library`.
pub fn use_of_module(source: &str, name: &str, library: &str) -> Option<Range<usize>> {
    let is_root = |token: &TokenTree| ["crate", "self", "super", library].iter().any(|root| is(token, root));
    find(source, name, &|tokens, at| {
        let follows = tokens.get(at + 1).is_some_and(is_colon);
        let is_first = !tokens[..at].last().is_some_and(is_colon);
        follows && (is_first || at.checked_sub(3).and_then(|root| tokens.get(root)).is_some_and(is_root))
    })
}

/// The first use of the variable that the removed `statement` bound; nothing where it bound none, or `source` binds that name
/// elsewhere.
pub fn use_of_binding(source: &str, statement: &str) -> Option<Range<usize>> {
    let statement = syn::parse_str::<Stmt>(statement).ok()?;
    let name = let_name(&statement)?.to_string();
    let syntax = Syntax::parse(source).ok()?;
    let mut search = Binding { name: &name, is_bound: false };
    search.visit_file(&syntax.file);
    if search.is_bound {
        return None;
    }
    find(source, &name, &|tokens, at| {
        let (before, after) = (&tokens[..at], &tokens[at + 1..]);
        let is_member = match before {
            [.., a, b] if is_colon(a) && is_colon(b) => true,
            [.., last] => is_dot(last) || is(last, "mod") || is(last, "fn"),
            [] => false,
        };
        // `hub: x` is a field, and `hub::x` a path.
        !is_member && !after.first().is_some_and(is_colon)
    })
}

/// Whether some pattern binds a name.
struct Binding<'n> {
    name: &'n str,
    is_bound: bool,
}

impl<'ast> Visit<'ast> for Binding<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.is_bound |= pattern.ident == self.name;
        visit::visit_pat_ident(self, pattern);
    }
}

fn find(source: &str, name: &str, fits: &dyn Fn(&[TokenTree], usize) -> bool) -> Option<Range<usize>> {
    if !source.contains(name) {
        return None;
    }
    let Ok(syntax) = Syntax::parse(source) else { return source.find(name).map(|at| at..at + name.len()) };
    find_in(&syntax, &syntax.tokens, name, fits)
}

fn find_in(
    syntax: &Syntax,
    tokens: &TokenStream,
    name: &str,
    fits: &dyn Fn(&[TokenTree], usize) -> bool,
) -> Option<Range<usize>> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().find_map(|(at, token)| match token {
        TokenTree::Group(group) => find_in(syntax, &group.stream(), name, fits),
        token => (is(token, name) && fits(&tokens, at)).then(|| syntax.span(token.span())),
    })
}

/// True when the path that `tokens` go on with, or the group it ends in, has the segment `item`.
fn path_has(tokens: &[TokenTree], item: &str) -> bool {
    match tokens {
        [a, b, TokenTree::Group(group), ..] if is_colon(a) && is_colon(b) => has(&group.stream(), item),
        [a, b, segment, rest @ ..] if is_colon(a) && is_colon(b) => is(segment, item) || path_has(rest, item),
        _ => false,
    }
}

fn has(tokens: &TokenStream, item: &str) -> bool {
    tokens.clone().into_iter().any(|token| match &token {
        TokenTree::Group(group) => has(&group.stream(), item),
        token => is(token, item),
    })
}

fn is(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

fn is_dot(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '.')
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
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

    #[test]
    fn a_path_into_a_module_is_a_use_of_it() {
        let is_used = |source: &str| use_of_module(source, "ws", "app").is_some();
        for source in ["fn a() { ws::b(); }", "use crate::ws::Hub;", "use app::ws::Hub;", "use super::ws::Hub;"] {
            assert!(is_used(source), "{source}");
        }
        for source in ["mod ws;", "use axum::extract::ws::Message;", "fn ws() {}", "// ws::b()"] {
            assert!(!is_used(source), "{source}");
        }
    }
}
