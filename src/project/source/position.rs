//! Statements around and values of blocks.

use syn::{Block, Expr, Local, Stmt};

use crate::edit::rust::binds;

/// The last `let` before a position that binds `name`, in its block or one around it, and the
/// position of that `let`.
pub(super) fn last_let<'p>(
    name: &str,
    position: &[(&'p Block, usize)],
) -> Option<(&'p Local, Vec<(&'p Block, usize)>)> {
    position.iter().enumerate().find_map(|(depth, (block, index))| {
        let (at, local) =
            block.stmts[..*index].iter().enumerate().rev().find_map(|(at, statement)| {
                match statement {
                    Stmt::Local(local) if binds(&local.pat, name) => Some((at, local)),
                    _ => None,
                }
            })?;
        let before = std::iter::once((*block, at)).chain(position[depth + 1..].iter().copied());
        Some((local, before.collect()))
    })
}

/// The expression that a block of nothing else evaluates to.
pub(super) fn tail(block: &Block) -> Option<&Expr> {
    match block.stmts.as_slice() {
        [Stmt::Expr(expr, None)] => Some(expr),
        _ => None,
    }
}

/// `expr`, or what it evaluates to when it is a block of one expression.
pub(super) fn unblocked(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Block(block) => tail(&block.block),
        expr => Some(expr),
    }
}
