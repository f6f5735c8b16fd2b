//! What the arguments of a command line may be, as far as the embedded components and the project
//! at hand tell.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap_complete::engine::CompletionCandidate;

use crate::component::{self, Component, OptionSpec};
use crate::project::{Selection, Surveyed, survey};

/// What the words that are typed say.
#[derive(Clone)]
pub(super) struct Values {
    selection: Selection,
    /// The components that are named among them.
    named: Vec<String>,
}

impl Values {
    pub(super) fn of(words: &[OsString]) -> Self {
        let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
        let path = |flag: &str| after(&words, flag).map(PathBuf::from);
        let selection = Selection {
            directory: path("-C"),
            manifest_path: path("--manifest-path"),
            package: None,
        };
        let is_named =
            |name: &String| words.iter().any(|word| word.rsplit('=').next() == Some(name));
        let mut named: Vec<String> =
            all().into_iter().map(|component| component.spec.name).collect();
        named.retain(is_named);
        Self { selection, named }
    }

    /// The components; those that are installed here where `is_installed` and there are any.
    pub(super) fn components(&self, is_installed: bool) -> Vec<CompletionCandidate> {
        let installed = if is_installed { self.survey().components } else { Vec::new() };
        if !installed.is_empty() {
            return installed.into_iter().map(CompletionCandidate::new).collect();
        }
        let candidate = |Component { spec, .. }: Component| {
            CompletionCandidate::new(spec.name).help(Some(spec.summary.into()))
        };
        all().into_iter().map(candidate).collect()
    }

    /// `KEY=` for each option that begins as `typed`, or the values of the only one.
    pub(super) fn settings(&self, typed: &OsStr) -> Vec<CompletionCandidate> {
        let typed = typed.to_string_lossy();
        let is_open = |option: &OptionSpec| format!("{}=", option.name).starts_with(&*typed);
        let (key, _) = typed.split_once('=').unwrap_or((&typed, ""));
        let options: Vec<OptionSpec> = all()
            .into_iter()
            .filter(|component| self.named.is_empty() || self.named.contains(&component.spec.name))
            .flat_map(|component| component.spec.options)
            .filter(|option| option.name == key || is_open(option))
            .collect();
        let values: &[&str] = if options.len() == 1 { &["true", "false"] } else { &[""] };
        let candidates = |option: &OptionSpec| {
            let (name, about) = (option.name.clone(), option.about.clone());
            values.iter().map(move |value| {
                CompletionCandidate::new(format!("{name}={value}")).help(Some(about.clone().into()))
            })
        };
        options.iter().flat_map(candidates).collect()
    }

    /// The packages that `-p` can name.
    pub(super) fn packages(&self) -> Vec<CompletionCandidate> {
        self.survey().packages.into_iter().map(CompletionCandidate::new).collect()
    }

    fn survey(&self) -> Surveyed {
        survey(&self.selection).unwrap_or_default()
    }
}

/// The components of rwx. A template that does not parse is for another command to tell.
fn all() -> Vec<Component> {
    component::addable().unwrap_or_default()
}

/// What `words` give for `flag`.
fn after<'a>(words: &[&'a str], flag: &str) -> Option<&'a str> {
    let joined = words.iter().find_map(|word| word.strip_prefix(flag));
    match joined.map(|value| value.strip_prefix('=').unwrap_or(value)) {
        Some("") => words.iter().skip_while(|word| **word != flag).nth(1).copied(),
        value => value,
    }
}
