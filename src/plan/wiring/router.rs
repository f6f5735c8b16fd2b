//! The router that is served: where it is certain to be one, the module's routes are merged into
//! it.

mod route;
mod stop;

use super::by_hand::{Stuck, free_name};
use super::earlier::{bound, forget_gone_wiring, merged_by, reword_wiring, take_wiring};
use super::ours::wired_in;
use super::statements::{Names, Statements, read_anew, statements, wording};
use super::{Home, Wiring, settings, spot};
use crate::component::RouterWiring;
use crate::edit::rust::{Mount, mount};
use crate::edit::{Outcome, Part, RefusalKind};
use crate::plan::Verb;
use crate::plan::case::Case;
use crate::plan::draft::{Draft, Wish};
use crate::plan::spot::Spot;
use crate::problem::Problem;
use crate::project::digest;
use crate::project::record::Addition;
use crate::project::source::{MergePlace, Serve, ServeSite, Served};

/// Why nothing is wired though it could be.
const NO_WIRE: &str = "left alone, as --no-wire said";
/// What comes before merging in one of several places that serve.
const IF_MEANT: &str = "if this is the one, ";
/// What comes before merging where an older version has merged.
const RENEW: &str = "where yours differs, ";

/// Merges the routes of the module, or says how to do it by hand. What `binding` names is bound by
/// that name, where it is given.
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
    let plain =
        Wiring { path: format!("crate::{module}"), is_wired: false, binding: module.to_owned() };
    let Some(spec) = &case.component.spec.router else { return Ok(plain) };
    let plain = Wiring { binding: spec.binding.clone(), ..plain };
    if case.is_moved() {
        return Ok(Wiring { is_wired: true, ..plain });
    }
    let package = &case.package;
    let router = Router { case, home, module, spec, binding };
    if let Some(file) = wired_in(draft, case, home, module, spec)? {
        return router.renew(draft, &file);
    }
    let taken_out =
        draft.earlier.wiring().into_iter().find(|addition| addition.part == Part::Statement);
    if let Some(addition) = taken_out.filter(|_| !case.settled.rewire) {
        draft.remark(
            Spot::File(addition.path),
            Verb::Keep,
            "you took the routes out of the router",
        );
        return Ok(plain);
    }
    forget_gone_wiring(draft)?;
    let stuck = match package.serve(&case.axum()) {
        Serve::Site(site) => match router.obstacle(&site) {
            Some(stuck) => vec![stuck],
            None => match router.merge(draft, &site)? {
                Ok(wiring) => return Ok(wiring),
                Err(stuck) => vec![stuck],
            },
        },
        Serve::ByHand { reason, at, merge } => {
            let reason = if case.settled.wire { &reason } else { NO_WIRE };
            vec![Stuck { about: vec![spot(package, &at)], ..Stuck::new(&at.file, merge, reason) }]
        }
        Serve::Several(served) => router.several(&served),
        Serve::Missing => {
            let reason = format!("no call of {}::serve was found in this package", case.axum());
            vec![Stuck::new(&home.root, None, reason)]
        }
    };
    let mut path = None;
    for stuck in stuck {
        path.get_or_insert(router.leave(draft, router.beside_own_route(stuck))?);
    }
    Ok(Wiring { path: path.unwrap_or(plain.path), ..plain })
}

/// The merged routes, in the words of the report.
fn routes_of(module: &str) -> String {
    format!("the routes of {module}")
}

/// What the routes are merged with.
pub(super) struct Router<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) home: &'a Home,
    pub(super) module: &'a str,
    pub(super) spec: &'a RouterWiring,
    /// What the wiring must bind, where earlier wiring has bound it.
    binding: Option<String>,
}

impl Router<'_> {
    /// Why the site that is safe by its form must be left alone all the same.
    fn obstacle(&self, site: &ServeSite) -> Option<Stuck> {
        let stuck = |reason: String| Some(Stuck::new(&site.place.file, site.merge.clone(), reason));
        if !self.case.settled.wire {
            return stuck(NO_WIRE.to_owned());
        }
        if let Some(route) = self.own_route() {
            return stuck(format!("your route {} is in the way", route.path));
        }
        let path = self.path_to(site);
        if path.is_some() { None } else { stuck("this file belongs to several crates".to_owned()) }
    }

    /// Why each of several places that serve is left to the owner: only she knows which of them is
    /// meant.
    fn several(&self, served: &[Served]) -> Vec<Stuck> {
        let package = &self.case.package;
        let mut found: Vec<Stuck> = Vec::new();
        for one in served {
            let is_here =
                |merge: &MergePlace| package.modules_of(&merge.place.file).next().is_some();
            let merge = one.merge.clone().filter(is_here);
            if merge.is_none() || found.iter().any(|other| other.merge == merge) {
                continue;
            }
            let reason =
                "one of several places that serve, of which you know the one that is meant";
            let all = served.iter().map(|other| spot(package, &other.at));
            let first = IF_MEANT.to_owned();
            found.push(Stuck {
                about: all.collect(),
                first,
                ..Stuck::new(&one.at.file, merge, reason)
            });
        }
        if let [only] = found.as_mut_slice()
            && served.iter().all(|one| one.merge == only.merge)
        {
            only.reason = "several places serve this router".to_owned();
            only.first.clear();
        }
        if found.is_empty() {
            let about = served.iter().map(|one| spot(package, &one.at)).collect();
            let reason = "several places serve, of which you know the one that is meant";
            found.push(Stuck { about, ..Stuck::new(&self.home.root, None, reason) });
        }
        found
    }

    /// The module's path from `site`.
    fn path_to(&self, site: &ServeSite) -> Option<String> {
        let package = &self.case.package;
        self.home.path_from(package, &site.place.file, package.is_nested(&site.place), self.module)
    }

    /// Merges the routes at `site`; the inner error is why that is not safe.
    ///
    /// # Errors
    /// When a file that is edited does not parse, or a text of the component does not render.
    fn merge(
        &self,
        draft: &mut Draft<'_>,
        site: &ServeSite,
    ) -> Result<Result<Wiring, Stuck>, Problem> {
        let Self { case, home, module, spec, binding } = self;
        let file = &site.place.file;
        let path = self.path_to(site).unwrap_or_default();
        let binding =
            binding.clone().unwrap_or_else(|| free_name(&spec.binding, module, &site.names));
        let mut trial = draft.clone();
        let holder = settings::add(&mut trial, case, home, site)?;
        let config = match &holder {
            None => read_anew(case, &path, site.context)?,
            Some(holder) if holder.is_intact => holder.value.clone(),
            Some(_) => free_name("config", module, &site.names),
        };
        let app = if site.is_binding { site.router.as_str() } else { "app" };
        let served = if site.cloned { format!("{app}.clone()") } else { app.to_owned() };
        let names = Names { path: &path, hub: &binding, app, served: &served, config: &config };
        let Statements { start, merge, stop } = statements(case, spec, &names)?;
        let moved = holder.as_ref().filter(|holder| !holder.is_intact);
        let keep = moved.map(|holder| format!("let {config} = {};", holder.value));
        let stop = stop.filter(|_| site.ended_by.is_some());
        // What reads the environment by itself waits until all code before the server has run, which
        // may load a file of it.
        let (before_state, start) =
            if holder.is_some() { (vec![start], None) } else { (vec![], Some(start)) };
        let (merge, behind_router) = if site.is_binding {
            (Some(merge), None)
        } else {
            (None, Some(self.chained(&path, &binding)?))
        };
        let before_serve = start.into_iter().chain(merge).collect();
        let wanted = Mount {
            axum: &case.axum(),
            at: site.anchor.clone(),
            router: &site.router,
            settings: holder.as_ref().map(|holder| holder.variable.as_str()),
            after_settings: keep.into_iter().collect(),
            before_state,
            before_serve,
            behind_router,
            servers: site.servers.clone(),
            around_signal: stop.clone().filter(|_| site.has_signal),
        };
        let text = trial.text(file)?;
        let edit = match mount(&text, &wanted) {
            Err(refusal) if refusal.kind == RefusalKind::Unsafe => {
                return Ok(Err(Stuck::new(file, site.merge.clone(), refusal.reason)));
            }
            outcome => outcome,
        };
        *draft = trial;
        self.put(draft, file, edit)?;
        if let Some(stop) = stop.filter(|_| !site.has_signal) {
            self.leave_stop(draft, site, &stop);
        }
        Ok(Ok(Wiring { path, is_wired: true, binding }))
    }

    /// Makes the edit that merges the routes in `file`.
    ///
    /// # Errors
    /// When the file does not parse.
    fn put(&self, draft: &mut Draft<'_>, file: &str, edit: Outcome) -> Result<(), Problem> {
        let is_new = edit.as_ref().is_ok_and(|edit| !edit.is_empty());
        draft.attempt(Wish::new(file, routes_of(self.module), &|_, _| Part::Statement), edit)?;
        if is_new {
            let route = self.case.settled.route.as_deref().unwrap_or("them");
            draft.note(file, &format!("layers added above them do not run for {route}"));
        }
        Ok(())
    }

    /// Brings the wiring in `file` up to how the component words it today; the user does where she
    /// has changed it or has made it herself.
    ///
    /// # Errors
    /// As [`wire`].
    fn renew(&self, draft: &mut Draft<'_>, file: &str) -> Result<Wiring, Problem> {
        let Self { case, home, module, spec, .. } = self;
        let was = case.before.as_ref().and_then(|record| record.wiring.as_ref());
        let earlier = draft.earlier.wiring();
        let path = merged_by(module, &earlier)
            .or_else(|| home.path_from(&case.package, file, false, module));
        let path = path.unwrap_or_else(|| format!("crate::{module}"));
        let bound_to =
            bound(module, &spec.binding, &earlier).unwrap_or_else(|| spec.binding.clone());
        let wired = Wiring { path, is_wired: true, binding: bound_to };
        let now = wording(case)?;
        // Records of an rwx that kept the words themselves are of today's words too.
        let is_so = |was: &String| {
            now.as_ref().is_some_and(|now| was == now || *was == digest(now.as_bytes()))
        };
        if was.is_none_or(is_so) {
            self.remind(draft, &wired.path)?;
            return Ok(wired);
        }
        let mut trial = draft.clone();
        if earlier.iter().all(Addition::is_as_written) && take_wiring(&mut trial)? {
            let project = case.project.with(trial.tree().clone())?;
            let without = case.with(&project)?;
            let binding = bound(module, &spec.binding, &earlier);
            let wiring = wire(&mut trial, &without, home, module, binding)?;
            if wiring.is_wired && reword_wiring(draft, &trial)? {
                self.remind(draft, &wiring.path)?;
                return Ok(wiring);
            }
            let is_free = |site: &ServeSite| !site.names.contains(&wiring.binding);
            if wiring.is_wired
                && matches!(without.package.serve(&case.axum()), Serve::Site(site) if is_free(&site))
            {
                *draft = trial;
                return Ok(wiring);
            }
        }
        let reason = "it is worded otherwise in this version, and yours is not as rwx wrote it";
        self.leave(draft, Stuck { first: RENEW.to_owned(), ..Stuck::new(file, None, reason) })?;
        Ok(wired)
    }
}
