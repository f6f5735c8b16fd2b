//! What was added to Rust source, as it stands today.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::Parser as _;
use syn::visit::{self, Visit};
use syn::{Block, ExprStruct, Item, Member};

use super::field::structs;
use super::syntax::Syntax;
use crate::edit::Refusal;

/// Where the module `name` is declared at the top of `source`, as `mod NAME;`.
///
/// # Errors
/// Malformed when `source` does not parse.
pub fn find_module(source: &str, name: &str) -> Result<Vec<Range<usize>>, Refusal> {
    let syntax = Syntax::parse(source)?;
    let declares =
        |item: &&Item| matches!(item, Item::Mod(module) if module.content.is_none() && module.ident.unraw() == name);
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
    let defined = fields.filter(|field| field.ident.as_ref().is_some_and(|ident| ident.unraw() == name));
    let mut found: Vec<Range<usize>> = defined.map(|field| syntax.range(field)).collect();
    let mut literals = Literals { syntax: &syntax, name, found: Vec::new() };
    literals.visit_file(&syntax.file);
    found.extend(literals.found);
    Ok(found)
}

/// Where the statements `wanted` stand in `source`, one after the other and in whatever layout; nothing unless in one place.
pub fn find_statements(source: &str, wanted: &str) -> Option<Range<usize>> {
    let syntax = Syntax::parse(source).ok()?;
    let count = Block::parse_within.parse_str(wanted).ok().map(|wanted| wanted.len()).filter(|count| *count > 0)?;
    let mut search = Runs { syntax: &syntax, count, found: Vec::new() };
    search.visit_file(&syntax.file);
    let wanted = words(wanted)?;
    search.found.retain(|run| words(&source[run.clone()]).as_ref() == Some(&wanted));
    if let [place] = &search.found[..] { Some(place.clone()) } else { None }
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

/// Literals that give the field a value; which struct they are of, `Self` hides.
struct Literals<'s> {
    syntax: &'s Syntax,
    name: &'s str,
    found: Vec<Range<usize>>,
}

impl<'ast> Visit<'ast> for Literals<'_> {
    fn visit_expr_struct(&mut self, literal: &'ast ExprStruct) {
        let is_it = |member: &Member| matches!(member, Member::Named(ident) if ident.unraw() == self.name);
        let own = literal.fields.iter().filter(|field| is_it(&field.member));
        self.found.extend(own.map(|field| self.syntax.range(field)));
        visit::visit_expr_struct(self, literal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
