//! Wiring.
use super::add::Case;
use super::draft::Draft;
use crate::problem::Problem;

#[derive(Debug)]
pub(super) struct Wiring {
    pub(super) path: String,
    pub(super) is_wired: bool,
    pub(super) binding: String,
}
pub(super) fn wire(_draft: &mut Draft<'_>, _case: &Case<'_>) -> Result<Wiring, Problem> {
    Ok(Wiring { path: "crate::ws".into(), is_wired: false, binding: "hub".into() })
}
