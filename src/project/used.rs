//! What was used of an addition before it was made, so that a removal keeps only what has come to
//! be used since.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What the owner's files used of an addition before it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Of a crate, the names that shipped code takes out of it; of a service or volume, the
    /// services that name it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub names: BTreeSet<String>,
    /// The names that only code for tests takes out of the crate.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tests: BTreeSet<String>,
}

impl Used {
    /// True when `name` was used where code for tests, or all code, sees it.
    pub fn has(&self, name: &str, test: bool) -> bool {
        self.names.contains(name) || test && self.tests.contains(name)
    }
}
