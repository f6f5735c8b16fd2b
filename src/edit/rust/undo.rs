//! What was added to Rust source, as it stands today.

use std::ops::Range;

use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{ExprStruct, Item, Member};

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
