//! Whether a binding still holds all of its value further down in its function.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use super::binding::SettingsBinding;
use super::package::Package;
use super::serve::ServeSite;
use crate::edit::rust::{Syntax, is_ident, is_punct};

/// The methods that every type has by reference only.
const BORROWING: [&str; 3] = ["clone", "as_ref", "to_owned"];

impl Package {
    /// True when nothing between `binding` and the serve statement can have moved the settings:
    /// they are only borrowed, cloned, or asked for single fields, and no closure or async block
    /// would capture them.
    pub fn is_intact(&self, binding: &SettingsBinding, site: &ServeSite) -> bool {
        let Some(Ok(syntax)) = self.syntax(&site.place.file) else { return false };
        let between = binding.place.range.end..site.place.range.start;
        let mut moves =
            Moves { syntax, name: &binding.name, between, is_captured: false, found: false };
        moves.visit_file(&syntax.file);
        !moves.found
    }
}

/// Looks for what may move the binding.
struct Moves<'s> {
    syntax: &'s Syntax,
    name: &'s str,
    /// The bytes between the binding and the server.
    between: Range<usize>,
    /// True inside a closure or an async block that starts between them.
    is_captured: bool,
    found: bool,
}

impl Moves<'_> {
    fn is_name(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Path(path) if path.path.is_ident(self.name))
    }

    /// True for the binding itself, and for a field of it at whatever depth.
    fn is_place(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Field(field) => self.is_place(&field.base),
            Expr::Paren(inner) => self.is_place(&inner.expr),
            expression => self.is_name(expression),
        }
    }

    /// True for an expression that leaves the binding whole, or takes single fields of it.
    fn keeps(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Field(_) => self.is_place(expression),
            Expr::Reference(reference) => {
                reference.mutability.is_none() && self.is_place(&reference.expr)
            }
            Expr::MethodCall(call) => self.only_borrows(call),
            _ => false,
        }
    }

    fn only_borrows(&self, call: &ExprMethodCall) -> bool {
        self.is_name(&call.receiver)
            && call.args.is_empty()
            && BORROWING.iter().any(|name| call.method == name)
    }

    /// A closure or an async block takes what it names with it, and so does one around the server.
    fn capture(&mut self, range: &Range<usize>, walk: impl FnOnce(&mut Self)) {
        let starts_between = self.between.contains(&range.start);
        self.found |= starts_between && range.contains(&self.between.end);
        let outer = self.is_captured;
        self.is_captured |= starts_between;
        walk(self);
        self.is_captured = outer;
    }
}

impl<'ast> Visit<'ast> for Moves<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        let range = self.syntax.range(expression);
        let is_between = self.between.start <= range.start && range.end <= self.between.end;
        match expression {
            Expr::Closure(_) | Expr::Async(_) => {
                self.capture(&range, |moves| visit::visit_expr(moves, expression));
            }
            _ if is_between && !self.is_captured && self.keeps(expression) => {}
            _ if self.is_name(expression) => self.found |= is_between,
            _ => visit::visit_expr(self, expression),
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let range = self.syntax.range(&call.path);
        if self.between.contains(&range.start) {
            self.found |= moves_in(&call.tokens, self.name, self.is_captured);
        }
    }
}

/// True when the arguments of a macro may move the binding `name`, or capture it.
fn moves_in(stream: &TokenStream, name: &str, is_captured: bool) -> bool {
    let tokens: Vec<TokenTree> = stream.clone().into_iter().collect();
    let captures = is_captured
        || tokens.iter().any(|token| ["move", "async"].iter().any(|word| is_ident(token, word)));
    let is_moved = |(at, token): (usize, &TokenTree)| match token {
        TokenTree::Group(group) => moves_in(&group.stream(), name, captures),
        token => is_ident(token, name) && (captures || !is_borrowed(&tokens, at)),
    };
    tokens.iter().enumerate().any(is_moved)
}

/// True for a name behind `&` or `.` or before a `:`, and where single fields or clones are taken.
fn is_borrowed(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let names_a_field = tokens.get(at + 1).is_some_and(|token| is_punct(token, ':'));
    if names_a_field || before.is_some_and(|token| is_punct(token, '&') || is_punct(token, '.')) {
        return true;
    }
    match (tokens.get(at + 1), tokens.get(at + 2), tokens.get(at + 3)) {
        (Some(dot), Some(TokenTree::Ident(method)), Some(TokenTree::Group(_)))
            if is_punct(dot, '.') =>
        {
            BORROWING.iter().any(|name| method == name)
        }
        (Some(dot), Some(TokenTree::Ident(_)), _) => is_punct(dot, '.'),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
