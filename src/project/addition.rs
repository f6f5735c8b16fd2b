//! What was added to a file of the user's, as the record holds it.

use serde::{Deserialize, Serialize};

use super::digest::digest;
use super::used::Used;
use crate::edit::{Part, Trace};

/// One thing that was added to a file of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addition {
    /// Path relative to the project's root.
    pub path: String,
    /// What was added, in the words of the report.
    pub what: String,
    /// True when the file was made for it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub created: bool,
    /// The digest of what the component asked for. While it asks for the same, a later run leaves
    /// what stands as it is. Nothing in records of an rwx that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// What was used of it before it was added. Nothing for what only rwx uses, and in records of
    /// an rwx that did not keep it: then all use counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Used>,
    /// The digest of the text that was put there. Another one tells that both were changed at once,
    /// as by a rename in all files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// By what it is known.
    pub part: Part,
    /// The text that was put there, in order of position.
    #[serde(rename = "text")]
    pub traces: Vec<Trace>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Addition {
    /// The same with its digest, where it has none yet.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.digest = self.digest.take().or_else(|| Some(self.text_digest()));
        self
    }

    /// False where the text in the record is not what rwx has put there. Of records of an rwx that
    /// kept no digest that is not known.
    pub fn is_as_written(&self) -> bool {
        self.digest.as_ref().is_none_or(|digest| *digest == self.text_digest())
    }

    fn text_digest(&self) -> String {
        let texts: Vec<String> =
            self.traces.iter().map(|trace| trace.after.replace("\r\n", "\n")).collect();
        digest(texts.join("\n").as_bytes())
    }
}
