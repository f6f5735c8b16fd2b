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
        let owner = self.owner(&field.base, position)?;
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
            Expr::Path(path) if path.path.is_ident("self") => {
                functions::owner(self.file, self.syntax, self.signature)
            }
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

#[cfg(test)]
mod tests {
    use super::super::testing::serve;

    #[test]
    fn methods_of_own_types_are_followed() {
        let api = "use axum::Router; pub struct Api { app: Router, port: u16 } impl Api \
            { pub fn new() -> Result<Self, E> { Ok(Api) } pub fn router(self) -> Router { x() } pub fn port(&self) -> u16 { 1 } }";
        for (body, expected) in [
            ("let app = Api::new()?.router();", true),
            ("let api = Api::new().unwrap(); let app = api.router().layer(y);", true),
            ("let app = Api {}.router();", true),
            ("let app = Api::new()?.app.clone();", true),
            ("let app = Api::new()?.port;", false),
            ("let app = Api::new()?.port();", false),
            ("let app = other::Api::new()?.router();", false),
            ("let app = make().router();", false),
        ] {
            let main = format!(
                "mod api; use api::Api; async fn main() {{ {body} axum::serve(l, app).await; }}"
            );
            let found = serve(&[("src/main.rs", &main), ("src/api.rs", api)]);
            assert_eq!(found.is_ok(), expected, "{body} {found:?}");
        }
    }

    #[test]
    fn what_a_type_has_is_known_in_its_methods() {
        let of = |body: &str| {
            let main = format!(
                "struct Api {{ app: axum::Router }}\nimpl Api {{\nfn router(&self) -> axum::Router \
                 {{ x() }}\nasync fn run(&self) {{\n{body}\n}}\n}}\nimpl Other {{ fn run(&self) {{}} }}"
            );
            serve(&[("src/main.rs", &main)])
        };
        assert_eq!(
            of("axum::serve(l, self.app.clone()).await;"),
            Ok("self.app.clone()".to_owned())
        );
        assert_eq!(of("let r = self.router();\naxum::serve(l, r).await;"), Ok("r".to_owned()));
        assert!(of("axum::serve(l, self.other.clone()).await;").is_err());
        let twice = "struct Api { app: axum::Router }\nmod b { struct Api { app: u8 } }\n\
            impl Api {\nasync fn run(&self) {\naxum::serve(l, self.app.clone()).await;\n}\n}";
        assert!(serve(&[("src/main.rs", twice)]).is_err());
    }
}
