//! What an inserted expression may do where it stands: propagate an error with `?`, or not.

use std::collections::HashMap;

use syn::{
    GenericArgument, GenericParam, Item, ItemType, PathArguments, ReturnType, Type, TypeParamBound,
};

use super::imports::Imports;
use super::scope::{Frame, in_test};

/// Aliases of aliases that are followed.
const MAX_ALIASES: usize = 4;

/// Where an expression stands, as far as it decides what the expression may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// In code that is compiled for tests only.
    Test,
    /// In an `impl Default`, which cannot fail.
    Default,
    /// Where `?` takes any standard error.
    Fallible,
    /// Where it can neither fail with `?` nor is a default wanted.
    Infallible,
    /// In a const, a static or a `const fn`: only constants can stand here.
    Constant,
    /// In a macro outside of functions, which makes of it what it will.
    ItemMacro,
}

impl Context {
    /// Why no literal of `strukt` can read anything here, in lower case without a trailing dot;
    /// nothing where it can.
    pub fn reads_nothing(self, strukt: &str) -> Option<String> {
        match self {
            Self::Constant => Some(format!(
                "this `{strukt}` is a constant or stands in a `const fn`, which can read nothing"
            )),
            Self::ItemMacro => Some(format!(
                "this `{strukt}` is a part of a macro's definition, or of its arguments outside \
                of functions"
            )),
            Self::Test | Self::Default | Self::Fallible | Self::Infallible => None,
        }
    }
}

/// The imports and type aliases of one file, by which a return type is understood.
pub struct Names<'ast> {
    /// What the file imports.
    pub imports: Imports,
    aliases: HashMap<String, &'ast ItemType>,
}

impl<'ast> Names<'ast> {
    /// Reads the names of `file`.
    pub fn of(file: &'ast syn::File) -> Self {
        let aliases = file.items.iter().filter_map(|item| match item {
            Item::Type(alias) => Some((alias.ident.to_string(), alias)),
            _ => None,
        });
        Self { imports: Imports::of(file), aliases: aliases.collect() }
    }

    /// The context of an expression with these frames around it.
    pub fn context(&self, frames: &[Frame]) -> Context {
        if in_test(frames) {
            return Context::Test;
        }
        let scope =
            frames.iter().rposition(|frame| !matches!(frame, Frame::Statement(..) | Frame::Loop));
        match scope.map(|scope| (frames[scope], frames[..scope].last())) {
            Some((Frame::Constant, _)) => Context::Constant,
            Some((Frame::Function(signature, _), Some(Frame::Impl(item))))
                if implements_default(item) =>
            {
                if signature.ident == "default" {
                    Context::Default
                } else {
                    Context::Infallible
                }
            }
            Some((Frame::Function(signature, _), _)) if signature.constness.is_some() => {
                Context::Constant
            }
            Some((Frame::Function(signature, _), _)) if self.takes_any_error(&signature.output) => {
                Context::Fallible
            }
            Some((Frame::Function(..) | Frame::Closure | Frame::Async(_), _)) => {
                Context::Infallible
            }
            _ => Context::ItemMacro,
        }
    }

    /// True when a function of this return type propagates every standard error with `?`.
    pub fn takes_any_error(&self, output: &ReturnType) -> bool {
        let ReturnType::Type(_, ty) = output else { return false };
        self.is_open_result(ty, 0)
    }

    fn is_open_result(&self, ty: &Type, depth: usize) -> bool {
        let Type::Path(path) = ty else { return false };
        let Some(last) = path.path.segments.last() else { return false };
        let arguments = type_arguments(&last.arguments);
        let resolved = self.imports.resolve(&path.path);
        let local = self.alias(&resolved, depth);
        if let Some(alias) = local {
            let error = arguments.get(1).copied().or_else(|| default_argument(alias, 1));
            return error.map_or_else(
                || self.is_open_result(&alias.ty, depth + 1),
                |error| self.is_open_error(error, depth),
            );
        }
        match (resolved.first().map(String::as_str), resolved.last().map(String::as_str)) {
            (_, Some("Result")) if arguments.len() == 2 => self.is_open_error(arguments[1], depth),
            (Some("anyhow" | "eyre" | "color_eyre"), Some("Result")) => true,
            _ => false,
        }
    }

    /// True for error types into which every standard error converts.
    fn is_open_error(&self, ty: &Type, depth: usize) -> bool {
        let Type::Path(path) = ty else { return false };
        let Some(last) = path.path.segments.last() else { return false };
        let resolved = self.imports.resolve(&path.path);
        let from = resolved.first().map(String::as_str);
        match resolved.last().map(String::as_str) {
            Some("Box") => {
                matches!(type_arguments(&last.arguments).first(), Some(boxed) if is_dyn_error(boxed))
            }
            Some("Error") => from == Some("anyhow"),
            Some("Report") => matches!(from, Some("eyre" | "color_eyre")),
            _ => self
                .alias(&resolved, depth)
                .is_some_and(|alias| self.is_open_error(&alias.ty, depth + 1)),
        }
    }

    /// The file's own alias of this name; `depth` aliases were followed already (broken code may
    /// name itself).
    pub fn alias(&self, resolved: &[String], depth: usize) -> Option<&'ast ItemType> {
        let [name] = resolved else { return None };
        if depth < MAX_ALIASES { self.aliases.get(name).copied() } else { None }
    }
}

/// What stands for the type parameter of this index when it is left out.
fn default_argument(alias: &ItemType, index: usize) -> Option<&Type> {
    let mut parameters = alias.generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) => Some(parameter),
        _ => None,
    });
    parameters.nth(index)?.default.as_ref().map(|(_, ty)| ty)
}

fn implements_default(item: &syn::ItemImpl) -> bool {
    let last = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    last.is_some_and(|last| last.ident == "Default")
}

fn is_dyn_error(ty: &Type) -> bool {
    let Type::TraitObject(object) = ty else { return false };
    object.bounds.iter().any(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            bound.path.segments.last().is_some_and(|last| last.ident == "Error")
        }
        _ => false,
    })
}

/// The type arguments of a path segment.
pub fn type_arguments(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return Vec::new() };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes_any_error(source: &str) -> bool {
        let file = syn::parse_file(source).unwrap();
        let function = file.items.iter().find_map(|item| match item {
            Item::Fn(function) => Some(function),
            _ => None,
        });
        Names::of(&file).takes_any_error(&function.unwrap().sig.output)
    }

    #[test]
    fn results_of_any_error_are_known() {
        for source in [
            "fn f() -> anyhow::Result<()> {}",
            "use anyhow::Result; fn f() -> Result<()> {}",
            "use color_eyre::eyre::{Context, Result}; fn f() -> Result<()> {}",
            "fn f() -> Result<(), Box<dyn std::error::Error>> {}",
            "fn f() -> Result<(), Box<dyn Error + Send + Sync>> {}",
            "use anyhow::Error as E; fn f() -> std::result::Result<(), E> {}",
            "use eyre::Report; fn f() -> Result<(), Report> {}",
            "type Result<T> = std::result::Result<T, Box<dyn Error>>; fn f() -> Result<()> {}",
            "type Result<T, E = anyhow::Error> = std::result::Result<T, E>; fn f() -> Result<()> \
            {}",
            "type Boxed = Box<dyn Error>; fn f() -> Result<(), Boxed> {}",
        ] {
            assert!(takes_any_error(source), "{source}");
        }
    }

    #[test]
    fn other_results_are_not() {
        for source in [
            "fn f() {}",
            "fn f() -> Result<(), AppError> {}",
            "fn f() -> std::io::Result<()> {}",
            "use crate::error::Result; fn f() -> Result<()> {}",
            "use anyhow::Result; fn f() -> Result<(), AppError> {}",
            "use crate::Error; fn f() -> Result<(), Error> {}",
            "type Result<T, E = anyhow::Error> = std::result::Result<T, E>; fn f() -> Result<(), \
            AppError> {}",
            "fn f() -> Option<u8> {}",
            "type A<T> = B<T>; type B<T> = A<T>; fn f() -> A<u8> {}",
        ] {
            assert!(!takes_any_error(source), "{source}");
        }
    }
}
