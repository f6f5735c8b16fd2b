//! What is known of a settings struct.

use crate::project::source::derives::Derives;
use crate::project::source::package::Place;

/// What is known about the package's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingsFact {
    /// Exactly one struct fits.
    Found(Settings),
    /// There is one, but a field cannot be added to it with certainty.
    Unfit {
        /// Why, in lower case without a trailing dot.
        reason: String,
        /// What is in the way.
        at: Place,
    },
    /// There is none.
    Missing,
}

/// The settings struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its name.
    pub name: String,
    /// Its name where it is defined.
    pub place: Place,
    /// How it gets its values.
    pub fill: Fill,
    /// The files that hold literals of it, which need the new field too; tests included.
    pub literals: Vec<String>,
    pub(in crate::project::source) derives: Derives,
}

/// How a settings struct gets its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// By a literal in this package.
    Literal,
    /// By a deserializer.
    Deserialize,
    /// By clap, from the command line and the environment.
    Clap,
}

impl Settings {
    /// The attributes that a field needs which no source of values knows: `function` is a path to a
    /// function that gives the field's value to a deserializer, `expression` gives it to clap.
    pub fn attributes(&self, function: &str, expression: &str) -> Vec<String> {
        let mut attributes = Vec::new();
        if self.derives.has("Deserialize") {
            attributes.push(format!("#[serde(skip, default = \"{function}\")]"));
        } else if self.derives.has("Serialize") {
            attributes.push("#[serde(skip)]".to_owned());
        }
        if let Some(attribute) = self.derives.clap {
            attributes.push(format!("#[{attribute}(skip = {expression})]"));
        }
        attributes
    }

    /// The associated functions that derives give the struct.
    pub(in crate::project::source) fn derived_constructors(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        if self.derives.has("Parser") {
            names.extend(["parse", "try_parse", "parse_from", "try_parse_from"]);
        }
        names
    }
}
