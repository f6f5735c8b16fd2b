//! Statements around and values of blocks.

use std::ptr;

use syn::{Block, Expr, Local, Stmt};

use super::shadow::binds_again;
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

/// Which of the blocks of a position binds `name` by the `let` that counts there.
pub(super) fn home(name: &str, position: &[(&Block, usize)]) -> Option<usize> {
    let (_, before) = last_let(name, position)?;
    let (home, _) = before.first()?;
    position.iter().position(|(block, _)| ptr::eq(*block, *home))
}

/// True unless some pattern between what binds `name` and the innermost place of `position` may
/// bind it again.
pub(super) fn is_plain(name: &str, position: &[(&Block, usize)]) -> bool {
    let last = home(name, position).or(position.len().checked_sub(1)).unwrap_or_default();
    position.iter().take(last + 1).all(|(block, index)| {
        block.stmts.get(*index).is_some_and(|statement| !binds_again(statement, name))
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
