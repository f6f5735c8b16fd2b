//! What of the wiring is there already: known by the record and by where paths lead, never by a
//! name.

use proc_macro2::TokenStream;

use super::Home;
use super::statements::{Names, statements};
use crate::component::RouterWiring;
use crate::edit::State;
use crate::edit::rust::token_paths;
use crate::plan::case::Case;
use crate::plan::draft::Draft;
use crate::plan::withdraw::state;
use crate::problem::Problem;
use crate::project::Record;
use crate::project::record::Addition;
use crate::project::source::{ItemPath, Package, Use, UseKind, has_word};
use crate::project::tree::join;

/// The methods by which a router takes in another.
const TAKING_IN: [&str; 2] = ["merge", "nest"];

/// The file in which the router has the component's routes: where statements of an earlier run
/// stand, or where shipped code names what they would merge, by whatever path.
///
/// # Errors
/// When a file that holds an addition does not parse, or a text of the component does not render.
pub(super) fn wired_in(
    draft: &Draft<'_>,
    case: &Case<'_>,
    home: &Home,
    module: &str,
    spec: &RouterWiring,
) -> Result<Option<String>, Problem> {
    let Some(item) = merged_item(case, spec)? else { return Ok(None) };
    let merges =
        |addition: &&Addition| addition.traces.iter().any(|trace| has_word(&trace.after, &item));
    for addition in draft.earlier.wiring().iter().filter(merges) {
        if matches!(state(addition, &draft.text(&addition.path)?)?, State::Standing(_)) {
            return Ok(Some(addition.path.clone()));
        }
    }
    let mut items = modules(&case.package, case.before.as_ref(), &case.project.folder);
    if items.is_empty() {
        items.extend(home.item(&case.package, module));
    }
    items.iter_mut().for_each(|module| module.path.push(item.clone()));
    let words = [module, &item].into_iter().chain(TAKING_IN);
    let matters = |text: &str| words.clone().any(|word| has_word(text, word));
    let is_call = |found: &Use| {
        found.kind == UseKind::Path && !found.in_test && case.package.is_shipped(&found.place.file)
    };
    Ok(case
        .package
        .uses_of(&items, matters)
        .into_iter()
        .find(is_call)
        .map(|found| found.place.file))
}

/// The modules that the rendered files of `record`, in the package at `folder`, make up.
pub(in crate::plan) fn modules(
    package: &Package,
    record: Option<&Record>,
    folder: &str,
) -> Vec<ItemPath> {
    let files: Vec<String> =
        record.iter().flat_map(|record| &record.files).map(|path| join(folder, path)).collect();
    let own = package.modules().iter().filter(|module| files.contains(&module.file));
    own.map(|module| ItemPath { root: module.root, path: module.path.clone() }).collect()
}

/// The name in the component's module of what the wiring merges.
fn merged_item(case: &Case<'_>, spec: &RouterWiring) -> Result<Option<String>, Problem> {
    let path = "module";
    let names = Names { path, hub: "hub", app: "app", served: "app", config: "config" };
    let tokens: TokenStream = statements(case, spec, &names)?.merge.parse().unwrap_or_default();
    let found = token_paths(&tokens)
        .into_iter()
        .find(|found| found.segments.first().is_some_and(|first| first == path));
    Ok(found.and_then(|found| found.segments.into_iter().nth(1)))
}
