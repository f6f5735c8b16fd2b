//! The calls of `axum::serve` in one file.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ReturnType, Signature, Stmt};

use super::imports::Imports;
use super::scope::{Frame, Listener, in_test, walk};
use super::syntax::Syntax;

/// One call of `axum::serve` outside tests.
pub enum ServeCall<'ast> {
    /// A call in plain code.
    Plain(PlainCall<'ast>),
    /// A call among the arguments of a macro, with the bytes of its name.
    InMacro(Range<usize>),
}

/// A call of `axum::serve` in plain code.
pub struct PlainCall<'ast> {
    /// The call itself.
    pub call: &'ast ExprCall,
    /// Everything around it, outermost first.
    pub frames: Vec<Frame<'ast>>,
}

/// Whether statements can follow the one that serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// They can, as they are.
    Directly,
    /// They can once the statement, a block's last expression of type `()`, has its semicolon.
    AfterSemicolon,
    /// They cannot: the value is the block's own, or the server runs elsewhere.
    No,
}

/// Why a second call stops an edit.
pub const CALLED_TWICE: &str = "axum::serve is called more than once";

/// All calls of `axum::serve` in `syntax` outside tests; `axum` is the crate's name in the project's code.
pub fn serve_calls<'ast>(syntax: &'ast Syntax, axum: &str) -> Vec<ServeCall<'ast>> {
    let mut finder = Finder { syntax, imports: Imports::of(&syntax.file), axum: axum.to_owned(), found: Vec::new() };
    walk(&syntax.file, &mut finder);
    finder.found
}

struct Finder<'ast> {
    syntax: &'ast Syntax,
    imports: Imports,
    axum: String,
    found: Vec<ServeCall<'ast>>,
}

impl Finder<'_> {
    fn is_serve(&self, resolved: &[String]) -> bool {
        matches!(resolved, [krate, function] if *krate == self.axum && function == "serve")
    }

    /// Finds `path::serve(` among the arguments of a macro.
    fn scan(&mut self, tokens: &TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut joined = false;
        let mut last = None;
        for token in tokens.clone() {
            match token {
                TokenTree::Ident(ident) => {
                    if !joined {
                        path.clear();
                    }
                    path.push(ident.unraw().to_string());
                    last = Some(ident.span());
                    joined = false;
                }
                TokenTree::Punct(colon) if colon.as_char() == ':' => joined = true,
                TokenTree::Group(group) => {
                    if let (Some(span), true) = (last, self.is_serve(&self.imports.resolve_segments(path.clone()))) {
                        self.found.push(ServeCall::InMacro(self.syntax.span(span)));
                    }
                    path.clear();
                    self.scan(&group.stream());
                }
                _ => path.clear(),
            }
        }
    }
}

impl<'ast> Listener<'ast> for Finder<'ast> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        let Expr::Call(call) = expression else { return };
        let Expr::Path(function) = &*call.func else { return };
        if !in_test(frames) && self.is_serve(&self.imports.resolve(&function.path)) {
            self.found.push(ServeCall::Plain(PlainCall { call, frames: frames.to_vec() }));
        }
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast syn::Macro) {
        if !in_test(frames) {
            self.scan(&call.tokens);
        }
    }
}

impl<'ast> ServeCall<'ast> {
    /// The call, when statements around it run once and can move what it serves.
    ///
    /// # Errors
    /// The reason why they cannot, in lower case without a trailing dot.
    pub fn plain(&self) -> Result<&PlainCall<'ast>, &'static str> {
        match self {
            Self::InMacro(_) => Err("axum::serve is called inside a macro"),
            Self::Plain(call) if call.repeats() => Err("axum::serve is called in a closure or a loop"),
            Self::Plain(call) => Ok(call),
        }
    }

    /// The bytes of the called function's name.
    pub fn name(&self, syntax: &Syntax) -> Range<usize> {
        match self {
            Self::Plain(call) => syntax.range(&call.call.func),
            Self::InMacro(at) => at.clone(),
        }
    }
}

impl<'ast> PlainCall<'ast> {
    /// The function that the call stands in, with its body.
    pub fn function(&self) -> Option<(&'ast Signature, &'ast Block)> {
        self.frames.iter().rev().find_map(|frame| match frame {
            Frame::Function(signature, body) => Some((*signature, *body)),
            _ => None,
        })
    }

    /// The innermost block around the call and the index of the statement in it that holds the call.
    pub fn statement(&self) -> Option<(&'ast Block, usize)> {
        self.blocks().next()
    }

    /// The blocks around the call up to its function's body, innermost first, each with the index of the statement
    /// that holds the call.
    pub fn blocks(&self) -> impl Iterator<Item = (&'ast Block, usize)> + '_ {
        let inside = self.frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Function(..)));
        inside.filter_map(|frame| match frame {
            Frame::Statement(block, index) => Some((*block, *index)),
            _ => None,
        })
    }

    /// True when the call stands in a closure or a loop of its function, where a value of the function cannot be moved.
    fn repeats(&self) -> bool {
        let inside = self.frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Function(..)));
        inside.into_iter().any(|frame| matches!(frame, Frame::Closure | Frame::Loop))
    }

    /// The binding that is served, possibly through methods: `app`, `app.clone()`, `app.into_make_service()`.
    pub fn service(&self) -> Option<&'ast syn::Ident> {
        let mut expression = self.call.args.get(1)?;
        while let Expr::MethodCall(method) = expression {
            expression = &method.receiver;
        }
        let Expr::Path(path) = expression else { return None };
        path.path.get_ident()
    }

    /// True when a clone of the binding is served, so that the binding itself may be used elsewhere.
    pub fn serves_clone(&self) -> bool {
        let mut expression = self.call.args.get(1);
        while let Some(Expr::MethodCall(method)) = expression {
            if method.method == "clone" && matches!(&*method.receiver, Expr::Path(_)) {
                return true;
            }
            expression = Some(&method.receiver);
        }
        false
    }

    /// Whether statements can be inserted behind the one that holds the call.
    pub fn follow(&self) -> Follow {
        let (Some((block, index)), Some((signature, body))) = (self.statement(), self.function()) else {
            return Follow::No;
        };
        let statement = &block.stmts[index];
        if !awaits(statement, self.call) {
            return Follow::No;
        }
        match statement {
            Stmt::Expr(Expr::Return(_) | Expr::Break(_), _) => Follow::No,
            Stmt::Expr(expression, None) if index + 1 == block.stmts.len() => {
                let ends_function = std::ptr::eq(block, body) && matches!(signature.output, ReturnType::Default);
                follow_tail(expression, ends_function)
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

/// True when `statement` itself waits for the value of `call`.
fn awaits(statement: &Stmt, call: &ExprCall) -> bool {
    let mut search = AwaitSearch { call, depth: 0, found: false };
    search.visit_stmt(statement);
    search.found
}

struct AwaitSearch<'c> {
    call: &'c ExprCall,
    depth: usize,
    found: bool,
}

impl<'ast> Visit<'ast> for AwaitSearch<'_> {
    fn visit_expr_await(&mut self, expression: &'ast syn::ExprAwait) {
        self.depth += 1;
        visit::visit_expr_await(self, expression);
        self.depth -= 1;
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        self.found |= self.depth > 0 && std::ptr::eq(call, self.call);
        visit::visit_expr_call(self, call);
    }
}
