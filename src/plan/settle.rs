//! What an earlier run added for a wish: renewed where she left it, hers where she changed it, gone
//! where she took it out.

use std::slice;

use super::Verb;
use super::claims::is_frame;
use super::draft::{Draft, Wish};
use super::earlier::Fate;
use super::spot::Spot;
use super::withdraw::{malformed, state, told};
use crate::edit::{Edit, Outcome, Part, Splice, State, steps};
use crate::problem::Problem;
use crate::project::record::Addition;

/// How the additions of earlier runs for one wish stand in today's text.
struct Stand {
    /// The text without those that stand.
    without: String,
    /// What was taken out of it, in the order of the text.
    removed: Vec<String>,
    /// Those that are changed or gone.
    touched: Vec<(Addition, State)>,
}

/// Settles a wish that an earlier run has fulfilled with the additions to its file whose part is
/// `meant`. True when there is nothing left to do: what she changed or took out is left so, and
/// what stands is made as `editor` makes it today where the component asks for something else than
/// it did.
///
/// # Errors
/// When the file does not parse.
pub(super) fn settle(
    draft: &mut Draft<'_>,
    wish: &Wish<'_>,
    meant: &dyn Fn(&Part) -> bool,
    editor: &dyn Fn(&str) -> Outcome,
) -> Result<bool, Problem> {
    let request = wish.request();
    let is_asked = |addition: &Addition| request.is_some() && addition.request == request;
    let is_meant = |addition: &Addition| {
        addition.path == wish.path && (meant(&addition.part) || is_asked(addition))
    };
    let own: Vec<Addition> =
        draft.earlier.kept().filter(|addition| is_meant(addition)).cloned().collect();
    if own.is_empty() {
        return claim(draft, wish, meant);
    }
    draft.earlier.claim(&is_meant, Fate::Kept);
    // A change of all files may have given it another name, or other words, in the record too.
    if !own.iter().any(|addition| meant(&addition.part)) || !own.iter().all(Addition::is_as_written)
    {
        let file = Spot::File(wish.path.to_owned());
        draft.remark(
            file,
            Verb::Keep,
            format!("{}: changed by you, in the record too", told(&own[0])),
        );
        return Ok(true);
    }
    let text = draft.text(wish.path)?;
    let stand = stand(&own, &text)?;
    let mut is_missing = false;
    for (addition, state) in &stand.touched {
        if *state == State::Gone && draft.earlier.restore {
            draft.earlier.reduce(addition, &text);
            is_missing = true;
        } else {
            keep(draft, addition, state, &text);
        }
    }
    if !stand.touched.is_empty() {
        return Ok(!is_missing);
    }
    if own.iter().any(is_asked) {
        // She may have taken out what was hers and served as well.
        return Ok(!editor(&text).is_ok_and(|edit| !edit.is_empty()));
    }
    renew(draft, wish, &own, &stand, &editor(&stand.without))?;
    Ok(true)
}

/// Claims what an earlier run for another package has added for the same wish, if it is still
/// there. True where it is.
fn claim(
    draft: &mut Draft<'_>,
    wish: &Wish<'_>,
    meant: &dyn Fn(&Part) -> bool,
) -> Result<bool, Problem> {
    let Some((found, package)) = draft.claims.of(wish.path, meant) else { return Ok(false) };
    let text = draft.text(wish.path)?;
    let mut named = Vec::new();
    for addition in found.iter().filter(|addition| !is_frame(&addition.part)) {
        if state(addition, &text)? == State::Gone {
            return Ok(false);
        }
        named.push(told(addition));
    }
    let reason = format!("{}: there for {package}, and shared with it", named.join(", "));
    draft.remark(Spot::File(wish.path.to_owned()), Verb::Keep, reason);
    for addition in found {
        if !draft.added().contains(&addition) {
            draft.record(addition);
        }
    }
    Ok(true)
}

fn keep(draft: &mut Draft<'_>, addition: &Addition, state: &State, text: &str) {
    let (spot, why) = match state {
        State::Changed(at) => (Spot::at(&addition.path, text, at.clone()), "changed by you"),
        _ => (Spot::File(addition.path.clone()), "taken out by you; `--restore` puts it back"),
    };
    draft.remark(spot, Verb::Keep, format!("{}: {why}", told(addition)));
}

/// How `own`, additions to one file, stand in its `text`: taken out one after the other, the last
/// first.
fn stand(own: &[Addition], text: &str) -> Result<Stand, Problem> {
    let mut stand = Stand { without: text.to_owned(), removed: Vec::new(), touched: Vec::new() };
    for addition in own.iter().rev() {
        let without = &stand.without;
        let is_complete = addition
            .part
            .is_complete(without)
            .map_err(|refusal| malformed(addition, without, refusal))?;
        match if is_complete { state(addition, without)? } else { State::Gone } {
            State::Standing(edit) => {
                let removed =
                    edit.splices().iter().map(|splice| without[splice.range.clone()].to_owned());
                stand.removed.splice(0..0, removed.collect::<Vec<_>>());
                stand.without = edit.apply(without);
            }
            // The key of a section may have become hers.
            _ if addition.part == Part::Section => {}
            touched => stand.touched.insert(0, (addition.clone(), touched)),
        }
    }
    Ok(stand)
}

/// Writes what `outcome` makes of the text without `own` where that says something else than they
/// do today.
fn renew(
    draft: &mut Draft<'_>,
    wish: &Wish<'_>,
    own: &[Addition],
    stand: &Stand,
    outcome: &Outcome,
) -> Result<(), Problem> {
    // Where nothing is missing without them, something of hers serves as well by now, and they stay
    // as they are.
    let Some(edit) = outcome.as_ref().ok().filter(|edit| !edit.is_empty()) else { return Ok(()) };
    let text = draft.text(wish.path)?;
    let renewed = edit.apply(&stand.without);
    if renewed == text
        || says_the_same(own, stand, edit)
        || own.iter().all(|one| one.part.is_alike(&text, &renewed))
    {
        draft.earlier.ask(own, &wish.request());
    } else if !renew_in_place(draft, wish, own, (&stand.without, edit))? {
        draft.earlier.forget(own);
        draft.put(wish.path, stand.without.as_bytes(), None);
        draft.attempt(wish.clone(), Ok(edit.clone()))?;
    }
    Ok(())
}

/// True when `edit` puts the words there that were put there by `own`, or that stand there today.
fn says_the_same(own: &[Addition], stand: &Stand, edit: &Edit) -> bool {
    let new = words(edit.splices().iter().map(|splice| splice.text.as_str()));
    let old = own.iter().flat_map(|addition| &addition.traces).map(|trace| trace.after.as_str());
    new == words(old) || new == words(stand.removed.iter().map(String::as_str))
}

/// `texts` without the blanks.
fn words<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    texts.flat_map(str::split_whitespace).collect()
}

/// Writes each piece of `edit`, which is made of the text `without` all of `own`, where that one of
/// `own` stands which is the same part: where she has moved it, it stays. False where the pieces
/// are not the same, or features, which their editor places.
fn renew_in_place(
    draft: &mut Draft<'_>,
    wish: &Wish<'_>,
    own: &[Addition],
    (without, edit): (&str, &Edit),
) -> Result<bool, Problem> {
    let mut trial = draft.clone();
    let mut before = without.to_owned();
    let mut left: Vec<&Addition> = own.iter().collect();
    for step in steps(without, edit) {
        let part = (wish.part)(&before, &step);
        let Some(at) = left.iter().position(|one| one.part == part) else { return Ok(false) };
        let one = left.remove(at);
        let words: Vec<&str> = step.traces.iter().map(|trace| trace.after.as_str()).collect();
        if matches!(part, Part::Features { .. })
            || !reword(&mut trial, one, (&wish.what, &words), wish.request())?
        {
            return Ok(false);
        }
        before = step.text;
    }
    let is_done = left.is_empty();
    if is_done {
        trial.note(wish.path, &wish.what);
        *draft = trial;
    }
    Ok(is_done)
}

/// Puts `words`, one for each splice, where `one` stands; false where it is not certain how. The
/// component's `request` is recorded, and that it is `what`.
///
/// # Errors
/// When the file does not parse.
pub(super) fn reword(
    draft: &mut Draft<'_>,
    one: &Addition,
    (what, words): (&str, &[&str]),
    request: Option<String>,
) -> Result<bool, Problem> {
    let text = draft.text(&one.path)?;
    let State::Standing(undo) = state(one, &text)? else { return Ok(false) };
    if undo.splices().len() != words.len() {
        return Ok(false);
    }
    let (without, edit) = in_place(&text, undo.splices(), words);
    let [step] = &steps(&without, &edit)[..] else { return Ok(false) };
    let (what, traces) = (what.to_owned(), step.traces.clone());
    let anew = Addition { what, request, digest: None, traces, ..one.clone() };
    if !matches!(state(&anew, &step.text), Ok(State::Standing(_))) {
        return Ok(false);
    }
    draft.earlier.forget(slice::from_ref(one));
    draft.record(anew);
    draft.put(&one.path, step.text.as_bytes(), None);
    Ok(true)
}

/// The edit that puts each of `words` where a splice of `undo` takes the old ones out of `text`,
/// and the text to make it in.
fn in_place(text: &str, undo: &[Splice], words: &[&str]) -> (String, Edit) {
    let mut without = String::new();
    let mut edit = Edit::default();
    let mut copied = 0;
    for (Splice { range, text: before }, words) in undo.iter().zip(words) {
        without.push_str(&text[copied..range.start]);
        let old = &text[range.clone()];
        let bare = old.trim_start();
        let (head, tail) = (&old[..old.len() - bare.len()], &bare[bare.trim_end().len()..]);
        edit.replace(
            without.len()..without.len() + before.len(),
            format!("{head}{}{tail}", words.trim()),
        );
        without.push_str(before);
        copied = range.end;
    }
    without.push_str(&text[copied..]);
    (without, edit)
}
