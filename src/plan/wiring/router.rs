//! The router that is served: where it is certain to be one, the module's routes are merged into it.

use std::collections::BTreeSet;

use super::{Home, Wiring, settings};
use crate::component::RouterWiring;
use crate::edit::rust::{Context, Follow, Mount, calls_router, mount};
use crate::plan::case::Case;
use crate::plan::draft::{Draft, Wish};
use crate::problem::Problem;
use crate::project::source::{Package, Place, Serve, ServeSite};

/// The method of the server after which it can end by itself.
const GRACEFUL: &str = "with_graceful_shutdown";

/// The statements of the wiring, filled in.
struct Statements {
    start: String,
    merge: String,
    stop: Option<String>,
}

/// What keeps the routes from being merged.
struct Obstacle {
    place: Place,
    reason: String,
    /// What to do before the routes are merged by hand, with the words that lead on to that.
    first: &'static str,
}

impl Obstacle {
    fn new(place: Place, reason: String) -> Self {
        Self { place, reason, first: "" }
    }
}

/// Merges the routes of `module`, or says how to do it by hand.
///
/// # Errors
/// When a file that is edited does not parse.
pub(super) fn wire(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    package: &Package,
    home: &Home,
    module: &str,
) -> Result<Wiring, Problem> {
    let plain = Wiring { path: format!("crate::{module}"), is_wired: false, binding: module.to_owned() };
    let Some(spec) = &case.component.spec.router else { return Ok(plain) };
    let plain = Wiring { binding: spec.binding.clone(), ..plain };
    if let Some(file) = wired_in(package, module) {
        let path = home.path_from(package, &file, module).unwrap_or(plain.path);
        return Ok(Wiring { path, is_wired: true, ..plain });
    }
    if !case.settled.wire {
        return Ok(plain);
    }
    let stuck = match package.serve(&case.axum()) {
        Serve::Site(site) => match obstacle(case, package, home, &site, module) {
            None => return merge(draft, case, package, home, module, &site, spec),
            Some(stuck) => stuck,
        },
        Serve::ByHand { reason, at } => Obstacle::new(at, reason),
        Serve::Missing => {
            let place = Place { file: home.root.clone(), range: 0..0 };
            Obstacle::new(place, format!("no call of {}::serve was found in this package", case.axum()))
        }
    };
    leave(draft, case, package, home, module, stuck, spec)?;
    Ok(plain)
}

/// Why the site that is safe by its form must be left alone all the same.
fn obstacle(case: &Case<'_>, package: &Package, home: &Home, site: &ServeSite, module: &str) -> Option<Obstacle> {
    let route = case.settled.route.as_deref().unwrap_or_default();
    let packages = package.siblings().chain([package]);
    if let Some(taken) = packages.flat_map(|package| package.routes_at(route)).next() {
        let reason = format!("the route {} is here already, and one path cannot be routed twice", taken.path);
        let first = "run again with `--route PATH` to have another path wired, or take this route away and ";
        return Some(Obstacle { place: taken.place, reason, first });
    }
    if home.path_from(package, &site.place.file, module).is_none() {
        return Some(Obstacle::new(site.place.clone(), "this file belongs to several crates".to_owned()));
    }
    None
}

fn merge(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    package: &Package,
    home: &Home,
    module: &str,
    site: &ServeSite,
    spec: &RouterWiring,
) -> Result<Wiring, Problem> {
    let file = &site.place.file;
    let path = home.path_from(package, file, module).unwrap_or_default();
    let binding = free_name(&spec.binding, module, &site.names);
    let mut trial = draft.clone();
    let holder = settings::add(&mut trial, case, package, home, site)?;
    let config = match &holder {
        None => read_anew(case, &path, site.context)?,
        Some(holder) if holder.is_intact => holder.value.clone(),
        Some(_) => free_name("config", module, &site.names),
    };
    let Statements { start, merge, stop } =
        statements(case, spec, &path, &binding, (&site.service, site.cloned), &config)?;
    let wish = Wish {
        path: file,
        what: format!("the routes of {module}, merged outside of the router's own layers"),
        by_hand: "merge the routes before the router is served".to_owned(),
        snippet: format!("{start}\n{merge}"),
    };
    let moved = holder.filter(|holder| !holder.is_intact);
    let keep = moved.as_ref().map(|holder| format!("let {config} = {};", holder.value));
    let stop = stop.filter(|_| site.names.contains(GRACEFUL));
    let axum = case.axum();
    let wanted = Mount {
        axum: &axum,
        module,
        settings: moved.as_ref().map(|holder| holder.variable.as_str()),
        after_settings: keep.into_iter().collect(),
        before_serve: vec![start, merge],
        after_serve: stop.iter().filter(|_| site.follow != Follow::No).cloned().collect(),
    };
    let edit = mount(&trial.text(file)?, &wanted);
    if edit.is_ok() {
        *draft = trial;
    }
    let is_wired = draft.attempt(wish, edit)?;
    if let Some(stop) = stop.filter(|_| is_wired && site.follow == Follow::No) {
        let reason = "no line here is certain to run after the server".to_owned();
        let what = "run this once the server has stopped; keep what the server returns for afterwards".to_owned();
        draft.leave(site.place.clone(), reason, what, stop);
    }
    Ok(Wiring { path, is_wired, binding })
}

fn leave(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    package: &Package,
    home: &Home,
    module: &str,
    Obstacle { place, reason, first }: Obstacle,
    spec: &RouterWiring,
) -> Result<(), Problem> {
    let path = home.path_from(package, &place.file, module).filter(|path| path != module);
    let path = path.unwrap_or_else(|| format!("crate::{module}"));
    let config = read_anew(case, &path, Context::Infallible)?;
    let Statements { start, merge, .. } = statements(case, spec, &path, &spec.binding, ("app", false), &config)?;
    let what = format!("{first}merge the routes into the router, called `app` here, before it is served");
    draft.leave(place, reason, what, format!("{start}\n{merge}"));
    Ok(())
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

/// The expression that reads the configuration from the environment at a place of this context.
fn read_anew(case: &Case<'_>, path: &str, context: Context) -> Result<String, Problem> {
    let Some(spec) = &case.component.spec.settings else { return Ok(String::new()) };
    let render = |text: &str| case.renderer.render_with("settings", text, &[("path", path)]);
    match context {
        Context::Fallible => render(&spec.fallible),
        _ => Ok(format!("{}()", render(&spec.infallible)?)),
    }
}

fn statements(
    case: &Case<'_>,
    spec: &RouterWiring,
    path: &str,
    hub: &str,
    (app, is_cloned): (&str, bool),
    config: &str,
) -> Result<Statements, Problem> {
    let served = if is_cloned { format!("{app}.clone()") } else { app.to_owned() };
    let variables = [("path", path), ("hub", hub), ("app", app), ("served", &served), ("config", config)];
    let render = |text: &String| case.renderer.render_with("router", text, &variables);
    let stop = spec.stop.as_ref().map(render).transpose()?;
    Ok(Statements { start: render(&spec.start)?, merge: render(&spec.merge)?, stop })
}

/// A name like `wanted` that nothing in the function has.
fn free_name(wanted: &str, module: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{module}_{wanted}_{number}"));
    let candidates = [wanted.to_owned(), format!("{module}_{wanted}")].into_iter().chain(numbered);
    candidates.into_iter().find(|name| !taken.contains(name)).unwrap_or_default()
}
