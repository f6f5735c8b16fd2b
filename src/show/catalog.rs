//! What can be added: `rwx infra list` and `rwx infra info`.

use std::fmt::Write as _;

use console::style;
use serde_json::{Value, json};

use super::json::document;
use crate::component::{Component, Spec};

/// Characters of a line, its indent left out.
const WIDTH: usize = 76;

/// A line a component.
pub fn catalog(components: &[Component]) -> String {
    let width =
        components.iter().map(|component| component.spec.name.len()).max().unwrap_or_default();
    let line = |component: &Component| {
        let name = style(format!("{:width$}", component.spec.name)).bold();
        format!("{name}  {}\n", component.spec.summary)
    };
    components.iter().map(line).collect()
}

/// The same for programs.
pub fn catalog_json(components: &[Component]) -> String {
    let all: Vec<Value> = components.iter().map(|component| value(&component.spec)).collect();
    document(json!({ "components": all }))
}

/// All that the user may want to know of `component` before she adds it.
pub fn info(component: &Component) -> String {
    let spec = &component.spec;
    let mut out =
        format!("{}: {}\n\n{}\n", style(&spec.name).bold(), spec.summary, spec.about.trim());
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{}\n  {}", style(title).bold(), lines.join("\n  "));
        }
    };
    section("needs", needs(spec));
    section("options (--set NAME=true|false)", options(spec));
    section("files", wrapped(component.templates.iter().map(|template| template.name.as_str())));
    section("dependencies", spec.dependencies.iter().map(dependency).collect());
    section(
        "environment",
        spec.environment.iter().flat_map(|all| &all.lines).map(variable).collect(),
    );
    section("compose services", spec.services.iter().map(|service| service.name.clone()).collect());
    out
}

/// The words in lines of at most [`WIDTH`] characters.
fn wrapped<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + word.len() <= WIDTH => *line += &format!("  {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn needs(spec: &Spec) -> Vec<String> {
    let versions = |minors: &[u64]| {
        minors.iter().map(|minor| format!("0.{minor}")).collect::<Vec<_>>().join(" or ")
    };
    spec.requires
        .iter()
        .map(|(package, minors)| format!("{package} {}", versions(minors)))
        .collect()
}

fn options(spec: &Spec) -> Vec<String> {
    let width = spec.options.iter().map(|option| option.name.len()).max().unwrap_or_default();
    let line = |option: &crate::component::OptionSpec| {
        let default = match (option.default, option.in_new) {
            (true, _) => "on",
            (false, true) => "off, on in a new project",
            (false, false) => "off",
        };
        format!("{:width$}  {} (default: {default})", option.name, option.about)
    };
    spec.options.iter().map(line).collect()
}

fn dependency(dependency: &crate::component::Dependency) -> String {
    let features = if dependency.features.is_empty() {
        String::new()
    } else {
        format!(" ({})", dependency.features.join(", "))
    };
    let dev = if dependency.dev { ", for tests" } else { "" };
    format!("{}{features}{dev}", dependency.name)
}

fn variable(line: &crate::component::EnvLine) -> String {
    format!("{}  {}", line.key, line.about())
}

/// The same for programs.
pub fn info_json(component: &Component) -> String {
    let mut value = value(&component.spec);
    value["about"] = json!(component.spec.about.trim());
    value["files"] = component.templates.iter().map(|template| template.name.as_str()).collect();
    value["dependencies"] =
        component.spec.dependencies.iter().map(|entry| entry.name.as_str()).collect();
    document(value)
}

fn value(spec: &Spec) -> Value {
    let options = spec.options.iter().map(|option| {
        json!({
            "name": option.name,
            "default": option.default,
            "in_new": option.in_new,
            "about": option.about,
        })
    });
    json!({
        "name": spec.name,
        "summary": spec.summary,
        "options": options.collect::<Vec<Value>>(),
    })
}
