//! What the wiring says, in the component's words.

use crate::component::{RouterWiring, SettingsField};
use crate::edit::rust::Context;
use crate::plan::case::Case;
use crate::problem::Problem;

/// The variable that stands for the signal.
pub(super) const SIGNAL: &str = "signal";

/// The statements of the wiring, filled in.
pub(super) struct Statements {
    pub(super) start: String,
    pub(super) merge: String,
    /// What goes ahead of the signal that the server ends at, and behind it.
    pub(super) stop: Option<[String; 2]>,
}

/// The expression that reads the configuration from the environment at a place of this context.
///
/// # Errors
/// When a text of the component does not render.
pub(super) fn read_anew(case: &Case<'_>, path: &str, context: Context) -> Result<String, Problem> {
    let Some(spec) = &case.component.spec.settings else { return Ok(String::new()) };
    let render = |text: &str| case.renderer.render_with(text, &[("path", path)]);
    match context {
        Context::Fallible => render(&spec.fallible),
        _ => Ok(format!("{}()", render(&spec.infallible)?)),
    }
}

/// What the statements name.
pub(super) struct Names<'a> {
    /// The module, as code there has it.
    pub(super) path: &'a str,
    /// The variable that the first statement binds.
    pub(super) hub: &'a str,
    /// The router that the second statement binds.
    pub(super) app: &'a str,
    /// The router that it is made of.
    pub(super) served: &'a str,
    /// The configuration.
    pub(super) config: &'a str,
}

/// The statements that name `names`.
///
/// # Errors
/// When a text of the component does not render.
pub(super) fn statements(
    case: &Case<'_>,
    spec: &RouterWiring,
    names: &Names<'_>,
) -> Result<Statements, Problem> {
    let Names { path, hub, app, served, config } = names;
    let variables =
        [("path", *path), ("hub", *hub), ("app", *app), ("served", *served), ("config", *config)];
    let render = |text: &String| case.renderer.render_with(text, &variables);
    let around = |text: &String| {
        let rendered = case
            .renderer
            .render_with(text, &[variables.as_slice(), &[("signal", SIGNAL)]].concat())?;
        let (ahead, behind) = rendered.split_once(SIGNAL).unwrap_or((&rendered, ""));
        Ok([ahead.to_owned(), behind.to_owned()])
    };
    let stop = spec.stop.as_ref().map(around).transpose()?;
    Ok(Statements { start: render(&spec.start)?, merge: render(&spec.merge)?, stop })
}

/// How the component words the wiring, wherever it is made.
///
/// # Errors
/// When a text of the component does not render.
pub(in crate::plan) fn wording(case: &Case<'_>) -> Result<Option<String>, Problem> {
    let spec = &case.component.spec;
    let Some(router) = &spec.router else { return Ok(None) };
    let field = spec.settings.iter().flat_map(|field| {
        let SettingsField { name, r#type, doc, fallible, infallible, default } = field;
        [name, r#type, doc, fallible, infallible, default]
    });
    let texts = [&router.start, &router.merge].into_iter().chain(&router.stop).chain(field);
    let names = ["path", "hub", "app", "served", "config", SIGNAL].map(|name| (name, name));
    let lines =
        texts.map(|text| case.renderer.render_with(text, &names)).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(lines.join("\n")))
}
