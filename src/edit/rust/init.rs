//! A field in every literal of a struct.

use super::context::Names;
use super::struct_uses::{StructUse, struct_uses};
use super::syntax::{Syntax, checked};
use crate::edit::{Edit, Outcome, Refusal};

/// Adds `name: value` to every literal of `strukt` in this text that lists its fields; `value`
/// chooses the expression by where the literal stands. Literals that end in `..rest` have the field
/// already.
///
/// # Errors
/// Malformed when `source` does not parse; unsafe, with the place, when a pattern lists all fields
/// without `..`, or a literal is a constant, in which nothing can be read from the environment, or
/// stands in a macro's definition.
pub fn init_field(
    source: &str,
    strukt: &str,
    name: &str,
    value: impl Fn(&StructUse) -> String,
) -> Outcome {
    let syntax = Syntax::parse(source)?;
    let mut edit = Edit::default();
    for found in struct_uses(&syntax, &Names::of(&syntax.file), strukt) {
        if found.rest || found.fields.iter().any(|field| field == name) {
            continue;
        }
        if found.pattern {
            let reason = format!("this pattern lists every field of `{strukt}`: end it in `..`");
            return Err(Refusal::not_safe(found.at, reason));
        }
        if let Some(reason) = found.context.reads_nothing(strukt) {
            return Err(Refusal::not_safe(found.at, reason));
        }
        let entry = format!("{name}: {}", value(&found));
        found.braces.append(&mut edit, source, &[entry]);
    }
    checked(source, edit)
}

#[cfg(test)]
mod tests;
