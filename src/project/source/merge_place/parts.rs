//! What a piece of code is made of, as far as the place of a statement depends on it.

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{Expr, Stmt};

use crate::edit::rust::{TokenPath, token_paths};

/// The expressions in a piece of code, outermost first, and the names in the arguments of its
/// macros.
#[derive(Default)]
pub(super) struct Parts<'p> {
    pub(super) expressions: Vec<&'p Expr>,
    pub(super) in_macros: Vec<String>,
}

impl<'p> Parts<'p> {
    pub(super) fn of(expression: &'p Expr) -> Self {
        let mut parts = Self::default();
        parts.visit_expr(expression);
        parts
    }

    pub(super) fn of_statement(statement: &'p Stmt) -> Self {
        let mut parts = Self::default();
        parts.visit_stmt(statement);
        parts
    }

    pub(super) fn of_tokens(tokens: &TokenStream) -> Self {
        let single = |path: TokenPath| {
            if path.segments.len() == 1 { path.segments.into_iter().next() } else { None }
        };
        Self {
            expressions: Vec::new(),
            in_macros: token_paths(tokens).into_iter().filter_map(single).collect(),
        }
    }

    /// The single names, of whatever they are.
    pub(super) fn names(&self) -> Vec<String> {
        let single = self.expressions.iter().filter_map(|expression| match expression {
            Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
            _ => None,
        });
        single.chain(self.in_macros.iter().cloned()).collect()
    }
}

impl<'p> Visit<'p> for Parts<'p> {
    fn visit_expr(&mut self, expression: &'p Expr) {
        self.expressions.push(expression);
        visit::visit_expr(self, expression);
    }

    fn visit_macro(&mut self, call: &'p syn::Macro) {
        self.in_macros.extend(Self::of_tokens(&call.tokens).in_macros);
    }
}
