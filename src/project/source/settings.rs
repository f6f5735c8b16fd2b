//! The settings struct of the package, if there is one that can carry another field.

mod fact;

use std::ops::Range;

use syn::{Fields, ItemStruct};

use super::derives::derives;
use super::functions::is_own;
use super::package::{Package, Place};
use crate::edit::rust::{Context, Names, StructUse, struct_uses, structs};
pub use fact::{Fill, Settings, SettingsFact};

/// The names that a settings struct has in the field, and those of a command line that serves as
/// one.
const NAMES: [&str; 9] = [
    "Settings",
    "Config",
    "AppConfig",
    "AppSettings",
    "Configuration",
    "ServerConfig",
    "Env",
    "Environment",
    "Conf",
];
const COMMAND_LINES: [&str; 4] = ["Args", "Cli", "Opts", "Options"];

/// How deep settings are nested in one another.
const MAX_PARTS: usize = 4;

/// Texts of which one stands in every package that fills a struct by deserializing.
const LOADERS: [&str; 12] = [
    "try_deserialize",
    "try_into",
    "envy::",
    "figment",
    "Figment",
    "toml::",
    "serde_json::from",
    "serde_yaml::from",
    "serde_yml::from",
    "from_env",
    "confy::",
    "ron::",
];

/// A struct that may be the settings, and why it is not when it is not.
struct Candidate<'p> {
    item: &'p ItemStruct,
    fitness: Result<Settings, (String, Place)>,
}

impl Package {
    /// The settings struct of the package's libraries and binaries.
    pub fn settings(&self) -> SettingsFact {
        let named = self.candidates(&NAMES);
        let candidates = if named.is_empty() { self.candidates(&COMMAND_LINES) } else { named };
        let fit: Vec<&Settings> =
            candidates.iter().filter_map(|candidate| candidate.fitness.as_ref().ok()).collect();
        match (fit.as_slice(), candidates.first()) {
            ([only], _) => SettingsFact::Found((*only).clone()),
            ([_, second, ..], _) => SettingsFact::Unfit {
                reason: format!(
                    "`{}` is one of several structs that may be the settings",
                    second.name
                ),
                at: second.place.clone(),
            },
            ([], Some(Candidate { fitness: Err((reason, at)), .. })) => {
                SettingsFact::Unfit { reason: reason.clone(), at: at.clone() }
            }
            ([], _) => SettingsFact::Missing,
        }
    }

    /// The structs of these names, each replaced by the one that it is a deserialized part of.
    fn candidates(&self, names: &[&str]) -> Vec<Candidate<'_>> {
        let mut found: Vec<(&str, &ItemStruct)> = Vec::new();
        for (file, item) in names.iter().flat_map(|name| self.structs_named(name)) {
            let whole = self.whole(file, item);
            if !found.iter().any(|(_, other)| std::ptr::eq(*other, whole.1)) {
                found.push(whole);
            }
        }
        let is_part = |item: &ItemStruct| {
            found.iter().any(|(_, other)| holds(other, &item.ident.to_string()))
        };
        let whole = found.iter().filter(|(_, item)| !is_part(item));
        let candidates = whole.map(|(file, item)| {
            let twice = self.structs_named(&item.ident.to_string()).len() > 1;
            Candidate { item, fitness: self.fitness(file, item, twice) }
        });
        candidates.filter(|candidate| self.is_settings(candidate)).collect()
    }

    fn structs_named(&self, name: &str) -> Vec<(&str, &ItemStruct)> {
        self.shipped_structs(&[&format!("struct {name}")])
            .filter(|(_, item)| item.ident == name)
            .collect()
    }

    fn shipped_structs(&self, needles: &[&str]) -> impl Iterator<Item = (&str, &ItemStruct)> {
        let files = self.parsed_with(needles).into_iter().filter(|(file, _)| self.is_shipped(file));
        files.flat_map(|(file, syntax)| {
            structs(&syntax.file).into_iter().map(move |item| (file, item))
        })
    }

    /// The outermost struct that is read as a whole and has `item` as a part.
    fn whole<'p>(&'p self, file: &'p str, item: &'p ItemStruct) -> (&'p str, &'p ItemStruct) {
        let mut whole = (file, item);
        for _ in 0..MAX_PARTS {
            let name = whole.1.ident.to_string();
            let reads = |item: &ItemStruct| {
                let derives = derives(item);
                derives.has("Deserialize") || derives.clap.is_some()
            };
            let outer = self
                .shipped_structs(&["struct", &name])
                .find(|(_, outer)| holds(outer, &name) && reads(outer));
            match outer {
                Some(outer) => whole = outer,
                None => break,
            }
        }
        whole
    }

    /// Leaves out the structs that nothing fills: data of the same name.
    fn is_settings(&self, candidate: &Candidate) -> bool {
        let derives = derives(candidate.item);
        let built =
            self.uses(&candidate.item.ident.to_string()).iter().any(|(_, found)| !found.pattern);
        matches!(candidate.item.fields, Fields::Named(_))
            && (built || derives.has("Deserialize") || derives.clap.is_some())
    }

    fn fitness(
        &self,
        file: &str,
        item: &ItemStruct,
        twice: bool,
    ) -> Result<Settings, (String, Place)> {
        let name = item.ident.to_string();
        let place = self.place(file, self.range_of(file, item));
        let unfit = |reason: String| Err((reason, place.clone()));
        if twice {
            return unfit(format!("`{name}` is defined more than once"));
        }
        let derives = derives(item);
        if let Some(unknown) = derives.unfit() {
            return unfit(format!(
                "`{name}` derives {unknown}, which needs to know what the new field is"
            ));
        }
        let uses = self.uses(&name);
        let mut literals: Vec<String> = Vec::new();
        for (file, found) in &uses {
            let by_default = derives.has("Default") && derives.clap.is_none();
            if let Some(reason) = self.obstacle(file, found, &name, by_default) {
                return Err((reason, self.place(file, found.at.clone())));
            }
            if !found.pattern && !found.rest && !literals.contains(file) {
                literals.push(file.clone());
            }
        }
        let loads = LOADERS.iter().any(|loader| self.mentions(loader));
        let built = uses.iter().any(|(file, found)| is_built(found) && self.is_shipped(file));
        let fill = match () {
            () if derives.clap.is_some() => Fill::Clap,
            () if derives.has("Deserialize") && loads => Fill::Deserialize,
            () if built => Fill::Literal,
            () => return unfit(format!("nothing in this package fills `{name}`")),
        };
        Ok(Settings { name, place, fill, literals, derives })
    }

    /// All literals and patterns of a struct, tests included.
    fn uses(&self, name: &str) -> Vec<(String, StructUse)> {
        let mut found = Vec::new();
        for (file, syntax) in self.parsed_with(&[name]) {
            let uses = struct_uses(syntax, &Names::of(&syntax.file), name);
            found.extend(uses.into_iter().map(|used| (file.to_owned(), used)));
        }
        found
    }

    /// Why a use of the struct does not allow another field.
    fn obstacle(
        &self,
        file: &str,
        found: &StructUse,
        name: &str,
        by_default: bool,
    ) -> Option<String> {
        if !is_own(self, file, &found.path) {
            return Some(format!("`{name}` is here another crate's type of the same name"));
        }
        if found.rest {
            let reads_nothing = by_default
                && !found.pattern
                && found.context != Context::Test
                && self.is_shipped(file);
            return reads_nothing.then(|| {
                format!("this `{name}` may take the new field from a default, which reads nothing")
            });
        }
        if found.pattern {
            return Some(format!("this pattern lists every field of `{name}`: end it in `..`"));
        }
        found.context.reads_nothing(name)
    }

    /// True when a file of the package's modules holds `text`.
    pub fn mentions(&self, text: &str) -> bool {
        self.modules()
            .iter()
            .any(|module| self.text(&module.file).is_some_and(|own| own.contains(text)))
    }

    fn range_of(&self, file: &str, item: &ItemStruct) -> Range<usize> {
        self.syntax(file).and_then(Result::ok).map_or(0..0, |syntax| syntax.range(&item.ident))
    }
}

fn is_built(found: &StructUse) -> bool {
    !found.pattern && !matches!(found.context, Context::Test | Context::Default)
}

/// True when a field of `item` is of the type `name`, plainly or inside an `Option` or a smart
/// pointer.
fn holds(item: &ItemStruct, name: &str) -> bool {
    item.ident != name && item.fields.iter().any(|field| names_type(&field.ty, name))
}

fn names_type(ty: &syn::Type, name: &str) -> bool {
    let syn::Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    last.ident == name
        || crate::edit::rust::type_arguments(&last.arguments)
            .iter()
            .any(|inner| names_type(inner, name))
}

#[cfg(test)]
mod tests;
