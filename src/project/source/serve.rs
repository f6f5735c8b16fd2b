//! Where the package serves, and whether a router can be merged there by added lines alone.

use std::collections::BTreeSet;
use std::ops::Range;
use std::ptr;

use proc_macro2::TokenTree;
use syn::ext::IdentExt;

use super::merge_place::MergePlace;
use super::package::{Package, Place};
use super::servers::{Kind, Server};
use super::target::{Shape, Target};
use super::typing::{Typing, Unknown};
use crate::edit::rust::{Context, Names, PlainCall, Syntax};

/// What is known about where the package serves, outside tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serve {
    /// In one place, by `axum::serve`, whose service is a binding that is certain to be a router.
    Site(ServeSite),
    /// In one place that cannot be extended by added lines alone, or not with certainty.
    ByHand {
        /// Why, in lower case without a trailing dot.
        reason: String,
        /// The server, or where the trail to the type of what it serves ends.
        at: Place,
        /// Where the owner can extend the router.
        merge: Option<MergePlace>,
    },
    /// In several places, of which any may be meant.
    Several(Vec<Served>),
    /// No library or binary of the package does, as far as shows.
    Missing,
}

/// One of several places that serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The name of the server.
    pub at: Place,
    /// Where the owner can extend its router.
    pub merge: Option<MergePlace>,
}

/// A call of `axum::serve` that can be extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeSite {
    /// The statement that holds the call.
    pub place: Place,
    /// The binding that is served.
    pub service: String,
    /// True when a clone of it is served: merging must then start from a clone too, as the binding
    /// may be used elsewhere.
    pub cloned: bool,
    /// Name of the function around the call.
    pub function: String,
    /// What an inserted statement may do with an error.
    pub context: Context,
    /// The server ends at a signal that stands here.
    pub has_signal: bool,
    /// Every name that occurs in the function: a new binding must have another.
    pub names: BTreeSet<String>,
    /// Where the owner can extend the router, should something else be in the way.
    pub merge: Option<MergePlace>,
}

impl Package {
    /// Where the package serves; `axum` is the crate's name in the project's code.
    pub fn serve(&self, axum: &str) -> Serve {
        let mut servers: Vec<(&Self, Server<'_>)> = Vec::new();
        for package in [self].into_iter().chain(self.siblings()) {
            servers.extend(package.servers(axum).into_iter().map(|server| (package, server)));
        }
        match servers.as_slice() {
            [] => Serve::Missing,
            [(package, server)] => {
                let merge = package.merge_place(server, axum);
                match package.extensible(server, axum) {
                    Ok(site) if ptr::eq(*package, self) => Serve::Site(ServeSite { merge, ..site }),
                    Ok(site) => Serve::ByHand {
                        reason: "another package of the workspace serves".to_owned(),
                        at: site.place,
                        merge,
                    },
                    Err(Unknown { at, reason }) => {
                        Serve::ByHand { reason, at: package.place(server.file, at), merge }
                    }
                }
            }
            servers => {
                let served = servers.iter().map(|(package, server)| Served {
                    at: package.place(server.file, server.at.clone()),
                    merge: package.merge_place(server, axum),
                });
                Serve::Several(served.collect())
            }
        }
    }

    /// What `server` is as a site.
    fn extensible(&self, server: &Server<'_>, axum: &str) -> Result<ServeSite, Unknown> {
        let Kind::Axum(call) = &server.kind else {
            let reason = format!("{} serves here, which is for you to extend", server.name());
            return Err(Unknown { at: server.at.clone(), reason });
        };
        match call.plain() {
            Ok(plain) => self.site(server.file, server.syntax, plain, axum),
            Err(reason) => Err(Unknown { at: server.at.clone(), reason: reason.to_owned() }),
        }
    }

    fn site(
        &self,
        file: &str,
        syntax: &Syntax,
        call: &PlainCall,
        axum: &str,
    ) -> Result<ServeSite, Unknown> {
        let unknown = |reason: String| Unknown { at: syntax.range(&call.call.func), reason };
        let (Some((signature, body)), Some((block, index))) = (call.function(), call.statement())
        else {
            return Err(unknown("axum::serve is called outside a function".to_owned()));
        };
        if self.calls_of(file, syntax, signature) > 1 {
            return Err(unknown(format!(
                "`{}` around it is called more than once",
                signature.ident
            )));
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
            Ok(Shape::Fallible) => {
                return Err(unknown(format!("`{service}` is not certain to be a router")));
            }
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
            has_signal: call.signal().is_some(),
            names: names_in(syntax, syntax.range(signature).start..syntax.range(body).end),
            merge: None,
        })
    }
}

/// True when `text` holds `word` with no letter, digit or underscore before or behind it.
pub fn has_word(text: &str, word: &str) -> bool {
    let is_part = |next: char| next.is_alphanumeric() || next == '_';
    let goes_on =
        |at: usize| text[..at].ends_with(is_part) || text[at + word.len()..].starts_with(is_part);
    text.match_indices(word).any(|(at, _)| !goes_on(at))
}

/// Every identifier in these bytes, macro arguments included.
pub(super) fn names_in(syntax: &Syntax, range: Range<usize>) -> BTreeSet<String> {
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
