//! What `rwx infra add` asks where no component is named and somebody is there to answer.

use std::collections::BTreeMap;

use crate::component::{Component, Spec};
use crate::plan::Plan;
use crate::problem::{Problem, REFUSED};
use crate::show::{self, Tone};
use crate::terminal::Terminal;

/// The component that the user names, by its name or its number in the list.
///
/// # Errors
/// As [`answer`].
pub(super) fn component(
    components: &[Component],
    out: &mut Terminal<'_>,
) -> anyhow::Result<String> {
    out.talk(&show::components_to_choose(components));
    let names: Vec<&str> =
        components.iter().map(|component| component.spec.name.as_str()).collect();
    let only = names.first().filter(|_| names.len() == 1);
    let question = match only {
        Some(only) => format!("add which one? [{only}] "),
        None => "add which one? ".to_owned(),
    };
    loop {
        let answer = answer(&question, out)?;
        let numbered =
            answer.parse().ok().and_then(|number: usize| names.get(number.checked_sub(1)?));
        let named = names.iter().find(|name| **name == answer);
        match named.or(numbered).or(only.filter(|_| answer.is_empty())) {
            Some(name) => return Ok((*name).to_owned()),
            None => out.talk("type a name or a number of the list\n"),
        }
    }
}

/// The options of `spec` that the user switches from how they are `now`.
///
/// # Errors
/// As [`answer`].
pub(super) fn options(
    spec: &Spec,
    now: &BTreeMap<String, bool>,
    out: &mut Terminal<'_>,
) -> anyhow::Result<Vec<(String, bool)>> {
    if spec.options.is_empty() {
        return Ok(Vec::new());
    }
    let is_on = |name: &str| {
        let usual = spec.options.iter().any(|option| option.name == name && option.default);
        now.get(name).copied().unwrap_or(usual)
    };
    out.talk(&show::options_to_choose(spec, &is_on));
    loop {
        let answer = answer("switch which of them? [none] ", out)?;
        let names: Vec<&str> =
            answer.split([' ', ',']).filter(|name| !matches!(*name, "" | "none")).collect();
        let known = |name: &&str| spec.options.iter().any(|option| option.name == **name);
        match names.iter().find(|name| !known(name)) {
            None => {
                return Ok(names.iter().map(|name| ((*name).to_owned(), !is_on(name))).collect());
            }
            Some(unknown) => out.talk(&format!("there is no option {unknown}\n")),
        }
    }
}

/// True when the user says yes to `plan`, which is shown to her.
///
/// # Errors
/// As [`answer`].
pub(super) fn is_agreed(plan: &Plan, tone: Tone, out: &mut Terminal<'_>) -> anyhow::Result<bool> {
    out.talk(&show::preview(plan, tone));
    let answer = answer("write this? [y/N] ", out)?.to_lowercase();
    let is_agreed = ["y", "yes"].contains(&answer.as_str());
    if !is_agreed {
        out.talk("nothing was written\n");
    }
    Ok(is_agreed)
}

/// What the user types.
///
/// # Errors
/// The stream's, and a [`Problem`] where the input ends: that is no answer.
fn answer(question: &str, out: &mut Terminal<'_>) -> anyhow::Result<String> {
    let line = out.ask(question)?.ok_or_else(|| Problem {
        code: REFUSED,
        ..Problem::new("the input ended before the last answer")
    });
    Ok(line.map_err(|problem| problem.help("nothing was written"))?.trim().to_owned())
}
