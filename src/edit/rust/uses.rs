//! Who uses a variable that a statement bound.

use std::ops::Range;

use syn::Stmt;

use super::mentions::find;
use super::patterns::{binds_anywhere, let_name};
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// The first use of the variable that the removed `statement` bound; nothing where it bound none,
/// or `source` binds that name elsewhere.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_whose_let_is_gone_is_found_where_it_is_used() {
        let is_used =
            |source: &str| use_of_binding(source, "let hub = ws::Hub::start();").is_some();
        for source in [
            "fn a() { b(hub.clone()); }",
            "fn a() { S { hub: hub.clone() }; }",
            "fn a() { c!(\"\", hub); }",
        ] {
            assert!(is_used(source), "{source}");
        }
        for source in [
            "fn a() { let hub = 1; b(hub); }",
            "fn a(hub: u8) { b(hub); }",
            "fn a() { b.hub; hub::c(); }",
        ] {
            assert!(!is_used(source), "{source}");
        }
        assert!(use_of_binding("fn a() { b(c); }", "c(d);").is_none());
    }
}
