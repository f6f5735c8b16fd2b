//! The edits that a draft is asked for, and those that it leaves to the user.

use crate::edit::{Part, Step};
use crate::plan::spot::Spot;
use crate::project::{Used, digest};

/// An edit as the user knows it.
#[derive(Clone)]
pub(in crate::plan) struct Wish<'a> {
    /// The file.
    pub path: &'a str,
    /// What is added, for the report; empty for what the report need not say.
    pub what: String,
    /// By what each step of the edit is known later; the first text is the one before it.
    pub part: &'a dyn Fn(&str, &Step) -> Part,
    /// What the component asks for, as later runs compare it; empty for what they do not renew.
    pub request: String,
    /// What of a part is used already.
    pub used: &'a dyn Fn(&Part) -> Option<Used>,
    /// What to do with `snippet`, should it be left to the user.
    pub by_hand: String,
    /// The lines that the user would add.
    pub snippet: String,
}

impl<'a> Wish<'a> {
    /// What the component asks for, as it is recorded: a change of all files does not reach it
    /// there.
    pub(in crate::plan) fn request(&self) -> Option<String> {
        (!self.request.is_empty()).then(|| digest(self.request.as_bytes()))
    }

    /// What the record calls `part`: variables that come together go one by one.
    pub(in crate::plan) fn label(&self, part: &Part) -> String {
        if let Part::Variable { name } = part { name.clone() } else { self.what.clone() }
    }

    /// An edit that is never left to the user, and that later runs do not renew.
    pub(in crate::plan) fn new(
        path: &'a str,
        what: impl Into<String>,
        part: &'a dyn Fn(&str, &Step) -> Part,
    ) -> Self {
        let (request, by_hand, snippet) = (String::new(), String::new(), String::new());
        Self { path, what: what.into(), part, request, used: &|_| None, by_hand, snippet }
    }
}

/// An edit for the user's hand.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Left {
    /// Where.
    pub spot: Spot,
    /// Why rwx does not make it.
    pub reason: String,
    /// Places elsewhere that the reason is about.
    pub about: Vec<Spot>,
    /// What to do with `snippet`.
    pub what: String,
    /// The lines to put there.
    pub snippet: String,
}
