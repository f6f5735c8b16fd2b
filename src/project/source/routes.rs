//! The routes that stand in the way of a path.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::functions;
use super::package::{Package, Place};
use super::paths::{beside, join, needle, occupies};
use super::router_calls::{Argument, Home, PathText, RouterCall, RouterCalls, router_calls};

/// A route or nest of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its path, nesting included as far as that is plain.
    pub path: String,
    /// Where its own part of the path is written.
    pub place: Place,
}

/// Routes that are tried for one that is free.
const MAX_TRIES: usize = 8;
/// Nesting that is followed from function to function.
const MAX_DEPTH: usize = 6;

impl Package {
    /// The routes, nests and services that are at `path` or below it. A router whose place in the
    /// tree of routers does not show is taken to stand at the top.
    pub fn routes_at(&self, path: &str) -> Vec<Route> {
        let search = Search { package: self, read: RefCell::default(), known: RefCell::default() };
        let needle = needle(path);
        let mut found = Vec::new();
        for file in search.files(|text| text.contains(&needle)) {
            found.extend(search.routes_written_in(file, &needle));
        }
        found.retain(|route| occupies(&route.path, path));
        found.dedup();
        found
    }

    /// A route beside `path` at which neither this package nor one of its siblings has anything.
    pub fn free_route(&self, path: &str) -> Option<String> {
        let has_none = |route: &str| {
            self.siblings().chain([self]).all(|package| package.routes_at(route).is_empty())
        };
        beside(path).take(MAX_TRIES).find(|route| has_none(route))
    }
}

/// One question about routes, and the files that were read for it.
struct Search<'p> {
    package: &'p Package,
    read: RefCell<HashMap<&'p str, Rc<RouterCalls<'p>>>>,
    /// Prefixes by file and start of a function's name.
    known: RefCell<HashMap<(&'p str, usize), Vec<String>>>,
}

impl<'p> Search<'p> {
    /// The shipped files whose text can matter.
    fn files(&self, matters: impl Fn(&str) -> bool) -> Vec<&'p str> {
        let parsed = self.package.parsed_where(matters).into_iter();
        parsed.map(|(file, _)| file).filter(|file| self.package.is_shipped(file)).collect()
    }

    fn read(&self, file: &'p str) -> Option<Rc<RouterCalls<'p>>> {
        if let Some(read) = self.read.borrow().get(file) {
            return Some(Rc::clone(read));
        }
        let read = Rc::new(router_calls(self.package.syntax(file)?.ok()?));
        self.read.borrow_mut().insert(file, Rc::clone(&read));
        Some(read)
    }

    /// Everything in `file` that names a path with `needle` in it.
    fn routes_written_in(&self, file: &'p str, needle: &str) -> Vec<Route> {
        let Some(read) = self.read(file) else { return Vec::new() };
        let mut found = Vec::new();
        for (name, value) in read.constants.iter().filter(|(_, value)| value.contains(needle)) {
            for user in self.files(|text| text.contains(name.as_str())) {
                let uses = |call: &RouterCall| matches!(&call.path, PathText::Constant(used) if used == name);
                found.extend(self.routes_of(user, uses, value));
            }
        }
        for call in &read.calls {
            if let PathText::Literal(own) = &call.path
                && own.contains(needle)
            {
                found.extend(self.routes_of(file, |other| other.place == call.place, own));
            }
        }
        let place = |at: &Range<usize>| self.package.place(file, at.clone());
        found.extend(
            read.documented.iter().map(|(path, at)| Route { path: path.clone(), place: place(at) }),
        );
        found
    }

    /// The calls of `file` that `chosen` picks, as routes whose own part is `own`.
    fn routes_of(
        &self,
        file: &'p str,
        chosen: impl Fn(&RouterCall) -> bool,
        own: &str,
    ) -> Vec<Route> {
        let Some(read) = self.read(file) else { return Vec::new() };
        let mut found = Vec::new();
        for call in read.calls.iter().filter(|call| chosen(call)) {
            let place = self.package.place(file, call.place.clone());
            let prefixes = self.prefixes(file, &read.calls, call, 0);
            found.extend(
                prefixes
                    .iter()
                    .map(|prefix| Route { path: join(prefix, own), place: place.clone() }),
            );
        }
        found
    }

    /// The paths under which the router of `call` is nested; `""` for the top.
    fn prefixes(
        &self,
        file: &'p str,
        calls: &[RouterCall<'p>],
        call: &RouterCall<'p>,
        depth: usize,
    ) -> Vec<String> {
        if let Some(nest) =
            calls.iter().filter(|nest| holds(nest, &call.place)).min_by_key(|nest| length(nest))
        {
            return self.below(file, calls, nest, depth);
        }
        if depth == MAX_DEPTH {
            return vec![String::new()];
        }
        if let Some(binding) = &call.home.binding {
            let later = calls.iter().filter(|user| user.place.start > call.place.start);
            let uses = later
                .filter(|user| user.home.function == call.home.function && takes(user, binding));
            let prefixes: Vec<String> =
                uses.flat_map(|user| self.below(file, calls, user, depth + 1)).collect();
            if !prefixes.is_empty() {
                return prefixes;
            }
        }
        self.prefixes_of_function(file, &call.home, depth)
    }

    /// The paths under which the result of the function is nested; the top too when nothing is
    /// certain to use it.
    fn prefixes_of_function(&self, file: &'p str, home: &Home, depth: usize) -> Vec<String> {
        let key = (file, home.function.start);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let prefixes = self.uses_of_function(file, home, depth);
        self.known.borrow_mut().insert(key, prefixes.clone());
        prefixes
    }

    fn uses_of_function(&self, file: &str, home: &Home, depth: usize) -> Vec<String> {
        let name = home.name.as_str();
        let combines =
            |text: &str| text.contains(name) && (text.contains(".nest") || text.contains(".merge"));
        let (mut prefixes, mut certain) = (Vec::new(), false);
        for user_file in if name.is_empty() { Vec::new() } else { self.files(combines) } {
            let Some(read) = self.read(user_file) else { continue };
            for user in &read.calls {
                let Some((Argument::Function(path), _)) = &user.argument else { continue };
                if path.segments.last().is_none_or(|last| last.ident != name) {
                    continue;
                }
                let called =
                    functions::called(self.package, user_file, &read.imports.resolve(path));
                let is_home = |function: &functions::Function| {
                    function.file == file
                        && function.syntax.range(&function.signature.ident) == home.function
                };
                if called.iter().any(is_home) {
                    certain |= called.len() == 1;
                    prefixes.extend(self.below(user_file, &read.calls, user, depth + 1));
                }
            }
        }
        if !certain {
            prefixes.push(String::new());
        }
        prefixes
    }

    /// The full paths at which `user`, a nest or a merge, puts its argument.
    fn below(
        &self,
        file: &'p str,
        calls: &[RouterCall<'p>],
        user: &RouterCall<'p>,
        depth: usize,
    ) -> Vec<String> {
        let own = match &user.path {
            PathText::Literal(own) => own.clone(),
            PathText::Constant(name) => self.constant(name).unwrap_or_default(),
            PathText::None => String::new(),
        };
        self.prefixes(file, calls, user, depth).iter().map(|prefix| join(prefix, &own)).collect()
    }

    /// The value of a string constant.
    fn constant(&self, name: &str) -> Option<String> {
        let files = self.files(|text| text.contains("const") && text.contains(name));
        files.into_iter().find_map(|file| {
            let read = self.read(file)?;
            read.constants.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
        })
    }
}

/// True when `user` nests or merges the binding.
fn takes(user: &RouterCall, binding: &str) -> bool {
    matches!(&user.argument, Some((Argument::Binding(name), _)) if name == binding)
}

/// True when the router that `nest` takes as its argument is written in place and holds these
/// bytes.
fn holds(nest: &RouterCall, place: &Range<usize>) -> bool {
    nest.argument.as_ref().is_some_and(|(_, at)| at.start <= place.start && place.end <= at.end)
}

fn length(nest: &RouterCall) -> usize {
    nest.argument.as_ref().map_or(0, |(_, at)| at.len())
}

#[cfg(test)]
mod tests;
