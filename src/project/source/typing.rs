//! Whether an expression is certain to be of a wanted type: a router, or the settings.
//!
//! Only what the package's own text shows counts: annotations, declared return types and well-known
//! methods. Anything else is unknown, with the place where the trail ends.

mod paths;

use std::ops::Range;

use syn::spanned::Spanned;
use syn::{
    Block, Expr, ExprCall, ExprMatch, ExprMethodCall, FnArg, Local, Pat, PatType, ReturnType,
    Signature, Type,
};

use self::paths::{ROUTER_METHODS, binds_plainly, generics, is_pointer};
use super::functions::{self, Function};
use super::package::Package;
use super::position::{last_let, tail, unblocked};
use super::target::{Shape, Site, Target};
use crate::edit::rust::{Names, Syntax, binds, segments};

/// Where the trail ends and why.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) at: Range<usize>,
    pub(super) reason: String,
}

/// The question, asked inside one function of one file.
#[derive(Clone, Copy)]
pub(super) struct Typing<'p> {
    pub(super) package: &'p Package,
    pub(super) file: &'p str,
    pub(super) syntax: &'p Syntax,
    pub(super) names: &'p Names<'p>,
    pub(super) signature: &'p Signature,
    pub(super) target: Target<'p>,
}

impl<'p> Typing<'p> {
    fn site(&self) -> Site<'_> {
        Site { package: self.package, file: self.file, names: self.names, owner: None }
    }

    /// The shape of the binding `name` as seen from `position`.
    pub(super) fn binding(
        &self,
        name: &str,
        position: &[(&'p Block, usize)],
    ) -> Result<Shape, Unknown> {
        if let Some((local, before)) = last_let(name, position) {
            return self.local(local, name, &before);
        }
        let parameter = self.signature.inputs.iter().find_map(|argument| match argument {
            FnArg::Typed(typed) if binds(&typed.pat, name) => Some(typed),
            _ => None,
        });
        match parameter {
            Some(typed) => self
                .target
                .shape_of(&typed.ty, &self.site())
                .ok_or_else(|| self.unknown(typed, "the parameter is of another type")),
            None => Err(self
                .unknown(&self.signature.ident, format!("`{name}` is not bound in this function"))),
        }
    }

    /// The shape that a `let` gives to `name`.
    pub(super) fn local(
        &self,
        local: &'p Local,
        name: &str,
        before: &[(&'p Block, usize)],
    ) -> Result<Shape, Unknown> {
        let unknown = |reason: &str| Err(self.unknown(local, reason));
        if let Pat::Type(typed) = &local.pat {
            let declared = self.declared(typed, name);
            return declared.ok_or_else(|| self.unknown(local, "it is declared as another type"));
        }
        let Some(init) = &local.init else { return unknown("it is bound without a value") };
        match &local.pat {
            Pat::Ident(_) => self.expr(&init.expr, before),
            Pat::Tuple(tuple) if tuple.elems.first().is_some_and(|first| binds(first, name)) => {
                match &*init.expr {
                    Expr::MethodCall(call) if self.splits_router(call) => Ok(Shape::Value),
                    _ => unknown("it is bound by a pattern"),
                }
            }
            _ => unknown("it is bound by a pattern"),
        }
    }

    /// The shape that a type annotation gives to `name`, alone or as the first of a tuple.
    fn declared(&self, typed: &PatType, name: &str) -> Option<Shape> {
        match (&*typed.pat, &*typed.ty) {
            (Pat::Ident(_), ty) => self.target.shape_of(ty, &self.site()),
            (Pat::Tuple(names), Type::Tuple(types)) if binds(names.elems.first()?, name) => {
                self.target.shape_of(types.elems.first()?, &self.site())
            }
            _ => None,
        }
    }

    /// The shape of an expression at a position.
    pub(super) fn expr(
        &self,
        expr: &'p Expr,
        position: &[(&'p Block, usize)],
    ) -> Result<Shape, Unknown> {
        match expr {
            Expr::Paren(inner) => self.expr(&inner.expr, position),
            Expr::Group(inner) => self.expr(&inner.expr, position),
            Expr::Reference(inner) => self.expr(&inner.expr, position),
            Expr::Await(inner) => self.expr(&inner.base, position),
            Expr::Try(inner) => self.taken_out(self.expr(&inner.expr, position), expr),
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) => self.binding(&name.to_string(), position),
                None => Err(self.unknown(expr, "its type does not show here")),
            },
            Expr::Struct(literal) if self.target.is_path(&literal.path, &self.site()) => {
                Ok(Shape::Value)
            }
            Expr::Field(field) => self
                .own_field(field, position)
                .ok_or_else(|| self.unknown(expr, "its type does not show here")),
            Expr::Call(call) => self.call(call, position),
            Expr::MethodCall(call) => self.method(call, position),
            Expr::If(branch) => {
                let otherwise = branch.else_branch.as_ref().map(|(_, otherwise)| &**otherwise);
                let branches =
                    tail(&branch.then_branch).into_iter().chain(otherwise.and_then(unblocked));
                self.any(branches, expr, position)
            }
            Expr::Match(choice) => match self.matched(choice, position) {
                Some(shape) => Ok(shape),
                None => self.any(
                    choice.arms.iter().filter_map(|arm| unblocked(&arm.body)),
                    expr,
                    position,
                ),
            },
            _ => Err(self.unknown(expr, "its type does not show here")),
        }
    }

    /// All branches are of one type, so one that is known decides.
    fn any(
        &self,
        branches: impl Iterator<Item = &'p Expr>,
        expr: &Expr,
        position: &[(&'p Block, usize)],
    ) -> Result<Shape, Unknown> {
        let mut known = branches.filter_map(|branch| self.expr(branch, position).ok());
        known.next().ok_or_else(|| self.unknown(expr, "its type does not show here"))
    }

    /// `match fallible { Ok(value) => value, … }`.
    fn matched(&self, choice: &'p ExprMatch, position: &[(&'p Block, usize)]) -> Option<Shape> {
        let gives_back = choice.arms.iter().any(|arm| match (&arm.pat, &*arm.body) {
            (Pat::TupleStruct(pattern), Expr::Path(body)) => {
                let good = pattern.path.is_ident("Ok") || pattern.path.is_ident("Some");
                good && body
                    .path
                    .get_ident()
                    .is_some_and(|name| binds_plainly(pattern.elems.first(), name))
            }
            _ => false,
        });
        let fallible =
            gives_back && self.expr(&choice.expr, position).ok() == Some(Shape::Fallible);
        fallible.then_some(Shape::Value)
    }

    fn method(
        &self,
        call: &'p ExprMethodCall,
        position: &[(&'p Block, usize)],
    ) -> Result<Shape, Unknown> {
        let name = call.method.to_string();
        if self.target.is_argument(call.turbofish.as_ref(), &self.site()) {
            return Ok(Shape::Fallible);
        }
        let receiver = || self.expr(&call.receiver, position);
        match name.as_str() {
            "clone" => receiver(),
            "unwrap" | "expect" | "unwrap_or_else" | "unwrap_or_default" | "unwrap_or" => {
                let shape = receiver();
                self.taken_out(shape, &call.method)
            }
            "context" | "with_context" | "map_err" | "wrap_err" | "wrap_err_with"
            | "inspect_err" | "or_else" => receiver(),
            "finish_api" | "finish_api_with" if matches!(self.target, Target::Router { .. }) => {
                Ok(Shape::Value)
            }
            _ if self.keeps_router(&name) => match receiver()? {
                Shape::Value => Ok(Shape::Value),
                Shape::Fallible => Err(self.unknown(&call.method, "its type does not show here")),
            },
            _ if name.starts_with("into_make_service") => Err(self.unknown(
                &call.method,
                format!("`.{name}()` has already made a service of the router"),
            )),
            _ => self.own_method(call, position).ok_or_else(|| {
                self.unknown(&call.method, format!("what `.{name}()` gives does not show here"))
            }),
        }
    }

    fn keeps_router(&self, name: &str) -> bool {
        matches!(self.target, Target::Router { .. }) && ROUTER_METHODS.contains(&name)
    }

    fn splits_router(&self, call: &ExprMethodCall) -> bool {
        matches!(self.target, Target::Router { .. }) && call.method == "split_for_parts"
    }

    fn taken_out(
        &self,
        shape: Result<Shape, Unknown>,
        at: &impl Spanned,
    ) -> Result<Shape, Unknown> {
        match shape? {
            Shape::Fallible => Ok(Shape::Value),
            Shape::Value => Err(self.unknown(at, "its type does not show here")),
        }
    }

    fn call(&self, call: &'p ExprCall, position: &[(&'p Block, usize)]) -> Result<Shape, Unknown> {
        let Expr::Path(function) = &*call.func else {
            return Err(self.unknown(call, "its type does not show here"));
        };
        let path = &function.path;
        if self.target.is_argument(generics(path), &self.site()) {
            return Ok(Shape::Fallible);
        }
        if let (Target::Struct { .. }, Some(inner), true) =
            (self.target, call.args.first(), is_pointer(path))
        {
            return self.expr(inner, position);
        }
        if let Some(shape) = self.constructor(path) {
            return Ok(shape);
        }
        let found = functions::called(self.package, self.file, &self.names.imports.resolve(path));
        let mut shapes = found.iter().map(|function| self.output(function));
        match shapes.next() {
            None => Err(self.unknown(path, "this function is not one of this package")),
            Some(Some(first)) if shapes.all(|shape| shape == Some(first)) => Ok(first),
            Some(_) => Err(self.unknown(path, "its declared return type is another")),
        }
    }

    /// `Router::new()`, and what derives give a struct: `Settings::parse()`, `Settings::default()`.
    fn constructor(&self, path: &syn::Path) -> Option<Shape> {
        let segments = segments(path);
        let (last, owner) = segments.split_last()?;
        if !self.target.is_named(owner, &self.site()) {
            return None;
        }
        match self.target {
            Target::Router { .. } => {
                ["new", "default"].contains(&last.as_str()).then_some(Shape::Value)
            }
            Target::Struct { derived, .. } if derived.contains(&last.as_str()) => {
                Some(if last.starts_with("try_") { Shape::Fallible } else { Shape::Value })
            }
            Target::Struct { .. } => None,
        }
    }

    pub(super) fn output(&self, function: &Function<'p>) -> Option<Shape> {
        let ReturnType::Type(_, ty) = &function.signature.output else { return None };
        let names = Names::of(&function.syntax.file);
        let site = Site {
            package: self.package,
            file: function.file,
            names: &names,
            owner: function.owner.as_deref(),
        };
        self.target.shape_of(ty, &site)
    }

    pub(super) fn unknown(&self, at: &impl Spanned, reason: impl Into<String>) -> Unknown {
        Unknown { at: self.syntax.range(at), reason: reason.into() }
    }
}
