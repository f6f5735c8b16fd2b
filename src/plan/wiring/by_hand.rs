//! Wiring that is left to the owner, worded so that it compiles at the place that is named.

use std::collections::BTreeSet;

use super::router::Router;
use super::spot;
use super::statements::{Names, SIGNAL, Statements, read_anew, statements};
use crate::edit::rust::{Context, GRACEFUL};
use crate::plan::draft::{Draft, Left};
use crate::plan::spot::Spot;
use crate::problem::Problem;
use crate::project::source::{MergePlace, Place, Root};
use crate::project::tree::parent;

/// Names for a router that has none.
const APP: [&str; 2] = ["app", "router"];

/// What comes before starting something async in plain code.
const ENTER: &str = "enter the runtime, as in `let _guard = runtime.enter();`; then ";

/// Why the routes are left to the owner's hand.
pub(super) struct Stuck {
    pub(super) reason: String,
    /// Places elsewhere that the reason is about.
    pub(super) about: Vec<Spot>,
    /// What she has to do before she merges the routes; empty where there is nothing.
    pub(super) first: String,
    /// Where she can merge them.
    pub(super) merge: Option<MergePlace>,
    /// The file in which she has to find the place where none is certain.
    pub(super) file: String,
}

impl Stuck {
    pub(super) fn new(file: &str, merge: Option<MergePlace>, reason: impl Into<String>) -> Self {
        let (reason, file) = (reason.into(), file.to_owned());
        Self { reason, about: Vec::new(), first: String::new(), merge, file }
    }
}

impl Router<'_> {
    /// Leaves the routes to the owner; the answer is the module's path from where she works.
    ///
    /// # Errors
    /// When a text of the component does not render.
    pub(super) fn leave(&self, draft: &mut Draft<'_>, stuck: Stuck) -> Result<String, Problem> {
        let package = &self.case.package;
        let Stuck { reason, about, first, merge, file } = stuck;
        let merge = merge.filter(|merge| package.modules_of(&merge.place.file).next().is_some());
        let Some(merge) = merge else {
            let path = format!("crate::{}", self.module);
            let snippet = self.snippet(&file, &path, "app", "app", &self.spec.binding)?.concat();
            let what = format!(
                "{first}merge the routes into the router, called `app` here, before it is served"
            );
            draft.leave(Left { spot: Spot::File(file), reason, about, what, snippet });
            return Ok(path);
        };
        let (path, declare) = self.path_at(&merge.place);
        let MergePlace { place, router, is_binding, is_repeated, is_early, names } = merge;
        let hub = free_name(&self.spec.binding, self.module, &names);
        let app = if is_binding { router.clone() } else { new_name(&names, self.module) };
        let [start, merging, stop] = self.snippet(&place.file, &path, &app, &router, &hub)?;
        let is_long = !is_binding && router.contains('\n');
        let merging = if is_long { String::new() } else { merging };
        let rest = if is_binding {
            format!("before the statement that takes `{app}`")
        } else if is_long {
            let chained = self.chained(&path, &hub)?;
            format!("before the statement, and in that `{chained}` behind the router")
        } else {
            let taken = if is_repeated { format!("{app}.clone()") } else { app };
            format!("before the statement, and let that take `{taken}` in place of `{router}`")
        };
        let enter = if is_early { ENTER } else { "" };
        let what = format!("{first}{declare}{enter}merge the routes: put this {rest}");
        let snippet = [start, merging, stop].concat();
        draft.leave(Left { spot: spot(package, &place), reason, about, what, snippet });
        Ok(path)
    }

    /// What starts, merges and stops the component, each with its line ending; what stops it is
    /// said where the server in `file` can end by itself.
    fn snippet(
        &self,
        file: &str,
        path: &str,
        app: &str,
        served: &str,
        hub: &str,
    ) -> Result<[String; 3], Problem> {
        let config = read_anew(self.case, path, Context::Infallible)?;
        let names = Names { path, hub, app, served, config: &config };
        let Statements { start, merge, stop } = statements(self.case, self.spec, &names)?;
        let ends = self.case.package.text(file).is_some_and(|text| text.contains(GRACEFUL));
        let stop = stop.filter(|_| ends).map(|stop| around_her_signal(&stop));
        Ok([format!("{start}\n"), format!("{merge}\n"), stop.unwrap_or_default()])
    }

    /// What merges the routes as a call on the router.
    ///
    /// # Errors
    /// When a text of the component does not render.
    pub(super) fn chained(&self, path: &str, hub: &str) -> Result<String, Problem> {
        let names = Names { path, hub, app: "app", served: "", config: "" };
        let merge = statements(self.case, self.spec, &names)?.merge;
        let value = merge.split_once('=').map_or(merge.as_str(), |(_, value)| value);
        Ok(value.trim_matches([' ', ';']).to_owned())
    }

    /// The module's path at `place`, and what has to be done first for it to lead there.
    fn path_at(&self, place: &Place) -> (String, String) {
        let Self { case, home, module, .. } = self;
        let path = format!("crate::{module}");
        match home.path_from(&case.package, &place.file, case.package.is_nested(place), module) {
            Some(from) if from == *module => (path, String::new()),
            Some(from) => (from, String::new()),
            None => {
                let roots = home.roots_of(&case.package, &place.file);
                let others = roots.iter().filter(|root| root.file != home.root);
                let declare = |root: &&Root| {
                    format!(
                        "declare the module in {} too, by `{}`; then ",
                        root.file,
                        self.declaration(&root.file)
                    )
                };
                (path, others.map(declare).collect())
            }
        }
    }

    /// The line that declares the module in the crate root `root`.
    fn declaration(&self, root: &str) -> String {
        let (from, folder) = (parent(root), self.home.folder());
        if from == folder {
            return format!("mod {};", self.module);
        }
        let file = format!("{}/mod.rs", self.module);
        let (mut from, mut to): (Vec<&str>, Vec<&str>) =
            (from.split('/').collect(), folder.split('/').collect());
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        from.drain(..shared);
        to.drain(..shared);
        let steps: Vec<&str> = from.iter().map(|_| "..").chain(to).chain([file.as_str()]).collect();
        format!("#[path = \"{}\"] mod {};", steps.join("/"), self.module)
    }
}

/// What `stop` makes of the signal, which only the owner knows.
pub(super) fn around_her_signal(stop: &[String; 2]) -> String {
    format!("// give this to {GRACEFUL}, with your signal in it:\n// {}\n", stop.join(SIGNAL))
}

/// A name for a router that had none.
fn new_name(names: &BTreeSet<String>, module: &str) -> String {
    let mut plain = APP.iter().filter(|name| !names.contains(**name));
    plain.next().map_or_else(|| free_name(APP[0], module, names), |name| (*name).to_owned())
}

/// A name like `wanted` that is not among those `taken`.
pub(super) fn free_name(wanted: &str, module: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{module}_{wanted}_{number}"));
    let candidates = [wanted.to_owned(), format!("{module}_{wanted}")].into_iter().chain(numbered);
    candidates.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}
