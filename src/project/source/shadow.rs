//! Whether a name still means what it meant before a statement.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprAssign, ExprReference, PatIdent, Stmt};

/// True when `statement`, the blocks in it aside, binds `name` for what is inside of it; what a
/// `let` binds is there only after it.
pub(super) fn binds_again(statement: &Stmt, name: &str) -> bool {
    let mut search = Patterns { name, found: false };
    match statement {
        Stmt::Local(local) => {
            local.init.iter().for_each(|init| search.visit_expr(&init.expr));
        }
        statement => search.visit_stmt(statement),
    }
    search.found
}

struct Patterns<'n> {
    name: &'n str,
    found: bool,
}

impl<'ast> Visit<'ast> for Patterns<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.found |= pattern.ident == self.name;
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_block(&mut self, _block: &'ast Block) {}
}

/// True when one of `statements` gives `name` another value, or lends it to be changed.
pub(super) fn changes(statements: &[Stmt], name: &str) -> bool {
    let mut search = Changes { name, found: false };
    statements.iter().for_each(|statement| search.visit_stmt(statement));
    search.found
}

struct Changes<'n> {
    name: &'n str,
    found: bool,
}

impl Changes<'_> {
    fn is_name(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Path(path) if path.path.is_ident(self.name))
    }
}

impl<'ast> Visit<'ast> for Changes<'_> {
    fn visit_expr_assign(&mut self, assign: &'ast ExprAssign) {
        self.found |= self.is_name(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_reference(&mut self, reference: &'ast ExprReference) {
        self.found |= reference.mutability.is_some() && self.is_name(&reference.expr);
        visit::visit_expr_reference(self, reference);
    }
}
