//! What there is to choose from.

use console::style;

use crate::component::{Component, Spec};

/// The components, numbered.
pub fn components_to_choose(components: &[Component]) -> String {
    let width = components.iter().map(|component| component.spec.name.len()).max();
    let width = width.unwrap_or_default();
    let line = |(index, component): (usize, &Component)| {
        let name = style(format!("{:width$}", component.spec.name)).for_stderr().bold();
        format!("{:>3}  {name}  {}\n", index + 1, component.spec.summary)
    };
    components.iter().enumerate().map(line).collect()
}

/// The options of `spec`, each with how it is.
pub fn options_to_choose(spec: &Spec, is_on: &dyn Fn(&str) -> bool) -> String {
    let width = spec.options.iter().map(|option| option.name.len()).max().unwrap_or_default();
    let lines = spec.options.iter().map(|option| {
        let state = if is_on(&option.name) { " on" } else { "off" };
        let name = style(format!("{:width$}", option.name)).for_stderr().bold();
        format!("{state}  {name}  {}\n", option.about)
    });
    lines.collect()
}
