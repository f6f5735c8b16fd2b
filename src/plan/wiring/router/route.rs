//! The route that is wanted, where one of the owner's is in the way.

use super::super::by_hand::Stuck;
use super::super::spot;
use super::Router;
use crate::project::source::Route;

impl Router<'_> {
    /// A route of the owner's at the one that is wanted, or right below it.
    pub(super) fn own_route(&self) -> Option<Route> {
        let package = &self.case.package;
        let route = self.wanted();
        package.siblings().chain([package]).flat_map(|package| package.routes_at(route)).next()
    }

    /// The same reason, with what to do first where a route of the owner's is in the way.
    pub(super) fn beside_own_route(&self, stuck: Stuck) -> Stuck {
        let Some(route) = self.own_route() else { return stuck };
        let Stuck { mut reason, mut about, .. } = stuck;
        let taken = format!("your route {} is in the way", route.path);
        if reason != taken {
            reason = format!("{reason}, and {taken}");
        }
        about.push(spot(&self.case.package, &route.place));
        let free = self.case.package.free_route(self.wanted());
        let free = free.unwrap_or_else(|| "PATH".to_owned());
        let first = format!(
            "give your route another path, or run again with `--route {free}`; then {}",
            stuck.first
        );
        Stuck { reason, about, first, ..stuck }
    }

    fn wanted(&self) -> &str {
        self.case.settled.route.as_deref().unwrap_or_default()
    }
}
