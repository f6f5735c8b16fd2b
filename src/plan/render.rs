//! Rendering: templates and the variables they see.

use std::collections::BTreeMap;
use std::ops::Range;

use minijinja::{Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};

use crate::component::{SPEC_FILE, Template};
use crate::problem::{MEND, Problem};

/// The variables of a component, and the engine that fills them in.
#[derive(Debug, Clone)]
pub(super) struct Renderer {
    engine: Environment<'static>,
    variables: BTreeMap<String, Value>,
}

impl Renderer {
    /// A renderer that knows the version of rwx and nothing else.
    pub(super) fn new() -> Self {
        let mut engine = Environment::new();
        // Else errors have no place.
        engine.set_debug(true);
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().keep_trailing_newline(true).trim_blocks(true).lstrip_blocks(true).build();
        // The default delimiters are a valid syntax; without them the defaults stay in force.
        syntax.into_iter().for_each(|syntax| engine.set_syntax(syntax));
        engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        let version = Value::from(env!("CARGO_PKG_VERSION"));
        Self { engine, variables: BTreeMap::from([("rwx_version".to_owned(), version)]) }
    }

    /// Sets a variable.
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Fills in `template`, a value of `component.toml`.
    ///
    /// # Errors
    /// A [`Problem`] with the place when the template does not parse or uses a variable that is not set.
    pub(super) fn render(&self, template: &str) -> Result<String, Problem> {
        self.render_with(template, &[])
    }

    /// Fills in `template` with `more` variables for this once.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub(super) fn render_with(&self, template: &str, more: &[(&str, &str)]) -> Result<String, Problem> {
        let mut variables = self.variables.clone();
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
        self.fill_in(SPEC_FILE, template, &variables)
    }

    /// Fills in a file.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub(super) fn render_file(&self, template: &Template) -> Result<String, Problem> {
        self.fill_in(&template.path, &template.source, &self.variables)
    }

    /// True when `template` uses the variable `name`.
    pub(super) fn is_used(&self, template: &Template, name: &str) -> bool {
        let parsed = self.engine.template_from_str(&template.source);
        parsed.is_ok_and(|template| template.undeclared_variables(false).contains(name))
    }

    fn fill_in(&self, name: &str, template: &str, variables: &BTreeMap<String, Value>) -> Result<String, Problem> {
        self.engine.render_named_str(name, template, variables).map_err(|error| {
            let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            let line = || line_start(template, error.line().unwrap_or(1));
            let at = error.range().unwrap_or_else(line);
            Problem::new(format!("this template cannot be rendered: {reason}")).at(name, template, at).help(MEND)
        })
    }
}

/// The start of line `line` of `text`, counted from 1.
fn line_start(text: &str, line: usize) -> Range<usize> {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    start..start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_variable_is_an_error_with_its_place() {
        let place = |template| Renderer::new().render(template).unwrap_err().to_string();
        assert!(place("a\n {{ nothing }}\n").starts_with("component.toml:2:5: this template cannot be rendered: "));
        assert!(place("a\n{% if %}\n").starts_with("component.toml:2:"));
    }

    #[test]
    fn blocks_leave_no_blank_lines_and_the_final_newline_stays() {
        let mut renderer = Renderer::new();
        renderer.set("on", true);
        assert_eq!(renderer.render("a\n  {% if on %}\n<b>\n  {% endif %}\nc\n").unwrap(), "a\n<b>\nc\n");
    }
}
