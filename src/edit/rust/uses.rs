//! Who uses a variable that a statement bound.

use std::ops::Range;

use syn::Stmt;

use super::mentions::{Found, visit};
use super::patterns::{binds_anywhere, let_name};
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// The uses of the variable that the removed `statement` bound; none where it bound none, or
/// `source` binds that name elsewhere.
pub fn uses_of_binding(source: &str, statement: &str) -> Vec<Range<usize>> {
    let mut uses = Vec::new();
    let Ok(statement) = syn::parse_str::<Stmt>(statement) else { return uses };
    let (Some(name), Ok(syntax)) = (let_name(&statement), Syntax::parse(source)) else {
        return uses;
    };
    let name = name.to_string();
    if !binds_anywhere(&syntax.file, &name) {
        visit(&syntax, &name, &mut |found, at| uses.extend(is_variable(found).then_some(at)));
    }
    uses
}

fn is_variable(found: &Found<'_>) -> bool {
    let is_member = match found.before() {
        [.., a, b] if is_punct(a, ':') && is_punct(b, ':') => true,
        [.., last] => is_punct(last, '.') || is_ident(last, "mod") || is_ident(last, "fn"),
        [] => false,
    };
    // `hub: x` is a field, and `hub::x` a path.
    !is_member && !found.after().first().is_some_and(|next| is_punct(next, ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_whose_let_is_gone_is_found_where_it_is_used() {
        let uses = |source: &str| uses_of_binding(source, "let hub = ws::Hub::start();").len();
        for source in [
            "fn a() { b(hub.clone()); }",
            "fn a() { S { hub: hub.clone() }; }",
            "fn a() { c!(\"\", hub); }",
        ] {
            assert_eq!(uses(source), 1, "{source}");
        }
        for source in [
            "fn a() { let hub = 1; b(hub); }",
            "fn a(hub: u8) { b(hub); }",
            "fn a() { b.hub; hub::c(); }",
        ] {
            assert_eq!(uses(source), 0, "{source}");
        }
        assert_eq!(uses("fn a() { b(hub); c(hub, d!(hub)); }"), 3);
        assert_eq!(uses_of_binding("fn a() { b(c); }", "c(d);"), []);
    }
}
