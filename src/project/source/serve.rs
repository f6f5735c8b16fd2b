//! Where the package serves, and whether a router can be merged there by added lines alone.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::TokenTree;
use syn::ext::IdentExt;

use super::package::{Package, Place};
use super::target::{Shape, Target};
use super::typing::Typing;
use crate::edit::rust::{Context, Follow, Names, PlainCall, ServeCall, Syntax, serve_calls};

/// What is known about the package's calls of `axum::serve` outside tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serve {
    /// Exactly one, whose service is a binding that is certain to be a router.
    Site(ServeSite),
    /// It cannot be extended by added lines alone, or not with certainty.
    ByHand {
        /// Why, in lower case without a trailing dot.
        reason: String,
        /// Where the router is served, or where the trail to its type ends.
        at: Place,
    },
    /// No library or binary of the package calls it.
    Missing,
}

/// A call of `axum::serve` that can be extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeSite {
    /// The statement that holds the call.
    pub place: Place,
    /// The binding that is served.
    pub service: String,
    /// Name of the function around the call.
    pub function: String,
    /// What an inserted statement may do with an error.
    pub context: Context,
    /// Whether statements can follow.
    pub follow: Follow,
    /// Every name that occurs in the function: a new binding must have another.
    pub names: BTreeSet<String>,
}

impl Package {
    /// The package's one call of `axum::serve`; `axum` is the crate's name in the project's code.
    pub fn serve(&self, axum: &str) -> Serve {
        let files = self.parsed_with(&["serve"]);
        let calls = files
            .iter()
            .filter(|(file, _)| self.is_shipped(file))
            .flat_map(|(file, syntax)| serve_calls(syntax, axum).into_iter().map(|call| (*file, *syntax, call)));
        let calls: Vec<_> = calls.collect();
        match calls.as_slice() {
            [] => Serve::Missing,
            [(file, syntax, ServeCall::Plain(call))] => self
                .site(file, syntax, call, axum)
                .map_or_else(|(at, reason)| Serve::ByHand { reason, at: self.place(file, at) }, Serve::Site),
            [(file, _, ServeCall::InMacro(at))] => Serve::ByHand {
                reason: "axum::serve is called inside a macro".to_owned(),
                at: self.place(file, at.clone()),
            },
            [_, (file, syntax, second), ..] => {
                let at = self.place(file, range(syntax, second));
                Serve::ByHand { reason: "axum::serve is called more than once".to_owned(), at }
            }
        }
    }

    fn site(
        &self,
        file: &str,
        syntax: &Syntax,
        call: &PlainCall,
        axum: &str,
    ) -> Result<ServeSite, (Range<usize>, String)> {
        let at = || syntax.range(&call.call.func);
        let (Some((signature, body)), Some((block, index))) = (call.function(), call.statement()) else {
            return Err((at(), "axum::serve is called outside a function".to_owned()));
        };
        if call.repeats() {
            return Err((at(), "axum::serve is called in a closure or a loop".to_owned()));
        }
        let Some(service) = call.service() else {
            return Err((at(), "what axum::serve gets is not a plain binding".to_owned()));
        };
        let names = Names::of(&syntax.file);
        let target = Target::Router { axum };
        let typing = Typing { package: self, file, syntax, names: &names, signature, target };
        let position: Vec<_> = call.blocks().collect();
        match typing.binding(&service.to_string(), &position) {
            Ok(Shape::Value) => {}
            Ok(Shape::Fallible) => return Err((at(), format!("`{service}` is not certain to be a router"))),
            Err(unknown) => {
                let reason = format!("`{service}` is not certain to be a router: {}", unknown.reason);
                return Err((unknown.at, reason));
            }
        }
        Ok(ServeSite {
            place: self.place(file, syntax.range(&block.stmts[index])),
            service: service.to_string(),
            function: signature.ident.to_string(),
            context: names.context(&call.frames),
            follow: call.follow(),
            names: names_in(syntax, syntax.range(signature).start..syntax.range(body).end),
        })
    }
}

fn range(syntax: &Syntax, call: &ServeCall) -> Range<usize> {
    match call {
        ServeCall::Plain(call) => syntax.range(&call.call.func),
        ServeCall::InMacro(at) => at.clone(),
    }
}

/// Every identifier in these bytes, macro arguments included.
fn names_in(syntax: &Syntax, range: Range<usize>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![syntax.tokens.clone()];
    while let Some(stream) = open.pop() {
        for token in stream {
            let at = syntax.span(token.span());
            match token {
                _ if at.end <= range.start || range.end <= at.start => {}
                TokenTree::Ident(ident) => drop(found.insert(ident.unraw().to_string())),
                TokenTree::Group(group) => open.push(group.stream()),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
