//! Where the state of a router is made.

use syn::visit::{self, Visit};
use syn::{Block, Expr, Ident, Stmt};

use super::patterns::let_name;
use super::serve::PlainCall;

impl<'ast> PlainCall<'ast> {
    /// The first of the `let`s right before the router's that make what it is made of, in the block
    /// of the call and behind the binding `settings`. None of these waits or may fail: such a value
    /// is what the owner's own state needs, and may be needed first.
    pub(super) fn state(&self, settings: Option<&str>) -> Option<(&'ast Block, usize)> {
        let (block, index) = self.statement()?;
        let service = self.service()?;
        let before = &block.stmts[..index];
        let is_settings = |statement: &Stmt| {
            let_name(statement).zip(settings).is_some_and(|(name, own)| name == own)
        };
        let floor = before.iter().rposition(is_settings).map_or(0, |at| at + 1);
        let makes_router = |statement: &&Stmt| let_name(statement) == Some(service);
        let made_of = Expression::of(before.iter().filter(makes_router));
        let router = before.iter().position(|statement| makes_router(&statement))?;
        let lets = (floor..router).rev().take_while(|at| matches!(before[*at], Stmt::Local(_)));
        let is_part = |at: &usize| {
            let name = let_name(&before[*at]);
            name.is_some_and(|name| made_of.names.contains(&name))
                && !Expression::of([&before[*at]]).waits
        };
        lets.filter(is_part).last().map(|at| (block, at))
    }
}

/// What the values of some `let`s name, and whether they wait or may fail.
#[derive(Default)]
struct Expression<'ast> {
    names: Vec<&'ast Ident>,
    waits: bool,
}

impl<'ast> Expression<'ast> {
    fn of(statements: impl IntoIterator<Item = &'ast Stmt>) -> Self {
        let mut found = Self::default();
        for statement in statements {
            if let Stmt::Local(local) = statement
                && let Some(init) = &local.init
            {
                found.visit_expr(&init.expr);
            }
        }
        found
    }
}

impl<'ast> Visit<'ast> for Expression<'ast> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.waits |= matches!(expression, Expr::Await(_) | Expr::Try(_));
        if let Expr::Path(path) = expression {
            self.names.extend(path.path.get_ident());
        }
        visit::visit_expr(self, expression);
    }
}
