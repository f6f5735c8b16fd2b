//! Where the package serves, and whether a router can be merged there by added lines alone.

use std::collections::BTreeSet;
use std::ops::Range;

use proc_macro2::TokenTree;
use syn::ext::IdentExt;

use super::package::{Package, Place};
use super::target::{Shape, Target};
use super::typing::{Typing, Unknown};
use crate::edit::rust::{CALLED_TWICE, Context, Follow, Names, PlainCall, Syntax, serve_calls};

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
    /// True when a clone of it is served: merging must then start from a clone too, as the binding may be used elsewhere.
    pub cloned: bool,
    /// Name of the function around the call.
    pub function: String,
    /// What an inserted statement may do with an error.
    pub context: Context,
    /// Whether statements can follow the one that waits for the server.
    pub follow: Follow,
    /// Every name that occurs in the function: a new binding must have another.
    pub names: BTreeSet<String>,
}

impl Package {
    /// The package's one call of `axum::serve`; `axum` is the crate's name in the project's code.
    pub fn serve(&self, axum: &str) -> Serve {
        let files = self.parsed_where(|text| text.contains(axum) && has_word(text, "serve"));
        let calls = files
            .iter()
            .filter(|(file, _)| self.is_shipped(file))
            .flat_map(|(file, syntax)| serve_calls(syntax, axum).into_iter().map(|call| (*file, *syntax, call)));
        let calls: Vec<_> = calls.collect();
        let by_hand = |file: &str, at: Range<usize>, reason: &str| Serve::ByHand {
            reason: reason.to_owned(),
            at: self.place(file, at),
        };
        match calls.as_slice() {
            [] => Serve::Missing,
            [(file, syntax, call)] => match call.plain() {
                Ok(plain) => self
                    .site(file, syntax, plain, axum)
                    .map_or_else(|unknown| by_hand(file, unknown.at, &unknown.reason), Serve::Site),
                Err(reason) => by_hand(file, call.name(syntax), reason),
            },
            [_, (file, syntax, second), ..] => by_hand(file, second.name(syntax), CALLED_TWICE),
        }
    }

    fn site(&self, file: &str, syntax: &Syntax, call: &PlainCall, axum: &str) -> Result<ServeSite, Unknown> {
        let unknown = |reason: String| Unknown { at: syntax.range(&call.call.func), reason };
        let (Some((signature, body)), Some((block, index))) = (call.function(), call.statement()) else {
            return Err(unknown("axum::serve is called outside a function".to_owned()));
        };
        if self.calls_of(file, syntax, signature) > 1 {
            return Err(unknown(format!("`{}` around it is called more than once", signature.ident)));
        }
        let Some(service) = call.service() else {
            return Err(unknown("what axum::serve gets is not a plain binding".to_owned()));
        };
        let names = Names::of(&syntax.file);
        let target = Target::Router { axum };
        let typing = Typing { package: self, file, syntax, names: &names, signature, target };
        let position: Vec<_> = call.blocks().collect();
        match typing.binding(&service.to_string(), &position) {
            Ok(Shape::Value) => {}
            Ok(Shape::Fallible) => return Err(unknown(format!("`{service}` is not certain to be a router"))),
            Err(end) => {
                let reason = format!("`{service}` is not certain to be a router: {}", end.reason);
                return Err(Unknown { at: end.at, reason });
            }
        }
        Ok(ServeSite {
            place: self.place(file, syntax.range(&block.stmts[index])),
            service: service.to_string(),
            cloned: call.serves_clone(),
            function: signature.ident.to_string(),
            context: names.context(&call.frames),
            follow: call.follow(),
            names: names_in(syntax, syntax.range(signature).start..syntax.range(body).end),
        })
    }
}

/// True when `text` holds `word` with no letter, digit or underscore before or behind it.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_part = |next: char| next.is_alphanumeric() || next == '_';
    let goes_on = |at: usize| text[..at].ends_with(is_part) || text[at + word.len()..].starts_with(is_part);
    text.match_indices(word).any(|(at, _)| !goes_on(at))
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
