//! Where all servers of a package take the one router that they serve, and whether lines that are
//! added there are certain to extend it.

mod seen;

use std::collections::BTreeSet;
use std::ptr;

use syn::{Block, Expr, Local};

use self::seen::Seen;
use super::merge_place::{Function, Handed, Router, Search};
use super::package::Package;
use super::position::{home, is_plain, last_let};
use super::serve::{ServeSite, names_in};
use super::servers::Server;
use super::shadow::changes;
use super::target::Target;
use super::typing::{Typing, Unknown};
use crate::edit::is_first;
use crate::edit::rust::{Anchor, BY_HANDLE, GRACEFUL, serve_calls};

/// A server, and the router that it is handed.
struct Serving<'s> {
    seen: &'s Seen<'s>,
    handed: Handed<'s>,
}

impl Package {
    /// The place at which `servers` of this package are extended.
    ///
    /// # Errors
    /// Why they cannot be by added lines alone, and where.
    pub(super) fn site(&self, servers: &[&Server<'_>], axum: &str) -> Result<ServeSite, Unknown> {
        let seen: Vec<Seen> = servers.iter().map(|server| Seen::of(server)).collect();
        let serving = seen.iter().map(|seen| self.serving(seen, axum));
        let serving = common(serving.collect::<Result<Vec<_>, _>>()?);
        let nothing = || Unknown { at: 0..0, reason: "nothing serves".to_owned() };
        let first = serving.first().ok_or_else(nothing)?;
        let function = first.seen.function()?;
        let calls =
            self.calls_of(first.seen.server.file, first.seen.server.syntax, function.signature);
        if calls > 1 {
            let name = &function.signature.ident;
            return Err(first.seen.unknown(format!("`{name}` around it is called more than once")));
        }
        let (block, index) = self.chosen(&serving, first, &function)?;
        let Server { file, syntax, .. } = first.seen.server;
        let range = syntax.range(&block.stmts[index]);
        let anchor = Anchor::at(self.text(file).unwrap_or_default(), syntax, &range)
            .ok_or_else(|| first.seen.unknown("its statement is not found"))?;
        let (router, is_binding) = match &first.handed.router {
            Router::Binding(name, _) => (name.clone(), true),
            Router::Expression(text) => (text.clone(), false),
        };
        let body = syntax.range(function.signature).start..syntax.range(function.body).end;
        let names = names_in(syntax, body);
        Ok(ServeSite {
            place: self.place(file, range),
            anchor,
            router,
            is_binding,
            cloned: serving.iter().all(|one| one.handed.cloned),
            function: function.signature.ident.to_string(),
            context: first.seen.context(block),
            servers: positions(&serving, axum),
            has_signal: have_signals(&serving, block),
            ended_by: self.ended_by(&serving, &names),
            names,
            merge: None,
        })
    }

    /// The method by which the servers end, in a function with these `names`.
    fn ended_by(&self, serving: &[Serving<'_>], names: &BTreeSet<String>) -> Option<&'static str> {
        if names.contains(GRACEFUL) {
            return Some(GRACEFUL);
        }
        let call = format!(".{BY_HANDLE}(");
        let files = self.parsed_where(|text| text.contains(&call));
        let has_handle = serving.iter().any(|one| one.seen.is_of_axum_server())
            && files.into_iter().any(|(file, _)| self.is_shipped(file));
        has_handle.then_some(BY_HANDLE)
    }

    /// What `seen` is handed.
    fn serving<'s>(&'s self, seen: &'s Seen<'s>, axum: &'s str) -> Result<Serving<'s>, Unknown> {
        let Server { file, syntax, .. } = seen.server;
        let function = seen.function()?;
        let service = seen.service()?;
        let target = Target::Router { axum };
        let (names, signature) = (&seen.names, function.signature);
        let typing = Typing { package: self, file, syntax, names, signature, target };
        let search = Search { typing, function: &function };
        match search.handed(service, &function.position) {
            Ok(handed) => Ok(Serving { seen, handed }),
            Err(Unknown { at, reason }) => {
                let what = seen.what(service);
                Err(Unknown {
                    at,
                    reason: format!("{what} is not certain to be a router: {reason}"),
                })
            }
        }
    }

    /// The innermost statement before which the router of all can be extended.
    fn chosen<'s>(
        &self,
        serving: &[Serving<'s>],
        first: &Serving<'s>,
        function: &Function<'s>,
    ) -> Result<(&'s Block, usize), Unknown> {
        if let Some(other) = serving.iter().find(|other| !other.takes_what(first)) {
            return Err(other.seen.unknown("it serves another router"));
        }
        let all = first.handed.position[..=first.reach()].iter().filter_map(|(block, _)| {
            let indices = serving.iter().map(|one| one.index_in(block));
            Some((*block, indices.collect::<Option<Vec<_>>>()?.into_iter().min()?))
        });
        let (early, once): (Vec<_>, Vec<_>) = all
            .filter(|(block, _)| !function.repeats(block))
            .partition(|(block, _)| function.is_early(block));
        let Server { file, syntax, .. } = first.seen.server;
        let text = self.text(file).unwrap_or_default();
        let begins_line = |(block, index): &&(&Block, usize)| {
            is_first(text, syntax.range(&block.stmts[*index]).start)
        };
        let Some((block, index)) = once.iter().find(begins_line).or(once.first()) else {
            return Err(first.seen.unknown(match early.as_slice() {
                [] => first.seen.repeats(),
                _ => "the router is taken before the runtime runs".to_owned(),
            }));
        };
        match &first.handed.router {
            Router::Binding(name, _) if changes(&block.stmts[*index..], name) => {
                Err(first.seen.unknown(format!("`{name}` is changed on the way to it")))
            }
            Router::Expression(_) => match first.seen.closed(block) {
                None => Ok((block, *index)),
                Some(reason) => Err(first.seen.unknown(reason)),
            },
            Router::Binding(..) => Ok((block, *index)),
        }
    }
}

impl Server<'_> {
    /// True when it serves a closure, and no router.
    pub(super) fn answers_by_closure(&self) -> bool {
        let seen = Seen::of(self);
        let (Ok(function), Ok(service)) = (seen.function(), seen.service()) else { return false };
        is_closure(service, &function.position)
    }
}

fn is_closure(service: &Expr, position: &[(&Block, usize)]) -> bool {
    match service {
        Expr::Closure(_) => true,
        Expr::Paren(inner) => is_closure(&inner.expr, position),
        Expr::MethodCall(call) => is_closure(&call.receiver, position),
        Expr::Path(path) => {
            let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
            let local = last_let(&name, position).filter(|_| is_plain(&name, position));
            let init = local.and_then(|(local, before)| Some((local.init.as_ref()?, before)));
            init.is_some_and(|(init, before)| is_closure(&init.expr, &before))
        }
        _ => false,
    }
}

/// The same, each with the binding of which its own is a clone, where they have none in common.
fn common(serving: Vec<Serving<'_>>) -> Vec<Serving<'_>> {
    if serving.iter().all(|one| one.takes_what(&serving[0])) {
        return serving;
    }
    serving.into_iter().map(|one| Serving { handed: one.handed.origin(), ..one }).collect()
}

impl<'s> Serving<'s> {
    /// True when both are handed the same binding, or are one.
    fn takes_what(&self, other: &Self) -> bool {
        let is_same = |one: Option<&Local>, other: Option<&Local>| match (one, other) {
            (Some(one), Some(other)) => ptr::eq(one, other),
            (None, None) => true,
            _ => false,
        };
        match (&self.handed.router, &other.handed.router) {
            (Router::Binding(name, one), Router::Binding(of, two)) => {
                name == of && is_same(*one, *two) && ptr::eq(self.body(), other.body())
            }
            _ => ptr::eq(self, other),
        }
    }

    /// The body of the function, which is the outermost block.
    fn body(&self) -> *const Block {
        self.handed.position.last().map_or(ptr::null(), |(block, _)| ptr::from_ref(*block))
    }

    /// The statement of `block` that takes its router.
    fn index_in(&self, block: &Block) -> Option<usize> {
        let mut position = self.handed.position.iter();
        position.find(|(other, _)| ptr::eq(*other, block)).map(|(_, index)| *index)
    }

    /// How far out its router can be extended: the block that binds it, or for a router without a
    /// name the whole function.
    fn reach(&self) -> usize {
        let position = self.handed.position.as_slice();
        let last = position.len().saturating_sub(1);
        let Router::Binding(name, Some(_)) = &self.handed.router else { return last };
        home(name, position).unwrap_or(last)
    }
}

/// Which servers of axum in their file these are.
fn positions(serving: &[Serving<'_>], axum: &str) -> Vec<usize> {
    let position = |one: &Serving| {
        let Server { syntax, at, .. } = one.seen.server;
        serve_calls(syntax, axum).iter().position(|call| call.name(syntax) == *at)
    };
    serving.iter().filter_map(position).collect()
}

/// True when the signals of all can take in what a statement of `block` binds.
fn have_signals(serving: &[Serving<'_>], block: &Block) -> bool {
    let fits = |one: &Serving| one.seen.has_signal() && one.seen.closed(block).is_none();
    let takes = |one: &Serving| one.seen.takes(block);
    serving.iter().all(fits) && (serving.len() == 1 || !serving.iter().any(takes))
}

#[cfg(test)]
mod tests;
