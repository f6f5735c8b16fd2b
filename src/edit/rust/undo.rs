//! What was added to Rust source, as it stands today.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::Parser as _;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprMethodCall, Item};

use super::context::Names;
use super::field::structs;
use super::struct_uses::struct_uses;
use super::syntax::Syntax;
use crate::edit::Refusal;

/// Where the module `name` is declared at the top of `source`, as `mod NAME;`.
///
/// # Errors
/// Malformed when `source` does not parse.
pub fn find_module(source: &str, name: &str) -> Result<Vec<Range<usize>>, Refusal> {
    let syntax = Syntax::parse(source)?;
    let declares = |item: &&Item| match item {
        Item::Mod(module) => module.content.is_none() && module.ident.unraw() == name,
        _ => false,
    };
    Ok(syntax.file.items.iter().filter(declares).map(|item| syntax.range(item)).collect())
}

/// Where the field `name` stands in the definition of `strukt` and in its literals.
///
/// # Errors
/// Malformed when `source` does not parse.
pub fn find_field(source: &str, strukt: &str, name: &str) -> Result<Vec<Range<usize>>, Refusal> {
    let syntax = Syntax::parse(source)?;
    let own = structs(&syntax.file).into_iter().filter(|item| item.ident == strukt);
    let fields = own.flat_map(|item| &item.fields);
    let defined =
        fields.filter(|field| field.ident.as_ref().is_some_and(|ident| ident.unraw() == name));
    let mut found: Vec<Range<usize>> = defined.map(|field| syntax.range(field)).collect();
    for literal in
        struct_uses(&syntax, &Names::of(&syntax.file), strukt).iter().filter(|found| !found.pattern)
    {
        let entries = literal.fields.iter().zip(&literal.braces.entries);
        found.extend(entries.filter(|(field, _)| *field == name).map(|(_, entry)| entry.clone()));
    }
    Ok(found)
}

/// Where the statements `wanted` stand in `source`, one after the other and in whatever layout;
/// nothing unless in one place.
pub fn find_statements(source: &str, wanted: &str) -> Option<Range<usize>> {
    let syntax = Syntax::parse(source).ok()?;
    let count = Block::parse_within
        .parse_str(wanted)
        .ok()
        .map(|wanted| wanted.len())
        .filter(|count| *count > 0)?;
    let mut search = Runs { syntax: &syntax, count, found: Vec::new() };
    search.visit_file(&syntax.file);
    let wanted = words(wanted)?;
    search.found.retain(|run| words(&source[run.clone()]).as_ref() == Some(&wanted));
    if let [place] = &search.found[..] { Some(place.clone()) } else { None }
}

/// Where the expression `wanted` stands in `source`, in whatever layout; nothing unless in one
/// place.
pub fn find_expression(source: &str, wanted: &str) -> Option<Range<usize>> {
    if let [place] = &expressions(source, wanted)?[..] { Some(place.clone()) } else { None }
}

/// True when the expression `wanted` stands in `source`, in whatever layout and however often.
pub(super) fn has_expression(source: &str, wanted: &str) -> bool {
    expressions(source, wanted).is_some_and(|found| !found.is_empty())
}

fn expressions(source: &str, wanted: &str) -> Option<Vec<Range<usize>>> {
    let syntax = Syntax::parse(source).ok()?;
    let mut search =
        Expressions { source, syntax: &syntax, wanted: words(wanted)?, found: Vec::new() };
    search.visit_file(&syntax.file);
    Some(search.found)
}

/// Where `wanted`, a call on what stands before it, stands in `source`, in whatever layout and with
/// the white space before it; nothing where there is more than that, or unless in one place.
pub fn find_chained(source: &str, wanted: &str) -> Option<Range<usize>> {
    let syntax = Syntax::parse(source).ok()?;
    let mut search = Chained { syntax: &syntax, found: Vec::new() };
    search.visit_file(&syntax.file);
    let wanted = words(wanted)?;
    search.found.retain(|call| words(&source[call.clone()]).as_ref() == Some(&wanted));
    let [place] = &search.found[..] else { return None };
    source[place.clone()].trim_start().starts_with('.').then(|| place.clone())
}

/// Every method call, from the end of what it is called on.
struct Chained<'s> {
    syntax: &'s Syntax,
    found: Vec<Range<usize>>,
}

impl<'ast> Visit<'ast> for Chained<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.found.push(self.syntax.range(&call.receiver).end..self.syntax.range(call).end);
        visit::visit_expr_method_call(self, call);
    }
}

struct Expressions<'s> {
    source: &'s str,
    syntax: &'s Syntax,
    wanted: Vec<String>,
    found: Vec<Range<usize>>,
}

impl<'ast> Visit<'ast> for Expressions<'_> {
    fn visit_expr(&mut self, expression: &'ast Expr) {
        let range = self.syntax.range(expression);
        if words(&self.source[range.clone()]).as_ref() == Some(&self.wanted) {
            self.found.push(range);
        } else {
            visit::visit_expr(self, expression);
        }
    }
}

/// Every `count` statements that follow each other.
struct Runs<'s> {
    syntax: &'s Syntax,
    count: usize,
    found: Vec<Range<usize>>,
}

impl<'ast> Visit<'ast> for Runs<'_> {
    fn visit_block(&mut self, block: &'ast Block) {
        let starts = block.stmts.iter().map(|first| self.syntax.range(first).start);
        let ends = block.stmts.iter().skip(self.count - 1).map(|last| self.syntax.range(last).end);
        self.found.extend(starts.zip(ends).map(|(start, end)| start..end));
        visit::visit_block(self, block);
    }
}

/// True when both are the same tokens in whatever layout, commas around them aside.
pub fn is_same_code(code: &str, other: &str) -> bool {
    let bare = |code: &str| words(code.trim_matches(|c: char| c == ',' || c.is_whitespace()));
    bare(code).is_some_and(|code| Some(code) == bare(other))
}

/// The tokens of `code`, without the commas that come and go with its line breaks.
fn words(code: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    collect(code.parse().ok()?, &mut words);
    Some(words)
}

fn collect(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        if let TokenTree::Group(group) = token {
            words.push(format!("{:?}", group.delimiter()));
            collect(group.stream(), words);
            words.pop_if(|last| last == ",");
            words.push(String::new());
        } else {
            words.push(token.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_in_every_literal_of_its_struct_and_in_no_other() {
        let found = |source: &str| -> Vec<String> {
            find_field(source, "S", "ws")
                .unwrap()
                .into_iter()
                .map(|at| source[at].to_owned())
                .collect()
        };
        for (source, places) in [
            ("struct S { a: u8, ws: u8 }", vec!["ws: u8"]),
            ("fn f() { S { ws: 1, a: 2 }; }", vec!["ws: 1"]),
            ("fn f() { log!(\"{:?}\", S { a: T::<A, B>::new(), ws: 1 }); }", vec!["ws: 1"]),
            ("impl S { fn f() -> Self { Self { ws } } }", vec!["ws"]),
            ("struct Ws { ws: u8 } fn f() { Ws { ws: 1 }; log!(Other { ws: 2 }); }", vec![]),
            ("fn f() { let S { ws, .. } = s; matches!(s, S { ws: 1, .. }); }", vec![]),
        ] {
            assert_eq!(found(source), places, "{source}");
        }
    }

    #[test]
    fn an_expression_is_found_in_any_layout_and_only_when_there_is_one() {
        let found = |body: &str| {
            let source = format!("fn f() {{\n{body}}}\n");
            find_expression(&source, "hub.clone().after(stop())").map(|at| source[at].to_owned())
        };
        let broken = "hub\n    .clone()\n    .after(stop())";
        assert_eq!(found(&format!("serve(x).end({broken}).await;")).as_deref(), Some(broken));
        assert_eq!(found(&format!("end({broken}); end({broken});")), None);
        assert_eq!(found("end(hub.after(stop()));"), None);
    }

    #[test]
    fn a_call_is_found_in_any_layout_with_the_white_space_before_it() {
        let found = |body: &str| {
            let source = format!("fn f() {{\n{body}}}\n");
            find_chained(&source, ".merge(a(hub.clone()))").map(|at| source[at].to_owned())
        };
        let broken = "\n    .merge(\n    a(hub.clone()),\n)";
        assert_eq!(found(&format!("serve(app(){broken}.b());")).as_deref(), Some(broken));
        assert_eq!(
            found("app().merge(a(hub.clone()));").as_deref(),
            Some(".merge(a(hub.clone()))")
        );
        for other in [
            format!("app(){broken}{broken};"),
            format!("app() // app{broken};"),
            "app().merge(a(hub));".to_owned(),
        ] {
            assert_eq!(found(&other), None, "{other}");
        }
    }

    #[test]
    fn statements_are_found_in_any_layout_and_only_when_there_is_one_such_place() {
        let wanted = "let app = app.merge(a::router(hub.clone()));\n";
        let found = |body: &str| {
            let source = format!("fn f() {{\n{body}}}\n");
            find_statements(&source, wanted).map(|at| source[at].to_owned())
        };
        let broken = "let app =\n    app.merge(a::router(\n        hub.clone(),\n    ));";
        assert_eq!(found(&format!("x(); // one\n{broken}\ny();")).as_deref(), Some(broken));
        assert_eq!(found(&format!("{broken}{broken}")), None);
        assert_eq!(found("let app = app.merge(a::router(hub));"), None);
        assert_eq!(find_statements("fn f() {}", ";"), None);
        assert_eq!(find_statements("fn f() {}", "not rust"), None);
    }
}
