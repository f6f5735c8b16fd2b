//! The names that patterns bind.

use syn::parse::Parser as _;
use syn::visit::{self, Visit};
use syn::{Block, Ident, Pat, PatIdent, Stmt};

/// The name that a pattern binds when it is nothing but a name, with or without a type.
pub fn plain_name(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(name) => Some(&name.ident),
        Pat::Type(typed) => plain_name(&typed.pat),
        _ => None,
    }
}

/// The name that a `let` of a plain name binds.
pub fn let_name(statement: &Stmt) -> Option<&Ident> {
    match statement {
        Stmt::Local(local) => plain_name(&local.pat),
        _ => None,
    }
}

/// The plain names that the statements of `code` bind, in order; nothing where it is no statements.
pub fn let_names(code: &str) -> Option<Vec<String>> {
    let statements = Block::parse_within.parse_str(code).ok()?;
    Some(statements.iter().filter_map(let_name).map(Ident::to_string).collect())
}

/// True when `pattern` binds `name`, at whatever depth.
pub fn binds(pattern: &Pat, name: &str) -> bool {
    let mut search = BindingSearch { name, found: false };
    search.visit_pat(pattern);
    search.found
}

/// All names that `pattern` binds.
pub fn bound_names(pattern: &Pat) -> Vec<String> {
    let mut names = Bound(Vec::new());
    names.visit_pat(pattern);
    names.0
}

struct Bound(Vec<String>);

impl<'ast> Visit<'ast> for Bound {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.0.push(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }
}

/// True when some pattern in `file` binds `name`.
pub(super) fn binds_anywhere(file: &syn::File, name: &str) -> bool {
    let mut search = BindingSearch { name, found: false };
    search.visit_file(file);
    search.found
}

struct BindingSearch<'n> {
    name: &'n str,
    found: bool,
}

impl<'ast> Visit<'ast> for BindingSearch<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.found |= pattern.ident == self.name;
        visit::visit_pat_ident(self, pattern);
    }
}
