//! Rendering: templates and the variables they see.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use minijinja::{Environment, UndefinedBehavior, Value, syntax::SyntaxConfig};

use crate::component::{SPEC_FILE, Template};
use crate::problem::{MEND, Problem};

/// The steps that one template may take, each of an expression or of a loop: many times what a long one needs.
const FUEL: u64 = 2_000_000;
/// The most that one template may make, in bytes.
const MAX_OUTPUT: usize = 4 << 20;
/// The longest expression or statement of a template, in bytes: the engine recurses into it.
const MAX_TAG: usize = 4096;

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
        engine.set_fuel(Some(FUEL));
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
        let fail = |reason: &str, at: Range<usize>| {
            Problem::new(format!("this template cannot be rendered: {reason}")).at(name, template, at).help(MEND)
        };
        if let Some(at) = long_tag(template) {
            return Err(fail("it has an expression that is too long to be read", at..at + 2));
        }
        let mut output = Output::default();
        let parsed = self.engine.template_from_named_str(name, template);
        let rendered = parsed.and_then(|parsed| parsed.render_captured_to(variables, &mut output).map(drop));
        if output.is_full {
            return Err(fail("its output is too long", 0..0));
        }
        rendered.map_err(|error| {
            let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            let line = || line_start(template, error.line().unwrap_or(1));
            fail(&reason, error.range().unwrap_or_else(line))
        })?;
        String::from_utf8(output.bytes).map_err(|_| fail("its output is not UTF-8", 0..0))
    }
}

/// What a template makes, up to [`MAX_OUTPUT`].
#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    is_full: bool,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_full |= self.bytes.len() + bytes.len() > MAX_OUTPUT;
        if self.is_full {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where an expression or a statement of `template` begins that is longer than [`MAX_TAG`]; an end within a string is none.
fn long_tag(template: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = next_tag(template, at) {
        let mut quote = None;
        let mut bytes = template.bytes().enumerate().skip(start + 2);
        at = loop {
            let Some((place, byte)) = bytes.next().filter(|(place, _)| place - start <= MAX_TAG) else {
                return (template.len() - start > MAX_TAG).then_some(start);
            };
            match (quote, byte) {
                (Some(_), b'\\') => drop(bytes.next()),
                (Some(open), byte) if open == byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'}') if matches!(template.as_bytes()[place - 1], b'}' | b'%') => break place + 1,
                _ => {}
            }
        };
    }
    None
}

/// Where the next expression or statement of `template` begins, from `at` on; none in a comment.
fn next_tag(template: &str, at: usize) -> Option<usize> {
    let mut rest = at;
    loop {
        let start = rest + template.get(rest..)?.find('{')?;
        match template.as_bytes().get(start + 1) {
            Some(b'{' | b'%') => return Some(start),
            Some(b'#') => rest = start + template[start..].find("#}")?,
            _ => rest = start + 1,
        }
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
    fn a_template_without_end_is_an_error() {
        let said = |template: &str| Renderer::new().render(template).unwrap_err().to_string();
        assert!(said(&format!("{{{{ {}1 }}}}", "not ".repeat(50_000))).contains("too long to be read"));
        assert!(said(&format!("a\n{{{{ 1{} }}}}", "|abs".repeat(50_000))).starts_with("component.toml:2:1"));
        assert!(said(&format!("{{{{ \"}}}}\" {} }}}}", "~ 1".repeat(50_000))).contains("too long to be read"));
        assert!(said("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}").contains("fuel"));
        let much = "{% for i in range(9999) %}{{ 'xxxxxxxxxx' * 1000 }}{% endfor %}";
        assert!(said(much).contains("output is too long"));
        assert!(said(&"{% if true %}".repeat(50_000)).contains("recursion"));
    }

    #[test]
    fn quotes_outside_of_expressions_and_comments_count_for_nothing() {
        let long = "it's \" so ".repeat(5_000);
        let template = format!("{long}{{# it's {long} #}}{{{{ 'a}}}}' }}}}{long}");
        assert_eq!(Renderer::new().render(&template).unwrap(), format!("{long}a}}}}{long}"));
    }

    #[test]
    fn blocks_leave_no_blank_lines_and_the_final_newline_stays() {
        let mut renderer = Renderer::new();
        renderer.set("on", true);
        assert_eq!(renderer.render("a\n  {% if on %}\n<b>\n  {% endif %}\nc\n").unwrap(), "a\n<b>\nc\n");
    }
}
