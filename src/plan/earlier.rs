//! What an earlier run added to the user's files: renewed where she left it, hers where she changed it, gone where she took it
//! out, and withdrawn where the component no longer asks for it.

use std::slice;

use super::Verb;
use super::draft::Draft;
use super::spot::Spot;
use super::withdraw::{heads, malformed, state, told, withdraw};
use crate::edit::{Edit, Outcome, Part, Splice, State, Trace, steps};
use crate::problem::Problem;
use crate::project::Project;
use crate::project::record::Addition;

/// The additions of earlier runs, as far as they are known to be still wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    additions: Vec<(Addition, Fate)>,
    /// True when what the user took out is put back.
    restore: bool,
}

/// What this run makes of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing has asked for it yet.
    Unclaimed,
    /// It stays recorded.
    Kept,
    /// It is recorded no longer.
    Dropped,
}

impl Earlier {
    /// The additions of a record.
    pub(super) fn new(additions: Vec<Addition>, restore: bool) -> Self {
        Self { additions: additions.into_iter().map(|addition| (addition, Fate::Unclaimed)).collect(), restore }
    }

    /// Those that stay recorded.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Addition> {
        self.additions.iter().filter(|(_, fate)| *fate != Fate::Dropped).map(|(addition, _)| addition)
    }

    /// What wires the module into the user's source.
    pub(super) fn wiring(&self) -> Vec<Addition> {
        self.kept().filter(is_wiring).cloned().collect()
    }

    /// Forgets `additions`: they are there no more.
    pub(super) fn forget(&mut self, additions: &[Addition]) {
        self.claim(&|addition| additions.contains(addition), Fate::Dropped);
    }

    /// Forgets of `addition`, a piece of which the user has taken out of `text`, what does not stand there any more.
    fn reduce(&mut self, addition: &Addition, text: &str) {
        for (own, fate) in self.additions.iter_mut().filter(|(own, _)| own == addition) {
            match own.part.rest(text) {
                Some(rest) => own.part = rest,
                None => *fate = Fate::Dropped,
            }
        }
    }

    fn claim(&mut self, is_meant: &dyn Fn(&Addition) -> bool, fate: Fate) {
        for (_, own) in self.additions.iter_mut().filter(|(addition, _)| is_meant(addition)) {
            if *own == Fate::Unclaimed || fate == Fate::Dropped {
                *own = fate;
            }
        }
    }
}

/// True for what wires the module into the user's source.
pub(super) fn is_wiring(addition: &&Addition) -> bool {
    matches!(addition.part, Part::Field { .. } | Part::Statement)
}

/// How the additions of earlier runs for one wish stand in today's text.
enum Stand {
    /// All as written: the text without them, and what takes them out of today's text.
    Whole { without: String, undo: Vec<Splice> },
    /// Some are changed or gone: the first of them.
    Touched(Addition, State),
}

/// Settles a wish that an earlier run has fulfilled with the additions to the file at `path` whose part is `meant`. True when
/// there is nothing left to do: what she changed or took out is left so, what she left is made as `editor` makes it today, which
/// is told as `what`.
///
/// # Errors
/// When the file does not parse.
pub(super) fn settle(
    draft: &mut Draft<'_>,
    path: &str,
    meant: &dyn Fn(&Part) -> bool,
    (what, editor): (&str, &dyn Fn(&str) -> Outcome),
) -> Result<bool, Problem> {
    let is_meant = |addition: &Addition| addition.path == path && meant(&addition.part);
    let own: Vec<Addition> = draft.earlier.kept().filter(|addition| is_meant(addition)).cloned().collect();
    if own.is_empty() {
        return Ok(false);
    }
    draft.earlier.claim(&is_meant, Fate::Kept);
    let text = draft.text(path)?;
    match stand(&own, &text)? {
        Stand::Touched(addition, State::Gone) if draft.earlier.restore => {
            draft.earlier.reduce(&addition, &text);
            Ok(false)
        }
        Stand::Touched(addition, state) => {
            keep(draft, &addition, &state, &text);
            Ok(true)
        }
        Stand::Whole { without, undo } => {
            renew(draft, (&own, what), (&text, &without), &undo, editor(&without));
            Ok(true)
        }
    }
}

fn keep(draft: &mut Draft<'_>, addition: &Addition, state: &State, text: &str) {
    let (spot, why) = match state {
        State::Changed(at) => (Spot::at(&addition.path, text, at.clone()), "changed by you"),
        _ => (Spot::File(addition.path.clone()), "taken out by you; `--restore` puts it back"),
    };
    draft.remark(spot, Verb::Keep, format!("{}: {why}", told(addition)));
}

/// How `own`, additions to one file, stand in its `text`: taken out one after the other, the last first.
fn stand(own: &[Addition], text: &str) -> Result<Stand, Problem> {
    let mut without = text.to_owned();
    let mut undo = Vec::new();
    for addition in own.iter().rev() {
        let is_complete =
            addition.part.is_complete(&without).map_err(|refusal| malformed(addition, &without, refusal))?;
        if !is_complete {
            return Ok(Stand::Touched(addition.clone(), State::Gone));
        }
        match state(addition, &without)? {
            State::Standing(edit) => {
                undo.extend(edit.splices().iter().cloned());
                without = edit.apply(&without);
            }
            // The key of a section may have become hers.
            _ if addition.part == Part::Section => {}
            touched => return Ok(Stand::Touched(addition.clone(), touched)),
        }
    }
    Ok(Stand::Whole { without, undo })
}

/// Writes what `outcome` makes of the text `without` the additions where that says something else than they do today.
fn renew(
    draft: &mut Draft<'_>,
    (own, what): (&[Addition], &str),
    (text, without): (&str, &str),
    undo: &[Splice],
    outcome: Outcome,
) {
    let Ok(edit) = outcome else { return };
    let Some(Addition { path, created, .. }) = own.first() else { return };
    let written = |edits: &[&str]| edits.iter().flat_map(|text| text.split_whitespace()).collect::<String>();
    let old: Vec<&str> = own.iter().flat_map(|addition| &addition.traces).map(|trace| trace.after.as_str()).collect();
    let new: Vec<&str> = edit.splices().iter().map(|splice| splice.text.as_str()).collect();
    let renewed = edit.apply(without);
    if written(&old) == written(&new) || renewed == text || own.iter().all(|one| one.part.is_alike(text, &renewed)) {
        return;
    }
    // Where she has moved it, it stays; features are placed by their editor.
    let moved = match (undo, edit.splices(), own) {
        ([place], [renewed], [one]) if !matches!(one.part, Part::Features { .. }) => {
            Some(in_place(text, slice::from_ref(place), &[&renewed.text]))
        }
        _ => None,
    };
    let stands = |(text, edit): &(String, Edit)| {
        let traces: Vec<Trace> = steps(text, edit).into_iter().flat_map(|step| step.traces).collect();
        own.iter().all(|one| matches!(one.part.state(&edit.apply(text), &traces), Ok(State::Standing(_))))
    };
    let (text, edit) = moved.filter(stands).unwrap_or_else(|| (without.to_owned(), edit));
    draft.earlier.forget(own);
    let parts: Vec<&Part> = own.iter().map(|addition| &addition.part).collect();
    for (index, step) in steps(&text, &edit).into_iter().enumerate() {
        let Some(part) = parts.get(index).or(parts.last()) else { continue };
        let part = part.between(without, &renewed);
        let addition =
            Addition { path: path.clone(), what: what.to_owned(), created: *created, part, traces: step.traces };
        draft.record(addition);
    }
    draft.note(path, what);
    draft.put(path, edit.apply(&text), None);
}

/// The edit that puts each of `words` where a splice of `undo` takes the old ones out of `text`, and the text to make it in.
pub(super) fn in_place(text: &str, undo: &[Splice], words: &[&str]) -> (String, Edit) {
    let mut without = String::new();
    let mut edit = Edit::default();
    let mut copied = 0;
    for (Splice { range, text: before }, words) in undo.iter().zip(words) {
        without.push_str(&text[copied..range.start]);
        let old = &text[range.clone()];
        let bare = old.trim_start();
        let (head, tail) = (&old[..old.len() - bare.len()], &bare[bare.trim_end().len()..]);
        edit.replace(without.len()..without.len() + before.len(), format!("{head}{}{tail}", words.trim()));
        without.push_str(before);
        copied = range.end;
    }
    without.push_str(&text[copied..]);
    (without, edit)
}

/// Takes out of the user's files what earlier runs added and nothing has asked for in this one.
///
/// # Errors
/// When a file that holds an addition does not parse.
pub(super) fn withdraw_unclaimed(draft: &mut Draft<'_>, project: &Project) -> Result<(), Problem> {
    let all = draft.earlier.additions.clone();
    let is_wanted = |other: &Addition| {
        other.path.ends_with(".rs")
            || all.iter().any(|(addition, fate)| {
                *fate != Fate::Unclaimed && addition.path == other.path && heads(&other.part, &addition.part)
            })
    };
    let unclaimed = all.iter().filter(|(addition, fate)| *fate == Fate::Unclaimed && !is_wanted(addition));
    let unclaimed: Vec<&Addition> = unclaimed.map(|(addition, _)| addition).collect();
    let gone = withdraw(draft, project, &unclaimed, &[])?;
    draft.earlier.forget(&gone);
    Ok(())
}
