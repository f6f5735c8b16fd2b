//! Where the package serves, and whether a router can be merged there by added lines alone.

use std::collections::BTreeSet;
use std::ops::Range;
use std::ptr;

use proc_macro2::TokenTree;
use syn::ext::IdentExt;

use super::merge_place::MergePlace;
use super::package::{Package, Place};
use super::servers::Server;
use super::typing::Unknown;
use crate::edit::rust::{Anchor, Context, Syntax};

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

/// A place at which the router that is served can be extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeSite {
    /// The statement before which that is done.
    pub place: Place,
    /// The same, to be found again.
    pub anchor: Anchor,
    /// The router as the statement has it: a binding, or an expression that makes it.
    pub router: String,
    /// True for a binding.
    pub is_binding: bool,
    /// True when a clone of it is served: merging must then start from a clone too, as the binding
    /// may be used elsewhere.
    pub cloned: bool,
    /// Name of the function around the statement.
    pub function: String,
    /// What an inserted statement may do with an error.
    pub context: Context,
    /// The servers of axum that take the router, by their order in the file.
    pub servers: Vec<usize>,
    /// The servers end at signals, which can be wrapped.
    pub has_signal: bool,
    /// The method by which the servers end, where that is there.
    pub ended_by: Option<&'static str>,
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
        // One that answers by a closure sends clients to another.
        if servers.iter().any(|(_, server)| !server.answers_by_closure()) {
            servers.retain(|(_, server)| !server.answers_by_closure());
        }
        let Some((package, _)) = servers.first() else { return Serve::Missing };
        let all: Vec<_> = servers.iter().map(|(_, server)| server).collect();
        let is_one = servers.iter().all(|(other, _)| ptr::eq(*other, *package));
        let found = if is_one { Some(package.site(&all, axum)) } else { None };
        match (found, servers.as_slice()) {
            (Some(Ok(site)), [(_, first), ..]) => {
                let merge = package.merge_place(first, axum);
                if ptr::eq(*package, self) {
                    return Serve::Site(ServeSite { merge, ..site });
                }
                let reason = "another package of the workspace serves".to_owned();
                Serve::ByHand { reason, at: site.place, merge }
            }
            (Some(Err(Unknown { at, reason })), [(_, server)]) => {
                let merge = package.merge_place(server, axum);
                Serve::ByHand { reason, at: package.place(server.file, at), merge }
            }
            (_, servers) => {
                let served = servers.iter().map(|(package, server)| Served {
                    at: package.place(server.file, server.at.clone()),
                    merge: package.merge_place(server, axum),
                });
                Serve::Several(served.collect())
            }
        }
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
