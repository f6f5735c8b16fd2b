//! A plan in the making: the tree as it would be, and what was said on the way.

mod edits;

use std::collections::BTreeMap;

use super::claims::Claims;
use super::earlier::Earlier;
use super::spot::{Spot, named};
use super::{ByHand, Change, Plan, Remark, Verb};
use crate::edit::{Edit, Outcome, RefusalKind, steps};
use crate::problem::{MEND, Problem};
use crate::project::Tree;
use crate::project::pending::Conflict;
use crate::project::record::{Addition, BACKUP, FOLDER};
use crate::project::tree::join;
pub(super) use edits::{Left, Wish};

/// Collects changes to a copy of the project's tree.
#[derive(Debug, Clone)]
pub(super) struct Draft<'a> {
    before: &'a Tree,
    now: Tree,
    verbs: BTreeMap<String, Verb>,
    details: BTreeMap<String, Vec<String>>,
    taken_out: BTreeMap<String, Vec<String>>,
    additions: Vec<Addition>,
    /// What earlier runs added.
    pub(super) earlier: Earlier,
    /// What other packages claim.
    pub(super) claims: Claims,
    remarks: Vec<(Spot, Verb, String)>,
    left: Vec<Left>,
    warnings: Vec<String>,
    conflicts: Vec<Conflict>,
}

/// A file of the owner's that a draft edits.
pub(super) struct Edited {
    /// Its path.
    pub path: String,
    /// The text on disk.
    pub before: String,
    /// The text as it would be.
    pub now: String,
}

impl<'a> Draft<'a> {
    /// A draft that changes nothing yet, of a project to which earlier runs added something, also
    /// to other packages of it.
    pub(super) fn after(before: &'a Tree, earlier: Earlier, claims: Claims) -> Self {
        Self { earlier, claims, ..Self::new(before) }
    }

    /// A draft that changes nothing yet.
    pub(super) fn new(before: &'a Tree) -> Self {
        Self {
            before,
            now: before.clone(),
            verbs: BTreeMap::new(),
            details: BTreeMap::new(),
            taken_out: BTreeMap::new(),
            additions: Vec::new(),
            earlier: Earlier::default(),
            claims: Claims::default(),
            remarks: Vec::new(),
            left: Vec::new(),
            warnings: before
                .unread()
                .iter()
                .map(|folder| format!("{folder}/ cannot be read, so rwx has not looked into it"))
                .collect(),
            conflicts: Vec::new(),
        }
    }

    /// The text at `path` as it stands now; empty when there is none.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub(super) fn text(&self, path: &str) -> Result<String, Problem> {
        Ok(self.now.text(path)?.unwrap_or_default().to_owned())
    }

    /// The texts that are there and change.
    pub(super) fn edited(&self) -> Vec<Edited> {
        let edited = self.now.iter().filter_map(|(path, now)| {
            let before = self.before.bytes(path).filter(|before| *before != now)?;
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
            Some(Edited { path: path.to_owned(), before: text(before)?, now: text(now)? })
        });
        edited.collect()
    }

    /// The project's tree as it stands now.
    pub(super) fn tree(&self) -> &Tree {
        &self.now
    }

    /// Makes the edit that an editor answered for the text now at `wish.path`, or notes it for the
    /// user's hand. True when the edit is made or was there already.
    ///
    /// # Errors
    /// When the text does not parse.
    pub(super) fn attempt(&mut self, wish: Wish<'_>, outcome: Outcome) -> Result<bool, Problem> {
        let text = self.text(wish.path)?;
        match outcome {
            Ok(edit) => {
                self.make(wish, &text, &edit);
                Ok(true)
            }
            Err(refusal) if refusal.kind == RefusalKind::Malformed => {
                Err(Problem::refused(wish.path, &text, refusal).help(MEND))
            }
            Err(refusal) => {
                let spot = Spot::at(wish.path, text, refusal.at);
                let (reason, about) = (refusal.reason, Vec::new());
                self.leave(Left { spot, reason, about, what: wish.by_hand, snippet: wish.snippet });
                Ok(false)
            }
        }
    }

    fn make(&mut self, wish: Wish<'_>, text: &str, edit: &Edit) {
        if edit.is_empty() {
            return;
        }
        self.add(&wish, text, edit);
        self.note(wish.path, &wish.what);
        self.now.put(wish.path, edit.apply(text));
    }

    /// Records that `edit` was made in `text`, when that gives what stands at `wish.path`: a record
    /// that is gone told of it. True when it is so.
    pub(super) fn reclaim(&mut self, wish: &Wish<'_>, text: &str, edit: &Edit) -> bool {
        let is_so = self.now.text(wish.path).is_ok_and(|now| now == Some(&edit.apply(text)));
        if is_so {
            self.add(wish, text, edit);
        }
        is_so
    }

    fn add(&mut self, wish: &Wish<'_>, text: &str, edit: &Edit) {
        let created = !self.now.contains(wish.path);
        let mut before = text.to_owned();
        for step in steps(text, edit) {
            let part = (wish.part)(&before, &step);
            self.earlier.forget_frame(wish.path, &part);
            self.additions.push(Addition {
                path: wish.path.to_owned(),
                what: wish.label(&part),
                created: created || self.earlier.has_created(wish.path, &part),
                request: wish.request(),
                digest: None,
                used: self.earlier.used(wish.path, &part, wish.used),
                part,
                traces: step.traces,
            });
            before = step.text;
        }
    }

    /// Makes an edit that takes something out of the text now at `path`.
    pub(super) fn take(&mut self, path: &str, edit: &Edit) {
        let text = self.now.text(path).ok().flatten().unwrap_or_default();
        let after = edit.apply(text);
        self.put(path, after, None);
    }

    /// Notes `what` for the row of `path` in the report.
    pub(super) fn note(&mut self, path: &str, what: &str) {
        add_once(self.details.entry(path.to_owned()).or_default(), what);
    }

    /// Notes for that row that `what` is taken out.
    pub(super) fn note_taken_out(&mut self, path: &str, what: &str) {
        add_once(self.taken_out.entry(path.to_owned()).or_default(), what);
    }

    /// Puts a whole file, under `verb` when that is not the plain create or update.
    pub(super) fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>, verb: Option<Verb>) {
        if let Some(verb) = verb {
            self.verbs.insert(path.to_owned(), verb);
        }
        self.now.put(path, bytes);
    }

    /// Keeps the owner's `bytes` of the file at `path` aside and returns the path of the backup,
    /// which takes no other's place.
    pub(super) fn back_up(&mut self, folder: &str, path: &str, bytes: &[u8]) -> String {
        let first = join(folder, &format!("{FOLDER}/{BACKUP}/{path}"));
        let mut backup = first.clone();
        let mut count = 1;
        while self.now.bytes(&backup).is_some_and(|kept| kept != bytes) {
            count += 1;
            backup = format!("{first}.{count}");
        }
        self.now.put(backup.clone(), bytes);
        backup
    }

    /// Notes that the file at `path` has conflicts at `lines`.
    pub(super) fn conflict(&mut self, path: &str, lines: Vec<usize>) {
        self.conflicts.push(Conflict { path: path.to_owned(), lines });
    }

    /// Takes a whole file away.
    pub(super) fn remove(&mut self, path: &str) {
        self.now.remove(path);
    }

    /// Notes an edit for the user's hand.
    pub(super) fn leave(&mut self, left: Left) {
        self.left.push(left);
    }

    /// Takes back the edit that was last left to the user: its place and the reason.
    pub(super) fn take_last_left(&mut self) -> Option<(Spot, String)> {
        self.left.pop().map(|left| (left.spot, left.reason))
    }

    /// Notes that what is at `spot` is left as it is, once for several parts of one thing.
    pub(super) fn remark(&mut self, spot: Spot, verb: Verb, reason: impl Into<String>) {
        let remark = (spot, verb, reason.into());
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Notes something that the user should know.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.push(warning.into());
    }

    /// What stands in files of the user's, or she has taken out of them: what earlier runs added
    /// and this one.
    pub(super) fn additions(&self) -> Vec<Addition> {
        self.earlier.kept().chain(&self.additions).cloned().map(Addition::sealed).collect()
    }

    /// What this run has added.
    pub(super) fn added(&self) -> &[Addition] {
        &self.additions
    }

    /// Records `addition`.
    pub(super) fn record(&mut self, addition: Addition) {
        self.additions.push(addition);
    }

    /// The plan that this draft has become.
    pub(super) fn finish(self, steps: Vec<String>) -> Plan {
        let Self { before, now, verbs, remarks, left, warnings, conflicts, .. } = self;
        let (mut details, mut taken_out) = (self.details, self.taken_out);
        let change = |(path, after): (&str, &[u8])| {
            let old = before.bytes(path);
            let usual = if old.is_none() { Verb::Create } else { Verb::Update };
            (old != Some(after)).then(|| Change {
                path: path.to_owned(),
                verb: verbs.get(path).copied().unwrap_or(usual),
                before: old.map(<[u8]>::to_vec),
                after: Some(after.to_vec()),
                details: details.remove(path).unwrap_or_default(),
                taken_out: taken_out.remove(path).unwrap_or_default(),
            })
        };
        let removed =
            before.iter().filter(|(path, _)| !now.contains(path)).map(|(path, old)| Change {
                path: path.to_owned(),
                verb: Verb::Remove,
                before: Some(old.to_vec()),
                after: None,
                details: Vec::new(),
                taken_out: Vec::new(),
            });
        let mut changes: Vec<Change> = now.iter().filter_map(change).chain(removed).collect();
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        let remark = |(spot, verb, reason): (Spot, Verb, String)| Remark {
            path: spot.shown(&now),
            verb,
            reason,
        };
        let by_hand = |Left { spot, reason, about, what, snippet }: Left| {
            let place = spot.shown(&now);
            let about = about.iter().map(|spot| spot.shown(&now)).filter(|about| *about != place);
            let about = named(about.collect());
            let reason = if about.is_empty() { reason } else { format!("{reason} ({about})") };
            ByHand { place, reason, what, snippet }
        };
        let (remarks, by_hand) = (remarks.into_iter().map(remark), left.into_iter().map(by_hand));
        let (remarks, by_hand) = (remarks.collect(), by_hand.collect());
        Plan { changes, remarks, by_hand, warnings, steps, conflicts, ..Plan::default() }
    }
}

fn add_once(phrases: &mut Vec<String>, what: &str) {
    if !what.is_empty() && !phrases.iter().any(|phrase| phrase == what) {
        phrases.push(what.to_owned());
    }
}
