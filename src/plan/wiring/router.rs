//! The router that is served: where it is certain to be one, the module's routes are merged into it.

use std::collections::BTreeSet;

use super::earlier::{forget_gone_wiring, reword_wiring, take_wiring};
use super::statements::{Statements, read_anew, statements, wording};
use super::{Home, Wiring, settings, spot};
use crate::component::RouterWiring;
use crate::edit::rust::{Context, Follow, Mount, calls_router, let_names, mount};
use crate::edit::{Part, RefusalKind};
use crate::plan::Verb;
use crate::plan::case::Case;
use crate::plan::draft::{Draft, Left, Wish};
use crate::plan::spot::Spot;
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::source::{Package, Serve, ServeSite};

/// The method of the server after which it can end by itself.
const GRACEFUL: &str = "with_graceful_shutdown";
/// Why nothing is wired though it could be.
const NO_WIRE: &str = "left alone, as --no-wire said";
/// What comes before merging over a route that is taken.
const TAKEN: &str = "give your route another path, or run again with `--route PATH`; then ";

/// What comes before merging where an older version has merged.
const RENEW: &str = "where yours differs, ";

/// Why the routes are left to the user's hand.
struct Stuck {
    spot: Spot,
    reason: String,
    /// What she has to do before she merges the routes; empty where there is nothing.
    first: &'static str,
}

impl Stuck {
    fn new(spot: Spot, reason: impl Into<String>) -> Self {
        Self { spot, reason: reason.into(), first: "" }
    }
}

/// Merges the routes of the module, or says how to do it by hand. What `binding` names is bound by that name, where it is given.
///
/// # Errors
/// When a file that is edited does not parse.
pub(super) fn wire(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    home: &Home,
    module: &str,
    binding: Option<String>,
) -> Result<Wiring, Problem> {
    let plain = Wiring { path: format!("crate::{module}"), is_wired: false, binding: module.to_owned() };
    let Some(spec) = &case.component.spec.router else { return Ok(plain) };
    let plain = Wiring { binding: spec.binding.clone(), ..plain };
    if case.is_moved() {
        return Ok(Wiring { is_wired: true, ..plain });
    }
    let package = &case.package;
    let router = Router { case, home, module, spec, binding };
    if let Some(file) = wired_in(package, module) {
        return router.renew(draft, &file);
    }
    let taken_out = draft.earlier.wiring().into_iter().find(|addition| addition.part == Part::Statement);
    if let Some(addition) = taken_out.filter(|_| !case.settled.rewire) {
        draft.remark(Spot::File(addition.path), Verb::Keep, "you took the routes out of the router");
        return Ok(plain);
    }
    forget_gone_wiring(draft)?;
    let (file, stuck) = match package.serve(&case.axum()) {
        Serve::Site(site) => match router.obstacle(&site) {
            None => match router.merge(draft, &site)? {
                Ok(wiring) => return Ok(wiring),
                Err(stuck) => (site.place.file, stuck),
            },
            Some((file, stuck)) => (file, stuck),
        },
        Serve::ByHand { reason, at } => {
            let reason = if case.settled.wire { &reason } else { NO_WIRE };
            (at.file.clone(), Stuck::new(spot(package, &at), reason))
        }
        Serve::Missing => {
            let reason = format!("no call of {}::serve was found in this package", case.axum());
            (home.root.clone(), Stuck::new(Spot::File(home.root.clone()), reason))
        }
    };
    Ok(Wiring { path: router.leave(draft, &file, stuck)?, ..plain })
}

/// The merged routes, in the words of the report.
fn routes_of(module: &str) -> String {
    format!("the routes of {module}, merged outside of the router's own layers")
}

/// What the routes are merged with.
struct Router<'a> {
    case: &'a Case<'a>,
    home: &'a Home,
    module: &'a str,
    spec: &'a RouterWiring,
    /// What the wiring must bind, where earlier wiring has bound it.
    binding: Option<String>,
}

impl Router<'_> {
    /// Why the site that is safe by its form must be left alone all the same, and the file where the user has to work.
    fn obstacle(&self, site: &ServeSite) -> Option<(String, Stuck)> {
        let package = &self.case.package;
        let route = self.case.settled.route.as_deref().unwrap_or_default();
        let packages = package.siblings().chain([package]);
        if let Some(taken) = packages.flat_map(|package| package.routes_at(route)).next() {
            let spot = spot(package, &taken.place);
            let reason = format!("your route {} is here", taken.path);
            return Some((taken.place.file, Stuck { spot, reason, first: TAKEN }));
        }
        let stuck = |reason| (site.place.file.clone(), Stuck::new(spot(package, &site.place), reason));
        if !self.case.settled.wire {
            return Some(stuck(NO_WIRE));
        }
        let shared = self.home.path_from(package, &site.place.file, self.module).is_none();
        shared.then(|| stuck("this file belongs to several crates"))
    }

    /// Merges the routes at `site`; the inner error is why that is not safe.
    ///
    /// # Errors
    /// When a file that is edited does not parse, or a text of the component does not render.
    fn merge(&self, draft: &mut Draft<'_>, site: &ServeSite) -> Result<Result<Wiring, Stuck>, Problem> {
        let Self { case, home, module, spec, binding } = self;
        let (package, file) = (&case.package, &site.place.file);
        let path = home.path_from(package, file, module).unwrap_or_default();
        let binding = binding.clone().unwrap_or_else(|| free_name(&spec.binding, module, &site.names));
        let mut trial = draft.clone();
        let holder = settings::add(&mut trial, case, home, site)?;
        let config = match &holder {
            None => read_anew(case, &path, site.context)?,
            Some(holder) if holder.is_intact => holder.value.clone(),
            Some(_) => free_name("config", module, &site.names),
        };
        let Statements { start, merge, stop } =
            statements(case, spec, &path, &binding, (&site.service, site.cloned), &config)?;
        let moved = holder.filter(|holder| !holder.is_intact);
        let keep = moved.as_ref().map(|holder| format!("let {config} = {};", holder.value));
        let stop = stop.filter(|_| site.names.contains(GRACEFUL));
        let wanted = Mount {
            axum: &case.axum(),
            module,
            settings: moved.as_ref().map(|holder| holder.variable.as_str()),
            after_settings: keep.into_iter().collect(),
            before_serve: vec![start, merge],
            after_serve: stop.iter().filter(|_| site.follow != Follow::No).cloned().collect(),
        };
        let text = trial.text(file)?;
        let edit = match mount(&text, &wanted) {
            Err(refusal) if refusal.kind == RefusalKind::Unsafe => {
                let spot = Spot::at(file, text, refusal.at);
                return Ok(Err(Stuck::new(spot, refusal.reason)));
            }
            outcome => outcome,
        };
        *draft = trial;
        draft.attempt(Wish::new(file, routes_of(module), &|_, _| Part::Statement), edit)?;
        if let Some(stop) = stop.filter(|_| site.follow == Follow::No) {
            self.leave_stop(draft, site, stop);
        }
        Ok(Ok(Wiring { path, is_wired: true, binding }))
    }

    fn leave_stop(&self, draft: &mut Draft<'_>, site: &ServeSite, stop: String) {
        draft.leave(Left {
            spot: spot(&self.case.package, &site.place),
            reason: "no line here is certain to run after the server".to_owned(),
            what: "make this run once the server has stopped, and keep what the server returns for afterwards"
                .to_owned(),
            snippet: stop,
        });
    }

    /// Leaves the stopping to the user again when an earlier run did and nothing in the package has its call yet.
    ///
    /// # Errors
    /// When a text of the component does not render.
    fn remind(&self, draft: &mut Draft<'_>, path: &str) -> Result<(), Problem> {
        let Self { case, spec, .. } = self;
        let Serve::Site(site) = case.package.serve(&case.axum()) else { return Ok(()) };
        let Statements { stop, .. } = statements(case, spec, path, &spec.binding, ("app", false), "")?;
        let Some(stop) = stop.filter(|_| site.follow == Follow::No && site.names.contains(GRACEFUL)) else {
            return Ok(());
        };
        let call = stop.find('.').zip(stop.find('(')).and_then(|(dot, open)| stop.get(dot..=open)).unwrap_or(&stop);
        let mut texts = case.package.modules().iter().filter_map(|module| case.package.text(&module.file));
        if !texts.any(|text| text.contains(call)) {
            self.leave_stop(draft, &site, stop);
        }
        Ok(())
    }

    /// Brings the wiring in `file` up to how the component words it today; the user does where she has changed it or has made
    /// it herself.
    ///
    /// # Errors
    /// As [`wire`].
    fn renew(&self, draft: &mut Draft<'_>, file: &str) -> Result<Wiring, Problem> {
        let Self { case, home, module, spec, .. } = self;
        let was = case.before.as_ref().and_then(|record| record.wiring.as_ref());
        let path = home.path_from(&case.package, file, module).unwrap_or_else(|| format!("crate::{module}"));
        let wired = Wiring { path, is_wired: true, binding: spec.binding.clone() };
        if was.is_none() || was == wording(case)?.as_ref() {
            self.remind(draft, &wired.path)?;
            return Ok(wired);
        }
        let mut trial = draft.clone();
        if take_wiring(&mut trial)? {
            let project = case.project.with(trial.tree().clone())?;
            let without = case.with(&project)?;
            let binding = self.bound(&draft.earlier.wiring());
            let wiring = wire(&mut trial, &without, home, module, binding)?;
            if wiring.is_wired && reword_wiring(draft, &trial)? {
                self.remind(draft, &wiring.path)?;
                return Ok(wiring);
            }
            let is_free = |site: &ServeSite| !site.names.contains(&wiring.binding);
            if wiring.is_wired && matches!(without.package.serve(&case.axum()), Serve::Site(site) if is_free(&site)) {
                *draft = trial;
                return Ok(wiring);
            }
        }
        let reason = "it is worded otherwise in this version, and yours is not as rwx wrote it";
        let stuck = Stuck { first: RENEW, ..Stuck::new(Spot::File(file.to_owned()), reason) };
        self.leave(draft, file, stuck)?;
        Ok(wired)
    }

    /// The variable that the statements among `wiring` bind for the component.
    fn bound(&self, wiring: &[Addition]) -> Option<String> {
        let Self { module, spec, .. } = self;
        let statements = wiring.iter().filter(|addition| addition.part == Part::Statement);
        let traces = statements.flat_map(|addition| &addition.traces);
        let mut names = traces.flat_map(|trace| let_names(&trace.after).unwrap_or_default());
        let aside = format!("{module}_{}", spec.binding);
        names.find(|name| *name == spec.binding || name.starts_with(&aside))
    }

    /// Leaves the routes to the user, whose router is made in `file`; the answer is the module's path from there.
    ///
    /// # Errors
    /// When a text of the component does not render.
    fn leave(&self, draft: &mut Draft<'_>, file: &str, stuck: Stuck) -> Result<String, Problem> {
        let Self { case, home, module, spec, .. } = self;
        let anywhere = format!("crate::{module}");
        let path = home.path_from(&case.package, file, module).unwrap_or_else(|| anywhere.clone());
        let shown = if path == *module { &anywhere } else { &path };
        let config = read_anew(case, shown, Context::Infallible)?;
        let Statements { start, merge, stop } = statements(case, spec, shown, &spec.binding, ("app", false), &config)?;
        let ends = case.package.text(file).is_some_and(|text| text.contains(GRACEFUL));
        let stop = stop.filter(|_| ends).map(|stop| format!("\n// after the server has stopped:\n{stop}"));
        let what = format!("{}merge the routes into the router, called `app` here, before it is served", stuck.first);
        let snippet = format!("{start}\n{merge}{}", stop.unwrap_or_default());
        draft.leave(Left { spot: stuck.spot, reason: stuck.reason, what, snippet });
        Ok(path)
    }
}

/// The file that calls the module's `router`, in code that is shipped.
fn wired_in(package: &Package, module: &str) -> Option<String> {
    let files = package.modules().iter().map(|module| module.file.as_str()).filter(|file| package.is_shipped(file));
    let mut files = files.filter(|file| package.text(file).is_some_and(|text| text.contains("router")));
    files
        .find(|file| {
            package.syntax(file).and_then(Result::ok).is_some_and(|syntax| calls_router(&syntax.tokens, module))
        })
        .map(str::to_owned)
}

/// A name like `wanted` that nothing in the function has.
fn free_name(wanted: &str, module: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{module}_{wanted}_{number}"));
    let candidates = [wanted.to_owned(), format!("{module}_{wanted}")].into_iter().chain(numbered);
    candidates.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}
