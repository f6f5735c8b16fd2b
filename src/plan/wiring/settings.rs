//! The settings struct: it gets a field where the wiring can read it, and is left alone otherwise.

use super::{Home, spot};
use crate::component::SettingsField;
use crate::edit::Part;
use crate::edit::rust::{Context, Field, add_field, init_field};
use crate::plan::Verb;
use crate::plan::case::Case;
use crate::plan::draft::{Draft, Wish};
use crate::plan::spot::Spot;
use crate::problem::Problem;
use crate::project::source::{Package, ServeSite, Settings, SettingsFact};

/// Where the field's value is at hand in the function that serves.
#[derive(Debug)]
pub(super) struct Holder {
    /// The variable that holds the settings.
    pub(super) variable: String,
    /// The expression that gives the field's value.
    pub(super) value: String,
    /// True when the variable still holds all of the settings where the router is served.
    pub(super) is_intact: bool,
}

/// Adds the field to the struct and to every place that builds it; the answer is what holds the
/// settings in the function that serves. Nothing is added where it could not be read there, and the
/// report says why.
///
/// # Errors
/// When a file that is edited does not parse, or a text of the component does not render.
pub(super) fn add(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    home: &Home,
    site: &ServeSite,
) -> Result<Option<Holder>, Problem> {
    let Some(spec) = &case.component.spec.settings else { return Ok(None) };
    let package = &case.package;
    let settings = match package.settings() {
        SettingsFact::Found(settings) => settings,
        SettingsFact::Missing => return Ok(None),
        SettingsFact::Unfit { reason, at } => return Ok(keep(draft, spot(package, &at), &reason)),
    };
    let place = spot(package, &settings.place);
    let Some(binding) = package.settings_binding(site, &settings) else {
        return Ok(keep(
            draft,
            place,
            "no variable that is certain to hold it where the router is served",
        ));
    };
    if !package.can_read(&settings, &site.place) {
        return Ok(keep(draft, place, "its fields are not visible where the router is served"));
    }
    let mut trial = draft.clone();
    match write(&mut trial, case, package, home, spec, &settings)? {
        None => {
            *draft = trial;
            let name = case.renderer.render(&spec.name)?;
            let value = format!("{}.{name}.clone()", binding.name);
            Ok(Some(Holder {
                is_intact: package.is_intact(&binding, site),
                variable: binding.name,
                value,
            }))
        }
        Some((place, reason)) => Ok(keep(draft, place, &reason)),
    }
}

fn keep<T>(draft: &mut Draft<'_>, spot: Spot, reason: &str) -> Option<T> {
    draft.remark(
        spot,
        Verb::Keep,
        format!("settings struct left alone ({reason}); the environment is read instead"),
    );
    None
}

/// Writes the field everywhere; the answer is the place that does not allow it, and why.
fn write(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    package: &Package,
    home: &Home,
    spec: &SettingsField,
    settings: &Settings,
) -> Result<Option<(Spot, String)>, Problem> {
    let file = &settings.place.file;
    let Some(texts) = Texts::new(case, home, spec, file, package.is_nested(&settings.place))?
    else {
        return Ok(Some((
            spot(package, &settings.place),
            "its file belongs to several crates".to_owned(),
        )));
    };
    let field = Field {
        name: texts.name.clone(),
        ty: texts.ty.clone(),
        doc: spec.doc.lines().map(str::to_owned).collect(),
        attributes: settings.attributes(&texts.infallible, &format!("{}()", texts.infallible)),
    };
    let what = format!("{}.{}", settings.name, texts.name);
    let part = || Part::Field { of: settings.name.clone(), name: texts.name.clone() };
    let edit = add_field(&draft.text(file)?, &settings.name, &field);
    if !draft.attempt(Wish::new(file, &what, &|_, _| part()), edit)? {
        return Ok(draft.take_last_left());
    }
    for file in &settings.literals {
        let at_top = Texts::new(case, home, spec, file, false)?;
        let (Some(at_top), Some(nested)) = (at_top, Texts::new(case, home, spec, file, true)?)
        else {
            return Ok(Some((
                Spot::File(file.clone()),
                "this file belongs to several crates".to_owned(),
            )));
        };
        let edit = init_field(&draft.text(file)?, &settings.name, &texts.name, |found| {
            let texts = if found.is_nested { &nested } else { &at_top };
            texts.value(if package.is_shipped(file) { found.context } else { Context::Test })
        });
        if !draft.attempt(Wish::new(file, &what, &|_, _| part()), edit)? {
            return Ok(draft.take_last_left());
        }
    }
    Ok(None)
}

/// The field's texts as one file writes them.
struct Texts {
    name: String,
    ty: String,
    fallible: String,
    infallible: String,
    default: String,
}

impl Texts {
    /// Those for the top of the file, or for the modules that are written in place there. Nothing
    /// when one path to the module cannot serve all crates that compile `file`.
    fn new(
        case: &Case<'_>,
        home: &Home,
        spec: &SettingsField,
        file: &str,
        is_nested: bool,
    ) -> Result<Option<Self>, Problem> {
        let module = case.settled.module.as_deref().unwrap_or_default();
        let Some(path) = home.path_from(&case.package, file, is_nested, module) else {
            return Ok(None);
        };
        let render = |text: &str| case.renderer.render_with(text, &[("path", &path)]);
        Ok(Some(Self {
            name: render(&spec.name)?,
            ty: render(&spec.r#type)?,
            fallible: render(&spec.fallible)?,
            infallible: render(&spec.infallible)?,
            default: render(&spec.default)?,
        }))
    }

    /// The field's value in a literal. A program may take its settings from its `Default`, so that
    /// reads the environment too.
    fn value(&self, context: Context) -> String {
        match context {
            Context::Test => self.default.clone(),
            Context::Fallible => self.fallible.clone(),
            Context::Default | Context::Infallible | Context::Constant | Context::ItemMacro => {
                format!("{}()", self.infallible)
            }
        }
    }
}
