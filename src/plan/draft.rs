//! A plan in the making: the tree as it would be, and what was said on the way.

use std::collections::BTreeMap;

use super::{ByHand, Change, Plan, Remark, Verb};
use crate::edit::{Edit, Outcome, RefusalKind};
use crate::problem::{Excerpt, Problem};
use crate::project::Tree;
use crate::project::record::Addition;
use crate::project::source::Place;

/// Collects changes to a copy of the project's tree.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    before: &'a Tree,
    now: Tree,
    verbs: BTreeMap<String, Verb>,
    details: BTreeMap<String, Vec<String>>,
    edits: BTreeMap<String, Vec<Edit>>,
    additions: Vec<Addition>,
    remarks: Vec<Remark>,
    kept: Vec<(Place, String)>,
    left: Vec<Left>,
    warnings: Vec<String>,
}

/// An edit for the user's hand, at a place in the file as it was before this draft.
#[derive(Debug, Clone)]
struct Left {
    at: Place,
    reason: String,
    what: String,
    snippet: String,
}

impl Left {
    fn by_hand(&self, place: String) -> ByHand {
        ByHand { place, reason: self.reason.clone(), what: self.what.clone(), snippet: self.snippet.clone() }
    }
}

/// An edit as the user knows it.
#[derive(Debug, Clone)]
pub(super) struct Wish<'a> {
    /// The file.
    pub path: &'a str,
    /// What is added, for the report.
    pub what: String,
    /// What to do with `snippet`, should it be left to the user.
    pub by_hand: String,
    /// The lines that the user would add.
    pub snippet: String,
}

impl<'a> Draft<'a> {
    /// A draft that changes nothing yet.
    pub(super) fn new(before: &'a Tree) -> Self {
        Self {
            before,
            now: before.clone(),
            verbs: BTreeMap::new(),
            details: BTreeMap::new(),
            edits: BTreeMap::new(),
            additions: Vec::new(),
            remarks: Vec::new(),
            kept: Vec::new(),
            left: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The text at `path` as it stands now; empty when there is none.
    pub(super) fn text(&self, path: &str) -> Result<String, Problem> {
        Ok(self.now.text(path)?.unwrap_or_default().to_owned())
    }

    /// Makes the edit that an editor answered for the text now at `wish.path`, or notes it for the user's hand.
    /// True when the edit is made or was there already.
    pub(super) fn attempt(&mut self, wish: Wish<'_>, outcome: Outcome) -> Result<bool, Problem> {
        let text = self.text(wish.path)?;
        match outcome {
            Ok(edit) => {
                self.make(wish.path, &wish.what, &text, &edit);
                Ok(true)
            }
            Err(refusal) if refusal.kind == RefusalKind::Malformed => Err(Problem::refused(wish.path, &text, refusal)
                .help("mend this line and run the command again; nothing was written")),
            Err(refusal) => {
                let at = self.edits_of(wish.path).iter().rev().fold(refusal.at.start, |at, edit| edit.origin(at));
                let place = Place { file: wish.path.to_owned(), range: at..at };
                self.leave(place, refusal.reason, wish.by_hand, wish.snippet);
                Ok(false)
            }
        }
    }

    fn make(&mut self, path: &str, what: &str, text: &str, edit: &Edit) {
        if edit.is_empty() {
            return;
        }
        self.additions.extend(edit.splices().iter().map(|splice| Addition {
            path: path.to_owned(),
            what: what.to_owned(),
            before: text[splice.range.clone()].to_owned(),
            after: splice.text.clone(),
        }));
        self.note(path, what);
        self.now.put(path, edit.apply(text));
        self.edits.entry(path.to_owned()).or_default().push(edit.clone());
    }

    fn edits_of(&self, path: &str) -> &[Edit] {
        self.edits.get(path).map_or(&[], Vec::as_slice)
    }

    /// `path:line:column` of a place in the file as it was, where it is in the file as this draft leaves it.
    fn shown(&self, place: &Place) -> String {
        let at = self.edits_of(&place.file).iter().fold(place.range.start, |at, edit| edit.moved(at));
        let text = self.now.text(&place.file).ok().flatten().unwrap_or_default().to_owned();
        Excerpt { path: place.file.clone(), text, at: at..at }.place()
    }

    fn note(&mut self, path: &str, what: &str) {
        let details = self.details.entry(path.to_owned()).or_default();
        if !details.iter().any(|detail| detail == what) {
            details.push(what.to_owned());
        }
    }

    /// Puts a whole file, under `verb` when that is not the plain create or update.
    pub(super) fn put(&mut self, path: &str, text: String, verb: Option<Verb>) {
        if let Some(verb) = verb {
            self.verbs.insert(path.to_owned(), verb);
        }
        self.now.put(path, text);
    }

    /// Notes an edit for the user's hand, at a place in the file as it was before this draft.
    pub(super) fn leave(&mut self, at: Place, reason: String, what: String, snippet: String) {
        self.left.push(Left { at, reason, what, snippet });
    }

    /// Takes back the edit that was last left to the user: its place and the reason.
    pub(super) fn take_last_left(&mut self) -> Option<(Place, String)> {
        self.left.pop().map(|edit| (edit.at, edit.reason))
    }

    /// Notes that what is at a place in the file as it was before this draft is left as it is.
    pub(super) fn keep(&mut self, at: Place, reason: String) {
        self.kept.push((at, reason));
    }

    /// Notes that `path` is left as it is.
    pub(super) fn remark(&mut self, path: &str, verb: Verb, reason: impl Into<String>) {
        self.remarks.push(Remark { path: path.to_owned(), verb, reason: reason.into() });
    }

    /// Notes something that the user should know.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// What was added to files of the user's so far.
    pub(super) fn additions(&self) -> &[Addition] {
        &self.additions
    }

    /// The plan that this draft has become.
    pub(super) fn finish(self, steps: Vec<String>) -> Plan {
        let kept = self.kept.iter().map(|(at, reason)| Remark {
            path: self.shown(at),
            verb: Verb::Keep,
            reason: reason.clone(),
        });
        let remarks = self.remarks.iter().cloned().chain(kept).collect();
        let by_hand = self.left.iter().map(|left| left.by_hand(self.shown(&left.at))).collect();
        let Self { before, now, verbs, mut details, warnings, .. } = self;
        let change = |(path, after): (&str, &[u8])| {
            let old = before.bytes(path);
            let usual = if old.is_none() { Verb::Create } else { Verb::Update };
            (old != Some(after)).then(|| Change {
                path: path.to_owned(),
                verb: verbs.get(path).copied().unwrap_or(usual),
                before: old.map(<[u8]>::to_vec),
                after: Some(after.to_vec()),
                details: details.remove(path).unwrap_or_default(),
            })
        };
        let changes = now.iter().filter_map(change).collect();
        Plan { changes, remarks, by_hand, warnings, steps, folders: Vec::new() }
    }
}
