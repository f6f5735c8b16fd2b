//! Where serving ends: the statement that waits for `axum::serve`, and whether others can follow it.

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprAsync, ExprAwait, ExprCall, ExprClosure, ReturnType, Stmt};

use super::patterns::let_name;
use super::serve::PlainCall;

/// Whether statements can follow the one that waits for the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// They can, as they are.
    Directly,
    /// They can once the statement, a block's last expression of type `()`, has its semicolon.
    AfterSemicolon,
    /// They cannot: the value is the block's own, or the server runs elsewhere.
    No,
}

impl<'ast> PlainCall<'ast> {
    /// Whether statements can be inserted behind the one that waits for the server.
    pub fn follow(&self) -> Follow {
        self.end().map_or(Follow::No, |(_, follow)| follow)
    }

    /// The statement that waits for the server, when others can follow it: the one that holds the call, or a later one
    /// of its block that awaits what a `let` made of the call.
    pub fn end(&self) -> Option<(&'ast Stmt, Follow)> {
        let (block, index) = self.statement()?;
        let holder = &block.stmts[index];
        let end = if awaits(holder, |base| contains(base, self.call)) {
            index
        } else {
            let server = let_name(holder).filter(|_| self.is_bound_by(holder))?;
            let waits = |statement: &Stmt| {
                awaits(statement, |base| matches!(base, Expr::Path(path) if path.path.is_ident(server)))
            };
            index + 1 + block.stmts[index + 1..].iter().position(waits)?
        };
        match self.follow_of(block, end) {
            Follow::No => None,
            follow => Some((&block.stmts[end], follow)),
        }
    }

    /// True for `let name = axum::serve(…);`, with methods or without.
    fn is_bound_by(&self, holder: &Stmt) -> bool {
        let Stmt::Local(local) = holder else { return false };
        let mut value = local.init.as_ref().map(|init| &*init.expr);
        while let Some(Expr::MethodCall(method)) = value {
            value = Some(&method.receiver);
        }
        matches!(value, Some(Expr::Call(call)) if std::ptr::eq(call, self.call))
    }

    fn follow_of(&self, block: &Block, index: usize) -> Follow {
        match &block.stmts[index] {
            Stmt::Expr(Expr::Return(_) | Expr::Break(_), _) => Follow::No,
            Stmt::Expr(tail, None) if index + 1 == block.stmts.len() => {
                let ends_unit_function = self.function().is_some_and(|(signature, body)| {
                    std::ptr::eq(block, body) && matches!(signature.output, ReturnType::Default)
                });
                follow_tail(tail, ends_unit_function)
            }
            _ => Follow::Directly,
        }
    }
}

/// `axum::serve` gives `io::Result<()>`: taken out of it, the tail's value is `()`.
fn follow_tail(tail: &Expr, ends_unit_function: bool) -> Follow {
    match tail {
        Expr::Try(_) => Follow::AfterSemicolon,
        Expr::MethodCall(call) if call.method == "unwrap" || call.method == "expect" => Follow::AfterSemicolon,
        Expr::If(branch) if branch.else_branch.is_none() => Follow::Directly,
        Expr::If(_) | Expr::Match(_) | Expr::Block(_) if ends_unit_function => Follow::Directly,
        _ => Follow::No,
    }
}

/// True when `statement` itself, not a closure or an async block in it, awaits an expression that `is_server` picks.
fn awaits(statement: &Stmt, is_server: impl Fn(&Expr) -> bool) -> bool {
    let mut search = AwaitSearch { is_server, found: false };
    search.visit_stmt(statement);
    search.found
}

struct AwaitSearch<F> {
    is_server: F,
    found: bool,
}

impl<'ast, F: Fn(&Expr) -> bool> Visit<'ast> for AwaitSearch<F> {
    fn visit_expr_await(&mut self, expression: &'ast ExprAwait) {
        self.found |= (self.is_server)(&expression.base);
        visit::visit_expr_await(self, expression);
    }

    fn visit_expr_async(&mut self, _: &'ast ExprAsync) {}

    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}
}

/// True when `call` is a part of `expression`.
fn contains(expression: &Expr, call: &ExprCall) -> bool {
    let mut search = CallSearch { call, found: false };
    search.visit_expr(expression);
    search.found
}

struct CallSearch<'c> {
    call: &'c ExprCall,
    found: bool,
}

impl<'ast> Visit<'ast> for CallSearch<'_> {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        self.found |= std::ptr::eq(call, self.call);
        visit::visit_expr_call(self, call);
    }
}
