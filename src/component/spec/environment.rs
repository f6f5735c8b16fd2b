//! What a component adds to the environment sample file.

use serde::Deserialize;

/// Lines for the environment sample file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// Comment above the lines.
    pub header: String,
    /// The lines, in order.
    #[serde(rename = "line")]
    pub lines: Vec<EnvLine>,
}

/// One variable of the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvLine {
    /// The variable.
    pub key: String,
    /// Its default, *rendered*.
    pub value: String,
    /// Comment lines above it, *rendered*.
    pub comment: Vec<String>,
    /// Its value for a service of the compose file that runs the project, *rendered*; empty where
    /// that is not different.
    pub inside: Option<String>,
    /// Option that must be on.
    pub when: Option<String>,
}

impl EnvLine {
    /// The comment, with `…` for what is known in a project only.
    pub fn about(&self) -> String {
        let comment = self.comment.join(" ");
        let mut parts = comment.split("{{");
        let first = parts.next().unwrap_or_default().to_owned();
        let rest = parts.map(|part| part.split_once("}}").map_or(part, |(_, rest)| rest));
        rest.fold(first, |text, rest| text + "…" + rest)
    }
}
