//! What the user chose, filled up with what she chose before and with the component's defaults.

use std::collections::BTreeMap;

use crate::component::Spec;
use crate::problem::Problem;
use crate::project::Record;

/// What the command line says; what it leaves open comes from the record, then from the component.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// `--module`
    pub module: Option<String>,
    /// `--route`
    pub route: Option<String>,
    /// `--set NAME=VALUE`
    pub options: BTreeMap<String, bool>,
    /// `--no-wire`
    pub no_wire: bool,
    /// `--compose`, relative to the project's root
    pub compose: Option<String>,
    /// `--env-file`, relative to the project's root
    pub env_file: Option<String>,
}

/// The choices with nothing left open.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) module: Option<String>,
    pub(super) route: Option<String>,
    pub(super) options: BTreeMap<String, bool>,
    pub(super) wire: bool,
}

impl Settled {
    /// Fills up `choices`.
    ///
    /// # Errors
    /// A usage [`Problem`] for an unknown option, a name that is no module's, a route that is none.
    pub(super) fn new(spec: &Spec, choices: &Choices, record: Option<&Record>) -> Result<Self, Problem> {
        let known = |name: &String| spec.options.iter().any(|option| &option.name == name);
        if let Some(name) = choices.options.keys().find(|name| !known(name)) {
            let names: Vec<&str> = spec.options.iter().map(|option| option.name.as_str()).collect();
            let help = format!("its options are: {}; see `rwx infra info {}`", names.join(", "), spec.name);
            return Err(Problem::usage(format!("{} has no option `{name}`", spec.name)).help(help));
        }
        let value = |name: &str, default| {
            let before = record.and_then(|record| record.options.get(name));
            choices.options.get(name).or(before).copied().unwrap_or(default)
        };
        let options = spec.options.iter().map(|option| (option.name.clone(), value(&option.name, option.default)));
        let settled = Self {
            module: spec.module.as_ref().map(|module| {
                let before = record.and_then(|record| record.module.clone());
                choices.module.clone().or(before).unwrap_or_else(|| module.name.clone())
            }),
            route: spec.route.as_ref().map(|route| {
                let before = record.and_then(|record| record.route.clone());
                choices.route.clone().or(before).unwrap_or_else(|| route.clone())
            }),
            options: options.collect(),
            wire: !(choices.no_wire || record.is_some_and(|record| record.no_wire)),
        };
        settled.module.as_deref().map_or(Ok(()), check_module)?;
        settled.route.as_deref().map_or(Ok(()), check_route)?;
        settled.same_place(record)?;
        Ok(settled)
    }

    /// True when the option that a part is conditional on is on, or there is none.
    pub(super) fn is_on(&self, when: Option<&String>) -> bool {
        when.is_none_or(|name| self.options.get(name).copied().unwrap_or(false))
    }

    fn same_place(&self, record: Option<&Record>) -> Result<(), Problem> {
        let Some(before) = record.and_then(|record| record.module.as_ref()) else { return Ok(()) };
        if self.module.as_ref() == Some(before) {
            return Ok(());
        }
        Err(Problem::usage(format!("it is installed already, as the module `{before}`"))
            .help("leave `--module` away; to rename the module, rename it in your code"))
    }
}

fn check_module(name: &str) -> Result<(), Problem> {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && syn::parse_str::<syn::Ident>(name).is_ok() && name != "_" {
        return Ok(());
    }
    Err(Problem::usage(format!("`{name}` is not a module name"))
        .help("use lower case letters, digits and _, as in `--module realtime`"))
}

fn check_route(route: &str) -> Result<(), Problem> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    let segments = route.strip_prefix('/').is_some_and(|rest| rest.split('/').all(|segment| !segment.is_empty()));
    if segments && route.chars().all(plain) {
        return Ok(());
    }
    Err(Problem::usage(format!("`{route}` is not a route"))
        .help("start it with / and end it without one, as in `--route /realtime/ws`; parameters are not possible here"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_paths_are_routes_and_only_snake_case_names_are_modules() {
        for good in ["/ws", "/api/v1/live-feed"] {
            check_route(good).unwrap();
        }
        for bad in ["ws", "/", "/ws/", "/a//b", "/{id}", "/a b", "", "/ws\"", "/a?b"] {
            check_route(bad).unwrap_err();
        }
        for bad in ["", "_", "fn", "Ws", "a-b", "1a", "self"] {
            check_module(bad).unwrap_err();
        }
        check_module("real_time2").unwrap();
    }
}
