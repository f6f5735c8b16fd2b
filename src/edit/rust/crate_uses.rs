//! What a source takes out of a crate.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use super::mentions::{Found, visit};
use super::syntax::Syntax;
use super::tokens::{is_ident, is_punct};

/// The name of a use that may take anything out of a crate: a glob, the crate under another name, a
/// source that does not parse.
pub const ANYTHING: &str = "*";

/// A path into a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateUse {
    /// The crate's name.
    pub krate: String,
    /// The names behind the crate's own, as `time` and `sleep`; [`ANYTHING`] alone where it can be
    /// all of it; a method with its dot.
    pub names: Vec<String>,
    /// True in code that is compiled for tests only.
    pub test: bool,
}

/// A crate to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The name that code uses for it.
    pub krate: String,
    /// Methods of its types (`query_async`), which count in the files that name the crate.
    pub methods: BTreeSet<String>,
}

/// What `source` takes out of the crates `all`.
pub fn uses_of_crates(source: &str, all: &[Sought]) -> Vec<CrateUse> {
    let mentioned: Vec<&Sought> =
        all.iter().filter(|sought| source.contains(&sought.krate)).collect();
    if mentioned.is_empty() {
        return Vec::new();
    }
    let Ok(syntax) = Syntax::parse(source) else {
        let names = || vec![ANYTHING.to_owned()];
        return mentioned
            .iter()
            .map(|one| CrateUse { krate: one.krate.clone(), names: names(), test: false })
            .collect();
    };
    mentioned.iter().flat_map(|sought| uses_in(&syntax, sought)).collect()
}

fn uses_in(syntax: &Syntax, sought: &Sought) -> Vec<CrateUse> {
    let mut uses = Vec::new();
    let krate = &sought.krate;
    visit(syntax, krate, &mut |found, _| {
        let mut paths = Vec::new();
        if is_of_crate(found) {
            collect(found.after(), Vec::new(), &mut paths);
        }
        let test = found.test;
        uses.extend(paths.into_iter().map(|names| CrateUse { krate: krate.clone(), names, test }));
    });
    if uses.is_empty() {
        return uses;
    }
    for method in &sought.methods {
        visit(syntax, method, &mut |found, _| {
            if found.before().last().is_some_and(|dot| is_punct(dot, '.')) {
                uses.push(CrateUse {
                    krate: krate.clone(),
                    names: vec![format!(".{method}")],
                    test: found.test,
                });
            }
        });
    }
    uses
}

/// True where the name starts a path, or is a crate that is brought in by its name.
fn is_of_crate(found: &Found<'_>) -> bool {
    let is_named =
        found.is_followed_by_colons() || ["use", "crate"].iter().any(|word| found.is_after(word));
    found.root().is_none() && is_named
}

/// Adds the paths to which `tokens` bring the path that starts with `names`.
fn collect(tokens: &[TokenTree], mut names: Vec<String>, paths: &mut Vec<Vec<String>>) {
    match tokens {
        [a, b, TokenTree::Group(group), ..] if is_punct(a, ':') && is_punct(b, ':') => {
            for branch in branches(&group.stream()) {
                collect_branch(&branch, &names, paths);
            }
        }
        [a, b, TokenTree::Ident(segment), rest @ ..] if is_punct(a, ':') && is_punct(b, ':') => {
            names.push(segment.to_string());
            collect(rest, names, paths);
        }
        [a, b, glob, ..] if is_punct(a, ':') && is_punct(b, ':') && is_punct(glob, '*') => {
            names.push(ANYTHING.to_owned());
            paths.push(names);
        }
        [word, ..] if names.is_empty() && is_ident(word, "as") => {
            paths.push(vec![ANYTHING.to_owned()])
        }
        _ => paths.push(names),
    }
}

/// The same for one branch of a group.
fn collect_branch(branch: &[TokenTree], names: &[String], paths: &mut Vec<Vec<String>>) {
    match branch {
        [] => {}
        [word, rest @ ..] if is_ident(word, "self") => collect(rest, names.to_vec(), paths),
        [glob, ..] if is_punct(glob, '*') => paths.push([names, &[ANYTHING.to_owned()]].concat()),
        [TokenTree::Ident(segment), rest @ ..] => {
            collect(rest, [names, &[segment.to_string()]].concat(), paths);
        }
        _ => paths.push(names.to_vec()),
    }
}

/// What stands between the commas of a group.
fn branches(group: &TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = group.clone().into_iter().collect();
    tokens.split(|token| is_punct(token, ',')).map(<[TokenTree]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The paths in `source` into axum, those for tests with a mark.
    fn paths(source: &str) -> Vec<String> {
        let shown = |one: CrateUse| {
            format!("{}{}", if one.test { "test " } else { "" }, one.names.join("::"))
        };
        let sought =
            Sought { krate: "axum".to_owned(), methods: BTreeSet::from(["on_upgrade".to_owned()]) };
        uses_of_crates(source, &[sought]).into_iter().map(shown).collect()
    }

    #[test]
    fn a_path_into_a_crate_is_a_use_of_it() {
        for (source, found) in [
            ("use axum::Router;", vec!["Router"]),
            ("fn a() { vec![axum::b()]; }", vec!["b"]),
            ("use axum::extract::ws::Message;", vec!["extract::ws::Message"]),
            (
                "use axum::{self, a, extract::{ws::X, Y as Z}};",
                vec!["", "a", "extract::ws::X", "extract::Y"],
            ),
            ("fn a() -> axum::ws {}", vec!["ws"]),
            ("use axum;", vec![""]),
            ("extern crate axum;", vec![""]),
            ("fn a() -> ::axum::B {}", vec!["B"]),
            ("use {b::c, axum::D};", vec!["D"]),
            ("use axum::*;", vec!["*"]),
            ("use axum as web;", vec!["*"]),
            ("use axum::{self as web};", vec!["*"]),
            ("use axum::routing::*;", vec!["routing::*"]),
            ("use axum::{", vec!["*"]),
            ("/// axum\nfn a() { \"axum\"; } // axum", vec![]),
            ("use axum::A; fn a(b: A) { b.on_upgrade(); on_upgrade(); }", vec!["A", ".on_upgrade"]),
            ("fn a(axum: A) { axum.on_upgrade(); }", vec![]),
            ("use b::axum::C;", vec![]),
            ("use b::{c, axum::C};", vec![]),
            ("struct A { axum: B }", vec![]),
        ] {
            assert_eq!(paths(source), found, "{source}");
        }
    }

    #[test]
    fn code_for_tests_is_told_apart() {
        for (source, found) in [
            ("#[cfg(test)] mod t { use axum::A; } use axum::B;", vec!["test A", "B"]),
            ("#[cfg(test)] use axum::{A, B}; use axum::C;", vec!["test A", "test B", "C"]),
            ("#[cfg(test)] fn a<T, U>(_: axum::A) {} fn b() -> axum::B {}", vec!["test A", "B"]),
            ("#[cfg(all(test, unix))] const A: u8 = axum::A;", vec!["test A"]),
            ("#[cfg(not(test))] use axum::A;", vec!["A"]),
            ("#![cfg(test)] use axum::A;", vec!["test A"]),
            ("#[axum::test] fn a() { axum::B; }", vec!["test", "test B"]),
            ("struct S { #[cfg(test)] a: axum::A, b: axum::B }", vec!["test A", "B"]),
        ] {
            assert_eq!(paths(source), found, "{source}");
        }
    }
}
