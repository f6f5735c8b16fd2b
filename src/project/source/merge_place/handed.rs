//! The router that a server is handed, where every step from the one to the other is certain.

use syn::{Block, Expr, ExprMethodCall, Local};

use super::{Search, base};
use crate::edit::rust::bound_names;
use crate::project::source::position::{is_plain, last_let};
use crate::project::source::target::Shape;
use crate::project::source::typing::Unknown;

/// Methods and functions that make a service of the router as it is.
const MAKES_SERVICE: &str = "into_make_service";
/// Functions that wrap a service and answer nothing themselves.
const WRAPS: [&str; 2] = ["trim_trailing_slash", "append_trailing_slash"];

/// Why a name says nothing of what is served.
const BOUND_AGAIN: &str = "its name is bound again on the way to it";

/// A router on its way to a server.
pub(in crate::project::source) struct Handed<'p> {
    pub(in crate::project::source) router: Router<'p>,
    /// The blocks around the place where it is taken, innermost first.
    pub(in crate::project::source) position: Vec<(&'p Block, usize)>,
    /// True when a clone of a binding is taken.
    pub(in crate::project::source) cloned: bool,
}

/// What is handed on.
pub(in crate::project::source) enum Router<'p> {
    /// A binding, by what binds it: a `let`, or nothing for a parameter.
    Binding(String, Option<&'p Local>),
    /// The text of an expression that makes it.
    Expression(String),
}

impl Handed<'_> {
    /// The binding that this one is made of by nothing but clones.
    pub(in crate::project::source) fn origin(mut self) -> Self {
        while let Some(earlier) = self.earlier() {
            self = earlier;
        }
        self
    }

    fn earlier(&self) -> Option<Self> {
        let Router::Binding(name, Some(_)) = &self.router else { return None };
        let (local, position) = last_let(name, &self.position)?;
        let (value, cloned) = match &*local.init.as_ref()?.expr {
            Expr::MethodCall(call) if call.method == "clone" => (&*call.receiver, true),
            value => (value, self.cloned),
        };
        let Expr::Path(path) = value else { return None };
        let name = path.path.get_ident()?.to_string();
        let local = last_let(&name, &position).map(|(local, _)| local);
        let is_plain = is_plain(&name, &position);
        is_plain.then_some(Self { router: Router::Binding(name, local), position, cloned })
    }
}

impl<'p> Search<'p, '_> {
    /// The router that `expression` at `position` hands on.
    ///
    /// # Errors
    /// Where the trail ends, and why.
    pub(in crate::project::source) fn handed(
        &self,
        expression: &'p Expr,
        position: &[(&'p Block, usize)],
    ) -> Result<Handed<'p>, Unknown> {
        let unknown = match self.typing.expr(expression, position) {
            Ok(Shape::Value) if base(expression).is_none_or(|name| is_plain(&name, position)) => {
                return self.router(expression, position);
            }
            Ok(Shape::Value) => return Err(self.typing.unknown(expression, BOUND_AGAIN)),
            Ok(Shape::Fallible) => {
                self.typing.unknown(expression, "it is a `Result` or an `Option`")
            }
            Err(unknown) => unknown,
        };
        match expression {
            Expr::Paren(inner) => self.handed(&inner.expr, position),
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
                if !is_plain(&name, position) {
                    return Err(self.typing.unknown(expression, BOUND_AGAIN));
                }
                match last_let(&name, position) {
                    Some((local, before)) if bound_names(&local.pat) == [name] => {
                        let init = local.init.as_ref().ok_or(unknown)?;
                        self.handed(&init.expr, &before)
                    }
                    _ => Err(unknown),
                }
            }
            Expr::MethodCall(call) => match wrapped(call) {
                Some(inner) => self.handed(inner, position),
                None => Err(unknown),
            },
            Expr::Call(call) => {
                let Expr::Path(function) = &*call.func else { return Err(unknown) };
                let last = function.path.segments.last().map(|last| last.ident.to_string());
                let is_wrap = last.is_some_and(|last| {
                    last.starts_with(MAKES_SERVICE) || WRAPS.contains(&last.as_str())
                });
                match call.args.first().filter(|_| is_wrap && call.args.len() == 1) {
                    Some(inner) => self.handed(inner, position),
                    None => Err(unknown),
                }
            }
            _ => Err(unknown),
        }
    }

    fn router(
        &self,
        expression: &'p Expr,
        position: &[(&'p Block, usize)],
    ) -> Result<Handed<'p>, Unknown> {
        let position = position.to_vec();
        if let Some(name) = base(expression).filter(|name| self.is_router(name, &position)) {
            let local = last_let(&name, &position).map(|(local, _)| local);
            let cloned = takes_clone(expression);
            return Ok(Handed { router: Router::Binding(name, local), position, cloned });
        }
        let range = self.typing.syntax.range(expression);
        let text = self.typing.package.text(self.typing.file).and_then(|text| text.get(range));
        match text {
            Some(text) if takes_methods(expression) => {
                Ok(Handed { router: Router::Expression(text.to_owned()), position, cloned: false })
            }
            _ => Err(self
                .typing
                .unknown(expression, "no method can be called on it where it stands")),
        }
    }
}

/// The service that a method makes another of: its receiver, or what a layer is put around.
fn wrapped(call: &ExprMethodCall) -> Option<&Expr> {
    let name = call.method.to_string();
    match name.as_str() {
        "layer" | "service" if call.args.len() == 1 => call.args.first(),
        name if name.starts_with(MAKES_SERVICE) => Some(&call.receiver),
        _ => None,
    }
}

/// True for `app.clone()`, with other methods called on it or not.
fn takes_clone(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => {
            call.method == "clone" && matches!(&*call.receiver, Expr::Path(_))
                || takes_clone(&call.receiver)
        }
        _ => false,
    }
}

/// True for an expression behind which a method can be called without brackets around it.
fn takes_methods(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Await(_)
            | Expr::Call(_)
            | Expr::Field(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Try(_)
    )
}
