//! The plan as JSON, for other programs. The shape is part of rwx's interface, and src/show/json.md
//! tells of it: fields are only ever added while [`SCHEMA`] stays.

use serde_json::{Map, Value, json};

use super::text::{Tone, summary};
use crate::plan::{Plan, Saved, Verb};
use crate::problem::{Excerpt, Problem};
use crate::visible;

/// The version of the shape of every document.
const SCHEMA: u32 = 1;
/// What stands before a line to type in a next step.
const INDENT: &str = "    ";

/// The report as a JSON object, indented; what stays the same is told where all is to be said.
pub fn json(plan: &Plan, written: bool, tone: Tone) -> String {
    let changes = plan.changes.iter().map(|change| {
        json!({
            "path": change.path,
            "verb": change.verb.word(),
            "details": change.details,
            "taken_out": change.taken_out,
        })
    });
    let kept = plan.remarks.iter().filter(|remark| tone.verbose || remark.verb != Verb::Same);
    let kept = kept.map(|remark| {
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
    let mut report = json!({
        "written": written && !plan.is_empty(),
        "summary": summary(plan, false),
        "changes": changes.collect::<Vec<Value>>(),
        "unchanged": kept.collect::<Vec<Value>>(),
        "manual": manual.collect::<Vec<Value>>(),
        "conflicts": plan.conflicts,
        "warnings": plan.warnings,
        "next_steps": plan.steps.iter().flat_map(|step| parts(step)).collect::<Vec<Value>>(),
    });
    if let Some(saved) = Saved::of(plan).filter(|_| !written) {
        report["plan"] = json!(saved);
    }
    document(report)
}

/// The parts of a next step: what to do, and the lines to type for it.
fn parts(step: &str) -> Vec<Value> {
    let mut parts: Vec<(String, Vec<&str>)> = Vec::new();
    for line in step.lines().filter(|line| !line.trim().is_empty()) {
        match (line.strip_prefix(INDENT), parts.last_mut()) {
            (Some(command), Some((_, commands))) => commands.push(command),
            (None, Some((title, commands))) if commands.is_empty() => {
                *title += &format!(" {}", line.trim());
            }
            _ => parts.push((line.trim().to_owned(), Vec::new())),
        }
    }
    parts
        .into_iter()
        .map(|(title, commands)| json!({ "title": title, "commands": commands }))
        .collect()
}

/// `fields` as a document: an object, indented, with no control character in it.
pub(super) fn document(fields: Value) -> String {
    let mut whole = Map::from_iter([("schema".to_owned(), json!(SCHEMA))]);
    if let Value::Object(fields) = fields {
        whole.extend(fields);
    }
    visible::json(&format!("{:#}\n", Value::Object(whole)))
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
    document(json!({ "written": problem.written, "error": error }))
}
