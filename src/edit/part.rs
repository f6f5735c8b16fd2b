//! What an edit added, named so that it is found in the text of a later day.

mod forms;
mod together;

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::trace::{self, Trace};
use super::{Edit, Refusal, compose, dotenv, lines, manifest, markdown, rust};
pub use together::together;

/// What was added to a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Part {
    /// An entry of a table of dependencies.
    Dependency {
        /// The table, as its header names it.
        table: String,
        /// The key.
        key: String,
        /// Feature of the entry → what code takes out of the crate only with it, where another
        /// entry is the crate's.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        gates: BTreeMap<String, Vec<String>>,
    },
    /// Features of such an entry.
    Features {
        /// The table, as its header names it.
        table: String,
        /// The key of the entry.
        key: String,
        /// The features.
        features: Vec<String>,
        /// What code takes out of the crate only since, in records of an rwx that did not tell the
        /// features apart.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<String>,
        /// Feature → what code takes out of the crate only with it, besides the module that is
        /// called like it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        gates: BTreeMap<String, Vec<String>>,
    },
    /// The header of a table of dependencies.
    Table {
        /// The table.
        table: String,
    },
    /// A variable of an environment sample, with its comment.
    Variable {
        /// Its name.
        name: String,
    },
    /// A comment of an environment sample.
    Comment,
    /// A chapter of a README.
    Chapter {
        /// Its heading.
        title: String,
    },
    /// A service of a compose file.
    Service {
        /// Its key.
        name: String,
    },
    /// Named volumes of a compose file.
    Volumes {
        /// Their keys.
        names: Vec<String>,
    },
    /// The key of the services or of the volumes of a compose file.
    Section,
    /// The declaration of a module.
    Module {
        /// Its name.
        name: String,
    },
    /// A field of a struct, in its definition and its literals.
    Field {
        /// The struct.
        of: String,
        /// The field.
        name: String,
    },
    /// A statement.
    Statement,
}

/// What became of a part since it was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It stands as it was written; the edit takes it away.
    Standing(Edit),
    /// It is there, but not as it was written, or so that it cannot be taken away by itself.
    Changed(Range<usize>),
    /// It is not there.
    Gone,
}

impl Part {
    /// What became of this part, which left `traces` when it was added to an earlier form of
    /// `text`.
    ///
    /// # Errors
    /// When `text` does not parse.
    pub fn state(&self, text: &str, traces: &[Trace]) -> Result<State, Refusal> {
        let places = self.find(text)?;
        if places.as_ref().is_some_and(Vec::is_empty) {
            return Ok(State::Gone);
        }
        let inside = places.unwrap_or_default();
        let as_written = |traces: &[Trace]| {
            let ranges = trace::find(text, traces, &inside)?;
            let edit = trace::undo(text, traces, &ranges);
            (self.is_whole(&inside, &ranges) && self.is_all_between(text, &edit.apply(text)))
                .then_some(edit)
        };
        let cut =
            |edit: Option<Edit>| edit.filter(|edit| self.is_all_between(text, &edit.apply(text)));
        let bare = || as_written(&self.bare(traces)?);
        let lines = || cut(self.find_lines(text, traces));
        let edit = as_written(traces).or_else(bare).or_else(lines);
        let edit = edit.or_else(|| cut(self.cut_out(text, traces, &inside)));
        Ok(match edit {
            Some(edit) => State::Standing(edit),
            None => inside
                .into_iter()
                .next()
                .or_else(|| self.reworded(text, traces))
                .map_or(State::Gone, State::Changed),
        })
    }

    /// Where the part stands in `text`, in whatever form; nowhere for one that only its text can
    /// tell.
    ///
    /// # Errors
    /// When `text` does not parse.
    pub fn places(&self, text: &str) -> Result<Vec<Range<usize>>, Refusal> {
        Ok(self.find(text)?.unwrap_or_default())
    }

    /// True unless the owner has taken a piece of the part out of `text`.
    ///
    /// # Errors
    /// When `text` does not parse.
    pub fn is_complete(&self, text: &str) -> Result<bool, Refusal> {
        let Self::Features { table, key, features, .. } = self else { return Ok(true) };
        let is_on = |feature| {
            Ok(!manifest::find_entry(text, table, key, std::slice::from_ref(feature))?.is_empty())
        };
        features.iter().map(is_on).try_fold(true, |all, on: Result<bool, Refusal>| Ok(all && on?))
    }

    /// True when both are the same thing of a file, with whichever features.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Features { table, key, .. }, Self::Features { table: of, key: as_key, .. })
            | (
                Self::Dependency { table, key, .. },
                Self::Dependency { table: of, key: as_key, .. },
            ) => (table, key) == (of, as_key),
            (one, other) => one == other,
        }
    }

    /// The part without the features that `other` has.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = self.clone();
        if let (Self::Features { features, .. }, Self::Features { features: others, .. }) =
            (&mut rest, other)
        {
            features.retain(|feature| !others.contains(feature));
        }
        rest
    }

    /// What still stands in `text` of the part, of which the owner has taken a piece out; nothing
    /// where nothing does.
    pub fn rest(&self, text: &str) -> Option<Self> {
        let Self::Features { table, key, features, names, gates } = self else { return None };
        let on = manifest::features_of(text, table, key);
        let features: Vec<String> =
            features.iter().filter(|feature| on.contains(*feature)).cloned().collect();
        let (table, key, names, gates) = (table.clone(), key.clone(), names.clone(), gates.clone());
        (!features.is_empty()).then_some(Self::Features { table, key, features, names, gates })
    }

    /// True when the part is the same in both texts, whatever its form.
    pub fn is_alike(&self, text: &str, other: &str) -> bool {
        let Self::Features { table, key, .. } = self else { return false };
        manifest::features_of(text, table, key) == manifest::features_of(other, table, key)
    }

    /// True unless `ranges` are a mere piece of what stands at `places`: in source, what is left of
    /// that may well parse.
    fn is_whole(&self, places: &[Range<usize>], ranges: &[Range<usize>]) -> bool {
        let overlaps = |place: &Range<usize>, range: &Range<usize>| {
            range.start < place.end && place.start < range.end
        };
        let holds = |range: &Range<usize>, place: &Range<usize>| {
            range.start <= place.start && place.end <= range.end
        };
        let is_whole =
            |place| ranges.iter().all(|range| !overlaps(place, range) || holds(range, place));
        !matches!(self, Self::Module { .. } | Self::Field { .. }) || places.iter().all(is_whole)
    }

    /// What `text` may have been before this module was declared in it: without the declaration,
    /// and a blank line below it.
    pub fn undeclared(&self, text: &str) -> Vec<String> {
        let Ok(Some(places)) = self.find(text) else { return Vec::new() };
        let ([place], Self::Module { .. }) = (&places[..], self) else { return Vec::new() };
        let ends = [place.end, lines::end_of(text, place.end)];
        let cut = |end: usize| lines::cut(text, &(place.start..end)).map(|edit| edit.apply(text));
        ends.into_iter().filter_map(cut).collect()
    }

    /// Where the part is in `text`; `None` for one that only its text can tell.
    fn find(&self, text: &str) -> Result<Option<Vec<Range<usize>>>, Refusal> {
        Ok(match self {
            Self::Dependency { table, key, .. } => {
                Some(manifest::find_entry(text, table, key, &[])?)
            }
            // The comma that others of her features have needed.
            Self::Features { features, .. } if features.is_empty() => None,
            Self::Features { table, key, features, .. } => {
                Some(manifest::find_entry(text, table, key, features)?)
            }
            Self::Variable { name } => Some(dotenv::find(text, name)),
            Self::Chapter { title } => Some(markdown::find(text, title)),
            Self::Service { name } => Some(compose::find_key(text, "services", name)?),
            Self::Volumes { names } => {
                let found = names.iter().map(|name| compose::find_key(text, "volumes", name));
                Some(found.collect::<Result<Vec<_>, _>>()?.concat())
            }
            Self::Module { name } => Some(rust::find_module(text, name)?),
            Self::Field { of, name } => Some(rust::find_field(text, of, name)?),
            Self::Table { .. } | Self::Comment | Self::Section | Self::Statement => None,
        })
    }

    /// True when `with` and `without` say the same but for this part.
    fn is_all_between(&self, with: &str, without: &str) -> bool {
        match self {
            Self::Dependency { table, key, .. } => {
                manifest::differ_by(with, without, table, Some((key, &[])))
            }
            Self::Features { table, key, features, .. } if !features.is_empty() => {
                manifest::differ_by(with, without, table, Some((key, features)))
            }
            Self::Features { table, .. } | Self::Table { table } => {
                manifest::differ_by(with, without, table, None)
            }
            Self::Variable { name } => dotenv::differ_by(with, without, Some(name)),
            Self::Comment => dotenv::differ_by(with, without, None),
            Self::Chapter { title } => markdown::differ_by(with, without, title),
            Self::Service { name } => {
                compose::differ_by(with, without, "services", std::slice::from_ref(name))
            }
            Self::Volumes { names } => compose::differ_by(with, without, "volumes", names),
            Self::Section => compose::differ_by(with, without, "services", &[]),
            Self::Module { .. } | Self::Field { .. } | Self::Statement => {
                rust::Syntax::parse(without).is_ok()
            }
        }
    }
}

#[cfg(test)]
mod tests;
