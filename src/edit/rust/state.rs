//! Where the state of a router is made.

use syn::visit::{self, Visit};
use syn::{Block, Expr, Ident, Stmt};

use super::patterns::let_name;
use super::scope::Frame;
use super::standing::blocks_around;

/// The first of the `let`s right before the router's that make what it is made of, in the block of
/// the statement with these frames and behind the binding `settings`. None of these waits or may
/// fail: such a value is what the owner's own state needs, and may be needed first. A `router`
/// without a name is made in the statement itself.
pub(super) fn state<'ast>(
    frames: &[Frame<'ast>],
    router: Option<&str>,
    settings: Option<&str>,
) -> Option<(&'ast Block, usize)> {
    let (block, index) = *blocks_around(frames).first()?;
    let before = &block.stmts[..index];
    let is_settings =
        |statement: &Stmt| let_name(statement).zip(settings).is_some_and(|(name, own)| name == own);
    let floor = before.iter().rposition(is_settings).map_or(0, |at| at + 1);
    let makes_router =
        |statement: &&Stmt| let_name(statement).zip(router).is_some_and(|(name, own)| name == own);
    let (made_of, made_at) = match router {
        Some(_) => (
            Made::of(before.iter().filter(makes_router)),
            before.iter().position(|statement| makes_router(&statement))?,
        ),
        None => (Made::of([&block.stmts[index]]), index),
    };
    let lets = (floor..made_at).rev().take_while(|at| matches!(before[*at], Stmt::Local(_)));
    let is_part = |at: &usize| {
        let name = let_name(&before[*at]);
        name.is_some_and(|name| made_of.names.contains(&name)) && !Made::of([&before[*at]]).waits
    };
    lets.filter(is_part).last().map(|at| (block, at))
}

/// What some statements name, and whether they wait or may fail.
#[derive(Default)]
struct Made<'ast> {
    names: Vec<&'ast Ident>,
    waits: bool,
}

impl<'ast> Made<'ast> {
    fn of(statements: impl IntoIterator<Item = &'ast Stmt>) -> Self {
        let mut found = Self::default();
        for statement in statements {
            found.visit_stmt(statement);
        }
        found
    }
}

impl<'ast> Visit<'ast> for Made<'ast> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        self.waits |= matches!(expression, Expr::Await(_) | Expr::Try(_));
        if let Expr::Path(path) = expression {
            self.names.extend(path.path.get_ident());
        }
        visit::visit_expr(self, expression);
    }
}
