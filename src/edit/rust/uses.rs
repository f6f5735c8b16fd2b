//! Who uses a module, or a variable that a statement bound.

use std::ops::Range;

use proc_macro2::TokenTree;
use syn::Stmt;

use super::imports::Imports;
use super::mentions::find;
use super::patterns::{binds_anywhere, let_name};
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// The first place in `source` that has a path into the module `name` of the crate that its paths start from with one of
/// `roots`. A path that starts with the module itself counts where `crate` is among these, and nothing else is imported by
/// that name.
pub fn use_of_module(source: &str, name: &str, roots: &[&str]) -> Option<Range<usize>> {
    let syntax = match parsed(source, name)? {
        Ok(syntax) => syntax,
        Err(mention) => return Some(mention),
    };
    let full = Imports::of(&syntax.file).resolve_segments(vec![name.to_owned()]);
    let is_ours = |first: &str| roots.contains(&first);
    let is_bare = roots.contains(&"crate") && (full == [name] || full.first().is_some_and(|first| is_ours(first)));
    find(&syntax, name, &|found| match found.root() {
        Some(root) => is_ours(&root) && !matches!(found.after(), [TokenTree::Group(_), ..]),
        None => is_bare && found.is_followed_by_colons(),
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let is_used = |source: &str| use_of_module(source, "ws", &["crate", "self", "super", "app"]).is_some();
        for source in ["fn a() { ws::b(); }", "use crate::ws::Hub;", "use app::ws::Hub;", "use super::ws::Hub;"] {
            assert!(is_used(source), "{source}");
        }
        for source in ["use crate::ws;", "use crate::{a, ws::Hub};", "use crate::ws; fn a() { ws::b(); }"] {
            assert!(is_used(source), "{source}");
        }
        for source in
            ["mod ws;", "use axum::extract::ws::Message;", "fn ws() {}", "// ws::b()", "fn a() { super::ws(); }"]
        {
            assert!(!is_used(source), "{source}");
        }
        let axum_s = "use axum::{extract::{ws::{Message, WebSocket}, State}, Router};";
        for source in [axum_s, "use axum::extract::ws; fn a() -> ws::Message {}"] {
            assert!(!is_used(source), "{source}");
        }
        let in_another = |source: &str| use_of_module(source, "ws", &["app"]).is_some();
        assert!(in_another("use app::ws::Hub;") && !in_another("use crate::ws::Hub; fn a() { ws::b(); }"));
    }
}
