//! The text of an expression that literals alone make up: an address, its host, its port.

use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprCall, ExprLit, FnArg, Ident, Item, Lit, Macro, Signature, Stmt, Token};

use super::package::Package;
use crate::edit::rust::{Frame, Imports, binds, plain_name};

/// How far names are followed to what they stand for.
const MAX_DEPTH: usize = 16;
/// Methods that give what they are called on in another type.
const SAME: [&str; 8] =
    ["parse", "unwrap", "expect", "into", "to_string", "to_owned", "clone", "as_str"];

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Literals<'a> {
    pub(super) package: &'a Package,
    pub(super) imports: &'a Imports,
    /// What is around it, outermost first.
    pub(super) frames: &'a [Frame<'a>],
}

impl<'a> Literals<'a> {
    /// The text of `expression`; nothing where it is not made of literals.
    pub(super) fn text(&self, expression: &Expr) -> Option<String> {
        self.within(expression, MAX_DEPTH)
    }

    fn within(&self, expression: &Expr, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let all = |parts: &Punctuated<Expr, Token![,]>| {
            parts.iter().map(|part| self.within(part, depth)).collect::<Option<Vec<_>>>()
        };
        match expression {
            Expr::Lit(literal) => written(literal),
            Expr::Reference(inner) => self.within(&inner.expr, depth),
            Expr::Paren(inner) => self.within(&inner.expr, depth),
            Expr::Group(inner) => self.within(&inner.expr, depth),
            Expr::Try(inner) => self.within(&inner.expr, depth),
            Expr::MethodCall(call) if SAME.iter().any(|method| call.method == method) => {
                self.within(&call.receiver, depth)
            }
            Expr::Tuple(tuple) => match &all(&tuple.elems)?[..] {
                [host, port] => Some(joined(host, port)),
                _ => None,
            },
            Expr::Array(array) if array.elems.len() == 4 => Some(all(&array.elems)?.join(".")),
            Expr::Call(call) => self.call(call, &all(&call.args)?),
            Expr::Macro(call) if call.mac.path.is_ident("format") => self.format(&call.mac, depth),
            Expr::Path(path) => self.name(&path.path, depth),
            _ => None,
        }
    }

    /// The text of a call whose arguments are `arguments`.
    fn call(&self, call: &ExprCall, arguments: &[String]) -> Option<String> {
        let Expr::Path(function) = &*call.func else { return None };
        let path = self.imports.resolve(&function.path);
        let [.., owner, name] = &path[..] else { return None };
        match (owner.as_str(), name.as_str(), arguments) {
            ("SocketAddr" | "SocketAddrV4" | "SocketAddrV6", "new", [host, port, ..]) => {
                Some(joined(host, port))
            }
            (
                "SocketAddr" | "SocketAddrV4" | "SocketAddrV6" | "IpAddr" | "Ipv4Addr" | "String",
                "from",
                [one],
            )
            | ("SocketAddr" | "IpAddr", "V4" | "V6", [one]) => Some(one.clone()),
            ("Ipv4Addr", "new", parts @ [_, _, _, _]) => Some(parts.join(".")),
            _ => None,
        }
    }

    /// The text of `format!` with plain holes.
    fn format(&self, call: &Macro, depth: usize) -> Option<String> {
        let arguments =
            call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated).ok()?;
        let mut arguments = arguments.iter();
        let Expr::Lit(pattern) = arguments.next()? else { return None };
        let pattern = written(pattern)?;
        let mut pieces = pattern.split('{');
        let mut text = pieces.next()?.to_owned();
        for piece in pieces {
            let (hole, rest) = piece.split_once('}')?;
            let value = match hole {
                "" => self.within(arguments.next()?, depth),
                name => self.within(&syn::parse_str(name).ok()?, depth),
            };
            text += &value?;
            text += rest;
        }
        Some(text)
    }

    fn name(&self, path: &syn::Path, depth: usize) -> Option<String> {
        if let Some(name) = path.get_ident()
            && let Some(local) = self.local(name)
        {
            let Local { value, frames } = local?;
            return Literals { frames: &frames, ..*self }.within(value, depth);
        }
        let resolved = self.imports.resolve(path);
        match &resolved[..] {
            [.., owner, name] if owner == "Ipv4Addr" && name == "LOCALHOST" => {
                Some("127.0.0.1".to_owned())
            }
            [.., owner, name] if owner == "Ipv4Addr" && name == "UNSPECIFIED" => {
                Some("0.0.0.0".to_owned())
            }
            [.., owner, name] if owner == "Ipv6Addr" && name == "LOCALHOST" => {
                Some("::1".to_owned())
            }
            [.., owner, name] if owner == "Ipv6Addr" && name == "UNSPECIFIED" => {
                Some("::".to_owned())
            }
            [.., name] => self.constant(name, depth),
            [] => None,
        }
    }

    /// What the function around binds `name` to, the last time before the expression; nothing
    /// inside for a value that is not certain, nothing at all for a name that is not bound there.
    fn local(&self, name: &Ident) -> Option<Option<Local<'a>>> {
        for (index, frame) in self.frames.iter().enumerate().rev() {
            match frame {
                Frame::Statement(block, at) => {
                    let earlier = block.stmts[..*at].iter().enumerate().rev();
                    let mut lets = earlier.filter_map(|(at, statement)| match statement {
                        Stmt::Local(local) if binds(&local.pat, &name.to_string()) => {
                            Some((at, local))
                        }
                        _ => None,
                    });
                    let Some((at, local)) = lets.next() else { continue };
                    let is_plain = plain_name(&local.pat).is_some() && local.attrs.is_empty();
                    // What the value names was bound before it.
                    let frames = [&self.frames[..index], &[Frame::Statement(block, at)]].concat();
                    let value = local.init.as_ref().filter(|_| is_plain);
                    return Some(value.map(|init| Local { value: &init.expr, frames }));
                }
                Frame::Function(signature, _) => return takes(signature, name).then_some(None),
                Frame::Closure => return Some(None),
                _ => {}
            }
        }
        None
    }

    /// The text of the package's one constant called `name`.
    fn constant(&self, name: &str, depth: usize) -> Option<String> {
        let mut found = Vec::new();
        for (_, syntax) in self.package.parsed_with(&[name]) {
            collect(&syntax.file.items, name, &mut |value| found.push((syntax, value)));
        }
        let [(syntax, Some(value))] = found[..] else { return None };
        let imports = Imports::of(&syntax.file);
        Literals { package: self.package, imports: &imports, frames: &[] }.within(value, depth)
    }
}

/// A value of a `let`, and what is around it.
struct Local<'a> {
    value: &'a Expr,
    frames: Vec<Frame<'a>>,
}

fn takes(signature: &Signature, name: &Ident) -> bool {
    signature
        .inputs
        .iter()
        .any(|input| matches!(input, FnArg::Typed(typed) if binds(&typed.pat, &name.to_string())))
}

/// Tells `found` the value of each constant called `name`; none for one that not every build has.
fn collect<'a>(items: &'a [Item], name: &str, found: &mut dyn FnMut(Option<&'a Expr>)) {
    for item in items {
        let (ident, value, attributes) = match item {
            Item::Const(item) => (&item.ident, &item.expr, &item.attrs),
            Item::Static(item) => (&item.ident, &item.expr, &item.attrs),
            Item::Mod(module) => {
                let inner =
                    module.content.iter().flat_map(|(_, items)| items.iter().collect::<Vec<_>>());
                inner.for_each(|item| collect(std::slice::from_ref(item), name, found));
                continue;
            }
            _ => continue,
        };
        if ident.unraw() == name {
            let is_always = !attributes.iter().any(|attribute| attribute.path().is_ident("cfg"));
            found(is_always.then_some(value));
        }
    }
}

fn written(literal: &ExprLit) -> Option<String> {
    match &literal.lit {
        Lit::Str(text) => Some(text.value()),
        Lit::Int(number) => Some(number.base10_digits().to_owned()),
        _ => None,
    }
}

/// Host and port as one address.
fn joined(host: &str, port: &str) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}
