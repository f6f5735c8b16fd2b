//! The report: a line a path, a summary, numbered next steps.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use console::style;

use crate::plan::{ByHand, Change, Plan, Verb};
use crate::project::record::{FOLDER, Kept, PENDING};
use crate::visible::{one_line, visible};

/// How much is said, and whether it was done or would be.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tone {
    /// True when nothing is written in this run.
    pub dry: bool,
    /// `-v`: also what stays the same, and the record's files.
    pub verbose: bool,
    /// `-q`: only what is left for the user's hand.
    pub quiet: bool,
}

/// The report of `plan`.
pub fn text(plan: &Plan, tone: Tone) -> String {
    let mut out = String::new();
    lines(&mut out, plan, tone);
    if !tone.quiet {
        let _ = writeln!(out, "{}", summary(plan, tone.dry));
    }
    steps(&mut out, plan, tone);
    out
}

/// What `plan` would change, for the user to say yes or no.
pub fn preview(plan: &Plan, tone: Tone) -> String {
    let mut out = String::new();
    let tone = Tone { dry: true, quiet: false, ..tone };
    lines(&mut out, plan, tone);
    steps(&mut out, plan, tone);
    out
}

/// How many columns a line of the report has where it can be broken.
const WIDTH: usize = 100;
/// How many of them the verb takes, and the space behind it.
const VERB: usize = 9;
/// What stands before the lines that follow a broken one.
const FOLLOWING: &str = "           ";

/// A line of the report: place, verb, what about it.
type Row = (String, Verb, String);

fn lines(out: &mut String, plan: &Plan, tone: Tone) {
    let mut rows = if tone.quiet { Vec::new() } else { changed(plan, tone) };
    let told = plan
        .remarks
        .iter()
        .filter(|remark| tone.verbose || !tone.quiet && remark.verb != Verb::Same);
    rows.extend(told.map(|remark| (remark.path.clone(), remark.verb, remark.reason.clone())));
    rows.extend(
        plan.by_hand.iter().map(|edit| (edit.place.clone(), Verb::Manual, edit.reason.clone())),
    );
    rows.sort_by(|(a, verb_a, _), (b, verb_b, _)| {
        (*verb_a == Verb::Manual, a).cmp(&(*verb_b == Verb::Manual, b))
    });
    for (path, verb, detail) in rows {
        let (path, detail) = (one_line(&path), one_line(&detail));
        let gap = if detail.is_empty() { "" } else { "  " };
        let detail = wrapped(&detail, VERB + path.chars().count() + gap.len());
        let _ = writeln!(out, "{} {path}{gap}{}", painted(verb), style(detail).dim());
    }
    for (conflict, line) in plan
        .conflicts
        .iter()
        .flat_map(|conflict| conflict.lines.iter().map(move |line| (conflict, line)))
    {
        let _ = writeln!(out, "{} {}:{line}", painted(Verb::Conflict), one_line(&conflict.path));
    }
    for warning in &plan.warnings {
        let word = style(format!("{:>8}", "warning")).yellow().bold();
        let _ = writeln!(out, "{word} {}", one_line(warning));
    }
}

/// `detail`, of which the first line starts at a column, in lines of at most `WIDTH` columns where
/// its parts allow that.
fn wrapped(detail: &str, start: usize) -> String {
    let (mut lines, mut column) = (String::new(), start);
    for part in detail.split_inclusive("; ") {
        let width = part.trim_end().chars().count();
        if column + width > WIDTH && column > start {
            lines.truncate(lines.trim_end().len());
            lines.push('\n');
            lines.push_str(FOLLOWING);
            column = FOLLOWING.len();
        }
        lines.push_str(part);
        column += part.chars().count();
    }
    lines
}

/// A row a changed file; new files of a component and its record are one row each unless all is to
/// be said.
fn changed(plan: &Plan, tone: Tone) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut folded: BTreeMap<(String, Verb), usize> = BTreeMap::new();
    // A file with conflicts has a row for each of them.
    for change in plan
        .changes
        .iter()
        .filter(|change| change.verb != Verb::Conflict || !change.details.is_empty())
    {
        match fold(plan, change).filter(|_| !tone.verbose) {
            Some(folder) => *folded.entry((folder, change.verb)).or_default() += 1,
            None => rows.push((change.path.clone(), change.verb, detail(change))),
        }
    }
    rows.extend(folded.into_iter().map(|((folder, verb), count)| {
        let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let what = match Kept::of(&format!("{folder}/_")) {
            _ if verb == Verb::Remove => "",
            Some(Kept::Record) => ": what rwx needs for updates; commit it",
            Some(Kept::Pending) => ": what it takes to end this update or to take it back",
            _ => "",
        };
        (format!("{folder}/"), verb, format!("{files}{what}"))
    }));
    rows
}

/// What is said of `change`.
fn detail(change: &Change) -> String {
    let mut details = change.details.clone();
    if !change.taken_out.is_empty() {
        details.push(format!("taken out: {}", change.taken_out.join("; ")));
    }
    details.join("; ")
}

/// The folder that stands for `change` in the report.
fn fold(plan: &Plan, change: &Change) -> Option<String> {
    let own = match Kept::of(&change.path) {
        Some(Kept::Record) => Some(FOLDER.to_owned()),
        Some(Kept::Pending) => Some(format!("{FOLDER}/{PENDING}")),
        _ => None,
    };
    if let Some(own) = own {
        let start = change.path.find(FOLDER)?;
        return Some(format!("{}{own}", &change.path[..start]));
    }
    let holds = |folder: &&String| {
        change.path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    plan.folders
        .iter()
        .filter(|_| matches!(change.verb, Verb::Create | Verb::Remove))
        .find(holds)
        .cloned()
}

fn painted(verb: Verb) -> String {
    let word = style(format!("{:>8}", verb.word()));
    let word = match verb {
        Verb::Create | Verb::Update | Verb::Merge => word.green(),
        Verb::Remove | Verb::Manual => word.yellow(),
        Verb::Conflict => word.red(),
        Verb::Same | Verb::Keep => word.dim(),
    };
    word.bold().to_string()
}

/// The one line that says it all.
pub(super) fn summary(plan: &Plan, dry: bool) -> String {
    let manual = match plan.by_hand.len() {
        0 => String::new(),
        1 => ", 1 edit left for you".to_owned(),
        count => format!(", {count} edits left for you"),
    };
    if plan.is_empty() {
        return format!("nothing to do{manual}");
    }
    let counted = |verb: Verb, word: &str| {
        let count = plan
            .changes
            .iter()
            .filter(|change| change.verb == verb && !Kept::is_bookkeeping(&change.path))
            .count();
        (count > 0).then(|| format!("{count} {word}"))
    };
    let counts = [
        counted(Verb::Create, "created"),
        counted(Verb::Update, "updated"),
        counted(Verb::Merge, "merged"),
        counted(Verb::Conflict, "with conflicts"),
        counted(Verb::Remove, "removed"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let counts = if counts.is_empty() { "record updated".to_owned() } else { counts.join(", ") };
    let dry = if dry { " (dry run: nothing was written)" } else { "" };
    format!("{counts}{manual}{dry}")
}

fn steps(out: &mut String, plan: &Plan, tone: Tone) {
    let by_hand = plan.by_hand.iter().map(by_hand);
    let told = if tone.quiet || tone.dry || plan.is_empty() { &[] } else { plan.steps.as_slice() };
    let steps: Vec<String> = by_hand.chain(told.iter().cloned()).collect();
    if steps.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{}", style("next steps").bold());
    for (index, step) in steps.iter().enumerate() {
        let number = format!("{:>3}. ", index + 1);
        let lines = flowed(&visible(step), WIDTH - number.len());
        for (at, line) in lines.iter().enumerate() {
            let lead = if at == 0 { number.as_str() } else { "     " };
            let _ = writeln!(out, "{}", format!("{lead}{line}").trim_end());
        }
    }
}

/// The lines of a step: what is indented is to be typed and stays as it is; the rest is prose, in
/// lines of at most `width` columns.
fn flowed(step: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut in_prose = false;
    for line in step.trim_end().lines() {
        if line.starts_with(' ') || line.is_empty() {
            lines.push(line.to_owned());
            in_prose = false;
            continue;
        }
        for word in line.split(' ') {
            match lines.last_mut().filter(|_| in_prose) {
                Some(last) if last.chars().count() + 1 + word.chars().count() <= width => {
                    last.push(' ');
                    last.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
            in_prose = true;
        }
    }
    lines
}

fn by_hand(edit: &ByHand) -> String {
    let snippet: String =
        edit.snippet.trim_end().lines().map(|line| format!("    {line}\n")).collect();
    format!("by hand, at {}: {}\n{snippet}", one_line(&edit.place), one_line(&edit.what))
}
