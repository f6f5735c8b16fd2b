//! Rendering: templates and the variables they see.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};

use crate::problem::Problem;

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

    /// Fills in `template`, which `name` stands for in errors.
    ///
    /// # Errors
    /// When the template does not parse or uses a variable that is not set.
    pub(super) fn render(&self, name: &str, template: &str) -> Result<String, Problem> {
        self.render_with(name, template, &[])
    }

    /// Fills in `template` with `more` variables for this once.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub(super) fn render_with(&self, name: &str, template: &str, more: &[(&str, &str)]) -> Result<String, Problem> {
        let mut variables = self.variables.clone();
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
        self.engine.render_named_str(name, template, variables).map_err(|error| {
            let line = error.line().unwrap_or(1);
            let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            Problem::new(format!("template {name}, line {line}: {reason}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_variable_is_an_error_with_its_line() {
        let problem = Renderer::new().render("x", "a\n{{ nothing }}\n").unwrap_err();
        assert!(problem.message.starts_with("template x, line 2: "), "{problem}");
    }

    #[test]
    fn blocks_leave_no_blank_lines_and_the_final_newline_stays() {
        let mut renderer = Renderer::new();
        renderer.set("on", true);
        assert_eq!(renderer.render("x", "a\n  {% if on %}\n<b>\n  {% endif %}\nc\n").unwrap(), "a\n<b>\nc\n");
    }
}
