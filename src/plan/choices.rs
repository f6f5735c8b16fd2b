//! What the user chose, filled up with what she chose before and with the component's defaults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::component::{OptionSpec, Spec};
use crate::problem::Problem;
use crate::project::Record;

/// What the command line says; what it leaves open comes from the record, then from the component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// `--module`
    pub module: Option<String>,
    /// `--route`
    pub route: Option<String>,
    /// `--set NAME=VALUE`
    pub options: BTreeMap<String, bool>,
    /// `--no-wire`
    pub no_wire: bool,
    /// `--wire`
    pub wire: bool,
    /// `--compose`, relative to the project's root
    pub compose: Option<String>,
    /// `--env-file`, relative to the project's root
    pub env_file: Option<String>,
    /// Whether the project is a new one.
    #[serde(skip)]
    pub in_new: bool,
    /// What becomes of the owner's edits.
    pub policy: Policy,
}

/// What becomes of the owner's edits where a template changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// `--on-conflict`
    pub on_conflict: OnConflict,
    /// `--force`: the template's text takes their place, and they are kept aside.
    pub force: bool,
    /// `--restore`: what the owner has taken out or deleted comes back.
    pub restore: bool,
}

/// What to do where the owner and a new template change the same lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnConflict {
    /// Leave both in the file, between markers.
    #[default]
    Merge,
    /// Keep the owner's lines.
    Keep,
    /// Fail and write nothing.
    Abort,
}

/// The choices with nothing left open.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    pub(super) module: Option<String>,
    pub(super) route: Option<String>,
    pub(super) options: BTreeMap<String, bool>,
    pub(super) wire: bool,
    /// Whether routes that the user took out of the router go in again.
    pub(super) rewire: bool,
    pub(super) compose: Option<String>,
    pub(super) env_file: Option<String>,
}

impl Settled {
    /// Fills up `choices`.
    ///
    /// # Errors
    /// A usage [`Problem`] for an unknown option, a name that is no module's, a route that is none.
    pub(super) fn new(
        spec: &Spec,
        choices: &Choices,
        record: Option<&Record>,
    ) -> Result<Self, Problem> {
        let settled = Self {
            module: spec.module.as_ref().map(|module| {
                let before = record.and_then(|record| record.module.clone());
                choices.module.clone().or(before).unwrap_or_else(|| module.name.clone())
            }),
            route: spec.route.as_ref().map(|route| {
                let before = record.and_then(|record| record.route.clone());
                choices.route.clone().or(before).unwrap_or_else(|| route.clone())
            }),
            options: settle_options(spec, choices, record)?,
            compose: choices.compose.clone().or_else(|| record?.compose.clone()),
            env_file: choices.env_file.clone().or_else(|| record?.env_file.clone()),
            rewire: choices.wire || choices.policy.restore,
            wire: choices.wire || !(choices.no_wire || record.is_some_and(|record| record.no_wire)),
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

/// The value of every option: the user's, else the one before, else the default, which yields where
/// it cannot be.
fn settle_options(
    spec: &Spec,
    choices: &Choices,
    record: Option<&Record>,
) -> Result<BTreeMap<String, bool>, Problem> {
    check_options(spec, choices)?;
    let mut settled = BTreeMap::new();
    for OptionSpec { name, default, in_new, needs, .. } in &spec.options {
        let before = record.and_then(|record| record.options.get(name));
        let chosen = choices.options.get(name).or(before).copied();
        let off = needs.as_ref().filter(|needed| settled.get(*needed) == Some(&false));
        let value = match (chosen, off) {
            (Some(true), Some(needed)) => return Err(lacks(name, needed)),
            (_, Some(_)) => false,
            (chosen, None) => chosen.unwrap_or(*default || (choices.in_new && *in_new)),
        };
        settled.insert(name.clone(), value);
    }
    Ok(settled)
}

fn check_options(spec: &Spec, choices: &Choices) -> Result<(), Problem> {
    let known = |name: &String| spec.options.iter().any(|option| &option.name == name);
    let Some(name) = choices.options.keys().find(|name| !known(name)) else { return Ok(()) };
    let names: Vec<&str> = spec.options.iter().map(|option| option.name.as_str()).collect();
    let help = format!("its options are: {}; see `rwx infra info {}`", names.join(", "), spec.name);
    Err(Problem::usage(format!("{} has no option `{name}`", spec.name)).help(help))
}

fn lacks(name: &str, needed: &str) -> Problem {
    Problem::usage(format!("the option `{name}` needs the option `{needed}`, which is off"))
        .help(format!("add `--set {needed}=true`, or `--set {name}=false`"))
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
    let segments = route
        .strip_prefix('/')
        .is_some_and(|rest| rest.split('/').all(|segment| !segment.is_empty()));
    if segments && route.chars().all(plain) {
        return Ok(());
    }
    Err(Problem::usage(format!("`{route}` is not a route")).help(
        "start it with / and end it without one, as in `--route /realtime/ws`; parameters \
            are not possible here",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component with the options `base`, on, and `extra`, off but in a new project, which needs
    /// `base`.
    fn spec() -> Spec {
        let text = r#"
            name = "x"
            summary = "x"
            files = { into = "src" }
            option = [
                { name = "base", default = true, about = "x" },
                { name = "extra", default = false, in-new = true, needs = "base", about = "x" },
            ]
        "#;
        toml_edit::de::from_str(text).unwrap()
    }

    fn settle(
        set: &[(&str, bool)],
        in_new: bool,
        before: &[(&str, bool)],
    ) -> Result<Vec<bool>, Problem> {
        let options = |pairs: &[(&str, bool)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
        };
        let choices = Choices { options: options(set), in_new, ..Choices::default() };
        let record = Record { options: options(before), ..Record::default() };
        Ok(settle_options(&spec(), &choices, Some(&record))?.into_values().collect())
    }

    #[test]
    fn an_option_has_the_users_value_then_the_one_before_then_the_default() {
        assert_eq!(settle(&[], false, &[]).unwrap(), [true, false]);
        assert_eq!(settle(&[], true, &[]).unwrap(), [true, true]);
        assert_eq!(settle(&[], false, &[("extra", true)]).unwrap(), [true, true]);
        assert_eq!(settle(&[("extra", false)], true, &[("extra", true)]).unwrap(), [true, false]);
    }

    #[test]
    fn a_default_yields_to_an_option_that_is_off_and_a_choice_is_an_error() {
        assert_eq!(settle(&[("base", false)], true, &[]).unwrap(), [false, false]);
        for before in [&[][..], &[("base", false)]] {
            let set: &[_] = if before.is_empty() {
                &[("base", false), ("extra", true)]
            } else {
                &[("extra", true)]
            };
            let problem = settle(set, false, before).unwrap_err();
            assert_eq!(problem.message, "the option `extra` needs the option `base`, which is off");
            assert_eq!(problem.code, crate::problem::USAGE);
        }
    }

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
