//! How the installed components stand: `rwx infra status`.

use std::fmt::Write as _;

use console::style;
use serde_json::{Value, json};

use super::json::document;
use crate::plan::Status;
use crate::visible::one_line;

/// The rwx that runs.
const THIS: &str = env!("CARGO_PKG_VERSION");

/// A paragraph a component.
pub fn status(all: &[Status]) -> String {
    if all.is_empty() {
        return "no component is installed; `rwx infra list` shows what can be added\n".to_owned();
    }
    all.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The same for programs.
pub fn status_json(all: &[Status]) -> String {
    document(json!({ "components": all.iter().map(value).collect::<Value>() }))
}

fn one(status: &Status) -> String {
    let mut out = format!(
        "{}  written by rwx {}, this is rwx {THIS}\n",
        style(one_line(&status.component)).bold(),
        one_line(&status.rwx)
    );
    let mut rows = |title: &str, rows: Vec<String>| {
        for (index, row) in rows.iter().enumerate() {
            let title = if index == 0 { title } else { "" };
            let _ = writeln!(out, "  {}  {}", style(format!("{title:9}")).dim(), one_line(row));
        }
    };
    let place = status.module.iter().map(|folder| format!("{folder}/")).chain(status.route.clone());
    rows(
        "module",
        vec![place.collect::<Vec<_>>().join(" on ")]
            .into_iter()
            .filter(|row| !row.is_empty())
            .collect(),
    );
    let options =
        status.options.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    rows("options", vec![options.join(" ")].into_iter().filter(|row| !row.is_empty()).collect());
    rows("edited", status.edited.clone());
    rows("deleted", status.deleted.clone());
    rows("changed", status.changed.iter().map(row).collect());
    rows("taken out", status.taken_out.iter().map(row).collect());
    let copies = [(&status.altered_copies, "not as rwx wrote it"), (&status.lost_copies, "gone")];
    rows(
        "copies",
        copies.into_iter().filter_map(|(paths, what)| copies_row(paths, what)).collect(),
    );
    rows("conflict", status.waiting.clone().unwrap_or_default());
    rows("update", vec![update(status)]);
    out
}

fn row((place, what): &(String, String)) -> String {
    format!("{place}  {what}")
}

/// What is wrong with the pristine copies at `paths`.
fn copies_row(paths: &[String], what: &str) -> Option<String> {
    let (first, more) = paths.split_first()?;
    let count = if more.is_empty() {
        format!("1 is {what}")
    } else {
        format!("{} are {what}", paths.len())
    };
    let dots = if more.is_empty() { "" } else { ", …" };
    Some(format!("{count}, and `rwx infra update` writes it anew: {first}{dots}"))
}

fn update(status: &Status) -> String {
    match (&status.waiting, &status.update) {
        (Some(left), _) if left.is_empty() => {
            "every conflict is resolved: `rwx infra update --continue`".to_owned()
        }
        (Some(_), _) => {
            "waits for you: resolve the conflicts, `rwx infra update --continue`".to_owned()
        }
        (None, Ok(counts)) if counts.is_empty() => {
            let is_hers = !status.edited.is_empty() || !status.changed.is_empty();
            format!("nothing to do{}", if is_hers { ", and your edits stay" } else { "" })
        }
        (None, Ok(counts)) => {
            let counts = counts.iter().map(|(verb, count)| format!("{count} to {}", verb.word()));
            format!("{}, with `rwx infra update`", counts.collect::<Vec<_>>().join(", "))
        }
        (None, Err(reason)) => format!("not possible: {reason}"),
    }
}

fn value(status: &Status) -> Value {
    let rows = |rows: &[(String, String)]| -> Value {
        rows.iter().map(|(place, what)| json!({ "place": place, "what": what })).collect()
    };
    let update = match &status.update {
        Ok(counts) => {
            let counts: serde_json::Map<String, Value> =
                counts.iter().map(|(verb, count)| (verb.word().to_owned(), json!(count))).collect();
            json!({ "changes": counts, "obstacle": null })
        }
        Err(reason) => json!({ "changes": {}, "obstacle": reason }),
    };
    json!({
        "component": status.component,
        "rwx": status.rwx,
        "this_rwx": THIS,
        "module": status.module,
        "route": status.route,
        "options": status.options,
        "edited": status.edited,
        "deleted": status.deleted,
        "changed": rows(&status.changed),
        "taken_out": rows(&status.taken_out),
        "altered_copies": status.altered_copies,
        "lost_copies": status.lost_copies,
        "conflicts": status.waiting.clone().unwrap_or_default(),
        "update": update,
    })
}
