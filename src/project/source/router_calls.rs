//! The calls by which one file builds routers: `.route`, `.nest`, `.merge` and their like.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ExprMethodCall, ItemConst, Lit};

use crate::edit::rust::{Frame, Imports, Listener, Syntax, in_test, let_name, segments, walk};

/// What one file says about routers.
pub(super) struct RouterCalls<'ast> {
    /// The calls outside tests.
    pub(super) calls: Vec<RouterCall<'ast>>,
    /// What the file imports.
    pub(super) imports: Imports,
    /// String constants, by name.
    pub(super) constants: Vec<(String, String)>,
    /// Paths in `#[utoipa::path(path = "…")]`, which may be the only place that a route is named.
    pub(super) documented: Vec<(String, Range<usize>)>,
}

/// One call on a router.
pub(super) struct RouterCall<'ast> {
    pub(super) path: PathText,
    /// Where the path is written; the method's name without one.
    pub(super) place: Range<usize>,
    /// The router that a nest or a merge takes, and its bytes.
    pub(super) argument: Option<(Argument<'ast>, Range<usize>)>,
    pub(super) home: Home,
}

/// How a call gives its path.
pub(super) enum PathText {
    Literal(String),
    Constant(String),
    None,
}

/// The router that is nested or merged.
pub(super) enum Argument<'ast> {
    Binding(String),
    Function(&'ast syn::Path),
    Other,
}

/// Where a router is built.
pub(super) struct Home {
    /// Bytes of the function's name, which tell functions of one file apart.
    pub(super) function: Range<usize>,
    /// The function's name; empty outside functions.
    pub(super) name: String,
    /// The binding whose initialiser builds it.
    pub(super) binding: Option<String>,
}

/// Reads the router calls of a file.
pub(super) fn router_calls(syntax: &Syntax) -> RouterCalls<'_> {
    let mut reader = Reader { syntax, calls: Vec::new() };
    walk(&syntax.file, &mut reader);
    let mut items = Items { syntax, constants: Vec::new(), documented: Vec::new() };
    items.visit_file(&syntax.file);
    let imports = Imports::of(&syntax.file);
    RouterCalls {
        calls: reader.calls,
        imports,
        constants: items.constants,
        documented: items.documented,
    }
}

struct Reader<'ast> {
    syntax: &'ast Syntax,
    calls: Vec<RouterCall<'ast>>,
}

impl<'ast> Listener<'ast> for Reader<'ast> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        let Expr::MethodCall(call) = expression else { return };
        if in_test(frames) {
            return;
        }
        let name = call.method.to_string();
        let argument = match (name.as_str(), call.args.len()) {
            ("route" | "route_service" | "nest_service" | "api_route", 2) => None,
            ("nest" | "nest_api_service", 2) => call.args.get(1),
            ("merge", 1) => call.args.first(),
            _ => return,
        };
        let (path, place) = if name == "merge" {
            (PathText::None, self.syntax.range(&call.method))
        } else {
            self.route_path(call)
        };
        let argument = argument.map(|router| (source_of(router), self.syntax.range(router)));
        self.calls.push(RouterCall { path, place, argument, home: self.home(frames) });
    }

    fn macro_call(&mut self, _frames: &[Frame<'ast>], _call: &'ast syn::Macro) {}
}

impl Reader<'_> {
    fn route_path(&self, call: &ExprMethodCall) -> (PathText, Range<usize>) {
        let Some(first) = call.args.first() else {
            return (PathText::None, self.syntax.range(&call.method));
        };
        let text = match first {
            Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => PathText::Literal(literal.value()),
            Expr::Path(path) => path
                .path
                .segments
                .last()
                .map_or(PathText::None, |last| PathText::Constant(last.ident.to_string())),
            _ => PathText::None,
        };
        (text, self.syntax.range(first))
    }

    fn home(&self, frames: &[Frame]) -> Home {
        let function = frames.iter().rev().find_map(|frame| match frame {
            Frame::Function(signature, _) => Some(*signature),
            _ => None,
        });
        let inside = frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Function(..)));
        let binding = inside.filter_map(|frame| match frame {
            Frame::Statement(block, index) => {
                let_name(&block.stmts[*index]).map(ToString::to_string)
            }
            _ => None,
        });
        Home {
            function: function.map_or(0..0, |signature| self.syntax.range(&signature.ident)),
            name: function.map_or_else(String::new, |signature| signature.ident.to_string()),
            binding: binding.into_iter().next(),
        }
    }
}

/// The binding or function that an expression's value comes from, through methods on it.
fn source_of(expr: &Expr) -> Argument<'_> {
    match expr {
        Expr::MethodCall(call) => source_of(&call.receiver),
        Expr::Await(inner) => source_of(&inner.base),
        Expr::Try(inner) => source_of(&inner.expr),
        Expr::Paren(inner) => source_of(&inner.expr),
        Expr::Path(path) => path
            .path
            .get_ident()
            .map_or(Argument::Other, |name| Argument::Binding(name.to_string())),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => Argument::Function(&path.path),
            _ => Argument::Other,
        },
        _ => Argument::Other,
    }
}

struct Items<'ast> {
    syntax: &'ast Syntax,
    constants: Vec<(String, String)>,
    documented: Vec<(String, Range<usize>)>,
}

impl<'ast> Visit<'ast> for Items<'ast> {
    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        if let Expr::Lit(ExprLit { lit: Lit::Str(value), .. }) = &*item.expr {
            self.constants.push((item.ident.to_string(), value.value()));
        }
        visit::visit_item_const(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        let documents =
            |attribute: &&syn::Attribute| segments(attribute.path()) == ["utoipa", "path"];
        for attribute in item.attrs.iter().filter(documents) {
            if let Ok(list) = attribute.meta.require_list() {
                self.documented.extend(named_path(self.syntax, &list.tokens));
            }
        }
        visit::visit_item_fn(self, item);
    }
}

/// The string after `path =` among the arguments of an attribute.
fn named_path(syntax: &Syntax, tokens: &TokenStream) -> Option<(String, Range<usize>)> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.windows(3).find_map(|window| match window {
        [TokenTree::Ident(name), TokenTree::Punct(equals), TokenTree::Literal(value)]
            if name == "path" && equals.as_char() == '=' =>
        {
            let text: syn::LitStr = syn::parse_str(&value.to_string()).ok()?;
            Some((text.value(), syntax.span(value.span())))
        }
        _ => None,
    })
}
