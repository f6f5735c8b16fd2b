//! The calls of `axum::serve` in one file.

use std::ops::Range;

use proc_macro2::TokenStream;
use syn::{Block, Expr, ExprCall, Signature};

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

/// Why a second call stops an edit.
pub const CALLED_TWICE: &str = "axum::serve is called more than once";

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
                    frames: frames.to_vec(),
                }));
            }
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
            Self::Plain(call) if call.repeats() => {
                Err("axum::serve is called in a closure or a loop")
            }
            Self::Plain(call) => Ok(call),
        }
    }

    /// The bytes of the called function's name.
    pub fn name(&self, syntax: &Syntax) -> Range<usize> {
        match self {
            Self::Plain(call) => syntax.range(&call.call.func),
            Self::InMacro(call) => call.at.clone(),
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

    /// The innermost block around the call and the index of the statement in it that holds the
    /// call.
    pub fn statement(&self) -> Option<(&'ast Block, usize)> {
        self.blocks().next()
    }

    /// The blocks around the call up to its function's body, innermost first, each with the index
    /// of the statement that holds the call.
    pub fn blocks(&self) -> impl Iterator<Item = (&'ast Block, usize)> + '_ {
        let inside =
            self.frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Function(..)));
        inside.filter_map(|frame| match frame {
            Frame::Statement(block, index) => Some((*block, *index)),
            _ => None,
        })
    }

    /// True when the call stands in a closure or a loop of its function, where a value of the
    /// function cannot be moved.
    fn repeats(&self) -> bool {
        let inside =
            self.frames.iter().rev().take_while(|frame| !matches!(frame, Frame::Function(..)));
        inside.into_iter().any(|frame| matches!(frame, Frame::Closure | Frame::Loop))
    }

    /// The binding that is served, possibly through methods: `app`, `app.clone()`,
    /// `app.into_make_service()`.
    pub fn service(&self) -> Option<&'ast syn::Ident> {
        let mut expression = self.call.args.get(1)?;
        while let Expr::MethodCall(method) = expression {
            expression = &method.receiver;
        }
        let Expr::Path(path) = expression else { return None };
        path.path.get_ident()
    }

    /// True when a clone of the binding is served, so that the binding itself may be used
    /// elsewhere.
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
}
