//! Rendering: templates and the variables they see.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;

use minijinja::{Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};

use super::bounds::excess;
use crate::component::{SPEC_FILE, Template};
use crate::problem::{MEND, Problem};

/// The fuel of one template: the engine counts each step of an expression or a loop, and every 64
/// bytes that it makes. The largest of rwx's own needs a hundredth of it.
const FUEL: u64 = 200_000;
/// The fuel of all templates of a run.
const FUEL_TOGETHER: u64 = 1_000_000;
/// How many bytes of a template count as one step, for what reading them takes.
const READ_IN_A_STEP: u64 = 4;

/// The variables of a component, and the engine that fills them in.
#[derive(Debug, Clone)]
pub(super) struct Renderer {
    engine: Environment<'static>,
    variables: BTreeMap<String, Value>,
    /// The fuel that all templates together have used.
    used: Cell<u64>,
}

impl Renderer {
    /// A renderer that knows the version of rwx and nothing else.
    pub(super) fn new() -> Self {
        let mut engine = Environment::new();
        // Else errors have no place.
        engine.set_debug(true);
        engine.set_fuel(Some(FUEL));
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder()
            .keep_trailing_newline(true)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        // The default delimiters are a valid syntax; without them the defaults stay in force.
        syntax.into_iter().for_each(|syntax| engine.set_syntax(syntax));
        engine.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        let version = Value::from(env!("CARGO_PKG_VERSION"));
        Self {
            engine,
            variables: BTreeMap::from([("rwx_version".to_owned(), version)]),
            used: Cell::default(),
        }
    }

    /// Sets a variable.
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Fills in `template`, a value of `component.toml`.
    ///
    /// # Errors
    /// A [`Problem`] with the place when the template does not parse or uses a variable that is not
    /// set.
    pub(super) fn render(&self, template: &str) -> Result<String, Problem> {
        self.render_with(template, &[])
    }

    /// Fills in `template` with `more` variables for this once.
    ///
    /// # Errors
    /// As [`Renderer::render`].
    pub(super) fn render_with(
        &self,
        template: &str,
        more: &[(&str, &str)],
    ) -> Result<String, Problem> {
        let mut variables = self.variables.clone();
        variables
            .extend(more.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
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
        let parsed = excess(&template.source)
            .is_none()
            .then(|| self.engine.template_from_str(&template.source));
        parsed
            .and_then(Result::ok)
            .is_some_and(|template| template.undeclared_variables(false).contains(name))
    }

    fn fill_in(
        &self,
        name: &str,
        template: &str,
        variables: &BTreeMap<String, Value>,
    ) -> Result<String, Problem> {
        let fail = |reason: &str, at: Range<usize>| {
            Problem::new(format!("this template cannot be rendered: {reason}"))
                .at(name, template, at)
                .help(MEND)
        };
        if let Some((at, reason)) = excess(template) {
            return Err(fail(reason, at));
        }
        let parsed = self.engine.template_from_named_str(name, template);
        let rendered =
            parsed.and_then(|parsed| parsed.render_captured(variables)).map_err(|error| {
                let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
                let line = || line_start(template, error.line().unwrap_or(1));
                fail(&reason, error.range().unwrap_or_else(line))
            })?;
        let used = rendered.state().fuel_levels().map_or(0, |(used, _)| used);
        self.used.set(self.used.get() + used + template.len() as u64 / READ_IN_A_STEP);
        if self.used.get() > FUEL_TOGETHER {
            return Err(fail(
                "with those before, it takes too many steps or makes too much text",
                0..0,
            ));
        }
        Ok(rendered.into_output())
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
        assert!(
            place("a\n {{ nothing }}\n")
                .starts_with("component.toml:2:5: this template cannot be rendered: ")
        );
        assert!(place("a\n{% if %}\n").starts_with("component.toml:2:"));
    }

    #[test]
    fn a_template_without_end_is_an_error() {
        for endless in [
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            "{% for i in range(99999) %}{{ 'x' * 100000 }}{% endfor %}",
            "{% set x = namespace(a='xxxxxxxxxx') %}{% for i in range(99) %}{% set x.a = x.a ~ x.a %}{% endfor %}",
            "{{ 'x'|indent(999999999) }}",
            "{{ 'x'|replace('x', 'y' * 99999999) }}",
            "{{ range(100000)|list * 99999 }}",
        ] {
            assert!(Renderer::new().render(endless).is_err(), "{endless}");
        }
        let many = Renderer::new();
        let half = format!("{{{{ 'x' * {} }}}}", FUEL * 32);
        assert!((0..10).map(|_| many.render(&half)).any(|rendered| rendered.is_err()));
    }

    #[test]
    fn blocks_leave_no_blank_lines_and_the_final_newline_stays() {
        let mut renderer = Renderer::new();
        renderer.set("on", true);
        assert_eq!(
            renderer.render("a\n  {% if on %}\n<b>\n  {% endif %}\nc\n").unwrap(),
            "a\n<b>\nc\n"
        );
    }
}
