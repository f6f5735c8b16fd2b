//! Where the owner can put statements that merge routes into the router that is served, when rwx
//! cannot.

mod handed;
mod parts;

use std::collections::BTreeSet;
use std::ptr;

use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Block, Expr, Local, Signature, Stmt, Token};

pub(super) use self::handed::{Handed, Router};
use self::parts::Parts;
use super::package::{Package, Place};
use super::position::{is_plain, last_let};
use super::serve::names_in;
use super::servers::{Kind, Server};
use super::target::{Shape, Target};
use super::typing::Typing;
use crate::edit::rust::{Frame, Names, ServeCall, binds, let_name};

/// A place for statements that extend the router before it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergePlace {
    /// The statement before which they go.
    pub place: Place,
    /// The router as that statement has it: a binding, or an expression that makes it.
    pub router: String,
    /// True for a binding.
    pub is_binding: bool,
    /// True where what takes the router may run more than once.
    pub is_repeated: bool,
    /// True where the runtime of the server is not entered yet.
    pub is_early: bool,
    /// Every name that occurs in the function: a new binding must have another.
    pub names: BTreeSet<String>,
}

/// Blocks around an expression, innermost first, each with the index of the statement in it that
/// holds the expression.
type Position<'p> = [(&'p Block, usize)];

impl Package {
    /// The place for what `server` serves; nothing where no expression on the way to it is certain
    /// to be a router.
    pub(super) fn merge_place(&self, server: &Server<'_>, axum: &str) -> Option<MergePlace> {
        let names = Names::of(&server.syntax.file);
        let function = Function::around(&server.frames())?;
        let typing = Typing {
            package: self,
            file: server.file,
            syntax: server.syntax,
            names: &names,
            signature: function.signature,
            target: Target::Router { axum },
        };
        let search = Search { typing, function: &function };
        search.of_server(server)
    }
}

/// The function around a server.
pub(super) struct Function<'p> {
    pub(super) signature: &'p Signature,
    pub(super) body: &'p Block,
    /// The blocks around the server, innermost first.
    pub(super) position: Vec<(&'p Block, usize)>,
    /// Blocks that may run more than once.
    repeated: Vec<&'p Block>,
    /// Blocks that run outside of the async block in which the server runs.
    early: Vec<&'p Block>,
}

impl<'p> Function<'p> {
    pub(super) fn around(frames: &[Frame<'p>]) -> Option<Self> {
        let start = frames.iter().rposition(|frame| matches!(frame, Frame::Function(..)))?;
        let Frame::Function(signature, body) = frames[start] else { return None };
        let (position, repeated, early) = (Vec::new(), Vec::new(), Vec::new());
        let mut function = Self { signature, body, position, repeated, early };
        let mut repeats = false;
        for frame in &frames[start..] {
            match frame {
                Frame::Loop | Frame::Closure => repeats = true,
                Frame::Async(_) if signature.asyncness.is_none() && function.early.is_empty() => {
                    function.early = function.position.iter().map(|(block, _)| *block).collect();
                }
                Frame::Statement(block, index) => {
                    function.position.insert(0, (*block, *index));
                    function.repeated.extend(Some(*block).filter(|_| repeats));
                }
                _ => {}
            }
        }
        Some(function)
    }

    pub(super) fn repeats(&self, block: &Block) -> bool {
        self.repeated.iter().any(|other| ptr::eq(*other, block))
    }

    /// True where nothing async can be started yet.
    pub(super) fn is_early(&self, block: &Block) -> bool {
        self.early.iter().any(|other| ptr::eq(*other, block))
    }
}

pub(super) struct Search<'p, 'f> {
    pub(super) typing: Typing<'p>,
    pub(super) function: &'f Function<'p>,
}

impl<'p> Search<'p, '_> {
    fn of_server(&self, server: &Server<'p>) -> Option<MergePlace> {
        let position = self.function.position.as_slice();
        let mut seen = Vec::new();
        match &server.kind {
            Kind::Axum(ServeCall::Plain(call)) => {
                self.of(&Parts::of(call.call.args.get(1)?), position, &mut seen)
            }
            Kind::Axum(ServeCall::InMacro(call)) => {
                let arguments = Punctuated::<Expr, Token![,]>::parse_terminated
                    .parse2(call.arguments.clone())
                    .ok()?;
                self.of(&Parts::of(arguments.get(1)?), position, &mut seen)
            }
            Kind::Other { tokens: Some(tokens), .. } => {
                self.of(&Parts::of_tokens(tokens), position, &mut seen)
            }
            Kind::Other { .. } | Kind::Function { .. } => self.of_statement(position, &mut seen),
        }
    }

    /// The same for the statement at `position`, and those that go on with what it binds.
    fn of_statement(
        &self,
        position: &Position<'p>,
        seen: &mut Vec<&'p Local>,
    ) -> Option<MergePlace> {
        let (block, index) = *position.first()?;
        let server = let_name(&block.stmts[index]).map(ToString::to_string);
        for (at, statement) in block.stmts.iter().enumerate().skip(index) {
            let parts = Parts::of_statement(statement);
            if at > index && !server.as_ref().is_some_and(|server| parts.names().contains(server)) {
                continue;
            }
            let mut here = position.to_vec();
            here[0].1 = at;
            if let Some(place) = self.of(&parts, &here, seen) {
                return Some(place);
            }
        }
        None
    }

    /// The place for the router that is one of `parts`, or what one of them was made of; `seen` are
    /// the `let`s that were followed.
    fn of(
        &self,
        parts: &Parts<'p>,
        position: &Position<'p>,
        seen: &mut Vec<&'p Local>,
    ) -> Option<MergePlace> {
        for expression in
            parts.expressions.iter().filter(|expression| !matches!(expression, Expr::Reference(_)))
        {
            if !matches!(self.typing.expr(expression, position), Ok(Shape::Value))
                || base(expression).is_some_and(|name| !is_plain(&name, position))
            {
                continue;
            }
            let base = base(expression).filter(|base| self.is_router(base, position));
            return match base {
                Some(name) => self.at_binding(&name, position, seen),
                None => self.at_expression(expression, position),
            };
        }
        let mut names = parts.names();
        names.retain(|name| is_plain(name, position));
        if let Some(name) = names.iter().find(|name| self.is_router(name, position)) {
            return self.at_binding(name, position, seen);
        }
        names.iter().find_map(|name| {
            let (local, before) = last_let(name, position)?;
            self.of_value(local, &before, seen)
        })
    }

    /// The same for the value that `local` binds.
    fn of_value(
        &self,
        local: &'p Local,
        before: &Position<'p>,
        seen: &mut Vec<&'p Local>,
    ) -> Option<MergePlace> {
        if seen.iter().any(|other| ptr::eq(*other, local)) {
            return None;
        }
        seen.push(local);
        self.of(&Parts::of(&local.init.as_ref()?.expr), before, seen)
    }

    fn is_router(&self, name: &str, position: &Position<'p>) -> bool {
        is_plain(name, position) && matches!(self.typing.binding(name, position), Ok(Shape::Value))
    }

    /// The statement that uses the binding `name`, of the block that binds it; outside of the loop,
    /// where what it was made of is bound there.
    fn at_binding(
        &self,
        name: &str,
        position: &Position<'p>,
        seen: &mut Vec<&'p Local>,
    ) -> Option<MergePlace> {
        let Some((local, before)) = last_let(name, position) else {
            return self.place(*position.last()?, name.to_owned(), true);
        };
        let home = before.first()?.0;
        if self.function.repeats(home)
            && let Some(outside) =
                self.of_value(local, &before, seen).filter(|outside| outside.is_binding)
        {
            return Some(outside);
        }
        let user = position.iter().find(|(block, _)| ptr::eq(*block, home))?;
        self.place(*user, name.to_owned(), true)
    }

    /// The statement that holds `expression`, or the loop around it where all that it uses is at
    /// hand there.
    fn at_expression(&self, expression: &Expr, position: &Position<'p>) -> Option<MergePlace> {
        let range = self.typing.syntax.range(expression);
        let text = self.typing.package.text(self.typing.file)?.get(range)?.to_owned();
        let names = Parts::of(expression).names();
        let is_bound_in = |(block, index): &(&Block, usize)| {
            block.stmts[..*index].iter().any(|statement| match statement {
                Stmt::Local(local) => names.iter().any(|name| binds(&local.pat, name)),
                _ => false,
            })
        };
        let outside = position.iter().position(|(block, _)| !self.function.repeats(block))?;
        let is_free = !position[..outside].iter().any(is_bound_in);
        let place = self.place(position[if is_free { outside } else { 0 }], text, false)?;
        Some(MergePlace { is_repeated: is_free && outside > 0, ..place })
    }

    fn place(
        &self,
        (block, index): (&Block, usize),
        router: String,
        is_binding: bool,
    ) -> Option<MergePlace> {
        let syntax = self.typing.syntax;
        let function =
            syntax.range(self.function.signature).start..syntax.range(self.function.body).end;
        Some(MergePlace {
            place: self
                .typing
                .package
                .place(self.typing.file, syntax.range(block.stmts.get(index)?)),
            router,
            is_binding,
            is_repeated: false,
            is_early: self.function.is_early(block),
            names: names_in(syntax, function),
        })
    }
}

/// The binding that methods are called on: `app` in `app.clone().layer(x)`.
pub(super) fn base(expression: &Expr) -> Option<String> {
    match expression {
        Expr::MethodCall(call) => base(&call.receiver),
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
