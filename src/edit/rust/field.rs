//! A field in the definition of a struct.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Fields, FieldsNamed, ItemStruct, Visibility};

use super::braces::Braces;
use super::syntax::{Syntax, checked};
use crate::edit::{Edit, Outcome, Refusal};

/// A field to add.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type, as written.
    pub ty: String,
    /// Lines of documentation, without slashes.
    pub doc: Vec<String>,
    /// Attributes, each as written: `#[serde(skip)]`.
    pub attributes: Vec<String>,
}

/// Adds `field` behind the last field of the struct `strukt`, with the visibility of that field.
///
/// # Errors
/// Malformed when `source` does not parse; unsafe, with the place, when the struct is not there, is
/// there twice, stands inside a macro or has no named fields.
pub fn add_field(source: &str, strukt: &str, field: &Field) -> Outcome {
    let syntax = Syntax::parse(source)?;
    let item = the_struct(source, &syntax, strukt)?;
    let Fields::Named(fields) = &item.fields else {
        return Err(Refusal::not_safe(
            syntax.range(&item.ident),
            format!("`{strukt}` has no named fields"),
        ));
    };
    let has_it =
        |own: &syn::Field| own.ident.as_ref().is_some_and(|ident| ident.unraw() == field.name);
    if fields.named.iter().any(has_it) {
        return Ok(Edit::default());
    }
    let visibility = fields.named.last().map(|last| match &last.vis {
        Visibility::Inherited => String::new(),
        written => format!("{} ", &source[syntax.range(written)]),
    });
    let mut lines: Vec<String> =
        field.doc.iter().map(|line| format!("/// {line}").trim_end().to_owned()).collect();
    lines.extend(field.attributes.iter().cloned());
    lines.push(format!("{}{}: {}", visibility.unwrap_or_default(), field.name, field.ty));
    let mut edit = Edit::default();
    braces(&syntax, fields).append(&mut edit, source, &lines);
    checked(source, edit)
}

fn braces(syntax: &Syntax, fields: &FieldsNamed) -> Braces {
    Braces {
        open: syntax.span(fields.brace_token.span.open()).end,
        close: syntax.span(fields.brace_token.span.close()).start,
        entries: fields.named.iter().map(|field| syntax.range(field)).collect(),
        trailing_comma: fields.named.trailing_punct(),
        definition: true,
    }
}

fn the_struct<'ast>(
    source: &str,
    syntax: &'ast Syntax,
    name: &str,
) -> Result<&'ast ItemStruct, Refusal> {
    let found: Vec<&ItemStruct> =
        structs(&syntax.file).into_iter().filter(|item| item.ident == name).collect();
    match found.as_slice() {
        [only] => Ok(only),
        [_, second, ..] => Err(Refusal::not_safe(
            syntax.range(&second.ident),
            format!("`{name}` is defined more than once"),
        )),
        [] => Err(match defined_in_macro(&syntax.tokens, name) {
            Some(span) => {
                Refusal::not_safe(syntax.span(span), format!("`{name}` is defined inside a macro"))
            }
            None => Refusal::not_safe(source.len()..source.len(), format!("no struct `{name}`")),
        }),
    }
}

/// The structs in plain code, in whichever module of the file.
pub fn structs(file: &syn::File) -> Vec<&ItemStruct> {
    let mut search = StructSearch { found: Vec::new() };
    search.visit_file(file);
    search.found
}

struct StructSearch<'ast> {
    found: Vec<&'ast ItemStruct>,
}

impl<'ast> Visit<'ast> for StructSearch<'ast> {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.found.push(item);
        visit::visit_item_struct(self, item);
    }
}

/// The place of `struct name` among the tokens, at any depth.
fn defined_in_macro(tokens: &TokenStream, name: &str) -> Option<proc_macro2::Span> {
    let mut after_struct = false;
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(ident) if after_struct && ident == name => return Some(ident.span()),
            TokenTree::Group(group) => {
                if let Some(span) = defined_in_macro(&group.stream(), name) {
                    return Some(span);
                }
            }
            _ => {}
        }
        after_struct = matches!(&token, TokenTree::Ident(ident) if ident == "struct");
    }
    None
}

#[cfg(test)]
mod tests;
