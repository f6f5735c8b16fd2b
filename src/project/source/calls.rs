//! How often the package's shipped code calls one of its functions.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Expr, Signature};

use super::functions::{Function, called};
use super::package::Package;
use super::serve::has_word;
use crate::edit::rust::{Frame, Imports, Listener, Syntax, in_test, walk};

impl Package {
    /// How often shipped code calls the function of `file` with this `signature`, as far as names tell. A call through a value
    /// (`server.run()`) is none.
    pub(super) fn calls_of(&self, file: &str, syntax: &Syntax, signature: &Signature) -> usize {
        let name = signature.ident.unraw().to_string();
        let at = syntax.range(&signature.ident);
        let mut count = 0;
        for (user, other) in self.parsed_where(|text| has_word(text, &name)) {
            if !self.is_shipped(user) {
                continue;
            }
            let imports = Imports::of(&other.file);
            let is_call = |path: &syn::Path| {
                let resolved = imports.resolve(path);
                if resolved.last() != Some(&name) {
                    return false;
                }
                let meant = called(self, user, &imports, path);
                let is_it = |function: &Function| {
                    function.file == file && function.syntax.range(&function.signature.ident) == at
                };
                // A function within a function is none of the package's by name.
                if meant.is_empty() { user == file && resolved.len() == 1 } else { meant.iter().any(is_it) }
            };
            let calls = Calls::of(other);
            let paths = calls.plain.iter().copied().chain(&calls.in_macros);
            count += paths.filter(|path| is_call(path)).count();
        }
        count
    }
}

/// The paths that one file calls outside tests.
#[derive(Default)]
struct Calls<'ast> {
    plain: Vec<&'ast syn::Path>,
    in_macros: Vec<syn::Path>,
}

impl<'ast> Calls<'ast> {
    fn of(syntax: &'ast Syntax) -> Self {
        let mut calls = Self::default();
        walk(&syntax.file, &mut calls);
        calls
    }

    /// Finds `path::name(` among the arguments of a macro.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<TokenTree> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(_) => {
                    if !leads_on(&path) {
                        path.clear();
                    }
                    path.push(token);
                }
                TokenTree::Punct(ref punct) if ":.".contains(punct.as_char()) => path.push(token),
                TokenTree::Group(group) => {
                    let called = syn::parse2(path.drain(..).collect()).ok();
                    self.in_macros.extend(called.filter(|_| group.delimiter() == Delimiter::Parenthesis));
                    self.scan(group.stream());
                }
                _ => path.clear(),
            }
        }
    }
}

/// True when a name behind `tokens` goes on with them: `path::`, or what makes it no call, `value.` and `fn`.
fn leads_on(tokens: &[TokenTree]) -> bool {
    match tokens {
        [.., TokenTree::Punct(first), TokenTree::Punct(_)] if first.spacing() == Spacing::Joint => true,
        [.., TokenTree::Punct(last)] => last.as_char() == '.',
        [.., TokenTree::Ident(last)] => last == "fn",
        _ => false,
    }
}

impl<'ast> Listener<'ast> for Calls<'ast> {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        let Expr::Call(call) = expression else { return };
        if let (Expr::Path(function), false) = (&*call.func, in_test(frames)) {
            self.plain.push(&function.path);
        }
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast syn::Macro) {
        if !in_test(frames) {
            self.scan(call.tokens.clone());
        }
    }
}
