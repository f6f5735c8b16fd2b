//! A case as its snapshot shows it: what was said, and what became of the tree.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use similar::TextDiff;

use super::case::Case;
use super::{Files, Run};

/// Folder of rwx's own files in a project.
const RECORD: &str = ".rwx";

/// What was said, and what became of the tree: new files by name, changes to the user's files as a
/// diff. Rendered files and the component's own steps are folded, so that a change to a template
/// changes no snapshot but those of the cases that are `full`.
pub fn shown(case: &Case, run: &Run, before: &Files, after: &Files) -> String {
    let rendered = rendered(&run.stdout);
    let stdout = if case.full { run.stdout.clone() } else { folded(&run.stdout) };
    let mut text = format!("$ rwx {}\nexit {}\n", case.args.join(" "), run.code);
    for (title, stream) in [("stdout", &stdout), ("stderr", &run.stderr)] {
        if !stream.is_empty() {
            let _ = write!(text, "---- {title}\n{stream}");
        }
    }
    let _ = writeln!(text, "---- tree");
    let into = format!("{}/", case.into);
    let mut new = BTreeSet::new();
    for (path, bytes) in after {
        match before.get(path) {
            Some(old) if old == bytes => {}
            Some(_) if is_rwx_s(path, before) => text.push_str(&format!("changed {path}\n")),
            Some(old) => text.push_str(&diff(path, old, bytes)),
            None => {
                let path = path.strip_prefix(&into).unwrap_or(path);
                new.insert(folded_path(path, &rendered));
            }
        }
    }
    new.iter().for_each(|path| text.push_str(&format!("new {path}\n")));
    text
}

/// True for a file that rwx rendered, which it keeps a copy of, and for what it keeps for itself.
pub fn is_rwx_s(path: &str, files: &Files) -> bool {
    let is_copy = |file: &String| {
        let (folder, rest) = file.split_once(&format!("{RECORD}/"))?;
        Some(format!("{folder}{}", rest.split_once("/base/")?.1) == path)
    };
    path.contains(&format!("{RECORD}/")) || files.keys().any(|file| is_copy(file) == Some(true))
}

/// The folders of the modules that a report says are made, each with a `/` behind it.
fn rendered(report: &str) -> Vec<String> {
    let made = report.lines().filter_map(|line| line.trim_start().strip_prefix("create "));
    let folders =
        made.filter_map(|row| row.split_once("/  ").filter(|(_, told)| told.ends_with(" files")));
    folders.map(|(folder, _)| format!("{folder}/")).collect()
}

fn folded(report: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut in_steps = false;
    let mut folding = false;
    for line in report.lines() {
        in_steps |= line == "next steps";
        let is_step = line
            .trim_start()
            .split_once(". ")
            .is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        if in_steps && is_step {
            folding = !line.contains(". by hand, at ");
        }
        let row = ["create", "remove"]
            .into_iter()
            .find_map(|verb| Some((verb, line.trim_start().strip_prefix(verb)?)));
        let line = match row {
            _ if folding => "  …the steps of the component".to_owned(),
            Some((verb, row)) => format!("  {verb}{}", folded_row(row)),
            None => without_count(line),
        };
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A row of the report without the number of files that it stands for.
fn folded_row(row: &str) -> String {
    match row.split_once("/  ") {
        Some((folder, told)) => {
            format!("{folder}/  N{}", told.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => row.to_owned(),
    }
}

fn folded_path(path: &str, rendered: &[String]) -> String {
    if let Some(folder) = rendered.iter().find(|folder| path.starts_with(*folder)) {
        return format!("{folder}…");
    }
    match path.split_once(&format!("{RECORD}/")) {
        Some((folder, _)) => format!("{folder}{RECORD}/…"),
        None => path.to_owned(),
    }
}

/// The summary without the number of files made or taken away, which is the templates' matter.
fn without_count(line: &str) -> String {
    let part = |part: &str| match part.split_once(' ') {
        Some((count, rest)) if count.parse::<u32>().is_ok() => {
            let (verb, _) = rest.split_once(' ').unwrap_or((rest, ""));
            if ["created", "removed"].contains(&verb) {
                format!("N {rest}")
            } else {
                part.to_owned()
            }
        }
        _ => part.to_owned(),
    };
    line.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

fn diff(path: &str, old: &[u8], new: &[u8]) -> String {
    let visible = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes).replace('\r', "␍").replace('\u{feff}', "[BOM]")
    };
    let (old, new) = (visible(old), visible(new));
    TextDiff::from_lines(&old, &new).unified_diff().context_radius(2).header(path, path).to_string()
}
