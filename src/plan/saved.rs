//! A plan that is kept for later: what was asked, and what each file is before and after. It is
//! input, as a repository is, and nothing in it is ever written: what is asked is planned anew, and
//! carried out only where that comes to the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Choices, Plan};
use crate::problem::{Problem, REFUSED, USAGE};
use crate::project::record::Kept;
use crate::project::{Tree, digest};

/// The rwx that runs.
const THIS: &str = env!("CARGO_PKG_VERSION");
const ANEW: &str = "make it anew with `rwx infra add … --dry-run --json`, and look at it again; \
    nothing was written";

/// What `rwx infra add` was asked to do, wherever in the project that was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The package's name.
    pub package: String,
    /// The components.
    pub components: Vec<String>,
    /// What the user chose.
    pub choices: Choices,
}

/// A plan for later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The version of rwx that made it.
    pub rwx: String,
    /// What it does.
    pub request: Request,
    /// The files that change, relative to the project's root.
    pub files: BTreeMap<String, Digests>,
}

/// A file before and after; nothing where it is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// The digest of the bytes on disk.
    pub before: Option<String>,
    /// The digest of the bytes to write.
    pub after: Option<String>,
}

impl Saved {
    /// `plan` for later; nothing for one that cannot be asked for again.
    pub fn of(plan: &Plan) -> Option<Self> {
        let request = plan.request.clone()?;
        Some(Self { rwx: THIS.to_owned(), request, files: files(plan) })
    }

    /// The plan in `text`, what a dry run printed with `--json` to the file called `shown`.
    ///
    /// # Errors
    /// A [`Problem`] when there is none in it, or it is another rwx's.
    pub fn parse(text: &str, shown: &str) -> Result<Self, Problem> {
        let none = |why: String| {
            Problem { code: USAGE, ..Problem::new(format!("{shown} holds no plan{why}")) }
                .help("make one with `rwx infra add COMPONENT --dry-run --json > plan.json`")
        };
        let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| none(format!(": {error}")))?;
        let plan = &document["plan"];
        match plan["rwx"].as_str() {
            None => Err(none(String::new())),
            Some(THIS) => {
                Self::deserialize(plan).map_err(|error| none(format!(" of this rwx: {error}")))
            }
            Some(other) => {
                Err(refused(format!("{shown} was made by rwx {other}, and this is rwx {THIS}")))
            }
        }
    }

    /// Checks that `plan`, which was made of the same request, does what this one says, or that
    /// this was done: `after` is the tree that `plan` leaves.
    ///
    /// # Errors
    /// A [`Problem`] that names the first file where they differ.
    pub fn check_fits(&self, plan: &Plan, after: &Tree) -> Result<(), Problem> {
        let is_there =
            |(path, file): (&String, &Digests)| file.after == after.bytes(path).map(digest);
        if plan.is_empty() && self.files.iter().all(is_there) {
            return Ok(());
        }
        let now = files(plan);
        let paths =
            self.files.keys().chain(now.keys().filter(|path| !self.files.contains_key(*path)));
        let differing = paths.filter(|path| self.files.get(*path) != now.get(*path));
        let mut differing: Vec<&String> = differing.collect();
        // A difference of the record comes from one elsewhere.
        differing.sort_by_key(|path| Kept::is_bookkeeping(path));
        let Some((first, more)) = differing.split_first() else { return Ok(()) };
        let what = match (self.files.get(*first), now.get(*first)) {
            (Some(then), Some(now)) if then.before != now.before => "is not what it was",
            (Some(_), Some(_)) => "would get another text than the plan says",
            (Some(_), None) => "would not change any more",
            _ => "would change too",
        };
        let more = match more.len() {
            0 => String::new(),
            1 => ", and there is 1 file more".to_owned(),
            count => format!(", and there are {count} files more"),
        };
        Err(refused(format!("the plan no longer fits this project: {first} {what}{more}")))
    }
}

fn refused(message: String) -> Problem {
    Problem { code: REFUSED, ..Problem::new(message) }.help(ANEW)
}

fn files(plan: &Plan) -> BTreeMap<String, Digests> {
    let told = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(digest);
    let file = |change: &super::Change| {
        let digests = Digests { before: told(&change.before), after: told(&change.after) };
        (change.path.clone(), digests)
    };
    plan.changes.iter().map(file).collect()
}
