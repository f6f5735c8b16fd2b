//! The calls of `axum::serve` in one file.

use std::ops::Range;

use proc_macro2::TokenStream;
use syn::{Expr, ExprCall};

use super::imports::Imports;
use super::scope::{Frame, Listener, in_test, walk};
use super::syntax::Syntax;
use super::tokens::token_paths;

/// One call of `axum::serve` outside tests.
pub enum ServeCall<'ast> {
    /// A call in plain code.
    Plain(PlainCall<'ast>),
    /// A call among the arguments of a macro.
    InMacro(MacroCall<'ast>),
}

/// A call of `axum::serve` among the arguments of a macro.
pub struct MacroCall<'ast> {
    /// The bytes of the called function's name.
    pub at: Range<usize>,
    /// What it is called with.
    pub arguments: TokenStream,
    /// The name of the macro.
    pub path: &'ast syn::Path,
    /// All arguments of the macro.
    pub tokens: &'ast TokenStream,
    /// Everything around the macro, outermost first.
    pub frames: Vec<Frame<'ast>>,
}

/// A call of `axum::serve` in plain code.
pub struct PlainCall<'ast> {
    /// The call itself.
    pub call: &'ast ExprCall,
    /// Everything around it, outermost first.
    pub frames: Vec<Frame<'ast>>,
}

/// All calls of `axum::serve` in `syntax` outside tests; `axum` is the crate's name in the
/// project's code.
pub fn serve_calls<'ast>(syntax: &'ast Syntax, axum: &str) -> Vec<ServeCall<'ast>> {
    let mut finder = Finder {
        syntax,
        imports: Imports::of(&syntax.file),
        axum: axum.to_owned(),
        found: Vec::new(),
    };
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
        if in_test(frames) {
            return;
        }
        for path in token_paths(&call.tokens) {
            if let (Some(arguments), true) =
                (path.arguments, self.is_serve(&self.imports.resolve_segments(path.segments)))
            {
                let at = self.syntax.span(path.span);
                self.found.push(ServeCall::InMacro(MacroCall {
                    at,
                    arguments,
                    path: &call.path,
                    tokens: &call.tokens,
                    frames: frames.to_vec(),
                }));
            }
        }
    }
}

impl ServeCall<'_> {
    /// The bytes of the called function's name.
    pub fn name(&self, syntax: &Syntax) -> Range<usize> {
        match self {
            Self::Plain(call) => syntax.range(&call.call.func),
            Self::InMacro(call) => call.at.clone(),
        }
    }
}
