//! The plan as JSON, for other programs. The shape is part of rwx's interface: fields are only ever
//! added.

use serde_json::{Value, json};

use super::text::summary;
use crate::plan::Plan;
use crate::problem::{Excerpt, Problem};
use crate::visible;

/// The report as a JSON object, indented.
pub fn json(plan: &Plan, written: bool) -> String {
    let changes = plan.changes.iter().map(|change| {
        json!({
            "path": change.path,
            "verb": change.verb.word(),
            "details": change.details,
        })
    });
    let kept = plan.remarks.iter().map(|remark| {
        json!({
            "path": remark.path,
            "verb": remark.verb.word(),
            "reason": remark.reason,
        })
    });
    let manual = plan.by_hand.iter().map(|edit| {
        json!({
            "place": edit.place,
            "reason": edit.reason,
            "what": edit.what,
            "snippet": edit.snippet,
        })
    });
    let report = json!({
        "written": written && !plan.is_empty(),
        "summary": summary(plan, false),
        "changes": changes.collect::<Vec<Value>>(),
        "unchanged": kept.collect::<Vec<Value>>(),
        "manual": manual.collect::<Vec<Value>>(),
        "conflicts": plan.conflicts,
        "warnings": plan.warnings,
        "next_steps": plan.steps,
    });
    text(&report)
}

/// `value` as JSON, indented, with no control character in it.
pub(super) fn text(value: &Value) -> String {
    visible::json(&format!("{value:#}\n"))
}

/// An error as a JSON object, indented; `written` is null where it is not known.
pub fn problem_json(problem: &Problem) -> String {
    let error = json!({
        "message": problem.message,
        "place": problem.excerpt.as_deref().map(Excerpt::place),
        "output": problem.output,
        "help": problem.help,
        "exit_code": problem.code,
    });
    text(&json!({ "written": problem.written, "error": error }))
}
