//! The routes that stand in the way of a path.

use std::ops::Range;

use super::package::{Package, Place};
use super::paths::{join, needle, occupies};
use super::router_calls::{Argument, Home, PathText, RouterCall, router_calls};

/// A route or nest of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its path, nesting included as far as that is plain.
    pub path: String,
    /// Where its own part of the path is written.
    pub place: Place,
}

/// Nesting that is followed from file to file.
const MAX_DEPTH: usize = 6;

impl Package {
    /// The routes, nests and services that are at `path` or below it. A router whose place in the tree of routers does
    /// not show is taken to stand at the top.
    pub fn routes_at(&self, path: &str) -> Vec<Route> {
        let needle = needle(path);
        let mut found = Vec::new();
        for (file, syntax) in self.parsed_with(&[&needle]) {
            if !self.is_shipped(file) {
                continue;
            }
            let read = router_calls(syntax);
            let constants = read.constants.iter().filter(|(_, value)| value.contains(&needle));
            for (name, value) in constants {
                found.extend(self.routes_by_constant(name, value));
            }
            for call in &read.calls {
                if let PathText::Literal(own) = &call.path
                    && own.contains(&needle)
                {
                    let place = self.place(file, call.place.clone());
                    let prefixes = self.prefixes(file, &read.calls, call, 0);
                    found.extend(prefixes.iter().map(|prefix| (join(prefix, own), place.clone())));
                }
            }
            found.extend(read.documented.into_iter().map(|(path, at)| (path, self.place(file, at))));
        }
        let mut routes: Vec<Route> = found
            .into_iter()
            .filter(|(existing, _)| occupies(existing, path))
            .map(|(path, place)| Route { path, place })
            .collect();
        routes.dedup();
        routes
    }

    /// Routes whose path is the constant `name`.
    fn routes_by_constant(&self, name: &str, value: &str) -> Vec<(String, Place)> {
        let mut found = Vec::new();
        for (file, syntax) in self.parsed_with(&[name]) {
            if !self.is_shipped(file) {
                continue;
            }
            let calls = router_calls(syntax).calls;
            for call in calls.iter().filter(|call| matches!(&call.path, PathText::Constant(used) if used == name)) {
                let prefixes = self.prefixes(file, &calls, call, 0);
                let place = self.place(file, call.place.clone());
                found.extend(prefixes.iter().map(|prefix| (join(prefix, value), place.clone())));
            }
        }
        found
    }

    /// The paths under which the router of `call` is nested; `""` for the top.
    fn prefixes(&self, file: &str, calls: &[RouterCall], call: &RouterCall, depth: usize) -> Vec<String> {
        if let Some(nest) = calls.iter().filter(|nest| holds(nest, &call.place)).min_by_key(|nest| length(nest)) {
            return self.below(file, calls, nest, depth);
        }
        if depth == MAX_DEPTH {
            return vec![String::new()];
        }
        if let Some(binding) = &call.home.binding {
            let uses = calls.iter().filter(|user| {
                user.home.function == call.home.function
                    && user.place.start > call.place.start
                    && matches!(&user.argument, Some((Argument::Binding(name), _)) if name == binding)
            });
            let prefixes: Vec<String> = uses.flat_map(|user| self.below(file, calls, user, depth + 1)).collect();
            if !prefixes.is_empty() {
                return prefixes;
            }
        }
        self.prefixes_of_function(&call.home, depth)
    }

    /// The paths under which the result of a function is nested.
    fn prefixes_of_function(&self, home: &Home, depth: usize) -> Vec<String> {
        let mut prefixes = Vec::new();
        let name = home.name.as_str();
        let combines = |text: &str| text.contains(name) && (text.contains(".nest") || text.contains(".merge"));
        for (file, syntax) in self.parsed_where(combines) {
            if name.is_empty() || !self.is_shipped(file) {
                continue;
            }
            let calls = router_calls(syntax).calls;
            let uses = calls
                .iter()
                .filter(|user| matches!(&user.argument, Some((Argument::Function(used), _)) if used == name));
            prefixes.extend(uses.flat_map(|user| self.below(file, &calls, user, depth + 1)));
        }
        if prefixes.is_empty() { vec![String::new()] } else { prefixes }
    }

    /// The full paths at which `user`, a nest or a merge, puts its argument.
    fn below(&self, file: &str, calls: &[RouterCall], user: &RouterCall, depth: usize) -> Vec<String> {
        let own = match &user.path {
            PathText::Literal(own) => own.as_str(),
            PathText::Constant(_) | PathText::None => "",
        };
        self.prefixes(file, calls, user, depth).iter().map(|prefix| join(prefix, own)).collect()
    }
}

/// True when the router that `nest` takes as its argument is written in place and holds these bytes.
fn holds(nest: &RouterCall, place: &Range<usize>) -> bool {
    nest.argument.as_ref().is_some_and(|(_, at)| at.start <= place.start && place.end <= at.end)
}

fn length(nest: &RouterCall) -> usize {
    nest.argument.as_ref().map_or(0, |(_, at)| at.len())
}

#[cfg(test)]
mod tests;
