//! Whether a name still means what it meant before a statement.

use syn::visit::{self, Visit};
use syn::{Expr, ExprAssign, ExprReference, PatIdent, Stmt};

/// True when a pattern inside of `statement` binds `name`; one that the statement itself binds is
/// there only after it.
pub(super) fn binds_again(statement: &Stmt, name: &str) -> bool {
    let mut search = Search { name, binds: false, changes: false };
    search.visit_around(statement);
    search.binds
}

/// True when one of `statements` gives `name` another value, or lends it to be changed.
pub(super) fn changes(statements: &[Stmt], name: &str) -> bool {
    let mut search = Search { name, binds: false, changes: false };
    statements.iter().for_each(|statement| search.visit_stmt(statement));
    search.changes
}

struct Search<'n> {
    name: &'n str,
    binds: bool,
    changes: bool,
}

impl Search<'_> {
    fn visit_around(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => {
                if let Some(init) = &local.init {
                    self.visit_expr(&init.expr);
                }
            }
            statement => self.visit_stmt(statement),
        }
    }

    fn is_name(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Path(path) if path.path.is_ident(self.name))
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.binds |= pattern.ident == self.name;
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr_assign(&mut self, assign: &'ast ExprAssign) {
        self.changes |= self.is_name(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_reference(&mut self, reference: &'ast ExprReference) {
        self.changes |= reference.mutability.is_some() && self.is_name(&reference.expr);
        visit::visit_expr_reference(self, reference);
    }
}
