//! The places where a package serves, by whatever crate that is known to.

use std::ops::Range;

use proc_macro2::TokenStream;
use syn::{Expr, ItemFn};

use super::package::Package;
use super::resolve::{Lead, Resolver};
use super::serve::has_word;
use crate::edit::rust::{
    Frame, Listener, MacroCall, PlainCall, ServeCall, Syntax, in_test, segments, serve_calls,
    token_paths, walk,
};

/// What other crates serve with, or mark with that a function serves: the crate's name in code, and
/// how a path into it ends. A `*` stands for any ending.
const SERVERS: [(&str, &str); 40] = [
    ("actix_http", "HttpService::build"),
    ("actix_web", "HttpServer::new"),
    ("axum_server", "bind*"),
    ("axum_server", "from_tcp*"),
    ("axum_server", "Server::*"),
    ("axum_server_dual_protocol", "bind*"),
    ("dioxus", "serve"),
    ("dioxus_server", "serve"),
    ("dropshot", "HttpServerStarter::*"),
    ("dropshot", "ServerBuilder::*"),
    ("gotham", "start*"),
    ("gotham", "init_server*"),
    ("hyper", "Server::*"),
    ("hyper", "server::conn::Http::new"),
    ("hyper", "server::conn::http1::Builder::new"),
    ("hyper", "server::conn::http2::Builder::new"),
    ("hyper_server", "bind*"),
    ("hyper_util", "auto::Builder::new"),
    ("jsonrpsee", "Server::builder"),
    ("jsonrpsee", "ServerBuilder::*"),
    ("lambda_http", "run*"),
    ("loco_rs", "cli::main"),
    ("ntex", "HttpServer::new"),
    ("ntex", "web::server"),
    ("poem", "Server::new*"),
    ("rocket", "build"),
    ("rocket", "custom"),
    ("rocket", "launch"),
    ("rouille", "start_server*"),
    ("salvo", "Server::new"),
    ("shuttle_runtime", "main"),
    ("shuttle_service", "main"),
    ("tide", "new"),
    ("tide", "with_state"),
    ("tiny_http", "Server::*"),
    ("tonic", "Server::builder"),
    ("vercel_runtime", "run"),
    ("viz", "serve"),
    ("warp", "serve"),
    ("worker", "event"),
];

/// A place where a package serves.
pub(super) struct Server<'p> {
    pub(super) file: &'p str,
    pub(super) syntax: &'p Syntax,
    /// The bytes of the name that it is known by.
    pub(super) at: Range<usize>,
    pub(super) kind: Kind<'p>,
}

/// By what a place serves.
pub(super) enum Kind<'p> {
    /// A call of `axum::serve`.
    Axum(ServeCall<'p>),
    /// Another crate's server, by its path.
    Other {
        name: String,
        /// Everything around it, outermost first.
        frames: Vec<Frame<'p>>,
        /// The arguments of the macro that it stands in.
        tokens: Option<&'p TokenStream>,
    },
    /// A function that an attribute of this path makes the server.
    Function { name: String, item: &'p ItemFn, frames: Vec<Frame<'p>> },
}

impl<'p> Server<'p> {
    /// What it is called in a message.
    pub(super) fn name(&self) -> &str {
        match &self.kind {
            Kind::Axum(_) => "axum::serve",
            Kind::Other { name, .. } | Kind::Function { name, .. } => name,
        }
    }

    /// Everything around it, outermost first; a function serves by its last statement.
    pub(super) fn frames(&self) -> Vec<Frame<'p>> {
        match &self.kind {
            Kind::Axum(
                ServeCall::Plain(PlainCall { frames, .. })
                | ServeCall::InMacro(MacroCall { frames, .. }),
            )
            | Kind::Other { frames, .. } => frames.clone(),
            Kind::Function { item, frames, .. } => {
                let last = item.block.stmts.len().checked_sub(1);
                let last = last.map(|last| Frame::Statement(&item.block, last));
                let inside = [Frame::Function(&item.sig, &item.block)].into_iter().chain(last);
                frames.iter().copied().chain(inside).collect()
            }
        }
    }
}

impl Package {
    /// All places in shipped code outside tests that serve; `axum` is that crate's name in the
    /// project's code.
    pub(super) fn servers(&self, axum: &str) -> Vec<Server<'_>> {
        let resolver = Resolver::new(self, Vec::new());
        let mut found = Vec::new();
        let mentions = |text: &str, name: &str| text.contains(name) && has_word(text, name);
        let renamed: Vec<&str> = self.renamed().collect();
        let names = || SERVERS.iter().map(|(name, _)| *name).chain(renamed.iter().copied());
        for (file, syntax) in
            self.parsed_where(|text| names().chain([axum]).any(|name| mentions(text, name)))
        {
            if !self.is_shipped(file) {
                continue;
            }
            found.extend(serve_calls(syntax, axum).into_iter().map(|call| {
                let at = call.name(syntax);
                Server { file, syntax, at, kind: Kind::Axum(call) }
            }));
            let mut finder =
                Finder { package: self, resolver: &resolver, file, syntax, found: Vec::new() };
            walk(&syntax.file, &mut finder);
            found.extend(finder.found);
        }
        found
    }
}

struct Finder<'p, 'r> {
    package: &'p Package,
    resolver: &'r Resolver<'p>,
    file: &'p str,
    syntax: &'p Syntax,
    found: Vec<Server<'p>>,
}

impl<'p> Finder<'p, '_> {
    /// The full path of a server that `path` names.
    fn server(&self, frames: &[Frame<'p>], path: &[String]) -> Option<String> {
        let leads = self.resolver.leads(self.file, frames, path);
        leads.into_iter().find_map(|lead| match lead {
            Lead::Foreign(mut full) => {
                full[0] = self.package.crate_of(&full[0]).to_owned();
                SERVERS.iter().any(|server| is(&full, *server)).then(|| full.join("::"))
            }
            Lead::Own(_) => None,
        })
    }

    fn push(&mut self, at: Range<usize>, kind: Kind<'p>) {
        self.found.push(Server { file: self.file, syntax: self.syntax, at, kind });
    }
}

impl<'p> Listener<'p> for Finder<'p, '_> {
    fn expression(&mut self, frames: &[Frame<'p>], expression: &'p Expr) {
        let Expr::Path(path) = expression else { return };
        if in_test(frames) {
            return;
        }
        if let Some(name) = self.server(frames, &segments(&path.path)) {
            let at = self.syntax.range(path);
            self.push(at, Kind::Other { name, frames: frames.to_vec(), tokens: None });
        }
    }

    fn macro_call(&mut self, frames: &[Frame<'p>], call: &'p syn::Macro) {
        if in_test(frames) {
            return;
        }
        for path in token_paths(&call.tokens).into_iter().filter(|path| path.arguments.is_some()) {
            if let Some(name) = self.server(frames, &path.segments) {
                let at = self.syntax.span(path.span);
                self.push(
                    at,
                    Kind::Other { name, frames: frames.to_vec(), tokens: Some(&call.tokens) },
                );
            }
        }
    }

    fn function(&mut self, frames: &[Frame<'p>], item: &'p ItemFn) {
        if in_test(frames) {
            return;
        }
        for attribute in &item.attrs {
            if let Some(name) = self.server(frames, &segments(attribute.path())) {
                let at = self.syntax.range(&item.sig.ident);
                self.push(at, Kind::Function { name, item, frames: frames.to_vec() });
            }
        }
    }
}

/// True when the path `full` leads into the crate and ends as `server` says.
fn is(full: &[String], server: (&str, &str)) -> bool {
    let (krate, end) = server;
    let Some((first, rest)) = full.split_first() else { return false };
    let end: Vec<&str> = end.split("::").collect();
    let is_same = |(own, wanted): (&String, &&str)| match wanted.strip_suffix('*') {
        Some(start) => own.starts_with(start),
        None => own == wanted,
    };
    first == krate
        && rest.len() >= end.len()
        && rest[rest.len() - end.len()..].iter().zip(&end).all(is_same)
}

#[cfg(test)]
mod tests;
