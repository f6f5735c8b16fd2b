//! How the server ends, where that is left to the user.

use super::Router;
use crate::edit::rust::{BY_HANDLE, GRACEFUL};
use crate::plan::draft::{Draft, Left};
use crate::plan::wiring::by_hand::around_her_signal;
use crate::plan::wiring::spot;
use crate::plan::wiring::statements::{Names, Statements, statements};
use crate::problem::Problem;
use crate::project::source::{Serve, ServeSite};

impl Router<'_> {
    /// Leaves it to the user to have the server at `site` end after the routes have.
    pub(super) fn leave_stop(&self, draft: &mut Draft<'_>, site: &ServeSite, stop: &[String; 2]) {
        let (reason, snippet) = if site.ended_by == Some(BY_HANDLE) {
            (format!("it is not certain what calls {BY_HANDLE}"), before_handle(stop))
        } else {
            let reason = format!("it is not certain where the signal for {GRACEFUL} comes from");
            (reason, around_her_signal(stop))
        };
        draft.leave(Left {
            spot: spot(&self.case.package, &site.place),
            reason,
            about: Vec::new(),
            what: "have the server end after the routes have".to_owned(),
            snippet,
        });
    }

    /// Leaves the stopping to the user again when an earlier run did and nothing in the package has
    /// its call yet.
    ///
    /// # Errors
    /// When a text of the component does not render.
    pub(super) fn remind(&self, draft: &mut Draft<'_>, path: &str) -> Result<(), Problem> {
        let Self { case, spec, .. } = self;
        let Serve::Site(site) = case.package.serve(&case.axum()) else { return Ok(()) };
        let names = Names { path, hub: &spec.binding, app: "app", served: "app", config: "" };
        let Statements { stop, .. } = statements(case, spec, &names)?;
        let Some(stop) = stop.filter(|_| !site.has_signal && site.ended_by.is_some()) else {
            return Ok(());
        };
        let call = stop[0].rfind('.').map_or(stop[0].as_str(), |dot| &stop[0][dot..]);
        let mut texts =
            case.package.modules().iter().filter_map(|module| case.package.text(&module.file));
        if !texts.any(|text| text.contains(call)) {
            self.leave_stop(draft, &site, &stop);
        }
        Ok(())
    }
}

/// What `stop` makes of a signal that has come, ahead of the call that ends the server.
fn before_handle(stop: &[String; 2]) -> String {
    let call = stop.join("async {}");
    format!("// put this before {BY_HANDLE}, where your signal has come:\n// {call}.await;\n")
}
