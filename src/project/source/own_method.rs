//! Methods and fields of the package's own types: `Api::new(state).router()`, `self.router`.

use syn::{Block, Expr, ExprField, ExprMethodCall, Member, Pat, ReturnType};

use super::functions::{self, is_own, type_name};
use super::position::last_let;
use super::serve::has_word;
use super::target::{Shape, Site};
use super::typing::Typing;
use crate::edit::rust::{Names, segments, structs, type_arguments};

impl<'p> Typing<'p> {
    /// The shape of what a method gives, when the type that it is called on is one of this package
    /// and has it once.
    pub(super) fn own_method(
        &self,
        call: &'p ExprMethodCall,
        position: &[(&'p Block, usize)],
    ) -> Option<Shape> {
        let owner = self.owner(&call.receiver, position)?;
        match functions::methods(self.package, &owner, &call.method.to_string()).as_slice() {
            [only] => self.output(only),
            _ => None,
        }
    }

    /// The shape of a field, when the struct that has it is one of this package and the only one of
    /// its name.
    pub(super) fn own_field(
        &self,
        field: &'p ExprField,
        position: &[(&'p Block, usize)],
    ) -> Option<Shape> {
        let Member::Named(name) = &field.member else { return None };
        let owner = match &*field.base {
            Expr::Path(path) if path.path.is_ident("self") => self.owner_of_self()?,
            base => self.owner(base, position)?,
        };
        let files = self.package.parsed_where(|text| has_word(text, &owner)).into_iter();
        let found =
            files.filter(|(file, _)| self.package.is_shipped(file)).flat_map(|(file, syntax)| {
                structs(&syntax.file).into_iter().map(move |item| (file, syntax, item))
            });
        let mut found = found.filter(|(.., item)| item.ident == owner);
        let (Some((file, syntax, item)), None) = (found.next(), found.next()) else { return None };
        let field = item.fields.iter().find(|field| field.ident.as_ref() == Some(name))?;
        let names = Names::of(&syntax.file);
        self.target
            .shape_of(&field.ty, &Site { package: self.package, file, names: &names, owner: None })
    }

    /// The type in whose `impl` the function stands.
    fn owner_of_self(&self) -> Option<String> {
        let name = self.signature.ident.to_string();
        functions::owner(self.package, &name, self.signature)
    }

    /// The name of the package's own type that an expression is of, as far as its text shows.
    fn owner(&self, expr: &'p Expr, position: &[(&'p Block, usize)]) -> Option<String> {
        match expr {
            Expr::Paren(inner) => self.owner(&inner.expr, position),
            Expr::Await(inner) => self.owner(&inner.base, position),
            Expr::Try(inner) => self.owner(&inner.expr, position),
            Expr::MethodCall(call)
                if call.method == "unwrap" || call.method == "expect" || call.method == "clone" =>
            {
                self.owner(&call.receiver, position)
            }
            Expr::Struct(literal) => {
                let resolved = self.names.imports.resolve(&literal.path);
                if is_own(self.package, self.file, &resolved) {
                    resolved.last().cloned()
                } else {
                    None
                }
            }
            Expr::Call(call) => match &*call.func {
                Expr::Path(function) => self.constructed(&function.path),
                _ => None,
            },
            Expr::Path(path) => {
                let (local, before) = last_let(&path.path.get_ident()?.to_string(), position)?;
                match &local.pat {
                    Pat::Ident(_) => self.owner(&local.init.as_ref()?.expr, &before),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The type whose associated function `path` makes a value of it.
    fn constructed(&self, path: &syn::Path) -> Option<String> {
        let written = segments(path);
        let found = functions::called(self.package, self.file, &self.names.imports.resolve(path));
        let [only] = found.as_slice() else { return None };
        let owner = only.owner.clone().filter(|_| written.len() > 1)?;
        let ReturnType::Type(_, ty) = &only.signature.output else { return None };
        let makes =
            |ty: &syn::Type| type_name(ty).is_some_and(|name| name == "Self" || name == owner);
        let syn::Type::Path(output) = &**ty else { return None };
        let inner = output
            .path
            .segments
            .last()
            .map(|last| type_arguments(&last.arguments))
            .unwrap_or_default();
        (makes(ty) || inner.first().is_some_and(|inner| makes(inner))).then_some(owner)
    }
}
