//! The type that an expression is asked to have, and whether a written type is it.

use syn::{AngleBracketedGenericArguments, GenericArgument, Type};

use super::functions::is_own;
use super::package::Package;
use crate::edit::rust::{Names, segments, type_arguments};

/// The wanted type.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// `Router` of the crate that is called so in the project's code.
    Router { axum: &'a str },
    /// A struct of this package, and the names of its associated functions that derives give it.
    Struct { name: &'a str, derived: &'a [&'a str] },
}

/// How an expression holds the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It is of the type, or for a struct a reference or a smart pointer to it.
    Value,
    /// It is a `Result` or an `Option` of it.
    Fallible,
}

/// Where a type is written.
pub(super) struct Site<'a> {
    pub(super) package: &'a Package,
    pub(super) file: &'a str,
    pub(super) names: &'a Names<'a>,
    /// What `Self` stands for.
    pub(super) owner: Option<&'a str>,
}

impl Target<'_> {
    /// The shape of a written type; `None` when it is another.
    pub(super) fn shape_of(&self, ty: &Type, site: &Site) -> Option<Shape> {
        self.shape_behind(ty, site, 0)
    }

    /// The same behind so many aliases of the file's own.
    fn shape_behind(&self, ty: &Type, site: &Site, aliases: usize) -> Option<Shape> {
        let path = match ty {
            Type::Path(path) => &path.path,
            Type::Paren(inner) => return self.shape_behind(&inner.elem, site, aliases),
            Type::Reference(inner) if self.is_struct() => {
                return self.shape_behind(&inner.elem, site, aliases);
            }
            _ => return None,
        };
        if self.is_path(path, site) {
            return Some(Shape::Value);
        }
        let alias = site.names.alias(&site.names.imports.resolve(path), aliases);
        if let Some(alias) = alias.filter(|alias| alias.generics.params.is_empty()) {
            return self.shape_behind(&alias.ty, site, aliases + 1);
        }
        let last = path.segments.last()?;
        let inner = self.shape_behind(type_arguments(&last.arguments).first()?, site, aliases)?;
        let name = last.ident.to_string();
        let pointer = self.is_struct() && ["Arc", "Rc", "Box"].contains(&name.as_str());
        match inner {
            Shape::Value if pointer => Some(Shape::Value),
            Shape::Value if name.ends_with("Result") || name == "Option" => Some(Shape::Fallible),
            _ => None,
        }
    }

    /// True when the wanted struct is among generic arguments: `envy::from_env::<Settings>()`.
    pub(super) fn is_argument(
        &self,
        arguments: Option<&AngleBracketedGenericArguments>,
        site: &Site,
    ) -> bool {
        let wanted = |argument: &GenericArgument| match argument {
            GenericArgument::Type(ty) => self.shape_of(ty, site) == Some(Shape::Value),
            _ => false,
        };
        self.is_struct() && arguments.is_some_and(|list| list.args.iter().any(wanted))
    }

    /// True when `path` names the wanted type.
    pub(super) fn is_path(&self, path: &syn::Path, site: &Site) -> bool {
        self.is_named(&segments(path), site)
    }

    /// [`Target::is_path`] for bare segments.
    pub(super) fn is_named(&self, segments: &[String], site: &Site) -> bool {
        let resolved = site.names.imports.resolve_segments(segments.to_vec());
        match (self, resolved.as_slice()) {
            (Target::Router { axum }, [krate, .., last]) => krate == axum && last == "Router",
            (Target::Router { .. }, [only]) => {
                only == "Router" && !site.names.imports.globs().is_empty()
            }
            (Target::Struct { name, .. }, [only]) if only == "Self" => site.owner == Some(name),
            (Target::Struct { name, .. }, [.., last]) => {
                last == name && is_own(site.package, site.file, &resolved)
            }
            _ => false,
        }
    }

    pub(super) fn is_struct(&self) -> bool {
        matches!(self, Target::Struct { .. })
    }
}
