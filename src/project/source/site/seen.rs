//! One server, with what its surroundings say of it.

use std::ptr;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use syn::{Block, Expr, ExprReturn, Stmt, Token};

use crate::edit::rust::{
    Context, Frame, MacroCall, Names, ServeCall, frames_of, given, token_paths,
};
use crate::project::source::merge_place::{Function, base};
use crate::project::source::servers::{Kind, Server};
use crate::project::source::typing::Unknown;

/// The crate whose servers take the service by [`SERVE`].
const AXUM_SERVER: &str = "axum_server::";
const SERVE: &str = "serve";
/// What makes a function that gives a router a server.
const SHUTTLE: &str = "shuttle_runtime::main";
/// Macros that run what they are given once, in the function that they stand in.
const PLAIN_MACROS: [&str; 3] = ["select", "join", "try_join"];

/// Words that open what runs at another time, or more than once.
const CLOSING: [&str; 6] = ["async", "for", "loop", "move", "spawn", "while"];

/// A server.
pub(super) struct Seen<'s> {
    pub(super) server: &'s Server<'s>,
    /// Everything around the place at which it takes its service, outermost first.
    frames: Vec<Frame<'s>>,
    /// The names of its file.
    pub(super) names: Names<'s>,
    /// What it is called with among the arguments of a macro.
    arguments: Punctuated<Expr, Token![,]>,
}

impl<'s> Seen<'s> {
    pub(super) fn of(server: &'s Server<'s>) -> Self {
        let arguments = match &server.kind {
            Kind::Axum(ServeCall::InMacro(call)) => {
                Punctuated::parse_terminated.parse2(call.arguments.clone()).unwrap_or_default()
            }
            _ => Punctuated::new(),
        };
        let names = Names::of(&server.syntax.file);
        let mut seen = Self { server, frames: server.frames(), names, arguments };
        if let Some(service) = seen.given() {
            seen.frames = frames_of(&server.syntax.file, service);
        }
        seen
    }

    /// What the server of [`AXUM_SERVER`] is given.
    fn given(&self) -> Option<&'s Expr> {
        let Server { syntax, at, kind, .. } = self.server;
        let Kind::Other { name, tokens: None, frames } = kind else { return None };
        let is_start = |expression: &Expr| match expression {
            Expr::Call(call) => syntax.range(&call.func) == *at,
            _ => false,
        };
        if name.starts_with(AXUM_SERVER) { given(frames, SERVE, &is_start) } else { None }
    }

    pub(super) fn is_of_axum_server(&self) -> bool {
        self.name().starts_with(AXUM_SERVER)
    }

    /// The function around it.
    pub(super) fn function(&self) -> Result<Function<'s>, Unknown> {
        let outside = || self.unknown(format!("{} is called outside a function", self.name()));
        Function::around(&self.frames).ok_or_else(outside)
    }

    /// What it serves.
    pub(super) fn service(&self) -> Result<&Expr, Unknown> {
        let service = match &self.server.kind {
            Kind::Axum(ServeCall::Plain(call)) => call.call.args.get(1),
            Kind::Axum(ServeCall::InMacro(call)) => {
                let service = self.arguments.get(1);
                if !is_run_once(call, service) {
                    return Err(self.unknown("axum::serve is called inside a macro"));
                }
                service
            }
            Kind::Other { .. } => self.given(),
            Kind::Function { name, item, .. } if name == SHUTTLE => given_back(&item.block),
            _ => None,
        };
        service.ok_or_else(|| {
            self.unknown(format!("{} serves here, which is for you to extend", self.name()))
        })
    }

    /// What it serves, in a message.
    pub(super) fn what(&self, service: &Expr) -> String {
        let name = match service {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        };
        name.map_or_else(|| format!("what {} gets", self.name()), |name| format!("`{name}`"))
    }

    /// The frames up to its statement in `block`, and those inside of that.
    fn split_at(&self, block: &Block) -> (&[Frame<'s>], &[Frame<'s>]) {
        let is_it =
            |frame: &Frame| matches!(frame, Frame::Statement(own, _) if ptr::eq(*own, block));
        let at = self.frames.iter().position(is_it).map_or(self.frames.len(), |at| at + 1);
        self.frames.split_at(at)
    }

    /// What a statement of `block` may do with an error.
    pub(super) fn context(&self, block: &Block) -> Context {
        self.names.context(self.split_at(block).0)
    }

    /// Why what a statement of `block` binds cannot be used where it takes its service.
    pub(super) fn closed(&self, block: &Block) -> Option<String> {
        if let Kind::Axum(ServeCall::InMacro(call)) = &self.server.kind
            && CLOSING.iter().any(|word| count(call.tokens, word) > 0)
        {
            return Some("it stands in a block or a loop inside of a macro".to_owned());
        }
        self.split_at(block).1.iter().find_map(|frame| match frame {
            Frame::Closure | Frame::Loop => Some(self.repeats()),
            Frame::Async(false) => Some("it stands in an async block without `move`".to_owned()),
            _ => None,
        })
    }

    /// True when a block between takes what it names with it.
    pub(super) fn takes(&self, block: &Block) -> bool {
        self.split_at(block).1.iter().any(|frame| matches!(frame, Frame::Async(true)))
    }

    /// That it may run more than once.
    pub(super) fn repeats(&self) -> String {
        format!("{} is called in a closure or a loop", self.name())
    }

    /// True when it ends at a signal that stands in plain code.
    pub(super) fn has_signal(&self) -> bool {
        match &self.server.kind {
            Kind::Axum(ServeCall::Plain(call)) => call.signal().is_some(),
            _ => false,
        }
    }

    pub(super) fn unknown(&self, reason: impl Into<String>) -> Unknown {
        Unknown { at: self.server.at.clone(), reason: reason.into() }
    }

    fn name(&self) -> &str {
        self.server.name()
    }
}

/// The router in `Ok(router.into())`, the last thing in `body`, where nothing else gives one back.
fn given_back(body: &Block) -> Option<&Expr> {
    let Some(Stmt::Expr(last, None)) = body.stmts.last() else { return None };
    let mut returns = Returns(false);
    returns.visit_block(body);
    match argument_of_ok(last)? {
        Expr::MethodCall(into) if into.method == "into" && !returns.0 => Some(&into.receiver),
        _ => None,
    }
}

fn argument_of_ok(expression: &Expr) -> Option<&Expr> {
    let Expr::Call(call) = expression else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    if function.path.is_ident("Ok") { call.args.first() } else { None }
}

/// Whether some `return` gives back an `Ok`.
struct Returns(bool);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, expression: &'ast ExprReturn) {
        let value = expression.expr.as_deref();
        self.0 |= value.is_some_and(|value| argument_of_ok(value).is_some());
    }
}

/// True when the macro around `call` runs it once at most, and binds nothing by a name in
/// `service`.
fn is_run_once(call: &MacroCall, service: Option<&Expr>) -> bool {
    let is_known = call
        .path
        .segments
        .last()
        .is_some_and(|last| PLAIN_MACROS.iter().any(|name| last.ident == name));
    let served = token_paths(call.tokens)
        .into_iter()
        .filter(|path| path.segments.last().is_some_and(|last| last == SERVE));
    let arguments: Vec<TokenStream> = served.filter_map(|path| path.arguments).collect();
    let is_served_alone = |name: String| {
        let inside: usize = arguments.iter().map(|tokens| count(tokens, &name)).sum();
        count(call.tokens, &name) == inside
    };
    is_known && service.and_then(base).is_none_or(is_served_alone)
}

/// How often `name` stands in `tokens`.
fn count(tokens: &TokenStream, name: &str) -> usize {
    let times = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Ident(ident) => usize::from(ident == name),
        TokenTree::Group(group) => count(&group.stream(), name),
        _ => 0,
    });
    times.sum()
}
