//! What one token is, and the paths among tokens.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;

/// True for the identifier `name`.
pub fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}

/// True for the punctuation `mark`.
pub fn is_punct(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// A path among tokens that are not parsed: the arguments of a macro.
#[derive(Debug, Clone)]
pub struct TokenPath {
    /// Its names, without generics.
    pub segments: Vec<String>,
    /// The place of its last name.
    pub span: Span,
    /// What stands between the parentheses behind it; nothing where it is not called.
    pub arguments: Option<TokenStream>,
}

/// All paths in `stream`, at any depth, single names included. Fields and methods (`a.b`) are none.
pub fn token_paths(stream: &TokenStream) -> Vec<TokenPath> {
    let mut found = Vec::new();
    collect_paths(stream, &mut found);
    found
}

fn collect_paths(stream: &TokenStream, found: &mut Vec<TokenPath>) {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Ident(_) if !is_member(&tokens[..at]) => {
                let (path, len) = path_at(&tokens[at..]);
                found.extend(path);
                at += len;
            }
            TokenTree::Group(group) => {
                collect_paths(&group.stream(), found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// True when a name behind `before` is a field, a method or the name of a new function.
fn is_member(before: &[TokenTree]) -> bool {
    match before {
        [.., first, second] if is_punct(first, '.') && is_punct(second, '.') => false,
        [.., last] => is_punct(last, '.') || is_ident(last, "fn"),
        [] => false,
    }
}

/// The path that `tokens` begin with, and how many of them it takes.
fn path_at(tokens: &[TokenTree]) -> (Option<TokenPath>, usize) {
    let mut path: Option<TokenPath> = None;
    let mut at = 0;
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        let mut segments = path.map_or_else(Vec::new, |path| path.segments);
        segments.push(name.unraw().to_string());
        at += 1;
        at += colons_and_generics(&tokens[at..]);
        let arguments = match tokens.get(at) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                Some(group.stream())
            }
            _ => None,
        };
        path = Some(TokenPath { segments, span: name.span(), arguments });
        if !matches!(&tokens[..at], [.., a, b] if is_punct(a, ':') && is_punct(b, ':')) {
            break;
        }
    }
    (path, at)
}

/// The length of the `::`, the `::<…>` or the `::<…>::` that `tokens` begin with.
fn colons_and_generics(tokens: &[TokenTree]) -> usize {
    let is_colons = |at: usize| {
        let colon = |at: usize| tokens.get(at).is_some_and(|token| is_punct(token, ':'));
        colon(at) && colon(at + 1)
    };
    if !is_colons(0) {
        return 0;
    }
    if !tokens.get(2).is_some_and(|token| is_punct(token, '<')) {
        return 2;
    }
    let (mut depth, mut at) = (0_usize, 2);
    while let Some(token) = tokens.get(at) {
        let is_arrow = is_punct(&tokens[at - 1], '-');
        depth += usize::from(is_punct(token, '<'));
        depth -= usize::from(is_punct(token, '>') && !is_arrow);
        at += 1;
        if depth == 0 {
            break;
        }
    }
    if is_colons(at) { at + 2 } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(tokens: &str) -> Vec<String> {
        let told = |path: TokenPath| {
            format!(
                "{}{}",
                path.segments.join("::"),
                if path.arguments.is_some() { "()" } else { "" }
            )
        };
        token_paths(&tokens.parse().unwrap()).into_iter().map(told).collect()
    }

    #[test]
    fn paths_are_told_from_members_and_end_where_they_end() {
        for (tokens, expected) in [
            ("axum::serve(l, app)", vec!["axum::serve()", "l", "app"]),
            ("a.serve(b).c", vec!["a", "b"]),
            ("::a::b!(c::d)", vec!["a::b", "c::d"]),
            ("fn serve() { r#a::b }", vec!["fn", "a::b"]),
            ("a::<B, fn() -> C>(d)", vec!["a()", "d"]),
            ("a::<B>::c(d)", vec!["a::c()", "d"]),
            ("A { b: c::d(), ..e }", vec!["A", "b", "c::d()", "e"]),
            ("a b::c", vec!["a", "b::c"]),
            ("a:: 1", vec!["a"]),
            ("a::<", vec!["a"]),
        ] {
            assert_eq!(paths(tokens), expected, "{tokens}");
        }
    }
}
