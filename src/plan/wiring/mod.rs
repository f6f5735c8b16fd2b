//! Wiring: the module's line in the crate root, the settings field, the router that is served.

mod by_hand;
pub(super) mod crates;
mod earlier;
mod ours;
mod router;
mod settings;
mod statements;

use super::case::Case;
use super::draft::{Draft, Wish};
use super::settle::settle;
use super::spot::Spot;
use crate::edit::rust::declare_module;
use crate::edit::{Part, Step};
use crate::problem::{MEND, Problem};
use crate::project::source::{Package, Place};
use crates::Home;
pub(super) use ours::modules;
pub(super) use statements::wording;

/// How the module is wired, as far as the texts of the component tell of it.
#[derive(Debug, Clone)]
pub(super) struct Wiring {
    /// The module's path from where it is served.
    pub(super) path: String,
    /// True when the router serves the module's routes.
    pub(super) is_wired: bool,
    /// The binding that the wiring statements make.
    pub(super) binding: String,
}

/// Declares the module and, where that is wanted and safe, adds the settings field and merges the
/// routes. A module that the owner has moved is left to her.
///
/// # Errors
/// When a crate root does not parse, or the module's name is taken.
pub(super) fn wire(draft: &mut Draft<'_>, case: &Case<'_>) -> Result<Wiring, Problem> {
    let package = &case.package;
    let none = Wiring { path: String::new(), is_wired: false, binding: String::new() };
    let (Some(module), Some(home)) = (&case.settled.module, &case.home) else { return Ok(none) };
    for link in package.unread() {
        draft.warn(format!(
            "{link} is a symbolic link that is not followed, and the modules \
            behind it were not read"
        ));
    }
    if !case.is_moved() {
        declare(draft, case, home, module)?;
    }
    let wiring = router::wire(draft, case, home, module, None)?;
    if let Some((file, refusal)) = package.malformed().find(|(file, _)| package.is_shipped(file)) {
        let text = package.text(file).unwrap_or_default();
        return Err(Problem::refused(file, text, refusal.clone()).help(MEND));
    }
    Ok(wiring)
}

fn declare(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    home: &Home,
    module: &str,
) -> Result<(), Problem> {
    let package = &case.package;
    if let Some(taken) = package.taken(&home.root, module).filter(|_| !case.is_installed()) {
        let text = package.text(&home.root).unwrap_or_default();
        return Err(Problem::new(format!("this crate has {} `{module}` already", taken.by))
            .at(&home.root, text, taken.place.range)
            .help(format!(
                "choose another name for the new module, as in `--module {module}_layer`"
            )));
    }
    let what = format!("mod {module}");
    let visibility = if home.is_lib { "pub" } else { "" };
    let is_it = |part: &Part| matches!(part, Part::Module { name } if name == module);
    let part = |_: &str, _: &Step| Part::Module { name: module.to_owned() };
    let wish = Wish {
        request: what.clone(),
        by_hand: "declare the module".to_owned(),
        snippet: format!("{}mod {module};", if home.is_lib { "pub " } else { "" }),
        ..Wish::new(&home.root, what, &part)
    };
    let editor = |text: &str| declare_module(text, module, visibility);
    if settle(draft, &wish, &is_it, &editor)? {
        return Ok(());
    }
    let text = draft.text(&home.root)?;
    let module = Part::Module { name: module.to_owned() };
    let withouts = if case.is_installed() { module.undeclared(&text) } else { Vec::new() };
    for without in withouts {
        if editor(&without).is_ok_and(|edit| draft.reclaim(&wish, &without, &edit)) {
            break;
        }
    }
    draft.attempt(wish, editor(&text)).map(drop)
}

/// A place in the package, to be told to the user.
fn spot(package: &Package, place: &Place) -> Spot {
    let mut packages = package.siblings().chain([package]);
    let text = packages.find_map(|package| package.text(&place.file)).unwrap_or_default();
    Spot::at(&place.file, text, place.range.clone())
}
