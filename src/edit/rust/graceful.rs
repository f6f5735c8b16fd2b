//! The signal at which the server ends by itself.

use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use super::patterns::let_name;
use super::serve::PlainCall;

/// The method of the server that takes the signal.
pub const GRACEFUL: &str = "with_graceful_shutdown";

impl<'ast> PlainCall<'ast> {
    /// What is given to `with_graceful_shutdown` of the server that the call makes, where it stands
    /// or on the variable that a `let` makes of it.
    pub fn signal(&self) -> Option<&'ast Expr> {
        let (_, body) = self.function()?;
        let (block, index) = self.statement()?;
        let server = let_name(&block.stmts[index]).map(ToString::to_string);
        let mut search = SignalSearch { call: self, server, found: Vec::new() };
        search.visit_block(body);
        if let [signal] = search.found[..] { Some(signal) } else { None }
    }
}

struct SignalSearch<'c, 'ast> {
    call: &'c PlainCall<'ast>,
    server: Option<String>,
    found: Vec<&'ast Expr>,
}

impl SignalSearch<'_, '_> {
    /// True when `expression` is the server, with other methods called on it or not.
    fn is_server(&self, expression: &Expr) -> bool {
        match expression {
            Expr::MethodCall(method) => self.is_server(&method.receiver),
            Expr::Call(call) => std::ptr::eq(call, self.call.call),
            Expr::Path(path) => {
                self.server.as_ref().is_some_and(|server| path.path.is_ident(server))
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for SignalSearch<'_, 'ast> {
    fn visit_expr_method_call(&mut self, method: &'ast ExprMethodCall) {
        if method.method == GRACEFUL && self.is_server(&method.receiver) {
            self.found.extend(method.args.first());
        }
        visit::visit_expr_method_call(self, method);
    }
}
