//! The binding of the settings at the place where the package serves.

use std::collections::HashSet;
use std::ops::Range;

use syn::{Block, FnArg, Stmt};

use super::package::{Package, Place};
use super::serve::ServeSite;
use super::settings::Settings;
use super::target::{Shape, Site, Target};
use super::typing::Typing;
use crate::edit::rust::{Names, Syntax, blocks_around, bound_names, function_around, plain_name};

/// A binding that is certain to hold the settings, or a reference or `Arc` of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsBinding {
    /// Its name.
    pub name: String,
    /// The `let` statement or the parameter.
    pub place: Place,
}

impl Package {
    /// The settings binding nearest before the statement of `site`, in its block or one around it,
    /// or a parameter of its function.
    pub fn settings_binding(
        &self,
        site: &ServeSite,
        settings: &Settings,
    ) -> Option<SettingsBinding> {
        let syntax = self.syntax(&site.place.file)?.ok()?;
        let frames = site.anchor.find(self.text(&site.place.file)?, syntax).ok()?;
        let names = Names::of(&syntax.file);
        let derived = settings.derived_constructors();
        let target = Target::Struct { name: &settings.name, derived: &derived };
        let (signature, _) = function_around(&frames)?;
        let typing = Typing {
            package: self,
            file: &site.place.file,
            syntax,
            names: &names,
            signature,
            target,
        };
        let mut taken = HashSet::new();
        let found = local(&typing, &blocks_around(&frames), &mut taken);
        let found = found
            .or_else(|| parameter(self, syntax, &typing).filter(|(name, _)| !taken.contains(name)));
        found.map(|(name, range)| SettingsBinding {
            name,
            place: self.place(&site.place.file, range),
        })
    }
}

/// Name and bytes of a binding.
type Found = (String, Range<usize>);

/// The last `let` of the settings whose name no later `let` takes; `taken` collects the names seen
/// on the way.
fn local<'p>(
    typing: &Typing<'p>,
    position: &[(&'p Block, usize)],
    taken: &mut HashSet<String>,
) -> Option<Found> {
    for (depth, (block, index)) in position.iter().enumerate() {
        for (at, statement) in block.stmts[..*index].iter().enumerate().rev() {
            let Stmt::Local(local) = statement else { continue };
            let Some(name) = plain_name(&local.pat).map(ToString::to_string) else {
                taken.extend(bound_names(&local.pat));
                continue;
            };
            if !taken.insert(name.clone()) {
                continue;
            }
            let mut before = vec![(*block, at)];
            before.extend(&position[depth + 1..]);
            if let Ok(Shape::Value) = typing.local(local, &name, &before) {
                return Some((name, typing.syntax.range(local)));
            }
        }
    }
    None
}

/// A parameter of the settings' type.
fn parameter(package: &Package, syntax: &Syntax, typing: &Typing) -> Option<Found> {
    let site = Site { package, file: typing.file, names: typing.names, owner: None };
    typing.signature.inputs.iter().find_map(|argument| match argument {
        FnArg::Typed(typed) if typing.target.shape_of(&typed.ty, &site) == Some(Shape::Value) => {
            Some((plain_name(&typed.pat)?.to_string(), syntax.range(typed)))
        }
        _ => None,
    })
}
