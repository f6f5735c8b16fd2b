//! What a server is given by methods on it: the signal at which it ends, the service.

use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use super::patterns::let_name;
use super::scope::Frame;
use super::serve::PlainCall;
use super::standing::{blocks_around, function_around};

/// The method of the server that takes the signal.
pub const GRACEFUL: &str = "with_graceful_shutdown";

/// The method of the handle that ends a server of axum_server.
pub const BY_HANDLE: &str = "graceful_shutdown";

impl<'ast> PlainCall<'ast> {
    /// What is given to `with_graceful_shutdown` of the server that the call makes, where it stands
    /// or on the variable that a `let` makes of it.
    pub fn signal(&self) -> Option<&'ast Expr> {
        let is_start = |expression: &Expr| matches!(expression, Expr::Call(call) if std::ptr::eq(call, self.call));
        given(&self.frames, GRACEFUL, &is_start)
    }
}

/// The first argument of the one call of `method` on the server that begins with an expression with
/// these frames, which `is_start` knows: where it stands, or on the variable that a `let` makes of
/// it.
pub fn given<'ast>(
    frames: &[Frame<'ast>],
    method: &str,
    is_start: &dyn Fn(&Expr) -> bool,
) -> Option<&'ast Expr> {
    let (_, body) = function_around(frames)?;
    let (block, index) = *blocks_around(frames).first()?;
    let server = let_name(&block.stmts[index]).map(ToString::to_string);
    let mut search = Search { is_start, method, server, found: Vec::new() };
    search.visit_block(body);
    if let [given] = search.found[..] { Some(given) } else { None }
}

struct Search<'c, 'ast> {
    is_start: &'c dyn Fn(&Expr) -> bool,
    method: &'c str,
    server: Option<String>,
    found: Vec<&'ast Expr>,
}

impl Search<'_, '_> {
    /// True when `expression` is the server, with other methods called on it or not.
    fn is_server(&self, expression: &Expr) -> bool {
        match expression {
            _ if (self.is_start)(expression) => true,
            Expr::MethodCall(method) => self.is_server(&method.receiver),
            Expr::Try(inner) => self.is_server(&inner.expr),
            Expr::Path(path) => {
                self.server.as_ref().is_some_and(|server| path.path.is_ident(server))
            }
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_, 'ast> {
    fn visit_expr_method_call(&mut self, method: &'ast ExprMethodCall) {
        if method.method == self.method && self.is_server(&method.receiver) {
            self.found.extend(method.args.first());
        }
        visit::visit_expr_method_call(self, method);
    }
}
