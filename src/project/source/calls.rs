//! How often the package's shipped code calls one of its functions.

use syn::ext::IdentExt;
use syn::{Expr, Signature};

use super::functions::{Function, called};
use super::package::Package;
use super::serve::has_word;
use crate::edit::rust::{Frame, Imports, Listener, Syntax, in_test, segments, token_paths, walk};

impl Package {
    /// How often shipped code calls the function of `file` with this `signature`, as far as names
    /// tell. A call through a value (`server.run()`) is none.
    pub(super) fn calls_of(&self, file: &str, syntax: &Syntax, signature: &Signature) -> usize {
        let name = signature.ident.unraw().to_string();
        let at = syntax.range(&signature.ident);
        let mut count = 0;
        for (user, other) in self.parsed_where(|text| has_word(text, &name)) {
            if !self.is_shipped(user) {
                continue;
            }
            let imports = Imports::of(&other.file);
            let is_call = |path: &Vec<String>| {
                let resolved = imports.resolve_segments(path.clone());
                if resolved.last() != Some(&name) {
                    return false;
                }
                let meant = called(self, user, &resolved);
                let is_it = |function: &Function| {
                    function.file == file && function.syntax.range(&function.signature.ident) == at
                };
                // A function within a function is none of the package's by name.
                if meant.is_empty() {
                    user == file && resolved.len() == 1
                } else {
                    meant.iter().any(is_it)
                }
            };
            count += called_paths(other).iter().filter(|path| is_call(path)).count();
        }
        count
    }
}

/// The paths that one file calls outside tests.
fn called_paths(syntax: &Syntax) -> Vec<Vec<String>> {
    let mut calls = Calls::default();
    walk(&syntax.file, &mut calls);
    calls.paths
}

#[derive(Default)]
struct Calls {
    paths: Vec<Vec<String>>,
}

impl<'ast> Listener<'ast> for Calls {
    fn expression(&mut self, frames: &[Frame<'ast>], expression: &'ast Expr) {
        let Expr::Call(call) = expression else { return };
        if let (Expr::Path(function), false) = (&*call.func, in_test(frames)) {
            self.paths.push(segments(&function.path));
        }
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast syn::Macro) {
        if !in_test(frames) {
            let called =
                token_paths(&call.tokens).into_iter().filter(|path| path.arguments.is_some());
            self.paths.extend(called.map(|path| path.segments));
        }
    }
}
